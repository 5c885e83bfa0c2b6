#include "libs/casework/test_desk.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "libs/journal/sealer.h"

namespace sifa::casework {
namespace {

constexpr procedure::Law kLaw = {"信访工作条例", "22"};
const calendar::Period kFifteenDays = calendar::Days("CVL", 15);

bool IsUrgent(const Letter& letter) { return letter.urgent(); }

const procedure::Row<Letter> kRows[] = {
    {.act = Letter::RECEIVE,
     .from = {Letter::STATE_UNSPECIFIED},
     .to = Letter::RECEIVED,
     .permission = "caseworktest.letter.handle",
     .starts = {{.clock = Letter::REPLY_BY, .period = kFifteenDays, .article = "22"},
                {.clock = Letter::CALL_BY, .period = calendar::Hours("CCL", 24), .article = "22", .when = IsUrgent}},
     .law = kLaw},
    {.act = Letter::EDIT, .from = {Letter::RECEIVED}, .permission = "caseworktest.letter.handle", .law = kLaw},
    {.act = Letter::REPLY,
     .from = {Letter::RECEIVED},
     .to = Letter::ANSWERED,
     .permission = "caseworktest.letter.handle",
     .stops = {Letter::REPLY_BY, Letter::CALL_BY},
     .papers = {Letter::ANSWER},
     .law = kLaw},
};
const procedure::ClockKind kClocks[] = {{.clock = Letter::REPLY_BY, .warn_days = 3}, {.clock = Letter::CALL_BY}};

const auto kCorrectionRows = CorrectionRows("caseworktest.correction.request", "caseworktest.correction.approve");

std::string AnsweredOn(const Letter& letter) { return letter.answered_on(); }
int64_t One(const Letter&) { return 1; }
constexpr statistics::Measure kMeasures[] = {{"letters", "复信数", "件", statistics::Number<Letter, One>}};

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
const procedure::Procedure<Correction> kLetterCorrections = CorrectionProcedure(kCorrectionRows);

Index IndexOfLetter(const Message& message) {
  const auto& letter = static_cast<const Letter&>(message);
  return {.terms = {{"answered_on", letter.answered_on()}}, .blind = {{"subject", letter.subject()}}, .names = {letter.subject()}};
}

constexpr statistics::Cube kLettersCube = {.id = 1,
                                           .name = "caseworktest.letters",
                                           .label = "复信",
                                           .day = statistics::Text<Letter, AnsweredOn>,
                                           .measures = kMeasures};
static_assert(statistics::IsSound(kLettersCube));

Desk::Desk()
    : office(SIFA_ROOT, {{"statistics", absl::MakeConstSpan(statistics::kSchema, statistics::kSchemaSteps)}},
             absl::CivilSecond(2024, 9, 2, 9, 0, 0)),
      calls(SIFA_ROOT "/libs/casework/testdata/config", office.clock),
      letters(backend(), "caseworktest"),
      corrections(backend(), "caseworktest"),
      types{&letters.type(), &corrections.type()} {
  letters.type().index = IndexOfLetter;
  letters.type().counts = [](const Message& message) {
    static constexpr const statistics::Cube* kCubes[] = {&kLettersCube};
    return statistics::CountsOf(static_cast<const Letter&>(message), kCubes);
  };
  clerk = testing::ClaimsOf("01CLERK", "wang.fang", {testing::GrantOf("clerk", "O1", kOfficePath, 5, false)});
  head = testing::ClaimsOf("01HEAD", "zhao.min", {testing::GrantOf("head", "330783", kCountyPath, 3, true)});
  supervisor = testing::ClaimsOf("01CITY", "zhou.jie", {testing::GrantOf("supervisor", "3307", "/33/3307/", 2, true)});
  stranger = testing::ClaimsOf("01STRANGER", "sun.li", {testing::GrantOf("head", "330784", "/33/3307/330784/", 3, true)});
}

absl::StatusOr<Letter> Desk::Receive(const test::ReceiveLetterRequest& r, const absl::StatusOr<std::string>& found) {
  auto call = Call("LetterService/ReceiveLetter", clerk);
  const auto prepare = [&]() -> absl::StatusOr<Letter> {
    RETURN_IF_ERROR(found.status());
    Letter letter;
    letter.set_organisation(r.organisation());
    letter.set_organisation_path(*found);
    letter.set_region("330783");
    letter.set_subject(r.subject());
    letter.set_assignee(r.assignee());
    letter.set_urgent(r.urgent());
    return letter;
  };
  return letters.Create(call, Letter::RECEIVE, r, prepare);
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
  return letters.Act(call, Letter::REPLY, r, [](Letter& l, const Act& act) {
    l.set_answered_on(act.occurred_on());
    return absl::OkStatus();
  });
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
  const std::vector<ObjectType> all = {MakeType<Letter, kLetterProcedure>("caseworktest", letters.type().index),
                                       MakeType<Correction, kLetterCorrections>("caseworktest")};
  const auto report = Must(VerifyAll(*office.pool, *office.keyring, all, office.clock.Now(), {.own = anchors / "anchor"}));
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
