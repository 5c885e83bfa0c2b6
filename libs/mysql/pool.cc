#include <algorithm>
#include <chrono>
#include <list>
#include <random>
#include <thread>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "libs/core/deadline.h"
#include "libs/core/status.h"
#include "libs/mysql/connection.h"
#include "libs/mysql/second_connection.h"
#include "libs/telemetry/log.h"

namespace sifa::mysql {
namespace {

using Steady = std::chrono::steady_clock;  // a clock set back must not keep the pool away from its server

constexpr std::chrono::milliseconds kRefusalMemory(200);
constexpr absl::Duration kPingPatience = absl::Milliseconds(500);
constexpr absl::Duration kPingAnswer = absl::Seconds(1);
constexpr absl::Duration kLongestWait = absl::Hours(24);  // an infinite one would overflow
// A statement may take its time, but a server that says nothing for so long is asked by another connection whether it is
// there at all.
constexpr absl::Duration kSilence = absl::Seconds(1);
constexpr absl::Duration kWatch = absl::Milliseconds(250);
constexpr int kConflictRetries = 5;
constexpr int kLossRetries = 1;

void PauseAfterConflict(int conflicts) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int64_t longest = 4000ll << conflicts;
  absl::SleepFor(absl::Microseconds(std::uniform_int_distribution<int64_t>(500, longest)(random)));
}

// The pool in whose transaction this thread is.
thread_local const void* transaction_of = nullptr;

class InTransactionOf {
 public:
  explicit InTransactionOf(const void* pool) : before_(std::exchange(transaction_of, pool)) {}
  ~InTransactionOf() { transaction_of = before_; }
  InTransactionOf(const InTransactionOf&) = delete;
  InTransactionOf& operator=(const InTransactionOf&) = delete;

 private:
  const void* before_;
};

absl::Status Busy() {
  return Error(absl::StatusCode::kResourceExhausted, "DATABASE_BUSY", "系统繁忙，请稍后重试");
}

}  // namespace

using ConnectionPtr = std::unique_ptr<ServerConnection>;

struct Pool::Impl {
  explicit Impl(Options given) : options(std::move(given)), watchdog([this] { Watch(); }) {}
  ~Impl() {
    stop.Notify();
    watchdog.join();
  }

  absl::StatusOr<ConnectionPtr> Acquire(absl::Duration patience);
  void Release(ConnectionPtr connection);
  absl::StatusOr<ConnectionPtr> OpenOne();
  void NoteFailure(const absl::Status& status, Failure failure) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  // In a thread of its own: finds out that the server has fallen silent (frozen, cut off), when no statement ends and no error
  // comes, and that it is back.
  void Watch();
  bool Answers() const;
  void FallSilent();
  void CountRetry(bool at_commit = false) {
    const absl::MutexLock lock(&mutex);
    ++stats.retries;
    stats.commit_conflicts += at_commit;
  }

  const Options options;
  void WakeAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    for (absl::CondVar* waiter : waiting) waiter->Signal();
  }
  void WakeFirst() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    if (!waiting.empty()) waiting.front()->Signal();
  }

  absl::Mutex mutex;
  // Served in the order in which they came, and before whoever comes anew: otherwise a caller under load could lose every
  // race for a connection until its patience ends.
  std::list<absl::CondVar*> waiting ABSL_GUARDED_BY(mutex);
  std::vector<ConnectionPtr> idle ABSL_GUARDED_BY(mutex);  // the last used, with the warmest caches, at the end
  std::vector<ServerConnection*> busy ABSL_GUARDED_BY(mutex);
  Stats stats ABSL_GUARDED_BY(mutex);
  // The server is away since a connect failed: one caller at a time tries again, the others get the answer it
  // got.
  bool away ABSL_GUARDED_BY(mutex) = false;
  bool trying ABSL_GUARDED_BY(mutex) = false;
  absl::Status refusal ABSL_GUARDED_BY(mutex);
  Steady::time_point try_at ABSL_GUARDED_BY(mutex);
  // The server takes no more than we have: wait for those.
  Steady::time_point full_until ABSL_GUARDED_BY(mutex);
  bool silent ABSL_GUARDED_BY(mutex) = false;  // away, and it is the watchdog that tries
  absl::Notification stop;
  std::thread watchdog;  // the last member: it uses the others
};

