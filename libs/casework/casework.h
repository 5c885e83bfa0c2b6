// The casework of one object type, for handlers that the frame does not serve (definition.h): acts that ask other services first,
// answers of another kind, the suite's own acts. Cheap to copy; thread-safe.
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "libs/casework/acts.h"
#include "libs/casework/definition.h"
#include "libs/casework/object_service.h"
#include "libs/casework/queries.h"

namespace sifa::casework {

template <class T>
class Casework {
 public:
  // REQUIRES: the service has a definition of T.
  explicit Casework(const Backend& backend) : backend_(backend), type_(backend.objects->Of<T>()) {}

  const ObjectType& type() const { return type_; }
  const Backend& backend() const { return backend_; }

  // A change is written as [](T&) or, where it asks for more than the object, as [](T&, const Act&).
  template <class F>
  static Change ChangeOf(F f) {
    if constexpr (std::is_invocable_v<F, T&, const casework::Act&>) {
      return [f = std::move(f)](Message& object, const casework::Act& act) -> absl::Status {
        return f(static_cast<T&>(object), act);
      };
    } else {
      return [f = std::move(f)](Message& object, const casework::Act&) -> absl::Status { return f(static_cast<T&>(object)); };
    }
  }
  static absl::Status Nothing(T&) { return absl::OkStatus(); }

  // Creates an object by `act`. `prepare()`, absl::StatusOr<T>, gives it with organisation and organisation_path set. Whatever is
  // asked is asked there and nowhere before: it runs for a new request only. A repeated one has its first answer, whatever has
  // become since of what was asked. (The door has let the caller in, and the request is known by his account: the answer goes to
  // whom it went at first.)
  template <class Prepare, class F = absl::Status (*)(T&)>
  absl::StatusOr<T> Create(rpc::Call& call, int act, const Message& request, Prepare prepare, F change = Nothing) const {
    ASSIGN_OR_RETURN(const ActInput input, InputOf(type_, call, act, request));
    ASSIGN_OR_RETURN(Answer first, FirstAnswer(backend_, type_, Actor::Of(call), input));
    if (first != nullptr) return AsOfToday(call, std::move(first));
    ASSIGN_OR_RETURN(const T initial, prepare());
    return Run(
        call, act, input, [&](const casework::Act&) { return std::make_unique<T>(initial); }, ChangeOf(std::move(change)));
  }

  // Performs `act` on the object that `prepare()`, absl::StatusOr<Id>, finds: where the request names it otherwise than by its
  // id, or where something must be looked up or asked before the transaction. It runs for a new request only, as that of Create.
  template <class Prepare, class F = absl::Status (*)(T&)>
  absl::StatusOr<T> ActOn(rpc::Call& call, int act, const Message& request, Prepare prepare, F change = Nothing) const {
    ASSIGN_OR_RETURN(ActInput input, InputOf(type_, call, act, request));
    ASSIGN_OR_RETURN(Answer first, FirstAnswer(backend_, type_, Actor::Of(call), input));
    if (first != nullptr) return AsOfToday(call, std::move(first));
    ASSIGN_OR_RETURN(input.object, prepare());
    return Run(call, act, input, nullptr, ChangeOf(std::move(change)));
  }

  // The same on the object whose id the request has.
  template <class F = absl::Status (*)(T&)>
  absl::StatusOr<T> Act(rpc::Call& call, int act, const Message& request, F change = Nothing) const {
    ASSIGN_OR_RETURN(ActInput input, InputOf(type_, call, act, request));
    ASSIGN_OR_RETURN(input.object, IdIn(request));
    return Run(call, act, input, nullptr, ChangeOf(std::move(change)));
  }

  absl::StatusOr<T> Get(rpc::Call& call, const std::string& id) const {
    ASSIGN_OR_RETURN(Answer answer, GetObject(backend_, type_, call, id));
    return Typed(std::move(answer));
  }

  // `add(T)` for each object of the page; the token of the next page, empty at the end.
  absl::StatusOr<std::string> List(rpc::Call& call, ListQuery query, int page_size, const std::string& page_token,
                                   const std::function<void(const T&)>& add) const {
    return ListObjects(backend_, type_, call, std::move(query), page_size, page_token,
                       [&](const Message& object) { add(static_cast<const T&>(object)); });
  }

  absl::StatusOr<v1::AvailableActions> Actions(rpc::Call& call, const std::string& id) const {
    return AvailableActionsOf(backend_, type_, call, id);
  }

  // Performs an act of the suite itself (level kSystem), e.g. when a limit has passed.
  template <class F = absl::Status (*)(T&)>
  absl::StatusOr<T> ActAsSystem(int act, const Id& id, F change = Nothing) const {
    ActInput input{.object = id, .action = NameOf(act)};
    RETURN_IF_ERROR(SetWhen(backend_.clock.Now(), "", nullptr, &input));
    ASSIGN_OR_RETURN(Answer answer, RunAct(backend_, type_, Actor::System(), input, nullptr,
                                           TransitionOf(type_, act, ChangeOf(std::move(change)))));
    return Typed(std::move(answer));
  }

  // One act inside a transaction of the caller's, on an object that it has locked, or on a new one of version 0.
  template <class F = absl::Status (*)(T&)>
  absl::StatusOr<Id> ActInTransaction(const Actor& actor, int act, const ActInput& input, Stored* stored,
                                      mysql::Connection& connection, F change = Nothing) const {
    return ApplyInTransaction(backend_, type_, actor, input, stored, TransitionOf(type_, act, ChangeOf(std::move(change))),
                              connection);
  }

  // Creates many by one act, inside a transaction of the caller's.
  absl::Status CreateMany(const Actor& actor, int act, const ActInput& input, const std::string& caller,
                          absl::Span<const NewObject> objects, mysql::Connection& connection) const {
    return CreateInTransaction(backend_, type_, actor, input, caller, objects, TransitionOf(type_, act, nullptr), connection);
  }

  std::string NameOf(int act) const { return type_.NameOf(act); }

 private:
  static T Typed(Answer answer) { return std::move(static_cast<T&>(*answer)); }
  absl::StatusOr<T> AsOfToday(const rpc::Call& call, Answer answer) const {
    ColourClocks(type_, call.now(), answer.get());
    return Typed(std::move(answer));
  }
  absl::StatusOr<T> Run(rpc::Call& call, int act, const ActInput& input, const Making& making, Change change) const {
    const Actor actor = Actor::Of(call);
    ASSIGN_OR_RETURN(Answer answer, RunAct(backend_, type_, actor, input, making, TransitionOf(type_, act, std::move(change))));
    return AsOfToday(call, std::move(answer));
  }

  const Backend& backend_;
  const ObjectType& type_;
};

}  // namespace sifa::casework
