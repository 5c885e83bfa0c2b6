#include "libs/casework/past.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/field_mask_util.h"
#include "libs/core/status.h"
#include "libs/journal/journal.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;

constexpr int kMostActs = 2000;
constexpr int kMostCorrections = 500;

FieldMask MaskOf(const std::string& path) {
  FieldMask mask;
  mask.add_paths(path);
  return mask;
}

int NumberOf(const google::protobuf::EnumDescriptor* type, const std::string& name) {
  const auto* value = type->FindValueByName(name);
  return value == nullptr ? 0 : value->number();
}

// Whether an amendment of a field concerns an image of the past: the same wrong value stands in it. What had
// not been recorded at all belongs where its message was recorded, and to the latest image.
bool Concerns(const Message& image, bool latest, const std::string& path, const Message& before) {
  const std::string wrong = ValueAt(before, path);
  if (ValueAt(image, path) != wrong) return false;
  if (!wrong.empty() || latest) return true;
  const size_t dot = path.rfind('.');
  return dot != std::string::npos && !ValueAt(image, path.substr(0, dot)).empty();
}

absl::StatusOr<std::vector<v1::Correction>> ApprovedCorrections(const Backend& backend,
                                                                mysql::Connection& connection,
                                                                const Id& object) {
  // Read without their type's index and clocks: bodies are enough.
  ObjectType type;
  type.name = v1::Correction::descriptor()->name();
  type.prototype = &v1::Correction::default_instance();
  ListQuery query;
  query.scopes = {"/"};
  query.parent = object;
  query.states = {v1::Correction::APPROVED};
  query.limit = kMostCorrections;
  ASSIGN_OR_RETURN(const auto found, backend.store.List(connection, type, query));
  std::vector<v1::Correction> corrections;
  for (const auto& stored : found) corrections.push_back(static_cast<const v1::Correction&>(*stored.object));
  std::sort(corrections.begin(), corrections.end(),
            [](const auto& a, const auto& b) { return a.applied_version() < b.applied_version(); });
  return corrections;
}

}  // namespace

void CopyPath(const Message& from, const std::string& path, Message* to) {
  FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  replace.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(from, MaskOf(path), replace, to);
}

std::string ValueAt(const Message& object, const std::string& path) {
  const std::unique_ptr<Message> part(object.New());
  CopyPath(object, path, part.get());
  return part->SerializeAsString();
}

// The message and field that a path of singular messages leads to; nullptr where it does not exist.
static const google::protobuf::FieldDescriptor* Walk(const std::string& path, Message** object) {
  const google::protobuf::FieldDescriptor* field = nullptr;
  for (absl::string_view name : absl::StrSplit(path, '.')) {
    if (field != nullptr) *object = (*object)->GetReflection()->MutableMessage(*object, field);
    field = (*object)->GetDescriptor()->FindFieldByName(std::string(name));
    if (field == nullptr || field->is_repeated()) return nullptr;
  }
  return field;
}

void SetText(Message* object, const std::string& path, const std::string& value) {
  if (const auto* field = Walk(path, &object)) object->GetReflection()->SetString(object, field, value);
}

std::string TextAt(const Message& object, const std::string& path) {
  const std::unique_ptr<Message> copy(object.New());
  copy->CopyFrom(object);
  Message* inner = copy.get();
  const auto* field = Walk(path, &inner);
  return field == nullptr ? "" : inner->GetReflection()->GetString(*inner, field);
}

absl::StatusOr<Past> Past::Load(const Backend& backend, mysql::Connection& connection,
                                const Correctable& correctable, const Id& object) {
  Past past;
  past.correctable_ = &correctable;
  const ObjectType& type = *correctable.type;
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT ", journal::kColumns,
                                                 " FROM journal j WHERE j.object_id = ? AND j.version > 0"
                                                 " ORDER BY j.version DESC LIMIT ?"),
                                    {object, kMostActs}));
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    const journal::Row entry = journal::ReadRow(*row, 0);
    ASSIGN_OR_RETURN(const v1::Image image, backend.store.DecryptImage(entry.id, entry.image));
    std::shared_ptr<Message> after(type.prototype->New());
    if (!after->ParseFromString(image.object())) return Internal("journal image does not parse");
    // Not of the procedure: neither withdrawn nor gone through again.
    const bool aside = entry.action == "CORRECT" || entry.action == "VOID" || entry.action == "CLOCK_SETTLED" ||
                       entry.action == "HAND_OVER";
    past.acts_.push_back({entry.id, entry.version, entry.action, NumberOf(type.acts, entry.action),
                          NumberOf(type.states, entry.from_state), entry.occurred_on, std::move(after),
                          !aside});
  }
  ASSIGN_OR_RETURN(const auto corrections, ApprovedCorrections(backend, connection, object));
  for (const v1::Correction& correction : corrections) {
    const auto act = ParseId(correction.act());
    if (correction.kind() == v1::Correction::WITHDRAW_ACT && act.ok()) {
      for (PastAct& past_act : past.acts_)
        past_act.in_force = past_act.in_force && past_act.journal_id != *act;
    }
    const PastAct* before = past.AtVersion(correction.applied_version() - 1);
    const PastAct* after = past.AtVersion(correction.applied_version());
    if (correction.kind() != v1::Correction::AMEND || before == nullptr || after == nullptr) continue;
    Amendment amendment{correction.applied_version(), correction.update_mask(), before->image, after->image};
    if (act.ok() && ParseDay(correction.act_day(), &amendment.act_day)) amendment.act = *act;
    past.amendments_.push_back(std::move(amendment));
  }
  return past;
}

