// Worklists, the auditors' journal and corrections over the objects of a service.
#include "absl/strings/match.h"
#include "libs/casework/correction_service.h"
#include "libs/casework/journal_reading.h"
#include "libs/casework/letter_fixture.h"
#include "libs/casework/watcher.h"
#include "libs/casework/work.h"
#include "libs/procedure/clocks.h"
#include "libs/telemetry/metrics.h"

namespace sifa::casework {
namespace {

using Kind = v1::ListWorkRequest;

struct Staffed : Desk {
  Staffed()
      : work(backend(), types),
        journal(backend(), types),
        desk(backend(), nullptr),
        service(backend(), desk),
        watcher(backend(), "watcher", types) {}

  absl::StatusOr<v1::ListWorkResponse> TryWork(const v1::ListWorkRequest& r, const Claims& who) {
    auto call = OfficeCall("WorkService/ListWork", who);
    return work.List(call, r);
  }
  v1::ListWorkResponse Work(Kind::Kind kind, const Claims& who, bool mine = false) {
    v1::ListWorkRequest r;
    r.set_kind(kind);
    r.set_mine(mine);
    r.set_counts(true);
    r.add_types("Letter");
    return Must(TryWork(r, who));
  }
  v1::ListJournalResponse Journal(const v1::ListJournalRequest& r, const Claims& who) {
    auto call = OfficeCall("JournalService/ListJournal", who);
    return Must(journal.List(call, r));
  }
  absl::StatusOr<Correction> Ask(const Letter& letter, const std::string& subject, const std::string& request_id = "") {
    v1::RequestCorrectionRequest r;
    r.set_request_id(request_id);
    r.set_object_type("Letter");
    r.set_object(letter.id());
    r.set_kind(Correction::AMEND);
    r.mutable_update_mask()->add_paths("subject");
    r.set_content("{\"subject\": \"" + subject + "\"}");
    r.set_reason("录入有误");
    auto call = OfficeCall("CorrectionService/RequestCorrection", clerk);
    return service.Request(call, r);
  }
  absl::StatusOr<Correction> Approve(const Correction& correction) {
    v1::ApproveCorrectionRequest r;
    r.set_id(correction.id());
    auto call = OfficeCall("CorrectionService/ApproveCorrection", head);
    return service.Approve(call, r);
  }

