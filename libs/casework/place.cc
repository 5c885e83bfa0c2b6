#include "libs/casework/place.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::casework {

absl::StatusOr<RegionCode> KnownRegion(const RegionTable& regions, const std::string& text) {
  const auto region = RegionCode::Parse(text);
  if (!region.ok() || !regions.Require(*region).ok()) {
    return InvalidField("region", "REGION_UNKNOWN", absl::StrCat("行政区划代码不存在：", text));
  }
  return *region;
}

static absl::StatusOr<RegionCode> RegionOn(const RegionTable& regions, const std::string& text, const std::string& day,
                                           bool or_later) {
  ASSIGN_OR_RETURN(const RegionCode region, KnownRegion(regions, text));
  absl::CivilDay on;
  if (!ParseDay(day, &on)) return Internal("not a day");
  for (std::optional<RegionCode> code = region; code; code = code->Parent()) {
    if (!regions.Find(*code) || regions.Find(*code, on)) continue;
    const auto names = [&](const std::vector<RegionCode>& codes) {
      return absl::StrJoin(
          codes, "、", [&](std::string* out, RegionCode code) { absl::StrAppend(out, regions.NameOf(code), code.ToString()); });
    };
    const std::vector<RegionCode> heirs = regions.ValidOn(*code, on);
    if (heirs.empty() && or_later) continue;
    std::vector<RegionCode> before;
    for (const RegionCode predecessor : regions.Predecessors(*code)) {
      if (regions.Find(predecessor, on)) before.push_back(predecessor);
    }
    return InvalidField("region", "REGION_NOT_VALID",
                        absl::StrCat("行政区划“", regions.NameOf(*code), "”在", day, "无效",
                                     !heirs.empty()    ? "，已变更为" + names(heirs)
                                     : !before.empty() ? "，当时为" + names(before)
                                                       : ""));
  }
  return region;
}

absl::StatusOr<RegionCode> ValidRegion(const RegionTable& regions, const std::string& text, const std::string& day) {
  return RegionOn(regions, text, day, false);
}

absl::StatusOr<RegionCode> ValidOrLaterRegion(const RegionTable& regions, const std::string& text, const std::string& day) {
  return RegionOn(regions, text, day, true);
}

absl::StatusOr<std::string> OfficePath(const Backend& backend, const std::string& code) {
  auto path = backend.path_of(code);
  if (absl::IsNotFound(path.status()))
    return InvalidField("office", "ORGANISATION_UNKNOWN", absl::StrCat("没有代码为 ", code, " 的机构"));
  return path;
}

}  // namespace sifa::casework
