#include "services/hotline/exchange.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/procedure/instant.h"
#include "libs/telemetry/log.h"
#include "services/hotline/exchange_time.h"
#include "services/hotline/group.h"

namespace sifa::hotline {
namespace {

using routing::Effects;
using routing::Medium;
using routing::Phase;
using routing::Presence;
using routing::Time;

constexpr absl::Duration kLease = absl::Seconds(3);
constexpr absl::Duration kRenewal = absl::Seconds(1);
constexpr absl::Duration kSkew = absl::Seconds(2);        // of the switch's clock, beyond which its times are corrected
constexpr absl::Duration kGap = absl::Seconds(2);         // after which what came before a gap is not waited for
constexpr absl::Duration kOldest = absl::Hours(24);       // events beyond it are kept, and nothing follows from them
constexpr absl::Duration kForgotten = absl::Hours(1);     // an ended call
constexpr absl::Duration kPositions = absl::Seconds(30);  // how often somebody who waits hears where he stands
constexpr int kPage = 200;

Medium MediumOf(const std::string& channel) {
  if (channel == "02" || channel == "03" || channel == "04") return Medium::kChat;
  if (channel == "05") return Medium::kVideo;
  return channel == "06" ? Medium::kMessage : Medium::kPhone;
}

std::optional<Presence> PresenceOf(Agent::State state) {
  switch (state) {
    case Agent::READY:
      return Presence::kReady;
    case Agent::BREAK:
      return Presence::kBreak;
    case Agent::AWAY:
      return Presence::kAway;
    default:
      return Presence::kOffline;
  }
}

// All objects of a type with a term, page by page.
template <class T, class F>
absl::Status EachWith(const casework::Backend& backend, mysql::Connection& connection, const std::string& kind,
                      const std::string& value, F take) {
  const auto& type = backend.objects->Of<T>();
  casework::ListQuery query;
  query.scopes = {"/"};
  query.terms = {{kind, value}};
  query.limit = kPage;
  while (true) {
    ASSIGN_OR_RETURN(const auto page, backend.store.List(connection, type, query));
    for (const auto& stored : page) take(static_cast<const T&>(*stored.object), stored.version);
    if (page.size() < kPage) return absl::OkStatus();
    query.GoOnAfter(type, page.back());
  }
}

// The lease names its holder and where that is reached.
constexpr char kAt[] = "@";

absl::StatusOr<std::string> AddressOfHolder(mysql::Connection& connection, const std::string& lease) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT holder FROM lease WHERE name = ?", {lease}));
  if (rows.empty()) return "";
  const std::string& holder = rows[0].Bytes(0);
  const size_t at = holder.rfind(kAt);
  return at == std::string::npos ? "" : holder.substr(at + 1);
}

absl::Status Elsewhere() {
  return Error(absl::StatusCode::kUnavailable, "EXCHANGE_ELSEWHERE", "该中心的话务由另一进程调度，请稍后重试");
}

}  // namespace

Exchange::Exchange(const casework::Backend& backend, Owner owner, std::string centre)
    : backend_(backend), owner_(std::move(owner)), centre_id_(std::move(centre)) {
  lease_.name = absl::StrCat("exchange/", centre_id_);
  lease_.holder = absl::StrCat(owner_.holder, kAt, owner_.address);
}

// ---- who owns it, and what is durable ----

absl::Status Exchange::Own() {
  const absl::Time real = absl::Now();
  if (engine_ != nullptr && real < renewed_ + kRenewal) return absl::OkStatus();
  bool held = false;
  const int64_t epoch = lease_.epoch;
  const absl::Status asked = backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    mutex_.AssertHeld();
    ASSIGN_OR_RETURN(held, mysql::AcquireLease(connection, lease_, kLease));
    if (held) {
      owner_address_.clear();
    } else {
      ASSIGN_OR_RETURN(owner_address_, AddressOfHolder(connection, lease_.name));
    }
    if (held && (engine_ == nullptr || lease_.epoch != epoch)) RETURN_IF_ERROR(Load(connection));
    return absl::OkStatus();
  });
  if (!asked.ok() || !held) engine_.reset();
  RETURN_IF_ERROR(asked);
  if (!held) return Elsewhere();
  renewed_ = real;
  return absl::OkStatus();
}

