#include "services/mediation/correction.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/mediation/committee.h"

namespace sifa::mediation {

absl::Status CheckSameCount(absl::string_view field, int before, int after) {
  if (before == after) return absl::OkStatus();
  return InvalidField(absl::StrCat("content.", field), "ITEMS_OF_ACTS", "各项由办理产生：增加的应当办理，多余的应当撤销该次办理，更正只改内容");
}

absl::Status NotDone(absl::string_view field) {
  return InvalidField(absl::StrCat("content.", field), "ACT_NOT_DONE", "尚未办理的事项不能填写，应当先办理");
}

absl::Status CheckWasGiven(absl::string_view field, bool before, bool after) {
  if (before == after) return absl::OkStatus();
  if (!before) return NotDone(field);
  return InvalidField(absl::StrCat("content.", field), "FIELD_REQUIRED", "办理时填写的内容可以更正，不能清空");
}

absl::Status CheckDivision(casework::Neighbours& neighbours, const std::string& committee, const std::string& region,
                           absl::CivilDay today) {
  ASSIGN_OR_RETURN(const Committee present, neighbours.Load<Committee>(committee));
  ASSIGN_OR_RETURN(const RegionCode code, RegionCode::Parse(region));
  return RequireOwnDivision(*neighbours.backend().regions, code, present, today);
}

}  // namespace sifa::mediation
