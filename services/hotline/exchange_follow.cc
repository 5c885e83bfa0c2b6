// What follows from the effects of the engine: acts in the ledger, and commands to the switch.
#include "libs/procedure/instant.h"
#include "services/hotline/exchange.h"
#include "services/hotline/exchange_time.h"

namespace sifa::hotline {
namespace {

using routing::Effects;
using routing::Outcome;
using routing::Phase;

constexpr absl::Duration kCommandLife = absl::Seconds(30);  // without a deadline of its own
constexpr char kSystem[] = "03";                            // hotline_hang_up

// What a target was on its day (law §5.5; T = 20 s, short = 5 s, national 15 s; DESIGN, K-med).
constexpr int64_t kTargetMs = 20'000, kShortMs = 5'000, kNationalMs = 15'000;

Contact::Outcome OutcomeOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAnswered:
      return Contact::ANSWERED;
    case Outcome::kAbandoned:
      return Contact::ABANDONED;
    case Outcome::kMessage:
      return Contact::MESSAGE;
    case Outcome::kCallbackAsked:
      return Contact::CALLBACK_ASKED;
    case Outcome::kOverflowed:
      return Contact::OVERFLOWED;
    case Outcome::kSelfServed:
      return Contact::SELF_SERVED;
    case Outcome::kLost:
      return Contact::LOST;
  }
  return Contact::OUTCOME_UNSPECIFIED;
}

}  // namespace

void Exchange::Follow(const Effects& effects, Work* work) {
  using Kind = Effect::Kind;
  for (const Effect& effect : effects) {
    switch (effect.kind) {
      case Kind::kRing:
      case Kind::kCancel:
      case Kind::kDial:
      case Kind::kToQueue:
      case Kind::kToMessage:
      case Kind::kTransfer:
        Command(effect, work);
        break;
      case Kind::kQueued:
      case Kind::kBridged:
      case Kind::kEnded:
      case Kind::kAnsweredAfterAll:
      case Kind::kParked:
        FollowContact(effect, work);
        break;
      case Kind::kCallbackOpened:
      case Kind::kCallbackAttempt:
      case Kind::kCallbackReached:
      case Kind::kCallbackUnreached:
      case Kind::kCallbackCalledAgain:
      case Kind::kCallbackNotNeeded:
        FollowCallback(effect, work);
        break;
      case Kind::kAgentAway:
      case Kind::kAgentLost: {
        const bool lost = effect.kind == Kind::kAgentLost;
        work->writes.push_back([effect, lost](Ledger& ledger) -> absl::Status {
          ASSIGN_OR_RETURN(const Agent agent, ledger.Load<Agent>(effect.agent));
          const bool there =
              agent.state() == Agent::READY || (lost && (agent.state() == Agent::BREAK || agent.state() == Agent::AWAY));
          if (!there) return absl::OkStatus();  // he has said otherwise himself
          return ledger.Change(effect.agent, lost ? Agent::LOSE : Agent::GO_AWAY, At(effect.at));
        });
        break;
      }
    }
  }
}

void Exchange::FollowContact(const Effect& effect, Work* work) {
  using Kind = Effect::Kind;
  const absl::Time at = At(effect.at);
  routing::Wants wants;
  if (const routing::Waiter* waiter = engine_->Find(effect.waiter)) wants = waiter->wants;
  const std::string number = agents_.contains(effect.agent) ? agents_.at(effect.agent).staff_number : "";
  const std::string code = codes_.contains(wants.group) ? codes_.at(wants.group) : "";
  const auto bridge = [effect, at, number](Contact& c) {
    if (!c.has_bridged_at()) *c.mutable_bridged_at() = StampOf(at);
    c.set_agent(effect.agent);
    c.set_agent_number(number);
    c.add_agents(effect.agent);
  };
  int act = Contact::STEP;
  std::function<void(Contact&)> change;
  switch (effect.kind) {
    case Kind::kQueued:
      act = Contact::QUEUE;
      change = [effect, at, wants, code](Contact& c) {
        *c.mutable_queued_at() = StampOf(at);
        *c.mutable_place_at() = StampOf(At(effect.place));
        c.set_language(wants.language);
        c.set_group(wants.group);
        c.set_group_code(code);
        c.set_target_ms(kTargetMs);
        c.set_short_ms(kShortMs);
        c.set_national_ms(kNationalMs);
      };
      break;
    case Kind::kBridged:
      act = Contact::BRIDGE;
      change = bridge;
      break;
    case Kind::kParked:
      act = Contact::PARK;
      change = [](Contact&) {};
      break;
    case Kind::kAnsweredAfterAll:
      act = Contact::END;
      change = [bridge](Contact& c) {
        bridge(c);
        c.set_outcome(Contact::ANSWERED);
      };
      break;
    default: {
      act = Contact::END;
      const std::string by = work->hung_up_by.empty() ? kSystem : work->hung_up_by;
      change = [effect, at, by](Contact& c) {
        *c.mutable_ended_at() = StampOf(at);
        c.set_outcome(OutcomeOf(effect.outcome));
        c.set_ended_by(by);
      };
      calls_[effect.waiter].ended = backend_.clock.Now();
    }
  }
  work->writes.push_back([this, effect, act, at, change](Ledger& ledger) -> absl::Status {
    mutex_.AssertHeld();
    const Call& call = calls_[effect.waiter];
    RETURN_IF_ERROR(ledger.Change(call.contact, static_cast<Contact::Act>(act), at, change));
    if (effect.kind != Kind::kEnded || effect.outcome != Outcome::kMessage) return absl::OkStatus();
    return ledger.Change(call.work_order, WorkOrder::LEAVE_MESSAGE, at);
  });
}

