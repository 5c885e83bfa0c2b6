#include "services/hotline/routing/engine.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace sifa::hotline::routing {
namespace {

constexpr int kWhole = 100;   // of an agent's load
constexpr int kLastStep = 3;  // of the widening circle
constexpr int kMostAttempts = 3;
constexpr size_t kWaitsKept = 50;
constexpr size_t kFewestWaits = 10;  // without so many an estimate is unknown
constexpr Time kDay = 86'400'000;
constexpr Time kChina = 8 * 3'600'000;  // ahead of UTC

bool Slow(Medium medium) { return medium == Medium::kChat || medium == Medium::kMessage; }
bool SignedIn(const Agent& agent) { return agent.presence != Presence::kOffline; }
Name CallbackOf(const Name& contact) { return absl::StrCat("cb:", contact); }

int GradeIn(const Agent& agent, const Name& group) {
  for (const Skill& skill : agent.skills) {
    if (skill.group == group) return skill.grade;
  }
  return 0;
}

bool Speaks(const Agent& agent, const std::string& language) {
  return std::find(agent.languages.begin(), agent.languages.end(), language) != agent.languages.end();
}

// Whether he knows a division that agrees with this one in so many digits.
bool Knows(const Agent& agent, const std::string& region, size_t digits) {
  if (agent.regions.empty() || region.empty()) return true;
  const auto agrees = [&](const std::string& known) {
    const size_t compared = std::min({digits, known.size(), region.size()});
    return absl::StartsWith(region, known.substr(0, compared));
  };
  return std::any_of(agent.regions.begin(), agent.regions.end(), agrees);
}
bool KnowsTownship(const Agent& agent, const std::string& region) {
  const auto same = [&](const std::string& known) { return known.size() >= 9 && absl::StartsWith(region, known.substr(0, 9)); };
  return std::any_of(agent.regions.begin(), agent.regions.end(), same);
}

}  // namespace

Engine::Engine(Parameters parameters, Name fallback, int64_t epoch)
    : p_(parameters), fallback_(std::move(fallback)), epoch_(epoch) {}

// ---- what is known ----

const Waiter* Engine::Find(const Name& waiter) const {
  const auto found = waiters_.find(waiter);
  return found == waiters_.end() ? nullptr : &found->second;
}
const Agent* Engine::FindAgent(const Name& agent) const {
  const auto found = agents_.find(agent);
  return found == agents_.end() ? nullptr : &found->second;
}
const Offer* Engine::FindOffer(const Name& offer) const {
  const auto found = offers_.find(offer);
  return found == offers_.end() ? nullptr : &found->second;
}

Estimate Engine::EstimateOf(const Name& name) const {
  Estimate estimate;
  const Waiter* waiter = Find(name);
  if (waiter == nullptr) return estimate;
  if (const auto queue = queues_.find(QueueOf(*waiter)); queue != queues_.end()) {
    const auto place = queue->second.find({waiter->place, waiter->id});
    if (place != queue->second.end()) estimate.position = static_cast<int>(std::distance(queue->second.begin(), place)) + 1;
  }
  const auto waits = waits_.find(QueueOf(*waiter));
  if (waits == waits_.end() || waits->second.size() < kFewestWaits) return estimate;
  std::vector<Time> sorted = waits->second;
  std::sort(sorted.begin(), sorted.end());
  estimate.p50 = sorted[sorted.size() / 2];
  estimate.p90 = sorted[sorted.size() * 9 / 10];
  return estimate;
}

int Engine::LoadOf(const Wants& wants) const {
  switch (wants.medium) {
    case Medium::kPhone:
    case Medium::kVideo:
      return static_cast<int>(p_.load_phone);
    case Medium::kChat:
      return static_cast<int>(p_.load_chat);
    case Medium::kMessage:
      return static_cast<int>(p_.load_message);
  }
  return kWhole;
}

Time Engine::OfferTime(const Wants& wants) const {
  if (wants.medium == Medium::kPhone) return p_.offer_phone;
  return wants.medium == Medium::kVideo ? p_.offer_video : p_.offer_chat;
}

std::string Engine::QueueOf(const Waiter& waiter) const {
  return absl::StrCat(waiter.wants.language, "/", waiter.wants.group.empty() ? fallback_ : waiter.wants.group);
}

bool Engine::Queued(const Waiter& waiter) const {
  const auto queue = queues_.find(QueueOf(waiter));
  return queue != queues_.end() && queue->second.contains({waiter.place, waiter.id});
}

// ---- who may have whom ----

bool Engine::Rests(const Waiter& waiter, const Agent& agent, Time now) const {
  const auto rest = rests_.find({waiter.id, agent.id});
  return rest != rests_.end() && now < rest->second;
}

