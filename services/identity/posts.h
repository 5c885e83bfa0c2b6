// Posts and acting as values: what is valid when, and which roles may not meet in one person. Pure.
#pragma once

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "sifa/identity/v1/account.pb.h"

namespace sifa::identity {

// 系统管理员、安全管理员、审计管理员: the three administrators (GB/T 22239).
bool IsAdministrator(absl::string_view role);

// Both ends belong to the period; an empty end is open.
bool ValidOn(const v1::Post& post, absl::CivilDay day);
bool ValidOn(const v1::Acting& acting, absl::CivilDay day);
// The last day has passed.
bool Ended(const v1::Post& post, absl::CivilDay day);
bool Ended(const v1::Acting& acting, absl::CivilDay day);
bool Overlap(const v1::Post& a, const v1::Post& b);
bool Overlap(const v1::Post& post, const v1::Acting& acting);

// Holds the role of one of the three administrators on a day.
bool IsAdministratorOn(const v1::Account& account, absl::CivilDay day);

}  // namespace sifa::identity
