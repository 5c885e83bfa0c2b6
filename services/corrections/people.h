// Who is in corrections at a place: in an organisation and all below it, or of a class there. Read in portions, so that what is
// done to each of them is done in transactions that stay small.
#pragma once

#include <string>
#include <vector>

#include "libs/casework/act.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {

struct Place {
  std::string path;              // of the organisation
  std::string management_class;  // empty: of all
};

struct Portion {
  std::vector<Subject> people;
  std::string next;  // after whom the next one begins; empty: this was the last
};

// The next ones after the subject with this id (empty: the first ones), so many looked at. Whoever is detained or held elsewhere
// is left out: he can neither answer nor report.
absl::StatusOr<Portion> PeopleAt(const Place& place, const std::string& after, int looked_at, const casework::Act& act);

}  // namespace sifa::corrections
