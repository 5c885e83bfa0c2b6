// 量表: the questionnaires by which people are assessed, as data (data/corrections/scale*.csv): items, what each answer scores,
// from which score on which level begins and what that asks for, and when a result says nothing.
//
// The items are Sifa's own screening questions, written for it; they are no diagnostic instrument, and none of a published one is
// copied. Whoever may use a published one adds its tables. Cut-offs are a region's to set, as a new version of the scale.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "sifa/corrections/v1/psychology_case.pb.h"

namespace sifa::corrections {

struct ScaleItem {
  enum Kind {
    kPlain,
    kReverse,  // the more he agrees, the less it scores
    kLie,      // scores nothing; nobody can truly agree altogether
  };
  Kind kind = kPlain;
  std::string text;
};

struct ScaleAnswer {
  std::string code, label;
  int score = 0;
};

struct ScaleLevel {
  int at_least = 0;
  v1::PsychologyCase::Level level = v1::PsychologyCase::NONE;
  bool amend_plan = false, warn = false;
};

struct Scale {
  std::string code;
  int version = 0;
  std::string name;
  std::string valid_from;
  int most_missing = 0;  // with more items unanswered a result is not valid
  int most_lies = 0;     // and with more lies
  std::vector<ScaleItem> items;
  std::vector<ScaleAnswer> answers;  // from the least to the most
  std::vector<ScaleLevel> levels;    // from the lowest on; the first begins at 0
};

class Scales {
 public:
  // Of data/corrections. What cannot be scored is refused: a scale without items, answers or a level from 0 on.
  static absl::StatusOr<Scales> Load(const std::string& directory);

  // The version in force on the day (YYYY-MM-DD); nullptr where there is none.
  const Scale* Find(absl::string_view code, absl::string_view day) const;
  // One version of each.
  std::vector<const Scale*> On(absl::string_view day) const;

 private:
  std::vector<Scale> scales_;  // by code and version
};

constexpr int kNoAnswer = -1;

struct Scored {
  int score = 0;
  int missing = 0, lies = 0;
  bool valid = false;
  const ScaleLevel* level = nullptr;  // of the scale
};

// `answers`: for each item the place of the answer among the scale's, or kNoAnswer. What was left out counts as the mean of what
// was answered.
Scored Score(const Scale& scale, absl::Span<const int> answers);

}  // namespace sifa::corrections
