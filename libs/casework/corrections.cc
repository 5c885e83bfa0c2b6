#include "libs/casework/corrections.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/amendment.h"
#include "libs/casework/difference.h"
#include "libs/casework/references.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

constexpr char kVoided[] = "VOIDED";
constexpr int kMostPaths = 50;  // of one request: more than any type lets be amended
constexpr int kMostKin = 500;

absl::Status Impossible(absl::string_view reason, absl::string_view text) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, text);
}

std::unique_ptr<Message> Copy(const Message& message) {
  std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

// State of a record that was wrong as a whole.
constexpr int kNoState = -1;  // the type has none
int VoidedState(const ObjectType& type) {
  const auto* value = type.states->FindValueByName(kVoided);
  return value == nullptr ? kNoState : value->number();
}
bool IsVoided(const ObjectType& type, const Message& object) { return type.common(object).state == VoidedState(type); }

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

const Correctable* Corrections::Find(const std::string& type) const {
  const ObjectType* found = backend_.objects->Find(type);
  return found == nullptr ? nullptr : found->correctable.get();
}

absl::StatusOr<const Correctable*> Corrections::TypeNamed(const std::string& name) const {
  if (const Correctable* found = Find(name)) return found;
  return InvalidField("object_type", "OBJECT_TYPE_UNKNOWN", "没有这种业务对象，或不能更正");
}

absl::StatusOr<Correction> Corrections::Prepare(const rpc::Call& call,
                                                const v1::RequestCorrectionRequest& r) const {
  ASSIGN_OR_RETURN(const Correctable* type, TypeNamed(r.object_type()));
  ASSIGN_OR_RETURN(const Id id, ParseId(r.object()));
  const std::set<std::string> paths(r.update_mask().paths().begin(), r.update_mask().paths().end());
  if (r.update_mask().paths_size() > kMostPaths || std::cmp_not_equal(paths.size(), r.update_mask().paths_size())) {
    return InvalidField("update_mask", "TOO_MANY_ITEMS", absl::StrCat("一次最多更正", kMostPaths, "项内容，每项只写一次"));
  }
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
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(act.connection(), *correction, Lock::kNone));
  correction->set_act(plan.act);
  correction->set_action(plan.action);
  correction->set_requested_for(act.facts().acting_for);
  return absl::OkStatus();
}

absl::StatusOr<v1::CorrectionEffect> Corrections::Effect(const Correction& correction) const {
  v1::CorrectionEffect effect;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(Plan plan, MakePlan(connection, correction, Lock::kNone));
    effect = std::move(plan.effect);
    return absl::OkStatus();
  }));
  return effect;
}

absl::Status Corrections::Apply(const rpc::Call& call, const std::string& object_etag, Correction* correction,
                                mysql::Connection& connection) const {
  ASSIGN_OR_RETURN(Plan plan, MakePlan(connection, *correction, Lock::kExclusive));
  if (!object_etag.empty() && object_etag != plan.effect.object_etag()) {
    return Error(absl::StatusCode::kAborted, "ETAG_STALE",
                 "被更正的记录已有变化，请重新查看更正的结果后再审批");
  }
  RETURN_IF_ERROR(CarryOut(call, *correction, &plan, connection));
  correction->set_decided_by(Actor::Of(call).id());
  correction->set_decided_by_account(call.claims().account());
  correction->set_applied_version(plan.before.version);
  *correction->mutable_update_mask() = plan.mask;
  *correction->mutable_effect() = std::move(plan.effect);
  return absl::OkStatus();
}

absl::Status Corrections::CarryOut(const rpc::Call& call, const Correction& correction, Plan* plan,
                                   mysql::Connection& connection) const {
  const ObjectType& type = *plan->type->type;
  const int state = type.common(*plan->after).state;
  const ActInput input{.object = plan->before.id,
                       .act_day = backend_.clock.Today(),
                       .occurred_at = backend_.clock.Now(),
                       .action = state == VoidedState(type) ? "VOID" : "CORRECT",
                       .reason = correction.reason(),
                       .corrects = plan->act,
                       .approved_by = call.claims().account(),
                       .correction = correction.id()};
  const auto put_right = [&](Message* object, const Act&) -> absl::StatusOr<procedure::Applied> {
    procedure::Applied applied;
    applied.from = type.common(*object).state;
    applied.to = state;
    applied.law = kApprovalRule.ToString();
    for (const auto& change : plan->effect.clocks()) applied.clocks.push_back(InWords(change));
    object->CopyFrom(*plan->after);
    for (Plan& related : plan->related) RETURN_IF_ERROR(CarryOut(call, correction, &related, connection));
    return applied;
  };
  return ApplyInTransaction(backend_, type, Actor::Of(call), input, &plan->before, put_right, connection).status();
}

