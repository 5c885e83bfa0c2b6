#include "libs/casework/acts.h"

#include <deque>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/casework/attachments.h"
#include "libs/casework/settled.h"
#include "libs/contract/mask.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"

namespace sifa::casework {
namespace {

absl::Status CheckEtag(const std::string& asked, int64_t version) {
  if (asked.empty() || asked == absl::StrCat(version)) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "ETAG_STALE", "此记录已被他人更新，请重新打开后再操作");
}

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
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT image FROM journal WHERE id = ?", {journal_id}));
  if (rows.empty()) return Internal("journal row of a request is missing");
  ASSIGN_OR_RETURN(const v1::Image image, backend.store.DecryptImage(journal_id, rows[0].Bytes(0)));
  Answer answer(type.prototype->New());
  if (!answer->ParseFromString(image.object())) return Internal("journal image does not parse");
  return answer;
}

absl::Status SayDuplicate(const absl::Status& status) {
  if (ReasonOf(status) != "DATABASE_DUPLICATE" || !absl::StrContains(status.message(), "by_number")) return status;
  return Error(absl::StatusCode::kAlreadyExists, "NUMBER_TAKEN", "该编号已被本单位的另一案件使用");
}

// The act of RunAct in its transaction; the object that it acts on, or made, is left in *stored.
absl::StatusOr<Id> Perform(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                           const Message* initial, const Transition& transition, mysql::Connection& connection, Stored* stored) {
  *stored = {input.object, 0, backend.clock.Now(), nullptr};
  if (initial != nullptr) {
    stored->id = NewId(backend.clock.Now());
    stored->object.reset(initial->New());
    stored->object->CopyFrom(*initial);
  } else {
    ASSIGN_OR_RETURN(auto loaded, backend.store.Load(connection, type, input.object, Lock::kExclusive));
    if (!loaded || !actor.Reaches(type.common(*loaded->object).organisation_path)) return NotFound(type.label);
    RETURN_IF_ERROR(CheckEtag(input.etag, loaded->version));
    *stored = *std::move(loaded);
  }
  return ApplyInTransaction(backend, type, actor, input, stored, transition, connection);
}

}  // namespace

v1::CountChange CountChangeOf(const ObjectType& type, const Message* before, const Message& after) {
  v1::CountChange change, swapped;
  if (!type.counts) return change;
  if (before != nullptr) AddCounts(type, *before, change.mutable_before());
  AddCounts(type, after, change.mutable_after());
  *swapped.mutable_before() = change.after();
  *swapped.mutable_after() = change.before();
  if (google::protobuf::util::MessageDifferencer::Equals(swapped, change)) change.Clear();
  return change;
}

std::string RequestDigest(const Message& request) {
  // Without secrets: a password could be guessed from a digest that is made in a microsecond.
  const std::unique_ptr<Message> shown(request.New());
  shown->CopyFrom(request);
  contract::MaskSecrets(shown.get());
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    shown->SerializeToCodedStream(&coded);
  }
  return crypto::Sha256(bytes);
}

absl::StatusOr<procedure::Facts> FactsFor(const Backend& backend, const ObjectType& type, mysql::Connection& connection,
                                          const Id& object, absl::CivilDay act_day, absl::string_view action) {
  procedure::Facts facts{backend.clock.Today(), act_day, &backend.calendars.Current(), &backend.parameters, {}};
  if (object.IsZero()) return facts;
  ASSIGN_OR_RETURN(facts.open_children, backend.store.OpenChildren(connection, object));
  if (action.empty() ? !type.files_for.empty() : absl::c_linear_search(type.files_for, action)) {
    ASSIGN_OR_RETURN(facts.files, FilesOf(backend, connection, object));
  }
  return facts;
}

