// 申诉、控告、检举 of who is corrected, answered in writing with reasons (社区矫正法 §34).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/complaint.pb.h"

namespace sifa::corrections {

using v1::Complaint;

extern const procedure::Procedure<Complaint> kComplaintProcedure;
extern const casework::Amendments<Complaint> kComplaintAmendments;
extern const casework::Definition<Complaint> kComplaint;

}  // namespace sifa::corrections