absl::StatusOr<Corrections::Plan> Corrections::MakePlan(mysql::Connection& connection, const Correction& correction,
                                                        Lock lock) const {
  Plan plan{.act = correction.act(), .mask = correction.update_mask()};
  ASSIGN_OR_RETURN(plan.type, TypeNamed(correction.object_type()));
  const ObjectType& type = *plan.type->type;
  ASSIGN_OR_RETURN(const Id id, ParseId(correction.parent()));
  ASSIGN_OR_RETURN(auto stored, backend_.store.Load(connection, type, id, lock));
  if (!stored) return NotFound(type.label);
  plan.before = *std::move(stored);
  if (IsVoided(type, *plan.before.object)) return Impossible("RECORD_VOIDED", "该记录已作废，不能再更正");
  ASSIGN_OR_RETURN(const Past past, Read(connection, *plan.type, id));
  plan.right = past;
  plan.after = Copy(*plan.before.object);
  switch (correction.kind()) {
    case Correction::WITHDRAW_ACT:
      RETURN_IF_ERROR(Withdraw(connection, correction, past, &plan));
      break;
    case Correction::AMEND:
      RETURN_IF_ERROR(Amend(connection, correction, past, &plan));
      break;
    case Correction::VOID:
      RETURN_IF_ERROR(Void(&plan));
      break;
    default:
      return InvalidField("kind", "FIELD_REQUIRED", "应选择更正的种类");
  }
  if (correction.kind() != Correction::AMEND) RETURN_IF_ERROR(RequireNoChildren(connection, correction, id));
  if (const auto act = ParseId(plan.act); act.ok()) {
    const PastAct* corrected = past.Find(*act);
    if (corrected == nullptr) return InvalidField("act", "ACT_UNKNOWN", "该记录没有这次办理");
    plan.action = corrected->action;
  }
  RETURN_IF_ERROR(GoOn(connection, lock, &plan));
  Finish(&plan);
  Neighbours neighbours(backend_, connection);
  RETURN_IF_ERROR(Admit(neighbours, plan));
  for (Plan& related : plan.related) {
    RETURN_IF_ERROR(Admit(neighbours, related));
    auto* shown = plan.effect.add_related();
    shown->set_object_type(related.type->type->name);
    shown->set_object(related.before.id.ToString());
    shown->set_object_number(related.type->type->common(*related.before.object).number);
    *shown->mutable_effect() = related.effect;
  }
  return plan;
}

absl::Status Corrections::Admit(Neighbours& neighbours, const Plan& plan) const {
  RETURN_IF_ERROR(backend_.store.RequireFree(neighbours.connection(), *plan.type->type, plan.before.id, *plan.before.object, *plan.after));
  if (!plan.type->admit) return absl::OkStatus();
  return plan.type->admit(neighbours, backend_.clock.Today(), *plan.before.object, *plan.after);
}

absl::StatusOr<std::vector<Kin>> Corrections::KinOf(mysql::Connection& connection, const Plan& plan) const {
  std::vector<Kin> kin;
  if (plan.type->kin) kin = plan.type->kin(plan.right, *plan.after);
  for (const KinBy& by : plan.type->kin_by) {
    const Correctable* type = Find(by.type);
    if (type == nullptr) return Internal("kin of a type that is not corrected");
    ListQuery query;
    query.scopes = {"/"};
    query.terms = {{by.term, by.of.empty() ? plan.before.id.ToString() : TextAt(*plan.after, by.of)}};
    query.limit = kMostKin;
    ASSIGN_OR_RETURN(const auto found, backend_.store.List(connection, *type->type, query));
    for (const auto& one : found) {
      if (one.id != plan.before.id) kin.push_back({by.type, one.id.ToString()});
    }
  }
  return kin;
}

