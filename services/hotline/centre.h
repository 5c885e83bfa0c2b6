// 热线中心: a place that answers the 12348 hotline for some divisions, with the numbers that citizens dial (law §5.1).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/hotline/v1/centre.pb.h"

namespace sifa::hotline {

using v1::Centre;

extern const procedure::Procedure<Centre> kCentreProcedure;
extern const casework::Amendments<Centre> kCentreAmendments;
extern const statistics::Cube kCentresCube;
extern const casework::Definition<Centre> kCentre;

// Whether calls are answered then: always where no hours are said.
bool IsOpenAt(const Centre& centre, absl::Time at, const calendar::Calendar& calendar);

// FAILED_PRECONDITION "CENTRE_CLOSED".
absl::Status RequireActive(const Centre& centre);

// What belongs to a centre, of its organisation and its place.
template <class T>
T OfCentre(const Centre& centre) {
  T object;
  object.set_organisation(centre.organisation());
  object.set_organisation_path(centre.organisation_path());
  object.set_region(centre.region());
  object.set_centre(centre.id());
  return object;
}

}  // namespace sifa::hotline
