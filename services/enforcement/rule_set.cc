#include "services/enforcement/rule_set.h"

#include "absl/strings/str_cat.h"
#include "libs/core/region.h"
#include "libs/core/status.h"
#include "services/enforcement/benchmark.h"
#include "services/enforcement/findings.h"
#include "services/enforcement/record.h"
#include "services/enforcement/replay.h"
#include "services/enforcement/rules/rule.h"

namespace sifa::enforcement {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

// Governments supervise penalties (§75); by what measure is theirs to say, and to answer for.
constexpr procedure::Law kSupervision = Apl("75");

const Guard<RuleSet> kDifferenceRead = {
    "批准",
    "DIFFERENCE_NOT_READ",
    "批准人确认的差异数与复判结果不一致，请先阅读差异",
    kSupervision,
    [](const RuleSet& s, const Facts&) {
      return s.read_newly_found() == s.newly_found() && s.read_no_longer_found() == s.no_longer_found();
    },
    [](const RuleSet& s, const Facts&) {
      return absl::StrCat("新发现", s.newly_found(), "件，不再成立", s.no_longer_found(), "件");
    }};
const Guard<RuleSet> kAnotherPerson = {"批准", "APPROVED_BY_DRAFTER", "规则集不能由拟定人自己批准", kSupervision,
                                       [](const RuleSet& s, const Facts& facts) { return facts.actor != s.drawn_up_by(); }};

absl::StatusOr<RuleSet> NewRuleSet(const v1::DrawUpRuleSetRequest& r, const Asking& asking) {
  return AtOffice<RuleSet>(r, asking);
}

absl::Status CheckChange(const RuleSet& set, const v1::ParameterChange& change, const std::string& field) {
  if (rules::FindRule(change.rule()) == nullptr) return InvalidField(field + ".rule", "RULE_UNKNOWN", "没有这一规则");
  if (change.region().empty()) return absl::OkStatus();
  const auto outer = RegionCode::Parse(set.region()), inner = RegionCode::Parse(change.region());
  if (outer.ok() && inner.ok() && inner->IsWithin(*outer)) return absl::OkStatus();
  return InvalidField(field + ".region", "REGION_OUTSIDE", "规则集只能改变本区划以内的参数");
}

absl::Status DrawUp(RuleSet& set, const v1::DrawUpRuleSetRequest& r, const Act& act) {
  for (int i = 0; i < r.changes_size(); ++i) RETURN_IF_ERROR(CheckChange(set, r.changes(i), absl::StrCat("changes[", i, "]")));
  for (int i = 0; i < r.benchmarks_size(); ++i) {
    if (!act.LoadUnchecked<Benchmark>(r.benchmarks(i)).ok()) {
      return InvalidField(absl::StrCat("benchmarks[", i, "]"), "BENCHMARK_UNKNOWN", "没有这一裁量基准");
    }
  }
  if (r.changes().empty() && r.benchmarks().empty())
    return InvalidField("changes", "NOTHING_CHANGES", "规则集没有写明变更的内容");
  *set.mutable_benchmarks() = r.benchmarks();
  set.set_name(r.name());
  *set.mutable_changes() = r.changes();
  set.set_drawn_up_by(act.actor().id());
  return absl::OkStatus();
}

absl::Status Replay(RuleSet& set, const v1::ReplayRuleSetRequest&) {
  set.set_replay_wanted(true);
  return absl::OkStatus();
}

absl::Status Approve(RuleSet& set, const v1::ApproveRuleSetRequest& r, const Act& act) {
  set.set_read_newly_found(r.newly_found());
  set.set_read_no_longer_found(r.no_longer_found());
  set.set_approved_on(act.occurred_on());
  set.set_approved_by(act.actor().id());
  return absl::OkStatus();
}

absl::Status Retire(RuleSet& set, const v1::RetireRuleSetRequest& r, const Act& act) {
  set.set_retired_on(act.occurred_on());
  set.set_retire_reason(r.reason());
  return absl::OkStatus();
}

const Row<RuleSet> kRows[] = {
    {.act = RuleSet::DRAW_UP,
     .from = {RuleSet::STATE_UNSPECIFIED},
     .to = RuleSet::DRAFT,
     .level = Level::kCounty,
     .create = Create<NewRuleSet>,
     .apply = Apply<DrawUp>,
     .law = kSupervision},
    {.act = RuleSet::REPLAY,
     .from = {RuleSet::DRAFT, RuleSet::REPLAYED},
     .to = RuleSet::DRAFT,
     .level = Level::kCounty,
     .apply = Apply<Replay>,
     .law = kSupervision},
    {.act = RuleSet::FINISH, .from = {RuleSet::DRAFT}, .to = RuleSet::REPLAYED, .level = Level::kSystem, .law = kSupervision},
    {.act = RuleSet::APPROVE,
     .from = {RuleSet::REPLAYED},
     .to = RuleSet::IN_FORCE,
     .level = Level::kCounty,
     .guards = {&kAnotherPerson},
     .apply = Apply<Approve>,
     .checks = {&kDifferenceRead},
     .law = kSupervision},
    {.act = RuleSet::RETIRE,
     .from = {RuleSet::DRAFT, RuleSet::REPLAYED, RuleSet::IN_FORCE},
     .to = RuleSet::RETIRED,
     .level = Level::kCounty,
     .apply = Apply<Retire>,
     .law = kSupervision},
};

casework::Index IndexOf(const RuleSet& set) {
  casework::Index index{.day = set.approved_on()};
  if (set.state() == RuleSet::DRAFT && set.replay_wanted()) index.terms.push_back({"replay", "1"});
  return index;
}

// What is in force stands in the book; when that changes, all cases of the region are to be judged again.
absl::Status Project(const casework::Backend& backend, mysql::Connection& connection, const RuleSet* before,
                     const RuleSet& after) {
  const bool was = before != nullptr && before->state() == RuleSet::IN_FORCE, is = after.state() == RuleSet::IN_FORCE;
  if (was == is) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Id id, ParseId(after.id()));
  if (is) {
    RuleSet changes;
    changes.set_region(after.region());
    *changes.mutable_changes() = after.changes();
    RETURN_IF_ERROR(connection
                        .Execute("INSERT INTO rule_book (rule_set, approved_at, changes) VALUES (?,?,?)",
                                 {id, backend.clock.Now(), changes.SerializeAsString()})
                        .status());
  } else {
    RETURN_IF_ERROR(connection.Execute("DELETE FROM rule_book WHERE rule_set = ?", {id}).status());
  }
  return WantJudgedIn(connection, after.region());
}

}  // namespace

