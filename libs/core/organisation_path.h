// The path of an organisation: the codes from the top of the tree down to it, "/33/3307/330783/". 封存: what may be known only by
// those who hold "{service}.sealed.read" (minors, 社区矫正法 §54) lies in a compartment of its own, in which each organisation has its
// path once more: "/sealed/33/3307/330783/".
#pragma once

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace sifa {

inline constexpr absl::string_view kSealed = "/sealed";

inline bool IsSealed(absl::string_view path) { return absl::StartsWith(path, "/sealed/"); }
inline std::string Seal(absl::string_view path) { return absl::StrCat(kSealed, path); }
inline absl::string_view Unseal(absl::string_view path) { return IsSealed(path) ? absl::StripPrefix(path, kSealed) : path; }

// The codes of a path, from the top. Those of the compartment are others: "~33".
std::vector<std::string> OrganisationsOf(absl::string_view path);
// The code by which what lies there or below is found, of a path or "=" and a path; empty of none.
std::string LastOrganisationOf(absl::string_view path);
// How an organisation's code is written in the compartment.
inline std::string SealedCode(absl::string_view code) { return absl::StrCat("~", code); }

}  // namespace sifa
