// One JSON object on one line, built field by field: what a log collector reads. Only strings are written.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace sifa::telemetry {

class JsonLine {
 public:
  // Control characters and quotes are escaped; each byte that is not UTF-8 becomes U+FFFD, so that every line
  // parses.
  void Add(absl::string_view key, absl::string_view value);
  std::string Finish() &&;

 private:
  std::string text_ = "{";
};

}  // namespace sifa::telemetry