absl::Status Corrections::GoOn(mysql::Connection& connection, Lock lock, Plan* plan) const {
  const Look look = [&](const Kin& kin) -> absl::StatusOr<Reading> {
    ASSIGN_OR_RETURN(const Id id, ParseId(kin.id));
    if (id == plan->before.id) return Reading{Copy(*plan->after), plan->right};
    const Correctable* type = Find(kin.type);
    if (type == nullptr) return Internal("kin of a type that is not corrected");
    ASSIGN_OR_RETURN(auto stored, backend_.store.Load(connection, *type->type, id, Lock::kNone));
    if (!stored) return NotFound(type->type->label);
    ASSIGN_OR_RETURN(Past past, Read(connection, *type, id));
    return Reading{std::move(stored->object), std::move(past)};
  };
  if (plan->type->mirror && !IsVoided(*plan->type->type, *plan->after)) {
    RETURN_IF_ERROR(plan->type->mirror(plan->right, look, plan->after.get()));
  }
  ASSIGN_OR_RETURN(const std::vector<Kin> all, KinOf(connection, *plan));
  for (const Kin& kin : all) {
    Plan its{.type = Find(kin.type)};
    if (its.type == nullptr) return Internal("kin of a type that is not corrected");
    ASSIGN_OR_RETURN(const Id id, ParseId(kin.id));
    ASSIGN_OR_RETURN(auto stored, backend_.store.Load(connection, *its.type->type, id, lock));
    if (!stored || IsVoided(*its.type->type, *stored->object)) continue;
    its.before = *std::move(stored);
    its.after = Copy(*its.before.object);
    ASSIGN_OR_RETURN(const Past was, Read(connection, *its.type, id));
    its.right = was;
    its.right.Follow(plan->right);
    for (const Plan& other : plan->related) its.right.Follow(other.right);  // what followed there, followed from there too
    if (its.type->mirror) RETURN_IF_ERROR(its.type->mirror(its.right, look, its.after.get()));
    its.right.Amend({its.before.version + 1, its.type->mirrored, Copy(*its.before.object), Copy(*its.after)});
    RETURN_IF_ERROR(FollowClocks(was, &its));
    Finish(&its);
    v1::CorrectionEffect nothing;
    nothing.set_object_etag(its.effect.object_etag());
    if (its.effect.SerializeAsString() != nothing.SerializeAsString()) plan->related.push_back(std::move(its));
  }
  return absl::OkStatus();
}

absl::Status Corrections::Withdraw(mysql::Connection& connection, const Correction& correction, const Past& past,
                                   Plan* plan) const {
  const PastAct* latest = past.Latest();
  if (latest == nullptr || (!correction.act().empty() && correction.act() != latest->journal_id.ToString())) {
    return Impossible("ACT_NOT_LATEST", "只能撤销最近一次办理；之前的办理应当先撤销其后的各次");
  }
  RETURN_IF_ERROR(RefusePart(connection, *latest));
  const PastAct* before = past.AtVersion(latest->version - 1);
  if (before == nullptr) return Impossible("ACT_IS_FIRST", "立案登记本身不能撤销；整件有误的，应当作废");
  plan->act = latest->journal_id.ToString();
  plan->right.TakeBack(latest->journal_id, plan->before.version + 1, correction.id());
  const std::unique_ptr<Message> present = std::move(plan->after);
  plan->after = plan->right.Corrected(*before);
  // What has been handed over since stays with the successor.
  if (TextAt(*present, "assignee") != TextAt(*latest->image, "assignee")) {
    CopyPath(*present, "assignee", plan->after.get());
    for (const std::string& field : plan->type->type->held_in) CopyPath(*present, field, plan->after.get());
  }
  if (plan->type->settle) RETURN_IF_ERROR(plan->type->settle(backend_, *plan->after, plan->after.get()));
  return FollowClocks(plan->right.AsOf(before->version), plan);
}

// A date says that something was done: it stays where it was, and where an act brings it comes with none. An import brings
// dates of acts that were done elsewhere.
static absl::Status CheckDone(const Correctable& type, const Past& past, int64_t version, const std::string& path, const Message& before,
                              const Message& after) {
  const auto date = std::find_if(type.amendable.begin(), type.amendable.end(),
                                 [&](const Amendable& field) { return field.path == path && field.date; });
  if (date == type.amendable.end()) return absl::OkStatus();
  const std::string field = absl::StrCat("content.", path);
  const bool was = !TextAt(before, path).empty(), is = !TextAt(after, path).empty();
  const bool done = past.DatedBy(path, version) != nullptr;
  const bool imported = !past.acts().empty() && past.acts().front().action == "IMPORT";
  if ((done || (was && !imported)) && !is) return InvalidField(field, "FIELD_REQUIRED", "已经办理的事项不能没有日期；未曾办理的，应当撤销该次办理");
  if (date->act == 0 || done || imported || was || !is) return absl::OkStatus();
  return InvalidField(field, "ACT_NOT_DONE", "尚未办理的事项不能填写日期，应当先办理");
}

