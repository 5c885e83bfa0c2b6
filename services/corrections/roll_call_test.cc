// Roll-calls, their checks and heightenings (社区矫正法 §24, §26, §30; mission 31), over their tables and over a database.
#include "services/corrections/roll_call.h"

#include "absl/strings/str_cat.h"
#include "services/corrections/check.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/duty.h"
#include "services/corrections/heightening.h"
#include "services/corrections/instants.h"
#include "services/corrections/proposal.h"
#include "services/corrections/record_fixture.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

constexpr char kAll[] = R"({"office": "330783118", "region": "330783118", "mode": "WHOLE"})";
constexpr char kPhone[] = R"({"means": "PHONE", "note": "本人接听，在家"})";

RollCall Drawn(Course& at, const char* json = kAll) { return Course::Must(at.Try<RollCall>("DrawRollCall", json, at.county)); }
RollCall Started(Course& at, const char* json = kAll) { return at.Do("StartRollCall", Drawn(at, json), "{}", at.county); }
std::string Refused(Course& at, const char* json, const Course::Claims& who) {
  return ReasonOf(at.Try<RollCall>("DrawRollCall", json, who).status());
}

// The suite after so many minutes from nine o'clock of the day on which the clock stands.
void AfterMinutes(Course& at, int minutes) {
  at.backend.clock.Set(absl::CivilSecond(at.backend.clock.Today()) + 9 * 3600 + minutes * 60);
  casework::Watcher watcher(*at.backend.backend, "watcher", at.backend.objects->types());
  Course::Must(watcher.LookOnce());
}

// Called at nine o'clock on 2024-10-08.
Check Called() {
  Check check;
  const auto at = [](int hour, int minute) {
    return StampOf(absl::FromCivil(absl::CivilMinute(2024, 10, 8, hour, minute), ChinaTime()));
  };
  *check.mutable_opened_at() = at(9, 0);
  *check.mutable_call_at() = at(9, 30);
  *check.mutable_visit_at() = at(10, 0);
  *check.mutable_tell_at() = at(11, 0);
  *check.mutable_settle_at() = at(32, 0);
  return check;
}

procedure::Facts At(int hour, int minute, const Subject& s = Probationer()) {
  procedure::Facts facts = On("2024-10-08", s);
  facts.occurred_at = absl::FromCivil(absl::CivilMinute(2024, 10, 8, hour, minute), ChinaTime());
  return facts;
}

std::function<absl::Status(Check&)> AnsweredAt(int hour, int minute, Check::Means means = Check::PHONE) {
  return [=](Check& check) {
    check.set_means(means);
    *check.mutable_answered_at() = StampOf(absl::FromCivil(absl::CivilMinute(2024, 10, 8, hour, minute), ChinaTime()));
    return absl::OkStatus();
  };
}

}  // namespace

TEST_CASE("mission 31: whoever has the numbers and the published seed draws the same; the digest is that of sort and sha256sum") {
  const std::vector<std::string> numbers = {"330783202400003", "330783202400001", "330783202400002"};
  const auto drawn = DrawLot("20241008福彩3D第268期", numbers, 2);
  REQUIRE(drawn.size() == 2);
  CHECK(drawn == DrawLot("20241008福彩3D第268期", {numbers[1], numbers[2], numbers[0]}, 2));
  CHECK(DrawLot("20241008福彩3D第268期", numbers, 9).size() == 3);
  CHECK(DrawLot("", numbers, 3) != DrawLot("1", numbers, 3));
  CHECK(DigestOf(numbers) == "e6676911ad85bd5c5268a9ef4e2ddfb87d8eae3e6758803f4943aa9edb1ce587");
}

TEST_CASE("社区矫正法 §26: a check is called from who is in correction, and its limits end at their minutes") {
  Check check = Called();
  CHECK(Do(kCheckProcedure, check, Check::OPEN, At(9, 0, Probationer(Subject::RELEASED))) == "SUBJECT_NOT_IN_CORRECTION");
  REQUIRE(Do(kCheckProcedure, check, Check::OPEN, At(9, 0)) == "");
  std::vector<std::string> ends;
  for (const auto& clock : check.clocks()) ends.push_back(procedure::EndInWords(clock));
  CHECK(ends == std::vector<std::string>{"2024-10-08 09:30", "2024-10-08 10:00", "2024-10-08 11:00", "2024-10-09 08:00"});
}

