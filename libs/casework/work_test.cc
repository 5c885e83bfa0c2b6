// Watched limits on the worklist, readings in the auditors' journal, and what is forgotten in time.
#include "libs/casework/work.h"

#include "libs/casework/errand_fixture.h"
#include "libs/casework/journal_reading.h"
#include "libs/casework/prune.h"
#include "libs/casework/watcher.h"
#include "libs/telemetry/metrics.h"

namespace sifa::casework {
namespace {

struct Watched : ErrandDesk {
  v1::WorkItem FirstToDo() {
    v1::ListWorkRequest r;
    r.set_kind(v1::ListWorkRequest::TODO);
    r.add_types("Errand");
    auto call = OfficeCall("WorkService/ListWork", head);
    return Must(work.List(call, r)).items(0);
  }
  int64_t Turns() { return Count("SELECT COUNT(*) FROM journal WHERE action = 'CLOCK_TURNED'"); }

  const std::vector<const ObjectType*> watched{&errands.type()};
  WorkService work{backend(), watched};
  JournalService journal{backend(), watched};
  Watcher watcher{backend(), "watcher-a", watched};
};

absl::CivilSecond Morning(absl::CivilDay day) { return absl::CivilSecond(day) + 9 * 3600; }

absl::CivilDay DueOf(const Errand& errand) {
  absl::CivilDay day;
  REQUIRE(ParseDay(ErrandDesk::Due(errand), &day));
  return day;
}

}  // namespace

TEST_CASE("a limit is announced once when it draws near and once when it has passed") {
  Watched at;
  const Errand errand = at.Take(at.Order());
  const absl::CivilDay due = DueOf(errand);
  CHECK(Must(at.watcher.LookOnce()) == 0);
  at.office.clock.Set(Morning(due - 7));
  CHECK(Must(at.watcher.LookOnce()) == 1);
  CHECK(Must(at.watcher.LookOnce()) == 0);
  at.office.clock.Set(Morning(due));  // the last day is in time
  CHECK(Must(at.watcher.LookOnce()) == 0);
  at.office.clock.Set(Morning(due + 1));
  CHECK(Must(at.watcher.LookOnce()) == 1);
  at.office.clock.Set(Morning(due + 40));
  CHECK(Must(at.watcher.LookOnce()) == 0);
  CHECK(at.ActsOn(errand) == std::vector<std::string>{"ORDER", "TAKE", "CLOCK_TURNED", "CLOCK_TURNED"});
  CHECK(at.Now(errand).etag() == "2");
}

TEST_CASE("a limit that was moved is announced anew for its new last day") {
  Watched at;
  const Errand errand = at.Take(at.Order());
  at.office.clock.Set(Morning(DueOf(errand) - 1));
  CHECK(Must(at.watcher.LookOnce()) == 1);
  test::ProlongErrandRequest r;
  r.set_id(errand.id());
  r.set_until(FormatDay(DueOf(errand) + 30));
  auto call = at.Call("ErrandService/ProlongErrand", at.clerk);
  const Errand prolonged = Must(at.office.Do<Errand>(call, r));
  CHECK(Must(at.watcher.LookOnce()) == 0);
  at.office.clock.Set(Morning(DueOf(prolonged) - 1));
  CHECK(Must(at.watcher.LookOnce()) == 1);
}

TEST_CASE("a provisional last day is settled when the holidays of its year are known") {
  Watched at;
  at.office.clock.Set(absl::CivilSecond(2026, 12, 2, 9, 0, 0));
  const Errand errand = at.Take(at.Order());
  REQUIRE(errand.clocks(0).due_on() == "2027-01-01");
  REQUIRE(errand.clocks(0).provisional());
  CHECK(at.FirstToDo().provisional());
  CHECK(Must(at.watcher.LookOnce()) == 0);
  auto& calendars = at.backend().calendars;
  calendars.Replace(calendars.Current().With(
      Must(calendar::Calendar::Parse("date,kind,name\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"))));
  CHECK(Must(at.watcher.LookOnce()) == 0);  // settled at once, not turned
  CHECK(at.ActsOn(errand) == std::vector<std::string>{"ORDER", "TAKE", "CLOCK_SETTLED"});
  CHECK(at.Now(errand).clocks(0).due_on() == "2027-01-04");
  CHECK_FALSE(at.Now(errand).clocks(0).provisional());
  const auto item = at.FirstToDo();
  CHECK(item.due_on() == "2027-01-04");
  CHECK_FALSE(item.provisional());
}

TEST_CASE("two processes do not announce the same limit twice") {
  Watched at;
  at.office.clock.Set(Morning(DueOf(at.Take(at.Order())) + 1));
  Watcher other(at.backend(), "watcher-b", at.watched);
  CHECK(Must(at.watcher.LookOnce()) == 1);
  CHECK(Must(other.LookOnce()) == 0);  // the lease is another's
  CHECK(at.Turns() == 1);
}

TEST_CASE("more limits than a batch holds are all announced, and a stopped one is not") {
  Watched at;
  absl::CivilDay due;
  for (int i = 0; i < 60; ++i) due = DueOf(at.Take(at.Order()));
  at.Do("Report", at.Assign(at.Take(at.Order())));
  at.office.clock.Set(Morning(due + 1));
  CHECK(Must(at.watcher.LookOnce()) == 60);
  CHECK(at.Turns() == 60);
  CHECK(telemetry::ScrapeText().find("sifa_clocks{colour=\"red\",kind=\"REPORT_BY\"} 60") != std::string::npos);
}

TEST_CASE("a tick looks at once when the demonstration's clock has jumped") {
  Watched at;
  const Errand errand = at.Take(at.Order());
  REQUIRE(at.watcher.Tick().ok());
  at.office.clock.Set(Morning(DueOf(errand) + 1));
  REQUIRE(at.watcher.Tick().ok());
  CHECK(at.Turns() == 1);
}

TEST_CASE("a reading of unmasked data is seen by the auditor of the reader's organisation") {
  Watched at;
  const auto auditor = testing::ClaimsOf("01AUDIT", "audit", {testing::GrantOf("auditor", "330783", Desk::kCountyPath, 3, true)});
  const Errand first = at.Order(), second = at.Order();
  auto call = at.Call("ErrandService/ListErrands", at.head, "核对底册");
  Must((at.office.List<Errand, test::ListErrandsResponse>(call, test::ListErrandsRequest())));
  for (const Errand* read : {&first, &second}) {
    v1::ListJournalRequest r;
    r.set_action("READ");
    r.set_object(read->id());
    auto auditing = at.OfficeCall("JournalService/ListJournal", auditor);
    const auto found = Must(at.journal.List(auditing, r));
    REQUIRE(found.entries_size() == 1);
    CHECK(found.entries(0).object() == read->id());
    CHECK(found.entries(0).entry().purpose() == "核对底册");
    CHECK(at.ActsOn(*read) == std::vector<std::string>{"ORDER", "READ"});
  }
  CHECK(at.Count("SELECT COUNT(*) FROM journal WHERE LOCATE('底册', record) + LOCATE('底册', image) > 0") == 0);
}

TEST_CASE("a reading in another's name says so, under the office by whose right it is read") {
  Watched at;
  const Errand read = at.Order();
  auto claims =
      testing::ClaimsOf("01ACTING", "acting", {testing::GrantOf("clerk", "330783123", "/33/3307/330783/330783123/", 5, false)});
  auto* acting = claims.add_grants();
  *acting = at.head.grants(0);
  acting->set_acting_for("01PRINCIPAL");
  auto call = at.Call("ErrandService/GetErrand", claims, "代理核查");
  Must(at.errands.Get(call, read.id()));
  const auto history = at.History(read);
  const auto& entry = *history.entries().rbegin();
  CHECK(entry.action() == "READ");
  CHECK(entry.acting_for() == "01PRINCIPAL");
  CHECK(entry.organisation() == acting->organisation());
}

TEST_CASE("requests are forgotten after ninety days and not before") {
  Watched at;
  at.Order();
  const int64_t kept = at.Count("SELECT COUNT(*) FROM request");
  REQUIRE(kept > 0);
  at.office.clock.Advance(absl::Hours(24 * 89));
  CHECK(Must(PruneRequests(at.backend())) == 0);
  at.office.clock.Advance(absl::Hours(25));
  CHECK(Must(PruneRequests(at.backend())) == kept);
  CHECK(at.Count("SELECT COUNT(*) FROM request") == 0);
}

}  // namespace sifa::casework