std::vector<rules::Parameter> ParametersOf(const RuleSet& set) {
  std::vector<rules::Parameter> parameters;
  for (const v1::ParameterChange& change : set.changes()) {
    rules::Parameter& one = parameters.emplace_back();
    one.rule = change.rule();
    one.name = change.name();
    one.field = change.field();
    one.region = change.region().empty() ? set.region() : change.region();
    one.value = change.value();
    if (!change.valid_from().empty()) one.from = DayIn(change.valid_from());
    if (!change.valid_to().empty()) one.to = DayIn(change.valid_to());
    one.source = change.source();
  }
  return parameters;
}

const procedure::Procedure<RuleSet> kRuleSetProcedure = {
    .name = "研判规则集",
    .rows = kRows,
    .terminal = {RuleSet::RETIRED, RuleSet::VOIDED},
    .states = RuleSet::State_descriptor,
    .acts = RuleSet::Act_descriptor,
    .clock_kinds = RuleSet::Limit_descriptor,
    .papers = RuleSet::Document_descriptor,
};

const casework::Definition<RuleSet> kRuleSet = {
    .procedure = &kRuleSetProcedure,
    .index = IndexOf,
    .list = casework::PlainListOf<v1::ListRuleSetsRequest>,
    .project = Project,
    .handlers = ServeReplays,
};

}  // namespace sifa::enforcement
