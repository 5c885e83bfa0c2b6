#include "libs/ingest/finding.h"

#include "absl/strings/str_cat.h"

namespace sifa::ingest {

Finding OfFile(const Rule& rule, absl::string_view detail) {
  Finding finding{.rule = &rule, .severity = rule.severity, .sentence = std::string(rule.sentence)};
  if (!detail.empty()) absl::StrAppend(&finding.sentence, "（", detail, "）");
  return finding;
}

}  // namespace sifa::ingest
