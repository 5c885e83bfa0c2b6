#include "libs/journal/sealer.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "libs/core/deadline.h"
#include "libs/core/status.h"
#include "libs/journal/journal.h"
#include "libs/journal/writer.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/metrics.h"

namespace sifa::journal {
namespace {

constexpr int kBatch = 500;
constexpr absl::Duration kLook = absl::Milliseconds(200);
// Under load a round every moment would seal three rows at the price of three hundred.
constexpr absl::Duration kGather = absl::Milliseconds(100);
const absl::Duration kLeaseLength = absl::Seconds(10);
const absl::Duration kGoodbye = absl::Seconds(1);
constexpr auto kRenewAfter = std::chrono::milliseconds(2500);  // each renewal is a write to the disk

absl::StatusOr<Anchor> Last(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT position, digest FROM journal_seal ORDER BY position DESC LIMIT 1"));
  if (rows.empty()) return Anchor{0, std::string(32, '\0'), ""};
  return Anchor{rows[0].Int(0), rows[0].Bytes(1), ""};
}

// The chain has to hold what was anchored last. Where its tail was cut off, sealing on would write over the anchor, the only
// witness of it.
absl::Status CheckAgainst(const Anchor& anchor, const Anchor& head, mysql::Connection& connection) {
  if (anchor.position == 0 || (anchor.position == head.position && anchor.digest == head.digest)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT digest FROM journal_seal WHERE position = ?", {anchor.position}));
  if (!rows.empty() && rows[0].Bytes(0) == anchor.digest) return absl::OkStatus();
  return Error(absl::StatusCode::kDataLoss, "JOURNAL_BEHIND_ANCHOR",
               absl::StrCat("the journal does not hold what was anchored at position ", anchor.position, ": verify it"));
}

}  // namespace

std::string Anchor::SignedText() const { return absl::StrCat("sifa-journal ", position, " ", crypto::Hex(digest)); }

absl::Status WriteAnchor(const std::string& path, const Anchor& anchor) {
  const std::string fresh = path + ".new";
  const std::string line =
      absl::StrCat(anchor.position, " ", crypto::Hex(anchor.digest), " ", crypto::Hex(anchor.signature), "\n");
  std::FILE* file = std::fopen(fresh.c_str(), "w");
  if (file == nullptr) return Internal(absl::StrCat("cannot write ", fresh));
  // On disk before it has the name: after a loss of power an empty anchor would stop the sealing. That the name itself may
  // then still be the older one's does no harm.
  const bool whole =
      std::fwrite(line.data(), 1, line.size(), file) == line.size() && std::fflush(file) == 0 && fsync(fileno(file)) == 0;
  if (std::fclose(file) != 0 || !whole) return Internal(absl::StrCat("cannot write ", fresh));
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return Internal(absl::StrCat("cannot replace ", path));
  return absl::OkStatus();
}

absl::StatusOr<Anchor> ReadAnchor(const std::string& path) {
  std::ifstream file(path);
  if (!file.is_open()) return Anchor{};
  Anchor anchor;
  std::string digest, signature;
  if (!(file >> anchor.position >> digest >> signature)) {
    return Error(absl::StatusCode::kDataLoss, "ANCHOR_UNREADABLE", absl::StrCat("cannot read ", path));
  }
  anchor.digest = absl::HexStringToBytes(digest);
  anchor.signature = absl::HexStringToBytes(signature);
  return anchor;
}

Sealer::Sealer(mysql::Pool& pool, const crypto::Keyring& keyring, const Clock& clock, Options options)
    : pool_(pool), keyring_(keyring), clock_(clock), options_(std::move(options)), lease_{"sealer", options_.holder, 0} {}

Sealer::~Sealer() { Stop(); }

absl::Status Sealer::state() const {
  const absl::MutexLock lock(&mutex_);
  return state_;
}

absl::Status Sealer::anchor_state() const {
  const absl::MutexLock lock(&mutex_);
  return anchor_state_;
}

void Sealer::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) {
    thread_.join();
    // What was committed is sealed before the process ends, where the database lets it be.
    const DeadlineScope bounded(absl::Now() + kGoodbye);
    for (absl::StatusOr<int> sealed = 1; sealed.ok() && *sealed > 0;) sealed = SealOnce();
  }
  GiveLeaseBack();
}

void Sealer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Sealer::Wake() {
  const absl::MutexLock lock(&mutex_);
  awake_ = true;
}

void Sealer::Run() {
  while (true) {
    const auto sealed = SealOnce();
    if (const absl::Status before = state(); sealed.status().code() != before.code()) {
      telemetry::ReportIf("cannot seal", sealed.status());
      if (sealed.ok()) telemetry::Info("sealing again");
    }
    const absl::MutexLock lock(&mutex_);
    state_ = sealed.status();
    if (stopping_) return;
    if (sealed.ok() && *sealed == kBatch) continue;
    if (sealed.ok() && *sealed > 0) mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kGather);
    mutex_.AwaitWithTimeout(absl::Condition(this, &Sealer::MayGoOn), kLook);
    if (stopping_) return;
    awake_ = false;
  }
}

absl::StatusOr<bool> Sealer::HoldLease() {
  const auto now = std::chrono::steady_clock::now();
  if (now < renew_at_) return true;
  bool held = false;
  RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(held, mysql::AcquireLease(connection, lease_, kLeaseLength));
    return absl::OkStatus();
  }));
  if (held) renew_at_ = now + kRenewAfter;
  return held;
}

void Sealer::GiveLeaseBack() {
  if (lease_.epoch == 0) return;
  const DeadlineScope bounded(absl::Now() + kGoodbye);
  telemetry::ReportIf("cannot give the sealer's lease back", pool_.WithConnection([&](mysql::Connection& connection) {
    return mysql::ReleaseLease(connection, lease_);
  }));
  renew_at_ = {};
  holds_ = false;
}