journal::Row MakeJournalRow(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input, const Id& id,
                            const Stored& after, const Message* before, const procedure::Applied& applied) {
  const Common common = type.common(*after.object);
  v1::ActRecord record;
  record.set_law(applied.law);
  record.set_rule_version(RuleVersions(type, *after.object));
  for (const auto& paper : applied.papers) record.add_papers(paper);
  for (const auto& clock : applied.clocks) record.add_clocks(clock);
  if (auto counts = CountChangeOf(type, before, *after.object); !counts.before().empty() || !counts.after().empty()) {
    *record.mutable_counts() = std::move(counts);
  }
  record.set_actor_account(actor.account());
  record.set_acting_for(applied.acting_for);
  record.set_corrects(input.corrects);
  record.set_approved_by(input.approved_by);
  record.set_correction(input.correction);
  v1::Image image;
  image.set_object(after.object->SerializeAsString());
  image.set_reason(input.reason);
  journal::Row row{id, after.id, type.name, after.version, common.organisation, common.organisation_path, common.region, actor.id(),
                   input.action, before == nullptr ? "" : procedure::NameOf(type.states, applied.from),
                   procedure::NameOf(type.states, applied.to), input.act_day, backend.clock.Now(), record.SerializeAsString(), ""};
  row.image = backend.store.EncryptImage(id, image);
  return row;
}

absl::StatusOr<Id> ApplyInTransaction(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                                      Stored* stored, const Transition& transition, mysql::Connection& connection) {
  const bool creates = stored->version == 0;
  std::unique_ptr<Message> before;
  if (!creates) {
    before.reset(stored->object->New());
    before->CopyFrom(*stored->object);
  }
  ASSIGN_OR_RETURN(auto facts, FactsFor(backend, type, connection, creates ? Id{} : stored->id, input.act_day, input.action));
  facts.actor = actor.id();
  const int papers_before = type.papers(stored->object.get())->size();
  ASSIGN_OR_RETURN(const procedure::Applied applied, transition(stored->object.get(), {backend, actor, facts, connection}));

  const absl::Time now = backend.clock.Now();
  const Id journal_id = NewId(now);
  auto* papers = type.papers(stored->object.get());
  for (int i = papers_before; i < papers->size(); ++i) papers->at(i).set_journal_id(journal_id.ToString());
  ++stored->version;
  Common common = type.common(*stored->object);
  type.stamp(stored->object.get(), {stored->id.ToString(), absl::StrCat(stored->version), common.organisation,
                                    common.organisation_path, stored->created_at, now});
  // The counter row is locked until the commit, so it is taken last.
  if (const auto numbering = type.numbering ? type.numbering(*stored->object, input.act_day) : std::nullopt) {
    ASSIGN_OR_RETURN(const std::string number,
                     backend.store.NextFreeNumber(connection, type, common.organisation, *numbering));
    type.set_number(stored->object.get(), number);
  }
  const absl::Status saved = creates ? backend.store.Insert(connection, type, absl::MakeConstSpan(stored, 1), facts.today)
                                     : backend.store.Update(connection, type, *stored, *before, now);
  RETURN_IF_ERROR(SayDuplicate(saved));
  if (type.project) RETURN_IF_ERROR(type.project(connection, before.get(), *stored->object));
  const auto row = MakeJournalRow(backend, type, actor, input, journal_id, *stored, before.get(), applied);
  RETURN_IF_ERROR(journal::Append(connection, {row}));
  return journal_id;
}

