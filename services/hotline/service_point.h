// 服务站点: where citizens are served in person, and when (mission 23).
#pragma once

#include "libs/casework/definition.h"
#include "services/hotline/circle/travel.h"
#include "sifa/hotline/v1/service_point.pb.h"

namespace sifa::hotline {

using v1::ServicePoint;

extern const procedure::Procedure<ServicePoint> kServicePointProcedure;
extern const casework::Amendments<ServicePoint> kServicePointAmendments;
extern const casework::Definition<ServicePoint> kServicePoint;

// In WGS-84, out of the datum that a request names. INVALID_ARGUMENT "PLACE_OUTSIDE".
absl::StatusOr<circle::Position> PositionOf(double latitude, double longitude, const std::string& datum);
// REQUIRES: a code of hotline_place_class, or none, which is in town.
circle::PlaceClass PlaceClassOf(const std::string& code);

// The cells of the earth, by which points are found: squares of half a degree. The one of a position, and the nine around it.
std::string CellOf(const circle::Position& position);
std::vector<std::string> CellsAround(const circle::Position& position);

}  // namespace sifa::hotline
