// How alike two cases are, and why: pure, so that a score can be explained and computed again.
#pragma once

#include <string>
#include <vector>

#include "sifa/enforcement/v1/case.pb.h"

namespace sifa::enforcement {

struct Likeness {
  bool exact = false;  // same party, day of the decision, basis and amount
  int score = 0;       // of 100
  std::vector<std::string> grounds;
};

// Days between decisions beyond which cases are no candidates.
inline constexpr int kMostDaysApart = 30;
// A score from which on a person is asked.
inline constexpr int kAlike = 70;

// A name without the end that tells its legal form: "东阳市木雕有限公司" is "东阳市木雕".
std::string StrippedName(const std::string& name);

// By which candidates are found: of each party that stands its real credit code, the number of a document, its stripped name.
std::vector<std::string> PartyBlocks(const v1::Case& c);

Likeness LikenessOf(const v1::Case& one, const v1::Case& other);

}  // namespace sifa::enforcement