TEST_CASE("社区矫正法 §26: an answer lies between call and end; a machine's no goes to a person, and his no to the county") {
  Check check = Called();
  REQUIRE(Do(kCheckProcedure, check, Check::OPEN, At(9, 0)) == "");
  CHECK(Do(kCheckProcedure, check, Check::ANSWER, At(9, 5), AnsweredAt(8, 59)) == "CHECK_OVER");
  CHECK(Do(kCheckProcedure, check, Check::ANSWER, At(9, 5), AnsweredAt(32, 0)) == "CHECK_OVER");
  Check by_phone = check;
  REQUIRE(Do(kCheckProcedure, by_phone, Check::ANSWER, At(9, 5), AnsweredAt(9, 5)) == "");
  CHECK(by_phone.state() == Check::PRESENT);
  REQUIRE(Do(kCheckProcedure, check, Check::ANSWER, At(9, 5), AnsweredAt(9, 5, Check::FACE)) == "");
  CHECK(check.state() == Check::TO_JUDGE);
  CHECK(Do(kCheckProcedure, check, Check::MISS, At(32, 0)) == "ACTION_NOT_ALLOWED");
  Check present = check;
  REQUIRE(Do<Check>(kCheckProcedure, present, Check::JUDGE, At(9, 10), [](Check& c) {
            c.set_present(true);
            return absl::OkStatus();
          }) == "");
  CHECK(present.state() == Check::PRESENT);
  REQUIRE(Do(kCheckProcedure, check, Check::JUDGE, At(9, 10)) == "");
  CHECK(check.state() == Check::TOLD);
  CHECK(procedure::FindClock(check.clocks(), "SETTLE_BY")->state() == casework::v1::Clock::RUNNING);
  CHECK(Do(kCheckProcedure, check, Check::MISS, At(32, 0)) == "");
}

TEST_CASE("社区矫正法 §26: what was late in the suite goes on from where it stands") {
  Check check = Called();
  REQUIRE(Do(kCheckProcedure, check, Check::OPEN, At(9, 0)) == "");
  REQUIRE(Do(kCheckProcedure, check, Check::TELL, At(13, 0)) == "");
  CHECK(check.state() == Check::TOLD);
  for (const char* stopped : {"ANSWER_BY", "CALL_BY", "VISIT_BY"}) {
    CHECK(procedure::FindClock(check.clocks(), stopped)->state() == casework::v1::Clock::STOPPED);
  }
  CHECK(Do(kCheckProcedure, check, Check::CALL, At(13, 0)) == "ACTION_NOT_ALLOWED");
}

