// Seals committed journal rows into an unbroken chain of SM3 digests, and signs its heads. One sealer at a time works on a
// schema, by lease. A row that no writer has signed is not sealed: it goes to quarantine, and the others go on.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/core/clock.h"
#include "libs/crypto/keyring.h"
#include "libs/mysql/mysql.h"

namespace sifa::journal {

// The last sealed row as kept outside the database: if the database is behind it, its tail was cut off.
struct Anchor {
  int64_t position = 0;
  std::string digest;     // 32 bytes
  std::string signature;  // by the keyring, over SignedText()

  std::string SignedText() const;
};
absl::Status WriteAnchor(const std::string& path, const Anchor& anchor);
// Position 0 where the file is not there; DATA_LOSS where it cannot be read.
absl::StatusOr<Anchor> ReadAnchor(const std::string& path);

// Positions from one signed head in the database to the next: one lies in each thousand but the first.
inline constexpr int kHeadEvery = 1000;

class Sealer {
 public:
  struct Options {
    std::string holder;       // of the lease: process and host
    std::string anchor_path;  // beside the keys
    std::function<void(int64_t position)> on_sealed;
  };
  // All references outlive the sealer.
  Sealer(mysql::Pool& pool, const crypto::Keyring& keyring, const Clock& clock, Options options);
  ~Sealer();

  void Start();
  // Rows have been committed: seal them now rather than at the next look (200 ms).
  void Wake();

  // One round: takes the lease and takes up to 500 pending rows in (id, version) order. The number taken; 0 where another holds
  // the lease. An anchor that cannot be written is tried again in each round, and the sealing goes on. DATA_LOSS where the chain
  // does not reach the anchor: nothing is sealed until somebody has looked into it.
  absl::StatusOr<int> SealOnce();
  // Ends the thread and gives the lease back, so that the next process seals at once.
  void Stop();
  // What came of the last round: not OK as long as nothing can be sealed.
  absl::Status state() const;
  // What came of writing the anchor last: not OK as long as it is behind.
  absl::Status anchor_state() const;
  // Whether this process seals: it held the lease in the last round.
  bool holds() const { return holds_; }
  // Rows committed and not yet sealed.
  absl::StatusOr<int64_t> Lag();
  // How long the oldest of them has waited; zero where none does.
  absl::StatusOr<absl::Duration> Age();
  // Pending rows that were not sealed, since no writer had signed them.
  absl::StatusOr<int64_t> Quarantined();

 private:
  void Run();
  bool MayGoOn() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return awake_ || stopping_; }
  absl::StatusOr<bool> HoldLease();
  void GiveLeaseBack();
  // *head: the last sealed position after it, 0 where nothing was sealed.
  absl::StatusOr<int> SealBatch(mysql::Connection& connection, Anchor* head);
  // The last sealed position where the anchor is behind it: its writing failed, or a process ended before it.
  absl::StatusOr<Anchor> HeadBeyondAnchor();
  void KeepAnchor();
  absl::StatusOr<int64_t> Count(const char* table);

  mysql::Pool& pool_;
  const crypto::Keyring& keyring_;
  const Clock& clock_;
  const Options options_;
  mysql::Lease lease_;
  std::atomic<bool> holds_{false};
  std::chrono::steady_clock::time_point renew_at_;
  mutable absl::Mutex mutex_;
  bool awake_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status state_ ABSL_GUARDED_BY(mutex_);
  absl::Status anchor_state_ ABSL_GUARDED_BY(mutex_);
  bool compared_ = false;  // with the anchor, since this sealer has the lease
  Anchor unwritten_;       // what the anchor is to become; position 0: nothing
  std::thread thread_;
};

}  // namespace sifa::journal