// What acts give is put right; what none has given is not said by a correction, and what one has is not unsaid.
static absl::Status CheckGiven(const Correctable& type, const std::string& path, const Message& before, const Message& after) {
  const std::string top = path.substr(0, path.find('.'));
  const bool given = absl::c_any_of(type.amendable, [&](const Amendable& field) { return field.path == top && field.given; });
  if (!given) return absl::OkStatus();
  const std::string field = absl::StrCat("content.", top);
  const auto* described = before.GetDescriptor()->FindFieldByName(top);
  if (described->is_repeated()) {
    if (before.GetReflection()->FieldSize(before, described) == after.GetReflection()->FieldSize(after, described))
      return absl::OkStatus();
    return InvalidField(field, "ITEMS_OF_ACTS", "各项由办理产生：增加的应当办理，多余的应当撤销该次办理，更正只改内容");
  }
  const bool was = !ValueAt(before, top).empty(), is = !ValueAt(after, top).empty();
  if (was == is) return absl::OkStatus();
  if (!was) return InvalidField(field, "ACT_NOT_DONE", "尚未办理的事项不能填写，应当先办理");
  return InvalidField(field, "FIELD_REQUIRED", "办理时填写的内容可以更正，不能清空");
}

absl::Status Corrections::Amend(mysql::Connection& connection, const Correction& correction, const Past& past,
                                Plan* plan) const {
  const Message& before = *plan->before.object;
  const int64_t version = plan->before.version;
  Amendment amendment{version + 1, {}, Copy(before), nullptr, correction.id()};
  RETURN_IF_ERROR(ReplaceContent(*plan->type, correction, backend_.clock.Today(), plan->after.get()));
  for (const std::string& path : correction.update_mask().paths()) {
    RETURN_IF_ERROR(CheckDone(*plan->type, past, version, path, before, *plan->after));
    RETURN_IF_ERROR(CheckGiven(*plan->type, path, before, *plan->after));
  }
  if (absl::CivilDay day; ParseDay(correction.act_day(), &day)) {
    const auto act = ParseId(correction.act());
    const PastAct* dated = act.ok() ? past.Find(*act) : nullptr;
    if (dated == nullptr || !dated->in_force())
      return InvalidField("act", "ACT_UNKNOWN", "该记录没有这次办理，或已被撤销");
    RETURN_IF_ERROR(RefusePart(connection, *dated));
    amendment.days[*act] = day;
    for (const Amendable& field : plan->type->amendable) {
      if (!field.date || past.DatedBy(field.path, version) != dated) continue;
      RETURN_IF_ERROR(SetDateOfAct(field.path, correction.act_day(), plan->after.get(), &plan->mask));
    }
  }
  if (plan->mask.paths().empty() && amendment.days.empty()) {
    return InvalidField("update_mask", "CORRECTION_EMPTY", "应指明更正哪些内容，或哪次办理的日期");
  }
  if (amendment.days.empty() && plan->after->SerializeAsString() == before.SerializeAsString()) {
    return InvalidField("content", "CORRECTION_EMPTY", "更正后的内容与原来相同");
  }
  if (plan->type->settle) RETURN_IF_ERROR(plan->type->settle(backend_, before, plan->after.get()));
  RETURN_IF_ERROR(CheckAmended(before, *plan->after, backend_.clock.Today(), codes_));
  // What follows from what was asked for: the acts are gone through again with it too.
  for (const Amendable& field : plan->type->amendable) {
    if (!field.date || TextAt(before, field.path) == TextAt(*plan->after, field.path)) continue;
    if (!absl::c_linear_search(plan->mask.paths(), field.path)) plan->mask.add_paths(field.path);
  }
  amendment.mask = plan->mask;
  amendment.after = Copy(*plan->after);
  plan->right.Amend(std::move(amendment));
  return FollowClocks(past, plan);
}

absl::Status Corrections::Void(Plan* plan) const {
  const ObjectType& type = *plan->type->type;
  const int voided = VoidedState(type);
  if (voided == kNoState) return Impossible("VOID_NOT_POSSIBLE", "这种记录不能作废");
  const auto* state = plan->after->GetDescriptor()->FindFieldByName("state");
  plan->after->GetReflection()->SetEnumValue(plan->after.get(), state, voided);
  auto* clocks = type.clocks(plan->after.get());
  for (const auto& clock : *clocks) {
    RETURN_IF_ERROR(procedure::StopClock(clocks, clock.kind(), {backend_.clock.Today(), backend_.clock.Now()}));
  }
  plan->right.TakeBackAll(plan->before.version + 1, "");
  return absl::OkStatus();
}

