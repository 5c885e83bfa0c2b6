// The casework of one object type: what handlers call. A handler is a sentence; the table, the store and the journal do the
// rest. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/casework/acts.h"
#include "libs/casework/queries.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {

template <class T, const procedure::Procedure<T>& kProcedure>
class Casework {
 public:
  Casework(const Backend& backend, absl::string_view service)
      : backend_(backend), type_(MakeType<T, kProcedure>(service)) {}

  // For index, counts and numbering, before the first call.
  ObjectType& type() { return type_; }
  const ObjectType& type() const { return type_; }
  const Backend& backend() const { return backend_; }

  using Object = T;

  // What an act does to the object. Written as [](T&) or, where it asks for more than the object, as
  // [](T&, const casework::Act&).
  using Change = std::function<absl::Status(T&, const casework::Act&)>;
  template <class F>
  static Change ChangeOf(F f) {
    if constexpr (std::is_invocable_v<F, T&, const casework::Act&>) {
      return f;
    } else {
      return [f = std::move(f)](T& object, const casework::Act&) -> absl::Status { return f(object); };
    }
  }
  static absl::Status Nothing(T&) { return absl::OkStatus(); }

  // Creates an object by `act`. `prepare`, absl::StatusOr<T>, gives it with organisation and organisation_path set: written as
  // [](Neighbours&) where it looks at this service's own objects only, in the transaction of the act; as [] where others must be
  // asked, before it. Whatever is asked is asked there and nowhere before: it runs for a new request only. A repeated one has
  // its first answer, whatever has become since of what was asked. (The door has let the caller in, and the request is known by
  // his account: the answer goes to whom it went at first.)
  template <class Request, class Prepare, class F = absl::Status (*)(T&)>
  absl::StatusOr<T> Create(rpc::Call& call, int act, const Request& request, Prepare prepare, F change = Nothing) {
    ASSIGN_OR_RETURN(const ActInput input, Input(call, act, request, Id{}));
    if constexpr (std::is_invocable_v<Prepare, Neighbours&>) {
      const Making making = [&](Neighbours& neighbours) -> absl::StatusOr<Answer> {
        ASSIGN_OR_RETURN(T initial, prepare(neighbours));
        return std::make_unique<T>(std::move(initial));
      };
      return Run(call, act, input, making, ChangeOf(std::move(change)));
    } else {
      ASSIGN_OR_RETURN(Answer first, FirstAnswer(backend_, type_, Actor::Of(call), input));
      if (first != nullptr) return AsOfToday(call, std::move(first));
      ASSIGN_OR_RETURN(const T initial, prepare());
      return Run(call, act, input, [&](Neighbours&) { return std::make_unique<T>(initial); }, ChangeOf(std::move(change)));
    }
  }

  // Performs `act` on the object that the request names (`id`), changed by `change`.
  template <class Request, class F = absl::Status (*)(T&)>
  absl::StatusOr<T> Act(rpc::Call& call, int act, const Request& request, F change = Nothing) {
    ASSIGN_OR_RETURN(const Id id, ParseId(request.id()));
    ASSIGN_OR_RETURN(const ActInput input, Input(call, act, request, id));
    return Run(call, act, input, nullptr, ChangeOf(std::move(change)));
  }

  // The same where the request names the object otherwise than by its id, or where something must be looked up or asked before
  // the transaction: `prepare()`, absl::StatusOr<Id>, finds the object. It runs for a new request only, as that of Create.
  template <class Request, class Prepare, class F = absl::Status (*)(T&)>
  absl::StatusOr<T> ActOn(rpc::Call& call, int act, const Request& request, Prepare prepare, F change = Nothing) {
    ASSIGN_OR_RETURN(ActInput input, Input(call, act, request, Id{}));
    ASSIGN_OR_RETURN(Answer first, FirstAnswer(backend_, type_, Actor::Of(call), input));
    if (first != nullptr) return AsOfToday(call, std::move(first));
    ASSIGN_OR_RETURN(input.object, prepare());
    return Run(call, act, input, nullptr, ChangeOf(std::move(change)));
  }

