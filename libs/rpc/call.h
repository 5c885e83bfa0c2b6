// One call in the hands of a service: who calls, for whom, with which reach, until when. Made by the door
// (described_service.h); handlers get it first. Used by one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "libs/contract/contract.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/rpc/authority.h"
#include "libs/telemetry/trace.h"
#include "sifa/identity/v1/token.pb.h"

namespace sifa::rpc {

using Grant = identity::v1::TokenGrant;

// Whether a grant reaches the organisation at `path`: its own, or below it where it covers descendants. What is sealed there
// (organisation_path.h) needs more: Call::Reaches.
bool Reaches(const Grant& grant, absl::string_view path);

class Call {
 public:
  Call(const contract::Method& method, const Authority& authority, const Clock& clock)
      : method_(method), authority_(authority), now_(clock.Now()) {}

  const contract::Method& method() const { return method_; }
  // Empty for calls without a token (public methods and calls between services).
  const identity::v1::TokenClaims& claims() const { return claims_; }
  bool signed_in() const { return !claims_.sub().empty(); }
  // 本人账号: of whom the office deals with, at his own records (Role.of_person).
  bool of_person() const;
  // The process on the other side, from its certificate.
  const std::string& peer() const { return peer_; }

  absl::Time now() const { return now_; }
  absl::CivilDay today() const { return DayOf(now_); }
  absl::Time deadline() const { return deadline_; }
  const telemetry::TraceContext& trace() const { return trace_; }

  // The grants under which the method's own permission (or another one) is held.
  std::vector<const Grant*> GrantsFor(absl::string_view permission) const;
  // Whether one of the caller's grants reaches `path`; what is sealed there only where one of them holds "{service}.sealed.read".
  bool Reaches(const Grant& grant, absl::string_view path) const;
  // Holds the permission in an organisation whose reach includes `path`. Not signed in: never.
  bool MayAct(absl::string_view permission, absl::string_view path) const;
  // The permission without which the caller sees nothing that is sealed.
  std::string sealed_read() const { return method_.service + ".sealed.read"; }

  // What is asked, checked; nullptr in a call whose messages come as a stream. It lives as long as the call.
  const google::protobuf::Message* request() const { return request_; }
  void Carry(const google::protobuf::Message& request) { request_ = &request; }

  // Why unmasked personal data is wanted; empty: masked answers. Granted by casework once the reading is journalled.
  const std::string& purpose() const { return purpose_; }
  void GrantUnmasked() { unmasked_ = true; }
  // Of a person's own account: he need not say why he reads what concerns him.
  void StateOwnPurpose() {
    if (purpose_.empty() && of_person()) purpose_ = "本人查阅";
  }
  bool unmasked() const { return unmasked_; }

  // The personal values by which the call looks for records: which fields of its request. Set by the door; casework
  // asks for the right and the purpose, and journals the search. The door answers no search that has not been.
  struct Search {
    std::vector<std::string> fields;
    bool journalled = false;
  };
  std::optional<Search>& search() { return search_; }

  // Filled by the door, by tests, and by casework for acts of the suite itself.
  struct Fields {
    identity::v1::TokenClaims claims;
    std::string peer;
    std::string purpose;
    std::string caller_address;
    std::string request_id;
    absl::Time deadline = absl::InfiniteFuture();
    telemetry::TraceContext trace;
  };
  void Fill(Fields fields);
  const std::string& caller_address() const { return caller_address_; }
  // The gateway's name for the request, which its caller knows, too; empty for calls past it.
  const std::string& request_id() const { return request_id_; }

 private:
  const contract::Method& method_;
  const Authority& authority_;
  const absl::Time now_;
  identity::v1::TokenClaims claims_;
  std::string peer_;
  std::string purpose_;
  std::string caller_address_;
  std::string request_id_;
  absl::Time deadline_ = absl::InfiniteFuture();
  telemetry::TraceContext trace_;
  bool unmasked_ = false;
  const google::protobuf::Message* request_ = nullptr;
  std::optional<Search> search_;
};

}  // namespace sifa::rpc