bool Engine::CanWork(const Agent& agent, const Waiter& waiter, Time now) const {
  return agent.presence == Presence::kReady && !agent.wish.has_value() && agent.offer.empty() && now >= agent.rest_until &&
         now - agent.seen < p_.heartbeat_silent && agent.load + LoadOf(waiter.wants) <= kWhole && !Rests(waiter, agent, now);
}

int Engine::StepFor(const Agent& agent, const Waiter& waiter) const {
  const Wants& wants = waiter.wants;
  if (!Speaks(agent, wants.language)) return -1;
  const int grade = GradeIn(agent, wants.group.empty() ? fallback_ : wants.group);
  if (grade >= 2 && Knows(agent, wants.region, 6)) return 0;
  if (grade >= 2 && Knows(agent, wants.region, 4)) return 1;
  if ((grade >= 1 || GradeIn(agent, fallback_) > 0) && Knows(agent, wants.region, 4)) return 2;
  return Knows(agent, wants.region, 2) ? kLastStep : -1;
}

bool Engine::AnybodyAt(const Waiter& waiter, int step) {
  const std::string key = absl::StrCat(QueueOf(waiter), "/", waiter.wants.region, "/", step);
  const auto known = anybody_.find(key);
  if (known != anybody_.end()) return known->second;
  const auto& speakers = speakers_[waiter.wants.language];
  const bool is = std::any_of(speakers.begin(), speakers.end(), [&](const Name& name) {
    const int at = StepFor(agents_.at(name), waiter);
    return at >= 0 && at <= step;
  });
  anybody_[key] = is;
  return is;
}

int Engine::StepNow(const Waiter& waiter, Time now) {
  const Time waited = (now - waiter.queued_at) / (Slow(waiter.wants.medium) ? p_.chat_slower : 1);
  int step = waited >= p_.widen_province ? 3 : waited >= p_.widen_grade ? 2 : waited >= p_.widen_city ? 1 : 0;
  while (step < kLastStep && !AnybodyAt(waiter, step)) ++step;
  return step;
}

bool Engine::Fits(const Agent& agent, const Waiter& waiter, Time now) {
  const Name& last = waiter.wants.last_agent;
  if (last == agent.id) return Speaks(agent, waiter.wants.language);
  if (!last.empty() && now - waiter.queued_at < p_.last_agent_wait) {
    const Agent* known = FindAgent(last);
    if (known != nullptr && SignedIn(*known)) return false;
  }
  const int step = StepFor(agent, waiter);
  return step >= 0 && step <= StepNow(waiter, now);
}

Agent* Engine::Choose(const Waiter& waiter, Time now) {
  Agent* best = nullptr;
  std::tuple<bool, int, bool, int, size_t, Time, Name> least;
  for (const Name& name : free_[waiter.wants.language]) {
    Agent& agent = agents_.at(name);
    if (!CanWork(agent, waiter, now) || !Fits(agent, waiter, now)) continue;
    const int grade = GradeIn(agent, waiter.wants.group.empty() ? fallback_ : waiter.wants.group);
    const std::tuple<bool, int, bool, int, size_t, Time, Name> order = {waiter.wants.last_agent != agent.id,
                                                                        StepFor(agent, waiter),
                                                                        !KnowsTownship(agent, waiter.wants.region),
                                                                        -grade,
                                                                        agent.skills.size() + agent.languages.size(),
                                                                        agent.idle_since,
                                                                        agent.id};
    if (best == nullptr || order < least) {
      best = &agent;
      least = order;
    }
  }
  return best;
}

// ---- the queue ----

void Engine::WakeAt(Time time, char kind, const Name& name) { timers_.insert({time, std::string(1, kind) + name}); }

void Engine::Enqueue(Waiter& waiter, Time now) {
  waiter.phase = Phase::kWaiting;
  waiter.since = now;
  if (queues_[QueueOf(waiter)].insert({waiter.place, waiter.id}).second) ++places_;
  const Time slower = Slow(waiter.wants.medium) ? p_.chat_slower : 1;
  for (const Time step : {p_.widen_city, p_.widen_grade, p_.last_agent_wait, p_.widen_province, p_.overflow_estimate}) {
    if (waiter.queued_at + step * slower > now) WakeAt(waiter.queued_at + step * slower, 'w', waiter.id);
  }
}

void Engine::Unqueue(const Waiter& waiter) {
  const auto queue = queues_.find(QueueOf(waiter));
  if (queue == queues_.end()) return;
  places_ -= queue->second.erase({waiter.place, waiter.id});
  if (queue->second.empty()) queues_.erase(queue);
}

