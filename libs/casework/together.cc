#include "libs/casework/together.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "libs/casework/decision.h"
#include "libs/core/deadline.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

constexpr int kTransactions = 3;   // at once: while some wait for the database, others decide
constexpr size_t kMostDeeds = 16;  // of one transaction: how long the first of them waits for the last
constexpr absl::Duration kLongestWait = absl::Hours(1);  // an infinite one would overflow

// One transaction with all deeds that go through.
class Batch {
 public:
  Batch(const Backend& backend, const ObjectType& type, absl::Span<Deed* const> deeds)
      : backend_(backend), type_(type), deeds_(deeds) {}

  absl::Status Commit() {
    return backend_.pool.InTransaction([this](mysql::Connection& connection) { return Run(connection); });
  }
  // The deeds that Commit has committed, each with the object after it.
  template <class F>
  void ForEachDone(F take) {
    for (size_t i = 0; i < done_.size(); ++i) take(*done_[i], std::move(decisions_[i].after.object));
  }

 private:
  absl::Status Run(mysql::Connection& connection) {
    done_.clear();
    decisions_.clear();
    std::vector<Id> ids;
    for (const Deed* deed : deeds_) {
      if (deed->initial == nullptr) ids.push_back(deed->input.object);
    }
    std::map<Id, Stored> found;
    if (!ids.empty()) {
      ASSIGN_OR_RETURN(found, backend_.store.LoadToChange(connection, type_, ids));
    }
    ASSIGN_OR_RETURN(const auto children, backend_.store.OpenChildren(connection, ids));
    std::vector<DecidedRequest> requests;
    for (Deed* deed : deeds_) {
      const int64_t writes = connection.writes();
      auto decision = DecideOn(*deed, &found, children, connection);
      if (!decision.ok()) {
        // What it has written to other objects cannot be taken back by itself.
        if (connection.writes() != writes) return decision.status();
        continue;
      }
      done_.push_back(deed);
      decisions_.push_back(*std::move(decision));
      requests.push_back({deed->key.caller, deed->key.method, deed->key.request_id, deed->key.digest});
    }
    if (decisions_.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(Write(backend_, connection, decisions_));
    return WriteRequests(backend_, connection, decisions_, requests);
  }

  absl::StatusOr<Decision> DecideOn(const Deed& deed, std::map<Id, Stored>* found,
                                    const std::map<Id, std::vector<std::string>>& children, mysql::Connection& connection) {
    procedure::Facts facts = PlainFacts(backend_, deed.input.act_day);
    if (deed.initial != nullptr) {
      return Decide(backend_, type_, deed.actor, deed.input, NewStored(backend_, *deed.initial), std::move(facts), deed.transition,
                    connection);
    }
    const Id& id = deed.input.object;
    auto loaded = found->extract(id);
    ASSIGN_OR_RETURN(Stored stored, Admit(type_, deed.actor, deed.input,
                                          loaded.empty() ? std::nullopt : std::optional(std::move(loaded.mapped()))));
    if (const auto open = children.find(id); open != children.end()) facts.open_children = open->second;
    RETURN_IF_ERROR(AddFiles(backend_, type_, connection, id, deed.input.action, &facts));
    return Decide(backend_, type_, deed.actor, deed.input, std::move(stored), std::move(facts), deed.transition, connection);
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
  std::unique_lock lock(mutex_);
  waiting_.push_back(&deed);
  while (!deed.end) {
    if (running_ == kTransactions || waiting_.empty()) {
      const absl::Duration patience = std::min(deed.deadline - absl::Now(), kLongestWait);
      const bool late = deed.wake.wait_for(lock, absl::ToChronoMicroseconds(patience)) == std::cv_status::timeout;
      // Once it is taken, its transaction waits no longer than its caller.
      if (late && absl::Now() >= deed.deadline && std::erase(waiting_, &deed) > 0) return Deed::End::kAlone;
      continue;
    }
    // Whoever is free to do so does it for all: there is no thread of its own.
    const std::vector<Deed*> deeds = Take();
    ++running_;
    lock.unlock();
    absl::Time patience = absl::InfiniteFuture();
    for (const Deed* taken : deeds) patience = std::min(patience, taken->deadline);
    Batch batch(backend, type, deeds);
    absl::Status status;
    {
      const DeadlineScope within(patience);
      status = batch.Commit();
    }
    if (status.ok()) backend.committed();
    lock.lock();
    --running_;
    const bool in_doubt = ReasonOf(status) == mysql::kCommitUnknown;
    for (Deed* taken : deeds) taken->end = in_doubt ? Deed::End::kInDoubt : Deed::End::kAlone;
    if (status.ok()) {
      batch.ForEachDone([](Deed& done, Answer answer) {
        done.answer = std::move(answer);
        done.end = Deed::End::kDone;
      });
    }
    for (Deed* taken : deeds) taken->wake.notify_one();
    if (!waiting_.empty()) waiting_.front()->wake.notify_one();
  }
  return *deed.end;
}

// Those that came first; of several on one object the first alone.
std::vector<Deed*> Together::Take() {
  std::vector<Deed*> taken;
  for (auto next = waiting_.begin(); next != waiting_.end() && taken.size() < kMostDeeds;) {
    const Id& object = (*next)->input.object;
    const bool meets = !object.IsZero() && std::any_of(taken.begin(), taken.end(), [&](const Deed* other) {
      return other->input.object == object;
    });
    if (meets) {
      ++next;
      continue;
    }
    taken.push_back(*next);
    next = waiting_.erase(next);
  }
  return taken;
}

}  // namespace sifa::casework
