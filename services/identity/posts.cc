#include "services/identity/posts.h"

#include "libs/core/clock.h"

namespace sifa::identity {
namespace {

// Dates as YYYY-MM-DD sort as text.
bool Within(const std::string& day, const std::string& from, const std::string& to) {
  return from <= day && (to.empty() || day <= to);
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
bool Overlap(const v1::Post& a, const v1::Post& b) {
  return (a.valid_to().empty() || b.valid_from() <= a.valid_to()) &&
         (b.valid_to().empty() || a.valid_from() <= b.valid_to());
}

}  // namespace sifa::identity