void Engine::OfferTo(Waiter& waiter, Agent& agent, Time now, Effects* effects) {
  Unqueue(waiter);
  const Offer offer = {absl::StrCat(epoch_, "-", ++offers_made_), waiter.id, agent.id, now + OfferTime(waiter.wants)};
  waiter.phase = Phase::kOffered;
  waiter.since = now;
  waiter.offer = agent.offer = offer.id;
  offers_[offer.id] = offer;
  Enlist(agent);
  WakeAt(offer.deadline, 'w', waiter.id);
  effects->push_back({.kind = Effect::Kind::kRing,
                      .waiter = waiter.id,
                      .agent = agent.id,
                      .offer = offer.id,
                      .at = now,
                      .until = offer.deadline});
}

void Engine::FindAgentFor(Waiter& waiter, Time now, Effects* effects) {
  if (!open_ || !Queued(waiter)) return;
  if (Agent* agent = Choose(waiter, now)) OfferTo(waiter, *agent, now, effects);
}

void Engine::Serve(Agent& agent, Time now, Effects* effects) {
  if (!open_ || agent.presence != Presence::kReady || !agent.offer.empty()) return;
  Waiter* first = nullptr;
  for (auto& [name, queue] : queues_) {
    const std::string language = name.substr(0, name.find('/'));
    if (!Speaks(agent, language)) continue;
    for (const Place& place : queue) {
      if (first != nullptr && place >= Place(first->place, first->id)) break;
      Waiter& waiter = waiters_.at(place.second);
      if (!CanWork(agent, waiter, now) || !Fits(agent, waiter, now)) continue;
      first = &waiter;
      break;
    }
  }
  if (first != nullptr) OfferTo(*first, agent, now, effects);
}

void Engine::ServeAll(Time now, Effects* effects) {
  std::set<Name> free;
  for (const auto& [language, names] : free_) free.insert(names.begin(), names.end());
  // Whoever has been idle longest is served first.
  std::vector<std::pair<Time, Name>> order;
  for (const Name& name : free) order.push_back({agents_.at(name).idle_since, name});
  std::sort(order.begin(), order.end());
  for (const auto& [since, name] : order) Serve(agents_.at(name), now, effects);
}

// ---- offers ----

void Engine::EndOffer(const Name& id, Blame blame, bool tell, Time now, Effects* effects) {
  const Offer offer = offers_.at(id);
  offers_.erase(id);
  Agent& agent = agents_.at(offer.agent);
  Waiter& waiter = waiters_.at(offer.waiter);
  agent.offer.clear();
  waiter.offer.clear();
  if (tell) effects->push_back({.kind = Effect::Kind::kCancel, .waiter = waiter.id, .agent = agent.id, .offer = id, .at = now});
  if (blame != Blame::kNone) {
    agent.idle_since = now;
    rests_[{waiter.id, agent.id}] = now + p_.pair_rest;
    WakeAt(now + p_.pair_rest, 'w', waiter.id);
  }
  if (blame == Blame::kRefused) agent.misses = 0;
  if (blame == Blame::kMissed) {
    agent.rest_until = now + p_.missed;
    WakeAt(agent.rest_until, 'a', agent.id);
    if (++agent.misses >= p_.misses_to_away && agent.presence == Presence::kReady) {
      SetPresence(agent, Presence::kAway, now);
      effects->push_back({.kind = Effect::Kind::kAgentAway, .agent = agent.id, .at = now});
    }
  }
  Enlist(agent);
}

Answer Engine::Accept(const Name& agent, const Name& id, Time now, Effects* effects) {
  const auto found = offers_.find(id);
  if (found == offers_.end() || (!found->second.accepted && now > found->second.deadline)) return Answer::kGone;
  Offer& offer = found->second;
  if (offer.agent != agent) return Answer::kNotYours;
  if (offer.accepted) return Answer::kDone;
  Waiter& waiter = waiters_.at(offer.waiter);
  offer.accepted = true;
  offer.deadline = now + (waiter.callback ? p_.connecting_callback : p_.connecting);
  waiter.phase = Phase::kConnecting;
  waiter.since = now;
  agents_.at(agent).misses = 0;
  WakeAt(offer.deadline, 'w', waiter.id);
  if (waiter.callback) {
    ++waiter.attempts;
    effects->push_back({.kind = Effect::Kind::kCallbackAttempt, .waiter = waiter.id, .agent = agent, .at = now});
    effects->push_back(
        {.kind = Effect::Kind::kDial, .waiter = waiter.id, .agent = agent, .offer = id, .at = now, .until = offer.deadline});
  }
  return Answer::kDone;
}

Answer Engine::Refuse(const Name& agent, const Name& id, Time now, Effects* effects) {
  const auto found = offers_.find(id);
  if (found == offers_.end() || found->second.accepted) return Answer::kGone;
  if (found->second.agent != agent) return Answer::kNotYours;
  const Name waiter = found->second.waiter;
  EndOffer(id, Blame::kRefused, true, now, effects);
  Enqueue(waiters_.at(waiter), now);
  FindAgentFor(waiters_.at(waiter), now, effects);
  Serve(agents_.at(agent), now, effects);
  return Answer::kDone;
}

