#include "libs/casework/letter_fixture.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "libs/casework/errand_fixture.h"
#include "libs/casework/reminder_fixture.h"
#include "libs/journal/sealer.h"

namespace sifa::casework {
namespace {

constexpr procedure::Law kLaw = {"信访工作条例", "22"};
const calendar::Period kFifteenDays = calendar::Days("CVL", 15);

bool IsUrgent(const Letter& letter) { return letter.urgent(); }

absl::StatusOr<Letter> NewLetter(const test::ReceiveLetterRequest& r, const Asking& asking) {
  Letter letter;
  ASSIGN_OR_RETURN(*letter.mutable_organisation_path(), asking.backend().path_of(r.organisation()));
  letter.set_organisation(r.organisation());
  letter.set_region("330783");
  letter.set_subject(r.subject());
  letter.set_assignee(r.assignee());
  letter.set_urgent(r.urgent());
  return letter;
}

absl::Status ReplyLetter(Letter& letter, const test::ReplyLetterRequest&, const Act& act) {
  letter.set_answered_on(act.occurred_on());
  return absl::OkStatus();
}

const procedure::Guard<Letter> kNothingOrdered = {
    "交办", "ERRAND_OPEN", "本信交办的事项尚未办结，不能复信", kLaw,
    [](const Letter&, const procedure::Facts& facts) { return facts.NothingStands("Errand:open"); }};

const procedure::Row<Letter> kRows[] = {
    {.act = Letter::RECEIVE,
     .from = {Letter::STATE_UNSPECIFIED},
     .to = Letter::RECEIVED,
     .create = Create<NewLetter>,
     .starts = {{.clock = Letter::REPLY_BY, .period = kFifteenDays, .article = "22"},
                {.clock = Letter::CALL_BY, .period = calendar::Hours("CCL", 24), .article = "22", .when = IsUrgent}},
     .law = kLaw},
    {.act = Letter::EDIT, .from = {Letter::RECEIVED}, .law = kLaw},
    {.act = Letter::REPLY,
     .from = {Letter::RECEIVED},
     .to = Letter::ANSWERED,
     .guards = {&kNothingOrdered},
     .apply = Apply<ReplyLetter>,
     .stops = {Letter::REPLY_BY, Letter::CALL_BY},
     .papers = {Letter::ANSWER},
     .law = kLaw},
};
const procedure::ClockKind kClocks[] = {{.clock = Letter::REPLY_BY, .warn_days = 3}, {.clock = Letter::CALL_BY}};

std::string AnsweredOn(const Letter& letter) { return letter.answered_on(); }
int64_t One(const Letter&) { return 1; }
constexpr statistics::Measure kMeasures[] = {{"letters", "复信数", "件", statistics::Number<Letter, One>}};

Index IndexOf(const Letter& letter) {
  return {
      .terms = {{"answered_on", letter.answered_on()}}, .blind = {{"subject", letter.subject()}}, .names = {letter.subject()}};
}

const Amendments<Letter> kAmendments = {.amendable = {{"subject"}, {"answered_on", true, Letter::REPLY}}};

}  // namespace

const procedure::Procedure<Letter> kLetterProcedure = {
    .name = "来信",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Letter::ANSWERED, Letter::VOIDED},
    .states = Letter::State_descriptor,
    .acts = Letter::Act_descriptor,
    .clock_kinds = Letter::Limit_descriptor,
    .papers = Letter::Document_descriptor,
};

constexpr statistics::Cube kLettersCube = {.id = 1,
                                           .name = "caseworktest.letters",
                                           .label = "复信",
                                           .day = statistics::Text<Letter, AnsweredOn>,
                                           .measures = kMeasures};
static_assert(statistics::IsSound(kLettersCube));

const Definition<Letter> kLetter = {
    .procedure = &kLetterProcedure,
    .index = IndexOf,
    .cubes = {&kLettersCube},
    .has_files = true,
    .amendments = &kAmendments,
    .flags = {{Letter::REMINDED, "Reminder", {Reminder::SET}}},
};

