// The routing engine of a hotline centre (话务路由): who is offered to whom, in which order, and what time brings. Pure: events
// go in with the time, effects come out; no clock, no database, no network. Service and simulator run this same code.
//
// A contact goes RINGING → MENU → QUEUED → OFFERED → CONNECTING → TALKING and ends with one outcome. Whoever waits is a `Waiter`:
// a contact, or a callback (回拨), which keeps the place of the contact that led to it. What the switch says has happened beats
// what was offered.
//
// Times are milliseconds of the Unix epoch: `now` by the owner's clock, `at` by the switch's. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "services/hotline/routing/parameters.h"

namespace sifa::hotline::routing {

using Time = int64_t;
using Name = std::string;  // of a contact, an agent, a group, a callback, as the service names them
inline constexpr Time kNever = INT64_MAX;

enum class Medium : uint8_t { kPhone, kVideo, kChat, kMessage };
enum class Outcome : uint8_t { kAnswered, kAbandoned, kMessage, kCallbackAsked, kOverflowed, kSelfServed, kLost };

// What is known of a contact by which it is routed.
struct Wants {
  Medium medium = Medium::kPhone;
  std::string caller;    // number; empty: withheld
  std::string language;  // never widens
  Name group;            // empty: the fallback group
  std::string region;    // code of the division that it is about; empty: any
  bool urgent = false;   // 暴力、未成年人处于危险、自杀自伤
  bool special = false;  // 优先人群 (law H4)
  Name last_agent;       // who has the same open case
};

enum class Phase : uint8_t { kRinging, kMenu, kWaiting, kOffered, kConnecting, kTalking, kParked };

struct Offer {
  Name id, waiter, agent;
  Time deadline = 0;
  bool accepted = false;
};

struct Waiter {
  Name id;
  bool callback = false;
  Wants wants;
  Phase phase = Phase::kRinging;
  Time since = 0;      // of the phase
  Time queued_at = 0;  // from when its circle widens
  Time place = 0;      // its order: the smaller, the earlier
  bool asked = false;  // it has entered the queue
  Time asked_at = 0;   // when, by the switch's clock
  bool bridged = false;
  Name offer;               // open or accepted
  Name agent;               // talking, or the one to whom it returns
  Time return_by = kNever;  // of a transfer: to the first agent
  Time last_word = 0;       // of a chat
  Time enters_at = 0;       // of a callback: into the queue
  int attempts = 0;         // likewise: made
  Time hung_up_at = 0;      // likewise: of the line of an attempt
};

enum class Presence : uint8_t { kOffline, kReady, kBreak, kAway };

struct Skill {
  Name group;
  int grade = 1;  // 1 is the least
};

struct Agent {
  Name id;
  std::vector<Skill> skills;
  std::vector<std::string> languages;
  std::vector<std::string> regions;  // codes that he knows; empty: any
  Presence presence = Presence::kOffline;
  std::optional<Presence> wish;  // applies when he is free
  int load = 0;
  int talks = 0;
  Name offer;  // open or accepted: at most one
  Time idle_since = 0;
  Time rest_until = 0;  // 话后处理, or after an offer that he missed
  Time seen = 0;        // heartbeat
  int misses = 0;       // running
};

struct Effect {
  enum class Kind : uint8_t {
    // Of the switch.
    kRing,       // agent, waiter, offer, until
    kCancel,     // agent, waiter, offer
    kDial,       // agent, waiter (a callback), offer, until
    kToQueue,    // waiter
    kToMessage,  // waiter
    kTransfer,   // waiter, to the centre that takes its overflow
    // Durable facts.
    kQueued,            // waiter, at, place
    kBridged,           // waiter, agent, at
    kEnded,             // waiter, outcome, at
    kAnsweredAfterAll,  // waiter, agent, at: its bridge was told after its end
    kParked,            // waiter
    kCallbackOpened,    // waiter is the contact that led to it; place, at, until: when it enters the queue, asked
    kCallbackAttempt,   // waiter, agent
    kCallbackReached,   // waiter, agent
    kCallbackUnreached,
    kCallbackCalledAgain,  // waiter; by: the contact that goes on with it
    kCallbackNotNeeded,
    kAgentAway,
    kAgentLost,
  };
  Kind kind;
  Name waiter, agent, offer;
  Time at = 0, until = 0, place = 0;
  Outcome outcome = Outcome::kAnswered;
  bool asked = false;
  Name by;
};
using Effects = std::vector<Effect>;

// What somebody hears who waits: his position from 1 on, and the wait of half and of nine in ten; unknown without enough of them.
struct Estimate {
  int position = 0;
  std::optional<Time> p50, p90;
};

enum class Answer : uint8_t { kDone, kGone, kNotYours };

class Engine {
 public:
  // `fallback`: the group 综合. `epoch`: of the owner, part of each offer's id, so that none is ever given twice.
  Engine(Parameters parameters, Name fallback, int64_t epoch);

