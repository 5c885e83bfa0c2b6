#include "services/corrections/check.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/references.h"
#include "services/corrections/instants.h"
#include "services/corrections/proposal.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcl26 = Ccl("26");

absl::Time CallAt(const Check& check) { return TimeOf(check.call_at()); }
absl::Time VisitAt(const Check& check) { return TimeOf(check.visit_at()); }
absl::Time TellAt(const Check& check) { return TimeOf(check.tell_at()); }
absl::Time EndsAt(const Check& check) { return TimeOf(check.settle_at()); }

bool IsDoubted(const Check& check) {
  return check.means() == Check::ONLINE || (check.means() == Check::FACE && !check.machine_accepts());
}
bool IsAbsent(const Check& check) { return !check.present(); }
bool WasMissed(const Check& check) { return !check.missed_on().empty(); }

const Guard<Check> kWhileAsked = {"点名", "CHECK_OVER", "应答时间应当在发起核查之后、核查截止之前", kCcl26,
                                  [](const Check& check, const Facts&) {
                                    const absl::Time at = TimeOf(check.answered_at());
                                    return at >= TimeOf(check.opened_at()) && at < EndsAt(check);
                                  }};

// He was there after all.
absl::Status TakeBackMissing(Check& check, const Act& act) {
  if (!WasMissed(check)) return absl::OkStatus();
  check.clear_missed_on();
  return WithdrawProposals(check.id(), act);
}

absl::Status Answer(Check& check, const v1::AnswerCheckRequest& r, const Act& act) {
  if (!act.occurred_at()) return InvalidField("occurred_at", "INSTANT_MISSING", "点名按时刻核查，请填写应答的时刻");
  if (r.means() == Check::ONLINE) return InvalidField("means", "MEANS_OF_PERSON", "线上应答由本人用本人账号办理");
  check.set_means(r.means());
  *check.mutable_answered_at() = StampOf(*act.occurred_at());
  check.set_score(r.score());
  check.set_live(r.live());
  check.set_note(r.note());
  check.set_machine_accepts(r.means() == Check::FACE && r.live() &&
                            r.score() >= FigureOf("corrections.roll_call_face_score", 80, act.facts()));
  return IsDoubted(check) ? absl::OkStatus() : TakeBackMissing(check, act);
}

// Whoever has his account may write in his name: so it is judged as a machine's "no" is.
absl::Status Respond(Check& check, const v1::RespondToCheckRequest& r, const Act& act) {
  check.set_means(Check::ONLINE);
  *check.mutable_answered_at() = StampOf(act.now());
  check.set_statement(r.statement());
  return absl::OkStatus();
}

absl::Status Judge(Check& check, const v1::JudgeCheckRequest& r, const Act& act) {
  check.set_present(r.present());
  check.set_judgement(r.judgement());
  check.set_judged_on(act.occurred_on());
  return r.present() ? TakeBackMissing(check, act) : absl::OkStatus();
}

// Missing a roll-call decides nothing: that he be searched for is proposed, unless he is already.
absl::Status Miss(Check& check, const Act& act) {
  check.set_missed_on(act.occurred_on());
  ASSIGN_OR_RETURN(const Id subject, ParseId(check.subject()));
  const casework::ObjectType& searches = act.neighbours().TypeOf<Search>();
  ASSIGN_OR_RETURN(const auto open, casework::OpenOn(act.connection(), searches, "subject", subject));
  if (!open.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Subject s, act.LoadUnchecked<Subject>(check.subject()));
  return Propose(s,
                 {.kind = Proposal::SEARCH,
                  .source_type = "Check",
                  .source = check.id(),
                  .criterion = "点名未应答，经电话联系、上门核查仍未联系到本人",
                  .law = Ccl("30"),
                  .facts = absl::StrCat(check.opened_on(), "点名，至次日截止时未应答"),
                  .happened_on = check.opened_on()},
                 act);
}

