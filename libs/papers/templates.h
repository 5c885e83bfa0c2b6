// The templates of a service, read from a folder: <Object>/<DOCUMENT>.txt. A template in use is not edited, since papers are
// printed from it again: what is to be worded otherwise gets another file, <DOCUMENT>.2027-01-01.txt, of papers that are recorded
// from that day on.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "libs/papers/template.h"

namespace sifa::papers {

class Templates {
 public:
  // By the first day of the papers printed from it.
  using Editions = std::map<absl::CivilDay, Template>;

  // Adds those of a folder; a folder that is not there has none. Errors as of Template::Parse.
  absl::Status Load(const std::string& folder);

  // Of an object's document, as of the day on which its act was recorded; nullptr where there is none.
  const Template* Find(const std::string& object, const std::string& document, absl::CivilDay day) const;

  // By object and document.
  const std::map<std::pair<std::string, std::string>, Editions>& all() const { return templates_; }

 private:
  std::map<std::pair<std::string, std::string>, Editions> templates_;
};

}  // namespace sifa::papers
