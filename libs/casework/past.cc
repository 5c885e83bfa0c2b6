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

// A list that was longer, or otherwise in part, when it was amended: what was put right of it is right wherever the same wrong
// item stands in its place.
void AmendItems(const Message& before, const Message& after, const std::string& path, Message* image) {
  const auto* field = image->GetDescriptor()->FindFieldByName(path);
  if (field == nullptr || !field->is_repeated() || field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) return;
  const auto& reflection = *image->GetReflection();
  const int size = reflection.FieldSize(before, field);
  if (reflection.FieldSize(after, field) != size) return;
  for (int i = 0; i < std::min(size, reflection.FieldSize(*image, field)); ++i) {
    Message* item = reflection.MutableRepeatedMessage(image, field, i);
    if (item->SerializeAsString() != reflection.GetRepeatedMessage(before, field, i).SerializeAsString()) continue;
    item->CopyFrom(reflection.GetRepeatedMessage(after, field, i));
  }
}

absl::StatusOr<std::vector<v1::Correction>> ApprovedCorrections(const Backend& backend, mysql::Connection& connection,
                                                                const Id& object) {
  ListQuery query;
  query.scopes = {"/"};
  query.parent = object;
  query.states = {v1::Correction::APPROVED};
  query.limit = kMostCorrections;
  ASSIGN_OR_RETURN(const auto found, backend.store.List(connection, backend.objects->Of<v1::Correction>(), query));
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

absl::StatusOr<Past> Past::LoadBeside(const Backend& backend, mysql::Connection& connection, const Correctable& correctable,
                                      const Id& object, std::set<Id> loading) {
  loading.insert(object);
  Past past;
  past.correctable_ = &correctable;
  const ObjectType& type = *correctable.type;
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT ", journal::kWholeColumns,
                                                                  " FROM journal j WHERE j.object_id = ? AND j.version > 0"
                                                                  " ORDER BY j.version DESC LIMIT ?"),
                                                     {object, kMostActs}));
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    const journal::Row entry = journal::ReadWholeRow(*row, 0);
    ASSIGN_OR_RETURN(const v1::Image image, backend.store.DecryptImage(entry));
    std::shared_ptr<Message> after(type.prototype->New());
    if (!after->ParseFromString(image.object())) return Internal("journal image does not parse");
    v1::ActRecord record;
    if (!record.ParseFromString(entry.record)) return Internal("journal record does not parse");
    const bool aside = entry.action == "CORRECT" || entry.action == "VOID" || entry.action == "CLOCK_SETTLED" ||
                       entry.action == "HAND_OVER" || entry.action == "CHANGE_OFFICE";
    if (!record.correction().empty()) past.followed_[record.correction()] = entry.version;
    past.acts_.push_back({entry.id, entry.version, entry.action, NumberOf(type.acts, entry.action),
                          NumberOf(type.states, entry.from_state), entry.occurred_on, entry.occurred_at, std::move(after), !aside,
                          record.part_of()});
  }
  ASSIGN_OR_RETURN(const auto corrections, ApprovedCorrections(backend, connection, object));
  for (const v1::Correction& correction : corrections) {
    past.followed_.erase(correction.id());
    const int64_t version = correction.applied_version();
    const auto act = ParseId(correction.act());
    if (correction.kind() == v1::Correction::WITHDRAW_ACT && act.ok()) past.TakeBack(*act, version, correction.id());
    if (correction.kind() == v1::Correction::VOID) past.TakeBackAll(version, correction.id());
    const PastAct *before = past.AtVersion(version - 1), *after = past.AtVersion(version);
    if (correction.kind() != v1::Correction::AMEND || before == nullptr || after == nullptr) continue;
    Amendment amendment{version, correction.update_mask(), before->image, after->image, correction.id()};
    if (absl::CivilDay day; act.ok() && ParseDay(correction.act_day(), &day)) amendment.days[*act] = day;
    past.Amend(std::move(amendment));
  }
  for (const auto& [correction, version] : past.followed_) {
    const PastAct *before = past.AtVersion(version - 1), *after = past.AtVersion(version);
    if (before == nullptr || after == nullptr) continue;
    past.Amend({version, correctable.mirrored, before->image, after->image, correction});
  }
  std::map<std::string, std::string> wholes;  // by id their types
  for (const PastAct& act : past.acts_) {
    if (!act.part_of.object().empty()) wholes.emplace(act.part_of.object(), act.part_of.object_type());
  }
  for (const auto& [id, name] : wholes) {
    const ObjectType* known = backend.objects->Find(name);
    if (known == nullptr || known->correctable == nullptr) continue;
    ASSIGN_OR_RETURN(const Id whole_id, ParseId(id));
    if (loading.contains(whole_id)) continue;
    ASSIGN_OR_RETURN(const Past whole, LoadBeside(backend, connection, *known->correctable, whole_id, loading));
    past.Follow(whole);
  }
  return past;
}

