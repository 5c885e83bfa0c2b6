// Corrections of mediation's objects, asked for by the officer and approved by the head.
#pragma once

#include <string>

#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {

// The code tables as a service checks requests against them.
struct KnownCodes : contract::CodeTables {
  explicit KnownCodes(const sifa::CodeTables& codes) : codes(codes) {}
  bool Has(absl::string_view table, absl::string_view code) const override { return codes.Find(table, code) != nullptr; }
  const sifa::CodeTables& codes;
};

struct CorrectionFixture : MediationFixture {
  template <class T>
  static casework::v1::RequestCorrectionRequest Of(const T& object, Correction::Kind kind) {
    casework::v1::RequestCorrectionRequest r;
    r.set_object_type(T::descriptor()->name());
    r.set_object(object.id());
    r.set_kind(kind);
    r.set_reason("登记有误");
    return r;
  }
  template <class T>
  static casework::v1::RequestCorrectionRequest Amending(const T& object, const std::string& path, const std::string& content) {
    auto r = Of(object, Correction::AMEND);
    r.mutable_update_mask()->add_paths(path);
    r.set_content(content);
    return r;
  }
  absl::StatusOr<Correction> Request(const casework::v1::RequestCorrectionRequest& r) {
    auto call = OfficeCall("CorrectionService/RequestCorrection", officer);
    return correction.Request(call, r);
  }
  absl::StatusOr<Correction> Approve(const Correction& asked, const Claims& who, const std::string& request_id = "",
                                     const std::string& object_etag = "") {
    casework::v1::ApproveCorrectionRequest r;
    r.set_id(asked.id());
    r.set_request_id(request_id);
    r.set_object_etag(object_etag);
    auto call = OfficeCall("CorrectionService/ApproveCorrection", who);
    return correction.Approve(call, r);
  }
  Correction CarryOut(const casework::v1::RequestCorrectionRequest& r) { return Must(Approve(Must(Request(r)), head)); }
  template <class T>
  Correction Correct(const T& object, Correction::Kind kind) {
    return CarryOut(Of(object, kind));
  }
  template <class T>
  Correction Amend(const T& object, const std::string& path, const std::string& content) {
    return CarryOut(Amending(object, path, content));
  }
  casework::v1::CorrectionEffect Effect(const Correction& asked) {
    casework::v1::GetCorrectionRequest r;
    r.set_id(asked.id());
    auto call = OfficeCall("CorrectionService/GetCorrectionEffect", head);
    return Must(correction.Effect(call, r));
  }
  static const casework::v1::FieldChange* Find(const casework::v1::CorrectionEffect& effect, const std::string& path) {
    for (const auto& change : effect.fields()) {
      if (change.path() == path) return &change;
    }
    return nullptr;
  }
  static std::string Due(const Case& c, const std::string& kind) {
    for (const auto& clock : c.clocks()) {
      if (clock.kind() == kind) return clock.due_on();
    }
    return "";
  }
  Case Agreed(const Case& accepted) {
    v1::RecordSessionRequest session;
    session.set_id(accepted.id());
    session.mutable_session()->set_held_on("2024-08-28");
    session.mutable_session()->set_minutes("双方到场");
    auto call = Call("CaseService/RecordSession", mediator);
    Assign(accepted, accepted.accepted_on());
    Must(Do<Case>(call, session));
    v1::AgreeCaseRequest r;
    r.set_id(accepted.id());
    auto* agreement = r.mutable_agreement();
    agreement->set_content("院墙拆除");
    agreement->set_mediator_signed_on("2024-08-30");
    agreement->set_sealed_on("2024-08-30");
    for (int i = 0; i < 2; ++i) {
      auto* signature = agreement->add_signatures();
      signature->set_party(i);
      signature->set_signed_on("2024-08-30");
    }
    auto agree = Call("CaseService/AgreeCase", mediator);
    return Must(Do<Case>(agree, r));
  }

  const KnownCodes known{office.codes};
  casework::Corrections desk{backend(), &known};
  casework::CorrectionService correction{backend(), desk};
};

}  // namespace sifa::mediation
