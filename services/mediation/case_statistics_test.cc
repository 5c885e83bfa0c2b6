// What a case counts for, and on which day (law §3.7).

#include <catch2/catch.hpp>
#include <map>

#include "libs/testing/procedure_checks.h"
#include "services/mediation/case.h"

namespace sifa::mediation {
namespace {

using casework::v1::Clock;
using statistics::Cube;

Case Accepted() {
  Case c;
  c.set_state(Case::MEDIATING);
  c.set_progress_code("0123456789AB");
  c.set_accepted_on("2026-01-10");
  auto* limit = c.add_clocks();
  limit->set_kind("CONCLUDE");
  limit->set_state(Clock::RUNNING);
  limit->set_due_on("2026-02-10");
  return c;
}

Case Concluded(const char* day, const char* result) {
  Case c = Accepted();
  c.set_concluded_on(day);
  c.set_result(result);
  c.mutable_clocks(0)->set_state(Clock::STOPPED);
  c.mutable_clocks(0)->set_ended_on(day);
  return c;
}

Case Agreed(const char* day, const char* perform_by = "") {
  Case c = Concluded(day, "1");
  c.mutable_agreement()->set_form("2");
  c.mutable_agreement()->set_effective_on(day);
  c.mutable_agreement()->set_perform_by(perform_by);
  return c;
}

// The day on which it counts, and its measures that are not zero; empty where it does not.
struct Counted {
  std::string day;
  std::map<std::string, int64_t> measures;
  bool operator==(const Counted&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Counted& counted) {
  out << counted.day;
  for (const auto& [name, value] : counted.measures) out << " " << name << "=" << value;
  return out;
}

Counted In(const Cube& cube, const Case& c) {
  Counted counted;
  for (const auto& count : testing::CountsOf(kCase, c)) {
    if (count.cube() != cube.name) continue;
    counted.day = count.day();
    REQUIRE(count.dimensions_size() == static_cast<int>(cube.dimensions.size()));
    REQUIRE(count.measures_size() == static_cast<int>(cube.measures.size()));
    for (int i = 0; i < count.measures_size(); ++i) {
      if (count.measures(i) != 0) counted.measures[std::string(cube.measures[i].name)] = count.measures(i);
    }
  }
  return counted;
}

}  // namespace

TEST_CASE("an accepted case is pending, succeeded, failed or withdrawn, and never two of them") {
  CHECK(In(kCasesCube, Accepted()) == Counted{"2026-01-10", {{"accepted", 1}, {"pending", 1}}});
  CHECK(In(kCasesCube, Agreed("2026-02-01")) == Counted{"2026-01-10", {{"accepted", 1}, {"succeeded", 1}, {"written", 1}}});
  CHECK(In(kCasesCube, Concluded("2026-02-01", "2")) == Counted{"2026-01-10", {{"accepted", 1}, {"failed", 1}}});
  CHECK(In(kCasesCube, Concluded("2026-02-01", "4")) == Counted{"2026-01-10", {{"accepted", 1}, {"withdrawn", 1}}});
}

TEST_CASE("a case that was never accepted counts for nothing, withdrawn or not") {
  Case c = Concluded("2026-02-01", "4");
  c.clear_accepted_on();
  c.clear_clocks();
  CHECK(testing::CountsOf(kCase, c).empty());
}

TEST_CASE("what was concluded in a month counts on the day of its conclusion, whenever it was accepted") {
  CHECK(In(kConclusionsCube, Accepted()) == Counted{});
  CHECK(In(kConclusionsCube, Agreed("2026-02-01")) ==
        Counted{"2026-02-01", {{"concluded", 1}, {"succeeded", 1}, {"written", 1}}});
  CHECK(In(kConclusionsCube, Concluded("2026-03-01", "4")) ==
        Counted{"2026-03-01", {{"concluded", 1}, {"withdrawn", 1}, {"overdue", 1}}});
}

TEST_CASE("a case is overdue from the day after its limit, concluded late or still running") {
  CHECK(In(kLimitsCube, Accepted()) == Counted{"2026-02-11", {{"expired", 1}, {"overdue", 1}, {"overdue_pending", 1}}});
  CHECK(In(kLimitsCube, Agreed("2026-02-10")) == Counted{"2026-02-11", {{"expired", 1}}});  // the last day is in time
  CHECK(In(kLimitsCube, Agreed("2026-02-11")) == Counted{"2026-02-11", {{"expired", 1}, {"overdue", 1}}});
}

TEST_CASE("履行率 is of the agreements due: by their own day, or else from their effect on") {
  Case c = Agreed("2026-02-01", "2026-06-30");
  CHECK(In(kPerformanceCube, c) == Counted{"2026-06-30", {{"due", 1}}});
  c.set_performed_on("2026-05-05");
  CHECK(In(kPerformanceCube, c) == Counted{"2026-06-30", {{"due", 1}, {"performed", 1}}});
  CHECK(In(kPerformanceCube, Agreed("2026-02-01")) == Counted{"2026-02-01", {{"due", 1}}});  // 民法典 §511(4)
  CHECK(In(kPerformanceCube, Concluded("2026-02-01", "2")) == Counted{});
  Case imported = Agreed("2026-02-01");
  imported.clear_progress_code();
  CHECK(In(kPerformanceCube, imported) == Counted{});  // tells nothing about it
  imported.set_performed_on("2026-05-05");
  CHECK(In(kPerformanceCube, imported) == Counted{"2026-02-01", {{"due", 1}, {"performed", 1}}});
  CHECK(kPerformanceCube.ratios[0].numerator == "performed");
  CHECK(kPerformanceCube.ratios[0].denominator == "due");
}

}  // namespace sifa::mediation
