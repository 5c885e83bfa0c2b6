// Worklists, watched limits, the auditors' journal, and what is forgotten in time.
#include "services/mediation/work.h"

#include <catch2/catch.hpp>

#include "libs/casework/prune.h"
#include "libs/casework/watcher.h"
#include "libs/telemetry/metrics.h"
#include "services/mediation/journal.h"
#include "services/mediation/test_bench.h"

namespace sifa::mediation {
namespace {

struct Office : Bench {
  Office()
      : types{&cases.type(), &committees.type(), &corrections.type()},
        work(backend(), types),
        journal(backend(), types),
        watcher(backend(), "watcher-a", types) {}

  v1::ListWorkResponse Work(v1::ListWorkRequest::Kind kind, const Claims& who, bool mine = false) {
    v1::ListWorkRequest r;
    r.set_kind(kind);
    r.set_mine(mine);
    r.add_types("Case");
    auto call = Call("WorkService/ListWork", who);
    return Must(work.List(call, r));
  }
  v1::ListJournalResponse Journal(const v1::ListJournalRequest& r, const Claims& who) {
    auto call = Call("JournalService/ListJournal", who);
    return Must(journal.List(call, r));
  }
  int64_t Turns() { return Count("SELECT COUNT(*) FROM journal WHERE action = 'CLOCK_TURNED'"); }

