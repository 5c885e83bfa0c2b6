// Errands of the tests (testdata/caseworktest.proto): a type that stands on another one, is numbered, committed together with
// others of its kind, held by more accounts than its assignee's, and corrected; and who works with them. A letter and an errand
// are of 2024-09-02, unless a test gives them another day.
#pragma once

#include <string>
#include <vector>

#include "libs/casework/correction_service.h"
#include "libs/casework/letter_fixture.h"

namespace sifa::casework {

using test::Errand;

extern const Definition<Errand> kErrand;

struct ErrandDesk : Desk {
  ErrandDesk() : letter(Receive()) {}

  absl::StatusOr<Errand> Order(const test::OrderErrandRequest& r, const Claims& who) {
    auto call = Call("ErrandService/OrderErrand", who);
    return office.Do<Errand>(call, r);
  }
  // Because of `letter`.
  Errand Order(const std::string& day = "", const std::string& task = "核实");
  // An act that takes an ErrandActRequest: "Take", "Report", "FollowUp".
  absl::StatusOr<Errand> Do(const std::string& act, const test::ErrandActRequest& r, const Claims& who) {
    auto call = Call("ErrandService/" + act + "Errand", who);
    return office.Do<Errand>(call, r);
  }
  Errand Do(const std::string& act, const Errand& errand, const std::string& day = "");
  Errand Take(const Errand& errand, const std::string& day = "") { return Do("Take", errand, day); }
  // To the clerk and whoever helps him.
  Errand Assign(const Errand& errand, const std::string& day = "", const std::vector<std::string>& helpers = {"01CLERK"});
  Errand Now(const Errand& errand) const {
    return static_cast<const Errand&>(*Must(LoadObject(backend(), errands.type(), errand.id())));
  }
  v1::History History(const Errand& errand) const;
  std::vector<std::string> ActsOn(const Errand& errand) const;
  static std::string Due(const Errand& errand);

  template <class T>
  static v1::RequestCorrectionRequest Of(const T& object, Correction::Kind kind) {
    v1::RequestCorrectionRequest r;
    r.set_object_type(T::descriptor()->name());
    r.set_object(object.id());
    r.set_kind(kind);
    r.set_reason("登记有误");
    return r;
  }
  static v1::RequestCorrectionRequest Amending(const Errand& errand, const std::string& path, const std::string& content) {
    auto r = Of(errand, Correction::AMEND);
    r.mutable_update_mask()->add_paths(path);
    r.set_content(content);
    return r;
  }
  absl::StatusOr<Correction> Request(const v1::RequestCorrectionRequest& r) {
    auto call = OfficeCall("CorrectionService/RequestCorrection", clerk);
    return correction.Request(call, r);
  }
  absl::StatusOr<Correction> Approve(const Correction& asked) {
    v1::ApproveCorrectionRequest r;
    r.set_id(asked.id());
    auto call = OfficeCall("CorrectionService/ApproveCorrection", head);
    return correction.Approve(call, r);
  }
  Correction CarryOut(const v1::RequestCorrectionRequest& r) { return Must(Approve(Must(Request(r)))); }
  v1::CorrectionEffect Effect(const Correction& asked) {
    v1::GetCorrectionRequest r;
    r.set_id(asked.id());
    auto call = OfficeCall("CorrectionService/GetCorrectionEffect", head);
    return Must(correction.Effect(call, r));
  }

  const Casework<Errand> errands{backend()};
  const Corrections put_right{backend(), nullptr};
  CorrectionService correction{backend(), put_right};
  const Letter letter;
};

}  // namespace sifa::casework
