// Limits of cases that the watcher turns and settles: the right to ask for confirmation, and a conclusion in the last days of a
// year.
#include "libs/casework/work.h"

#include <catch2/catch.hpp>

#include "libs/casework/watcher.h"
#include "libs/procedure/clocks.h"
#include "libs/testing/procedure_checks.h"
#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {
namespace {

// Whether the case was concluded late, as it is counted.
int64_t OverdueOf(const Case& c) {
  for (const auto& count : testing::CountsOf(kCase, c)) {
    if (count.cube() == kConclusionsCube.name) return count.measures(statistics::MeasureIndex(kConclusionsCube, "overdue"));
  }
  return -1;
}

struct Office : MediationFixture {
  Office()
      : types{&cases.type(), &committees.type(), &corrections.type()},
        work(backend(), types),
        watcher(backend(), "watcher-a", types) {}

  casework::v1::ListWorkResponse Work(casework::v1::ListWorkRequest::Kind kind, const Claims& who) {
    casework::v1::ListWorkRequest r;
    r.set_kind(kind);
    r.add_types("Case");
    auto call = OfficeCall("WorkService/ListWork", who);
    return Must(work.List(call, r));
  }

  std::vector<const casework::ObjectType*> types;
  casework::WorkService work;
  casework::Watcher watcher;
};

absl::CivilSecond Morning(absl::CivilDay day) { return absl::CivilSecond(day) + 9 * 3600; }

}  // namespace

TEST_CASE("民事诉讼法 §205: the right to ask for confirmation is announced before it lapses, and then due no more") {
  Office office;
  const Case c = office.Agree(office.Accept(office.Apply()));
  const absl::CivilDay due(2024, 10, 8);  // day 30 is a holiday
  const auto first = [&] { return office.Work(casework::v1::ListWorkRequest::TODO, office.head).items(0); };
  CHECK(first().due_on() == FormatDay(due));
  CHECK(first().colour() == casework::v1::Clock::GREEN);
  CHECK(Must(office.watcher.LookOnce()) == 0);
  office.office.clock.Set(Morning(due - 7));
  CHECK(Must(office.watcher.LookOnce()) == 1);
  CHECK(first().colour() == casework::v1::Clock::YELLOW);
  CHECK(office.Actions(c.id()).back() == "CLOCK_TURNED");
  office.office.clock.Set(Morning(due + 1));
  CHECK(Must(office.watcher.LookOnce()) == 0);
  CHECK(first().object_id() == c.id());  // its performance is still to be followed
  CHECK(first().due_on().empty());
  CHECK(office.Work(casework::v1::ListWorkRequest::OVERDUE, office.head).items_size() == 0);
}

TEST_CASE("a limit that ended on a provisional day is late when the published holidays make it so, and not before") {
  Office office;
  office.office.clock.Set(absl::CivilSecond(2026, 12, 3, 9, 0, 0));
  const Case early = office.Accept(office.Apply()), late = office.Accept(office.Apply());
  REQUIRE((early.clocks(0).due_on() == "2027-01-03" && early.clocks(0).provisional()));
  const auto end = [&](const Case& c, int day) {
    office.office.clock.Set(absl::CivilSecond(2027, 1, day, 9, 0, 0));
    const Case ended = office.Agree(c);
    REQUIRE(ended.clocks(0).state() == casework::v1::Clock::STOPPED);
    CHECK(procedure::ColourAt(ended.clocks(0), absl::FromCivil(absl::CivilDay(2027, 1, day), ChinaTime()), 7) ==
          casework::v1::Clock::YELLOW);
    CHECK(OverdueOf(ended) == 0);
  };
  end(early, 4);
  end(late, 5);
  auto& calendars = office.backend().calendars;
  const calendar::Calendar usual = calendars.Current();
  calendars.Replace(usual.With(
      Must(calendar::Calendar::Parse("date,kind,name\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"))));
  Must(office.watcher.LookOnce());
  calendars.Replace(usual);
  const auto settled = [&](const Case& c, casework::v1::Clock::Colour colour, int64_t overdue) {
    const Case now = office.Reload(c);
    CHECK(now.clocks(0).due_on() == "2027-01-04");  // a Monday
    CHECK(procedure::ColourAt(now.clocks(0), absl::FromCivil(absl::CivilDay(2027, 1, 6), ChinaTime()), 7) == colour);
    CHECK(OverdueOf(now) == overdue);
  };
  settled(early, casework::v1::Clock::GREEN, 0);
  settled(late, casework::v1::Clock::RED, 1);
}

}  // namespace sifa::mediation