void Engine::OfferFailed(const Name& id, Time now, Effects* effects) {
  const auto found = offers_.find(id);
  if (found == offers_.end()) return;
  Waiter& waiter = waiters_.at(found->second.waiter);
  const bool dialled = waiter.callback && found->second.accepted;
  const Name agent = found->second.agent;
  EndOffer(id, Blame::kNone, false, now, effects);
  if (dialled) {
    NextAttempt(waiter, now, effects);
  } else {
    rests_[{waiter.id, agent}] = now + p_.pair_rest;  // his telephone does not ring
    Enqueue(waiter, now);
    FindAgentFor(waiter, now, effects);
  }
  Serve(agents_.at(agent), now, effects);
}

// ---- agents ----

void Engine::Enlist(const Agent& agent) {
  const bool free = agent.presence == Presence::kReady && !agent.wish.has_value() && agent.offer.empty() && agent.load < kWhole;
  for (const std::string& language : agent.languages) {
    auto& speakers = speakers_[language];
    if (SignedIn(agent) ? speakers.insert(agent.id).second : speakers.erase(agent.id) > 0) anybody_.clear();
    if (free) {
      free_[language].insert(agent.id);
    } else {
      free_[language].erase(agent.id);
    }
  }
}

void Engine::SetPresence(Agent& agent, Presence presence, Time now) {
  agent.wish.reset();
  if (presence == Presence::kReady) {
    if (agent.presence != Presence::kReady) agent.idle_since = now;
    agent.misses = 0;
    agent.rest_until = now;
  }
  agent.presence = presence;
  Enlist(agent);
}

void Engine::SetAgent(const Agent& agent, Time now, Effects* effects) {
  const auto found = agents_.find(agent.id);
  if (found == agents_.end()) {
    Agent& made = agents_[agent.id] = agent;
    made.seen = now;
    made.idle_since = now;
    Enlist(made);
    WakeAt(now + p_.heartbeat_lost, 'a', agent.id);
  } else {
    Agent& known = found->second;
    for (const std::string& language : known.languages) {
      speakers_[language].erase(known.id);
      free_[language].erase(known.id);
    }
    known.skills = agent.skills;
    known.languages = agent.languages;
    known.regions = agent.regions;
    anybody_.clear();
    Enlist(known);
  }
  Serve(agents_.at(agent.id), now, effects);
}

void Engine::RemoveAgent(const Name& name, Time now, Effects* effects) { Wish(name, Presence::kOffline, now, effects); }

void Engine::Wish(const Name& name, Presence presence, Time now, Effects* effects) {
  const auto found = agents_.find(name);
  if (found == agents_.end()) return;
  Agent& agent = found->second;
  agent.seen = std::max(agent.seen, now);
  WakeAt(now + p_.heartbeat_lost, 'a', name);
  const bool open_offer = !agent.offer.empty() && !offers_.at(agent.offer).accepted;
  if (presence != Presence::kReady && open_offer) {
    const Name waiter = offers_.at(agent.offer).waiter;
    EndOffer(agent.offer, Blame::kNone, true, now, effects);
    SetPresence(agent, presence, now);
    Enqueue(waiters_.at(waiter), now);
    FindAgentFor(waiters_.at(waiter), now, effects);
  } else if (presence != Presence::kReady && (agent.talks > 0 || !agent.offer.empty())) {
    agent.wish = presence;
    Enlist(agent);
  } else {
    SetPresence(agent, presence, now);
  }
  if (presence == Presence::kReady) {
    Serve(agent, now, effects);
  } else {
    ServeAll(now, effects);  // a step of somebody's circle may be empty now
  }
}

void Engine::Seen(const Name& name, Time now, Effects* effects) {
  const auto found = agents_.find(name);
  if (found == agents_.end()) return;
  const bool silent = now - found->second.seen >= p_.heartbeat_silent;
  found->second.seen = now;
  if (silent) Serve(found->second, now, effects);
}

void Engine::Free(Agent& agent, const Waiter& waiter, bool wrap_up, Time now) {
  agent.load = std::max(0, agent.load - LoadOf(waiter.wants));
  agent.talks = std::max(0, agent.talks - 1);
  agent.idle_since = now;
  if (agent.talks == 0 && agent.wish.has_value()) SetPresence(agent, *agent.wish, now);
  if (wrap_up && agent.presence == Presence::kReady) {
    agent.rest_until = now + (Slow(waiter.wants.medium) ? 0 : p_.wrap_up);
    agent.idle_since = agent.rest_until;
  }
  WakeAt(std::max(now, agent.rest_until), 'a', agent.id);
  Enlist(agent);
}