ServiceDefinition Letters() { return {.name = "caseworktest", .objects = {&kLetter, &kErrand, &kReminder}}; }

Desk::Desk()
    : office(SIFA_ROOT, Letters(), absl::CivilSecond(2024, 9, 2, 9, 0, 0)),
      calls("caseworktest", SIFA_ROOT "/libs/casework/testdata/config", office.clock),
      letters(backend()),
      corrections(backend()),
      types(office.objects->types()) {
  clerk = testing::ClaimsOf("01CLERK", "wang.fang", {testing::GrantOf("clerk", "O1", kOfficePath, 5, false)});
  head = testing::ClaimsOf("01HEAD", "zhao.min", {testing::GrantOf("head", "330783", kCountyPath, 3, true)});
  supervisor = testing::ClaimsOf("01CITY", "zhou.jie", {testing::GrantOf("supervisor", "3307", "/33/3307/", 2, true)});
  stranger = testing::ClaimsOf("01STRANGER", "sun.li", {testing::GrantOf("head", "330784", "/33/3307/330784/", 3, true)});
}

absl::StatusOr<Letter> Desk::Receive(const test::ReceiveLetterRequest& r, const absl::StatusOr<std::string>& found) {
  office.backend->path_of = [&](const std::string&) { return found; };
  auto call = Call("LetterService/ReceiveLetter", clerk);
  return office.Do<Letter>(call, r);
}

Letter Desk::Receive(const std::string& subject) {
  test::ReceiveLetterRequest r;
  r.set_organisation("O1");
  r.set_subject(subject);
  r.set_assignee("01CLERK");
  return Must(Receive(r, std::string(kOfficePath)));
}

absl::StatusOr<Letter> Desk::Edit(const test::EditLetterRequest& r, const absl::StatusOr<Id>& found) {
  auto call = Call("LetterService/EditLetter", clerk);
  return letters.ActOn(call, Letter::EDIT, r, [&] { return found; }, [&](Letter& letter) {
    letter.set_subject(r.subject());
    return absl::OkStatus();
  });
}

absl::StatusOr<Letter> Desk::Reply(const Letter& letter) {
  test::ReplyLetterRequest r;
  r.set_id(letter.id());
  return Reply(r);
}

absl::StatusOr<Letter> Desk::Reply(const test::ReplyLetterRequest& r) {
  auto call = Call("LetterService/ReplyLetter", clerk);
  return office.Do<Letter>(call, r);
}

Letter Desk::Reload(const Letter& letter) {
  return static_cast<const Letter&>(*Must(LoadObject(backend(), letters.type(), letter.id())));
}

std::vector<std::string> Desk::Actions(const std::string& id) {
  auto call = Call("LetterService/GetLetterHistory", head);
  v1::GetHistoryRequest r;
  r.set_id(id);
  std::vector<std::string> actions;
  const auto history = Must(History(backend(), letters.type(), call, r));
  for (const auto& entry : history.entries()) actions.push_back(entry.action());
  return actions;
}

std::string Desk::Findings() {
  journal::Sealer sealer(*office.pool, *office.keyring, office.clock, {.holder = "test", .anchor_path = anchors / "anchor"});
  while (Must(sealer.SealOnce()) > 0) {
  }
  const auto report = Must(VerifyAll(*office.pool, *office.keyring, types, office.clock.Now(), {.own = anchors / "anchor"}));
  return absl::StrJoin(report.findings, "\n", [](std::string* out, const journal::Finding& finding) {
    absl::StrAppend(out, finding.kind, " ", finding.text);
  });
}

std::string Desk::Sql(const std::string& id) {
  return absl::StrCat("UNHEX('", absl::BytesToHexString(Must(ParseId(id)).AsBytes()), "')");
}

int64_t Desk::Count(const std::string& sql) {
  int64_t count = 0;
  const absl::Status status = office.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query(sql));
    count = rows[0].Int(0);
    return absl::OkStatus();
  });
  if (!status.ok()) FAIL(status);
  return count;
}

}  // namespace sifa::casework
