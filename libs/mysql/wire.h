// The socket of one connection and how long its server is waited for. The connector shows no socket, and takes limits of time
// only before a connect and in whole seconds.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <set>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/mysql/mysql.h"
#include "libs/mysql/server_sockets.h"

namespace sifa::mysql {

// Belongs to the thread that has the connection in hand; Waiting, Cut and CutIfOverdue may be called from any.
class Wire {
 public:
  Wire();
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // Runs `connect`, which opens one connection to the server of `options` and returns what is not OK where it fails, and keeps
  // the socket that it made. One connect at a time runs in the process, since the socket is known by being new. `connect` is cut,
  // and a caller gives up waiting for its turn (UNAVAILABLE), when options.connect_timeout has passed since the call.
  absl::Status Open(const Options& options, absl::FunctionRef<absl::Status()> connect);

  // Marks that the server is waited for. Where one stands within another, the outer one counts.
  class Wait {
   public:
    explicit Wait(Wire& wire);
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

   private:
    Wire& wire_;
    const bool outer_;
  };
  // From now on the wait in hand lasts so long at most: the socket is cut within 50 ms of its end.
  void SetPatience(absl::Duration longest);

  // How long the wait in hand has lasted; zero where there is none.
  absl::Duration Waiting() const;
  // Ends the wait, and with it the connection.
  void Cut();
  // Cut where the wait in hand has lasted too long.
  void CutIfOverdue();

 private:
  struct Opening {
    const Options* options;
    std::set<ino_t> before;  // the sockets that others have
  };
  // The one that the connect in hand has made so far, or none.
  static Descriptor NewSocket(const Opening& opening);

  absl::Mutex mutex_;
  std::optional<Opening> opening_ ABSL_GUARDED_BY(mutex_);
  Descriptor socket_ ABSL_GUARDED_BY(mutex_);

  std::atomic<int64_t> since_{0};  // steady, in nanoseconds; 0: nothing is waited for
  std::atomic<int64_t> until_;     // steady, in nanoseconds
};

}  // namespace sifa::mysql
