// Checks a request against the field rules of its contract (sifa.options.v1.field), all of them at once.
#pragma once

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/message.h"

namespace sifa::contract {

// Code tables of the reference service, as far as validation needs them. Implementations are thread-safe.
class CodeTables {
 public:
  virtual ~CodeTables() = default;
  virtual bool Has(absl::string_view table, absl::string_view code) const = 0;
};

// OK, or one InvalidField that lists up to 20 violations by their paths ("parties[1].id_number"); its reason
// and message are the first one's: FIELD_REQUIRED, FIELD_OUTPUT_ONLY, FIELD_TOO_LONG, FIELD_PATTERN,
// FIELD_DATE, FIELD_DATE_FUTURE, FIELD_ID, FIELD_REGION, FIELD_PHONE, CITIZEN_ID_INVALID, CITIZEN_ID_MISPLACED, FIELD_RANGE,
// TOO_MANY_ITEMS, TOO_FEW_ITEMS, CODE_UNKNOWN, ENUM_UNKNOWN. `today` is the legal day in China. Without
// `tables` codes are not checked. A field without presence that has its default value counts as absent, so
// `required` is what refuses a zero; required bools need `optional`. Strings of any request are limited to
// 10,000 characters and lists to 1,000 items where no rule says otherwise. Thread-safe; a type with nothing
// to check costs one look-up.
absl::Status Validate(const google::protobuf::Message& request, absl::CivilDay today,
                      const CodeTables* tables = nullptr);

// The same of an object as a service keeps it: what services fill in themselves is held to its rules, and not
// refused; messages that they make are their own. Faults at `tolerated`, paths as an error gives them, are passed over.
absl::Status ValidateStored(const google::protobuf::Message& object, absl::CivilDay today, const CodeTables* tables = nullptr,
                            const std::set<std::string>& tolerated = {});

// What holds for one line of text in any field, for text that comes otherwise than in one: OK, FIELD_CHARACTER or FIELD_BLANK,
// naming no field.
absl::Status ValidateLine(absl::string_view text);

}  // namespace sifa::contract
