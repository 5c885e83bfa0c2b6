#include "libs/casework/corrections.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/amendment.h"
#include "libs/casework/difference.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

constexpr char kVoided[] = "VOIDED";

absl::Status Impossible(absl::string_view reason, absl::string_view text) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, text);
}

std::unique_ptr<Message> Copy(const Message& message) {
  std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

// State of a record that was wrong as a whole; 0 where the type has none.
int VoidedState(const ObjectType& type) {
  const auto* value = type.states->FindValueByName(kVoided);
  return value == nullptr ? 0 : value->number();
}

std::string DueText(const v1::Clock& clock) {
  const bool stopped = clock.state() == v1::Clock::STOPPED;
  return stopped ? absl::StrCat(clock.ended_on(), " 办结") : absl::StrCat("至 ", clock.due_on());
}

std::string InWords(const v1::ClockChange& change) {
  return absl::StrCat(change.has_after() ? change.after().label() : change.before().label(), "：",
                      change.has_before() ? DueText(change.before()) : "无", " 更正为 ",
                      change.has_after() ? DueText(change.after()) : "无");
}

void FillEffect(const ObjectType& type, const Message& before, const Message& after,
                v1::CorrectionEffect* effect) {
  AddFieldChanges(before, after, effect->mutable_fields());
  AddClockChanges(type.ClocksOf(before), type.ClocksOf(after), effect->mutable_clocks());
  const auto& papers_before = *type.papers(const_cast<Message*>(&before));
  const auto& papers_after = *type.papers(const_cast<Message*>(&after));
  AddMissingPapers(papers_after, papers_before, effect->mutable_papers_added());
  AddMissingPapers(papers_before, papers_after, effect->mutable_papers_removed());
  *effect->mutable_counts() = CountChangeOf(type, &before, after);
  if (effect->counts().before().empty() && effect->counts().after().empty()) effect->clear_counts();
}

}  // namespace

absl::StatusOr<const Correctable*> Corrections::TypeNamed(const std::string& name) const {
  const auto found =
      std::find_if(types_.begin(), types_.end(), [&](const Correctable& c) { return c.type->name == name; });
  if (found == types_.end())
    return InvalidField("object_type", "OBJECT_TYPE_UNKNOWN", "没有这种业务对象，或不能更正");
  return &*found;
}

absl::StatusOr<Correction> Corrections::Prepare(const rpc::Call& call,
                                                const v1::RequestCorrectionRequest& r) const {
  ASSIGN_OR_RETURN(const Correctable* type, TypeNamed(r.object_type()));
  ASSIGN_OR_RETURN(const Id id, ParseId(r.object()));
  Correction correction;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto stored, backend_.store.Load(connection, *type->type, id, Lock::kNone));
    if (!stored) return NotFound(type->type->label);
    const Common common = type->type->common(*stored->object);
    if (!call.MayAct(call.method().access.permission(), common.organisation_path))
      return NotFound(type->type->label);
    correction.Clear();
    correction.set_organisation(common.organisation);
    correction.set_organisation_path(common.organisation_path);
    correction.set_region(common.region);
    correction.set_parent(r.object());
    correction.set_object_type(r.object_type());
    correction.set_object_number(common.number);
    correction.set_kind(r.kind());
    correction.set_act(r.act());
    correction.set_act_day(r.act_day());
    *correction.mutable_update_mask() = r.update_mask();
    correction.set_content(r.content());
    correction.set_reason(r.reason());
    correction.set_requested_by(Actor::Of(call).id());
    correction.set_requested_by_account(call.claims().account());
    return absl::OkStatus();
  }));
  return correction;
}

absl::Status Corrections::Prove(const Act& act, Correction* correction) const {
  ASSIGN_OR_RETURN(const Correctable* type, TypeNamed(correction->object_type()));
  ASSIGN_OR_RETURN(const Id id, ParseId(correction->parent()));
  ASSIGN_OR_RETURN(const auto stored, backend_.store.Load(act.connection(), *type->type, id, Lock::kNone));
  if (!stored) return NotFound(type->type->label);
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(act.connection(), *type, *correction, *stored));
  correction->set_act(plan.act);
  correction->set_action(plan.action);
  return absl::OkStatus();
}

absl::StatusOr<v1::CorrectionEffect> Corrections::Effect(const Correction& correction) const {
  ASSIGN_OR_RETURN(const Correctable* type, TypeNamed(correction.object_type()));
  ASSIGN_OR_RETURN(const Id id, ParseId(correction.parent()));
  v1::CorrectionEffect effect;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto stored, backend_.store.Load(connection, *type->type, id, Lock::kNone));
    if (!stored) return NotFound(type->type->label);
    ASSIGN_OR_RETURN(Plan plan, MakePlan(connection, *type, correction, *stored));
    effect = std::move(plan.effect);
    return absl::OkStatus();
  }));
  return effect;
}