  // Of people at their desks. An agent that is set anew keeps what he is doing.
  void SetAgent(const Agent& agent, Time now, Effects* effects);
  void RemoveAgent(const Name& agent, Time now, Effects* effects);
  void Wish(const Name& agent, Presence presence, Time now, Effects* effects);
  void Seen(const Name& agent, Time now, Effects* effects);
  Answer Accept(const Name& agent, const Name& offer, Time now, Effects* effects);
  Answer Refuse(const Name& agent, const Name& offer, Time now, Effects* effects);

  // Of the switch.
  void Arrive(const Name& contact, Wants wants, Time at, Time now, Effects* effects);
  void ChooseMenu(const Name& contact, Wants wants, Time now, Effects* effects);
  void EnterQueue(const Name& contact, Time at, Time now, Effects* effects);
  // `number`: empty: the caller's.
  void AskCallback(const Name& contact, const std::string& number, Time at, Time now, Effects* effects);
  void OfferFailed(const Name& offer, Time now, Effects* effects);
  void Bridge(const Name& waiter, const Name& agent, Time at, Time now, Effects* effects);
  void Speak(const Name& contact, Time now, Effects* effects);
  // To a group; empty: out of the centre, where it goes on by itself.
  void Transfer(const Name& contact, const Name& group, Time at, Time now, Effects* effects);
  void HangUp(const Name& waiter, Time at, Time now, Effects* effects);
  void LeaveMessage(const Name& contact, Time at, Time now, Effects* effects);
  // The switch has started anew, or says which of its calls are left: what is not among them is lost, and owed a callback.
  void Lose(const Name& contact, Time at, Time now, Effects* effects);
  void CancelCallback(const Name& callback, Time now, Effects* effects);

  // Out of hours nobody is offered, and whoever queues, or waits when it closes, is asked for a message.
  void SetOpen(bool open, Time now, Effects* effects);
  // What one waits elsewhere; nullopt: nothing takes this one's overflow.
  void SetOverflow(std::optional<Time> other_estimate) { other_estimate_ = other_estimate; }

  // After a start: what was durable, without effects. Then Tick.
  void Restore(Waiter waiter);

  // What time alone brings, to be called when NextTimer says so, or more often.
  void Tick(Time now, Effects* effects);
  Time NextTimer() const;

  const Waiter* Find(const Name& waiter) const;
  const Agent* FindAgent(const Name& agent) const;
  const Offer* FindOffer(const Name& offer) const;
  Estimate EstimateOf(const Name& waiter) const;
  size_t waiting() const { return places_; }
  const std::map<Name, Agent>& agents() const { return agents_; }
  const absl::flat_hash_map<Name, Waiter>& waiters() const { return waiters_; }
  const std::map<Name, Offer>& offers() const { return offers_; }

