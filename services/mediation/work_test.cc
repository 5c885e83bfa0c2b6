// Watched limits of cases on the worklist, readings in the auditors' journal, and what is forgotten in time.
#include "libs/casework/work.h"

#include <catch2/catch.hpp>

#include "libs/casework/journal_reading.h"
#include "libs/casework/prune.h"
#include "libs/casework/watcher.h"
#include "libs/procedure/clocks.h"
#include "libs/telemetry/metrics.h"
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
        journal(backend(), types),
        watcher(backend(), "watcher-a", types) {}

  casework::v1::ListWorkResponse Work(casework::v1::ListWorkRequest::Kind kind, const Claims& who, bool mine = false) {
    casework::v1::ListWorkRequest r;
    r.set_kind(kind);
    r.set_mine(mine);
    r.add_types("Case");
    auto call = OfficeCall("WorkService/ListWork", who);
    return Must(work.List(call, r));
  }
  casework::v1::ListJournalResponse Journal(const casework::v1::ListJournalRequest& r, const Claims& who) {
    auto call = OfficeCall("JournalService/ListJournal", who);
    return Must(journal.List(call, r));
  }
  int64_t Turns() { return Count("SELECT COUNT(*) FROM journal WHERE action = 'CLOCK_TURNED'"); }

  std::vector<const casework::ObjectType*> types;
  casework::WorkService work;
  casework::JournalService journal;
  casework::Watcher watcher;
};

absl::CivilSecond Morning(absl::CivilDay day) { return absl::CivilSecond(day) + 9 * 3600; }

absl::CivilDay DueOf(const Case& c) {
  absl::CivilDay day;
  REQUIRE(ParseDay(c.clocks(0).due_on(), &day));
  return day;
}

}  // namespace

TEST_CASE("a limit is announced once when it draws near and once when it has passed") {
  Office office;
  const Case c = office.Accept(office.Apply());
  const absl::CivilDay due = DueOf(c);
  CHECK(Must(office.watcher.LookOnce()) == 0);
  office.office.clock.Set(Morning(due - 7));
  CHECK(Must(office.watcher.LookOnce()) == 1);
  CHECK(Must(office.watcher.LookOnce()) == 0);
  office.office.clock.Set(Morning(due));  // the last day is in time
  CHECK(Must(office.watcher.LookOnce()) == 0);
  office.office.clock.Set(Morning(due + 1));
  CHECK(Must(office.watcher.LookOnce()) == 1);
  office.office.clock.Set(Morning(due + 40));
  CHECK(Must(office.watcher.LookOnce()) == 0);
  CHECK(office.Actions(c.id()) ==
        std::vector<std::string>{"APPLY", "ACCEPT", "CLOCK_TURNED", "CLOCK_TURNED"});
  CHECK(office.Reload(c).etag() == "2");
}

TEST_CASE("a limit that was moved is announced anew for its new last day") {
  Office office;
  const Case c = office.Accept(office.Apply());
  office.office.clock.Set(Morning(DueOf(c) - 1));
  CHECK(Must(office.watcher.LookOnce()) == 1);
  v1::ExtendCaseRequest r;
  r.set_id(c.id());
  r.set_extended_until(FormatDay(DueOf(c) + 30));
  r.set_all_parties_agree(true);
  auto call = office.Call("CaseService/ExtendCase", office.mediator);
  const Case extended = Must(office.Do<Case>(call, r));
  CHECK(Must(office.watcher.LookOnce()) == 0);
  office.office.clock.Set(Morning(DueOf(extended) - 1));
  CHECK(Must(office.watcher.LookOnce()) == 1);
}

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