  absl::StatusOr<T> Get(rpc::Call& call, const std::string& id) {
    ASSIGN_OR_RETURN(Answer answer, GetObject(backend_, type_, call, id));
    return Typed(std::move(answer));
  }

  // `add(T)` for each object of the page; the token of the next page, empty at the end.
  absl::StatusOr<std::string> List(rpc::Call& call, ListQuery query, int page_size, const std::string& page_token,
                                   const std::function<void(const T&)>& add) {
    return ListObjects(backend_, type_, call, std::move(query), page_size, page_token,
                       [&](const Message& object) { add(static_cast<const T&>(object)); });
  }

  // What the caller may do with the object now, or why not.
  absl::StatusOr<v1::AvailableActions> Actions(rpc::Call& call, const std::string& id) {
    ASSIGN_OR_RETURN(const Answer answer, GetObject(backend_, type_, call, id));
    const T& object = static_cast<const T&>(*answer);
    procedure::Facts facts;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(facts, FactsFor(backend_, type_, connection, *ParseId(id), call.today()));
      return absl::OkStatus();
    }));
    v1::AvailableActions actions;
    facts.actor = Actor::Of(call).id();
    for (const auto& option : procedure::Options(kProcedure, object, facts)) {
      absl::Status status = Actor::Of(call).Entitled(option.row->permission, option.row->level, object.organisation_path(),
                                                     kProcedure.name).status();
      if (absl::IsNotFound(status)) {
        status = Error(absl::StatusCode::kPermissionDenied, "PERMISSION_MISSING", "您的岗位没有此项权限");
      }
      if (status.ok()) status = option.status;
      *actions.add_actions() = Describe(*option.row, status);
    }
    return actions;
  }

  // Why a limit of the object ends on its day.
  absl::StatusOr<v1::ClockExplanation> ExplainClock(rpc::Call& call, const v1::ExplainClockRequest& request) {
    ASSIGN_OR_RETURN(const Answer answer, GetObject(backend_, type_, call, request.id()));
    const calendar::Calendar& calendar = backend_.calendars.Current();
    procedure::Clocks clocks = type_.ClocksOf(*answer);
    RETURN_IF_ERROR(procedure::SettleClocks(&clocks, calendar, backend_.clock.Today()).status());
    const v1::Clock* clock = procedure::FindClock(&clocks, request.kind());
    if (clock == nullptr) return NotFound("该期限");
    ASSIGN_OR_RETURN(const auto steps, procedure::ExplainClock(*clock, calendar));
    v1::ClockExplanation explanation;
    *explanation.mutable_clock() = *clock;
    explanation.mutable_steps()->Assign(steps.begin(), steps.end());
    return explanation;
  }

  // Performs an act of the suite itself (level kSystem), e.g. when a limit has passed.
  template <class F = absl::Status (*)(T&)>
  absl::StatusOr<T> ActAsSystem(int act, const Id& id, F change = Nothing) {
    ActInput input{.object = id, .action = NameOf(act)};
    RETURN_IF_ERROR(SetWhen(backend_.clock.Now(), "", nullptr, &input));
    ASSIGN_OR_RETURN(Answer answer, RunAct(backend_, type_, Actor::System(), input, nullptr,
                                           MakeTransition(Actor::System(), act, input.act_day, "", ChangeOf(std::move(change)))));
    return Typed(std::move(answer));
  }

  // Applies an act in a transaction of the caller's; for imports and for acts that touch two objects.
  template <class F = absl::Status (*)(T&)>
  absl::StatusOr<Id> ActInTransaction(const Actor& actor, int act, const ActInput& input, Stored* stored,
                                      mysql::Connection& connection, F change = Nothing) const {
    return ApplyInTransaction(backend_, type_, actor, input, stored,
                              MakeTransition(actor, act, input.act_day, "", ChangeOf(std::move(change))), connection);
  }

  // Creates many objects by one act in the caller's transaction.
  absl::Status CreateMany(const Actor& actor, int act, const ActInput& input, const std::string& caller,
                          absl::Span<const NewObject> objects, mysql::Connection& connection) {
    return CreateInTransaction(backend_, type_, actor, input, caller, objects,
                               MakeTransition(actor, act, input.act_day, "", ChangeOf(Nothing)), connection);
  }

  std::string NameOf(int act) const { return procedure::NameOf(kProcedure.acts(), act); }

 private:
  static T Typed(Answer answer) { return std::move(static_cast<T&>(*answer)); }
  // The answer of an act, with its clocks coloured as Get shows them.
  T AsOfToday(const rpc::Call& call, Answer answer) const {
    ColourClocks(type_, call.now(), answer.get());
    return Typed(std::move(answer));
  }

  absl::StatusOr<T> Run(rpc::Call& call, int act, const ActInput& input, const Making& making, const Change& change) {
    const Actor actor = Actor::Of(call);
    const auto transition = MakeTransition(actor, act, input.act_day, call.method().access.permission(), change);
    ASSIGN_OR_RETURN(Answer answer, RunAct(backend_, type_, actor, input, making, transition));
    return AsOfToday(call, std::move(answer));
  }

  template <class Request>
  absl::StatusOr<ActInput> Input(rpc::Call& call, int act, const Request& request, const Id& id) {
    ActInput input{.method = call.method().path,
                   .digest = RequestDigest(request),
                   .object = id,
                   .request = KeptRequestOf(call.method().path, request),
                   .action = NameOf(act)};
    if constexpr (requires { request.request_id(); }) input.request_id = request.request_id();
    if constexpr (requires { request.etag(); }) input.etag = request.etag();
    if constexpr (requires { request.reason(); }) input.reason = request.reason();
    if constexpr (requires { request.occurred_at(); }) {
      RETURN_IF_ERROR(
          SetWhen(call.now(), request.occurred_on(), request.has_occurred_at() ? &request.occurred_at() : nullptr, &input));
    } else {
      RETURN_IF_ERROR(SetWhen(call.now(), "", nullptr, &input));
    }
    return input;
  }

  // `permission` of the method; the row's must be the same, so that contract and table cannot drift apart.
  Transition MakeTransition(const Actor& actor, int act, absl::CivilDay act_day, std::string permission, const Change& change) const {
    return [=, this](Message* message, const casework::Act& running) -> absl::StatusOr<procedure::Applied> {
      T* object = static_cast<T*>(message);
      ASSIGN_OR_RETURN(const procedure::Row<T>* row, procedure::FindRow(kProcedure, act, *object, act_day));
      if (!permission.empty() && row->permission != permission) {
        return Internal(absl::StrCat("table and contract differ on the permission of ", NameOf(act)));
      }
      ASSIGN_OR_RETURN(const rpc::Grant grant, actor.Entitled(row->permission, row->level, object->organisation_path(), kProcedure.name));
      const casework::Act entitled = running.InNameOf(grant.acting_for());
      ASSIGN_OR_RETURN(procedure::Applied applied,
                       procedure::Perform<T>(kProcedure, *row, entitled.facts(), [&](T& o) { return change(o, entitled); }, object));
      applied.acting_for = grant.acting_for();
      return applied;
    };
  }

  v1::AvailableAction Describe(const procedure::Row<T>& row, const absl::Status& status) const {
    v1::AvailableAction action;
    action.set_action(NameOf(row.act));
    action.set_label(procedure::LabelOf(kProcedure.acts(), row.act));
    action.set_allowed(status.ok());
    action.set_reason(ReasonOf(status));
    action.set_message(std::string(status.message()));
    action.set_law(row.law.On(backend_.clock.Today()).ToString());
    action.set_permission(std::string(row.permission));
    action.set_level(std::string(procedure::LevelName(row.level)));
    return action;
  }

  const Backend& backend_;
  ObjectType type_;
};

}  // namespace sifa::casework