absl::Status Lapse(Check& check, const Act& act) {
  return StopAtInstant(check, {Check::ANSWER_BY, Check::CALL_BY, Check::VISIT_BY, Check::SETTLE_BY, Check::JUDGE_BY}, act);
}

constexpr procedure::States kUnanswered = {Check::WAITING, Check::TO_CALL, Check::TO_VISIT, Check::TOLD};

// What the suite does when a limit has passed: each step also stops those before it, should it have been down meanwhile.
const Row<Check> kRows[] = {
    {.act = Check::OPEN,
     .from = {Check::STATE_UNSPECIFIED},
     .to = Check::WAITING,
     .indirect = true,
     .checks = {&kInCorrection<Check>},
     .starts = {{.clock = Check::ANSWER_BY, .article = "26", .until_at = CallAt},
                {.clock = Check::CALL_BY, .article = "26", .until_at = VisitAt},
                {.clock = Check::VISIT_BY, .article = "26", .until_at = TellAt},
                {.clock = Check::SETTLE_BY, .article = "26", .until_at = EndsAt}},
     .law = kCcl26},
    {.act = Check::ANSWER,
     .from = {Check::WAITING, Check::TO_CALL, Check::TO_VISIT, Check::TOLD, Check::MISSED},
     .to = Check::PRESENT,
     .fork = {Check::TO_JUDGE, IsDoubted},
     .apply = Apply<Answer>,
     .checks = {&kWhileAsked},
     .starts = {{.clock = Check::JUDGE_BY, .article = "26", .when = IsDoubted, .until_at = EndsAt}},
     .stops = {Check::ANSWER_BY, Check::CALL_BY, Check::VISIT_BY, Check::SETTLE_BY},
     .law = kCcl26},
    {.act = Check::RESPOND,
     .from = kUnanswered,
     .to = Check::TO_JUDGE,
     .apply = Apply<Respond>,
     .checks = {&kWhileAsked},
     .starts = {{.clock = Check::JUDGE_BY, .article = "26", .until_at = EndsAt}},
     .stops = {Check::ANSWER_BY, Check::CALL_BY, Check::VISIT_BY, Check::SETTLE_BY},
     .law = kCcl26},
    {.act = Check::JUDGE,
     .from = {Check::TO_JUDGE},
     .to = Check::PRESENT,
     .fork = {Check::MISSED, IsAbsent},
     .when = WasMissed,
     .apply = Apply<Judge>,
     .stops = {Check::JUDGE_BY},
     .law = kCcl26},
    {.act = Check::JUDGE,
     .from = {Check::TO_JUDGE},
     .to = Check::PRESENT,
     .fork = {Check::TOLD, IsAbsent},
     .apply = Apply<Judge>,
     .starts = {{.clock = Check::SETTLE_BY, .article = "26", .when = IsAbsent, .until_at = EndsAt}},
     .stops = {Check::JUDGE_BY},
     .law = kCcl26},
    {.act = Check::CALL,
     .from = {Check::WAITING},
     .to = Check::TO_CALL,
     .aside = true,
     .level = Level::kSystem,
     .stops = {Check::ANSWER_BY},
     .law = kCcl26},
    {.act = Check::VISIT,
     .from = {Check::WAITING, Check::TO_CALL},
     .to = Check::TO_VISIT,
     .aside = true,
     .level = Level::kSystem,
     .stops = {Check::ANSWER_BY, Check::CALL_BY},
     .law = kCcl26},
    {.act = Check::TELL,
     .from = {Check::WAITING, Check::TO_CALL, Check::TO_VISIT},
     .to = Check::TOLD,
     .aside = true,
     .level = Level::kSystem,
     .stops = {Check::ANSWER_BY, Check::CALL_BY, Check::VISIT_BY},
     .law = kCcl26},
    {.act = Check::MISS,
     .from = kUnanswered,
     .to = Check::MISSED,
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<Miss>,
     .stops = {Check::ANSWER_BY, Check::CALL_BY, Check::VISIT_BY, Check::SETTLE_BY},
     .law = Ccl("30")},
    {.act = Check::LAPSE,
     .from = {Check::WAITING, Check::TO_CALL, Check::TO_VISIT, Check::TOLD, Check::TO_JUDGE},
     .to = Check::LAPSED,
     .indirect = true,
     .aside = true,
     .apply = Apply<Lapse>,
     .law = Ccl("45")},
};