absl::Status Corrections::Apply(const rpc::Call& call, const std::string& object_etag, Correction* correction,
                                mysql::Connection& connection) const {
  ASSIGN_OR_RETURN(const Correctable* type, TypeNamed(correction->object_type()));
  ASSIGN_OR_RETURN(const Id id, ParseId(correction->parent()));
  ASSIGN_OR_RETURN(auto stored, backend_.store.Load(connection, *type->type, id, Lock::kExclusive));
  if (!stored) return NotFound(type->type->label);
  if (!object_etag.empty() && object_etag != absl::StrCat(stored->version)) {
    return Error(absl::StatusCode::kAborted, "ETAG_STALE",
                 "被更正的记录已有变化，请重新查看更正的结果后再审批");
  }
  ASSIGN_OR_RETURN(Plan plan, MakePlan(connection, *type, *correction, *stored));
  const bool voids = correction->kind() == Correction::VOID;
  const ActInput input{.object = id,
                       .act_day = backend_.clock.Today(),
                       .action = voids ? "VOID" : "CORRECT",
                       .reason = correction->reason(),
                       .corrects = plan.act,
                       .approved_by = call.claims().account(),
                       .correction = correction->id()};
  const auto put_right = [&](Message* object, const Act& act) -> absl::StatusOr<procedure::Applied> {
    procedure::Applied applied;
    applied.from = type->type->common(*object).state;
    applied.to = type->type->common(*plan.after).state;
    applied.law = kApprovalRule.ToString();
    for (const auto& change : plan.effect.clocks()) applied.clocks.push_back(InWords(change));
    object->CopyFrom(*plan.after);
    if (type->follow) RETURN_IF_ERROR(type->follow(act, *object));
    return applied;
  };
  RETURN_IF_ERROR(
      ApplyInTransaction(backend_, *type->type, Actor::Of(call), input, &*stored, put_right, connection)
          .status());
  correction->set_decided_by(Actor::Of(call).id());
  correction->set_decided_by_account(call.claims().account());
  correction->set_applied_version(stored->version);
  *correction->mutable_update_mask() = plan.mask;
  *correction->mutable_effect() = std::move(plan.effect);
  return absl::OkStatus();
}

absl::StatusOr<Corrections::Plan> Corrections::MakePlan(mysql::Connection& connection,
                                                        const Correctable& type, const Correction& correction,
                                                        const Stored& stored) const {
  const int voided = VoidedState(*type.type);
  const Common common = type.type->common(*stored.object);
  if (voided != 0 && common.state == voided) return Impossible("RECORD_VOIDED", "该记录已作废，不能再更正");
  if (correction.kind() != Correction::AMEND) {
    ASSIGN_OR_RETURN(auto of_parents, backend_.store.OpenChildren(connection, {stored.id}));
    const std::vector<std::string>& children = of_parents[stored.id];
    const bool open = std::any_of(children.begin(), children.end(), [](const std::string& child) {
      return child != Correction::descriptor()->name();
    });
    if (open) return Impossible("CHILD_OPEN", "该记录有尚未办结的附属事项，应当先办结");
  }
  ASSIGN_OR_RETURN(const Past past, Past::Load(backend_, connection, type, stored.id));
  Plan plan{.after = Copy(*stored.object), .act = correction.act(), .mask = correction.update_mask()};
  switch (correction.kind()) {
    case Correction::WITHDRAW_ACT:
      RETURN_IF_ERROR(Withdraw(type, correction, past, &plan));
      break;
    case Correction::AMEND:
      RETURN_IF_ERROR(Amend(type, correction, *stored.object, stored.version, past, &plan));
      break;
    case Correction::VOID:
      RETURN_IF_ERROR(Void(type, &plan));
      break;
    default:
      return InvalidField("kind", "FIELD_REQUIRED", "应选择更正的种类");
  }
  if (correction.kind() == Correction::WITHDRAW_ACT) {
    std::vector<Amendment> known = past.amendments();
    const int64_t back_to = past.Latest()->version - 1;
    std::erase_if(known, [&](const Amendment& amendment) { return amendment.version > back_to; });
    RETURN_IF_ERROR(FollowClocks(type, past, known, past.amendments(), past.Latest(), &plan));
  }
  if (const auto act = ParseId(plan.act); act.ok()) {
    const PastAct* corrected = past.Find(*act);
    if (corrected == nullptr) return InvalidField("act", "ACT_UNKNOWN", "该记录没有这次办理");
    plan.action = corrected->action;
  }
  // What the casework itself keeps is not the correction's to change.
  type.type->stamp(plan.after.get(), {common.id, absl::StrCat(stored.version), common.organisation,
                                      common.organisation_path, stored.created_at, stored.created_at});
  plan.effect.set_object_etag(absl::StrCat(stored.version));
  FillEffect(*type.type, *stored.object, *plan.after, &plan.effect);
  return plan;
}