void Exchange::FollowCallback(const Effect& effect, Work* work) {
  using Kind = Effect::Kind;
  const absl::Time at = At(effect.at);
  if (effect.kind == Kind::kCallbackOpened) {
    const std::string name = absl::StrCat("cb:", effect.waiter);
    Callback callback = OfCentre<Callback>(centre_);
    callback.set_number_called(effect.by);
    *callback.mutable_place_at() = StampOf(At(effect.place));
    *callback.mutable_enters_at() = StampOf(At(effect.until));
    *callback.mutable_opened_at() = StampOf(at);
    callback.set_asked(effect.asked);
    if (const routing::Waiter* waiter = engine_->Find(name)) {
      callback.set_language(waiter->wants.language);
      callback.set_group(waiter->wants.group);
    }
    work->writes.push_back([this, effect, name, callback, at](Ledger& ledger) mutable -> absl::Status {
      mutex_.AssertHeld();
      const Call& call = calls_[effect.waiter];
      callback.set_contact(call.contact);
      callback.set_work_order(call.work_order);
      ASSIGN_OR_RETURN(const Callback made, ledger.Open(callback, at));
      callbacks_[name] = made.id();
      return ledger.Change(call.contact, Contact::STEP, at, [&](Contact& c) { c.set_callback(made.id()); });
    });
    return;
  }
  const int act = effect.kind == Kind::kCallbackAttempt       ? Callback::ATTEMPT
                  : effect.kind == Kind::kCallbackReached     ? Callback::REACH
                  : effect.kind == Kind::kCallbackUnreached   ? Callback::GIVE_UP
                  : effect.kind == Kind::kCallbackCalledAgain ? Callback::CALL_AGAIN
                                                              : Callback::DROP;
  work->writes.push_back([this, effect, act, at](Ledger& ledger) {
    mutex_.AssertHeld();
    return ledger.Change(callbacks_[effect.waiter], static_cast<Callback::Act>(act), at, [&](Callback& c) {
      if (act == Callback::ATTEMPT) {
        auto* attempt = c.add_attempts();
        *attempt->mutable_at() = StampOf(at);
        attempt->set_agent(effect.agent);
        return;
      }
      *c.mutable_closed_at() = StampOf(at);
      if (act == Callback::REACH && c.attempts_size() > 0) c.mutable_attempts(c.attempts_size() - 1)->set_reached(true);
    });
  });
}

void Exchange::Command(const Effect& effect, Work* work) {
  using Kind = Effect::Kind;
  v1::SwitchCommand command;
  command.set_id(absl::StrCat(lease_.epoch, "-", ++commands_));
  command.set_epoch(lease_.epoch);
  command.set_offer(effect.offer);
  const absl::Time deadline = effect.until > 0 ? At(effect.until) : backend_.clock.Now() + kCommandLife;
  *command.mutable_deadline() = StampOf(deadline);
  std::string to;
  if (const auto call = calls_.find(effect.waiter); call != calls_.end()) {
    command.set_call(call->second.call);
    to = call->second.switch_id;
  }
  if (const auto agent = agents_.find(effect.agent); agent != agents_.end()) {
    command.set_agent(agent->second.staff_number);
    command.set_extension(agent->second.extension);
  }
  switch (effect.kind) {
    case Kind::kRing:
      command.set_kind(v1::SwitchCommand::RING);
      break;
    case Kind::kCancel:
      command.set_kind(v1::SwitchCommand::CANCEL);
      // Whatever was to ring has not been told yet, or is taken back.
      for (auto& [name, waiting] : outbox_) {
        std::erase_if(waiting, [&](const auto& told) {
          return told.second.offer() == effect.offer && told.second.kind() == v1::SwitchCommand::RING;
        });
      }
      break;
    case Kind::kDial:
      command.set_kind(v1::SwitchCommand::DIAL);
      if (const routing::Waiter* waiter = engine_->Find(effect.waiter)) command.set_number(waiter->wants.caller);
      break;
    case Kind::kToQueue:
      command.set_kind(v1::SwitchCommand::TO_QUEUE);
      break;
    case Kind::kToMessage:
      command.set_kind(v1::SwitchCommand::TO_MESSAGE);
      break;
    default:
      command.set_kind(v1::SwitchCommand::TRANSFER);
      command.set_target(centre_.overflow_centre());
  }
  // A callback is nobody's call yet: whichever switch of the centre asks first dials it.
  work->commands.push_back({to, command});
}

void Exchange::TellPositions(Work* work) {
  for (const auto& [name, call] : calls_) {
    const routing::Waiter* waiter = engine_->Find(name);
    if (waiter == nullptr || waiter->phase != Phase::kWaiting || !waiter->asked) continue;
    const routing::Estimate estimate = engine_->EstimateOf(name);
    if (estimate.position == 0) continue;
    v1::SwitchCommand command;
    command.set_id(absl::StrCat(lease_.epoch, "-", ++commands_));
    command.set_epoch(lease_.epoch);
    command.set_kind(v1::SwitchCommand::TELL_POSITION);
    command.set_call(call.call);
    command.set_position(estimate.position);
    if (estimate.p50.has_value()) command.set_wait_p50_seconds(static_cast<int32_t>(*estimate.p50 / 1000));
    if (estimate.p90.has_value()) command.set_wait_p90_seconds(static_cast<int32_t>(*estimate.p90 / 1000));
    *command.mutable_deadline() = StampOf(backend_.clock.Now() + kCommandLife);
    work->commands.push_back({call.switch_id, command});
  }
}

}  // namespace sifa::hotline
