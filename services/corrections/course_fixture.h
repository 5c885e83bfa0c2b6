// Corrections in one process over a real database, for tests of what acts do to other objects: a person's course with its
// records. The clock stands at 2024-09-02 09:00 until a test moves it; the roles are those of config/.
// No regular report falls due where a test does not set `backend.parameters` (corrections.report_days) otherwise.
//
//   Course at;
//   Subject s = at.Active();
//   auto search = at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-09-20"})", at.office);
//   CHECK(at.Refusal<Search>("AskPoliceToSearch", search, "{}", at.office) == "SEARCH_INCOMPLETE");
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "libs/casework/casework.h"
#include "libs/casework/queries.h"
#include "libs/casework/watcher.h"
#include "libs/testing/calls.h"
#include "libs/testing/casework_backend.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {

class Course {
 public:
  using Claims = identity::v1::TokenClaims;

  Course();

  // The morning of a day; the suite then does what has fallen due.
  void GoTo(const std::string& day);

  // A person whose decision has been noticed on the day of the clock; `more`: fields of the decision, in JSON.
  Subject Notice(const std::string& category = kProbation, const std::string& more = "{}");
  // The same of who was seventeen when the term began.
  Subject NoticeMinor();
  // Received and announced on the day of the clock.
  Subject Active(const std::string& category = kProbation, const std::string& more = "{}");

  // An act by the name of its method and the fields of its request in JSON, as the frame performs it. `etag` and id are filled.
  template <class T>
  absl::StatusOr<T> Try(const std::string& method, const std::string& json, const Claims& who, const std::string& id = "") {
    const std::string path = absl::StrCat("/sifa.corrections.v1.", T::descriptor()->name(), "Service/", method);
    auto call = calls_.Of(path, who);
    const auto& type = *call.method().descriptor->input_type();
    std::unique_ptr<google::protobuf::Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
    const auto parsed = google::protobuf::util::JsonStringToMessage(json, request.get());
    if (!parsed.ok()) FAIL(std::string(parsed.message()));
    if (!id.empty()) request->GetReflection()->SetString(request.get(), type.FindFieldByName("id"), id);
    return backend.Do<T>(call, *request);
  }
  template <class T>
  T Do(const std::string& method, const T& object, const std::string& json, const Claims& who) {
    return Must(Try<T>(method, json, who, object.id()));
  }
  template <class T>
  std::string Refusal(const std::string& method, const T& object, const std::string& json, const Claims& who) {
    return ReasonOf(Try<T>(method, json, who, object.id()).status());
  }
  // A new record of the subject.
  template <class T>
  T Make(const std::string& method, const Subject& s, const std::string& json, const Claims& who) {
    return Must(TryMake<T>(method, s, json, who));
  }
  template <class T>
  absl::StatusOr<T> TryMake(const std::string& method, const Subject& s, const std::string& json, const Claims& who) {
    const std::string fields = json.substr(1, json.rfind('}') - 1);
    return Try<T>(method, absl::StrCat(R"({"subject": ")", s.id(), "\"", fields.empty() ? "" : ", ", fields, "}"), who);
  }

  // As it is now, with its flags and the colours of its clocks.
  template <class T>
  T Now(const T& object) {
    return Now(object, county);
  }
  template <class T>
  T Now(const T& object, const Claims& who) {
    return static_cast<const T&>(*Must(Get(object, who)));
  }
  template <class T>
  bool Sees(const T& object, const Claims& who) {
    return Get(object, who).ok();
  }
  // The records of a type that a subject has, the oldest first.
  template <class T>
  std::vector<T> Of(const Subject& s) {
    std::vector<T> found;
    const absl::Status status = backend.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      casework::ListQuery query;
      query.scopes = {"/"};
      query.terms = {{"subject", s.id()}};
      query.limit = 200;
      ASSIGN_OR_RETURN(const auto stored, backend.backend->store.List(connection, backend.TypeOf<T>(), query));
      found.clear();
      for (const auto& one : stored) found.insert(found.begin(), static_cast<const T&>(*one.object));
      return absl::OkStatus();
    });
    if (!status.ok()) FAIL(status);
    return found;
  }
  // The only record of a type that a subject has.
  template <class T>
  T OneOf(const Subject& s) {
    const auto found = Of<T>(s);
    REQUIRE(found.size() == 1);
    return found[0];
  }
  // The ids of the page of all that a list gives somebody.
  template <class T>
  std::vector<std::string> Listed(const std::string& method, const Claims& who) {
    auto call = calls_.Of(absl::StrCat("/sifa.corrections.v1.", T::descriptor()->name(), "Service/", method), who);
    std::vector<std::string> ids;
    const auto next = casework::ListObjects(*backend.backend, backend.TypeOf<T>(), call, {}, 200, "", [&](const auto& object) {
      ids.push_back(static_cast<const T&>(object).id());
    });
    if (!next.ok()) FAIL(next.status());
    return ids;
  }
  // An account of the person's own.
  static Claims OwnAccountOf(const Subject& s);
  // Whether the journal and all that follows from it hold; a sentence for each finding.
  std::string Findings();

  template <class T>
  static T Must(absl::StatusOr<T> result) {
    if (!result.ok()) FAIL(result.status());
    return *std::move(result);
  }

  testing::CaseworkBackend backend;
  // A county officer, one who works with minors, the head of the bureau, the office, the city; another county.
  Claims county, minors, head, office, city, neighbour;

 private:
  Subject NoticeOf(const std::string& category, const std::string& more, const std::string& id_number, const Claims& who);
  template <class T>
  absl::StatusOr<casework::Answer> Get(const T& object, const Claims& who) {
    const std::string& type = T::descriptor()->name();
    auto call = calls_.Of(absl::StrCat("/sifa.corrections.v1.", type, "Service/Get", type), who);
    return casework::GetObject(*backend.backend, backend.TypeOf<T>(), call, object.id());
  }

  testing::Calls calls_;
  int people_ = 0;
  testing::TempDir anchors_{"sifa-anchor"};
};

}  // namespace sifa::corrections
