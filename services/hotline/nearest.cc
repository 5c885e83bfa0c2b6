#include "services/hotline/nearest.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "libs/casework/place.h"
#include "libs/casework/store.h"
#include "libs/core/status.h"
#include "libs/procedure/instant.h"
#include "services/hotline/hotline_data.h"
#include "services/hotline/opening.h"
#include "services/hotline/service_point.h"

namespace sifa::hotline {
namespace {

constexpr absl::Duration kMargin = absl::Minutes(15);  // before it closes: the latest that somebody is served
constexpr int kMostInACell = 200;
constexpr int kMostTold = 10;

bool Speaks(const ServicePoint& point, const std::string& language) {
  return language.empty() || std::find(point.languages().begin(), point.languages().end(), language) != point.languages().end();
}

// All that are open around a position. Of a cell with more than kMostInACell points only so many are looked at.
absl::StatusOr<std::vector<ServicePoint>> PointsAround(const casework::Backend& backend, const circle::Position& position,
                                                       const std::string& kind) {
  const auto& type = backend.objects->Of<ServicePoint>();
  std::vector<ServicePoint> points;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    points.clear();
    for (const std::string& cell : CellsAround(position)) {
      casework::ListQuery query;
      query.scopes = {"/"};
      query.terms = {{"cell", cell}};
      if (!kind.empty()) query.terms.push_back({"kind", kind});
      query.limit = kMostInACell;
      ASSIGN_OR_RETURN(const auto page, backend.store.List(connection, type, query));
      for (const auto& stored : page) points.push_back(static_cast<const ServicePoint&>(*stored.object));
    }
    return absl::OkStatus();
  }));
  return points;
}

}  // namespace

absl::StatusOr<v1::FindNearestResponse> FindNearest(const casework::Backend& backend, rpc::Call& call,
                                                    const v1::FindNearestRequest& r) {
  ASSIGN_OR_RETURN(const circle::Position from, PositionOf(r.latitude(), r.longitude(), r.datum()));
  ASSIGN_OR_RETURN(const std::vector<ServicePoint> points, PointsAround(backend, from, r.kind()));
  const circle::Travel& travel = backend.Own<HotlineData>().travel;
  const circle::PlaceClass caller = PlaceClassOf(r.place_class());
  const absl::Time leave = r.has_leave_at() ? TimeOf(r.leave_at()) : call.now();
  const int limit = travel.limit_minutes(caller);
  std::vector<std::pair<absl::Time, v1::NearPoint>> near;
  for (const ServicePoint& point : points) {
    if (!Speaks(point, r.language())) continue;
    v1::NearPoint told;
    const double kilometres = circle::Kilometres(from, {point.latitude(), point.longitude()});
    const int minutes = travel.Minutes(caller, PlaceClassOf(point.place_class()), kilometres);
    const auto served = TimetableOf(point.openings(), point.exceptions())
                            .ServedAt(leave + absl::Minutes(minutes), kMargin, backend.calendars.Current());
    told.set_id(point.id());
    told.set_name(point.name());
    told.set_kind(point.kind());
    told.set_address(point.address());
    told.set_phone(point.phone());
    *told.mutable_languages() = point.languages();
    told.set_kilometres(kilometres);
    told.set_minutes(minutes);
    told.set_within_circle(minutes <= limit);
    if (served) *told.mutable_served_at() = StampOf(*served);
    near.emplace_back(served.value_or(absl::InfiniteFuture()), std::move(told));
  }
  std::sort(near.begin(), near.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.first, a.second.kilometres(), a.second.id()) < std::tuple(b.first, b.second.kilometres(), b.second.id());
  });
  v1::FindNearestResponse response;
  response.set_limit_minutes(limit);
  for (size_t i = 0; i < near.size() && i < kMostTold; ++i) *response.add_points() = std::move(near[i].second);
  return response;
}

absl::StatusOr<v1::ListCircleGapsResponse> ListCircleGaps(const casework::Backend& backend, rpc::Call& call,
                                                          const v1::ListCircleGapsRequest& r) {
  ASSIGN_OR_RETURN(const RegionCode region, casework::KnownRegion(*backend.regions, r.region()));
  const std::vector<Region> children = backend.regions->Children(region, call.today());
  v1::ListCircleGapsResponse response;
  response.set_divisions(static_cast<int>(children.size()));
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    response.clear_gaps();
    for (const Region& child : children) {
      casework::ListQuery query;
      query.scopes = {"/"};
      query.region = child.code.ToString();
      query.states = {ServicePoint::ACTIVE};
      query.limit = 1;
      ASSIGN_OR_RETURN(const auto found, backend.store.List(connection, backend.objects->Of<ServicePoint>(), query));
      if (!found.empty()) continue;
      v1::CircleGap* gap = response.add_gaps();
      gap->set_region(query.region);
      gap->set_name(std::string(child.name));
    }
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace sifa::hotline