std::string Exchange::owner_address() {
  const absl::MutexLock lock(&mutex_);
  return owner_address_;
}

absl::Status Exchange::LoadCentre(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const Id id, ParseId(centre_id_));
  ASSIGN_OR_RETURN(const auto stored, backend_.store.Load(connection, backend_.objects->Of<Centre>(), id, casework::Lock::kNone));
  if (!stored) return NotFound("热线中心");
  centre_ = static_cast<const Centre&>(*stored->object);
  return absl::OkStatus();
}

absl::Status Exchange::Load(mysql::Connection& connection) {
  engine_.reset();
  groups_.clear();
  codes_.clear();
  calls_.clear();
  callbacks_.clear();
  called_back_.clear();
  agents_.clear();
  outbox_.clear();
  RETURN_IF_ERROR(LoadCentre(connection));
  std::string fallback;
  RETURN_IF_ERROR(EachWith<Group>(backend_, connection, "centre", centre_id_, [&](const Group& group, int64_t) {
    mutex_.AssertHeld();
    if (group.state() != Group::ACTIVE) return;
    groups_[group.code()] = group.id();
    codes_[group.id()] = group.code();
    if (group.fallback()) fallback = group.id();
  }));
  engine_ = std::make_unique<routing::Engine>(owner_.parameters, fallback, lease_.epoch);
  RETURN_IF_ERROR(LoadAgents(connection));
  RETURN_IF_ERROR(EachWith<Contact>(backend_, connection, "open", centre_id_, [&](const Contact& contact, int64_t) {
    mutex_.AssertHeld();
    Restore(contact);
  }));
  RETURN_IF_ERROR(EachWith<Callback>(backend_, connection, "open", centre_id_, [&](const Callback& callback, int64_t) {
    mutex_.AssertHeld();
    Restore(callback);
  }));
  telemetry::Info("exchange taken over", {{"centre", centre_id_},
                                          {"contacts", absl::StrCat(calls_.size())},
                                          {"callbacks", absl::StrCat(callbacks_.size())},
                                          {"epoch", absl::StrCat(lease_.epoch)}});
  return absl::OkStatus();
}

absl::Status Exchange::LoadAgents(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT o.id, o.version FROM term t JOIN object o ON o.id = t.object_id"
                                    " WHERE t.type = 'Agent' AND t.kind = 'centre' AND t.value = ? AND o.open = 1",
                                    {centre_id_}));
  const Time now = Ms(backend_.clock.Now());
  Effects effects;
  for (const auto& row : rows) {
    const std::string name = row.AsId(0).ToString();
    KnownAgent& known = agents_[name];
    if (known.version == row.Int(1)) continue;
    ASSIGN_OR_RETURN(const auto stored,
                     backend_.store.Load(connection, backend_.objects->Of<Agent>(), row.AsId(0), casework::Lock::kNone));
    if (!stored) continue;
    const auto& agent = static_cast<const Agent&>(*stored->object);
    routing::Agent routed;
    routed.id = name;
    for (const auto& skill : agent.skills()) routed.skills.push_back({skill.group(), skill.grade()});
    routed.languages.assign(agent.languages().begin(), agent.languages().end());
    routed.regions.assign(agent.regions().begin(), agent.regions().end());
    engine_->SetAgent(routed, now, &effects);
    if (known.state != agent.state()) engine_->Wish(name, *PresenceOf(agent.state()), now, &effects);
    known = {stored->version, agent.staff_number(), agent.extension(), agent.state()};
  }
  Work work;
  Follow(effects, &work);
  for (auto& [to, command] : work.commands) outbox_[to][command.id()] = command;
  return absl::OkStatus();
}