absl::Status CreateInTransaction(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                                 const std::string& caller, absl::Span<const NewObject> objects, const Transition& transition,
                                 mysql::Connection& connection) {
  if (objects.empty()) return absl::OkStatus();
  const absl::Time now = backend.clock.Now();
  const procedure::Facts facts{backend.clock.Today(), input.act_day, &backend.calendars.Current(), &backend.parameters, {}};
  std::vector<Stored> created;
  std::vector<journal::Row> rows;
  std::deque<std::string> digests;  // what the values are views of
  std::vector<mysql::Value> requests;
  created.reserve(objects.size());
  rows.reserve(objects.size());
  for (const NewObject& object : objects) {
    Stored& stored = created.emplace_back(Stored{NewId(now), 1, now, std::unique_ptr<Message>(object.initial->New())});
    stored.object->CopyFrom(*object.initial);
    ASSIGN_OR_RETURN(const procedure::Applied applied, transition(stored.object.get(), {backend, actor, facts, connection}));
    const Common common = type.common(*stored.object);
    type.stamp(stored.object.get(), {stored.id.ToString(), "1", common.organisation, common.organisation_path, now, now});
    rows.push_back(MakeJournalRow(backend, type, actor, input, NewId(now), stored, nullptr, applied));
    requests.insert(requests.end(), {caller, input.method, object.request_id, digests.emplace_back(backend.store.KeyedDigest(object.digest)),
                                     rows.back().id, now});
  }
  RETURN_IF_ERROR(SayDuplicate(backend.store.Insert(connection, type, created, facts.today)));
  if (type.project) {
    for (const Stored& stored : created) RETURN_IF_ERROR(type.project(connection, nullptr, *stored.object));
  }
  RETURN_IF_ERROR(journal::Append(connection, rows));
  return mysql::InsertRows(connection, "INSERT INTO request (caller, method, request_id, digest, journal_id, created_at) VALUES", 6,
                           requests);
}

absl::StatusOr<Answer> RunAct(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input,
                              const Message* initial, const Transition& transition) {
  if (input.act_day > backend.clock.Today()) {
    return InvalidField("occurred_on", "DATE_FUTURE", "办理日期不能晚于今天");
  }
  Answer answer;
  const auto perform = [&](mysql::Connection& connection) -> absl::StatusOr<Id> {
    Stored stored;
    ASSIGN_OR_RETURN(const Id journal_id, Perform(backend, type, actor, input, initial, transition, connection, &stored));
    answer = std::move(stored.object);
    return journal_id;
  };
  const auto repeat = [&](mysql::Connection& connection, const Id& journal_id) -> absl::Status {
    ASSIGN_OR_RETURN(answer, Repeat(backend, type, journal_id, connection));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(RunSettled(backend, {actor.id(), input.method, input.request_id, input.digest}, perform, repeat));
  return answer;
}

absl::StatusOr<Answer> FirstAnswer(const Backend& backend, const ObjectType& type, const Actor& actor, const ActInput& input) {
  Answer answer;
  if (input.request_id.empty()) return answer;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) {
    return FindSettled(backend, connection, {actor.id(), input.method, input.request_id, input.digest}, false,
                       [&](mysql::Connection&, const Id& journal_id) -> absl::Status {
                         ASSIGN_OR_RETURN(answer, Repeat(backend, type, journal_id, connection));
                         return absl::OkStatus();
                       }).status();
  }));
  return answer;
}

absl::Status JournalReading(const Backend& backend, const ObjectType& type, const rpc::Call& call,
                            const std::vector<std::string>& objects) {
  v1::ActRecord record;
  record.set_actor_account(call.claims().account());
  v1::Image image;
  image.set_purpose(call.purpose());
  journal::Row row;
  row.object_type = type.name;
  if (const auto grants = call.GrantsFor(call.method().access.permission()); !grants.empty()) {
    row.organisation = grants.front()->organisation();  // in whose name the reader reads, and whose auditor sees it
    row.organisation_path = grants.front()->path();
  }
  row.actor = Actor::Of(call).id();
  row.action = "READ";
  row.occurred_on = call.today();
  row.recorded_at = call.now();
  row.record = record.SerializeAsString();
  std::vector<journal::Row> rows(objects.size(), row);
  for (size_t i = 0; i < objects.size(); ++i) {
    rows[i].id = NewId(backend.clock.Now());
    ASSIGN_OR_RETURN(rows[i].object_id, ParseId(objects[i]));
    rows[i].image = backend.store.EncryptImage(rows[i].id, image);
  }
  RETURN_IF_ERROR(backend.pool.InTransaction(
      [&](mysql::Connection& connection) { return journal::Append(connection, rows); }));
  backend.committed();
  return absl::OkStatus();
}

}  // namespace sifa::casework