void Engine::LookAt(Agent& agent, Time now, Effects* effects) {
  if (SignedIn(agent) && now - agent.seen >= p_.heartbeat_lost) {
    effects->push_back({.kind = Effect::Kind::kAgentLost, .agent = agent.id, .at = now});
    Wish(agent.id, Presence::kOffline, now, effects);
    return;
  }
  if (SignedIn(agent)) WakeAt(agent.seen + p_.heartbeat_lost, 'a', agent.id);
  Serve(agent, now, effects);
}

// ---- what the switch tells ----

void Engine::Arrive(const Name& contact, Wants wants, Time at, Time now, Effects* effects) {
  if (waiters_.contains(contact) || ended_.contains(contact)) return;
  Waiter& waiter = waiters_[contact];
  waiter.id = contact;
  waiter.since = now;
  waiter.place = kNever;
  if (const auto owed = open_callbacks_.find(wants.caller); !wants.caller.empty() && owed != open_callbacks_.end()) {
    const Name callback = owed->second;
    waiter.place = waiters_.at(callback).place;
    CloseCallback(callback, Effect::Kind::kCallbackCalledAgain, contact, now, effects);
  }
  Waiter& kept = waiters_.at(contact);
  kept.wants = std::move(wants);
  kept.last_word = now;
  WakeAt(now + p_.ringing, 'w', contact);
  (void)at;
}

void Engine::ChooseMenu(const Name& contact, Wants wants, Time now, Effects* effects) {
  const auto found = waiters_.find(contact);
  if (found == waiters_.end() || found->second.asked) return;
  Waiter& waiter = found->second;
  if (waiter.phase == Phase::kRinging) {
    waiter.phase = Phase::kMenu;
    waiter.since = now;
    WakeAt(now + p_.menu, 'w', contact);
  }
  wants.medium = waiter.wants.medium;
  wants.caller = waiter.wants.caller;
  waiter.wants = std::move(wants);
  (void)effects;
}

void Engine::EnterQueue(const Name& contact, Time at, Time now, Effects* effects) {
  const auto found = waiters_.find(contact);
  if (found == waiters_.end()) return;
  Waiter& waiter = found->second;
  if (waiter.asked) {  // its timer was told first
    waiter.asked_at = std::min(waiter.asked_at, at);
    return;
  }
  waiter.asked = true;
  waiter.asked_at = at;
  waiter.queued_at = now;
  const Time head_start = waiter.wants.urgent ? p_.head_start_urgent : waiter.wants.special ? p_.head_start_special : 0;
  waiter.place = std::min(waiter.place, at - head_start);
  effects->push_back({.kind = Effect::Kind::kQueued, .waiter = contact, .at = at, .place = waiter.place});
  Enqueue(waiter, now);
  if (!open_ || speakers_[waiter.wants.language].empty()) {
    effects->push_back({.kind = Effect::Kind::kToMessage, .waiter = contact, .at = now});
  }
  FindAgentFor(waiter, now, effects);
}

void Engine::Bridge(const Name& name, const Name& agent_name, Time at, Time now, Effects* effects) {
  const auto found = waiters_.find(name);
  const auto whom = agents_.find(agent_name);
  if (found == waiters_.end()) {
    const auto ended = ended_.find(name);
    if (ended == ended_.end() || ended->second.outcome != Outcome::kAbandoned || at > ended->second.at) return;
    effects->push_back({.kind = Effect::Kind::kAnsweredAfterAll, .waiter = name, .agent = agent_name, .at = at});
    const auto callback = waiters_.find(ended->second.callback);
    ended->second.outcome = Outcome::kAnswered;
    if (callback != waiters_.end() && callback->second.attempts == 0) {
      CloseCallback(ended->second.callback, Effect::Kind::kCallbackNotNeeded, name, now, effects);
    }
    return;
  }
  Waiter& waiter = found->second;
  if (waiter.phase == Phase::kTalking && waiter.agent == agent_name) return;
  if (waiter.callback && at <= waiter.hung_up_at) {  // they talked before the end that was told first
    return CloseCallback(name, Effect::Kind::kCallbackReached, agent_name, now, effects);
  }
  if (!waiter.offer.empty()) {
    const bool same = offers_.at(waiter.offer).agent == agent_name;
    EndOffer(waiter.offer, Blame::kNone, !same, now, effects);
  }
  Unqueue(waiter);
  if (!waiter.asked && !waiter.callback) {
    waiter.asked = true;
    waiter.asked_at = at;
    waiter.queued_at = now;
    waiter.place = std::min(waiter.place, at);
    effects->push_back({.kind = Effect::Kind::kQueued, .waiter = name, .at = at, .place = waiter.place});
  }
  if (waiter.phase == Phase::kTalking && agents_.contains(waiter.agent)) Free(agents_.at(waiter.agent), waiter, true, now);
  if (!waiter.bridged && !waiter.callback) {
    auto& waits = waits_[QueueOf(waiter)];
    if (waits.size() == kWaitsKept) waits.erase(waits.begin());
    waits.push_back(now - waiter.queued_at);
  }
  waiter.phase = Phase::kTalking;
  waiter.since = now;
  waiter.bridged = true;
  waiter.agent = agent_name;
  waiter.return_by = kNever;
  waiter.last_word = now;
  if (Slow(waiter.wants.medium)) WakeAt(now + p_.chat_silent, 'w', name);
  effects->push_back({.kind = waiter.callback ? Effect::Kind::kCallbackReached : Effect::Kind::kBridged,
                      .waiter = name,
                      .agent = agent_name,
                      .at = at});
  if (waiter.callback) open_callbacks_.erase(waiter.wants.caller);
  if (whom == agents_.end()) return;
  Agent& agent = whom->second;
  if (!agent.offer.empty()) {  // he talks to somebody else than he was to
    const Name other = offers_.at(agent.offer).waiter;
    EndOffer(agent.offer, Blame::kNone, true, now, effects);
    Enqueue(waiters_.at(other), now);
    FindAgentFor(waiters_.at(other), now, effects);
  }
  agent.load += LoadOf(waiter.wants);
  ++agent.talks;
  agent.misses = 0;
  Enlist(agent);
}