void Exchange::Restore(const Contact& contact) {
  const std::string name = CallOf(contact.switch_(), contact.boot(), contact.call());
  calls_[name] = {contact.id(), contact.switch_(), contact.call(), contact.work_order(), absl::InfiniteFuture()};
  routing::Waiter waiter;
  waiter.id = name;
  waiter.wants = {.medium = MediumOf(contact.channel()),
                  .caller = contact.caller(),
                  .language = contact.language().empty() ? "zh" : contact.language(),
                  .group = contact.group(),
                  .region = contact.matter_region(),
                  .urgent = contact.urgent(),
                  .special = !contact.special_group().empty()};
  waiter.asked = Asked(contact);
  waiter.since = Ms(TimeOf(contact.arrived_at()));
  if (waiter.asked) {
    waiter.asked_at = waiter.queued_at = Ms(TimeOf(contact.queued_at()));
    waiter.place = Ms(TimeOf(contact.place_at()));
  } else {
    waiter.place = routing::kNever;
  }
  waiter.bridged = contact.has_bridged_at();
  waiter.agent = contact.agent();
  waiter.phase = contact.state() == Contact::TALKING  ? Phase::kTalking
                 : contact.state() == Contact::PARKED ? Phase::kParked
                 : waiter.asked                       ? Phase::kWaiting
                                                      : Phase::kMenu;
  waiter.last_word = Ms(backend_.clock.Now());
  engine_->Restore(std::move(waiter));
}

void Exchange::Restore(const Callback& callback) {
  routing::Waiter waiter;
  waiter.id = absl::StrCat("cb:", callback.id());
  waiter.callback = true;
  waiter.asked = true;
  waiter.wants = {.medium = Medium::kPhone,
                  .caller = callback.number_called(),
                  .language = callback.language().empty() ? "zh" : callback.language(),
                  .group = callback.group()};
  waiter.phase = Phase::kWaiting;
  waiter.place = Ms(TimeOf(callback.place_at()));
  waiter.enters_at = Ms(TimeOf(callback.enters_at()));
  waiter.attempts = callback.attempts_size();
  callbacks_[waiter.id] = callback.id();
  engine_->Restore(std::move(waiter));
}

// ---- inputs ----

absl::Status Exchange::Commit(Work& work, const std::function<absl::Status(mysql::Connection&)>& first) {
  if (!work.writes.empty() || first) {
    const absl::Status written = backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      mutex_.AssertHeld();
      RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
      if (first) RETURN_IF_ERROR(first(connection));
      Ledger ledger(backend_, connection);
      for (const Write& write : work.writes) RETURN_IF_ERROR(write(ledger));
      return absl::OkStatus();
    });
    if (!written.ok()) {
      engine_.reset();
      return written;
    }
    backend_.committed();
  }
  for (auto& [to, command] : work.commands) outbox_[to][command.id()] = std::move(command);
  return absl::OkStatus();
}

absl::Status Exchange::Do(const std::function<void(Effects*)>& input) {
  Effects effects;
  input(&effects);
  Work work;
  Follow(effects, &work);
  return Commit(work);
}

