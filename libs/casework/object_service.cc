#include "libs/casework/object_service.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/place.h"
#include "libs/casework/queries.h"
#include "libs/casework/relatives.h"
#include "libs/contract/http_template.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

// A field of the request by its name; empty where the request has none.
std::string TextIn(const Message& request, const char* name) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : request.GetReflection()->GetString(request, field);
}

int NumberIn(const Message& request, const char* name) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? 0 : request.GetReflection()->GetInt32(request, field);
}

const google::protobuf::Timestamp* InstantIn(const Message& request, const char* name) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || !request.GetReflection()->HasField(request, field)) return nullptr;
  return &static_cast<const google::protobuf::Timestamp&>(request.GetReflection()->GetMessage(request, field));
}

std::vector<int> StatesIn(const Message& request) {
  std::vector<int> states;
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("states");
  if (field == nullptr) return states;
  for (int i = 0; i < request.GetReflection()->FieldSize(request, field); ++i) {
    states.push_back(request.GetReflection()->GetRepeatedEnumValue(request, field, i));
  }
  return states;
}

// The act of the method that is of this type; nullopt where it has none.
std::optional<int> OwnAct(const ObjectType& type, const contract::Method& method) {
  for (const std::string& act : method.access.act()) {
    if (const auto* value = type.acts->FindValueByName(act)) return value->number();
  }
  return std::nullopt;
}

v1::AvailableAction Describe(const ObjectType& type, const Course::Option& option, const absl::Status& status) {
  v1::AvailableAction action;
  action.set_action(type.NameOf(option.act));
  action.set_label(procedure::LabelOf(type.acts, option.act));
  action.set_allowed(status.ok());
  action.set_reason(ReasonOf(status));
  action.set_message(std::string(status.message()));
  action.set_law(option.law);
  action.set_permission(type.PermissionOf(option.act));
  action.set_level(std::string(procedure::LevelName(option.level)));
  const auto bound = type.methods.find(option.act);
  if (bound == type.methods.end()) return action;
  const MethodDescriptor& method = *bound->second->descriptor;
  action.set_method(method.full_name());
  action.set_request(method.input_type()->full_name());
  const auto& rules = bound->second->rules;
  if (!rules.empty()) {
    action.set_http_method(std::string(rules[0].http_method));
    action.set_path(rules[0].path);
  }
  return action;
}

using Handler = std::function<absl::Status(rpc::Call&, const Message& request, Message* response)>;

void Serve(rpc::DescribedService& methods, const MethodDescriptor& method, Handler handler) {
  const Message* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.output_type());
  methods.Add(method.name(),
              [prototype, handler = std::move(handler)](rpc::Call& call, const Message& request,
                                                        google::protobuf::Arena& arena) -> absl::StatusOr<Message*> {
                Message* response = prototype->New(&arena);
                RETURN_IF_ERROR(handler(call, request, response));
                return response;
              });
}

// The same of an answer that is an object of its own.
template <class F>
void ServeAnswer(rpc::DescribedService& methods, const MethodDescriptor& method, F handler) {
  methods.Add(method.name(),
              [handler](rpc::Call& call, const Message& request, google::protobuf::Arena& arena) -> absl::StatusOr<Message*> {
                ASSIGN_OR_RETURN(Answer answer, handler(call, request));
                arena.Own(answer.get());
                return answer.release();
              });
}

template <class Response>
absl::Status Put(absl::StatusOr<Response> answer, Message* response) {
  if (answer.ok()) *static_cast<Response*>(response) = *std::move(answer);
  return answer.status();
}

