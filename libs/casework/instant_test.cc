// The instant of an act beside its day, and limits in hours that follow from it.
#include "absl/strings/match.h"
#include "libs/casework/journal_reading.h"
#include "libs/casework/letter_fixture.h"
#include "libs/casework/watcher.h"
#include "libs/casework/work.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

absl::Time At(int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilSecond(2024, 9, day, hour, minute), ChinaTime());
}

struct Timed : Desk {
  // It is Monday, 2 September, 9:00.
  static test::ReceiveLetterRequest Request(const std::string& day, std::optional<absl::Time> at, bool urgent = true) {
    test::ReceiveLetterRequest r;
    r.set_organisation("O1");
    r.set_subject("求助");
    r.set_assignee("01CLERK");
    r.set_urgent(urgent);
    r.set_occurred_on(day);
    if (at) {
      r.mutable_occurred_at()->set_seconds(absl::ToUnixSeconds(*at));
      r.mutable_occurred_at()->set_nanos(123456000);
    }
    return r;
  }
  absl::StatusOr<Letter> Take(const std::string& day, std::optional<absl::Time> at, bool urgent = true) {
    return Desk::Receive(Request(day, at, urgent), std::string(kOfficePath));
  }
  v1::HistoryEntry Latest(const Letter& letter) {
    auto call = Call("LetterService/GetLetterHistory", head);
    v1::GetHistoryRequest r;
    r.set_id(letter.id());
    r.set_latest_first(true);
    return Must(History(backend(), letters.type(), call, r)).entries(0);
  }
  v1::Clock CallBy(const Letter& letter) {
    auto call = Call("LetterService/GetLetterHistory", head);
    return *procedure::FindClock(Must(letters.Get(call, letter.id())).clocks(), "CALL_BY");
  }
  std::vector<std::string> Work(v1::ListWorkRequest::Kind kind) {
    WorkService work(backend(), types);
    auto call = OfficeCall("WorkService/ListWork", clerk);
    v1::ListWorkRequest r;
    r.set_kind(kind);
    r.add_types("Letter");
    std::vector<std::string> found;
    const auto list = Must(work.List(call, r));
    for (const auto& item : list.items()) {
      found.push_back(absl::StrCat(
          item.clock(), " ", item.due_on(), " ", v1::Clock::Colour_Name(item.colour()), " ",
          item.has_due_at() ? absl::FormatTime("%H:%M", absl::FromUnixSeconds(item.due_at().seconds()), ChinaTime()) : "-"));
    }
    return found;
  }
};

std::string ReasonAndField(const absl::Status& status) {
  const auto details = ToProto(status);
  return absl::StrCat(ReasonOf(status), " ",
                      absl::StrContains(details.DebugString(), "occurredAt") ? "occurred_at" : "occurred_on");
}

}  // namespace

TEST_CASE("an act that is entered as it is done has the instant; one entered later has what is known of it") {
  Timed desk;
  const Letter now = Must(desk.Take("", std::nullopt));
  CHECK(desk.Latest(now).occurred_on() == "2024-09-02");
  CHECK(desk.Latest(now).occurred_at().seconds() == absl::ToUnixSeconds(At(2, 9)));
  const Letter by_day = Must(desk.Take("2024-08-30", std::nullopt, false));
  CHECK(desk.Latest(by_day).occurred_on() == "2024-08-30");
  CHECK_FALSE(desk.Latest(by_day).has_occurred_at());
  const Letter by_instant = Must(desk.Take("", At(1, 23, 30)));
  CHECK(desk.Latest(by_instant).occurred_on() == "2024-09-01");
  CHECK(desk.Latest(by_instant).occurred_at().nanos() == 123456000);
  CHECK(desk.Take("2024-09-01", At(1, 0)).ok());
}