void Engine::Speak(const Name& contact, Time now, Effects* effects) {
  const auto found = waiters_.find(contact);
  if (found == waiters_.end()) return;
  Waiter& waiter = found->second;
  waiter.last_word = now;
  if (waiter.phase != Phase::kParked) return;
  waiter.wants.last_agent = waiter.agent;
  waiter.queued_at = now;
  Enqueue(waiter, now);
  FindAgentFor(waiter, now, effects);
}

void Engine::Transfer(const Name& contact, const Name& group, Time at, Time now, Effects* effects) {
  const auto found = waiters_.find(contact);
  if (found == waiters_.end() || found->second.phase != Phase::kTalking) return;
  Waiter& waiter = found->second;
  const auto agent = agents_.find(waiter.agent);
  if (agent != agents_.end()) Free(agent->second, waiter, true, now);
  if (group.empty()) {
    waiter.phase = Phase::kWaiting;  // nobody's any more
    End(waiter, Outcome::kAnswered, at, now, effects);
    return;
  }
  waiter.wants.group = group;
  waiter.queued_at = now;
  waiter.return_by = now + p_.transferring;
  rests_[{waiter.id, waiter.agent}] = waiter.return_by;
  Enqueue(waiter, now);
  WakeAt(waiter.return_by, 'w', contact);
  FindAgentFor(waiter, now, effects);
}

void Engine::HangUp(const Name& name, Time at, Time now, Effects* effects) {
  const auto found = waiters_.find(name);
  if (found == waiters_.end()) return;
  Waiter& waiter = found->second;
  if (waiter.callback) {
    if (waiter.phase == Phase::kTalking) {
      const auto agent = agents_.find(waiter.agent);
      if (agent != agents_.end()) Free(agent->second, waiter, true, now);
      waiters_.erase(name);
      return;
    }
    waiter.hung_up_at = at;
    if (!waiter.offer.empty()) OfferFailed(waiter.offer, now, effects);
    return;
  }
  if (waiter.bridged) return End(waiter, Outcome::kAnswered, at, now, effects);
  if (!waiter.asked) return End(waiter, Outcome::kSelfServed, at, now, effects);
  if (at - waiter.asked_at >= p_.callback_after) OpenCallback(waiter, waiter.wants.caller, false, now, effects);
  End(waiters_.at(name), Outcome::kAbandoned, at, now, effects);
}

void Engine::LeaveMessage(const Name& contact, Time at, Time now, Effects* effects) {
  const auto found = waiters_.find(contact);
  if (found == waiters_.end() || found->second.bridged) return;
  End(found->second, Outcome::kMessage, at, now, effects);
}

void Engine::AskCallback(const Name& contact, const std::string& number, Time at, Time now, Effects* effects) {
  const auto found = waiters_.find(contact);
  if (found == waiters_.end() || found->second.callback || found->second.bridged) return;
  const std::string whom = number.empty() ? found->second.wants.caller : number;
  if (whom.empty()) return;
  if (!found->second.asked) EnterQueue(contact, at, now, effects);
  OpenCallback(waiters_.at(contact), whom, true, now, effects);
  End(waiters_.at(contact), Outcome::kCallbackAsked, at, now, effects);
}

void Engine::Lose(const Name& contact, Time at, Time now, Effects* effects) {
  const auto found = waiters_.find(contact);
  if (found == waiters_.end()) return;
  if (found->second.callback) return HangUp(contact, at, now, effects);
  if (found->second.bridged) return End(found->second, Outcome::kAnswered, at, now, effects);
  if (found->second.asked) OpenCallback(found->second, found->second.wants.caller, false, now, effects);
  End(waiters_.at(contact), Outcome::kLost, at, now, effects);
}

