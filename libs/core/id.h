// Identifiers: 128 bits, ordered by the time of their making, written in 26 characters of Crockford base32.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include "absl/strings/string_view.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace sifa {

// 48 bits of milliseconds, then 80 bits that rise within a millisecond of one process and are random otherwise.
struct Id {
  std::array<uint8_t, 16> bytes{};

  auto operator<=>(const Id&) const = default;
  bool IsZero() const { return *this == Id{}; }
  std::string ToString() const;
  // The 16 raw bytes, as stored in BINARY(16).
  absl::string_view AsBytes() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  absl::Time MadeAt() const;
};

// Thread-safe. Two calls in one process never return the same id, nor one that sorts before an earlier one,
// as long as `now` does not go back.
Id NewId(absl::Time now);

// INVALID_ARGUMENT with reason ID_MALFORMED for anything but 26 base32 characters (lower case is accepted).
absl::StatusOr<Id> ParseId(absl::string_view text);
// REQUIRES: bytes.size() == 16
Id IdFromBytes(absl::string_view bytes);

}  // namespace sifa
