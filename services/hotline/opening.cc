#include "services/hotline/opening.h"

#include <utility>
#include <vector>

#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::hotline {
namespace {

absl::Status CheckHours(const std::string& from, const std::string& to, const std::string& field) {
  if (circle::ReadHours(from, to)) return absl::OkStatus();
  return InvalidField(field, "HOURS_MALFORMED", "开放时间应为“08:30”至“17:30”的形式，开始和结束不能相同");
}

}  // namespace

absl::Status CheckOpenings(const Openings& openings, const DatedOpenings& exceptions) {
  for (const auto& opening : openings) RETURN_IF_ERROR(CheckHours(opening.from(), opening.to(), "openings"));
  for (const auto& exception : exceptions) {
    const bool closed = exception.from().empty() && exception.to().empty();
    if (!closed) RETURN_IF_ERROR(CheckHours(exception.from(), exception.to(), "exceptions"));
  }
  return absl::OkStatus();
}

circle::Timetable TimetableOf(const Openings& openings, const DatedOpenings& exceptions) {
  std::vector<circle::Rule> rules;
  for (const auto& opening : openings)
    rules.push_back({*circle::Days::Read(opening.days()), *circle::ReadHours(opening.from(), opening.to())});
  std::vector<circle::Exception> dated;
  for (const auto& exception : exceptions) {
    absl::CivilDay day;
    ParseDay(exception.day(), &day);
    dated.push_back({day, circle::ReadHours(exception.from(), exception.to())});
  }
  return circle::Timetable(std::move(rules), std::move(dated));
}

}  // namespace sifa::hotline
