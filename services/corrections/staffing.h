// 人员配备: on a day, the counties' centres with fewer than three empowered officers, the offices with none, the offices without
// a county's bureau above them, and how many people and officers there are for one office (mission 2; law §2.8).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "libs/casework/service.h"
#include "services/corrections/officer.h"
#include "sifa/identity/v1/organisation.pb.h"

namespace sifa::corrections {

constexpr int kLeastAtCentre = 3, kLeastInOffice = 1;

// What the ratios are made of.
struct StaffingCounts {
  int64_t subjects = 0;  // in corrections on the day
  int64_t centres = 0, centre_staff = 0;
  int64_t offices = 0, office_staff = 0;
  int64_t offices_without_staff = 0;
};

// 监管比: people ÷ offices, staff of centres ÷ centres, staff of offices ÷ offices that have any.
std::vector<v1::StaffingRatio> StaffingRatios(const StaffingCounts& counts);

using Place = identity::v1::ResolvedOrganisation;

// Of the places that count; the others are those above them, by which an office without a county is known. `officers`: all that
// may have served there; who did not on the day is passed over.
v1::Staffing StaffingOn(const std::string& day, const std::vector<Place>& places, absl::FunctionRef<bool(const Place&)> counts,
                        const std::vector<Officer>& officers, int64_t subjects);

void ServeStaffing(casework::Service& service, rpc::DescribedService& methods);

}  // namespace sifa::corrections