void Engine::End(Waiter& waiter, Outcome outcome, Time at, Time now, Effects* effects) {
  const Name name = waiter.id;
  Name freed;
  if (!waiter.offer.empty()) {
    freed = offers_.at(waiter.offer).agent;
    EndOffer(waiter.offer, Blame::kNone, true, now, effects);
  }
  Unqueue(waiter);
  if (waiter.phase == Phase::kTalking && agents_.contains(waiter.agent)) {
    freed = waiter.agent;
    Free(agents_.at(waiter.agent), waiter, true, now);
  }
  effects->push_back({.kind = Effect::Kind::kEnded, .waiter = name, .at = at, .outcome = outcome});
  if (outcome == Outcome::kOverflowed) effects->push_back({.kind = Effect::Kind::kTransfer, .waiter = name, .at = now});
  ended_[name] = {outcome, at, CallbackOf(name)};
  forget_[now + p_.ended_known].push_back(name);
  waiters_.erase(name);
  if (!freed.empty()) Serve(agents_.at(freed), now, effects);
}

// ---- callbacks ----

Time Engine::WithinHours(Time time) const {
  const Time of_day = ((time + kChina) % kDay + kDay) % kDay;
  if (of_day < p_.callback_from) return time + p_.callback_from - of_day;
  if (of_day >= p_.callback_until) return time + kDay - of_day + p_.callback_from;
  return time;
}

void Engine::OpenCallback(const Waiter& contact, const std::string& number, bool asked, Time now, Effects* effects) {
  if (number.empty() || open_callbacks_.contains(number)) return;
  Waiter callback;
  callback.id = CallbackOf(contact.id);
  callback.callback = true;
  callback.wants = contact.wants;
  callback.wants.caller = number;
  callback.wants.medium = Medium::kPhone;
  callback.phase = Phase::kWaiting;
  callback.since = now;
  callback.asked = true;
  callback.place = contact.place;
  callback.enters_at = WithinHours(asked ? now : now + p_.callback_enters);
  effects->push_back({.kind = Effect::Kind::kCallbackOpened,
                      .waiter = contact.id,
                      .at = now,
                      .until = callback.enters_at,
                      .place = callback.place,
                      .asked = asked,
                      .by = number});
  open_callbacks_[number] = callback.id;
  WakeAt(callback.enters_at, 'w', callback.id);
  waiters_[callback.id] = callback;
}

void Engine::CloseCallback(const Name& name, Effect::Kind how, const Name& by, Time now, Effects* effects) {
  Waiter& callback = waiters_.at(name);
  Name freed;
  if (!callback.offer.empty()) {
    freed = offers_.at(callback.offer).agent;
    EndOffer(callback.offer, Blame::kNone, true, now, effects);
  }
  Unqueue(callback);
  effects->push_back({.kind = how, .waiter = name, .at = now, .by = by});
  if (how == Effect::Kind::kCallbackReached) effects->back().agent = by;
  open_callbacks_.erase(callback.wants.caller);
  waiters_.erase(name);
  if (!freed.empty()) Serve(agents_.at(freed), now, effects);
}

void Engine::CancelCallback(const Name& callback, Time now, Effects* effects) {
  if (!waiters_.contains(callback)) return;
  Effects told;  // that it is cancelled is known to whoever did it
  CloseCallback(callback, Effect::Kind::kCallbackNotNeeded, "", now, &told);
  for (Effect& effect : told) {
    if (effect.kind != Effect::Kind::kCallbackNotNeeded) effects->push_back(std::move(effect));
  }
}

void Engine::NextAttempt(Waiter& callback, Time now, Effects* effects) {
  if (callback.attempts >= kMostAttempts) return CloseCallback(callback.id, Effect::Kind::kCallbackUnreached, "", now, effects);
  callback.phase = Phase::kWaiting;
  callback.since = now;
  callback.enters_at = WithinHours(now + (callback.attempts == 1 ? p_.callback_second : p_.callback_third));
  WakeAt(callback.enters_at, 'w', callback.id);
}

void Engine::Restore(Waiter waiter) {
  restored_ = true;
  const bool owed = waiter.callback && waiter.phase != Phase::kTalking;
  if (owed) open_callbacks_[waiter.wants.caller] = waiter.id;
  const Name name = waiter.id;
  Waiter& kept = waiters_[name] = std::move(waiter);
  kept.offer.clear();
  const bool waits = kept.callback ? false : kept.asked && kept.phase != Phase::kTalking && kept.phase != Phase::kParked;
  if (owed) {
    WakeAt(kept.enters_at, 'w', name);
  } else if (waits) {
    Enqueue(kept, kept.queued_at);
  } else if (kept.phase == Phase::kTalking) {
    const auto agent = agents_.find(kept.agent);
    if (agent == agents_.end()) return;
    agent->second.load += LoadOf(kept.wants);
    ++agent->second.talks;
    Enlist(agent->second);
  } else {
    WakeAt(kept.since + (kept.phase == Phase::kMenu ? p_.menu : p_.ringing), 'w', name);
  }
}

