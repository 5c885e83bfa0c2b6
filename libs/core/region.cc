#include "libs/core/region.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/core/status.h"

namespace sifa {
namespace {

constexpr int kPrefixDigits[] = {0, 2, 4, 6, 9, 12};  // by level
constexpr uint64_t kUnits[] = {0,         10'000'000'000, 100'000'000,
                               1'000'000, 1'000,          1};  // what one more of a level adds

constexpr uint64_t kHainan = 46;  // its counties had no city from 1988 to 2001, and codes 4600NN

// NN90NN: the 90 is a place-holder, no city.
bool IsDirectCounty(uint64_t packed) { return packed / 100'000'000 % 100 == 90; }

absl::Status Malformed(absl::string_view text, absl::string_view digits) {
  return Error(absl::StatusCode::kInvalidArgument, "REGION_CODE_MALFORMED",
               absl::StrCat("“", text, "”不是", digits, "位的行政区划代码"));
}

}  // namespace

absl::StatusOr<RegionCode> RegionCode::Parse(absl::string_view text) {
  const bool digits = std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
  uint64_t packed = 0;
  if (digits && (text.size() == 6 || text.size() == 9 || text.size() == 12)) {
    for (char c : text) packed = packed * 10 + static_cast<uint64_t>(c - '0');
    for (size_t size = text.size(); size < 12; ++size) packed *= 10;
  }
  const RegionCode code = FromPacked(packed);
  // 330001 would lie in no city and 330783000001 in no township. A township may lie in no county: those of
  // 东莞 do.
  const auto digits_of = [&](int level) { return packed % kUnits[level - 1] / kUnits[level]; };
  const bool in_city = digits_of(2) != 0 || packed / kUnits[1] == kHainan;
  const bool whole = packed >= 11 * kUnits[1] && (code.level() <= RegionLevel::kCity || in_city) &&
                     (code.level() <= RegionLevel::kTownship || digits_of(4) != 0);
  if (whole) return code;
  return Malformed(text, "6位、9位或12");
}

absl::StatusOr<RegionCode> RegionCode::ParsePrefix(absl::string_view text) {
  std::string code(text);
  if (text.size() == 2 || text.size() == 4) code.resize(6, '0');
  const auto region = Parse(code);
  if (region.ok() && region->Prefix() == text) return region;
  return Malformed(text, "2位、4位、6位、9位或12");
}

RegionLevel RegionCode::level() const {
  for (int level = 1; level < 5; ++level) {
    if (packed_ % kUnits[level] == 0) return static_cast<RegionLevel>(level);
  }
  return RegionLevel::kVillage;
}

std::string RegionCode::ToString() const {
  if (IsEmpty()) return "";
  const int digits = std::max(6, kPrefixDigits[static_cast<int>(level())]);
  return absl::StrFormat("%012d", packed_).substr(0, static_cast<size_t>(digits));
}

std::string RegionCode::Prefix() const {
  if (IsEmpty()) return "";
  return ToString().substr(0, static_cast<size_t>(kPrefixDigits[static_cast<int>(level())]));
}

uint64_t RegionCode::packed_end() const { return packed_ + kUnits[static_cast<int>(level())]; }

std::optional<RegionCode> RegionCode::Parent() const {
  if (IsEmpty() || level() == RegionLevel::kProvince) return std::nullopt;
  const bool direct = level() == RegionLevel::kCounty && IsDirectCounty(packed_);
  const int up = static_cast<int>(level()) - (direct ? 2 : 1);
  return FromPacked(packed_ - packed_ % kUnits[up]);
}

std::vector<RegionCode> RegionCode::Ancestors() const {
  std::vector<RegionCode> ancestors;
  for (auto above = Parent(); above; above = above->Parent()) ancestors.push_back(*above);
  return ancestors;
}

bool RegionCode::IsWithin(RegionCode other) const {
  for (std::optional<RegionCode> here = *this; here && !IsEmpty(); here = here->Parent()) {
    if (*here == other) return true;
  }
  return false;
}

}  // namespace sifa
