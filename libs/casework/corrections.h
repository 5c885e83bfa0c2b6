// Puts right what was recorded wrongly: withdraws the latest act, amends content or the date of an act, or
// voids a record (Correction.Kind). The object's own journal row (CORRECT, VOID) names the act that it
// corrects and who approved.
//
// How clocks follow: the acts in force are gone through again from the journal, once as they stood and once
// with the right content and days (past.h). Where the two runs leave a limit differently, the object gets the
// second one; limits that the correction does not touch stay as they are, also where rules or calendars have
// changed since.
//
// What other objects show of this one, or did together with it, follows in the same transaction, each with a journal row of its
// own (Correctable.kin): the confirmation's withdrawn ruling is then the case's no more. Such an act is withdrawn on the object
// that brought it about, never by its part.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/acts.h"
#include "libs/casework/correctable.h"
#include "libs/casework/correction_procedure.h"
#include "libs/casework/past.h"
#include "libs/contract/validate.h"
#include "sifa/casework/v1/correction_service.pb.h"

namespace sifa::casework {

// Thread-safe. `codes` may be null: codes are then not checked.
class Corrections {
 public:
  Corrections(const Backend& backend, const contract::CodeTables* codes) : backend_(backend), codes_(codes) {}

  // The correction as it is to be recorded.
  absl::StatusOr<Correction> Prepare(const rpc::Call& call, const v1::RequestCorrectionRequest& r) const;

  // Proves, while it is being recorded, that it could be carried out now, and notes the act that it corrects.
  // Errors: INVALID_ARGUMENT CORRECTION_EMPTY, FIELD_NOT_AMENDABLE and those of the fields; FAILED_PRECONDITION
  // ACT_NOT_LATEST, ACT_IS_FIRST, ACT_OF_ANOTHER, RECORD_VOIDED, VOID_NOT_POSSIBLE, CHILD_OPEN, CHILD_STANDS.
  absl::Status Prove(const Act& act, Correction* correction) const;

  // What it would change now.
  absl::StatusOr<v1::CorrectionEffect> Effect(const Correction& correction) const;

  // Changes the object corrected, in the transaction in which the correction is approved, and notes in
  // *correction what was changed. `object_etag` empty: not compared.
  absl::Status Apply(const rpc::Call& call, const std::string& object_etag, Correction* correction,
                     mysql::Connection& connection) const;

 private:
  struct Plan {
    const Correctable* type = nullptr;
    Stored before;
    std::unique_ptr<Message> after;
    Past right;  // the past as it will be read
    v1::CorrectionEffect effect;
    std::string act, action;  // what is corrected
    google::protobuf::FieldMask mask;
    std::vector<Plan> related;
  };
  const Correctable* Find(const std::string& type) const;
  absl::StatusOr<const Correctable*> TypeNamed(const std::string& name) const;
  // Loads the object with `lock`, and its kin.
  absl::StatusOr<Plan> MakePlan(mysql::Connection& connection, const Correction& correction, Lock lock) const;
  absl::Status Withdraw(mysql::Connection& connection, const Correction& correction, const Past& past, Plan* plan) const;
  absl::Status Amend(mysql::Connection& connection, const Correction& correction, const Past& past, Plan* plan) const;
  absl::Status Void(Plan* plan) const;
  absl::Status Admit(Neighbours& neighbours, const Plan& plan) const;
  // Adds to *plan what becomes of the kin of its object.
  absl::StatusOr<std::vector<Kin>> KinOf(mysql::Connection& connection, const Plan& plan) const;
  absl::Status GoOn(mysql::Connection& connection, Lock lock, Plan* plan) const;
  // Moves the clocks of plan->after by the difference between `was` and plan->right, and lists the rules that only the latter
  // breaks.
  absl::Status FollowClocks(const Past& was, Plan* plan) const;
  void Finish(Plan* plan) const;
  absl::Status CarryOut(const rpc::Call& call, const Correction& correction, Plan* plan, mysql::Connection& connection) const;

  absl::Status RequireNoChildren(mysql::Connection& connection, const Correction& correction, const Id& object) const;
  absl::Status RefusePart(mysql::Connection& connection, const PastAct& act) const;
  absl::StatusOr<Past> Read(mysql::Connection& connection, const Correctable& type, const Id& id) const;

  const Backend& backend_;
  const contract::CodeTables* const codes_;
};

}  // namespace sifa::casework