// ---- time ----

void Engine::LookAt(const Name& name, Time now, Effects* effects) {
  const auto found = waiters_.find(name);
  if (found == waiters_.end()) return;
  Waiter& waiter = found->second;
  switch (waiter.phase) {
    case Phase::kRinging:
    case Phase::kMenu:
      if (now - waiter.since >= (waiter.phase == Phase::kMenu ? p_.menu : p_.ringing)) {
        waiter.wants.group = fallback_;
        effects->push_back({.kind = Effect::Kind::kToQueue, .waiter = name, .at = now});
        EnterQueue(name, now, now, effects);
      }
      return;
    case Phase::kOffered:
    case Phase::kConnecting: {
      const Offer& offer = offers_.at(waiter.offer);
      if (now < offer.deadline) return;
      const Name agent = offer.agent;
      const bool dialled = waiter.callback && offer.accepted;
      EndOffer(waiter.offer, offer.accepted ? Blame::kNone : Blame::kMissed, true, now, effects);
      if (dialled) {
        NextAttempt(waiter, now, effects);
      } else {
        Enqueue(waiter, now);
        FindAgentFor(waiter, now, effects);
      }
      Serve(agents_.at(agent), now, effects);
      return;
    }
    case Phase::kTalking:
      if (!Slow(waiter.wants.medium)) return;
      if (now - waiter.last_word < p_.chat_silent) return WakeAt(waiter.last_word + p_.chat_silent, 'w', name);
      waiter.phase = Phase::kParked;
      waiter.since = now;
      effects->push_back({.kind = Effect::Kind::kParked, .waiter = name, .agent = waiter.agent, .at = now});
      WakeAt(now + p_.chat_kept, 'w', name);
      if (const auto agent = agents_.find(waiter.agent); agent != agents_.end()) Free(agent->second, waiter, false, now);
      return;
    case Phase::kParked:
      if (now - waiter.since >= p_.chat_kept) End(waiter, Outcome::kAnswered, now, now, effects);
      return;
    case Phase::kWaiting:
      break;
  }
  if (waiter.callback && !Queued(waiter)) {
    if (now < waiter.enters_at) return;
    // Its last attempt was under way when another owner took over.
    if (waiter.attempts >= kMostAttempts) return CloseCallback(name, Effect::Kind::kCallbackUnreached, "", now, effects);
    waiter.queued_at = now;
    Enqueue(waiter, now);
  }
  if (now >= waiter.return_by) {
    waiter.return_by = kNever;
    waiter.wants.last_agent = waiter.agent;
    waiter.queued_at = now;
  }
  FindAgentFor(waiter, now, effects);
  if (!Queued(waiter) || waiter.callback || !other_estimate_.has_value() || !free_[waiter.wants.language].empty()) return;
  const Estimate estimate = EstimateOf(name);
  if (estimate.p50.has_value() && *estimate.p50 > p_.overflow_estimate && *estimate.p50 > 2 * *other_estimate_) {
    End(waiter, Outcome::kOverflowed, now, now, effects);
  }
}

void Engine::SetOpen(bool open, Time now, Effects* effects) {
  if (std::exchange(open_, open) == open) return;
  if (open) return ServeAll(now, effects);
  std::map<Place, Name> waiting;  // told in their order
  for (const auto& [name, waiter] : waiters_) {
    if (Queued(waiter) && !waiter.callback) waiting[{waiter.place, name}] = name;
  }
  for (const auto& [place, name] : waiting) effects->push_back({.kind = Effect::Kind::kToMessage, .waiter = name, .at = now});
}

void Engine::Tick(Time now, Effects* effects) {
  if (std::exchange(restored_, false)) ServeAll(now, effects);
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const Name name = timers_.begin()->second;
    timers_.erase(timers_.begin());
    if (name[0] == 'w') {
      LookAt(name.substr(1), now, effects);
    } else if (const auto agent = agents_.find(name.substr(1)); agent != agents_.end()) {
      LookAt(agent->second, now, effects);
    }
  }
  while (!forget_.empty() && forget_.begin()->first <= now) {
    for (const Name& name : forget_.begin()->second) ended_.erase(name);
    forget_.erase(forget_.begin());
  }
  for (auto rest = rests_.begin(); rest != rests_.end();) rest = rest->second <= now ? rests_.erase(rest) : std::next(rest);
}

Time Engine::NextTimer() const { return timers_.empty() ? kNever : timers_.begin()->first; }

}  // namespace sifa::hotline::routing
