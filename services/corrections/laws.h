// The statutes of community corrections, in force since 2020-07-01.
#pragma once

#include "libs/procedure/procedure.h"

namespace sifa::corrections {

inline constexpr char kSince[] = "2020-07-01";

// 社区矫正法
constexpr procedure::Law Ccl(absl::string_view article) { return {"社区矫正法", article, kSince}; }
// 社区矫正法实施办法
constexpr procedure::Law Ccm(absl::string_view article) { return {"社区矫正法实施办法", article, kSince}; }

// 刑法
constexpr procedure::Law Cl(absl::string_view article) { return {"刑法", article, "1997-10-01"}; }

// 出境入境管理法
constexpr procedure::Law ExitEntry(absl::string_view article) { return {"出境入境管理法", article, "2013-07-01"}; }

// 监狱法
constexpr procedure::Law Prison(absl::string_view article) { return {"监狱法", article, "1994-12-29"}; }

}  // namespace sifa::corrections
