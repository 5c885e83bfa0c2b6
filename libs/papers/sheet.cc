#include "libs/papers/sheet.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace sifa::papers {

std::string TextOf(const Sheet& sheet) {
  std::string text = sheet.title;
  for (const Block& block : sheet.blocks) {
    absl::StrAppend(&text, "\n", static_cast<int>(block.kind), "\t", absl::StrJoin(block.texts, "\t"));
  }
  return text;
}

}  // namespace sifa::papers
