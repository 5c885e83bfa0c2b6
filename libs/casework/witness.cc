#include "libs/casework/witness.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/journal/journal.h"
#include "libs/telemetry/metrics.h"

namespace sifa::casework {
namespace {

constexpr char kAction[] = "WITNESS";
constexpr int kBatch = 1000;

}  // namespace

absl::StatusOr<google::protobuf::Empty> WitnessService::Witness(rpc::Call& call, const v1::Anchor& anchor) {
  v1::ActRecord record;
  record.set_witnessed_service(call.peer());
  *record.mutable_witnessed() = anchor;
  journal::Row row;
  row.id = NewId(call.now());
  row.object_type = "Anchor";
  row.actor = "system";
  row.action = kAction;
  row.occurred_on = call.today();
  row.recorded_at = call.now();
  row.occurred_at = row.recorded_at;
  row.record = record.SerializeAsString();
  RETURN_IF_ERROR(
      backend_.pool.InTransaction([&](mysql::Connection& connection) { return backend_.writer->Append(connection, {row}); }));
  backend_.committed();
  return google::protobuf::Empty();
}

absl::Status AnchorSender::Tick() {
  static auto& known =
      telemetry::Gauge("sifa_journal_witnessed_time_seconds",
                       "When the witness last knew the end of this journal, Unix time; 0 where this process does not seal");
  ASSIGN_OR_RETURN(const journal::Anchor anchor, journal::ReadAnchor(anchor_path_));
  if (anchor.position > sent_) RETURN_IF_ERROR(Send(anchor));
  if (sent_ > 0) known.SetToCurrentTime();
  return absl::OkStatus();
}

absl::Status AnchorSender::Send(const journal::Anchor& anchor) {
  bool news = sent_ == 0;
  if (!news)
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT 1 FROM journal_seal s JOIN journal j ON j.id = s.id"
                                                         " WHERE s.position > ? AND j.action <> ? LIMIT 1",
                                                         {sent_, kAction}));
      news = !rows.empty();
      return absl::OkStatus();
    }));
  if (news) {
    v1::Anchor sent;
    sent.set_position(anchor.position);
    sent.set_digest(anchor.digest);
    sent.set_signature(anchor.signature);
    RETURN_IF_ERROR(tell_(sent));
  }
  sent_ = anchor.position;
  return absl::OkStatus();
}

absl::Status WriteWitnessed(mysql::Pool& pool, const std::string& directory) {
  std::map<std::string, journal::Anchor> furthest;
  RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    furthest.clear();
    for (Id after;;) {
      ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT id, record FROM journal WHERE action = ? AND id > ? ORDER BY id LIMIT ?",
                                                         {kAction, after, kBatch}));
      for (const auto& row : rows) {
        after = row.AsId(0);
        v1::ActRecord record;
        if (!record.ParseFromString(row.Bytes(1))) continue;  // the check of this service's own journal names it
        const v1::Anchor& anchor = record.witnessed();
        auto& kept = furthest[record.witnessed_service()];
        if (anchor.position() > kept.position) kept = {anchor.position(), anchor.digest(), anchor.signature()};
      }
      if (rows.size() < static_cast<size_t>(kBatch)) return absl::OkStatus();
    }
  }));
  for (const auto& [service, anchor] : furthest) {
    RETURN_IF_ERROR(journal::WriteAnchor(absl::StrCat(directory, "/", service, ".anchor"), anchor));
  }
  return absl::OkStatus();
}

}  // namespace sifa::casework
