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
    // "sifa.mediation.v1.CaseService"
    const std::vector<absl::string_view> words = absl::StrSplit(type->proto_service, '.');
    pages[absl::StrCat(words[1], "-", absl::AsciiStrToLower(absl::StripSuffix(words.back(), "Service")), ".md")] =
        type->course->Page([&](int act) { return type->PermissionOf(act); });
  }
  return pages;
}

}  // namespace sifa::casework
