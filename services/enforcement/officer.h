// 行政执法人员: somebody of an agency, and the certificates (行政执法证) by which he may enforce (行政处罚法 §42, §55). An act is
// judged by what held on its day, so the record keeps every certificate that he has had, and when it did not count.
#pragma once

#include <string>

#include "libs/casework/definition.h"
#include "sifa/enforcement/v1/officer.pb.h"

namespace sifa::enforcement {

using v1::Certificate;
using v1::Officer;

extern const procedure::Procedure<Officer> kOfficerProcedure;
extern const casework::Amendments<Officer> kOfficerAmendments;
extern const casework::Definition<Officer> kOfficer;

// The certificate that he has or had last; null before the first.
const Certificate* LatestCertificate(const Officer& officer);
// The certificate that counted on the day (YYYY-MM-DD); null where none did: before, after or between its days, or suspended.
const Certificate* CertificateOn(const Officer& officer, const std::string& day);

}  // namespace sifa::enforcement