const PastAct* Past::Latest() const {
  const auto found =
      std::find_if(acts_.rbegin(), acts_.rend(), [](const PastAct& act) { return act.in_force; });
  return found == acts_.rend() ? nullptr : &*found;
}

const PastAct* Past::Find(const Id& journal_id) const {
  const auto found = std::find_if(acts_.begin(), acts_.end(),
                                  [&](const PastAct& act) { return act.journal_id == journal_id; });
  return found == acts_.end() ? nullptr : &*found;
}

const PastAct* Past::AtVersion(int64_t version) const {
  const auto found =
      std::find_if(acts_.begin(), acts_.end(), [&](const PastAct& act) { return act.version == version; });
  return found == acts_.end() ? nullptr : &*found;
}

std::unique_ptr<Message> Past::Corrected(const PastAct& act, const std::vector<Amendment>& amendments) const {
  std::unique_ptr<Message> object(act.image->New());
  object->CopyFrom(*act.image);
  for (const Amendment& amendment : amendments) {
    if (amendment.version <= act.version) continue;  // it is in the image
    for (const std::string& path : amendment.mask.paths()) {
      const bool dated =
          std::any_of(correctable_->amendable.begin(), correctable_->amendable.end(),
                      [&](const Amendable& a) { return a.path == path && a.act == act.act && a.act != 0; });
      if (Concerns(*object, dated || act.version + 1 == amendment.version, path, *amendment.before)) {
        CopyPath(*amendment.after, path, object.get());
      }
    }
  }
  return object;
}

absl::CivilDay Past::DayOf(const PastAct& act, const Message& corrected,
                           const std::vector<Amendment>& amendments) const {
  absl::CivilDay day = act.day;
  for (const Amendable& field : correctable_->amendable) {
    if (field.act == 0 || field.act != act.act ||
        ValueAt(corrected, field.path) == ValueAt(*act.image, field.path))
      continue;
    ParseDay(TextAt(corrected, field.path), &day);
  }
  for (const Amendment& amendment : amendments) {
    if (amendment.act == act.journal_id) day = amendment.act_day;
  }
  return day;
}

absl::StatusOr<Past::Replay> Past::DoOver(const Backend& backend, const std::vector<Amendment>& amendments,
                                          const PastAct* without) const {
  Replay replay;
  std::unique_ptr<Message> before(correctable_->type->prototype->New());
  for (const PastAct& act : acts_) {
    if (!act.in_force || &act == without) continue;
    std::unique_ptr<Message> after = Corrected(act, amendments);
    const procedure::Facts facts{backend.clock.Today(),
                                 DayOf(act, *after, amendments),
                                 &backend.calendars.Current(),
                                 &backend.parameters,
                                 {},
                                 ""};
    *correctable_->type->clocks(before.get()) = replay.clocks;
    *correctable_->type->clocks(after.get()) = replay.clocks;
    SetText(before.get(), kActedOn, replay.acted_on);
    SetText(after.get(), kActedOn, replay.acted_on);
    for (auto& rule : correctable_->broken_rules(act.act, act.from_state, facts, *before, *after))
      replay.broken_rules.insert(rule);
    ASSIGN_OR_RETURN(const bool known,
                     correctable_->move_on(act.act, act.from_state, facts, after.get()));
    replay.clocks = correctable_->type->ClocksOf(known ? *after : *act.image);
    replay.acted_on = TextAt(known ? *after : *act.image, kActedOn);
    before = std::move(after);
  }
  return replay;
}

}  // namespace sifa::casework
