#include "services/corrections/roll_call.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/casework/place.h"
#include "libs/core/organisation_path.h"
#include "libs/crypto/suite.h"
#include "services/corrections/check.h"
#include "services/corrections/heightening.h"
#include "services/corrections/instants.h"
#include "services/corrections/people.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcl26 = Ccl("26");
constexpr int kPortion = 200;  // people whom one transaction calls; a lot is never larger than 300
constexpr int kPage = 500;     // of what is only read

absl::CivilDay CloseBy(const RollCall& r) { return DayOf(TimeOf(r.close_at())); }
absl::Time NextPortionAt(const RollCall& r) { return TimeOf(r.next_portion_at()); }
bool HasNextPortion(const RollCall& r) { return !r.cursor().empty(); }
bool IsByLot(const RollCall& r) { return r.mode() == RollCall::BY_LOT; }

const Guard<RollCall> kNow = {"点名", "ROLL_CALL_NOT_NOW", "点名应当即时进行，不能按以前的日期补录", kCcl26,
                              [](const RollCall&, const Facts& facts) { return facts.act_day == facts.today; }};
const Guard<RollCall> kSomebody = {"点名", "POPULATION_EMPTY", "该范围内没有可以点名的社区矫正对象", kCcl26,
                                   [](const RollCall& r, const Facts&) { return r.population() > 0; }};
const Guard<RollCall> kSeedPublished = {
    "抽取", "SEED_MISSING", "随机抽取应当使用事先公布的种子，并写明公布之处", kCcl26,
    [](const RollCall& r, const Facts&) { return !IsByLot(r) || (!r.seed().empty() && !r.seed_published().empty()); }};
const Guard<RollCall> kSampleFits = {
    "抽取", "SAMPLE_SIZE_WRONG", "抽取人数应当至少一人，且不超过范围内的人数", kCcl26,
    [](const RollCall& r, const Facts&) { return !IsByLot(r) || (r.sample_size() >= 1 && r.sample_size() <= r.population()); }};
// From the next morning on it may be closed with checks that still wait for a person's judgement.
const Guard<RollCall> kSettled = {"点名", "ROLL_CALL_RUNS", "尚有人员未应答或者未判定，次日截止之前不能结束点名", kCcl26,
                                  [](const RollCall& r, const Facts& facts) {
                                    if (r.cursor().empty() && facts.NothingStands("Check:open")) return true;
                                    const absl::Time close_at = TimeOf(r.close_at());
                                    return facts.occurred_at ? *facts.occurred_at >= close_at : facts.act_day > DayOf(close_at);
                                  }};