absl::Status Corrections::FollowClocks(const Past& was, Plan* plan) const {
  ASSIGN_OR_RETURN(const Past::Replay before, was.DoOver(backend_));
  ASSIGN_OR_RETURN(const Past::Replay right, plan->right.DoOver(backend_));
  v1::CorrectionEffect moved;
  AddClockChanges(before.clocks, right.clocks, moved.mutable_clocks());
  auto* clocks = plan->type->type->clocks(plan->after.get());
  for (const auto& change : moved.clocks()) {
    const auto clock = std::find_if(clocks->begin(), clocks->end(),
                                    [&](const v1::Clock& c) { return c.kind() == change.kind(); });
    if (change.has_after()) {
      *(clock != clocks->end() ? &*clock : clocks->Add()) = change.after();
    } else if (clock != clocks->end()) {
      clocks->erase(clock);
    }
  }
  if (before.acted_on != right.acted_on) SetText(plan->after.get(), kActedOn, right.acted_on);
  for (const std::string& rule : right.broken_rules) {
    if (!before.broken_rules.contains(rule)) plan->effect.add_broken_rules(rule);
  }
  return absl::OkStatus();
}

void Corrections::Finish(Plan* plan) const {
  const ObjectType& type = *plan->type->type;
  const Common common = type.common(*plan->before.object);
  if (!IsVoided(type, *plan->after)) {  // the papers of an act that is taken back go with it
    auto* papers = type.papers(plan->after.get());
    papers->erase(std::remove_if(papers->begin(), papers->end(), [&](const v1::Paper& paper) {
      const auto id = ParseId(paper.journal_id());
      const PastAct* act = id.ok() ? plan->right.Find(*id) : nullptr;
      return act != nullptr && act->taken_back != 0;
    }), papers->end());
  }
  // What the casework itself keeps is not the correction's to change.
  const std::string etag = absl::StrCat(plan->before.version);
  type.stamp(plan->after.get(), {common.id, etag, common.organisation, common.organisation_path,
                                 plan->before.created_at, plan->before.created_at});
  plan->effect.set_object_etag(etag);
  FillEffect(type, *plan->before.object, *plan->after, &plan->effect);
}

absl::StatusOr<Past> Corrections::Read(mysql::Connection& connection, const Correctable& type, const Id& id) const {
  return Past::Load(backend_, connection, type, id);
}

// An act that was made together with one on another object is corrected there, and then here too.
absl::Status Corrections::RefusePart(mysql::Connection& connection, const PastAct& act) const {
  const Correctable* whole = Find(act.part_of.object_type());
  if (whole == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Id id, ParseId(act.part_of.object()));
  ASSIGN_OR_RETURN(const auto stored, backend_.store.Load(connection, *whole->type, id, Lock::kNone));
  if (!stored) return NotFound(whole->type->label);
  const std::string number = whole->type->common(*stored->object).number;
  return Impossible("ACT_OF_ANOTHER", absl::StrCat("这次办理是随“", whole->type->label, "”", number.empty() ? act.part_of.object() : number,
                                                   "的办理一并登记的，应当更正或者撤销那次办理"));
}

// What rests on a record is ended before its acts are withdrawn, and void before the record is where it still gives a right.
absl::Status Corrections::RequireNoChildren(mysql::Connection& connection, const Correction& correction, const Id& object) const {
  ASSIGN_OR_RETURN(auto of_parents, backend_.store.OpenChildren(connection, {object}));
  const std::vector<std::string>& children = of_parents[object];
  const bool open = std::any_of(children.begin(), children.end(), [](const std::string& child) {
    return child != Correction::descriptor()->name();
  });
  if (open) return Impossible("CHILD_OPEN", "该记录有尚未办结的附属事项，应当先办结");
  if (correction.kind() != Correction::VOID) return absl::OkStatus();
  RETURN_IF_ERROR(RequireNothingStands(backend_, connection, *Find(correction.object_type())->type, object));
  ListQuery query;
  query.scopes = {"/"};
  query.parent = object;
  for (const ObjectType* type : backend_.objects->types()) {
    if (type->correctable == nullptr) continue;
    ASSIGN_OR_RETURN(const auto found, backend_.store.List(connection, *type, query));
    for (const Stored& child : found) {
      if (IsVoided(*type, *child.object) || !procedure::HasRunningRight(type->ClocksOf(*child.object), backend_.clock.Today()))
        continue;
      const Common common = type->common(*child.object);
      return Impossible("CHILD_STANDS",
                        absl::StrCat("该记录有“", type->label, "”", common.number, "（",
                                     procedure::LabelOf(type->states, common.state), "），其期限尚未届满，应当先将其作废"));
    }
  }
  return absl::OkStatus();
}

}  // namespace sifa::casework
