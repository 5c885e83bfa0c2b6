#include "services/hotline/centre.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/place.h"
#include "libs/core/status.h"
#include "libs/statistics/counting.h"
#include "services/hotline/laws.h"
#include "services/hotline/opening.h"

namespace sifa::hotline {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Row;

const Guard<Centre> kNotIntoItself = {
    "溢出", "OVERFLOW_TO_ITSELF", "溢出中心不能是本中心", kPlatform,
    [](const Centre& c, const Facts&) { return c.overflow_centre().empty() || c.overflow_centre() != c.id(); }};

// What a centre says of itself, when it is opened and when it says it anew.
template <class Request>
absl::Status Describe(Centre& centre, const Request& r, const Act& act) {
  for (int i = 0; i < r.serves_size(); ++i) {
    const auto region = casework::ValidRegion(act.regions(), r.serves(i), act.occurred_on());
    if (!region.ok()) return InvalidField(absl::StrCat("serves[", i, "]"), "REGION_UNKNOWN", "没有这个行政区划");
  }
  if (!r.overflow_centre().empty()) {
    const auto other = act.LoadUnchecked<Centre>(r.overflow_centre());
    if (!other.ok() || other->state() != Centre::ACTIVE) {
      return InvalidField("overflow_centre", "CENTRE_UNKNOWN", "没有这个运行中的热线中心");
    }
  }
  RETURN_IF_ERROR(CheckOpenings(r.openings(), r.exceptions()));
  centre.set_name(r.name());
  *centre.mutable_called_numbers() = r.called_numbers();
  *centre.mutable_serves() = r.serves();
  centre.set_overflow_centre(r.overflow_centre());
  *centre.mutable_languages() = r.languages();
  *centre.mutable_openings() = r.openings();
  *centre.mutable_exceptions() = r.exceptions();
  return absl::OkStatus();
}

absl::StatusOr<Centre> NewCentre(const v1::OpenCentreRequest& r, const Asking& asking) {
  Centre centre;
  centre.set_organisation(r.office());
  ASSIGN_OR_RETURN(*centre.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  centre.set_region(region.ToString());
  centre.set_opened_on(asking.occurred_on());
  return centre;
}

absl::Status Close(Centre& centre, const v1::CloseCentreRequest&, const Act& act) {
  centre.set_closed_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<Centre> kRows[] = {
    {.act = Centre::OPEN,
     .from = {Centre::STATE_UNSPECIFIED},
     .to = Centre::ACTIVE,
     .create = Create<NewCentre>,
     .apply = Apply<Describe<v1::OpenCentreRequest>>,
     .law = kPlatform},
    {.act = Centre::AMEND,
     .from = {Centre::ACTIVE},
     .apply = Apply<Describe<v1::AmendCentreRequest>>,
     .checks = {&kNotIntoItself},
     .law = kPlatform},
    {.act = Centre::CLOSE, .from = {Centre::ACTIVE}, .to = Centre::CLOSED, .apply = Apply<Close>, .law = kPlatform},
};

casework::Index IndexOf(const Centre& centre) {
  casework::Index index{.day = centre.opened_on()};
  if (centre.state() != Centre::ACTIVE) return index;
  for (const std::string& number : centre.called_numbers()) {
    index.unique.push_back({"number", number, InvalidField("called_numbers", "NUMBER_IN_USE", "该接入号码已属于另一个热线中心")});
  }
  return index;
}

bool Works(const Centre& centre) { return centre.state() == Centre::ACTIVE; }

constexpr statistics::Measure kMeasures[] = {{"centres", "运行中的热线中心数", "个", &statistics::Number<Centre, Works>}};

}  // namespace

constexpr statistics::Cube kCentresCube = {
    .id = 1, .name = "hotline.centres", .label = "热线中心", .measures = kMeasures, .stock = true};
static_assert(IsSound(kCentresCube));

const casework::Amendments<Centre> kCentreAmendments = {
    .amendable = {{"name"}, {"opened_on", true, Centre::OPEN}, {"closed_on", true, Centre::CLOSE}}};

bool IsOpenAt(const Centre& centre, absl::Time at, const calendar::Calendar& calendar) {
  return (centre.openings().empty() && centre.exceptions().empty()) ||
         TimetableOf(centre.openings(), centre.exceptions()).IsOpen(at, calendar);
}

absl::Status RequireActive(const Centre& centre) {
  if (centre.state() == Centre::ACTIVE) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "CENTRE_CLOSED", "该热线中心已停用");
}

const procedure::Procedure<Centre> kCentreProcedure = {
    .name = "热线中心",
    .rows = kRows,
    .terminal = {Centre::CLOSED, Centre::VOIDED},
    .states = Centre::State_descriptor,
    .acts = Centre::Act_descriptor,
    .clock_kinds = Centre::Limit_descriptor,
    .papers = Centre::Document_descriptor,
};

const casework::Definition<Centre> kCentre = {
    .procedure = &kCentreProcedure,
    .index = IndexOf,
    .cubes = {&kCentresCube},
    .list = casework::PlainListOf<v1::ListCentresRequest>,
    .has_files = true,
    .amendments = &kCentreAmendments,
    .references = {{"overflow_centre", "Centre", "CENTRE_TAKES_OVERFLOW", "该中心是另一中心的溢出中心，应当先变更那一中心"}},
};

}  // namespace sifa::hotline