absl::StatusOr<int64_t> Exchange::Tell(const Boot& run, const std::vector<const v1::SwitchEvent*>& told) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Own());
  std::vector<const v1::SwitchEvent*> events = told;
  std::sort(events.begin(), events.end(), [](auto* a, auto* b) { return a->seq() < b->seq(); });
  std::vector<const v1::SwitchEvent*> fresh;
  int64_t up_to = 0;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(fresh, NewEvents(connection, backend_.keyring, run, events));
    ASSIGN_OR_RETURN(up_to, KeptUpTo(connection, run));
    return absl::OkStatus();
  }));
  // Up to the gap; all of them once it has lasted.
  const absl::Time real = absl::Now();
  auto end = fresh.begin();
  for (int64_t next = up_to + 1; end != fresh.end() && (*end)->seq() <= next; ++end) next = std::max(next, (*end)->seq() + 1);
  if (end != fresh.end()) {
    const auto [since, is_new] = gaps_.try_emplace({run.switch_id, run.boot}, real);
    if (!is_new && real - since->second >= kGap) end = fresh.end();
  }
  if (end == fresh.end()) gaps_.erase({run.switch_id, run.boot});
  fresh.erase(end, fresh.end());
  if (fresh.empty()) return up_to;
  Work work;
  for (const v1::SwitchEvent* event : fresh) Take(run, *event, &work);
  RETURN_IF_ERROR(Commit(work, [&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto again, NewEvents(connection, backend_.keyring, run, fresh));
    if (again.size() != fresh.size()) return absl::AbortedError("the events were told to another process meanwhile");
    RETURN_IF_ERROR(KeepEvents(connection, backend_.keyring, run, fresh));
    ASSIGN_OR_RETURN(up_to, KeptUpTo(connection, run));
    return absl::OkStatus();
  }));
  return up_to;
}

void Exchange::Arrive(const Boot& run, const v1::SwitchEvent& event, absl::Time at, bool clamped, Work* work) {
  const std::string name = CallOf(run.switch_id, run.boot, event.call());
  if (calls_.contains(name)) return;
  const bool inferred = !event.has_call_arrived();
  const v1::SwitchEvent::CallArrived& arrived = event.call_arrived();
  Contact contact = OfCentre<Contact>(centre_);
  contact.set_channel(inferred ? "01" : arrived.channel());
  contact.set_switch_(run.switch_id);
  contact.set_boot(run.boot);
  contact.set_call(event.call());
  contact.set_caller(arrived.caller());
  contact.set_called(arrived.called());
  contact.set_trunk(arrived.trunk());
  contact.set_inferred(inferred);
  contact.set_clamped(clamped);
  *contact.mutable_arrived_at() = StampOf(at);
  calls_[name] = {"", run.switch_id, event.call(), "", absl::InfiniteFuture()};
  work->writes.push_back([this, name, contact, at](Ledger& ledger) -> absl::Status {
    ASSIGN_OR_RETURN(const Contact made, ledger.Arrive(contact, at));
    mutex_.AssertHeld();
    calls_[name].contact = made.id();
    calls_[name].work_order = made.work_order();
    return absl::OkStatus();
  });
  Effects effects;
  const Time now = Ms(backend_.clock.Now());
  engine_->Arrive(name, {.medium = MediumOf(contact.channel()), .caller = contact.caller(), .language = "zh"}, Ms(at), now,
                  &effects);
  Follow(effects, work);
}

