#include "libs/contract/contract.h"

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/text_format.h"
#include "libs/contract/contracttest.pb.h"
#include "libs/contract/router.h"
#include "libs/contract/rules.h"
#include "libs/core/status.h"

namespace sifa::contract {
namespace {

using google::protobuf::DescriptorPool;

// The error of a contract with one service, whose methods are given in text form; "" for none.
std::string MistakeIn(const std::string& methods, const std::string& fields = "", const std::string& act_fields = "") {
  google::protobuf::FileDescriptorProto file;
  REQUIRE(google::protobuf::TextFormat::ParseFromString(absl::StrCat(R"(name: "bad.proto" package: "bad" syntax: "proto3"
                      dependency: "google/api/annotations.proto" dependency: "google/protobuf/timestamp.proto"
                      dependency: "sifa/options/v1/options.proto"
                      message_type { name: "Request"
                        field { name: "id" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
                        field { name: "ids" number: 2 type: TYPE_STRING label: LABEL_REPEATED }
                        field { name: "inner" number: 3 type: TYPE_MESSAGE type_name: "Request" label: LABEL_OPTIONAL }
                        field { name: "made" number: 4 type: TYPE_STRING label: LABEL_OPTIONAL
                                options { [sifa.options.v1.field] { output_only: true } } } )",
                                                                     fields, R"( }
                      message_type { name: "ActRequest" )",
                                                                     act_fields, R"( }
                      service { name: "S" )",
                                                                     methods, " }"),
                                                        &file));
  DescriptorPool pool(DescriptorPool::generated_pool());
  const auto* built = pool.BuildFile(file);
  REQUIRE(built != nullptr);
  const absl::StatusOr<Contract> contract = Contract::Of({built->service(0)});
  if (contract.ok()) return "";
  CHECK(ReasonOf(contract.status()) == "CONTRACT_INVALID");
  return std::string(contract.status().message());
}

std::string Rpc(const std::string& access, const std::string& http = "", const std::string& name = "M",
                const std::string& input = "Request") {
  return absl::StrCat("method { name: '", name, "' input_type: '.bad.", input, "' output_type: '.bad.Request' options {",
                      access.empty() ? "" : absl::StrCat("[sifa.options.v1.access] {", access, "} "),
                      http.empty() ? "" : absl::StrCat("[google.api.http] {", http, "}"), "} } ");
}

bool Says(const std::string& mistake, absl::string_view what) {
  INFO(mistake);
  CHECK(absl::StrContains(mistake, what));
  return absl::StrContains(mistake, what);
}

}  // namespace

TEST_CASE("the suite's whole contract loads, with every method under its path") {
  const absl::StatusOr<Contract> contract = Contract::Load();
  INFO(contract.status());  // names the method whose declaration is wrong
  REQUIRE(contract.ok());
  const auto* method = contract->Find("/sifa.contracttest.v1.CaseService/AcceptCase");
  REQUIRE(method != nullptr);
  CHECK(method->descriptor->name() == "AcceptCase");
  CHECK(method->access.permission() == "contracttest.case.accept");
  CHECK(method->access.journals());
  CHECK(method->rules.size() == 1);
  CHECK(method->service == "contracttest");
  CHECK(contract->Find("/sifa.contracttest.v1.CaseService/Sync")->rules.empty());
  CHECK(contract->Find("/sifa.contracttest.v1.CaseService/No") == nullptr);
  CHECK(std::is_sorted(contract->methods().begin(), contract->methods().end(),
                       [](const auto& a, const auto& b) { return a.path < b.path; }));
}

TEST_CASE("an office's method stands for each service that has registered for it, with its route and permission") {
  const Contract contract = *Contract::Load();
  std::map<std::string, const Method*> journals;
  for (const Method& method : contract.methods()) {
    if (method.path == "/sifa.office.v1.JournalService/ListJournal") journals[method.service] = &method;
  }
  REQUIRE(journals.contains("mediation"));
  REQUIRE(journals.contains("identity"));
  CHECK(journals["mediation"]->access.permission() == "mediation.journal.read");
  CHECK(journals["mediation"]->rules[0].path == "/v1/mediation/journal");
  CHECK(journals["identity"]->access.permission() == "identity.journal.read");
  const auto routed = [](const Contract& c, const std::string& path) { return Router(c).Route("GET", path, nullptr); };
  CHECK(routed(contract, "/v1/identity/journal")->method == journals["identity"]);
  CHECK(routed(contract, "/v1/mediation/work")->method->access.permission() == "mediation.work.read");
  CHECK_FALSE(routed(contract, "/v1/identity/work"));  // not registered for
  CHECK_FALSE(routed(contract, "/v1/contracttest/work"));
}

TEST_CASE("every field and code that front ends see has a Chinese label") {
  const Contract contract = *Contract::Load();
  std::set<const google::protobuf::Descriptor*> seen;
  const std::function<void(const google::protobuf::Descriptor*)> check = [&](const auto* type) {
    if (type == nullptr || !absl::StartsWith(type->full_name(), "sifa.") || !seen.insert(type).second) return;
    for (int i = 0; i < type->field_count(); ++i) {
      const auto& field = *type->field(i);
      const auto rule = RuleOf(field);
      INFO(field.full_name());
      CHECK((!rule.label().empty() || type->options().map_entry() || rule.sensitive() == options::v1::SENSITIVE_SECRET));
      if (rule.sensitive() != options::v1::SENSITIVE_SECRET) check(field.message_type());  // which never leaves its service
      if (field.enum_type() == nullptr) continue;
      for (int j = 0; j < field.enum_type()->value_count(); ++j) {
        const auto& value = *field.enum_type()->value(j);
        INFO(value.full_name());
        CHECK((value.number() == 0 || !value.options().GetExtension(options::v1::label).empty()));
      }
    }
  };
  for (const Method& method : contract.methods()) {
    if (method.rules.empty() || method.service == "contracttest") continue;
    check(method.descriptor->input_type());
    check(method.descriptor->output_type());
  }
  CHECK(seen.size() > 150);
}

TEST_CASE("the process of a service sees its own methods of the office, and all other methods") {
  const Contract contract = *Contract::Load("identity");
  CHECK(contract.Find("/sifa.office.v1.JournalService/ListJournal")->access.permission() == "identity.journal.read");
  CHECK(contract.Find("/sifa.office.v1.WorkService/ListWork") == nullptr);
  CHECK(contract.Find("/sifa.mediation.v1.CaseService/AcceptCase")->service == "mediation");
  CHECK(contract.Find("/sifa.reference.v1.RegionService/GetRegion")->service == "identity");  // which hosts it
  CHECK(contract.Find("/sifa.contracttest.v1.CaseService/Ping")->service == "contracttest");
}

TEST_CASE("a method without access, or with two kinds of it, refuses to load") {
  CHECK(MistakeIn(Rpc("signed_in: true")).empty());
  CHECK(Says(MistakeIn(Rpc("")), "has no access"));
  CHECK(Says(MistakeIn(Rpc("journals: true")), "exactly one"));
  CHECK(Says(MistakeIn(Rpc("signed_in: true public: true")), "exactly one"));
  CHECK(Says(MistakeIn(Rpc("service: true", "get: '/v1/x'")), "for services only"));
}

TEST_CASE("a permission is service.object.verb") {
  CHECK(MistakeIn(Rpc("permission: 'a.b_c.d2'")).empty());
  for (const char* bad : {"a.b", "a.b.c.d", "a..c", "A.b.c", "a.b.c ", "a.2b.c"})
    CHECK(Says(MistakeIn(Rpc(absl::StrCat("permission: '", bad, "'"))), "service.object.verb"));
}

TEST_CASE("the head of an act's request has its names, numbers and types: kept requests stay readable") {
  const auto field = [](absl::string_view name, int number, const std::string& type = "type: TYPE_STRING label: LABEL_OPTIONAL") {
    return absl::StrCat("field { name: '", name, "' number: ", number, " ", type, " } ");
  };
  const auto with = [](const std::string& fields) {
    return MistakeIn(Rpc("signed_in: true journals: true without_etag: 'why'", "", "M", "ActRequest"), "", fields);
  };
  const std::string instant = "type: TYPE_MESSAGE type_name: '.google.protobuf.Timestamp' label: LABEL_OPTIONAL";
  const std::string request_id = field("request_id", 3);
  CHECK(with(request_id).empty());
  CHECK(MistakeIn(Rpc("signed_in: true journals: true", "", "M", "ActRequest"), "",
                  field("id", 1) + field("etag", 2) + request_id + field("occurred_on", 4) + field("reason", 5) +
                      field("occurred_at", 6, instant) + field("region", 10))
            .empty());
  CHECK(Says(with(""), "request_id"));
  for (const auto& [name, number] : {std::pair{"id", 2}, {"etag", 1}, {"occurred_on", 10}, {"reason", 4}})
    CHECK(Says(with(request_id + field(name, number)), absl::StrCat("field ", name)));
  CHECK(Says(with(field("request_id", 1)), "field request_id"));
  CHECK(Says(MistakeIn(Rpc("signed_in: true journals: true", "", "M", "Request.Inner"),
                       "nested_type { name: 'Inner' " + request_id + "}"),
             "does not end with Request"));
  CHECK(Says(with(request_id + field("region", 7)), "kept for the head"));
  CHECK(Says(with(request_id + field("ids", 1, "type: TYPE_STRING label: LABEL_REPEATED")), "kept for the head"));
  CHECK(Says(with(request_id + field("etag", 2, "type: TYPE_INT64 label: LABEL_OPTIONAL")), "field etag"));
  CHECK(Says(with(request_id + field("reason", 5, "type: TYPE_STRING label: LABEL_REPEATED")), "field reason"));
  CHECK(Says(with(request_id + field("occurred_at", 6)), "google.protobuf.Timestamp"));
  CHECK(Says(with(request_id + field("occurred_at", 6, "type: TYPE_MESSAGE type_name: 'Request' label: LABEL_OPTIONAL")),
             "google.protobuf.Timestamp"));
  CHECK(Says(with(request_id + field("occurred_on", 4)), "not occurred_at"));
  // A request of a reading is free in its numbers.
  CHECK(MistakeIn(Rpc("signed_in: true", "", "M", "ActRequest"), "", field("request_id", 1)).empty());
}

TEST_CASE("an act on what exists compares its version, or says why it does not") {
  const auto with = [](const std::string& access, const std::string& fields, const std::string& http = "") {
    const auto numbered = [](const std::string& name) {
      const int number = name == "id" ? 1 : name == "etag" ? 2 : name == "request_id" ? 3 : 10;
      return absl::StrCat("field { name: '", name, "' number: ", number, " type: TYPE_STRING label: LABEL_OPTIONAL } ");
    };
    std::string all;
    for (const auto& name : absl::StrSplit(fields, ' ')) all += numbered(std::string(name));
    return MistakeIn(Rpc("signed_in: true " + access, http, "M", "ActRequest"), "", all);
  };
  CHECK(with("journals: true", "id etag request_id").empty());
  CHECK(with("journals: true", "request_id").empty());  // creates
  CHECK(with("journals: true without_etag: 'the last wish counts'", "id request_id").empty());
  CHECK(Says(with("journals: true", "id request_id"), "neither etag nor"));
  CHECK(Says(with("journals: true", "etag request_id"), "not id"));
  CHECK(Says(with("journals: true without_etag: 'why'", "id etag request_id"), "is without_etag"));
  CHECK(Says(with("without_etag: 'why'", "id"), "is no act"));
  CHECK(with("journals: true", "id etag request_id", "post: '/v1/x/{id}:act'").empty());
  CHECK(Says(with("journals: true", "object request_id", "post: '/v1/x/{object}:act'"), "name by id"));
  CHECK(with("journals: true", "object request_id", "post: '/v1/x/{object}/y'").empty());  // creates below it
}

TEST_CASE("a route that names no field, or is taken, refuses to load") {
  const auto with = [](const std::string& http) { return MistakeIn(Rpc("signed_in: true", http)); };
  CHECK(with("get: '/v1/{id}/{inner.inner.id}'").empty());
  CHECK(Says(with("get: '/v1/{no}'"), "names no single field"));
  CHECK(Says(with("get: '/v1/{ids}'"), "names no single field"));
  CHECK(Says(with("get: '/v1/{inner}'"), "names no single field"));
  CHECK(Says(with("get: '/v1/{id.x}'"), "names no single field"));
  CHECK(Says(with("get: '/v1/{made}'"), "output_only"));
  CHECK(Says(with("post: '/v1/x' body: 'no'"), "body no"));
  CHECK(Says(with("get: '/v1/x' response_body: 'no'"), "response_body no"));
  CHECK(Says(with("body: '*'"), "without get"));
  for (const char* bad :
       {"v1/x", "/v1/{id", "/v1//x", "/v1/**/x", "/v1/{id}/{id}", "/v1/x:", "/v1/{id={inner.id}}"})
    CHECK(Says(with(absl::StrCat("get: '", bad, "'")), "path template"));
  CHECK(Says(MistakeIn(Rpc("signed_in: true", "get: '/v1/{id}'") +
                       Rpc("signed_in: true", "get: '/v1/{inner.id}'", "N")),
             "is taken by"));
  CHECK(MistakeIn(Rpc("signed_in: true", "get: '/v1/{id}'") + Rpc("signed_in: true", "put: '/v1/{id}'", "N"))
            .empty());
}

TEST_CASE("a field rule that cannot be applied refuses to load") {
  const auto with = [](const std::string& type, const std::string& rule) {
    return MistakeIn(Rpc("signed_in: true"),
                     absl::StrCat("field { name: 'x' number: 9 label: LABEL_OPTIONAL type: ", type,
                                  " options { [sifa.options.v1.field] {", rule, "} } }"));
  };
  CHECK(with("TYPE_STRING", "pattern: '[a-z]+' required: true").empty());
  CHECK(Says(with("TYPE_STRING", "pattern: '['"), "pattern"));
  CHECK(Says(with("TYPE_INT32", "format: FORMAT_ID"), "for strings"));
  CHECK(Says(with("TYPE_BOOL", "required: true"), "optional"));
  CHECK(Says(with("TYPE_STRING", "required: true output_only: true"), "both"));
}

}  // namespace sifa::contract