  WorkService work;
  JournalService journal;
  Corrections desk;
  CorrectionService service;
  Watcher watcher;
};

}  // namespace

TEST_CASE("worklists by due date: what is to do, what is overdue, what was done, and how much by colour") {
  Staffed at;
  const Letter late = at.Receive("late");
  at.office.clock.Advance(absl::Hours(24 * 14));  // the day before the last one
  const Letter fresh = at.Receive("fresh");
  auto todo = at.Work(Kind::TODO, at.head);
  REQUIRE(todo.items_size() == 2);
  CHECK(todo.items(0).object_id() == late.id());
  CHECK(todo.items(0).colour() == v1::Clock::YELLOW);
  CHECK(todo.items(0).clock() == "REPLY_BY");
  CHECK(todo.items(1).object_id() == fresh.id());
  REQUIRE(todo.counts_size() == 1);
  CHECK(todo.counts(0).object_label() == "来信");
  CHECK(todo.counts(0).yellow() == 1);
  CHECK(todo.counts(0).green() == 1);
  CHECK(at.Work(Kind::OVERDUE, at.head).items_size() == 0);
  at.office.clock.Advance(absl::Hours(24 * 8));
  CHECK(at.Work(Kind::OVERDUE, at.head).items_size() == 1);
  CHECK(at.Work(Kind::TODO, at.head).counts(0).red() == 1);
  Must(at.Reply(late));
  CHECK(at.Work(Kind::OVERDUE, at.head).items_size() == 0);
  CHECK(at.Work(Kind::TODO, at.clerk, true).items_size() == 1);
  CHECK(at.Work(Kind::DONE, at.clerk).items_size() == 2);
  CHECK(at.Work(Kind::DONE, at.head).items_size() == 0);
  CHECK(at.Work(Kind::TODO, at.stranger).items_size() == 0);
  CHECK(at.Work(Kind::TODO, at.stranger).counts(0).green() == 0);
}

TEST_CASE("F6: a search by personal data needs the right to read them and a purpose, is in the journal, and is limited") {
  Staffed at;
  at.Receive("张三来信");
  const auto search = [&](const Desk::Claims& who, const std::string& purpose) -> absl::StatusOr<int> {
    auto call = at.Call("LetterService/GetLetterHistory", who, purpose);
    call.search() = rpc::Call::Search{{"subject"}};
    ListQuery query;
    query.name = "张三";
    int found = 0;
    RETURN_IF_ERROR(at.letters.List(call, query, 0, "", [&](const Letter&) { ++found; }).status());
    CHECK(call.search()->journalled);
    return found;
  };
  CHECK(ReasonOf(search(at.supervisor, "督查").status()) == "PERSONAL_DATA_REFUSED");
  CHECK(ReasonOf(search(at.head, "").status()) == "PURPOSE_REQUIRED");
  v1::ListJournalRequest r;
  r.set_action("SEARCH");
  CHECK(at.Journal(r, at.head).entries().empty());
  CHECK(Must(search(at.head, "核对来信人")) == 1);
  CHECK(Must(search(at.stranger, "核对来信人")) == 0);
  const auto journal = at.Journal(r, at.head);
  REQUIRE(journal.entries_size() == 1);  // the stranger's is for his own auditor
  const v1::JournalEntry& entry = journal.entries(0);
  CHECK(entry.searched_by_size() == 1);
  CHECK(entry.searched_by(0) == "subject");
  CHECK(entry.found() == 1);
  CHECK(entry.entry().purpose() == "核对来信人");
  CHECK(entry.entry().action_label() == "按个人信息查找");
  CHECK_FALSE(absl::StrContains(journal.SerializeAsString(), "张三"));
  for (int i = 1; i < SearchLimit::kUsual; ++i) Must(search(at.head, "核对来信人"));
  CHECK(ReasonOf(search(at.head, "核对来信人").status()) == "SEARCH_LIMIT_REACHED");
  CHECK(Must(search(at.clerk, "核对来信人")) == 1);
  at.office.clock.Advance(absl::Minutes(1));
  CHECK(Must(search(at.head, "核对来信人")) == 1);
}

TEST_CASE("a provisional limit is not overdue on worklists, nor counted so, before it is on the record") {
  Staffed at;
  const auto on = [&](absl::CivilDay day) { at.office.clock.Set(absl::CivilSecond(day) + 9 * 3600); };
  on(absl::CivilDay(2026, 12, 20));
  const Letter letter = at.Receive();
  const absl::CivilDay due(2027, 1, 4);
  REQUIRE((letter.clocks(0).provisional() && letter.clocks(0).due_on() == FormatDay(due)));
  const auto agree = [&](v1::Clock::Colour colour) {
    auto call = at.Call("LetterService/GetLetterHistory", at.head);
    CHECK(Must(at.letters.Get(call, letter.id())).clocks(0).colour() == colour);
    const auto todo = at.Work(Kind::TODO, at.head);
    CHECK(todo.items(0).colour() == colour);
    CHECK(todo.items(0).provisional());
    CHECK(todo.counts(0).yellow() == (colour == v1::Clock::YELLOW));
    CHECK(todo.counts(0).red() == (colour == v1::Clock::RED));
    CHECK(at.Work(Kind::OVERDUE, at.head).items_size() == (colour == v1::Clock::RED));
    Must(at.watcher.LookOnce());
    const std::string metrics = telemetry::ScrapeText();
    CHECK(absl::StrContains(metrics, "sifa_clocks{colour=\"red\",kind=\"REPLY_BY\"} 1") == (colour == v1::Clock::RED));
  };
  on(due + 1);
  agree(v1::Clock::YELLOW);
  on(due + procedure::kLongestRollOver);
  agree(v1::Clock::YELLOW);
  on(due + procedure::kLongestRollOver + 1);  // however the holidays are published
  agree(v1::Clock::RED);
}

// The calendar of the data with a notice of 2027 laid over it, for the length of a test.
struct Published {
  explicit Published(calendar::CalendarBook& book) : book(book), usual(book.Current()) {}
  ~Published() { book.Replace(usual); }
  void Notice(const std::string& rows) {
    book.Replace(usual.With(
        Must(calendar::Calendar::Parse("date,kind,name\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n" + rows))));
  }
  calendar::CalendarBook& book;
  const calendar::Calendar usual;
};

TEST_CASE(
    "民事诉讼法 §85: a notice moves the limits that run, whether they were provisional or not, and no limit that ended in time") {
  Staffed at;
  Published published(at.backend().calendars);
  const auto on = [&](absl::CivilDay day) { at.office.clock.Set(absl::CivilSecond(day) + 9 * 3600); };
  on(absl::CivilDay(2026, 12, 16));
  const Letter december = at.Receive();
  REQUIRE((december.clocks(0).provisional() && december.clocks(0).due_on() == "2026-12-31"));
  published.Notice("2026-12-31,holiday,元旦\n");
  Must(at.watcher.LookOnce());
  CHECK(at.Reload(december).clocks(0).due_on() == "2027-01-04");
  CHECK(at.Reload(december).clocks(0).moved_from() == "2026-12-31");

  on(absl::CivilDay(2027, 1, 20));
  const Letter running = at.Receive(), early = at.Receive(), late = at.Receive(), far = at.Receive();
  REQUIRE((running.clocks(0).due_on() == "2027-02-04" && !running.clocks(0).provisional()));
  on(absl::CivilDay(2027, 2, 4));
  Must(at.Reply(early));
  on(absl::CivilDay(2027, 2, 9));
  Must(at.Reply(late));
  const Letter before = at.Reload(early);
  const auto moved = [&] { return at.Count("SELECT COUNT(*) FROM journal WHERE action = 'CLOCK_SETTLED'"); };
  REQUIRE(moved() == 1);
  published.Notice(
      "2026-12-31,holiday,元旦\n2027-02-04,holiday,春节\n2027-02-05,holiday,春节\n2027-02-08,holiday,春节\n2027-02-09,holiday,"
      "春节\n");
  CHECK(at.Reload(running).clocks(0).due_on() == "2027-02-04");
  Must(at.watcher.LookOnce());
  CHECK(at.Reload(running).clocks(0).due_on() == "2027-02-10");
  CHECK(at.Reload(late).clocks(0).due_on() == "2027-02-10");  // judged again: in time
  CHECK(at.Reload(early).SerializeAsString() == before.SerializeAsString());
  CHECK(at.Reload(december).clocks(0).due_on() == "2027-01-04");
  CHECK(moved() == 4);
  const auto actions = at.Actions(running.id());
  CHECK(std::count(actions.begin(), actions.end(), "CLOCK_SETTLED") == 1);

  // Once, whoever watches, and again where a crash has cut it off.
  Must(at.watcher.LookOnce());
  on(absl::CivilDay(2027, 2, 10));
  Must(at.watcher.LookOnce());
  CHECK(at.Count("SELECT COUNT(*) FROM settled_calendar WHERE version = '" + at.backend().calendars.Current().version() + "'") ==
        1);
  CHECK(moved() == 4);
  at.office.database.RunScript("UPDATE settled_calendar SET version = 'older'");
  Watcher again(at.backend(), "watcher", at.types);
  Must(again.LookOnce());
  CHECK(moved() == 4);

  const auto list = at.Work(Kind::MOVED, at.head);
  REQUIRE(list.items_size() == 4);
  CHECK(list.items(3).object_id() == december.id());
  CHECK(list.items(0).moved(0).moved_on() == "2027-02-09");
  CHECK(at.Work(Kind::MOVED, at.stranger).items_size() == 0);
  v1::ListWorkRequest r;
  r.set_kind(Kind::MOVED);
  r.set_page_size(3);
  r.set_page_token(Must(at.TryWork(r, at.head)).next_page_token());
  const auto rest = Must(at.TryWork(r, at.head));
  REQUIRE(rest.items_size() == 1);
  CHECK(rest.items(0).object_id() == december.id());
  CHECK(rest.next_page_token().empty());

  // A notice that takes days off back: the limit is sooner again.
  published.Notice("2026-12-31,holiday,元旦\n");
  Must(again.LookOnce());
  CHECK(at.Reload(running).clocks(0).due_on() == "2027-02-04");
  CHECK(at.Reload(late).clocks(0).due_on() == "2027-02-10");  // ended in time by the notice of its day
  // One that comes back before all processes knew of the other.
  on(absl::CivilDay(2027, 2, 11));
  Must(again.LookOnce());
  published.Notice("2026-12-31,holiday,元旦\n2027-02-04,holiday,春节\n");
  Must(again.LookOnce());
  CHECK(at.Reload(running).clocks(0).due_on() == "2027-02-05");
  published.Notice("2026-12-31,holiday,元旦\n");
  Must(again.LookOnce());
  CHECK(at.Reload(running).clocks(0).due_on() == "2027-02-04");
}

TEST_CASE("what may be done is judged by the calendar of now, before the watcher has come round") {
  Staffed at;
  Published published(at.backend().calendars);
  published.Notice("");
  at.office.clock.Set(absl::CivilSecond(2027, 1, 20, 9, 0, 0));
  const Letter letter = at.Receive();
  published.Notice("2027-02-04,holiday,春节\n2027-02-05,holiday,春节\n");
  v1::ExplainClockRequest r;
  r.set_id(letter.id());
  r.set_kind("REPLY_BY");
  auto call = at.Call("LetterService/GetLetterHistory", at.head);
  const auto explained = Must(ExplainClock(at.backend(), at.letters.type(), call, r));
  CHECK(explained.clock().due_on() == "2027-02-08");
  CHECK(absl::StrContains(explained.steps(explained.steps_size() - 1), "变更前，至 2027-02-04 届满"));
  at.office.clock.Set(absl::CivilSecond(2027, 2, 8, 9, 0, 0));
  const Letter answered = Must(at.Reply(letter));
  CHECK(answered.clocks(0).due_on() == "2027-02-08");
  CHECK(answered.clocks(0).moved_from() == "2027-02-04");
}

TEST_CASE("the answer of an act shows its clocks as the record does") {
  Staffed at;
  test::ReceiveLetterRequest r;
  r.set_organisation("O1");
  r.set_request_id("r-1");
  for (const absl::CivilDay day : {absl::CivilDay(2024, 9, 2), absl::CivilDay(2024, 9, 17)}) {  // the second time repeated
    at.office.clock.Set(absl::CivilSecond(day) + 9 * 3600);
    const Letter answer = Must(at.Receive(r, std::string(Desk::kOfficePath)));
    auto call = at.Call("LetterService/GetLetterHistory", at.head);
    CHECK(answer.clocks(0).colour() != v1::Clock::COLOUR_UNSPECIFIED);
    CHECK(answer.clocks(0).colour() == Must(at.letters.Get(call, answer.id())).clocks(0).colour());
    CHECK(at.Reload(answer).clocks(0).colour() == v1::Clock::COLOUR_UNSPECIFIED);  // not stored: it would be of one day
  }
}

TEST_CASE("a worklist is read page by page, its counts where asked for, and of known types only") {
  Staffed at;
  for (int i = 0; i < 3; ++i) at.Receive();
  v1::ListWorkRequest r;
  r.set_page_size(2);
  CHECK(Must(at.TryWork(r, at.head)).counts_size() == 0);
  r.set_counts(true);
  const auto first = Must(at.TryWork(r, at.head));
  CHECK(first.items_size() == 2);
  CHECK(first.counts_size() == 4);  // letters, errands, reminders and corrections
  r.set_counts(false);
  r.set_page_token(first.next_page_token());
  const auto second = Must(at.TryWork(r, at.head));
  CHECK(second.items_size() == 1);
  CHECK(second.counts_size() == 0);
  CHECK(second.next_page_token().empty());
  r.set_kind(Kind::DONE);
  CHECK(ReasonOf(at.TryWork(r, at.head).status()) == "PAGE_TOKEN_INVALID");
  r.add_types("Nothing");
  CHECK(ReasonOf(at.TryWork(r, at.head).status()) == "OBJECT_TYPE_UNKNOWN");
}

TEST_CASE("auditors read who did what by actor, object, action and time, in their own reach, page by page") {
  Staffed at;
  const Letter letter = at.Receive();
  const Letter other = at.Receive();
  at.office.clock.Advance(absl::Hours(48));
  Must(at.Reply(letter));
  v1::ListJournalRequest all;
  CHECK(at.Journal(all, at.head).entries_size() == 3);
  CHECK(at.Journal(all, at.stranger).entries_size() == 0);
  v1::ListJournalRequest r;
  r.set_object(letter.id());
  CHECK(at.Journal(r, at.head).entries_size() == 2);
  r.set_action("REPLY");
  REQUIRE(at.Journal(r, at.head).entries_size() == 1);
  CHECK(at.Journal(r, at.head).entries(0).entry().action_label() == "复信");
  v1::ListJournalRequest by_actor;
  by_actor.set_actor("01CLERK");
  CHECK(at.Journal(by_actor, at.head).entries_size() == 3);
  by_actor.set_actor("01HEAD");
  CHECK(at.Journal(by_actor, at.head).entries_size() == 0);
  v1::ListJournalRequest recent;
  recent.mutable_from()->set_seconds(absl::ToUnixSeconds(at.office.clock.Now() - absl::Hours(1)));
  REQUIRE(at.Journal(recent, at.head).entries_size() == 1);
  CHECK(at.Journal(recent, at.head).entries(0).object() == letter.id());
  v1::ListJournalRequest page;
  page.set_page_size(2);
  const auto first = at.Journal(page, at.head);
  REQUIRE(first.entries_size() == 2);
  page.set_page_token(first.next_page_token());
  const auto second = at.Journal(page, at.head);
  REQUIRE(second.entries_size() == 1);
  CHECK(second.next_page_token().empty());
  CHECK(second.entries(0).object() == letter.id());
}

TEST_CASE("a correction asked for and approved changes the object, and a repeated request asks no second time") {
  Staffed at;
  const Letter letter = at.Receive("问路");
  const Correction asked = Must(at.Ask(letter, "问价", "r-1"));
  CHECK(Must(at.Approve(asked)).state() == Correction::APPROVED);
  CHECK(at.Reload(letter).subject() == "问价");
  // What is asked for has been done since: only a first answer can be given.
  CHECK(Must(at.Ask(letter, "问价", "r-1")).SerializeAsString() == asked.SerializeAsString());
  CHECK(ReasonOf(at.Ask(letter, "问事", "r-1").status()) == "REQUEST_ID_REUSED");
  CHECK(at.Actions(letter.id()) == std::vector<std::string>{"RECEIVE", "CORRECT"});
}

}  // namespace sifa::casework
