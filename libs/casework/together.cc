#include "libs/casework/together.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "libs/casework/decision.h"
#include "libs/core/deadline.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

// Transactions that decide at once; COMMITs are not counted. The more there are, the fewer deeds has each, and the dearer is a
// deed; so no more than leave the other half of the processors to the database and to the callers, and the pool to all others.
const int kDeciding = std::clamp(std::thread::hardware_concurrency() / 2, 1u, 4u);
constexpr size_t kMostDeeds = 32;  // of one transaction: how long the first of them waits for the last
// One that has not decided by then waits for a lock: another begins beside it.
constexpr absl::Duration kSlow = absl::Milliseconds(200);

// One transaction with all deeds that go through.
class Batch {
 public:
  Batch(const Backend& backend, const ObjectType& type, absl::Span<Deed* const> deeds)
      : backend_(backend), type_(type), deeds_(deeds) {}

  // `decided` is called when only the COMMIT is left; once more where the database makes it run again.
  absl::Status Commit(absl::FunctionRef<void()> decided) {
    return backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      RETURN_IF_ERROR(DecideAll(connection));
      RETURN_IF_ERROR(WriteAll(connection));
      decided();
      return absl::OkStatus();
    });
  }
  // The deeds that Commit has committed, each with the object after it.
  template <class F>
  void ForEachDone(F take) {
    for (size_t i = 0; i < done_.size(); ++i) take(*done_[i], std::move(decisions_[i].after.object));
  }

 private:
  absl::Status DecideAll(mysql::Connection& connection) {
    done_.clear();
    decisions_.clear();
    Neighbours neighbours(backend_, connection);
    std::vector<Id> ids;
    for (const Deed* deed : deeds_) {
      if (!deed->making) ids.push_back(deed->input.object);
    }
    std::map<Id, Stored> found;
    if (!ids.empty()) {
      ASSIGN_OR_RETURN(found, backend_.store.LoadMany(connection, type_, ids, Lock::kExclusive));
    }
    for (Deed* deed : deeds_) {
      const int64_t writes = connection.writes();
      auto decision = DecideOn(*deed, &found, neighbours);
      if (!decision.ok()) {
        // What it has written to other objects cannot be taken back by itself.
        if (connection.writes() != writes) return decision.status();
        continue;
      }
      done_.push_back(deed);
      decisions_.push_back(*std::move(decision));
    }
    return absl::OkStatus();
  }

  absl::Status WriteAll(mysql::Connection& connection) {
    if (decisions_.empty()) return absl::OkStatus();
    std::vector<DecidedRequest> requests;
    for (size_t i = 0; i < done_.size(); ++i) {
      const RequestKey& key = done_[i]->key;
      RETURN_IF_ERROR(Record(backend_, done_[i]->actor, done_[i]->input, connection, &decisions_[i]));
      requests.push_back({key.caller, key.method, key.request_id, key.digest});
    }
    RETURN_IF_ERROR(Write(backend_, connection, absl::MakeSpan(decisions_)));
    return WriteRequests(backend_, connection, decisions_, requests);
  }

  absl::StatusOr<Decision> DecideOn(const Deed& deed, std::map<Id, Stored>* found, Neighbours& neighbours) {
    procedure::Facts facts = PlainFacts(backend_, deed.input.act_day);
    if (deed.making) {
      ASSIGN_OR_RETURN(Answer initial, Make(backend_, deed.actor, deed.input, deed.making, neighbours));
      return Decide(backend_, type_, deed.actor, deed.input, NewStored(backend_, std::move(initial)), std::move(facts),
                    deed.transition, neighbours);
    }
    const Id& id = deed.input.object;
    auto loaded = found->extract(id);
    ASSIGN_OR_RETURN(Stored stored, Admit(type_, deed.actor, deed.input,
                                          loaded.empty() ? std::nullopt : std::optional(std::move(loaded.mapped()))));
    RETURN_IF_ERROR(AddFiles(backend_, type_, neighbours.connection(), id, deed.input.action, &facts));
    return Decide(backend_, type_, deed.actor, deed.input, std::move(stored), std::move(facts), deed.transition, neighbours);
  }

  const Backend& backend_;
  const ObjectType& type_;
  const absl::Span<Deed* const> deeds_;
  std::vector<Deed*> done_;
  std::vector<Decision> decisions_;  // of done_
};

}  // namespace

Deed::End Together::Run(const Backend& backend, const ObjectType& type, Deed& deed) {
  deed.deadline = CurrentDeadline();
  mutex_.Lock();
  waiting_.push_back(&deed);
  while (!deed.end) {
    if (deed.taken) {  // its transaction waits no longer than its caller
      deed.wake.Wait(&mutex_);
      continue;
    }
    const absl::Time now = absl::Now(), free = begun_ + kSlow;
    if (deciding_ >= kDeciding && now < free) {
      if (now >= deed.deadline) {
        std::erase(waiting_, &deed);
        mutex_.Unlock();
        return Deed::End::kAlone;
      }
      deed.wake.WaitWithTimeout(&mutex_, std::min(deed.deadline, free) - now);
      continue;
    }
    // Whoever is the first to be free does it for all: there is no thread of its own.
    const std::vector<Deed*> deeds = Take();
    ++deciding_;
    begun_ = absl::Now();
    mutex_.Unlock();
    bool decides = true;
    const auto decided = [&] {
      if (!std::exchange(decides, false)) return;
      const absl::MutexLock again(&mutex_);
      --deciding_;
      if (!waiting_.empty()) waiting_.front()->wake.Signal();
    };
    absl::Time patience = absl::InfiniteFuture();
    for (const Deed* taken : deeds) patience = std::min(patience, taken->deadline);
    Batch batch(backend, type, deeds);
    absl::Status status;
    {
      const DeadlineScope within(patience);
      status = batch.Commit(decided);
    }
    decided();
    if (status.ok()) backend.committed();
    mutex_.Lock();
    const bool in_doubt = ReasonOf(status) == mysql::kCommitUnknown;
    for (Deed* taken : deeds) taken->end = in_doubt ? Deed::End::kInDoubt : Deed::End::kAlone;
    if (status.ok()) {
      batch.ForEachDone([](Deed& done, Answer answer) {
        done.answer = std::move(answer);
        done.end = Deed::End::kDone;
      });
    }
    for (Deed* taken : deeds) taken->wake.Signal();
  }
  const Deed::End end = *deed.end;
  mutex_.Unlock();
  return end;
}

// Those that came first; of several on one object the first alone.
std::vector<Deed*> Together::Take() {
  std::vector<Deed*> taken;
  for (auto next = waiting_.begin(); next != waiting_.end() && taken.size() < kMostDeeds;) {
    const Id& object = (*next)->input.object;
    const bool meets = !object.IsZero() &&
                       std::any_of(taken.begin(), taken.end(), [&](const Deed* other) { return other->input.object == object; });
    if (meets) {
      ++next;
      continue;
    }
    taken.push_back(*next);
    taken.back()->taken = true;
    next = waiting_.erase(next);
  }
  return taken;
}

}  // namespace sifa::casework
