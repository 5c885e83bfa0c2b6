// 执法依据: an article by which an agency acts, as it reads between two days (行政处罚法 §16, §37–38). Texts cite it as
// 《…法》第…条第…款第…项; each wording is a record of its own.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "libs/casework/definition.h"
#include "sifa/enforcement/v1/basis.pb.h"

namespace sifa::enforcement {

using v1::Basis;

extern const procedure::Procedure<Basis> kBasisProcedure;
extern const casework::Amendments<Basis> kBasisAmendments;
extern const casework::Definition<Basis> kBasis;

// The term by which all wordings of an article are found, however its instrument is called: with or without 中华人民共和国, in
// brackets or not.
casework::Term ArticleTerm(absl::string_view title, int article);
// Whether the wording held on the day (YYYY-MM-DD).
bool HoldsOn(const Basis& basis, const std::string& day);

}  // namespace sifa::enforcement