void ServeMethod(const Backend& backend, const ObjectType& type, const contract::Method& method, rpc::DescribedService& methods) {
  const MethodDescriptor& descriptor = *method.descriptor;
  const Descriptor* answer = descriptor.output_type();
  if (const auto act = OwnAct(type, method)) {
    if (answer != type.prototype->GetDescriptor()) return;  // a handler of the service's own makes its answer
    ServeAnswer(methods, descriptor, [&, act = *act](rpc::Call& call, const Message& request) {
      return PerformRequest(backend, type, call, act, request);
    });
  } else if (type.list_request != nullptr && descriptor.input_type() == type.list_request) {
    Serve(methods, descriptor, [&](rpc::Call& call, const Message& request, Message* response) {
      return ListByRequest(backend, type, call, request, response);
    });
  } else if (answer == type.prototype->GetDescriptor() && descriptor.name() == absl::StrCat("Get", type.name)) {
    ServeAnswer(methods, descriptor,
                [&](rpc::Call& call, const Message& request) { return GetObject(backend, type, call, TextIn(request, "id")); });
  } else if (answer == v1::AvailableActions::descriptor()) {
    Serve(methods, descriptor, [&](rpc::Call& call, const Message& request, Message* response) {
      return Put(AvailableActionsOf(backend, type, call, TextIn(request, "id")), response);
    });
  } else if (answer == v1::History::descriptor()) {
    Serve(methods, descriptor, [&](rpc::Call& call, const Message& request, Message* response) {
      return Put(History(backend, type, call, static_cast<const v1::GetHistoryRequest&>(request)), response);
    });
  } else if (answer == v1::ClockExplanation::descriptor()) {
    Serve(methods, descriptor, [&](rpc::Call& call, const Message& request, Message* response) {
      return Put(ExplainClock(backend, type, call, static_cast<const v1::ExplainClockRequest&>(request)), response);
    });
  }
}

}  // namespace

absl::StatusOr<Id> IdIn(const Message& request) { return ParseId(TextIn(request, "id")); }

absl::StatusOr<ActInput> InputOf(const ObjectType& type, const rpc::Call& call, int act, const Message& request) {
  if (call.method().access.permission() != type.PermissionOf(act)) {
    return Internal(absl::StrCat(call.method().path, " performs ", type.NameOf(act), ", which it does not name"));
  }
  ActInput input{.method = call.method().path,
                 .request_id = TextIn(request, "request_id"),
                 .digest = RequestDigest(request),
                 .etag = TextIn(request, "etag"),
                 .request = KeptRequestOf(call.method().path, request),
                 .action = type.NameOf(act),
                 .reason = TextIn(request, "reason")};
  RETURN_IF_ERROR(SetWhen(call.now(), TextIn(request, "occurred_on"), InstantIn(request, "occurred_at"), &input));
  return input;
}

Transition TransitionOf(const ObjectType& type, int act, Change change) {
  return [&type, act, change = std::move(change)](Message* object, const Act& running) {
    return type.course->Perform(act, type.PermissionOf(act), change, nullptr, running, object);
  };
}

absl::StatusOr<Answer> PerformRequest(const Backend& backend, const ObjectType& type, rpc::Call& call, int act,
                                      const Message& request) {
  const Actor actor = Actor::Of(call);
  ASSIGN_OR_RETURN(ActInput input, InputOf(type, call, act, request));
  const auto& steps = type.course->steps();
  const auto step = std::find_if(steps.begin(), steps.end(), [&](const Course::Step& s) { return s.act == act; });
  Making making;
  Answer asked;
  if (step->asks) {
    ASSIGN_OR_RETURN(Answer first, FirstAnswer(backend, type, actor, input));
    if (first != nullptr) {
      ColourClocks(type, call.now(), first.get());
      RETURN_IF_ERROR(AddFlags(backend, type, {first.get()}));
      return first;
    }
    procedure::Facts facts = PlainFacts(backend, input.act_day);
    facts.actor = actor.id();
    ASSIGN_OR_RETURN(asked, type.course->Create(act, request, Asking(backend, actor, std::move(facts))));
    making = [&](const Act&) -> absl::StatusOr<Answer> {
      Answer copy(asked->New());
      copy->CopyFrom(*asked);
      return copy;
    };
  } else if (step->creates) {
    making = [&](const Act& running) { return type.course->Create(act, request, running); };
  } else {
    ASSIGN_OR_RETURN(input.object, IdIn(request));
  }
  const Transition transition = [&](Message* object, const Act& running) {
    return type.course->Perform(act, type.PermissionOf(act), nullptr, &request, running, object);
  };
  ASSIGN_OR_RETURN(Answer answer, RunAct(backend, type, actor, input, making, transition));
  ColourClocks(type, call.now(), answer.get());
  RETURN_IF_ERROR(AddFlags(backend, type, {answer.get()}));
  return answer;
}

