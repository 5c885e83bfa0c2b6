// The JSON texts of values that are not plain JSON: times, durations, field masks, base64, numbers.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "libs/contract/buffer.h"

namespace sifa::contract {

// RFC 3339 with 'T' and an offset, up to nanoseconds, years 1 to 9999.
bool ParseTimestamp(absl::string_view text, int64_t* seconds, int32_t* nanos);
// Appends "2024-09-27T01:02:03.500Z", without quotes. False where seconds or nanos are out of range.
bool PrintTimestamp(int64_t seconds, int32_t nanos, Buffer* out);

// "-1.5s"; within 10,000 years.
bool ParseDuration(absl::string_view text, int64_t* seconds, int32_t* nanos);
bool PrintDuration(int64_t seconds, int32_t nanos, Buffer* out);

// "partyName.idNumber" to "party_name.id_number" and back; false where the path has no such form.
bool ParseMaskPath(absl::string_view path, std::string* snake);
bool PrintMaskPath(absl::string_view snake, Buffer* out);

// Either alphabet, with or without padding.
bool ParseBase64(absl::string_view text, Buffer* out);
void PrintBase64(absl::string_view bytes, Buffer* out);

// The shortest text that reads back as the same value; "NaN" and the infinities in quotes.
void PrintDouble(double value, Buffer* out);
void PrintFloat(float value, Buffer* out);

// A number in a string, in the form of a JSON number; whole numbers also as "1e3" and "2.0".
bool ParseNumber(absl::string_view text, double* value);
enum class Parsed { kOk, kMalformed, kOutOfRange };
Parsed ParseInteger(absl::string_view text, int64_t* value);
Parsed ParseInteger(absl::string_view text, uint64_t* value);
Parsed ToInteger(double number, int64_t* value);
Parsed ToInteger(double number, uint64_t* value);

}  // namespace sifa::contract
