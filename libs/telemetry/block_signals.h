// Threads started while one of these lives take no signals: SIGTERM stays with main, and SIGPIPE, which a
// write to a closed connection raises in the writing thread, becomes an error of that write. The caller's own
// mask comes back at the end.
#pragma once

#include <pthread.h>
#include <signal.h>

namespace sifa::telemetry {

class BlockSignals {
 public:
  BlockSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockSignals(const BlockSignals&) = delete;
  BlockSignals& operator=(const BlockSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace sifa::telemetry
