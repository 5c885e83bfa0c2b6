#include "libs/casework/acts.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "libs/casework/attachments.h"
#include "libs/casework/decision.h"
#include "libs/casework/object_service.h"
#include "libs/casework/references.h"
#include "libs/casework/relatives.h"
#include "libs/casework/together.h"
#include "libs/contract/mask.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"

namespace sifa::casework {
namespace {

void AddCounts(const ObjectType& type, const Message& object, google::protobuf::RepeatedPtrField<v1::Count>* counts) {
  if (procedure::NameOf(type.states, type.common(object).state) == "VOIDED") return;
  for (auto& count : type.counts(object)) *counts->Add() = std::move(count);
}

std::string RuleVersions(const ObjectType& type, const Message& object) {
  std::string versions;
  for (const auto& clock : type.ClocksOf(object)) {
    if (!clock.rule_version().empty() && !absl::StrContains(versions, clock.rule_version())) {
      absl::StrAppend(&versions, versions.empty() ? "" : "; ", clock.rule_version());
    }
  }
  return versions;
}

// Answers from the journal for a request that was already carried out.
absl::StatusOr<Answer> Repeat(const Backend& backend, const ObjectType& type, const Id& journal_id, mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const v1::Image image, backend.store.ImageOf(connection, journal_id));
  Answer answer(type.prototype->New());
  if (!answer->ParseFromString(image.object())) return Internal("journal image does not parse");
  return answer;
}

absl::StatusOr<Id> ApplyTo(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                           Stored* stored, const Transition& transition, Neighbours& neighbours) {
  const Id object = stored->version == 0 ? Id{} : stored->id;
  mysql::Connection& connection = neighbours.connection();
  ASSIGN_OR_RETURN(procedure::Facts facts, FactsFor(backend, type, connection, object, input.act_day, input.action));
  RETURN_IF_ERROR(AddRelatives(backend, type, connection, stored->id, *stored->object, Lock::kExclusive, &facts));
  ASSIGN_OR_RETURN(Decision decision,
                   Decide(backend, type, actor, input, std::move(*stored), std::move(facts), transition, neighbours));
  RETURN_IF_ERROR(Record(backend, actor, input, connection, &decision));
  RETURN_IF_ERROR(Write(backend, connection, absl::MakeSpan(&decision, 1)));
  *stored = std::move(decision.after);
  return decision.row.id;
}

// The act of RunAct in its transaction; the object that it acts on, or made, is left in *stored.
absl::StatusOr<Id> Perform(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                           const Making& making, const Transition& transition, mysql::Connection& connection, Stored* stored) {
  Neighbours neighbours(backend, connection);
  if (making) {
    ASSIGN_OR_RETURN(Answer initial, Make(backend, actor, input, making, neighbours));
    *stored = NewStored(backend, std::move(initial));
  } else {
    ASSIGN_OR_RETURN(auto loaded, backend.store.Load(connection, type, input.object, Lock::kExclusive));
    ASSIGN_OR_RETURN(*stored, Admit(type, actor, input, std::move(loaded)));
  }
  return ApplyTo(backend, type, actor, input, stored, transition, neighbours);
}

RequestKey KeyOf(const Backend& backend, const Actor& actor, const ActInput& input) {
  RequestKey key{actor.id(), input.method, input.request_id, input.digest, input.request_id.empty()};
  if (key.made_up) key.request_id = NewId(backend.clock.Now()).ToString();
  return key;
}

std::string Deterministic(const Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return bytes;
}

std::unique_ptr<Message> CopyOf(const Message& message) {
  std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

}  // namespace

absl::StatusOr<Answer> Make(const Backend& backend, const Actor& actor, const ActInput& input, const Making& making,
                            Neighbours& neighbours) {
  procedure::Facts facts = PlainFacts(backend, input.act_day);
  facts.actor = actor.id();
  facts.occurred_at = input.occurred_at;
  return making(Act(backend, actor, std::move(facts), {}, neighbours));
}

absl::StatusOr<std::unique_ptr<Message>> Act::ActOnType(const ObjectType& type, int act, const std::string& id,
                                                        const Change& change) const {
  ASSIGN_OR_RETURN(Stored stored, neighbours_.LoadToChange(type, id));
  return PerformPart(type, type.NameOf(act), std::move(stored), TransitionOf(type, act, change));
}

absl::StatusOr<std::unique_ptr<Message>> Act::OpenType(const ObjectType& type, int act, std::unique_ptr<Message> object) const {
  return PerformPart(type, type.NameOf(act), NewStored(backend_, std::move(object)), TransitionOf(type, act, nullptr));
}

absl::Status Act::ChangeAs(const std::string& action, const ObjectType& type, const std::string& id,
                           const Transition& transition) const {
  ASSIGN_OR_RETURN(Stored stored, neighbours_.LoadToChange(type, id));
  return PerformPart(type, action, std::move(stored), transition).status();
}

absl::StatusOr<std::unique_ptr<Message>> Act::PerformPart(const ObjectType& type, const std::string& action, Stored stored,
                                                          const Transition& transition) const {
  const ActInput input{.object = stored.id,
                       .act_day = day(),
                       .occurred_at = occurred_at(),
                       .action = action,
                       .part_of = self_,
                       .acting_for = facts().acting_for};
  RETURN_IF_ERROR(ApplyInTransaction(backend_, type, actor_, input, &stored, transition, connection()).status());
  return std::move(stored.object);
}

Stored NewStored(const Backend& backend, Answer initial) {
  const absl::Time now = backend.clock.Now();
  return {NewId(now), 0, now, std::move(initial)};
}

absl::StatusOr<Stored> Admit(const ObjectType& type, const Actor& actor, const ActInput& input, std::optional<Stored> loaded) {
  if (!loaded || !actor.ReachesObject(type, *loaded->object)) return NotFound(type.label);
  if (!input.etag.empty() && input.etag != absl::StrCat(loaded->version)) {
    return Error(absl::StatusCode::kAborted, "ETAG_STALE", "此记录已被他人更新，请重新打开后再操作");
  }
  return *std::move(loaded);
}

procedure::Facts PlainFacts(const Backend& backend, absl::CivilDay act_day) {
  return {backend.clock.Today(), act_day, &backend.calendars.Current(), &backend.parameters, {}};
}

v1::CountChange CountChangeOf(const ObjectType& type, const Message* before, const Message& after) {
  v1::CountChange change;
  if (!type.counts) return change;
  if (before != nullptr) AddCounts(type, *before, change.mutable_before());
  AddCounts(type, after, change.mutable_after());
  const auto same = [](const v1::Count& a, const v1::Count& b) { return a.SerializeAsString() == b.SerializeAsString(); };
  if (absl::c_equal(change.before(), change.after(), same)) change.Clear();
  return change;
}

std::string RequestDigest(const Message& request) {
  const auto* etag = request.GetDescriptor()->FindFieldByName("etag");
  if (etag == nullptr || !request.GetReflection()->HasField(request, etag)) return crypto::Sha256(Deterministic(request));
  const auto copy = CopyOf(request);
  copy->GetReflection()->ClearField(copy.get(), etag);
  return crypto::Sha256(Deterministic(*copy));
}

std::string KeptRequestOf(const std::string& method, const Message& request) {
  v1::KeptRequest kept;
  kept.set_method(method);
  if (contract::IsKeptWhole(request.GetDescriptor())) {
    request.SerializeToString(kept.mutable_request());
  } else {
    const auto copy = CopyOf(request);
    contract::ClearNotKept(copy.get());
    copy->SerializeToString(kept.mutable_request());
  }
  return kept.SerializeAsString();
}

std::string KeptRequestOf(const rpc::Call& call) {
  return call.request() == nullptr ? "" : KeptRequestOf(call.method().path, *call.request());
}

absl::Status SetWhen(absl::Time now, const std::string& occurred_on, const google::protobuf::Timestamp* occurred_at,
                     ActInput* input) {
  input->act_day = DayOf(now);
  if (occurred_on.empty() && occurred_at == nullptr) {
    input->occurred_at = now;
    return absl::OkStatus();
  }
  if (!occurred_on.empty() && !ParseDay(occurred_on, &input->act_day)) {
    return InvalidField("occurred_on", "FIELD_DATE", "日期应为 YYYY-MM-DD");
  }
  if (occurred_at == nullptr) return absl::OkStatus();
  const absl::Time told = absl::FromUnixSeconds(occurred_at->seconds()) + absl::Nanoseconds(occurred_at->nanos());
  if (told < absl::FromCivil(absl::CivilDay(1900, 1, 1), ChinaTime())) {
    return InvalidField("occurred_at", "FIELD_DATE", "办理时刻不能早于1900年");
  }
  const absl::Time at = absl::FromUnixMicros(absl::ToUnixMicros(told));
  if (at > now) return InvalidField("occurred_at", "INSTANT_FUTURE", "办理时刻不能晚于现在");
  if (!occurred_on.empty() && DayOf(at) != input->act_day) {
    return InvalidField("occurred_at", "INSTANT_OF_ANOTHER_DAY", "办理时刻不在所填的办理日期当天（北京时间）");
  }
  input->act_day = DayOf(at);
  input->occurred_at = at;
  return absl::OkStatus();
}

absl::StatusOr<procedure::Facts> FactsFor(const Backend& backend, const ObjectType& type, mysql::Connection& connection,
                                          const Id& object, absl::CivilDay act_day, absl::string_view action) {
  procedure::Facts facts = PlainFacts(backend, act_day);
  if (object.IsZero()) return facts;
  ASSIGN_OR_RETURN(auto children, backend.store.OpenChildren(connection, {object}));
  facts.open_children = std::move(children[object]);
  ASSIGN_OR_RETURN(facts.standing, StandingOn(backend, connection, type, object));
  RETURN_IF_ERROR(AddFiles(backend, type, connection, object, action, &facts));
  return facts;
}

absl::Status AddFiles(const Backend& backend, const ObjectType& type, mysql::Connection& connection, const Id& object,
                      absl::string_view action, procedure::Facts* facts) {
  if (action.empty() ? type.files_for.empty() : !absl::c_linear_search(type.files_for, action)) return absl::OkStatus();
  ASSIGN_OR_RETURN(facts->files, FilesOf(backend, connection, object));
  return absl::OkStatus();
}

journal::Row MakeJournalRow(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                            const Id& id, const Stored& after, const Message* before, const procedure::Applied& applied,
                            const std::optional<Allotted>& allotted) {
  const Common common = type.common(*after.object);
  v1::ActRecord record;
  record.set_law(applied.law);
  record.set_rule_version(RuleVersions(type, *after.object));
  for (const auto& paper : applied.papers) record.add_papers(paper);
  for (const auto& clock : applied.clocks) record.add_clocks(clock);
  if (type.counts) {
    *record.mutable_counts() = CountChangeOf(type, before, *after.object);
    record.mutable_counts()->set_definition(backend.counted_by);
  }
  record.set_actor_account(actor.account());
  record.set_acting_for(applied.acting_for);
  record.set_corrects(input.corrects);
  record.set_approved_by(input.approved_by);
  record.set_correction(input.correction);
  if (!input.part_of.act().empty()) *record.mutable_part_of() = input.part_of;
  record.set_request_key(
      backend.store.RequestKey(input.caller.empty() ? actor.id() : input.caller, input.method, input.request_id));
  if (allotted) {
    record.set_counter(allotted->counter);
    record.set_counter_last(allotted->last);
  }
  v1::Image image;
  image.set_object(after.object->SerializeAsString());
  image.set_reason(input.reason);
  journal::Row row{id,
                   after.id,
                   type.name,
                   after.version,
                   common.organisation,
                   common.organisation_path,
                   common.region,
                   actor.id(),
                   input.action,
                   before == nullptr ? "" : procedure::NameOf(type.states, applied.from),
                   procedure::NameOf(type.states, applied.to),
                   input.act_day,
                   backend.clock.Now(),
                   record.SerializeAsString()};
  row.image = backend.store.EncryptImage(row, image);
  row.occurred_at = input.occurred_at;
  if (input.part_of.act().empty()) row.request = backend.store.EncryptRequest(row, input.request);
  return row;
}

absl::StatusOr<Id> ApplyInTransaction(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                                      Stored* stored, const Transition& transition, mysql::Connection& connection) {
  Neighbours neighbours(backend, connection);
  return ApplyTo(backend, type, actor, input, stored, transition, neighbours);
}

absl::Status CreateInTransaction(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                                 const std::string& caller, absl::Span<const NewObject> objects, const Transition& transition,
                                 mysql::Connection& connection) {
  if (objects.empty()) return absl::OkStatus();
  std::vector<Decision> decisions;
  std::vector<DecidedRequest> requests;
  Neighbours neighbours(backend, connection);
  decisions.reserve(objects.size());
  requests.reserve(objects.size());
  for (const NewObject& object : objects) {
    Answer initial(object.initial->New());
    initial->CopyFrom(*object.initial);
    ASSIGN_OR_RETURN(decisions.emplace_back(), Decide(backend, type, actor, input, NewStored(backend, std::move(initial)),
                                                      PlainFacts(backend, input.act_day), transition, neighbours));
    ActInput own = input;
    own.caller = caller;
    own.request_id = object.request_id;
    own.request = object.request;
    RETURN_IF_ERROR(Record(backend, actor, own, connection, &decisions.back()));
    requests.push_back({caller, input.method, object.request_id, object.digest});
  }
  RETURN_IF_ERROR(Write(backend, connection, absl::MakeSpan(decisions)));
  return WriteRequests(backend, connection, decisions, requests);
}

absl::Status ActOnMany(const Backend& backend, const ObjectType& type, const Actor& actor, int act, const ActInput& input,
                       std::vector<ChangedObject> objects, mysql::Connection& connection) {
  if (objects.empty()) return absl::OkStatus();
  std::vector<Decision> decisions;
  Neighbours neighbours(backend, connection);
  decisions.reserve(objects.size());
  for (ChangedObject& object : objects) {
    const Transition transition = TransitionOf(type, act, [&](Message& message, const Act&) {
      message.CopyFrom(*object.after);
      return absl::OkStatus();
    });
    ASSIGN_OR_RETURN(decisions.emplace_back(), Decide(backend, type, actor, input, std::move(object.stored),
                                                      PlainFacts(backend, input.act_day), transition, neighbours));
    RETURN_IF_ERROR(Record(backend, actor, input, connection, &decisions.back()));
  }
  return Write(backend, connection, absl::MakeSpan(decisions));
}

absl::StatusOr<Answer> RunAct(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                              const Making& making, const Transition& transition) {
  if (input.act_day > backend.clock.Today()) {
    return InvalidField("occurred_on", "DATE_FUTURE", "办理日期不能晚于今天");
  }
  const RequestKey key = KeyOf(backend, actor, input);
  Answer answer;
  bool in_doubt = false;
  if (type.together != nullptr) {
    Deed deed{.actor = actor, .input = input, .making = making, .transition = transition, .key = key};
    const Deed::End end = type.together->Run(backend, type, deed);
    if (end == Deed::End::kDone) return std::move(deed.answer);
    in_doubt = end == Deed::End::kInDoubt;
  }
  const auto perform = [&](mysql::Connection& connection) -> absl::StatusOr<Id> {
    Stored stored;
    ASSIGN_OR_RETURN(const Id journal_id, Perform(backend, type, actor, input, making, transition, connection, &stored));
    answer = std::move(stored.object);
    return journal_id;
  };
  const auto repeat = [&](mysql::Connection& connection, const Id& journal_id) -> absl::Status {
    ASSIGN_OR_RETURN(answer, Repeat(backend, type, journal_id, connection));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(RunSettled(backend, key, perform, repeat, in_doubt));
  return answer;
}

absl::StatusOr<Answer> FirstAnswer(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input) {
  Answer answer;
  const auto repeat = [&](mysql::Connection& connection, const Id& journal_id) -> absl::Status {
    ASSIGN_OR_RETURN(answer, Repeat(backend, type, journal_id, connection));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(FindSettled(backend, {actor.id(), input.method, input.request_id, input.digest}, repeat).status());
  return answer;
}

absl::Status JournalReading(const Backend& backend, const ObjectType& type, const rpc::Call& call,
                            const std::vector<ReadObject>& objects) {
  const Actor reader = Actor::Of(call);
  v1::Image image;
  image.set_purpose(call.purpose());
  journal::Row row;
  row.object_type = type.name;
  row.actor = reader.id();
  row.action = "READ";
  row.occurred_on = call.today();
  row.recorded_at = call.now();
  row.occurred_at = row.recorded_at;
  const std::string request = KeptRequestOf(call);
  std::vector<journal::Row> rows(objects.size(), row);
  for (size_t i = 0; i < objects.size(); ++i) {
    ASSIGN_OR_RETURN(const rpc::Grant grant,
                     reader.Entitled(type.personal_read(), procedure::Level::kOwner, objects[i].organisation_path, type.label));
    v1::ActRecord record;
    record.set_actor_account(reader.account());
    record.set_acting_for(grant.acting_for());
    rows[i].id = NewId(backend.clock.Now());
    ASSIGN_OR_RETURN(rows[i].object_id, ParseId(objects[i].id));
    rows[i].organisation = grant.organisation();  // whose auditor sees it
    rows[i].organisation_path = grant.path();
    rows[i].record = record.SerializeAsString();
    rows[i].image = backend.store.EncryptImage(rows[i], image);
    rows[i].request = backend.store.EncryptRequest(rows[i], request);
  }
  RETURN_IF_ERROR(
      backend.pool.InTransaction([&](mysql::Connection& connection) { return backend.writer->Append(connection, rows); }));
  backend.committed();
  return absl::OkStatus();
}

}  // namespace sifa::casework
