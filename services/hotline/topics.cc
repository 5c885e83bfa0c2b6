#include "services/hotline/topics.h"

#include <opencc.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <exception>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/core/csv.h"
#include "libs/core/status.h"
#include "libs/core/text.h"

namespace sifa::hotline {
namespace {

using Fields = absl::Span<const absl::string_view>;

constexpr size_t kMost = 3;
constexpr int kLeast = 3;  // one term that is met in little else
constexpr int kLead = 1;   // a tie is nobody's
constexpr char kToSimplified[] = "t2s.json";

absl::Status ReadTable(const std::string& path, absl::Span<const absl::string_view> columns, CsvRow row) {
  ASSIGN_OR_RETURN(const std::string text, ReadDataFile(path));
  return ReadCsv(text, columns, columns.size(), row);
}

bool IsMongolian(absl::string_view text) {
  while (!text.empty()) {
    UErrorCode error = U_ZERO_ERROR;
    if (uscript_getScript(static_cast<UChar32>(NextCharacter(&text)), &error) == USCRIPT_MONGOLIAN) return true;
  }
  return false;
}

}  // namespace

class Topics::Script {
 public:
  // Throws where OpenCC lacks its own tables.
  Script() : converter_(kToSimplified) {}
  std::string Simplified(absl::string_view text) const { return converter_.Convert(std::string(text)); }

 private:
  opencc::SimpleConverter converter_;
};

absl::StatusOr<Topics> Topics::Load(const std::string& directory) {
  Topics topics;
  RETURN_IF_ERROR(ReadTable(directory + "/topics.csv", {"topic", "group"}, [&](Fields fields) {
    topics.topics_[std::string(fields[0])].group = std::string(fields[1]);
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(ReadTable(directory + "/topic-terms.csv", {"topic", "term", "weight"}, [&](Fields fields) -> absl::Status {
    const auto topic = topics.topics_.find(std::string(fields[0]));
    if (topic == topics.topics_.end()) return Internal(absl::StrCat("a term of a topic without a group: ", fields[1]));
    Term term{std::string(fields[1])};
    if (!absl::SimpleAtoi(fields[2], &term.weight) || term.weight <= 0) return Internal(absl::StrCat("no weight: ", fields[1]));
    topic->second.terms.push_back(std::move(term));
    return absl::OkStatus();
  }));
  for (auto& [code, topic] : topics.topics_) {
    std::stable_sort(topic.terms.begin(), topic.terms.end(), [](const Term& a, const Term& b) { return a.weight > b.weight; });
  }
  try {
    topics.script_ = std::make_shared<Script>();
  } catch (const std::exception& e) {  // OpenCC reports by exceptions alone
    return Internal(absl::StrCat("OpenCC: ", e.what()));
  }
  return topics;
}

TopicGuess Topics::Classify(absl::string_view text) const {
  TopicGuess guess;
  guess.language = IsMongolian(text) ? "mn" : "zh";
  const std::string simplified = script_->Simplified(NormalProse(text));
  for (const auto& [code, topic] : topics_) {
    std::vector<const Term*> found;
    for (const Term& term : topic.terms) {
      if (absl::StrContains(simplified, term.text)) found.push_back(&term);
    }
    TopicScore scored{code, topic.group};
    for (const Term* term : found) {
      const bool inside = std::any_of(found.begin(), found.end(), [term](const Term* other) {
        return other != term && absl::StrContains(other->text, term->text);
      });
      if (inside) continue;
      scored.score += term->weight;
      scored.terms.push_back(term->text);
    }
    if (scored.score > 0) guess.topics.push_back(std::move(scored));
  }
  std::stable_sort(guess.topics.begin(), guess.topics.end(),
                   [](const TopicScore& a, const TopicScore& b) { return a.score > b.score; });
  const int best = guess.topics.empty() ? 0 : guess.topics[0].score;
  const int second = guess.topics.size() < 2 ? 0 : guess.topics[1].score;
  guess.unsure = best < kLeast || best - second < kLead;
  if (guess.topics.size() > kMost) guess.topics.resize(kMost);
  return guess;
}

}  // namespace sifa::hotline