absl::StatusOr<int> Sealer::SealOnce() {
  ASSIGN_OR_RETURN(const bool held, HoldLease());
  holds_ = held;
  if (!held) {
    compared_ = false;
    return 0;
  }
  if (!compared_) {
    ASSIGN_OR_RETURN(unwritten_, HeadBeyondAnchor());
    compared_ = true;
  }
  int taken = 0;
  Anchor head;
  const absl::Status status = pool_.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
    ASSIGN_OR_RETURN(taken, SealBatch(connection, &head));
    return absl::OkStatus();
  });
  if (ReasonOf(status) == "LEASE_LOST") {
    renew_at_ = {};
    return 0;
  }
  RETURN_IF_ERROR(status);
  if (head.position > 0) unwritten_ = head;
  KeepAnchor();
  if (head.position > 0 && options_.on_sealed) options_.on_sealed(head.position);
  return taken;
}

absl::StatusOr<Anchor> Sealer::HeadBeyondAnchor() {
  ASSIGN_OR_RETURN(const Anchor anchor, ReadAnchor(options_.anchor_path));
  Anchor head;
  RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(head, Last(connection));
    return CheckAgainst(anchor, head, connection);
  }));
  if (head.position <= anchor.position) return Anchor{};
  head.signature = keyring_.Sign(head.SignedText());
  return head;
}

void Sealer::KeepAnchor() {
  static auto& behind =
      telemetry::Gauge("sifa_journal_anchor_behind", "1 as long as the anchor of the journal cannot be written");
  if (unwritten_.position == 0) return;
  const absl::Status written = WriteAnchor(options_.anchor_path, unwritten_);
  if (written.ok()) unwritten_ = {};
  behind.Set(written.ok() ? 0 : 1);
  const absl::MutexLock lock(&mutex_);
  if (written.code() != anchor_state_.code()) telemetry::ReportIf("cannot write the anchor", written);
  anchor_state_ = written;
}

absl::StatusOr<int> Sealer::SealBatch(mysql::Connection& connection, Anchor* head) {
  *head = {};
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT p.id, s.position, ", kColumns,
                                                 " FROM journal_pending p LEFT JOIN journal j ON j.id = p.id"
                                                 " LEFT JOIN journal_seal s ON s.id = p.id ORDER BY p.id, p.version LIMIT ?"),
                                    {kBatch}));
  if (rows.empty()) return 0;
  ASSIGN_OR_RETURN(Anchor last, Last(connection));
  ASSIGN_OR_RETURN(const Anchor anchor, ReadAnchor(options_.anchor_path));
  RETURN_IF_ERROR(CheckAgainst(anchor, last, connection));
  const int64_t before = last.position;
  std::vector<std::string> digests;
  std::vector<mysql::Value> seals, ids, strange;
  digests.reserve(rows.size());
  for (const auto& columns : rows) {
    const absl::string_view id = columns.Bytes(0);
    ids.push_back(id);
    const bool sealed = !columns.IsNull(1), there = !columns.IsNull(2);
    const Row row = there ? ReadRow(columns, 2) : Row();
    if (sealed || !there || !IsSigned(keyring_, row)) {
      strange.insert(strange.end(), {id, sealed ? "SEALED_BEFORE" : there ? "NOT_SIGNED" : "NO_ROW", clock_.Now()});
      continue;
    }
    last.digest = crypto::Sm3(last.digest + row.SealedBytes());
    digests.push_back(last.digest);
    seals.insert(seals.end(), {++last.position, id, digests.back()});
  }
  if (!strange.empty()) {
    telemetry::Error("journal rows that no writer has signed", {{"rows", absl::StrCat(strange.size() / 3)}});
    RETURN_IF_ERROR(
        mysql::InsertRows(connection, "INSERT IGNORE INTO journal_quarantine (id, reason, found_at) VALUES", 3, strange));
  }
  RETURN_IF_ERROR(mysql::InsertRows(connection, "INSERT INTO journal_seal (position, id, digest) VALUES", 3, seals));
  std::string holes = "?";
  for (size_t i = 1; i < ids.size(); ++i) holes += ",?";
  RETURN_IF_ERROR(connection.Execute(absl::StrCat("DELETE FROM journal_pending WHERE id IN (", holes, ")"), ids).status());
  if (last.position > before) {
    last.signature = keyring_.Sign(last.SignedText());
    *head = last;
  }
  if (before / kHeadEvery != last.position / kHeadEvery) {
    RETURN_IF_ERROR(connection
                        .Execute("INSERT INTO journal_head (position, digest, signed_at, signature) VALUES (?,?,?,?)",
                                 {last.position, last.digest, clock_.Now(), last.signature})
                        .status());
  }
  return static_cast<int>(rows.size());
}

absl::StatusOr<int64_t> Sealer::Count(const char* table) {
  int64_t count = 0;
  RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT COUNT(*) FROM ", table)));
    count = rows[0].Int(0);
    return absl::OkStatus();
  }));
  return count;
}

absl::StatusOr<int64_t> Sealer::Lag() { return Count("journal_pending"); }

absl::StatusOr<absl::Duration> Sealer::Age() {
  absl::Duration age;
  RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT j.recorded_at FROM journal_pending p JOIN journal j ON j.id = p.id"
                                                       " ORDER BY p.id, p.version LIMIT 1"));
    age = rows.empty() ? absl::ZeroDuration() : std::max(clock_.Now() - rows[0].Time(0), absl::ZeroDuration());
    return absl::OkStatus();
  }));
  return age;
}

absl::StatusOr<int64_t> Sealer::Quarantined() { return Count("journal_quarantine"); }

}  // namespace sifa::journal
