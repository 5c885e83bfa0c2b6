// How a definition becomes an object type. Included by definition.h alone.
#pragma once

#include <utility>

#include "google/protobuf/empty.pb.h"
#include "libs/casework/definition.h"
#include "libs/casework/objects.h"
#include "libs/casework/together.h"
#include "libs/core/organisation_path.h"
#include "libs/procedure/describe.h"
#include "libs/procedure/engine.h"
#include "libs/statistics/counting.h"

namespace sifa::casework {
namespace internal {

template <class T>
Common CommonOf(const Message& message) {
  const T& object = static_cast<const T&>(message);
  Common common{object.id(),
                object.organisation(),
                object.organisation_path(),
                object.region(),
                object.number(),
                "",
                "",
                static_cast<int>(object.state()),
                absl::FromUnixSeconds(object.create_time().seconds()) + absl::Nanoseconds(object.create_time().nanos())};
  if constexpr (requires { object.assignee(); }) common.assignee = object.assignee();
  if constexpr (requires { object.parent(); }) common.parent = object.parent();
  return common;
}

template <class T>
void SetStamp(Message* message, const Stamp& stamp) {
  T* object = static_cast<T*>(message);
  object->set_id(stamp.id);
  object->set_etag(stamp.etag);
  object->set_organisation(stamp.organisation);
  object->set_organisation_path(stamp.organisation_path);
  const auto set = [](google::protobuf::Timestamp* field, absl::Time time) {
    const int64_t micros = absl::ToUnixMicros(time);
    field->set_seconds(micros / 1000000);
    field->set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
  };
  set(object->mutable_create_time(), stamp.created);
  set(object->mutable_update_time(), stamp.updated);
}

template <class T>
void AddBroken(const procedure::List<const procedure::Guard<T>*, 8>& guards, const T& object, const procedure::Facts& facts,
               std::vector<std::string>* broken) {
  for (const procedure::Guard<T>* guard : guards) {
    if (guard->of_others || guard->holds(object, facts)) continue;
    broken->push_back(absl::StrCat(guard->Why(object, facts), "（", guard->law.On(facts.act_day).ToString(), "）"));
  }
}

template <class T>
class CourseOf : public Course {
 public:
  explicit CourseOf(const procedure::Procedure<T>& procedure) : procedure_(procedure) {
    for (const procedure::Row<T>& row : procedure.rows) {
      Step step{.act = row.act,
                .from = row.from,
                .creates = row.create.run != nullptr,
                .asks = row.create.asks,
                .indirect = row.indirect,
                .system = row.level == procedure::Level::kSystem,
                .cites = !row.law.Present().instrument.empty()};
      if (row.create.request != nullptr) step.requests.push_back(row.create.request());
      if (row.apply.request != nullptr) step.requests.push_back(row.apply.request());
      steps_.push_back(std::move(step));
    }
  }

  const std::vector<Step>& steps() const override { return steps_; }

  absl::StatusOr<std::unique_ptr<Message>> Create(int act, const Message& request,
                                                  const procedure::Circumstances& circumstances) const override {
    for (const procedure::Row<T>& row : procedure_.rows) {
      if (row.act != act || row.create.run == nullptr) continue;
      ASSIGN_OR_RETURN(T object, row.create.run(request, circumstances));
      return std::make_unique<T>(std::move(object));
    }
    return Internal(absl::StrCat("no row creates by ", procedure::NameOf(procedure_.acts(), act)));
  }

  absl::StatusOr<procedure::Applied> Perform(int act, const std::string& permission, const Change& change, const Message* request,
                                             const Act& running, Message* message) const override {
    T* object = static_cast<T*>(message);
    ASSIGN_OR_RETURN(const procedure::Row<T>* row, procedure::FindRow(procedure_, act, *object, running.day()));
    std::string acting_for = running.facts().acting_for;  // of the act that this one is a part of
    if (!row->indirect || !permission.empty()) {
      const ObjectType& type = running.neighbours().TypeOf<T>();
      ASSIGN_OR_RETURN(const rpc::Grant grant, running.actor().EntitledTo(type, act, permission, row->level, *object));
      acting_for = grant.acting_for();
    }
    const Act entitled = running.InNameOf(acting_for);
    const auto function = [&](T& o) -> absl::Status {
      if (change) return change(o, entitled);
      if (row->apply.run == nullptr || (request == nullptr && row->apply.request != nullptr)) return absl::OkStatus();
      return row->apply.run(o, request == nullptr ? google::protobuf::Empty::default_instance() : *request, entitled);
    };
    ASSIGN_OR_RETURN(procedure::Applied applied, procedure::Perform<T>(procedure_, *row, entitled.facts(), function, object));
    applied.acting_for = acting_for;
    return applied;
  }

  std::vector<Option> Options(const Message& object, const procedure::Facts& facts) const override {
    std::vector<Option> options;
    for (const auto& option : procedure::Options(procedure_, static_cast<const T&>(object), facts)) {
      options.push_back({option.row->act, option.row->level, option.row->law.On(facts.today).ToString(), option.status});
    }
    return options;
  }

  absl::StatusOr<bool> MoveOn(int act, int from_state, const procedure::Facts& facts, Message* object) const override {
    const auto row = procedure::FindRow(procedure_, act, static_cast<const T&>(*object), from_state, facts.act_day);
    if (!row.ok()) return false;
    std::vector<std::string> words;
    RETURN_IF_ERROR(procedure::MoveOn(procedure_, **row, facts, static_cast<T*>(object), &words));
    return true;
  }

