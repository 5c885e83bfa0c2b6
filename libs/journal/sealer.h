// Seals committed journal rows into an unbroken chain of SM3 digests, and signs its heads. One sealer at a time works on a
// schema, by lease.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
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

  // One round: takes the lease and seals up to 500 rows in (id, version) order. The number sealed; 0 where another holds
  // the lease. DATA_LOSS where the chain does not reach the anchor: nothing is sealed until somebody has looked into it.
  absl::StatusOr<int> SealOnce();
  // Ends the thread and gives the lease back, so that the next process seals at once.
  void Stop();
  // What came of the last round: not OK as long as nothing can be sealed.
  absl::Status state() const;
  // Rows committed and not yet sealed.
  absl::StatusOr<int64_t> Lag();

 private:
  void Run();
  absl::StatusOr<bool> HoldLease();
  void GiveLeaseBack();
  absl::StatusOr<int> SealBatch(mysql::Connection& connection, Anchor* head);

  mysql::Pool& pool_;
  const crypto::Keyring& keyring_;
  const Clock& clock_;
  const Options options_;
  mysql::Lease lease_;
  std::chrono::steady_clock::time_point renew_at_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool awake_ = false;
  bool stopping_ = false;
  absl::Status state_;
  std::thread thread_;
};

}  // namespace sifa::journal