TEST_CASE("day and instant of an act agree, and neither is to come") {
  Timed desk;
  CHECK(ReasonAndField(desk.Take("", At(2, 9, 1)).status()) == "INSTANT_FUTURE occurred_at");
  CHECK(ReasonAndField(desk.Take("2024-09-03", std::nullopt).status()) == "DATE_FUTURE occurred_on");
  // Half past midnight in China is still the day before by UTC.
  CHECK(ReasonAndField(desk.Take("2024-08-31", At(1, 0, 30)).status()) == "INSTANT_OF_ANOTHER_DAY occurred_at");
  CHECK(ReasonAndField(desk.Take("2024-09-02", At(1, 23, 59)).status()) == "INSTANT_OF_ANOTHER_DAY occurred_at");
  CHECK(ReasonAndField(desk.Take("", absl::FromUnixSeconds(-3'000'000'000)).status()) == "FIELD_DATE occurred_at");
  CHECK(desk.Take("2024-09-01", At(1, 0, 30)).ok());
  CHECK(desk.Count("SELECT COUNT(*) FROM object") == 1);
}

TEST_CASE("a limit of 24 hours ends at an instant: it turns, is overdue and is kept by the hour") {
  Timed desk;
  Watcher watcher(desk.backend(), "watcher", desk.types);
  const Letter letter = Must(desk.Take("", std::nullopt));
  CHECK(desk.CallBy(letter).due_at().seconds() == absl::ToUnixSeconds(At(3, 10)));
  CHECK(desk.Work(v1::ListWorkRequest::TODO) == std::vector<std::string>{"CALL_BY 2024-09-03 GREEN 10:00"});
  CHECK(Must(watcher.LookOnce()) == 0);
  desk.office.clock.Set(absl::CivilSecond(2024, 9, 3, 4, 0, 0));
  CHECK(Must(watcher.LookOnce()) == 1);
  CHECK(Must(watcher.LookOnce()) == 0);
  CHECK(desk.CallBy(letter).colour() == v1::Clock::YELLOW);
  desk.office.clock.Set(absl::CivilSecond(2024, 9, 3, 9, 59, 59));
  CHECK(Must(watcher.LookOnce()) == 0);
  CHECK(desk.Work(v1::ListWorkRequest::OVERDUE).empty());
  desk.office.clock.Set(absl::CivilSecond(2024, 9, 3, 10, 0, 0));
  CHECK(Must(watcher.LookOnce()) == 1);
  CHECK(desk.Work(v1::ListWorkRequest::OVERDUE) == std::vector<std::string>{"CALL_BY 2024-09-03 RED 10:00"});
  // It was done on paper in time, as its instant says.
  test::ReplyLetterRequest reply;
  reply.set_id(letter.id());
  reply.mutable_occurred_at()->set_seconds(absl::ToUnixSeconds(At(3, 9, 30)));
  REQUIRE(desk.Reply(reply).ok());
  CHECK(desk.CallBy(letter).colour() == v1::Clock::GREEN);
  CHECK(desk.CallBy(letter).ended_at().seconds() == absl::ToUnixSeconds(At(3, 9, 30)));
}

TEST_CASE("an act of which only the day is known starts and ends no limit in hours, and changes nothing") {
  Timed desk;
  CHECK(ReasonAndField(desk.Take("2024-09-01", std::nullopt).status()) == "INSTANT_MISSING occurred_at");
  CHECK(desk.Count("SELECT COUNT(*) FROM object") == 0);
  const Letter letter = Must(desk.Take("", std::nullopt));
  test::ReplyLetterRequest reply;
  reply.set_id(letter.id());
  reply.set_occurred_on("2024-09-02");
  CHECK(ReasonAndField(desk.Reply(reply).status()) == "INSTANT_MISSING occurred_at");
  CHECK(desk.Reload(letter).state() == Letter::RECEIVED);
  reply.mutable_occurred_at()->set_seconds(absl::ToUnixSeconds(At(2, 9)));
  CHECK(desk.Reply(reply).ok());
}

}  // namespace sifa::casework
