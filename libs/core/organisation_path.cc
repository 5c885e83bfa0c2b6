#include "libs/core/organisation_path.h"

#include "absl/strings/str_split.h"

namespace sifa {

std::vector<std::string> OrganisationsOf(absl::string_view path) {
  std::vector<std::string> codes = absl::StrSplit(Unseal(path), '/', absl::SkipEmpty());
  if (IsSealed(path)) {
    for (std::string& code : codes) code = SealedCode(code);
  }
  return codes;
}

std::string LastOrganisationOf(absl::string_view path) {
  std::vector<std::string> codes = OrganisationsOf(absl::StripPrefix(path, "="));
  return codes.empty() ? "" : std::move(codes.back());
}

}  // namespace sifa