namespace {

// A connection given back at the end of its scope.
template <class Impl>
class Held {
 public:
  Held(Impl& pool, ConnectionPtr connection)
      : pool_(pool), connection_(std::move(connection)), writes_before_(connection_->writes()) {}
  ~Held() { pool_.Release(std::move(connection_)); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ServerConnection& operator*() { return *connection_; }
  ServerConnection* operator->() { return connection_.get(); }
  bool wrote() const { return connection_->writes() != writes_before_; }

 private:
  Impl& pool_;
  ConnectionPtr connection_;
  const int64_t writes_before_;
};

// How one run of a body ended.
struct Attempt {
  enum class End { kFinal, kConflict, kLost } end;
  absl::Status status;
  bool at_commit = false;  // of a conflict
};

// What the connection knows counts before what the body returns: a body may swallow or reword an error.
Attempt RunBody(ServerConnection& connection, const std::function<absl::Status(Connection&)>& body) {
  bool at_commit = false;
  absl::Status status = connection.Begin();
  if (status.ok()) status = body(connection);
  if (status.ok() && !connection.lost()) status = CheckDeadline();  // what nobody waits for is not done
  if (status.ok() && !connection.lost()) {
    status = connection.Commit();
    if (status.ok() || !connection.conflicted()) return {Attempt::End::kFinal, status};
    at_commit = true;
  }
  if (connection.lost()) return {Attempt::End::kLost, connection.loss()};
  const absl::Status conflict = connection.conflict();
  (void)connection.Rollback();  // where it fails, the connection is lost and Release drops it
  if (!conflict.ok()) return {Attempt::End::kConflict, conflict, at_commit};
  return {Attempt::End::kFinal, status};
}

Attempt RunTransaction(ServerConnection& connection, const std::function<absl::Status(Connection&)>& body) {
  const Attempt attempt = RunBody(connection, body);
  const bool committed = attempt.end == Attempt::End::kFinal && attempt.status.ok();
  connection.Ended(committed                                    ? Connection::End::kCommitted
                   : ReasonOf(attempt.status) == kCommitUnknown ? Connection::End::kUnknown
                                                                : Connection::End::kRolledBack);
  return attempt;
}

}  // namespace

absl::StatusOr<ConnectionPtr> Pool::Impl::Acquire(absl::Duration patience) {
  if (transaction_of == this) return Internal("a second connection was asked for inside a transaction");
  const Steady::time_point until =
      Steady::now() + absl::ToChronoMicroseconds(std::min(patience, kLongestWait));
  {
    const absl::MutexLock lock(&mutex);
    absl::CondVar turn;
    auto place = waiting.end();
    const auto leave = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      if (place == waiting.end()) return;
      waiting.erase(place);
      WakeFirst();  // there may be something for the next one, too
    };
    for (;;) {
      const bool first = waiting.empty() || waiting.begin() == place;
      if (first && !idle.empty()) {
        ConnectionPtr connection = std::move(idle.back());
        idle.pop_back();
        busy.push_back(connection.get());
        ++stats.busy;
        leave();
        return connection;
      }
      const Steady::time_point now = Steady::now();
      if (away && (trying || now < try_at)) {
        leave();
        return refusal;
      }
      if (first && stats.open < options.connections && now >= full_until) break;
      if (now >= until) {
        leave();
        return Busy();
      }
      if (place == waiting.end()) {
        place = waiting.insert(waiting.end(), &turn);
        ++stats.waits;
      }
      // Woken also without a change, to look whether the server takes more again.
      turn.WaitWithTimeout(&mutex, absl::FromChrono(std::min<Steady::time_point>(until, now + kRefusalMemory) - now));
    }
    ++stats.open;
    trying = away;
    leave();
  }
  return OpenOne();
}

absl::StatusOr<ConnectionPtr> Pool::Impl::OpenOne() {
  Refusal why;
  absl::StatusOr<ConnectionPtr> connection = ServerConnection::Open(options, &why);
  bool was_away = false;
  {
    const absl::MutexLock lock(&mutex);
    was_away = away;
    trying = silent;
    if (connection.ok()) {
      away = trying = silent = false;
      busy.push_back(connection->get());
      ++stats.busy;
    } else {
      --stats.open;
      NoteFailure(connection.status(), FailureOf(why.error));
    }
  }
  if (connection.ok() && was_away) telemetry::Info("database_back");
  if (!connection.ok() && !was_away) {
    telemetry::Warn("database_away", {{"error", absl::StrCat(why.error, " ", why.text)}});
  }
  return connection;
}

void Pool::Impl::NoteFailure(const absl::Status& status, Failure failure) {
  ++stats.failures;
  if (failure == Failure::kFull && stats.open > 0) {
    full_until = Steady::now() + kRefusalMemory;
  } else {
    away = true;
    refusal = status;
    try_at = Steady::now() + kRefusalMemory;
  }
  WakeAll();  // who waits learns it now, not at the end of its patience
}

