// What a service says of one of its objects, beside the object's procedure; and what it says of itself. Everything that the frame
// does for an object (serving, lists, worklists, history, verifying, corrections, statistics, printed procedures) it reads here:
//
//   const casework::Definition<Screening> kScreening = {
//       .procedure = &kScreeningProcedure,
//       .index = IndexOf,
//       .cubes = {&kScreeningsCube, &kPreventionCube},
//       .list = casework::ListOf<Narrow>,
//       .amendments = &kScreeningAmendments,
//   };
//
// The object's proto service is named after it (ScreeningService) and stands in the package sifa.<service>.v1.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/casework/act.h"
#include "libs/casework/correctable.h"
#include "libs/casework/object_type.h"
#include "libs/rpc/described_service.h"

namespace sifa::casework {

class Service;

namespace internal {

template <class F>
struct Signature;
template <class T, class R>
struct Signature<absl::Status (*)(T&, const R&, const Act&)> {
  using Object = T;
  using Request = R;
  template <auto kFunction>
  static absl::Status Run(T& object, const Message& request, const procedure::Circumstances& act) {
    return kFunction(object, static_cast<const R&>(request), static_cast<const Act&>(act));
  }
};
// Of an act that nobody asks for by itself: the suite's, or part of another one.
template <class T>
struct Signature<absl::Status (*)(T&, const Act&)> {
  using Object = T;
  template <auto kFunction>
  static absl::Status Run(T& object, const Message&, const procedure::Circumstances& act) {
    return kFunction(object, static_cast<const Act&>(act));
  }
};
template <class T, class R>
struct Signature<absl::Status (*)(T&, const R&)> {
  using Object = T;
  using Request = R;
  template <auto kFunction>
  static absl::Status Run(T& object, const Message& request, const procedure::Circumstances&) {
    return kFunction(object, static_cast<const R&>(request));
  }
};
template <class T, class R, class C>
struct Signature<absl::StatusOr<T> (*)(const R&, const C&)> {
  using Object = T;
  using Request = R;
  static constexpr bool kAsks = std::is_same_v<C, Asking>;
  template <auto kFunction>
  static absl::StatusOr<T> Run(const Message& request, const procedure::Circumstances& circumstances) {
    return kFunction(static_cast<const R&>(request), static_cast<const C&>(circumstances));
  }
};
template <class R>
struct Signature<absl::Status (*)(const R&, const Backend&, ListQuery*)> {
  using Request = R;
};

template <class S>
constexpr const google::protobuf::Descriptor* (*RequestOf())() {
  if constexpr (requires { typename S::Request; }) {
    return &S::Request::descriptor;
  } else {
    return nullptr;
  }
}

}  // namespace internal

// The function of a row: absl::Status F(T&, const Request&, const Act&), or without the last; F(T&, const Act&) of an act that
// nobody asks for by itself.
template <auto kFunction, class S = internal::Signature<decltype(kFunction)>>
inline constexpr procedure::Function<typename S::Object> Apply = {internal::RequestOf<S>(), &S::template Run<kFunction>};

// What makes the object of a row that creates: absl::StatusOr<T> F(const Request&, const Act&) inside the transaction, or
// F(const Request&, const Asking&) before it, where another service is to be asked.
template <auto kFunction, class S = internal::Signature<decltype(kFunction)>>
inline constexpr procedure::Maker<typename S::Object> Create = {&S::Request::descriptor, &S::template Run<kFunction>, S::kAsks};

// A list that the frame serves: absl::Status F(const Request&, const Backend&, ListQuery*) adds the conditions of the type's own.
// Those of the fields region, organisation, states, number and assignee are there already, where the request has them.
struct List {
  const google::protobuf::Descriptor* (*request)() = nullptr;
  absl::Status (*narrow)(const Message&, const Backend&, ListQuery*) = nullptr;
};
template <auto kFunction, class S = internal::Signature<decltype(kFunction)>>
inline constexpr List ListOf = {&S::Request::descriptor, [](const Message& request, const Backend& backend, ListQuery* query) {
                                  return kFunction(static_cast<const typename S::Request&>(request), backend, query);
                                }};
// The same of a request that has no other conditions.
template <class Request>
inline constexpr List PlainListOf = {&Request::descriptor,
                                     [](const Message&, const Backend&, ListQuery*) { return absl::OkStatus(); }};

template <class T>
struct Definition {
  const procedure::Procedure<T>* procedure = nullptr;
  absl::string_view proto_service = "";  // where it is not the one named after the object
  Index (*index)(const T&) = nullptr;    // what it is found by
  // nullopt where the object is not to be numbered (now).
  std::optional<Numbering> (*numbering)(const T&, absl::CivilDay act_day) = nullptr;
  std::vector<const statistics::Cube*> cubes = {};  // what it is counted in
  List list = {};                                   // of the method List…s
  bool has_files = false;                           // attachments may be filed with it
  std::vector<std::string> files_for = {};          // acts whose guards ask for the attachments
  const Amendments<T>* amendments = nullptr;        // what of it may be corrected; null: nothing
  std::vector<Reference> references = {};           // the objects that it stands on
  // The types at which its rules look (Facts::All): what of them stands on the same object as this one, or on this one. A person's
  // leaves, warnings, searches: few.
  std::vector<std::string> looks_at = {};
  std::vector<Flag> flags = {};  // told of it in `repeated Flag flags` because of what stands on it
  // The organisations that see an object besides its own, each with the acts that are its to do. They find it in lists and
  // worklists.
  std::vector<Further> (*further)(const T&) = nullptr;
  // 封存: whether only those may know of it who hold "{service}.sealed.read" (organisation_path.h). It does not change.
  bool (*sealed)(const T&) = nullptr;
  // Writes tables of the service's own that follow the object, in the same transaction; `before` is null at creation.
  // May refuse.
  absl::Status (*project)(const Backend&, mysql::Connection&, const T* before, const T& after) = nullptr;
  // Whose an object is besides its assignee, where the type holds that in other fields too (`held_in`): makes it the new
  // assignee's instead of `from`'s (移交).
  absl::Status (*hand_over)(const Act&, const std::string& from, T*) = nullptr;
  std::vector<std::string> held_in = {};
  // Acts that come at once are committed together (together.h says what that asks of the type).
  bool together = false;
  // Serves methods that are neither acts with a function nor the frame's own (Get, List, Actions, History, ExplainClock).
  void (*handlers)(Service&, rpc::DescribedService&) = nullptr;
};

// A definition of any type.
class AnyDefinition {
 public:
  template <class T>
  AnyDefinition(const Definition<T>* definition);  // definition_of.h

  const std::string& name() const { return name_; }
  std::unique_ptr<ObjectType> MakeType(const std::string& service) const { return make_(definition_, service); }
  void Handle(Service& service, rpc::DescribedService& methods) const { handle_(definition_, service, methods); }

 private:
  const std::string& name_;
  const void* definition_;
  std::unique_ptr<ObjectType> (*make_)(const void* definition, const std::string& service);
  void (*handle_)(const void* definition, Service&, rpc::DescribedService&);
};

}  // namespace sifa::casework

#include "libs/casework/definition_of.h"  // IWYU pragma: export
