// A casework service in one process over a real database, as the people at its desks use it: for tests of what acts do to their
// object and to others. The roles are those of config/. Header only, so that sifa_testing itself needs no casework.
//
//   testing::Desk at(SIFA_ROOT, Definition(), absl::CivilSecond(2024, 9, 2, 9, 0, 0), {{"330783", "/33/3307/330783/"}});
//   const auto officer = at.Person("county_officer", "330783", 3);
//   Centre c = at.Do<Centre>("OpenCentre", R"({"name": "…"})", officer);
//   CHECK(at.Refusal("AmendCentre", c, "{}", officer) == "…");
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/util/json_util.h"
#include "libs/casework/casework.h"
#include "libs/casework/correction_service.h"
#include "libs/casework/queries.h"
#include "libs/casework/watcher.h"
#include "libs/journal/sealer.h"
#include "libs/testing/calls.h"
#include "libs/testing/casework_backend.h"

namespace sifa::testing {

class Desk {
 public:
  using Claims = identity::v1::TokenClaims;

  // `paths`: the organisations that stand, by code. The clock stands at `now` until a test moves it.
  Desk(const std::string& root, const casework::ServiceDefinition& definition, absl::CivilSecond now,
       std::map<std::string, std::string> paths)
      : backend(root, definition, now),
        service_(definition.name),
        paths_(std::move(paths)),
        calls_(definition.name, root + "/config", backend.clock) {
    backend.backend->path_of = [this](const std::string& code) -> absl::StatusOr<std::string> {
      const auto path = paths_.find(code);
      if (path == paths_.end()) return absl::NotFoundError(code);
      return path->second;
    };
  }

  // Somebody with a post, and all below it.
  Claims Person(const std::string& role, const std::string& organisation, uint32_t level) const {
    return ClaimsOf(absl::StrCat("01", role, organisation), absl::StrCat(role, ".", organisation),
                    {GrantOf(role, organisation, paths_.at(organisation), level, true)});
  }

  // The morning of a day; the suite then does what has fallen due.
  void GoTo(const std::string& day) {
    absl::CivilDay on;
    REQUIRE(ParseDay(day, &on));
    backend.clock.Set(absl::CivilSecond(on) + 9 * 3600);
    Watch();
  }
  // The suite does what has fallen due.
  void Watch() {
    casework::Watcher watcher(*backend.backend, "watcher", backend.objects->types());
    Must(watcher.LookOnce());
  }

  // An act by the name of its method and the fields of its request in JSON, as the frame performs it. The id is filled.
  template <class T>
  absl::StatusOr<T> Try(const std::string& method, const std::string& json, const Claims& who, const std::string& id = "") {
    auto call = CallOf<T>(method, who);
    const auto& type = *call.method().descriptor->input_type();
    std::unique_ptr<google::protobuf::Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
    const auto parsed = google::protobuf::util::JsonStringToMessage(json, request.get());
    if (!parsed.ok()) FAIL(std::string(parsed.message()));
    if (!id.empty()) request->GetReflection()->SetString(request.get(), type.FindFieldByName("id"), id);
    return backend.Do<T>(call, *request);
  }
  template <class T>
  T Do(const std::string& method, const std::string& json, const Claims& who) {
    return Must(Try<T>(method, json, who));
  }
  template <class T>
  T Do(const std::string& method, const T& object, const std::string& json, const Claims& who) {
    return Must(Try<T>(method, json, who, object.id()));
  }
  template <class T>
  std::string Refusal(const std::string& method, const std::string& json, const Claims& who) {
    return ReasonOf(Try<T>(method, json, who).status());
  }
  template <class T>
  std::string Refusal(const std::string& method, const T& object, const std::string& json, const Claims& who) {
    return ReasonOf(Try<T>(method, json, who, object.id()).status());
  }