 private:
  using Place = std::pair<Time, Name>;  // of a queue
  using Queue = std::set<Place>;
  struct Ended {
    Outcome outcome;
    Time at;
    Name callback;
  };

  int LoadOf(const Wants& wants) const;
  Time OfferTime(const Wants& wants) const;
  bool CanWork(const Agent& agent, const Waiter& waiter, Time now) const;
  // The step of the widening circle at which the agent may have it, from 0 on; -1: at none.
  int StepFor(const Agent& agent, const Waiter& waiter) const;
  int StepNow(const Waiter& waiter, Time now);
  bool AnybodyAt(const Waiter& waiter, int step);
  bool Fits(const Agent& agent, const Waiter& waiter, Time now);
  bool Rests(const Waiter& waiter, const Agent& agent, Time now) const;

  // Into its queue, at its place; and out of it.
  void Enqueue(Waiter& waiter, Time now);
  void Unqueue(const Waiter& waiter);
  std::string QueueOf(const Waiter& waiter) const;
  bool Queued(const Waiter& waiter) const;
  void OfferTo(Waiter& waiter, Agent& agent, Time now, Effects* effects);
  // The best of those who are free; nullptr: nobody.
  Agent* Choose(const Waiter& waiter, Time now);
  void FindAgentFor(Waiter& waiter, Time now, Effects* effects);
  // The earliest of those whom the agent can serve now.
  void Serve(Agent& agent, Time now, Effects* effects);
  void ServeAll(Time now, Effects* effects);
  // Ends the offer; the agent keeps his idle time or, where he is to blame, begins anew.
  enum class Blame : uint8_t { kNone, kRefused, kMissed };
  void EndOffer(const Name& offer, Blame blame, bool tell, Time now, Effects* effects);
  void Free(Agent& agent, const Waiter& waiter, bool wrap_up, Time now);
  void End(Waiter& waiter, Outcome outcome, Time at, Time now, Effects* effects);
  void OpenCallback(const Waiter& contact, const std::string& number, bool asked, Time at, Effects* effects);
  void CloseCallback(const Name& callback, Effect::Kind how, const Name& by, Time now, Effects* effects);
  void NextAttempt(Waiter& callback, Time now, Effects* effects);
  Time WithinHours(Time time) const;
  void WakeAt(Time time, char kind, const Name& name);
  void LookAt(const Name& waiter, Time now, Effects* effects);
  void LookAt(Agent& agent, Time now, Effects* effects);
  // Whether he is among the signed in and the free, after a change.
  void Enlist(const Agent& agent);
  void SetPresence(Agent& agent, Presence presence, Time now);

  const Parameters p_;
  const Name fallback_;
  const int64_t epoch_;
  bool open_ = true;
  bool restored_ = false;  // and nobody has been offered to anybody since
  std::optional<Time> other_estimate_;
  int64_t offers_made_ = 0;
  absl::flat_hash_map<Name, Waiter> waiters_;
  std::map<Name, Agent> agents_;
  std::map<Name, Offer> offers_;
  std::map<std::string, Queue> queues_;  // by language and group
  size_t places_ = 0;
  std::map<std::string, std::set<Name>> speakers_;         // signed in, by language
  std::map<std::string, std::set<Name>> free_;             // and ready for something, likewise
  absl::flat_hash_map<std::string, Name> open_callbacks_;  // by number
  absl::flat_hash_map<Name, Ended> ended_;
  std::map<Time, std::vector<Name>> forget_;        // ended ones
  std::map<std::pair<Name, Name>, Time> rests_;     // waiter and agent, until
  std::set<std::pair<Time, Name>> timers_;          // of waiters ("w…") and of agents ("a…")
  std::map<std::string, std::vector<Time>> waits_;  // of the last ones bridged, by queue
  absl::flat_hash_map<std::string, bool> anybody_;  // AnybodyAt, until somebody signs in or out
};

}  // namespace sifa::hotline::routing