absl::Status Corrections::Withdraw(const Correctable& type, const Correction& correction, const Past& past,
                                   Plan* plan) const {
  const PastAct* latest = past.Latest();
  if (latest == nullptr || (!correction.act().empty() && correction.act() != latest->journal_id.ToString())) {
    return Impossible("ACT_NOT_LATEST", "只能撤销最近一次办理；之前的办理应当先撤销其后的各次");
  }
  const PastAct* before = past.AtVersion(latest->version - 1);
  if (before == nullptr) return Impossible("ACT_IS_FIRST", "立案登记本身不能撤销；整件有误的，应当作废");
  plan->act = latest->journal_id.ToString();
  const std::string assignee = TextAt(*plan->after, "assignee");
  plan->after = past.Corrected(*before, past.amendments());
  // What has been handed over since stays with the successor.
  if (assignee != TextAt(*latest->image, "assignee")) SetText(plan->after.get(), "assignee", assignee);
  return type.settle ? type.settle(*plan->after, plan->after.get()) : absl::OkStatus();
}

absl::Status Corrections::Amend(const Correctable& type, const Correction& correction, const Message& before,
                                int64_t version, const Past& past, Plan* plan) const {
  Amendment amendment{version + 1, {}, std::shared_ptr<Message>(Copy(before)), nullptr};
  if (const auto act = ParseId(correction.act()); act.ok() && !correction.act_day().empty()) {
    const PastAct* dated = past.Find(*act);
    if (dated == nullptr || !dated->in_force)
      return InvalidField("act", "ACT_UNKNOWN", "该记录没有这次办理，或已被撤销");
    amendment.act = *act;
    ParseDay(correction.act_day(), &amendment.act_day);
    SetDateOfAct(type, dated->act, correction.act_day(), plan->after.get(), &plan->mask);
  }
  RETURN_IF_ERROR(ReplaceContent(type, correction, backend_.clock.Today(), plan->after.get()));
  if (plan->mask.paths().empty() && amendment.act.IsZero()) {
    return InvalidField("update_mask", "CORRECTION_EMPTY", "应指明更正哪些内容，或哪次办理的日期");
  }
  if (type.settle) RETURN_IF_ERROR(type.settle(before, plan->after.get()));
  RETURN_IF_ERROR(CheckContent(before, *plan->after));
  amendment.mask = plan->mask;
  amendment.after = std::shared_ptr<Message>(Copy(*plan->after));
  std::vector<Amendment> as_right = past.amendments();
  as_right.push_back(std::move(amendment));
  return FollowClocks(type, past, past.amendments(), as_right, nullptr, plan);
}

absl::Status Corrections::Void(const Correctable& type, Plan* plan) const {
  const int voided = VoidedState(*type.type);
  if (voided == 0) return Impossible("VOID_NOT_POSSIBLE", "这种记录不能作废");
  const auto* state = plan->after->GetDescriptor()->FindFieldByName("state");
  plan->after->GetReflection()->SetEnumValue(plan->after.get(), state, voided);
  auto* clocks = type.type->clocks(plan->after.get());
  for (const auto& clock : *clocks) procedure::StopClock(clocks, clock.kind(), backend_.clock.Today());
  return absl::OkStatus();
}

absl::Status Corrections::FollowClocks(const Correctable& type, const Past& past,
                                       const std::vector<Amendment>& as_was,
                                       const std::vector<Amendment>& as_right, const PastAct* without,
                                       Plan* plan) const {
  ASSIGN_OR_RETURN(const Past::Replay was, past.DoOver(backend_, as_was, without));
  ASSIGN_OR_RETURN(const Past::Replay right, past.DoOver(backend_, as_right, without));
  v1::CorrectionEffect moved;
  AddClockChanges(was.clocks, right.clocks, moved.mutable_clocks());
  auto* clocks = type.type->clocks(plan->after.get());
  for (const auto& change : moved.clocks()) {
    const auto clock = std::find_if(clocks->begin(), clocks->end(),
                                    [&](const v1::Clock& c) { return c.kind() == change.kind(); });
    if (change.has_after()) {
      *(clock != clocks->end() ? &*clock : clocks->Add()) = change.after();
    } else if (clock != clocks->end()) {
      clocks->erase(clock);
    }
  }
  for (const std::string& rule : right.broken_rules) {
    if (!was.broken_rules.contains(rule)) plan->effect.add_broken_rules(rule);
  }
  return absl::OkStatus();
}

absl::Status Corrections::CheckContent(const Message& before, const Message& after) const {
  return CheckAmended(before, after, backend_.clock.Today(), codes_);
}

}  // namespace sifa::casework
