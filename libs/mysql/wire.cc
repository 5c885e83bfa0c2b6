#include "libs/mysql/wire.h"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "libs/mysql/error_codes.h"
#include "libs/telemetry/log.h"

namespace sifa::mysql {
namespace {

constexpr std::chrono::milliseconds kLook(50);
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr absl::Duration kLongestPatience = absl::Hours(24 * 365);  // a longer one would overflow

int64_t SteadyNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Cuts what has waited too long: one thread for all connections of the process.
class Watch {
 public:
  static Watch& Instance() {
    static auto* const watch = new Watch;  // never destroyed: connections may end after main
    return *watch;
  }
  void Add(Wire* wire) {
    const absl::MutexLock lock(&mutex_);
    wires_.insert(wire);
  }
  void Remove(Wire* wire) {
    const absl::MutexLock lock(&mutex_);
    wires_.erase(wire);
  }

 private:
  Watch() {
    std::thread([this] { Run(); }).detach();
  }
  void Run() {
    while (true) {
      std::this_thread::sleep_for(kLook);
      const absl::MutexLock lock(&mutex_);
      for (Wire* wire : wires_) wire->CutIfOverdue();
    }
  }

  absl::Mutex mutex_;
  std::set<Wire*> wires_ ABSL_GUARDED_BY(mutex_);
};

// The turn to connect: one at a time in the process has it.
class Turn {
 public:
  // Waits for it so long at most.
  explicit Turn(absl::Duration patience) {
    const absl::MutexLock lock(&mutex);
    had_ = mutex.AwaitWithTimeout(absl::Condition(
                                      +[](bool* t) { return !*t; }, &taken),
                                  patience);
    if (had_) taken = true;
  }
  ~Turn() {
    const absl::MutexLock lock(&mutex);
    if (had_) taken = false;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool had() const { return had_; }

 private:
  static absl::Mutex mutex;
  static bool taken ABSL_GUARDED_BY(mutex);
  bool had_ = false;
};

absl::Mutex Turn::mutex(absl::kConstInit);
bool Turn::taken = false;

std::set<ino_t> InodesOf(const std::map<ino_t, Descriptor>& sockets) {
  std::set<ino_t> inodes;
  for (const auto& [inode, descriptor] : sockets) inodes.insert(inode);
  return inodes;
}

}  // namespace

Wire::Wire() : until_(kNever) { Watch::Instance().Add(this); }

Wire::~Wire() { Watch::Instance().Remove(this); }

Descriptor Wire::NewSocket(const Opening& opening) {
  for (auto& [inode, descriptor] : SocketsTo(*opening.options)) {
    if (!opening.before.contains(inode)) return std::move(descriptor);
  }
  return Descriptor();
}

absl::Status Wire::Open(const Options& options, absl::FunctionRef<absl::Status()> connect) {
  const Wait wait(*this);
  SetPatience(options.connect_timeout);
  const Turn turn(options.connect_timeout);
  if (!turn.had()) return ToStatus(kNoTurnToConnect, "");
  {
    const absl::MutexLock lock(&mutex_);
    opening_ = Opening{&options, InodesOf(SocketsTo(options))};
  }
  const absl::Status connected = connect();
  const absl::MutexLock lock(&mutex_);
  if (connected.ok()) {
    socket_ = NewSocket(*opening_);
    // The connector's own limit, of whole seconds, is then the only one.
    if (socket_.number() < 0) telemetry::Warn("database_socket_unknown");
  }
  opening_.reset();
  return connected;
}

Wire::Wait::Wait(Wire& wire) : wire_(wire), outer_(wire.since_ != 0) {
  if (!outer_) wire_.since_ = SteadyNanos();
}

Wire::Wait::~Wait() {
  if (outer_) return;
  wire_.until_ = kNever;
  wire_.since_ = 0;
}

void Wire::SetPatience(absl::Duration longest) {
  until_ = SteadyNanos() + absl::ToInt64Nanoseconds(std::min(longest, kLongestPatience));
}

absl::Duration Wire::Waiting() const {
  const int64_t since = since_;
  return since == 0 ? absl::ZeroDuration() : absl::Nanoseconds(std::max<int64_t>(SteadyNanos() - since, 1));
}

void Wire::Cut() {
  const absl::MutexLock lock(&mutex_);
  ::shutdown(opening_ ? NewSocket(*opening_).number() : socket_.number(), SHUT_RDWR);
}

void Wire::CutIfOverdue() {
  if (SteadyNanos() > until_) Cut();
}

}  // namespace sifa::mysql
