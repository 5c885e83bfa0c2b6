#include "services/corrections/staffing.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/rounding.h"
#include "libs/core/status.h"
#include "libs/rpc/channel.h"
#include "libs/statistics/statistics_api.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {
namespace {

using identity::v1::Organisation;

constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr int kCounty = 3;  // the level of a county's bureau

bool IsCentre(const Place& place) { return place.kind() == Organisation::BUREAU && place.level() == kCounty; }
bool IsOffice(const Place& place) { return place.kind() == Organisation::JUSTICE_OFFICE; }

struct Staff {
  int all = 0, empowered = 0;
};

v1::StaffedPlace Told(const Place& place, const Staff& staff, int least) {
  v1::StaffedPlace told;
  told.set_organisation(place.code());
  told.set_organisation_path(place.path());
  told.set_name(place.name());
  told.set_empowered(staff.empowered);
  told.set_staff(staff.all);
  told.set_least(least);
  return told;
}

bool HasCentreAbove(const Place& office, const std::set<std::string>& centres) {
  for (const absl::string_view code : absl::StrSplit(office.path(), '/', absl::SkipEmpty())) {
    if (code != office.code() && centres.contains(std::string(code))) return true;
  }
  return false;
}

v1::StaffingRatio RatioOf(const char* name, const char* label, int64_t numerator, int64_t denominator, std::string formula) {
  v1::StaffingRatio ratio;
  ratio.set_name(name);
  ratio.set_label(label);
  ratio.set_value(RatioText(numerator, denominator, 1, 1));
  ratio.set_numerator(numerator);
  ratio.set_denominator(denominator);
  ratio.set_formula(std::move(formula));
  return ratio;
}

class StaffingDesk {
 public:
  StaffingDesk(const casework::Service& service, std::shared_ptr<grpc::Channel> identity)
      : backend_(service.backend()),
        identity_(std::move(identity)),
        cubes_(service.objects().cubes()),
        figures_(service.backend().pool, cubes_, {}, service.backend().clock) {}

  absl::StatusOr<v1::Staffing> Get(rpc::Call& call, const v1::GetStaffingRequest& r) {
    const std::string& permission = call.method().access.permission();
    const auto grants = call.GrantsFor(permission);
    if (grants.empty()) return NotFound("单位");
    const std::string organisation = r.organisation().empty() ? grants.front()->organisation() : r.organisation();
    const std::string day = r.day().empty() ? FormatDay(call.today()) : r.day();
    ASSIGN_OR_RETURN(const std::vector<Place> places, PlacesAt(organisation, day));
    const auto reached = [&](const Place& place) { return call.MayAct(permission, place.path()); };
    const auto root = std::find_if(places.begin(), places.end(), [&](const Place& p) { return p.code() == organisation; });
    if (root == places.end() || !reached(*root)) return NotFound("单位");
    const std::vector<std::string> scopes = casework::ScopesOf(call, permission);
    ASSIGN_OR_RETURN(const std::vector<Officer> officers, OfficersUntil(day, root->code(), scopes));
    ASSIGN_OR_RETURN(const int64_t subjects, SubjectsOn(day, root->path(), scopes));
    const auto counts = [&](const Place& place) { return absl::StartsWith(place.path(), root->path()) && reached(place); };
    v1::Staffing staffing = StaffingOn(day, places, counts, officers, subjects);
    staffing.set_organisation(root->code());
    staffing.set_organisation_path(root->path());
    return staffing;
  }

 private:
  absl::StatusOr<std::vector<Place>> PlacesAt(const std::string& organisation, const std::string& day) const {
    identity::v1::ListPlacesRequest request;
    request.set_organisation(organisation);
    request.set_day(day);
    identity::v1::ListPlacesResponse response;
    RETURN_IF_ERROR(rpc::Invoke(*identity_, "/sifa.identity.v1.OrganisationService/ListPlaces", request, &response, kPatience));
    return std::vector<Place>(response.places().begin(), response.places().end());
  }