  // A record put right: asked for by one and approved by another. `path` and `content`, in JSON, are of an amendment.
  template <class T>
  absl::StatusOr<casework::Correction> Correct(const T& object, casework::Correction::Kind kind, const Claims& who,
                                               const Claims& approver, const std::string& path = "",
                                               const std::string& content = "") {
    const casework::Corrections corrections(*backend.backend, nullptr);
    casework::CorrectionService service(*backend.backend, corrections);
    casework::v1::RequestCorrectionRequest request;
    request.set_object_type(T::descriptor()->name());
    request.set_object(object.id());
    request.set_kind(kind);
    request.set_reason("登记有误");
    if (!path.empty()) request.mutable_update_mask()->add_paths(path);
    request.set_content(content);
    auto asking = calls_.Of("/sifa.office.v1.CorrectionService/RequestCorrection", who);
    ASSIGN_OR_RETURN(const auto asked, service.Request(asking, request));
    casework::v1::ApproveCorrectionRequest approval;
    approval.set_id(asked.id());
    auto approving = calls_.Of("/sifa.office.v1.CorrectionService/ApproveCorrection", approver);
    return service.Approve(approving, approval);
  }

  // As it is now, with its flags and the colours of its clocks.
  template <class T>
  T Now(const T& object, const Claims& who) {
    return static_cast<const T&>(*Must(Get(object, who)));
  }
  template <class T>
  bool Sees(const T& object, const Claims& who) {
    return Get(object, who).ok();
  }
  // The ids of the page of all that a list gives somebody.
  template <class T>
  std::vector<std::string> Listed(const std::string& method, const Claims& who) {
    auto call = CallOf<T>(method, who);
    std::vector<std::string> ids;
    const auto next = casework::ListObjects(*backend.backend, backend.TypeOf<T>(), call, {}, 200, "",
                                            [&](const auto& object) { ids.push_back(static_cast<const T&>(object).id()); });
    if (!next.ok()) FAIL(next.status());
    return ids;
  }
  // All of a type, the oldest first; of those with these terms, where any are given.
  template <class T>
  std::vector<T> All(std::vector<std::pair<std::string, std::string>> terms = {}) {
    std::vector<T> found;
    const absl::Status status = backend.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      casework::ListQuery query;
      query.scopes = {"/"};
      for (auto& [name, value] : terms) query.terms.push_back({name, value});
      query.limit = 200;
      ASSIGN_OR_RETURN(const auto stored, backend.backend->store.List(connection, backend.TypeOf<T>(), query));
      found.clear();
      for (const auto& one : stored) found.insert(found.begin(), static_cast<const T&>(*one.object));
      return absl::OkStatus();
    });
    if (!status.ok()) FAIL(status);
    return found;
  }
  // Whether the journal and all that follows from it hold; a sentence for each finding.
  std::string Findings() {
    journal::Sealer sealer(*backend.pool, *backend.keyring, backend.clock,
                           {.holder = "test", .anchor_path = anchors_ / "anchor"});
    while (Must(sealer.SealOnce()) > 0) {
    }
    const auto report = Must(casework::VerifyAll(*backend.pool, *backend.keyring, backend.objects->types(), backend.clock.Now(),
                                                 {.own = anchors_ / "anchor"}));
    return absl::StrJoin(report.findings, "\n", [](std::string* out, const journal::Finding& finding) {
      absl::StrAppend(out, finding.kind, " ", finding.text);
    });
  }

  template <class T>
  static T Must(absl::StatusOr<T> result) {
    if (!result.ok()) FAIL(result.status());
    return *std::move(result);
  }

  CaseworkBackend backend;

 private:
  template <class T>
  rpc::Call CallOf(const std::string& method, const Claims& who) const {
    return calls_.Of(absl::StrCat("/sifa.", service_, ".v1.", T::descriptor()->name(), "Service/", method), who);
  }
  template <class T>
  absl::StatusOr<casework::Answer> Get(const T& object, const Claims& who) {
    auto call = CallOf<T>(absl::StrCat("Get", T::descriptor()->name()), who);
    return casework::GetObject(*backend.backend, backend.TypeOf<T>(), call, object.id());
  }

  const std::string service_;
  const std::map<std::string, std::string> paths_;
  Calls calls_;
  TempDir anchors_{"sifa-anchor"};
};

}  // namespace sifa::testing