  std::vector<const casework::ObjectType*> types;
  WorkService work;
  JournalService journal;
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
  const Case extended = Must(office.case_service.Extend(call, r));
  CHECK(Must(office.watcher.LookOnce()) == 0);
  office.office.clock.Set(Morning(DueOf(extended) - 1));
  CHECK(Must(office.watcher.LookOnce()) == 1);
}

TEST_CASE("民事诉讼法 §205: the right to ask for confirmation is announced before it lapses, and then due no more") {
  Office office;
  const Case c = office.Agree(office.Accept(office.Apply()));
  const absl::CivilDay due(2024, 10, 8);  // day 30 is a holiday
  const auto first = [&] { return office.Work(v1::ListWorkRequest::TODO, office.head).items(0); };
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
  CHECK(office.Work(v1::ListWorkRequest::OVERDUE, office.head).items_size() == 0);
}

TEST_CASE("a provisional last day is settled when the holidays of its year are known") {
  Office office;
  office.office.clock.Set(absl::CivilSecond(2026, 12, 2, 9, 0, 0));
  const Case c = office.Accept(office.Apply());
  REQUIRE(c.clocks(0).due_on() == "2027-01-02");
  REQUIRE(c.clocks(0).provisional());
  CHECK(Must(office.watcher.LookOnce()) == 0);
  auto& calendars = office.backend().calendars;
  const calendar::Calendar usual = calendars.Current();
  calendars.Replace(usual.With(
      Must(calendar::Calendar::Parse("date,kind,name\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"))));
  CHECK(Must(office.watcher.LookOnce()) == 0);  // looked at once a day
  office.office.clock.Advance(absl::Hours(24));
  CHECK(Must(office.watcher.LookOnce()) == 0);  // settled, not turned
  calendars.Replace(usual);  // for the tests after this one
  CHECK(office.Actions(c.id()) == std::vector<std::string>{"APPLY", "ACCEPT", "CLOCK_SETTLED"});
  CHECK(office.Reload(c).clocks(0).due_on() == "2027-01-04");
  CHECK_FALSE(office.Reload(c).clocks(0).provisional());
  CHECK(office.Work(v1::ListWorkRequest::TODO, office.head).items(0).due_on() == "2027-01-04");
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
  Must(office.case_service.Fail(call, r));
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

TEST_CASE("worklists by due date: what is to do, what is overdue, what was done, and how much by colour") {
  Office office;
  const Case late = office.Assign(office.Accept(office.Apply(), "2024-07-01"));
  const Case open = office.Assign(office.Accept(office.Apply()));
  const Case fresh = office.Apply();
  const auto todo = office.Work(v1::ListWorkRequest::TODO, office.head);
  REQUIRE(todo.items_size() == 3);
  CHECK(todo.items(0).object_id() == late.id());
  CHECK(todo.items(0).colour() == casework::v1::Clock::RED);
  CHECK(todo.items(1).object_id() == open.id());
  CHECK(todo.items(2).object_id() == fresh.id());
  REQUIRE(todo.counts_size() == 1);
  CHECK(todo.counts(0).red() == 1);
  CHECK(todo.counts(0).green() == 1);
  CHECK(todo.counts(0).without_limit() == 1);
  CHECK(office.Work(v1::ListWorkRequest::OVERDUE, office.head).items_size() == 1);
  CHECK(office.Work(v1::ListWorkRequest::TODO, office.mediator, true).items_size() == 2);
  CHECK(office.Work(v1::ListWorkRequest::DONE, office.mediator).items_size() == 3);
  CHECK(office.Work(v1::ListWorkRequest::DONE, office.head).items_size() == 0);
  CHECK(office.Work(v1::ListWorkRequest::TODO, office.stranger).items_size() == 0);
  CHECK(office.Work(v1::ListWorkRequest::TODO, office.stranger).counts(0).red() == 0);
}

TEST_CASE("a worklist of an unknown type of object is refused") {
  Office office;
  v1::ListWorkRequest r;
  r.add_types("Nothing");
  auto call = office.Call("WorkService/ListWork", office.head);
  CHECK(ReasonOf(office.work.List(call, r).status()) == "OBJECT_TYPE_UNKNOWN");
}

TEST_CASE("auditors read who did what by actor, object, action and time, in their own reach, page by page") {
  Office office;
  const auto auditor = testing::ClaimsOf(
      "01AUDIT", "audit", {testing::GrantOf("auditor", "330783", Bench::kCountyPath, 3, true)});
  const auto outside = testing::ClaimsOf(
      "01OTHER", "other", {testing::GrantOf("auditor", "330784", "/33/3307/330784/", 3, true)});
  const Case c = office.Accept(office.Apply());
  office.office.clock.Advance(absl::Hours(48));
  office.Assign(c);
  v1::ListJournalRequest all;
  CHECK(office.Journal(all, auditor).entries_size() == 4);  // with the committee's
  CHECK(office.Journal(all, outside).entries_size() == 0);
  v1::ListJournalRequest r;
  r.set_object(c.id());
  CHECK(office.Journal(r, auditor).entries_size() == 3);
  r.set_action("ACCEPT");
  CHECK(office.Journal(r, auditor).entries(0).entry().action_label() == "受理");
  v1::ListJournalRequest by_actor;
  by_actor.set_actor("01OFFICER");
  CHECK(office.Journal(by_actor, auditor).entries_size() == 1);
  v1::ListJournalRequest recent;
  recent.mutable_from()->set_seconds(absl::ToUnixSeconds(office.office.clock.Now() - absl::Hours(1)));
  REQUIRE(office.Journal(recent, auditor).entries_size() == 1);
  CHECK(office.Journal(recent, auditor).entries(0).entry().action() == "ASSIGN");
  v1::ListJournalRequest page;
  page.set_page_size(3);
  const auto first = office.Journal(page, auditor);
  REQUIRE(first.entries_size() == 3);
  page.set_page_token(first.next_page_token());
  const auto second = office.Journal(page, auditor);
  REQUIRE(second.entries_size() == 1);
  CHECK(second.next_page_token().empty());
  CHECK(second.entries(0).entry().action() == "ESTABLISH");
}

TEST_CASE("a reading of unmasked data is seen by the auditor of the reader's organisation") {
  Office office;
  const auto auditor = testing::ClaimsOf(
      "01AUDIT", "audit", {testing::GrantOf("auditor", "330783", Bench::kCountyPath, 3, true)});
  const Case first = office.Apply();
  const Case second = office.Apply();
  auto call = office.Call("CaseService/ListCases", office.head, "办理信访");
  Must(office.case_service.List(call, v1::ListCasesRequest()));
  for (const Case* read : {&first, &second}) {
    v1::ListJournalRequest r;
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