void Exchange::Take(const Boot& run, const v1::SwitchEvent& event, Work* work) {
  const absl::Time now = backend_.clock.Now();
  const absl::Time told = TimeOf(event.at());
  if (told < now - kOldest) {
    telemetry::Warn("event of a switch is too old",
                    {{"switch", run.switch_id}, {"boot", run.boot}, {"seq", absl::StrCat(event.seq())}});
    return;
  }
  const absl::Time at = std::min(told, now);
  const bool clamped = told > now + kSkew;
  Effects effects;
  if (event.has_booted() || event.has_snapshot()) {
    LoseOthers(run, event, at, &effects);
    return Follow(effects, work);
  }
  const std::string name = CallOf(run.switch_id, run.boot, event.call());
  if (event.has_call_arrived()) return Arrive(run, event, at, clamped, work);
  const auto back = called_back_.find(name);
  const std::string offered = event.has_bridged() ? event.bridged().offer() : "";
  const routing::Offer* offer = offered.empty() ? nullptr : engine_->FindOffer(offered);
  const bool of_callback = back != called_back_.end() || (offer != nullptr && absl::StartsWith(offer->waiter, "cb:"));
  if (!of_callback && !calls_.contains(name) && !event.has_offer_failed() && !event.has_offer_ringing()) {
    if (event.has_hung_up() || event.has_recorded() || event.has_rated()) {
      telemetry::Warn("event of an unknown call",
                      {{"switch", run.switch_id}, {"call", event.call()}, {"seq", absl::StrCat(event.seq())}});
      return;
    }
    Arrive(run, event, at, clamped, work);
  }
  const Time at_ms = Ms(at), now_ms = Ms(now);
  switch (event.kind_case()) {
    case v1::SwitchEvent::kMenuChosen: {
      const auto& menu = event.menu_chosen();
      const auto group = groups_.find(menu.group());
      engine_->ChooseMenu(name,
                          {.language = menu.language().empty() ? "zh" : menu.language(),
                           .group = group == groups_.end() ? "" : group->second,
                           .region = menu.region(),
                           .urgent = menu.urgent(),
                           .special = !menu.special_group().empty()},
                          now_ms, &effects);
      work->writes.push_back([this, name, menu, at](Ledger& ledger) {
        mutex_.AssertHeld();
        return ledger.Change(calls_[name].contact, Contact::STEP, at, [&](Contact& c) {
          c.set_language(menu.language());
          c.set_topic(menu.topic());
          c.set_matter_region(menu.region());
          c.set_special_group(menu.special_group());
          c.set_urgent(menu.urgent());
        });
      });
      break;
    }
    case v1::SwitchEvent::kQueueEntered:
      engine_->EnterQueue(name, at_ms, now_ms, &effects);
      break;
    case v1::SwitchEvent::kCallbackAsked:
      engine_->AskCallback(name, event.callback_asked().number(), at_ms, now_ms, &effects);
      break;
    case v1::SwitchEvent::kOfferFailed:
      engine_->OfferFailed(event.offer_failed().offer(), now_ms, &effects);
      break;
    case v1::SwitchEvent::kBridged: {
      const std::string agent = offer != nullptr ? offer->agent : AgentByNumber(event.bridged().agent());
      if (of_callback && offer != nullptr) called_back_[name] = offer->waiter;
      engine_->Bridge(of_callback ? called_back_[name] : name, agent, at_ms, now_ms, &effects);
      break;
    }
    case v1::SwitchEvent::kHeld:
      Note(name, "01", "", at, work);
      break;
    case v1::SwitchEvent::kResumed:
      Note(name, "02", "", at, work);
      break;
    case v1::SwitchEvent::kTransferred: {
      Note(name, "03", event.transferred().to(), at, work);
      const auto group = groups_.find(event.transferred().to());
      engine_->Transfer(name, group == groups_.end() ? "" : group->second, at_ms, now_ms, &effects);
      break;
    }
    case v1::SwitchEvent::kConferenced:
      Note(name, "04", event.conferenced().party(), at, work);
      break;
    case v1::SwitchEvent::kHungUp:
      work->hung_up_by = event.hung_up().by();
      engine_->HangUp(of_callback ? called_back_[name] : name, at_ms, now_ms, &effects);
      if (of_callback) called_back_.erase(name);
      break;
    case v1::SwitchEvent::kMessageLeft:
      engine_->LeaveMessage(name, at_ms, now_ms, &effects);
      Note(name, "06", "", at, work);
      work->writes.push_back([this, name, recording = event.message_left().recording(), at](Ledger& ledger) {
        mutex_.AssertHeld();
        return ledger.Change(calls_[name].contact, Contact::STEP, at, [&](Contact& c) { c.set_recording(recording); });
      });
      break;
    case v1::SwitchEvent::kRecorded: {
      const auto& recorded = event.recorded();
      work->writes.push_back([this, name, recorded, at](Ledger& ledger) {
        mutex_.AssertHeld();
        return ledger.Change(calls_[name].contact, Contact::STEP, at, [&](Contact& c) {
          c.set_recording(recorded.reference());
          c.set_recording_digest(recorded.digest());
        });
      });
      break;
    }
    case v1::SwitchEvent::kRated:
      work->writes.push_back([this, name, level = event.rated().level(), at](Ledger& ledger) {
        mutex_.AssertHeld();
        return ledger.Rate(calls_[name].contact, level, at);
      });
      break;
    default:
      break;
  }
  Follow(effects, work);
  work->hung_up_by.clear();
}