// None of them warns ahead: what is owed within half an hour is urgent from the start.
const procedure::ClockKind kClocks[] = {{.clock = Check::ANSWER_BY, .warn_days = 0, .then = Check::CALL},
                                        {.clock = Check::CALL_BY, .warn_days = 0, .then = Check::VISIT},
                                        {.clock = Check::VISIT_BY, .warn_days = 0, .then = Check::TELL},
                                        {.clock = Check::SETTLE_BY, .warn_days = 0, .then = Check::MISS},
                                        {.clock = Check::JUDGE_BY, .warn_days = 0}};

casework::Index IndexOf(const Check& check) {
  casework::Index index = IndexOfRecord(check, check.opened_on());
  index.terms.push_back({"roll_call", check.roll_call()});
  return index;
}

// He answers for himself, and nobody for him.
std::vector<casework::Further> ForHimself(const Check& check) {
  return {{.path = OwnPath(check.organisation_path(), check.subject()), .acts = {Check::RESPOND}}};
}

absl::Status Narrow(const v1::ListChecksRequest& r, const casework::Backend& backend, casework::ListQuery* query) {
  if (!r.roll_call().empty()) query->terms.push_back({"roll_call", r.roll_call()});
  return NarrowRecords(r, backend, query);
}

}  // namespace

absl::Time SettleAt(absl::Time called_at, const procedure::Facts& facts) {
  const int hour = FigureOf("corrections.roll_call_ends_at_hour", 8, facts);
  return absl::FromCivil(absl::CivilHour(DayOf(called_at) + 1) + hour, ChinaTime());
}

absl::Status OpenCheck(const Subject& s, const std::string& roll_call, absl::Time settle_at, bool heightened, const Act& act) {
  const int percent = heightened ? FigureOf("corrections.roll_call_heightened_percent", 50, act.facts()) : 100;
  const auto after = [&](const char* figure, int unless_set) {
    return StampOf(act.now() + absl::Minutes(FigureOf(figure, unless_set, act.facts())) * percent / 100);
  };
  auto check = RecordOf<Check>(s);
  check.set_roll_call(roll_call);
  check.set_opened_on(act.occurred_on());
  *check.mutable_opened_at() = StampOf(act.now());
  *check.mutable_call_at() = after("corrections.roll_call_minutes_call", 30);
  *check.mutable_visit_at() = after("corrections.roll_call_minutes_visit", 60);
  *check.mutable_tell_at() = after("corrections.roll_call_minutes_county", 120);
  *check.mutable_settle_at() = StampOf(settle_at);
  check.set_heightened(heightened);
  return act.Open<Check>(Check::OPEN, std::move(check)).status();
}

const procedure::Procedure<Check> kCheckProcedure = {
    .name = "核查",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Check::PRESENT, Check::MISSED, Check::LAPSED, Check::VOIDED},
    .states = Check::State_descriptor,
    .acts = Check::Act_descriptor,
    .clock_kinds = Check::Limit_descriptor,
    .papers = Check::Document_descriptor,
};

const casework::Definition<Check> kCheck = {
    .procedure = &kCheckProcedure,
    .index = IndexOf,
    .cubes = {&kChecksCube},
    .list = casework::ListOf<Narrow>,
    .references =
        {OfSubject(Check::LAPSE),
         {.field = "roll_call", .to = "RollCall", .reason = "ROLL_CALL_HAS_CHECKS", .sentence = "该点名已发起核查，不能作废"}},
    .further = ForHimself,
    .sealed = OfMinor<Check>,
};

}  // namespace sifa::corrections