  absl::StatusOr<std::vector<Officer>> OfficersUntil(const std::string& day, const std::string& organisation,
                                                     const std::vector<std::string>& scopes) const {
    std::vector<Officer> officers;
    const casework::ObjectType& type = backend_.objects->Of<Officer>();
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      officers.clear();
      casework::ListQuery query;
      query.scopes = scopes;
      query.organisation = organisation;
      query.day_to = day;
      query.limit = 1000;
      for (;;) {
        ASSIGN_OR_RETURN(const auto page, backend_.store.List(connection, type, query));
        for (const auto& stored : page) officers.push_back(static_cast<const Officer&>(*stored.object));
        if (static_cast<int>(page.size()) < query.limit) return absl::OkStatus();
        query.GoOnAfter(type, page.back());
      }
    }));
    return officers;
  }

  // As the statistics have them: of any day, and within seconds of the latest act.
  absl::StatusOr<int64_t> SubjectsOn(const std::string& day, const std::string& path,
                                     const std::vector<std::string>& scopes) const {
    statistics::v1::QueryRequest request;
    request.set_cube(std::string(kSubjectsCube.name));
    request.set_from(day);
    request.set_to(day);
    request.set_organisation_path(path);
    statistics::v1::QueryResponse answer;
    RETURN_IF_ERROR(figures_.Query(request, scopes, &answer));
    return answer.totals().measures(statistics::MeasureIndex(kSubjectsCube, "subjects"));
  }

  const casework::Backend& backend_;
  const std::shared_ptr<grpc::Channel> identity_;
  const statistics::Cubes cubes_;
  const statistics::StatisticsApi figures_;
};

}  // namespace

std::vector<v1::StaffingRatio> StaffingRatios(const StaffingCounts& counts) {
  const int64_t staffed = counts.offices - counts.offices_without_staff;
  return {
      RatioOf("subjects_per_office", "每个司法所的社区矫正对象", counts.subjects, counts.offices,
              absl::StrCat("在矫人数 ", counts.subjects, " ÷ 司法所数 ", counts.offices)),
      RatioOf("staff_per_centre", "每个县级机构的工作人员", counts.centre_staff, counts.centres,
              absl::StrCat("县级机构人员 ", counts.centre_staff, " ÷ 县级机构数 ", counts.centres)),
      RatioOf("staff_per_office", "每个司法所的工作人员", counts.office_staff, staffed,
              absl::StrCat("司法所人员 ", counts.office_staff, " ÷ （司法所数 ", counts.offices, " − 没有人员的司法所 ",
                           counts.offices_without_staff, "）")),
  };
}

v1::Staffing StaffingOn(const std::string& day, const std::vector<Place>& places, absl::FunctionRef<bool(const Place&)> counts,
                        const std::vector<Officer>& officers, int64_t subjects) {
  std::map<std::string, Staff> staff;
  for (const Officer& officer : officers) {
    if (!ServesOn(officer, day)) continue;
    Staff& here = staff[officer.organisation()];
    ++here.all;
    here.empowered += officer.post() == Officer::EMPOWERED;
  }
  std::set<std::string> centres;
  for (const Place& place : places) {
    if (IsCentre(place)) centres.insert(place.code());
  }
  v1::Staffing staffing;
  staffing.set_day(day);
  StaffingCounts sums{.subjects = subjects};
  for (const Place& place : places) {
    if (!counts(place)) continue;
    const Staff& here = staff[place.code()];
    if (IsCentre(place)) {
      ++sums.centres;
      sums.centre_staff += here.all;
      if (here.empowered < kLeastAtCentre) *staffing.add_short_centres() = Told(place, here, kLeastAtCentre);
    } else if (IsOffice(place)) {
      ++sums.offices;
      sums.office_staff += here.all;
      sums.offices_without_staff += here.all == 0;
      if (here.empowered < kLeastInOffice) *staffing.add_short_offices() = Told(place, here, kLeastInOffice);
      if (!HasCentreAbove(place, centres)) *staffing.add_offices_without_county() = Told(place, here, kLeastInOffice);
    }
  }
  staffing.set_centres(sums.centres);
  staffing.set_offices(sums.offices);
  for (auto& ratio : StaffingRatios(sums)) *staffing.add_ratios() = std::move(ratio);
  return staffing;
}

void ServeStaffing(casework::Service& service, rpc::DescribedService& methods) {
  const auto identity = service.host().ChannelTo("identity");
  if (!identity.ok()) return;  // the start then says that nobody serves GetStaffing
  methods.On("GetStaffing", &service.Keep(std::make_unique<StaffingDesk>(service, *identity)), &StaffingDesk::Get);
}

}  // namespace sifa::corrections