absl::StatusOr<RollCall> NewRollCall(const v1::DrawRollCallRequest& r, const Asking& asking) {
  RollCall roll_call;
  roll_call.set_organisation(r.office());
  ASSIGN_OR_RETURN(*roll_call.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  roll_call.set_region(region.ToString());
  roll_call.set_mode(r.mode());
  roll_call.set_management_class(r.management_class());
  if (IsByLot(roll_call)) {
    roll_call.set_seed(r.seed());
    roll_call.set_seed_published(r.seed_published());
    roll_call.set_sample_size(r.sample_size());
  }
  roll_call.set_drawn_on(asking.occurred_on());
  return roll_call;
}

Place PlaceOf(const RollCall& r) { return {r.organisation_path(), r.management_class()}; }

absl::Status Draw(RollCall& roll_call, const v1::DrawRollCallRequest&, const Act& act) {
  std::vector<std::string> numbers;
  std::string after;
  do {
    ASSIGN_OR_RETURN(const Portion portion, PeopleAt(PlaceOf(roll_call), after, kPage, act));
    for (const Subject& s : portion.people) numbers.push_back(s.number());
    after = portion.next;
  } while (!after.empty());
  roll_call.set_population(static_cast<int>(numbers.size()));
  roll_call.set_population_digest(DigestOf(numbers));
  if (!IsByLot(roll_call)) return absl::OkStatus();
  for (std::string& number : DrawLot(roll_call.seed(), numbers, roll_call.sample_size())) roll_call.add_drawn(std::move(number));
  return absl::OkStatus();
}

// Those who were drawn and are still there.
absl::StatusOr<std::vector<Subject>> DrawnOf(const RollCall& roll_call, const Act& act) {
  std::vector<Subject> people;
  for (const std::string& number : roll_call.drawn()) {
    casework::ListQuery query;
    query.scopes = {roll_call.organisation_path(), Seal(roll_call.organisation_path())};
    query.number = number;
    query.states = {Subject::REGISTERED, Subject::ACTIVE};
    query.limit = 1;
    ASSIGN_OR_RETURN(const auto found, act.backend().store.List(act.connection(), act.neighbours().TypeOf<Subject>(), query));
    for (const auto& one : found) people.push_back(static_cast<const Subject&>(*one.object));
  }
  return people;
}

// Calls the next portion of a whole roll-call, or at once all who were drawn.
absl::Status CallNext(RollCall& roll_call, const Act& act) {
  Portion portion;
  if (IsByLot(roll_call)) {
    ASSIGN_OR_RETURN(portion.people, DrawnOf(roll_call, act));
  } else {
    ASSIGN_OR_RETURN(portion, PeopleAt(PlaceOf(roll_call), roll_call.cursor(), kPortion, act));
  }
  ASSIGN_OR_RETURN(const auto in_force, HeighteningsInForce(act));
  const absl::Time close_at = TimeOf(roll_call.close_at());
  for (const Subject& s : portion.people) {
    RETURN_IF_ERROR(OpenCheck(s, roll_call.id(), close_at, IsHeightened(s, in_force), act));
  }
  roll_call.set_called(roll_call.called() + static_cast<int>(portion.people.size()));
  roll_call.set_cursor(portion.next);
  return absl::OkStatus();
}

absl::Status Start(RollCall& roll_call, const v1::StartRollCallRequest&, const Act& act) {
  *roll_call.mutable_started_at() = StampOf(act.now());
  *roll_call.mutable_close_at() = StampOf(SettleAt(act.now(), act.facts()));
  *roll_call.mutable_next_portion_at() = roll_call.started_at();
  return CallNext(roll_call, act);
}

// Each portion follows a limit of its own, which is past as soon as it begins.
absl::Status OpenMore(RollCall& roll_call, const Act& act) {
  *roll_call.mutable_next_portion_at() = StampOf(NextPortionAt(roll_call) + absl::Microseconds(1));
  return CallNext(roll_call, act);
}

absl::Status Count(RollCall& roll_call, const Check& check) {
  switch (check.state()) {
    case Check::PRESENT:
      roll_call.set_answered(roll_call.answered() + 1);
      break;
    case Check::MISSED:
      roll_call.set_missed(roll_call.missed() + 1);
      break;
    case Check::LAPSED:
      roll_call.set_ended(roll_call.ended() + 1);
      break;
    case Check::VOIDED:
      break;
    default:
      roll_call.set_pending(roll_call.pending() + 1);
  }
  return absl::OkStatus();
}

absl::Status Close(RollCall& roll_call, const v1::CloseRollCallRequest& r, const Act& act) {
  roll_call.set_closed_on(act.occurred_on());
  roll_call.set_close_note(r.note());
  const casework::ObjectType& checks = act.neighbours().TypeOf<Check>();
  casework::ListQuery query;
  query.scopes = {"/"};
  query.terms = {{"roll_call", roll_call.id()}};
  query.limit = kPage;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto page, act.backend().store.List(act.connection(), checks, query));
    for (const auto& one : page) RETURN_IF_ERROR(Count(roll_call, static_cast<const Check&>(*one.object)));
    more = static_cast<int>(page.size()) == kPage;
    if (more) query.GoOnAfter(checks, page.back());
  }
  return StopAtInstant(roll_call, {RollCall::NEXT_PORTION}, act);
}