  std::vector<std::string> BrokenRules(int act, int from_state, const procedure::Facts& facts, const Message& before,
                                       const Message& after) const override {
    std::vector<std::string> broken;
    const T &was = static_cast<const T&>(before), &is = static_cast<const T&>(after);
    const auto row = procedure::FindRow(procedure_, act, is, from_state, facts.act_day);
    if (!row.ok()) return broken;
    AddBroken<T>((*row)->guards, was, facts, &broken);
    AddBroken<T>((*row)->checks, is, facts, &broken);
    const absl::Status follows = procedure::CheckFollows(**row, facts, procedure::ActedOn(was), is);
    if (!follows.ok()) {
      broken.push_back(absl::StrCat(follows.message(), "（", (*row)->law.On(facts.act_day).ToString(), "）"));
    }
    return broken;
  }

  std::string Page(const std::function<std::string(int act)>& permission) const override {
    return procedure::Describe(procedure_, permission);
  }

 private:
  const procedure::Procedure<T>& procedure_;
  std::vector<Step> steps_;
};

template <class T>
std::unique_ptr<ObjectType> MakeType(const Definition<T>& definition, const std::string& service) {
  const procedure::Procedure<T>& procedure = *definition.procedure;
  auto type = std::make_unique<ObjectType>();
  type->service = service;
  type->name = T::descriptor()->name();
  type->label = std::string(procedure.name);
  type->proto_service = definition.proto_service.empty() ? ProtoName(service, absl::StrCat(type->name, "Service"))
                                                         : std::string(definition.proto_service);
  type->prototype = &T::default_instance();
  type->terminal = procedure.terminal;
  type->states = procedure.states();
  type->acts = procedure.acts();
  if (procedure.papers != nullptr) type->documents = procedure.papers();
  type->course = std::make_shared<CourseOf<T>>(procedure);
  if (const auto is_sealed = definition.sealed) {
    type->common = [is_sealed](const Message& object) {
      Common common = CommonOf<T>(object);
      if (is_sealed(static_cast<const T&>(object))) common.organisation_path = Seal(common.organisation_path);
      return common;
    };
    type->stamp = [](Message* object, Stamp stamp) {
      stamp.organisation_path = std::string(Unseal(stamp.organisation_path));
      SetStamp<T>(object, stamp);
    };
  } else {
    type->common = &CommonOf<T>;
    type->stamp = &SetStamp<T>;
  }
  type->set_number = [](Message* object, const std::string& number) { static_cast<T*>(object)->set_number(number); };
  type->clocks = [](Message* object) { return static_cast<T*>(object)->mutable_clocks(); };
  type->papers = [](Message* object) { return static_cast<T*>(object)->mutable_papers(); };
  for (const auto& kind : procedure.clocks)
    type->warning[procedure::NameOf(procedure.clock_kinds(), kind.clock)] = kind.warn_days;
  for (const auto& kind : procedure.clocks) {
    if (kind.then != 0) type->then[procedure::NameOf(procedure.clock_kinds(), kind.clock)] = kind.then;
  }
  type->files_for = definition.files_for;
  type->has_files = definition.has_files;
  type->cubes = definition.cubes;
  if (!type->cubes.empty()) {
    type->counts = [cubes = type->cubes](const Message& object) {
      return statistics::CountsOf(static_cast<const T&>(object), cubes);
    };
  }
  type->held_in = definition.held_in;
  type->references = definition.references;
  type->looks_at = definition.looks_at;
  type->flags = definition.flags;
  if (const auto f = definition.further) type->further = [f](const Message& object) { return f(static_cast<const T&>(object)); };
  if (definition.together) type->together = std::make_shared<Together>();
  if (const auto f = definition.index) type->index = [f](const Message& object) { return f(static_cast<const T&>(object)); };
  if (const auto f = definition.numbering) {
    type->numbering = [f](const Message& object, absl::CivilDay act_day) { return f(static_cast<const T&>(object), act_day); };
  }
  if (const auto f = definition.project) {
    type->project = [f](const Backend& backend, mysql::Connection& connection, const Message* before, const Message& after) {
      return f(backend, connection, static_cast<const T*>(before), static_cast<const T&>(after));
    };
  }
  if (const auto f = definition.hand_over) {
    type->hand_over = [f](const Act& act, const std::string& from, Message* object) {
      return f(act, from, static_cast<T*>(object));
    };
  }
  if (definition.list.request != nullptr) {
    type->list_request = definition.list.request();
    type->narrow = [f = definition.list.narrow](const Backend& backend, const Message& request, ListQuery* query) {
      return f(request, backend, query);
    };
  }
  if (definition.amendments != nullptr) {
    type->correctable = std::make_shared<Correctable>(MakeCorrectable(*type, *definition.amendments));
  }
  return type;
}

}  // namespace internal

template <class T>
AnyDefinition::AnyDefinition(const Definition<T>* definition)
    : name_(T::descriptor()->name()),
      definition_(definition),
      make_([](const void* erased, const std::string& service) {
        return internal::MakeType(*static_cast<const Definition<T>*>(erased), service);
      }),
      handle_([](const void* erased, Service& service, rpc::DescribedService& methods) {
        const auto* typed = static_cast<const Definition<T>*>(erased);
        if (typed->handlers != nullptr) typed->handlers(service, methods);
      }) {}

}  // namespace sifa::casework
