#include "services/enforcement/batch_work.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/acts.h"
#include "libs/casework/object_service.h"
#include "libs/core/status.h"
#include "libs/telemetry/log.h"
#include "services/enforcement/batch.h"
#include "services/enforcement/batch_reading.h"
#include "services/enforcement/batch_taking.h"
#include "services/enforcement/batch_withdrawal.h"

namespace sifa::enforcement {
namespace {

// One step of one batch, by its state. False: another process has done it meanwhile.
absl::Status Step(const casework::Backend& backend, const std::string& spill, const Batch& batch) {
  switch (batch.state()) {
    case Batch::READING:
      return ReadFile(backend, spill, batch);
    case Batch::CHECKING:
      return CheckRows(backend, batch);
    case Batch::TAKING:
      return TakePortion(backend, batch);
    default:
      return WithdrawPortion(backend, batch);
  }
}

}  // namespace

absl::Status FinishStep(const casework::Backend& backend, const Batch& batch, Batch::Act act,
                        const std::function<absl::Status(Batch&)>& change) {
  const casework::ObjectType& type = backend.objects->Of<Batch>();
  ASSIGN_OR_RETURN(const Id id, ParseId(batch.id()));
  casework::ActInput input{.method = "system", .object = id, .etag = batch.etag(), .action = type.NameOf(act)};
  RETURN_IF_ERROR(casework::SetWhen(backend.clock.Now(), "", nullptr, &input));
  const auto transition = casework::TransitionOf(
      type, act, [&](google::protobuf::Message& object, const casework::Act&) { return change(static_cast<Batch&>(object)); });
  const absl::Status done = casework::RunAct(backend, type, casework::Actor::System(), input, nullptr, transition).status();
  return ReasonOf(done) == "ETAG_STALE" ? absl::OkStatus() : done;  // another process was faster
}

absl::StatusOr<casework::ActInput> InputBy(const casework::Backend& backend, mysql::Connection& connection, const Batch& batch,
                                           absl::string_view asked) {
  ASSIGN_OR_RETURN(const Id id, ParseId(batch.id()));
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT id FROM journal WHERE object_id = ? AND action = ? ORDER BY id DESC LIMIT 1",
                                                     {id, asked}));
  if (rows.empty()) return Internal("a batch waits for what nobody asked");
  casework::ActInput input{.method = "system"};
  RETURN_IF_ERROR(casework::SetWhen(backend.clock.Now(), "", nullptr, &input));
  input.part_of.set_object_type("Batch");
  input.part_of.set_object(batch.id());
  input.part_of.set_act(rows[0].AsId(0).ToString());
  return input;
}

absl::StatusOr<bool> WorkOnBatches(const casework::Backend& backend, const std::string& spill) {
  const casework::ObjectType& type = backend.objects->Of<Batch>();
  casework::ListQuery query;
  query.scopes = {"/"};
  query.states = {Batch::READING, Batch::CHECKING, Batch::TAKING, Batch::WITHDRAWING};
  query.limit = 200;
  std::vector<casework::Stored> waiting;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(waiting, backend.store.List(connection, type, query));
    return absl::OkStatus();
  }));
  bool done = false;
  for (const casework::Stored& stored : waiting) {
    const absl::Status status = Step(backend, spill, static_cast<const Batch&>(*stored.object));
    telemetry::ErrorIf(absl::StrCat("cannot go on with batch ", stored.id.ToString()), status);
    done = done || status.ok();
  }
  return done;
}

}  // namespace sifa::enforcement
