// The exchange (话务调度) of one centre: what its switch tells goes into the ledger, what follows is worked out by the engine
// (routing/), and what is to be done then is told to the switch and to the agents.
//
// What is durable is written before anything is answered or done: events with all that follows from them are one transaction.
// Where that fails nothing is acknowledged, the switch tells it again, and the engine is made anew of what is durable. Offers,
// order and timers are the engine's alone, and are worked out anew after a start. One process owns a centre's exchange, by a
// lease whose epoch each of its transactions checks; the next one takes over within seconds.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/hotline/centre.h"
#include "services/hotline/ledger.h"
#include "services/hotline/routing/engine.h"
#include "services/hotline/switch.h"
#include "services/hotline/switch_log.h"
#include "sifa/hotline/v1/offer.pb.h"

namespace sifa::hotline {

// What an owner tells of itself.
struct Owner {
  std::string holder;   // of the lease: unique among living processes
  std::string address;  // where other processes reach it
  routing::Parameters parameters;
};

// Thread-safe.
class Exchange {
 public:
  // All references outlive it.
  Exchange(const casework::Backend& backend, Owner owner, std::string centre);

  // In the order of their numbers. Up to which number all is durable; what comes after a gap is taken once the gap has lasted for
  // two seconds. Errors: those of NewEvents; UNAVAILABLE "EXCHANGE_ELSEWHERE" where another process owns it.
  absl::StatusOr<int64_t> Tell(const Boot& run, const std::vector<const v1::SwitchEvent*>& events);
  // What the switch is to do, and has not yet acknowledged.
  absl::StatusOr<std::vector<v1::SwitchCommand>> Commands(const std::string& switch_id);
  absl::Status Acknowledge(const std::string& switch_id, const std::vector<std::string>& commands);

  // Where the process is reached that owned it when this one last asked; "" where it is this one, or not known.
  std::string owner_address();

  // What is offered to an agent. Asking is his heartbeat.
  absl::StatusOr<v1::ListOffersResponse> OffersTo(const std::string& agent);
  // FAILED_PRECONDITION "OFFER_GONE", PERMISSION_DENIED "OFFER_NOT_YOURS".
  absl::StatusOr<v1::Offer> Answer(const std::string& agent, const std::string& offer, bool accept);
  // Tells the switch to hand a call of the agent on, to a group by its code or to a number outside. FAILED_PRECONDITION
  // "NOT_TALKING".
  absl::Status Transfer(const std::string& agent, const std::string& contact, const std::string& to);

  // What time alone brings, and what agents have said meanwhile, also to other processes. Called a few times a second.
  absl::Status Tick();

 private:
  using Effect = routing::Effect;
  using Write = std::function<absl::Status(Ledger&)>;
  // A call of a switch, as the engine names it.
  struct Call {
    std::string contact;  // object
    std::string switch_id, call, work_order;
    absl::Time ended;  // forgotten an hour later; infinite future: it lasts
  };
  struct KnownAgent {
    int64_t version = 0;
    std::string staff_number, extension;
    Agent::State state = Agent::STATE_UNSPECIFIED;
  };
  // What one input leads to.
  struct Work {
    std::vector<Write> writes;
    std::vector<std::pair<std::string, v1::SwitchCommand>> commands;  // by switch
    std::string hung_up_by;                                           // code of hotline_hang_up
  };

  absl::Status Own() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Load(mysql::Connection& connection) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status LoadCentre(mysql::Connection& connection) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status LoadAgents(mysql::Connection& connection) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Restore(const Contact& contact) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Restore(const Callback& callback) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // One input to the engine, and all that follows from it.
  absl::Status Do(const std::function<void(routing::Effects*)>& input) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Writes it all in one transaction, `first` before the rest. Where that fails the engine is made anew.
  absl::Status Commit(Work& work, const std::function<absl::Status(mysql::Connection&)>& first = nullptr)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void Take(const Boot& run, const v1::SwitchEvent& event, Work* work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Arrive(const Boot& run, const v1::SwitchEvent& event, absl::Time at, bool clamped, Work* work)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LoseOthers(const Boot& run, const v1::SwitchEvent& event, absl::Time at, routing::Effects* effects)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Note(const std::string& name, const char* step, const std::string& party, absl::Time at, Work* work)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Acts and commands of the effects.
  void Follow(const routing::Effects& effects, Work* work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FollowContact(const Effect& effect, Work* work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FollowCallback(const Effect& effect, Work* work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Command(const Effect& effect, Work* work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TellPositions(Work* work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string AgentByNumber(const std::string& staff_number) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  v1::Offer OfferOf(const routing::Offer& offer) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const casework::Backend& backend_;
  const Owner owner_;
  const std::string centre_id_;
  absl::Mutex mutex_;
  mysql::Lease lease_ ABSL_GUARDED_BY(mutex_);
  absl::Time renewed_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::string owner_address_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<routing::Engine> engine_ ABSL_GUARDED_BY(mutex_);  // null: to be made of what is durable
  Centre centre_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> groups_ ABSL_GUARDED_BY(mutex_);     // id by code
  std::map<std::string, std::string> codes_ ABSL_GUARDED_BY(mutex_);      // and the other way round
  std::map<std::string, Call> calls_ ABSL_GUARDED_BY(mutex_);             // by name
  std::map<std::string, std::string> callbacks_ ABSL_GUARDED_BY(mutex_);  // object by the engine's name
  std::map<std::string, std::string> called_back_
      ABSL_GUARDED_BY(mutex_);  // the engine's name of the callback by the call that was dialled
  std::map<std::string, KnownAgent> agents_ ABSL_GUARDED_BY(mutex_);  // by id
  std::map<std::string, std::map<std::string, v1::SwitchCommand>> outbox_ ABSL_GUARDED_BY(mutex_);
  int64_t commands_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::pair<std::string, std::string>, absl::Time> gaps_ ABSL_GUARDED_BY(mutex_);  // since when, by run
  absl::Time looked_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();                        // at agents
  absl::Time told_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();                          // positions
};

}  // namespace sifa::hotline