TEST_CASE(
    "点名: all of a place are called; half an hour, an hour, two hours, the next morning; then a search is proposed, once") {
  Course at;
  at.GoTo("2024-10-08");
  const Subject silent = at.Active(), there = at.Active();
  at.Notice();  // not received: not called
  CHECK(ReasonOf(at.Try<RollCall>("DrawRollCall", kAll, at.office).status()) == "NOT_FOUND");
  RollCall roll_call = Started(at);
  CHECK(roll_call.population() == 2);
  CHECK(roll_call.called() == 2);
  CHECK(roll_call.number() == "（2024）330783矫点字第1号");
  CHECK(at.OneOf<Check>(there).organisation() == "330783118");
  at.Do("AnswerCheck", at.OneOf<Check>(there), kPhone, at.office);
  CHECK(at.Refusal<RollCall>("CloseRollCall", roll_call, "{}", at.county) == "ROLL_CALL_RUNS");
  const std::pair<int, Check::State> stages[] = {
      {29, Check::WAITING}, {30, Check::TO_CALL}, {60, Check::TO_VISIT}, {119, Check::TO_VISIT}, {120, Check::TOLD}};
  for (const auto& [minutes, state] : stages) {
    AfterMinutes(at, minutes);
    CHECK(at.OneOf<Check>(silent).state() == state);
  }
  CHECK(at.Of<Proposal>(silent).empty());
  at.GoTo("2024-10-09");
  at.GoTo("2024-10-09");
  Check missed = at.OneOf<Check>(silent);
  CHECK(missed.state() == Check::MISSED);
  const Proposal proposal = at.OneOf<Proposal>(silent);
  CHECK(proposal.kind() == Proposal::SEARCH);
  CHECK(proposal.source() == missed.id());
  CHECK(proposal.article() == "《社区矫正法》第30条");
  CHECK(at.OneOf<Check>(there).state() == Check::PRESENT);
  SECTION("nothing is decided: a person accepts, and he is searched for from the day before the roll-call") {
    at.Do("AcceptProposal", proposal, "{}", at.county);
    CHECK(at.OneOf<Search>(silent).absent_after() == "2024-10-07");
  }
  SECTION("an answer that was entered late takes back what was proposed") {
    CHECK(at.Refusal<Check>("AnswerCheck", missed, R"({"means": "PHONE"})", at.office) == "CHECK_OVER");
    CHECK(at.Refusal<Check>("AnswerCheck", missed, R"({"means": "PHONE", "occurredOn": "2024-10-08"})", at.office) ==
          "INSTANT_MISSING");
    missed = at.Do("AnswerCheck", missed, R"({"means": "PHONE", "occurredAt": "2024-10-08T03:00:00Z"})", at.office);
    CHECK(missed.state() == Check::PRESENT);
    CHECK(at.OneOf<Proposal>(silent).state() == Proposal::WITHDRAWN);
  }
  SECTION("counted when it is closed") {
    roll_call = at.Do("CloseRollCall", at.Now(roll_call), R"({"note": "一人未应答"})", at.county);
    CHECK(roll_call.answered() == 1);
    CHECK(roll_call.missed() == 1);
    CHECK(roll_call.pending() == 0);
  }
  CHECK(at.Findings().empty());
}

TEST_CASE("点名: who is searched for already is not proposed to be; whose term ends is asked no more") {
  Course at;
  at.GoTo("2024-10-08");
  const Subject sought = at.Active(), dead = at.Active();
  at.Make<Search>("StartSearch", sought, R"({"absentAfter": "2024-10-08"})", at.office);
  RollCall roll_call = Started(at);
  at.Do("RecordSubjectDeath", at.Now(dead), R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.OneOf<Check>(dead).state() == Check::LAPSED);
  at.GoTo("2024-10-09");
  CHECK(at.OneOf<Check>(sought).state() == Check::MISSED);
  CHECK(at.Of<Proposal>(sought).empty());
  roll_call = at.Do("CloseRollCall", at.Now(roll_call), "{}", at.county);
  CHECK(roll_call.ended() == 1);
  CHECK(roll_call.missed() == 1);
  CHECK(at.Findings().empty());
}

TEST_CASE("点名: a comparison of faces is judged by score and by whether somebody living was there") {
  Course at;
  at.GoTo("2024-10-08");
  const Subject s = at.Active();
  RollCall roll_call = Started(at);
  const Check check = at.OneOf<Check>(s);
  SECTION("accepted") {
    const Check after = at.Do("AnswerCheck", check, R"({"means": "FACE", "score": 80, "live": true})", at.office);
    CHECK(after.state() == Check::PRESENT);
  }
  SECTION("a photograph, and a low score") {
    for (const char* no : {R"({"means": "FACE", "score": 99})", R"({"means": "FACE", "score": 79, "live": true})"}) {
      CHECK(at.Do("AnswerCheck", at.Now(check), no, at.office).state() == Check::TO_JUDGE);
      const Check judged = at.Do("JudgeCheck", at.Now(check), R"({"judgement": "不是本人"})", at.office);
      CHECK(judged.state() == Check::TOLD);
    }
    at.GoTo("2024-10-09");
    CHECK(at.Now(check).state() == Check::MISSED);
    CHECK(at.OneOf<Proposal>(s).kind() == Proposal::SEARCH);
  }
  SECTION("waiting for a person in the morning it is not missed, and the roll-call may be closed") {
    at.Do("AnswerCheck", check, R"({"means": "FACE", "score": 10, "live": true})", at.office);
    CHECK(at.Refusal<RollCall>("CloseRollCall", roll_call, "{}", at.county) == "ROLL_CALL_RUNS");
    at.GoTo("2024-10-09");
    CHECK(at.Now(check).state() == Check::TO_JUDGE);
    CHECK(at.Now(check).clocks(4).colour() == casework::v1::Clock::RED);
    CHECK(at.Do("CloseRollCall", at.Now(roll_call), "{}", at.county).pending() == 1);
  }
  CHECK(at.Findings().empty());
}

