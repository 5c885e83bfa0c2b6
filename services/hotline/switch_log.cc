#include "services/hotline/switch_log.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/core/id.h"
#include "libs/core/status.h"
#include "libs/mysql/portions.h"

namespace sifa::hotline {
namespace {

constexpr char kKind[] = "switch_event";

// `kept_up_to`: without a gap from 1. Its row is the lock of the run.
constexpr mysql::Migration kSteps[] = {
    {1, "what switches tell", R"sql(
CREATE TABLE switch_boot (
  switch_id BINARY(16) NOT NULL,
  boot VARBINARY(40) NOT NULL,
  kept_up_to BIGINT NOT NULL,
  PRIMARY KEY (switch_id, boot)
);
CREATE TABLE switch_event (
  switch_id BINARY(16) NOT NULL,
  boot VARBINARY(40) NOT NULL,
  seq BIGINT NOT NULL,
  digest VARBINARY(40) NOT NULL,
  body LONGBLOB NOT NULL,
  PRIMARY KEY (switch_id, boot, seq)
)
)sql"},
};

std::string PlaceOf(const Boot& run, int64_t seq) { return absl::StrCat(kKind, "/", run.switch_id, "/", run.boot, "/", seq); }

// Of what was told under its number, whoever tells it again.
std::string DigestOf(const crypto::Keyring& keyring, const Boot& run, const v1::SwitchEvent& event, absl::string_view bytes) {
  return keyring.Mac(kKind, absl::StrCat(PlaceOf(run, event.seq()), "\n", bytes));
}

absl::StatusOr<Id> IdOf(const Boot& run) { return ParseId(run.switch_id); }

}  // namespace

absl::Span<const mysql::Migration> SwitchLogSchema() { return kSteps; }

absl::StatusOr<std::vector<const v1::SwitchEvent*>> NewEvents(mysql::Connection& connection, const crypto::Keyring& keyring,
                                                              const Boot& run, absl::Span<const v1::SwitchEvent* const> events) {
  ASSIGN_OR_RETURN(const Id id, IdOf(run));
  RETURN_IF_ERROR(connection
                      .Execute("INSERT INTO switch_boot (switch_id, boot, kept_up_to) VALUES (?, ?, 0)"
                               " ON DUPLICATE KEY UPDATE kept_up_to = kept_up_to",
                               {id, run.boot})
                      .status());
  if (events.empty()) return std::vector<const v1::SwitchEvent*>();
  const auto [least, most] =
      std::minmax_element(events.begin(), events.end(), [](auto* a, auto* b) { return a->seq() < b->seq(); });
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT seq, digest FROM switch_event WHERE switch_id = ? AND boot = ?"
                                                     " AND seq BETWEEN ? AND ?",
                                                     {id, run.boot, (*least)->seq(), (*most)->seq()}));
  std::map<int64_t, std::string> known;
  for (const auto& row : rows) known[row.Int(0)] = row.Bytes(1);
  std::vector<const v1::SwitchEvent*> fresh;
  for (const v1::SwitchEvent* event : events) {
    const auto before = known.find(event->seq());
    if (before == known.end()) {
      fresh.push_back(event);
      known[event->seq()] = DigestOf(keyring, run, *event, event->SerializeAsString());
    } else if (!keyring.CheckMac(kKind, absl::StrCat(PlaceOf(run, event->seq()), "\n", event->SerializeAsString()),
                                 before->second)) {
      return Error(absl::StatusCode::kAborted, "EVENT_CONFLICT",
                   absl::StrCat("序号", event->seq(), "的事件已经报送过，内容不同"));
    }
  }
  return fresh;
}

absl::Status KeepEvents(mysql::Connection& connection, const crypto::Keyring& keyring, const Boot& run,
                        absl::Span<const v1::SwitchEvent* const> events) {
  ASSIGN_OR_RETURN(const Id id, IdOf(run));
  std::vector<std::string> digests, bodies;  // values borrow them
  for (const v1::SwitchEvent* event : events) {
    const std::string bytes = event->SerializeAsString();
    digests.push_back(DigestOf(keyring, run, *event, bytes));
    bodies.push_back(keyring.Encrypt(bytes, PlaceOf(run, event->seq())));
  }
  std::vector<mysql::Value> values;
  for (size_t i = 0; i < events.size(); ++i) {
    values.insert(values.end(), {id, run.boot, events[i]->seq(), digests[i], bodies[i]});
  }
  RETURN_IF_ERROR(
      mysql::InsertRows(connection, "INSERT INTO switch_event (switch_id, boot, seq, digest, body) VALUES", 5, values));
  ASSIGN_OR_RETURN(int64_t up_to, KeptUpTo(connection, run));
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT seq FROM switch_event WHERE switch_id = ? AND boot = ? AND seq > ? ORDER BY seq",
                                    {id, run.boot, up_to}));
  for (const auto& row : rows) {
    if (row.Int(0) != up_to + 1) break;
    ++up_to;
  }
  return connection.Execute("UPDATE switch_boot SET kept_up_to = ? WHERE switch_id = ? AND boot = ?", {up_to, id, run.boot})
      .status();
}

absl::StatusOr<int64_t> KeptUpTo(mysql::Connection& connection, const Boot& run) {
  ASSIGN_OR_RETURN(const Id id, IdOf(run));
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT kept_up_to FROM switch_boot WHERE switch_id = ? AND boot = ?", {id, run.boot}));
  return rows.empty() ? 0 : rows[0].Int(0);
}

absl::Status CheckSwitchLog(mysql::Pool& pool, const crypto::Keyring& keyring, const casework::Objects&,
                            std::vector<journal::Finding>* findings) {
  return pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    struct Kept {
      int64_t up_to = 0;
      int64_t missing = 0;
    };
    std::map<std::pair<std::string, std::string>, Kept> kept;
    ASSIGN_OR_RETURN(const auto boots, connection.Query("SELECT switch_id, boot, kept_up_to FROM switch_boot"));
    for (const auto& row : boots) kept[{row.AsId(0).ToString(), row.Bytes(1)}] = {row.Int(2), row.Int(2)};
    const mysql::KeyedSelect all{
        .columns = "switch_id, boot, seq, digest, body", .from = "switch_event", .key = {"switch_id", "boot", "seq"}};
    RETURN_IF_ERROR(mysql::EachInPortions(connection, all, [&](mysql::Row& row) -> absl::Status {
      const Boot run{row.AsId(0).ToString(), row.Bytes(1)};
      const int64_t seq = row.Int(2);
      const auto body = keyring.Decrypt(row.Bytes(4), PlaceOf(run, seq));
      if (!body.ok() || !keyring.CheckMac(kKind, absl::StrCat(PlaceOf(run, seq), "\n", *body), row.Bytes(3))) {
        findings->push_back({.kind = "SWITCH_EVENT_ALTERED",
                             .text = absl::StrCat("交换机", run.switch_id, "启动批次", run.boot, "序号", seq, "的事件被改动")});
      }
      if (const auto found = kept.find({run.switch_id, run.boot}); found != kept.end() && seq <= found->second.up_to)
        --found->second.missing;
      return absl::OkStatus();
    }));
    for (const auto& [run, of] : kept) {
      if (of.missing > 0) {
        findings->push_back({.kind = "SWITCH_EVENT_MISSING",
                             .text = absl::StrCat("交换机", run.first, "启动批次", run.second, "缺少", of.missing, "个事件")});
      }
    }
    return absl::OkStatus();
  });
}

}  // namespace sifa::hotline