const Row<RollCall> kRows[] = {
    {.act = RollCall::DRAW,
     .from = {RollCall::STATE_UNSPECIFIED},
     .to = RollCall::DRAWN,
     .create = Create<NewRollCall>,
     .apply = Apply<Draw>,
     .checks = {&kNow, &kSomebody, &kSeedPublished, &kSampleFits},
     .papers = {RollCall::DRAW_RECORD},
     .law = kCcl26},
    {.act = RollCall::START,
     .from = {RollCall::DRAWN},
     .to = RollCall::RUNNING,
     .guards = {&kNow},
     .apply = Apply<Start>,
     .starts = {{.clock = RollCall::NEXT_PORTION, .article = "26", .when = HasNextPortion, .until_at = NextPortionAt},
                {.clock = RollCall::CLOSE_BY, .article = "26", .until = CloseBy}},
     .law = kCcl26},
    {.act = RollCall::OPEN_MORE,
     .from = {RollCall::RUNNING},
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<OpenMore>,
     .starts = {{.clock = RollCall::NEXT_PORTION, .article = "26", .when = HasNextPortion, .until_at = NextPortionAt}},
     .stops = {RollCall::NEXT_PORTION},
     .law = kCcl26},
    // A lot that was drawn stays on record, called or not.
    {.act = RollCall::CLOSE, .from = {RollCall::DRAWN}, .to = RollCall::CLOSED, .apply = Apply<Close>, .law = kCcl26},
    {.act = RollCall::CLOSE,
     .from = {RollCall::RUNNING},
     .to = RollCall::CLOSED,
     .guards = {&kSettled},
     .apply = Apply<Close>,
     .stops = {RollCall::CLOSE_BY},
     .papers = {RollCall::RESULT},
     .law = kCcl26},
};

const procedure::ClockKind kClocks[] = {{.clock = RollCall::NEXT_PORTION, .warn_days = 0, .then = RollCall::OPEN_MORE},
                                        {.clock = RollCall::CLOSE_BY, .warn_days = 0}};

casework::Index IndexOf(const RollCall& r) { return {.day = r.drawn_on(), .terms = {{"class", r.management_class()}}}; }

std::optional<casework::Numbering> NumberingOf(const RollCall& r, absl::CivilDay act_day) {
  return CountyNumbering(r, act_day, "矫点");
}

}  // namespace

std::vector<std::string> DrawLot(const std::string& seed, const std::vector<std::string>& numbers, size_t sample) {
  std::vector<std::pair<std::string, std::string>> lots;
  for (const std::string& number : numbers) lots.emplace_back(crypto::Sha256(seed + number), number);
  std::sort(lots.begin(), lots.end());
  lots.resize(std::min(sample, lots.size()));
  std::vector<std::string> drawn;
  for (auto& [lot, number] : lots) drawn.push_back(std::move(number));
  return drawn;
}

std::string DigestOf(std::vector<std::string> numbers) {
  std::sort(numbers.begin(), numbers.end());
  std::string lines;
  for (const std::string& number : numbers) absl::StrAppend(&lines, number, "\n");
  return crypto::Hex(crypto::Sha256(lines));
}

const procedure::Procedure<RollCall> kRollCallProcedure = {
    .name = "点名",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {RollCall::CLOSED, RollCall::VOIDED},
    .states = RollCall::State_descriptor,
    .acts = RollCall::Act_descriptor,
    .clock_kinds = RollCall::Limit_descriptor,
    .papers = RollCall::Document_descriptor,
};

const casework::Definition<RollCall> kRollCall = {
    .procedure = &kRollCallProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::PlainListOf<v1::ListRollCallsRequest>,
    .has_files = true,
    .amendments = &kRollCallAmendments,
};

}  // namespace sifa::corrections