TEST_CASE("点名: drawn by lot from a published seed; refused without one, of nobody, of too many, and for days past") {
  Course at;
  CHECK(Refused(at, kAll, at.county) == "POPULATION_EMPTY");
  at.GoTo("2024-10-08");
  std::vector<std::string> numbers;
  for (int i = 0; i < 4; ++i) numbers.push_back(at.Active().number());
  CHECK(Refused(at, R"({"office": "330783118", "region": "330783118", "mode": "BY_LOT", "sampleSize": 2})", at.county) ==
        "SEED_MISSING");
  const auto by_lot = [](int sample, const char* more = "") {
    return absl::StrCat(
        R"({"office": "330783", "region": "330783", "mode": "BY_LOT", "seed": "268", "seedPublished": "东阳市司法局公告栏",
                            "sampleSize": )",
        sample, more, "}");
  };
  CHECK(Refused(at, by_lot(5).c_str(), at.county) == "SAMPLE_SIZE_WRONG");
  CHECK(Refused(at, by_lot(0).c_str(), at.county) == "SAMPLE_SIZE_WRONG");
  CHECK(Refused(at, by_lot(2, R"(, "occurredOn": "2024-10-07")").c_str(), at.county) == "ROLL_CALL_NOT_NOW");
  CHECK(Refused(at, by_lot(2, R"(, "managementClass": "04")").c_str(), at.county) == "POPULATION_EMPTY");
  CHECK(Refused(at, by_lot(2).c_str(), at.neighbour) == "NOT_FOUND");
  const RollCall roll_call = Started(at, by_lot(2).c_str());
  CHECK(roll_call.population_digest() == DigestOf(numbers));
  CHECK(std::vector<std::string>(roll_call.drawn().begin(), roll_call.drawn().end()) == DrawLot("268", numbers, 2));
  CHECK(roll_call.called() == 2);
  const RollCall unused = Drawn(at, by_lot(1).c_str());
  CHECK(at.Do("CloseRollCall", unused, "{}", at.county).called() == 0);
  // The city above it calls it too.
  CHECK(Course::Must(at.Try<RollCall>("DrawRollCall", by_lot(1), at.city)).population() == 4);
  CHECK(at.Findings().empty());
}

TEST_CASE("点名: a large one is called in portions by the suite, each person once") {
  Course at;
  at.GoTo("2024-10-08");
  constexpr int kPeople = 203;  // one portion has 200
  std::vector<Subject> people;
  for (int i = 0; i < kPeople; ++i) people.push_back(at.Do("RegisterSubject", at.Notice(), "{}", at.county));
  RollCall roll_call = Started(at);
  CHECK(roll_call.called() == 200);
  CHECK(at.Refusal<RollCall>("CloseRollCall", roll_call, "{}", at.county) == "ROLL_CALL_RUNS");
  AfterMinutes(at, 1);
  CHECK(at.Now(roll_call).called() == kPeople);
  AfterMinutes(at, 2);
  CHECK(at.Now(roll_call).called() == kPeople);
  for (const Subject& s : people) CHECK(at.Of<Check>(s).size() == 1);
}

