#include "libs/casework/pages.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace sifa::casework {

std::map<std::string, std::string> ProcedurePages(const Objects& objects) {
  std::map<std::string, std::string> pages;
  for (const ObjectType* type : objects.types()) {
    // "sifa.mediation.v1.CaseService"; the office's is each service's own
    const std::vector<absl::string_view> words = absl::StrSplit(type->proto_service, '.');
    const absl::string_view owner = words[1] == "office" ? absl::string_view(type->service) : words[1];
    pages[absl::StrCat(owner, "-", absl::AsciiStrToLower(absl::StripSuffix(words.back(), "Service")), ".md")] =
        type->course->Page([&](int act) { return type->PermissionOf(act); });
  }
  return pages;
}

}  // namespace sifa::casework
