#include "services/identity/posts.h"

#include <algorithm>

#include "libs/core/clock.h"

namespace sifa::identity {
namespace {

// Dates as YYYY-MM-DD sort as text.
bool Within(const std::string& day, const std::string& from, const std::string& to) {
  return from <= day && (to.empty() || day <= to);
}

bool Before(const std::string& to, absl::CivilDay day) { return !to.empty() && to < FormatDay(day); }

template <class One, class Other>
bool Meet(const One& a, const Other& b) {
  return (a.valid_to().empty() || b.valid_from() <= a.valid_to()) &&
         (b.valid_to().empty() || a.valid_from() <= b.valid_to());
}

}  // namespace

bool IsAdministrator(absl::string_view role) {
  return role == "system_admin" || role == "security_admin" || role == "auditor";
}

bool ValidOn(const v1::Post& post, absl::CivilDay day) {
  return Within(FormatDay(day), post.valid_from(), post.valid_to());
}
bool ValidOn(const v1::Acting& acting, absl::CivilDay day) {
  return Within(FormatDay(day), acting.valid_from(), acting.valid_to());
}
bool Ended(const v1::Post& post, absl::CivilDay day) { return Before(post.valid_to(), day); }
bool Ended(const v1::Acting& acting, absl::CivilDay day) { return Before(acting.valid_to(), day); }
bool Overlap(const v1::Post& a, const v1::Post& b) { return Meet(a, b); }
bool Overlap(const v1::Post& post, const v1::Acting& acting) { return Meet(post, acting); }

bool IsAdministratorOn(const v1::Account& account, absl::CivilDay day) {
  return std::any_of(account.posts().begin(), account.posts().end(), [&](const v1::Post& post) {
    return IsAdministrator(post.role()) && ValidOn(post, day);
  });
}

}  // namespace sifa::identity