TEST_CASE("重点时段: at most thirty days, not back-dated, not overlapping of one place and class") {
  Course at;
  at.GoTo("2024-10-08");
  const auto decide = [&](const char* begins, const char* ends, const char* more = "") {
    return at.Try<Heightening>(
        "DecideHeightening",
        absl::StrCat(R"({"office": "330783118", "region": "330783118", "grounds": "重大活动", "beginsOn": ")", begins,
                     R"(", "endsOn": ")", ends, "\"", more, "}"),
        at.county);
  };
  const auto refusal = [&](const char* begins, const char* ends, const char* more = "") {
    return ReasonOf(decide(begins, ends, more).status());
  };
  CHECK(refusal("2024-10-10", "2024-10-09") == "PERIOD_REVERSED");
  CHECK(refusal("2024-10-07", "2024-10-20") == "HEIGHTENING_BACK_DATED");
  CHECK(refusal("2024-10-10", "2024-11-09") == "HEIGHTENING_TOO_LONG");  // thirty-one days
  Heightening h = Course::Must(decide("2024-10-10", "2024-11-08"));
  CHECK(h.state() == Heightening::PLANNED);
  CHECK(refusal("2024-11-08", "2024-11-20") == "HEIGHTENING_OVERLAPS");
  CHECK(refusal("2024-11-09", "2024-11-20") == "");
  CHECK(refusal("2024-10-10", "2024-10-20", R"(, "managementClass": "04")") == "");
  // Ended early it leaves the days free.
  h = at.Do("EndHeightening", h, R"({"reason": "活动取消"})", at.county);
  CHECK(refusal("2024-10-20", "2024-11-08") == "");
  CHECK(at.Findings().empty());
}

TEST_CASE("重点时段: weekly reports while it is in force, no longer limits after it, and nothing on the person") {
  Course at;
  const Subject s = at.Active();
  const auto decided = at.Try<Heightening>(
      "DecideHeightening",
      R"({"office": "330783", "region": "330783", "grounds": "重大活动", "beginsOn": "2024-10-08", "endsOn": "2024-10-25"})",
      at.county);
  const Heightening h = Course::Must(decided);
  at.GoTo("2024-10-07");
  CHECK(at.Of<Duty>(s).empty());
  at.GoTo("2024-10-08");
  CHECK(at.Now(h).state() == Heightening::IN_FORCE);
  const Duty first = at.OneOf<Duty>(s);
  CHECK(first.kind() == Duty::REPORT);
  CHECK(first.due_on() == "2024-10-14");
  CHECK(first.heightening() == h.id());
  CHECK(at.Now(s).etag() == s.etag());
  Started(at);
  CHECK(at.OneOf<Check>(s).heightened());
  CHECK(at.OneOf<Check>(s).clocks(0).due_at().seconds() == absl::ToUnixSeconds(at.backend.clock.Now() + absl::Minutes(15)));
  at.Do("SubmitDuty", first, R"({"means": "PHONE", "content": "在家务农", "occurredOn": "2024-10-08"})", at.office);
  at.GoTo("2024-10-15");
  const auto duties = at.Of<Duty>(s);
  REQUIRE(duties.size() == 2);
  CHECK(duties[1].due_on() == "2024-10-21");
  SECTION("it ends by itself: no round of less than a week, what was due stays due") {
    at.GoTo("2024-10-26");
    CHECK(at.Now(h).state() == Heightening::ENDED);
    CHECK(at.Now(h).ended_on() == "2024-10-25");
    CHECK(at.Of<Duty>(s).size() == 2);
    CHECK(at.Now(duties[1]).state() == Duty::MISSED);
  }
  SECTION("ended by hand: what is not yet due is owed no more") {
    at.Do("EndHeightening", at.Now(h), R"({"reason": "活动提前结束"})", at.county);
    CHECK(at.Now(duties[1]).state() == Duty::EXCUSED);
    CHECK(at.Now(first).state() == Duty::SUBMITTED);
    at.GoTo("2024-11-30");
    CHECK(at.Of<Duty>(s).size() == 2);
    CHECK(at.Of<Proposal>(s).size() == 1);  // of the roll-call that nobody answered
  }
  CHECK(at.Findings().empty());
}

TEST_CASE("重点时段: whoever reports within the week anyway is not asked twice") {
  Course at;
  at.backend.parameters = {{"corrections.report_days", 30}, {"corrections.report_days_04", 7}};
  const Subject weekly = at.Do("ClassifySubject", at.Active(), R"({"managementClass": "04"})", at.county);
  const Subject monthly = at.Active();
  Course::Must(at.Try<Heightening>(
      "DecideHeightening",
      R"({"office": "330783", "region": "330783", "grounds": "重大活动", "beginsOn": "2024-09-02", "endsOn": "2024-09-10"})",
      at.county));
  at.GoTo("2024-09-02");
  CHECK(at.OneOf<Duty>(monthly).due_on() == "2024-09-08");
  for (const Duty& duty : at.Of<Duty>(weekly)) CHECK(duty.heightening().empty());
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
