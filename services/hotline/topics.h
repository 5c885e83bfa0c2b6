// 事项分类: which topics of the code table hotline_topic a citizen's words may be about, by weighted terms that are data
// (data/hotline/topic-terms.csv), and which group of seats (坐席组) each topic goes to (data/hotline/topics.csv).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa::hotline {

struct TopicScore {
  std::string topic;  // code
  std::string group;  // code of the seats that answer it
  int score = 0;
  std::vector<std::string> terms;  // that scored, the weightiest first
};

struct TopicGuess {
  std::string language;            // "zh", or "mn" where a letter of Mongolian script stands in the text
  std::vector<TopicScore> topics;  // three at most, the likeliest first; of equal ones the first by code
  bool unsure = true;              // too little was found, or the first leads the second by too little: a person chooses
};

// Immutable after it is made, so thread-safe.
class Topics {
 public:
  // Of data/hotline. A term of a topic without a group and a weight that is no positive number are refused, with the reasons of
  // csv.h.
  static absl::StatusOr<Topics> Load(const std::string& directory);

  // Text in traditional characters is read as simplified. A topic scores the weights of its terms that stand in the text, each
  // once; a term that is part of a longer one of the same topic which stands there, too, adds nothing.
  TopicGuess Classify(absl::string_view text) const;

 private:
  struct Term {
    std::string text;
    int weight = 0;
  };
  struct Topic {
    std::string group;
    std::vector<Term> terms;  // the weightiest first
  };
  class Script;  // traditional to simplified

  std::map<std::string, Topic> topics_;  // by code
  std::shared_ptr<const Script> script_;
};

}  // namespace sifa::hotline