TEST_CASE("a provisional last day is settled when the holidays of its year are known") {
  Office office;
  office.office.clock.Set(absl::CivilSecond(2026, 12, 2, 9, 0, 0));
  const Case c = office.Accept(office.Apply());
  REQUIRE(c.clocks(0).due_on() == "2027-01-02");
  REQUIRE(c.clocks(0).provisional());
  CHECK(office.Work(casework::v1::ListWorkRequest::TODO, office.head).items(0).provisional());
  CHECK(Must(office.watcher.LookOnce()) == 0);
  auto& calendars = office.backend().calendars;
  const calendar::Calendar usual = calendars.Current();
  calendars.Replace(usual.With(
      Must(calendar::Calendar::Parse("date,kind,name\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"))));
  CHECK(Must(office.watcher.LookOnce()) == 0);  // settled at once, not turned
  calendars.Replace(usual);  // for the tests after this one
  CHECK(office.Actions(c.id()) == std::vector<std::string>{"APPLY", "ACCEPT", "CLOCK_SETTLED"});
  CHECK(office.Reload(c).clocks(0).due_on() == "2027-01-04");
  CHECK_FALSE(office.Reload(c).clocks(0).provisional());
  const auto item = office.Work(casework::v1::ListWorkRequest::TODO, office.head).items(0);
  CHECK(item.due_on() == "2027-01-04");
  CHECK_FALSE(item.provisional());
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

TEST_CASE("two processes do not announce the same limit twice") {
  Office office;
  office.office.clock.Set(Morning(DueOf(office.Accept(office.Apply())) + 1));
  casework::Watcher other(office.backend(), "watcher-b", office.types);
  CHECK(Must(office.watcher.LookOnce()) == 1);
  CHECK(Must(other.LookOnce()) == 0);  // the lease is another's
  CHECK(office.Turns() == 1);
}

TEST_CASE("more limits than a batch holds are all announced, and a stopped one is not") {
  Office office;
  absl::CivilDay due;
  for (int i = 0; i < 60; ++i) due = DueOf(office.Accept(office.Apply()));
  const Case ended = office.Assign(office.Accept(office.Apply()));
  v1::EndCaseRequest r;
  r.set_id(ended.id());
  r.set_reason("调解不成");
  r.set_routes_told(true);
  auto call = office.Call("CaseService/FailCase", office.mediator);
  Must(office.Do<Case>(call, r));
  office.office.clock.Set(Morning(due + 1));
  CHECK(Must(office.watcher.LookOnce()) == 60);
  CHECK(office.Turns() == 60);
  CHECK(telemetry::ScrapeText().find("sifa_clocks{colour=\"red\",kind=\"CONCLUDE\"} 60") !=
        std::string::npos);
}

TEST_CASE("a tick looks at once when the demonstration's clock has jumped") {
  Office office;
  const Case c = office.Accept(office.Apply());
  REQUIRE(office.watcher.Tick().ok());
  office.office.clock.Set(Morning(DueOf(c) + 1));
  REQUIRE(office.watcher.Tick().ok());
  CHECK(office.Turns() == 1);
}

TEST_CASE("a reading of unmasked data is seen by the auditor of the reader's organisation") {
  Office office;
  const auto auditor = testing::ClaimsOf(
      "01AUDIT", "audit", {testing::GrantOf("auditor", "330783", MediationFixture::kCountyPath, 3, true)});
  const Case first = office.Apply();
  const Case second = office.Apply();
  auto call = office.Call("CaseService/ListCases", office.head, "办理信访");
  Must((office.office.List<Case, v1::ListCasesResponse>(call, v1::ListCasesRequest())));
  for (const Case* read : {&first, &second}) {
    casework::v1::ListJournalRequest r;
    r.set_action("READ");
    r.set_object(read->id());
    const auto found = office.Journal(r, auditor);
    REQUIRE(found.entries_size() == 1);
    CHECK(found.entries(0).object() == read->id());
    CHECK(found.entries(0).entry().purpose() == "办理信访");
    CHECK(office.Actions(read->id()) == std::vector<std::string>{"APPLY", "READ"});
  }
  CHECK(office.Count("SELECT COUNT(*) FROM journal WHERE LOCATE('信访', record) + LOCATE('信访', image) > 0") == 0);
}

TEST_CASE("a reading in another's name says so, under the office by whose right it is read") {
  Office office;
  const Case read = office.Apply();
  auto claims =
      testing::ClaimsOf("01ACTING", "acting", {testing::GrantOf("officer", "330783123", "/33/3307/330783/330783123/", 4, true)});
  auto* acting = claims.add_grants();
  *acting = office.head.grants(0);
  acting->set_acting_for("01PRINCIPAL");
  v1::GetCaseRequest r;
  r.set_id(read.id());
  auto call = office.Call("CaseService/GetCase", claims, "代理核查");
  Must(office.cases.Get(call, r.id()));
  casework::v1::GetHistoryRequest of;
  of.set_id(read.id());
  auto looking = office.Call("CaseService/GetCaseHistory", office.head);
  const auto history = Must(casework::History(office.backend(), office.cases.type(), looking, of));
  const auto& entry = *history.entries().rbegin();
  CHECK(entry.action() == "READ");
  CHECK(entry.acting_for() == "01PRINCIPAL");
  CHECK(entry.organisation() == acting->organisation());
}

TEST_CASE("requests are forgotten after ninety days and not before") {
  Office office;
  office.Apply();
  const int64_t kept = office.Count("SELECT COUNT(*) FROM request");
  office.office.clock.Advance(absl::Hours(24 * 89));
  CHECK(Must(casework::PruneRequests(office.backend())) == 0);
  office.office.clock.Advance(absl::Hours(25));
  CHECK(Must(casework::PruneRequests(office.backend())) == kept);
  CHECK(office.Count("SELECT COUNT(*) FROM request") == 0);
}

}  // namespace sifa::mediation