const PastAct* Past::Latest() const {
  const auto found = std::find_if(acts_.rbegin(), acts_.rend(), [](const PastAct& act) { return act.in_force(); });
  return found == acts_.rend() ? nullptr : &*found;
}

const PastAct* Past::DatedBy(const std::string& path, int64_t version) const {
  const auto found = std::find_if(acts_.rbegin(), acts_.rend(), [&](const PastAct& act) {
    return act.in_force() && act.act != 0 && act.version <= version &&
           std::any_of(correctable_->amendable.begin(), correctable_->amendable.end(),
                       [&](const Amendable& field) { return field.act == act.act && field.path == path; });
  });
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

void Past::TakeBack(const Id& act, int64_t version, const std::string& correction) {
  for (PastAct& past_act : acts_) {
    if (past_act.journal_id != act || !past_act.in_force()) continue;
    past_act.taken_back = version;
    past_act.taken_back_by = correction;
  }
}

void Past::TakeBackAll(int64_t version, const std::string& correction) {
  for (const PastAct& act : acts_) {
    if (act.version < version) TakeBack(act.journal_id, version, correction);
  }
}

void Past::Amend(Amendment amendment) {
  for (const std::string& path : amendment.mask.paths()) {
    if (ValueAt(*amendment.before, path) == ValueAt(*amendment.after, path)) continue;
    const PastAct* act = DatedBy(path, amendment.version - 1);
    absl::CivilDay day;
    if (act != nullptr && ParseDay(TextAt(*amendment.after, path), &day)) amendment.days[act->journal_id] = day;
  }
  const auto later = std::upper_bound(amendments_.begin(), amendments_.end(), amendment.version,
                                      [](int64_t version, const Amendment& other) { return version < other.version; });
  amendments_.insert(later, std::move(amendment));
}

// What changed nothing here made no version: it may as well have been so from the first.
int64_t Past::VersionOf(const std::string& correction, const PastAct& otherwise) const {
  const auto found = followed_.find(correction);
  return found == followed_.end() ? otherwise.version : found->second;
}

void Past::Follow(const Past& whole) {
  for (PastAct& act : acts_) {
    const auto id = ParseId(act.part_of.act());
    const PastAct* of = id.ok() ? whole.Find(*id) : nullptr;
    if (of == nullptr) continue;
    if (of->taken_back != 0) TakeBack(act.journal_id, VersionOf(of->taken_back_by, act), of->taken_back_by);
    int64_t version = 0;  // a later one stays later
    for (const Amendment& amendment : whole.amendments_) {
      const auto day = amendment.days.find(*id);
      if (day == amendment.days.end()) continue;
      version = std::max(version, VersionOf(amendment.correction, act));
      Amend({.version = version, .correction = amendment.correction, .days = {{act.journal_id, day->second}}});
    }
  }
}

Past Past::AsOf(int64_t version) const {
  Past then = *this;
  std::erase_if(then.acts_, [&](const PastAct& act) { return act.version > version; });
  std::erase_if(then.amendments_, [&](const Amendment& amendment) { return amendment.version > version; });
  for (PastAct& act : then.acts_) {
    if (act.taken_back > version) act.taken_back = 0;
  }
  return then;
}

std::unique_ptr<Message> Past::Corrected(const PastAct& act) const {
  std::unique_ptr<Message> object(act.image->New());
  object->CopyFrom(*act.image);
  for (const Amendment& amendment : amendments_) {
    if (amendment.version <= act.version) continue;  // it is in the image
    for (const std::string& path : amendment.mask.paths()) {
      const bool dated =
          std::any_of(correctable_->amendable.begin(), correctable_->amendable.end(),
                      [&](const Amendable& a) { return a.path == path && a.act == act.act && a.act != 0; });
      const auto& mirrored = correctable_->mirrored.paths();
      const bool anywhere = dated || std::find(mirrored.begin(), mirrored.end(), path) != mirrored.end();
      if (Concerns(*object, anywhere || act.version + 1 == amendment.version, path, *amendment.before)) {
        CopyPath(*amendment.after, path, object.get());
      } else {
        AmendItems(*amendment.before, *amendment.after, path, object.get());
      }
    }
  }
  return object;
}

absl::CivilDay Past::DayOf(const PastAct& act) const {
  absl::CivilDay day = act.day;
  for (const Amendment& amendment : amendments_) {
    if (const auto amended = amendment.days.find(act.journal_id); amended != amendment.days.end()) day = amended->second;
  }
  return day;
}

absl::StatusOr<Past::Replay> Past::DoOver(const Backend& backend) const {
  Replay replay;
  std::unique_ptr<Message> before(correctable_->type->prototype->New());
  for (const PastAct& act : acts_) {
    if (!act.in_force()) continue;
    std::unique_ptr<Message> after = Corrected(act);
    procedure::Facts facts{backend.clock.Today(), DayOf(act), &backend.calendars.Current(), &backend.parameters};
    if (facts.act_day == act.day) facts.occurred_at = act.at;  // of a day put right the instant is not known
    RETURN_IF_ERROR(procedure::SettleClocks(&replay.clocks, *facts.calendar, facts.today).status());
    *correctable_->type->clocks(before.get()) = replay.clocks;
    *correctable_->type->clocks(after.get()) = replay.clocks;
    SetText(before.get(), kActedOn, replay.acted_on);
    SetText(after.get(), kActedOn, replay.acted_on);
    for (auto& rule : correctable_->type->course->BrokenRules(act.act, act.from_state, facts, *before, *after))
      replay.broken_rules.insert(rule);
    ASSIGN_OR_RETURN(const bool known, correctable_->type->course->MoveOn(act.act, act.from_state, facts, after.get()));
    replay.clocks = correctable_->type->ClocksOf(known ? *after : *act.image);
    replay.acted_on = TextAt(known ? *after : *act.image, kActedOn);
    before = std::move(after);
  }
  return replay;
}

absl::Status UndoParts(const Past& past, Message* after) {
  const auto& acts = past.acts();
  // Taken back as if it had never been (Follow): no version of its own tells of it yet.
  const auto part = std::find_if(acts.rbegin(), acts.rend(), [](const PastAct& act) {
    return act.of_procedure && !act.part_of.act().empty() && act.taken_back == act.version;
  });
  if (part == acts.rend()) return absl::OkStatus();
  const PastAct* before = past.AtVersion(part->version - 1);
  if (before == nullptr) return absl::OkStatus();  // it made the object, which stands by itself
  if (std::any_of(acts.rbegin(), part, [](const PastAct& act) { return act.in_force(); })) {
    return Error(absl::StatusCode::kFailedPrecondition, "PART_FOLLOWED",
                 "随这次办理一并登记的事项其后又有办理，应当先撤销其后的办理");
  }
  const std::unique_ptr<Message> undone = past.Corrected(*before);
  for (const char* kept : {"clocks", "assignee"}) {  // limits follow by themselves; what was handed over stays with the successor
    if (undone->GetDescriptor()->FindFieldByName(kept) != nullptr) CopyPath(*after, kept, undone.get());
  }
  after->CopyFrom(*undone);
  return absl::OkStatus();
}

}  // namespace sifa::casework
