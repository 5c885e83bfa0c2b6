#include "services/hotline/service_point.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "libs/casework/place.h"
#include "libs/casework/service.h"
#include "libs/core/status.h"
#include "services/hotline/laws.h"
#include "services/hotline/nearest.h"
#include "services/hotline/opening.h"

namespace sifa::hotline {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Row;

constexpr double kCellsInADegree = 2;

// What a point is, as its opening or an amendment says.
template <class Request>
absl::Status Describe(ServicePoint& point, const Request& r, const Act&) {
  ASSIGN_OR_RETURN(const circle::Position position, PositionOf(r.latitude(), r.longitude(), r.datum()));
  RETURN_IF_ERROR(CheckOpenings(r.openings(), r.exceptions()));
  point.set_name(r.name());
  point.set_kind(r.kind());
  point.set_place_class(r.place_class());
  point.set_latitude(position.latitude);
  point.set_longitude(position.longitude);
  point.set_address(r.address());
  point.set_phone(r.phone());
  *point.mutable_languages() = r.languages();
  *point.mutable_openings() = r.openings();
  *point.mutable_exceptions() = r.exceptions();
  return absl::OkStatus();
}

absl::StatusOr<ServicePoint> NewPoint(const v1::OpenServicePointRequest& r, const Asking& asking) {
  ServicePoint point;
  point.set_organisation(r.office());
  ASSIGN_OR_RETURN(*point.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  point.set_region(region.ToString());
  point.set_opened_on(asking.occurred_on());
  return point;
}

absl::Status Close(ServicePoint& point, const v1::CloseServicePointRequest&, const Act& act) {
  point.set_closed_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<ServicePoint> kRows[] = {
    {.act = ServicePoint::OPEN,
     .from = {ServicePoint::STATE_UNSPECIFIED},
     .to = ServicePoint::ACTIVE,
     .create = Create<NewPoint>,
     .apply = Apply<Describe<v1::OpenServicePointRequest>>,
     .law = kPlatform},
    {.act = ServicePoint::AMEND,
     .from = {ServicePoint::ACTIVE},
     .apply = Apply<Describe<v1::AmendServicePointRequest>>,
     .law = kPlatform},
    {.act = ServicePoint::CLOSE,
     .from = {ServicePoint::ACTIVE},
     .to = ServicePoint::CLOSED,
     .apply = Apply<Close>,
     .law = kPlatform},
};

casework::Index IndexOf(const ServicePoint& point) {
  casework::Index index{.day = point.opened_on(), .terms = {{"kind", point.kind()}}};
  if (point.state() == ServicePoint::ACTIVE) index.terms.push_back({"cell", CellOf({point.latitude(), point.longitude()})});
  return index;
}

absl::Status Narrow(const v1::ListServicePointsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.kind().empty()) query->terms.push_back({"kind", r.kind()});
  return absl::OkStatus();
}

std::string Cell(int64_t row, int64_t column) { return absl::StrCat(row, "/", column); }
int64_t Step(double degrees) { return static_cast<int64_t>(std::floor(degrees * kCellsInADegree)); }

}  // namespace

absl::StatusOr<circle::Position> PositionOf(double latitude, double longitude, const std::string& datum) {
  const circle::Position given{latitude, longitude};
  if (!circle::IsInChina(given)) return InvalidField("latitude", "PLACE_OUTSIDE", "坐标不在中国境内，请核对经度、纬度和坐标系");
  return datum == "GCJ02" ? circle::FromGcj02(given) : given;
}

circle::PlaceClass PlaceClassOf(const std::string& code) {
  return code == "PASTURE" ? circle::kPasture : code == "VILLAGE" ? circle::kVillage : circle::kTown;
}

std::string CellOf(const circle::Position& position) { return Cell(Step(position.latitude), Step(position.longitude)); }

std::vector<std::string> CellsAround(const circle::Position& position) {
  std::vector<std::string> cells;
  for (const int north : {0, -1, 1}) {
    for (const int east : {0, -1, 1}) cells.push_back(Cell(Step(position.latitude) + north, Step(position.longitude) + east));
  }
  return cells;
}

const procedure::Procedure<ServicePoint> kServicePointProcedure = {
    .name = "服务站点",
    .rows = kRows,
    .terminal = {ServicePoint::CLOSED, ServicePoint::VOIDED},
    .states = ServicePoint::State_descriptor,
    .acts = ServicePoint::Act_descriptor,
    .clock_kinds = ServicePoint::Limit_descriptor,
    .papers = ServicePoint::Document_descriptor,
};

const casework::Amendments<ServicePoint> kServicePointAmendments = {
    .amendable = {
        {"name"}, {"address"}, {"phone"}, {"opened_on", true, ServicePoint::OPEN}, {"closed_on", true, ServicePoint::CLOSE}}};

const casework::Definition<ServicePoint> kServicePoint = {
    .procedure = &kServicePointProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .amendments = &kServicePointAmendments,
    .handlers =
        [](casework::Service& service, rpc::DescribedService& methods) {
          methods.On("FindNearest", service.backend(), &FindNearest);
          methods.On("ListCircleGaps", service.backend(), &ListCircleGaps);
        },
};

}  // namespace sifa::hotline