// A start of the switch ends what was there before it; a list of calls, what is not in it.
void Exchange::LoseOthers(const Boot& run, const v1::SwitchEvent& event, absl::Time at, Effects* effects) {
  const auto& left = event.snapshot().calls();
  const auto gone = [&](const std::string& name, const Call& call) {
    if (call.switch_id != run.switch_id || call.ended != absl::InfiniteFuture()) return false;
    if (!absl::StartsWith(name, absl::StrCat(run.switch_id, "/", run.boot, "/"))) return true;
    return event.has_snapshot() && std::find(left.begin(), left.end(), call.call) == left.end();
  };
  std::vector<std::string> lost;
  for (const auto& [name, call] : calls_) {
    const routing::Waiter* waiter = engine_->Find(name);
    // What arrived after the list was made is not in it.
    if (gone(name, call) && waiter != nullptr && At(waiter->since) <= at) lost.push_back(name);
  }
  for (const std::string& name : lost) engine_->Lose(name, Ms(at), Ms(backend_.clock.Now()), effects);
}

void Exchange::Note(const std::string& name, const char* step, const std::string& party, absl::Time at, Work* work) {
  if (!calls_.contains(name)) return;
  work->writes.push_back([this, name, step, party, at](Ledger& ledger) {
    mutex_.AssertHeld();
    return ledger.Change(calls_[name].contact, Contact::STEP, at, [&](Contact& c) {
      auto* told = c.add_steps();
      told->set_kind(step);
      told->set_party(party);
      *told->mutable_at() = StampOf(at);
    });
  });
}

std::string Exchange::AgentByNumber(const std::string& staff_number) const {
  const auto found = std::find_if(agents_.begin(), agents_.end(), [&](const auto& agent) {
    return !staff_number.empty() && agent.second.staff_number == staff_number;
  });
  return found == agents_.end() ? "" : found->first;
}

// ---- the switch and the agents ask ----

absl::StatusOr<std::vector<v1::SwitchCommand>> Exchange::Commands(const std::string& switch_id) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Own());
  outbox_[switch_id].merge(outbox_[""]);
  auto& waiting = outbox_[switch_id];
  const absl::Time now = backend_.clock.Now();
  std::erase_if(waiting, [&](const auto& command) { return TimeOf(command.second.deadline()) <= now; });
  std::vector<v1::SwitchCommand> commands;
  for (const auto& [id, command] : waiting) commands.push_back(command);
  return commands;
}

absl::Status Exchange::Acknowledge(const std::string& switch_id, const std::vector<std::string>& commands) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Own());
  for (const std::string& command : commands) outbox_[switch_id].erase(command);
  return absl::OkStatus();
}

v1::Offer Exchange::OfferOf(const routing::Offer& offer) const {
  v1::Offer told;
  told.set_id(offer.id);
  told.set_accepted(offer.accepted);
  *told.mutable_deadline() = StampOf(At(offer.deadline));
  if (const auto call = calls_.find(offer.waiter); call != calls_.end()) {
    told.set_contact(call->second.contact);
    told.set_work_order(call->second.work_order);
  }
  if (const auto callback = callbacks_.find(offer.waiter); callback != callbacks_.end()) told.set_callback(callback->second);
  if (const routing::Waiter* waiter = engine_->Find(offer.waiter)) told.set_language(waiter->wants.language);
  return told;
}

