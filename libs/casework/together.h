// Acts that come at the same time, committed in one transaction: what a transaction costs (its beginning and its COMMIT, a
// statement for each table, the waiting for each answer) is paid once for all of them. Nobody waits for company: an act that
// comes alone goes at once, and what comes meanwhile goes with the next.
//
// Only acts that go through share a transaction. Whatever is out of the ordinary (a refusal, a repeated request, two acts on
// one object, any trouble with the database) is left to be run alone, the plain way (RunSettled), which alone gives refusals:
// so here nothing is decided twice, and what fails for one fails for no other.
//
// A type may have it whose acts look, of their own type, at the object alone that they change. Within one transaction no lock
// keeps an act from another: one that looked at a neighbour could miss what the neighbour's act decides in the same moment.
// What is open below an object is not looked up here: a guard that asks for it sends its act alone.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/casework/acts.h"
#include "libs/casework/settled.h"

namespace sifa::casework {

// An act of a caller who waits for it. Borrows all that it refers to.
struct Deed {
  enum class End {
    kDone,     // committed; `answer` is set
    kAlone,    // not committed: to be run alone
    kInDoubt,  // the COMMIT got no answer: to be settled, then run alone
  };

  const Actor& actor;
  const ActInput& input;
  const Making& making;
  const Transition& transition;
  const RequestKey& key;

  // Together's own.
  Answer answer = nullptr;
  absl::Time deadline = absl::InfiniteFuture();
  bool taken = false;  // by a transaction
  std::optional<End> end = std::nullopt;
  absl::CondVar wake = {};
};

// Of one object type. Thread-safe.
class Together {
 public:
  // Returns when the deed has ended one way or the other, within its caller's patience (libs/core/deadline.h).
  Deed::End Run(const Backend& backend, const ObjectType& type, Deed& deed);

 private:
  std::vector<Deed*> Take() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::deque<Deed*> waiting_ ABSL_GUARDED_BY(mutex_);
  int deciding_ ABSL_GUARDED_BY(mutex_) = 0;                         // transactions
  absl::Time begun_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();  // the last of them
};

}  // namespace sifa::casework
