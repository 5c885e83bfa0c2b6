// What the records of this service have in common: where they stand, whose agency's they are, and how their laws are cited.
#pragma once

#include <string>

#include "libs/casework/definition.h"
#include "libs/casework/place.h"
#include "services/enforcement/agency.h"

namespace sifa::enforcement {

// 行政处罚法 of 2021-01-22, in force since 2021-07-15.
constexpr procedure::Law Apl(absl::string_view article) { return {"行政处罚法", article}; }

// Of a field whose form the contract has checked.
inline absl::CivilDay DayIn(const std::string& text) {
  absl::CivilDay day;
  return ParseDay(text, &day) ? day : absl::CivilDay();
}

// A record of the office and division that a request names.
template <class T, class Request>
absl::StatusOr<T> AtOffice(const Request& r, const casework::Asking& asking) {
  T record;
  record.set_organisation(r.office());
  ASSIGN_OR_RETURN(*record.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  record.set_region(region.ToString());
  return record;
}

// Makes the record one of the agency, at its office.
template <class T>
void PlaceAt(const Agency& agency, T* record) {
  record->set_organisation(agency.organisation());
  record->set_organisation_path(agency.organisation_path());
  record->set_region(agency.region());
  record->set_agency(agency.id());
  if constexpr (requires { record->agency_code(); }) record->set_agency_code(agency.credit_code());
  record->set_agency_name(agency.name());
}

// A record of the agency that a request names, which is within the actor's reach.
template <class T>
absl::StatusOr<T> AtAgency(const std::string& agency, const casework::Act& act) {
  ASSIGN_OR_RETURN(const Agency of, act.Load<Agency>(agency));
  T record;
  PlaceAt(of, &record);
  return record;
}

// The record names its agency by AtAgency, and its definition has OfAgency among its references.
inline casework::Reference OfAgency() {
  return {.field = "agency",
          .to = "Agency",
          .reason = "AGENCY_HAS_RECORDS",
          .sentence = "该执法主体名下还有记录，不能作废",
          .looked_at = true};
}

template <class T>
const procedure::Guard<T> kAgencyStands = {.rule = "主体",
                                           .reason = "AGENCY_NOT_ANNOUNCED",
                                           .text = "该执法主体尚未公告，或者已经终止",
                                           .law = Apl("17"),
                                           .holds =
                                               [](const T&, const procedure::Facts& facts) {
                                                 const auto* agency = facts.One<Agency>();
                                                 return agency != nullptr && agency->state() == Agency::ANNOUNCED;
                                               },
                                           .of_others = true};

// The record has `from` and `to`, both included.
template <class T>
bool PeriodInOrder(const T& record, const procedure::Facts&) {
  return record.from() <= record.to();
}

}  // namespace sifa::enforcement