void Pool::Impl::Release(ConnectionPtr connection) {
  std::vector<ConnectionPtr> closing;  // after the lock, for closing writes to the socket
  const absl::MutexLock lock(&mutex);
  --stats.busy;
  std::erase(busy, connection.get());
  if (!connection->lost() && !connection->InTransaction()) {
    idle.push_back(std::move(connection));
    WakeFirst();
    return;
  }
  // The others that lie idle have most likely gone the same way; a second try must not meet the next of them.
  if (connection->lost()) closing = std::exchange(idle, {});
  closing.push_back(std::move(connection));
  stats.open -= static_cast<int>(closing.size());
  WakeAll();
}

// Whatever it says: that it has no room for one more, or that it knows no such user.
bool Pool::Impl::Answers() const {
  Refusal why;
  return ServerConnection::Open(options, &why).ok() || FailureOf(why.error) != Failure::kLost;
}

void Pool::Impl::FallSilent() {
  std::vector<ConnectionPtr> closing;  // after the lock
  {
    const absl::MutexLock lock(&mutex);
    silent = away = trying = true;
    refusal = Unavailable("DATABASE_UNAVAILABLE", "数据库暂时无法连接，请稍后重试");
    ++stats.failures;
    for (ServerConnection* connection : busy) {
      if (connection->Waiting() > absl::ZeroDuration()) connection->Cut();
    }
    closing = std::exchange(idle, {});
    stats.open -= static_cast<int>(closing.size());
    WakeAll();
  }
  telemetry::Warn("database_silent");
}

void Pool::Impl::Watch() {
  Steady::time_point answered;
  while (!stop.WaitForNotificationWithTimeout(kWatch)) {
    bool was_silent = false;
    {
      const absl::MutexLock lock(&mutex);
      was_silent = silent;
      const bool suspect = absl::c_any_of(busy, [](const ServerConnection* c) { return c->Waiting() > kSilence; });
      if (!silent && (!suspect || Steady::now() - answered < absl::ToChronoMilliseconds(kSilence))) continue;
    }
    const bool answers = Answers();
    if (answers) answered = Steady::now();
    if (!answers && !was_silent) FallSilent();
    const absl::MutexLock lock(&mutex);
    if (!answers || !silent) continue;
    silent = away = trying = false;
    WakeAll();
    telemetry::Info("database_back");
  }
}

SecondConnection::SecondConnection() : before_(std::exchange(transaction_of, nullptr)) {}

SecondConnection::~SecondConnection() { transaction_of = before_; }

Pool::Pool(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Pool::~Pool() = default;

absl::Status Pool::InTransaction(const std::function<absl::Status(Connection&)>& body) {
  int conflicts = 0;
  int losses = 0;
  for (;;) {
    Attempt attempt;
    {
      ASSIGN_OR_RETURN(ConnectionPtr connection, impl_->Acquire(impl_->options.acquire_timeout));
      Held held(*impl_, std::move(connection));
      const InTransactionOf here(impl_.get());
      attempt = RunTransaction(*held, body);
    }
    if (attempt.end == Attempt::End::kFinal) {
      if (ReasonOf(attempt.status) == kCommitUnknown) telemetry::Warn("database_commit_unknown");
      return attempt.status;
    }
    if (attempt.end == Attempt::End::kLost && ++losses > kLossRetries) return attempt.status;
    if (!CheckDeadline().ok()) return attempt.status;
    if (attempt.end == Attempt::End::kConflict) {
      if (++conflicts > kConflictRetries) return attempt.status;
      PauseAfterConflict(conflicts);
    }
    impl_->CountRetry(attempt.at_commit);
  }
}

absl::Status Pool::WithConnection(const std::function<absl::Status(Connection&)>& body) {
  for (int losses = 0;;) {
    ASSIGN_OR_RETURN(ConnectionPtr connection, impl_->Acquire(impl_->options.acquire_timeout));
    Held held(*impl_, std::move(connection));
    const absl::Status status = body(*held);
    if (!held->lost()) return status;
    // A write may have happened.
    if (held.wrote() || ++losses > kLossRetries || !CheckDeadline().ok()) return status.ok() ? held->loss() : status;
    impl_->CountRetry();
  }
}

absl::Status Pool::Ping() {
  const DeadlineScope bounded(absl::Now() + kPingAnswer);
  for (int losses = 0;;) {
    ASSIGN_OR_RETURN(ConnectionPtr connection, impl_->Acquire(kPingPatience));
    Held held(*impl_, std::move(connection));
    const absl::Status status = held->Ping();
    if (status.ok() || !held->lost() || ++losses > kLossRetries) return status;
  }
}

Pool::Stats Pool::stats() const {
  const absl::MutexLock lock(&impl_->mutex);
  Stats stats = impl_->stats;
  stats.limit = impl_->options.connections;
  stats.waiting = static_cast<int>(impl_->waiting.size());
  return stats;
}

}  // namespace sifa::mysql