absl::StatusOr<v1::AvailableActions> AvailableActionsOf(const Backend& backend, const ObjectType& type, rpc::Call& call,
                                                        const std::string& id) {
  ASSIGN_OR_RETURN(const Answer object, GetObject(backend, type, call, id));
  procedure::Facts facts;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(facts, FactsFor(backend, type, connection, *ParseId(id), call.today()));
    RETURN_IF_ERROR(AddRelatives(backend, type, connection, *ParseId(id), *object, Lock::kNone, &facts));
    return absl::OkStatus();
  }));
  v1::AvailableActions actions;
  facts.actor = Actor::Of(call).id();
  for (const Course::Option& option : type.course->Options(*object, facts)) {
    absl::Status status =
        Actor::Of(call).EntitledTo(type, option.act, type.PermissionOf(option.act), option.level, *object).status();
    if (status.ok()) status = option.status;
    *actions.add_actions() = Describe(type, option, status);
  }
  return actions;
}

absl::StatusOr<v1::ClockExplanation> ExplainClock(const Backend& backend, const ObjectType& type, rpc::Call& call,
                                                  const v1::ExplainClockRequest& request) {
  ASSIGN_OR_RETURN(const Answer object, GetObject(backend, type, call, request.id()));
  const calendar::Calendar& calendar = backend.calendars.Current();
  procedure::Clocks clocks = type.ClocksOf(*object);
  RETURN_IF_ERROR(procedure::SettleClocks(&clocks, calendar, backend.clock.Today()).status());
  const v1::Clock* clock = procedure::FindClock(&clocks, request.kind());
  if (clock == nullptr) return NotFound("该期限");
  ASSIGN_OR_RETURN(const auto steps, procedure::ExplainClock(*clock, calendar));
  v1::ClockExplanation explanation;
  *explanation.mutable_clock() = *clock;
  explanation.mutable_steps()->Assign(steps.begin(), steps.end());
  return explanation;
}

absl::Status ListByRequest(const Backend& backend, const ObjectType& type, rpc::Call& call, const Message& request,
                           Message* response) {
  ListQuery query;
  query.organisation = TextIn(request, "organisation");
  query.region = TextIn(request, "region");
  if (!query.region.empty()) RETURN_IF_ERROR(KnownRegion(*backend.regions, query.region).status());
  query.states = StatesIn(request);
  query.number = TextIn(request, "number");
  query.assignee = TextIn(request, "assignee");
  RETURN_IF_ERROR(type.narrow(backend, request, &query));
  const Descriptor* page = response->GetDescriptor();
  const FieldDescriptor* objects = nullptr;
  for (int i = 0; i < page->field_count(); ++i) {
    if (page->field(i)->message_type() == type.prototype->GetDescriptor()) objects = page->field(i);
  }
  if (objects == nullptr) return Internal(absl::StrCat(page->full_name(), " has no list of ", type.name));
  ASSIGN_OR_RETURN(std::string next, ListObjects(backend, type, call, std::move(query), NumberIn(request, "page_size"),
                                                 TextIn(request, "page_token"), [&](const Message& object) {
                                                   response->GetReflection()->AddMessage(response, objects)->CopyFrom(object);
                                                 }));
  response->GetReflection()->SetString(response, page->FindFieldByName("next_page_token"), std::move(next));
  return absl::OkStatus();
}

void ServeObject(const Backend& backend, const ObjectType& type, const contract::Contract& contract,
                 rpc::DescribedService& methods) {
  for (const std::string& full_name : methods.Unhandled()) {
    const std::string name = full_name.substr(full_name.rfind('.') + 1);
    const contract::Method* method = contract.Find(absl::StrCat("/", methods.descriptor()->full_name(), "/", name));
    if (method != nullptr) ServeMethod(backend, type, *method, methods);
  }
}

}  // namespace sifa::casework