absl::StatusOr<v1::ListOffersResponse> Exchange::OffersTo(const std::string& agent) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Own());
  RETURN_IF_ERROR(Do([&](Effects* effects) {
    mutex_.AssertHeld();
    engine_->Seen(agent, Ms(backend_.clock.Now()), effects);
  }));
  v1::ListOffersResponse response;
  const routing::Agent* known = engine_->FindAgent(agent);
  if (known == nullptr) return response;
  if (const routing::Offer* offer = engine_->FindOffer(known->offer)) *response.add_offers() = OfferOf(*offer);
  const Time now = Ms(backend_.clock.Now());
  response.set_activity(known->talks > 0                      ? "通话中"
                        : !known->offer.empty()               ? "派单中"
                        : now < known->rest_until             ? "话后处理"
                        : known->presence == Presence::kReady ? "空闲"
                        : known->presence == Presence::kBreak ? "小休"
                        : known->presence == Presence::kAway  ? "离席"
                                                              : "未签入");
  return response;
}

absl::StatusOr<v1::Offer> Exchange::Answer(const std::string& agent, const std::string& offer, bool accept) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Own());
  v1::Offer told;
  if (const routing::Offer* open = engine_->FindOffer(offer)) told = OfferOf(*open);
  routing::Answer answer = routing::Answer::kGone;
  RETURN_IF_ERROR(Do([&](Effects* effects) {
    mutex_.AssertHeld();
    const Time now = Ms(backend_.clock.Now());
    answer = accept ? engine_->Accept(agent, offer, now, effects) : engine_->Refuse(agent, offer, now, effects);
  }));
  if (answer == routing::Answer::kGone) return Error(absl::StatusCode::kFailedPrecondition, "OFFER_GONE", "该派单已经结束");
  if (answer == routing::Answer::kNotYours)
    return Error(absl::StatusCode::kPermissionDenied, "OFFER_NOT_YOURS", "该派单属于另一坐席");
  told.set_accepted(accept);
  return told;
}

absl::Status Exchange::Transfer(const std::string& agent, const std::string& contact, const std::string& to) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Own());
  const auto call =
      std::find_if(calls_.begin(), calls_.end(), [&](const auto& known) { return known.second.contact == contact; });
  const routing::Waiter* waiter = call == calls_.end() ? nullptr : engine_->Find(call->first);
  if (waiter == nullptr || waiter->phase != routing::Phase::kTalking || waiter->agent != agent)
    return Error(absl::StatusCode::kFailedPrecondition, "NOT_TALKING", "您没有在通这个来电，不能转接");
  Work work;
  Command({.kind = Effect::Kind::kTransfer, .waiter = call->first}, &work);
  work.commands.back().second.set_target(to);
  return Commit(work);
}

absl::Status Exchange::Tick() {
  const absl::MutexLock lock(&mutex_);
  const absl::Status owned = Own();
  if (ReasonOf(owned) == "EXCHANGE_ELSEWHERE") return absl::OkStatus();
  RETURN_IF_ERROR(owned);
  const absl::Time now = backend_.clock.Now();
  if (now >= looked_ + absl::Milliseconds(500) || now < looked_) {
    looked_ = now;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) {
      mutex_.AssertHeld();
      RETURN_IF_ERROR(LoadCentre(connection));
      return LoadAgents(connection);
    }));
  }
  Effects effects;
  engine_->SetOpen(IsOpenAt(centre_, now, backend_.calendars.Current()), Ms(now), &effects);
  engine_->Tick(Ms(now), &effects);
  Work work;
  Follow(effects, &work);
  if (now >= told_ + kPositions || now < told_) {
    told_ = now;
    TellPositions(&work);
    std::erase_if(calls_, [&](const auto& call) { return call.second.ended + kForgotten < now; });
  }
  return Commit(work);
}

}  // namespace sifa::hotline
