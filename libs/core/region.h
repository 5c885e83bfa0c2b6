// Codes of administrative divisions (行政区划代码), as a value. Names and validity are in region_table.h.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa {

enum class RegionLevel {
  kProvince = 1,  // 省: NN0000
  kCity = 2,      // 市、州、盟: NNNN00
  kCounty = 3,    // 县、区、旗: NNNNNN
  kTownship = 4,  // 乡、镇、街道: 9 digits
  kVillage = 5,   // 村、社区、嘎查: 12 digits
};

// GB/T 2260 with GB/T 10114 and the statistics code below it. Codes sort so that a region comes right before
// all within it.
class RegionCode {
 public:
  RegionCode() = default;  // no region
  // 6, 9 or 12 digits; a longer code that ends in zeros is that of the level above ("330783000000" is
  // 330783). INVALID_ARGUMENT with reason REGION_CODE_MALFORMED for anything else, bare prefixes such as
  // "3307" among it.
  static absl::StatusOr<RegionCode> Parse(absl::string_view text);
  // The same from the form that Prefix() gives: "33", "3307", "330783", … and no other.
  static absl::StatusOr<RegionCode> ParsePrefix(absl::string_view text);
  // From the form that packed() gives.
  static constexpr RegionCode FromPacked(uint64_t packed) {
    RegionCode code;
    code.packed_ = packed;
    return code;
  }

  auto operator<=>(const RegionCode&) const = default;
  template <class H>
  friend H AbslHashValue(H hash, RegionCode code) {
    return H::combine(std::move(hash), code.packed_);
  }

  bool IsEmpty() const { return packed_ == 0; }
  RegionLevel level() const;     // REQUIRES: !IsEmpty()
  std::string ToString() const;  // 6, 9 or 12 digits; "" where empty
  std::string Prefix() const;    // the digits that count: "33", "3307", "330783", …
  // All 12 digits as a number: for indexes. Those of a region and all within it are [packed, packed_end).
  uint64_t packed() const { return packed_; }
  uint64_t packed_end() const;

  // The region one level up, nothing above a province. A county directly under its province (省直辖县,
  // NN90NN) has no city.
  std::optional<RegionCode> Parent() const;
  std::vector<RegionCode> Ancestors() const;  // from the nearest up to the province
  // True of the region itself and of all below it.
  bool IsWithin(RegionCode other) const;

 private:
  uint64_t packed_ = 0;
};

}  // namespace sifa
