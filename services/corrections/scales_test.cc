// 量表: how a questionnaire is scored, over the scales of data/ and over its function alone.
#include "services/corrections/scales.h"

#include <catch2/catch.hpp>

#include "libs/core/status.h"

namespace sifa::corrections {
namespace {

using Case = v1::PsychologyCase;

// Four items, of which one is turned round, and two lies; answers score 0 to 3.
Scale Small() {
  Scale scale;
  scale.most_missing = 1;
  scale.most_lies = 1;
  for (const auto kind :
       {ScaleItem::kPlain, ScaleItem::kPlain, ScaleItem::kPlain, ScaleItem::kReverse, ScaleItem::kLie, ScaleItem::kLie})
    scale.items.push_back({kind, "题"});
  for (const int score : {0, 1, 2, 3}) scale.answers.push_back({std::to_string(score + 1), "回答", score});
  scale.levels = {{0, Case::NONE}, {4, Case::MILD}, {7, Case::MODERATE, true}, {10, Case::SEVERE, true, true}};
  return scale;
}

const Scales& Shipped() {
  static const Scales scales = *Scales::Load(std::string(SIFA_ROOT) + "/data/corrections");
  return scales;
}

}  // namespace

TEST_CASE("an answer scores what the scale says, an item that is turned round the other way, a lie nothing") {
  const Scale scale = Small();
  CHECK(Score(scale, {{0, 0, 0, 3, 0, 0}}).score == 0);
  CHECK(Score(scale, {{3, 3, 3, 0, 0, 0}}).score == 12);
  CHECK(Score(scale, {{1, 2, 0, 2, 2, 2}}).score == 4);
  CHECK(Score(scale, {{0, 0, 0, 3, 3, 0}}).lies == 1);
}

TEST_CASE("a level begins at its cut-off, not below it") {
  const Scale scale = Small();
  CHECK(Score(scale, {{3, 0, 0, 3, 0, 0}}).level->level == Case::NONE);      // 3
  CHECK(Score(scale, {{3, 1, 0, 3, 0, 0}}).level->level == Case::MILD);      // 4
  CHECK(Score(scale, {{3, 3, 0, 3, 0, 0}}).level->level == Case::MILD);      // 6
  CHECK(Score(scale, {{3, 3, 1, 3, 0, 0}}).level->level == Case::MODERATE);  // 7
  const Scored severe = Score(scale, {{3, 3, 3, 2, 0, 0}});                  // 10
  CHECK(severe.level->level == Case::SEVERE);
  CHECK(severe.level->warn);
}

TEST_CASE("too many items left out, or answered untruly, and the result is not valid") {
  const Scale scale = Small();
  const Scored one_missing = Score(scale, {{2, 2, kNoAnswer, 1, 0, 0}});
  CHECK(one_missing.valid);
  CHECK(one_missing.missing == 1);
  CHECK(one_missing.score == 8);  // six of three items: two of each of the four
  CHECK_FALSE(Score(scale, {{2, kNoAnswer, kNoAnswer, 1, 0, 0}}).valid);
  CHECK(Score(scale, {{2, 2, 2, 1, 3, 2}}).valid);
  CHECK_FALSE(Score(scale, {{2, 2, 2, 1, 3, 3}}).valid);
  CHECK_FALSE(Score(scale, {}).valid);
  CHECK(Score(scale, {{2, 2, 2, 1, kNoAnswer, kNoAnswer}}).missing == 0);  // a lie that is left out is none
}

TEST_CASE("every scale shipped can be scored, and asks for more the higher its level") {
  const auto scales = Shipped().On("2024-09-02");
  REQUIRE(scales.size() == 3);
  for (const Scale* scale : scales) {
    CHECK(Shipped().Find(scale->code, "2024-09-02") == scale);
    std::vector<int> worst;
    for (const ScaleItem& item : scale->items)
      worst.push_back(item.kind == ScaleItem::kPlain ? static_cast<int>(scale->answers.size()) - 1 : 0);
    const Scored scored = Score(*scale, worst);
    CHECK(scored.valid);
    CHECK(scored.level->level == Case::SEVERE);
    CHECK((scored.level->warn && scored.level->amend_plan));
    for (size_t i = 1; i < scale->levels.size(); ++i) CHECK(scale->levels[i - 1].level < scale->levels[i].level);
  }
  CHECK(Shipped().Find("mood", "2020-06-30") == nullptr);
  CHECK(Shipped().Find("nothing", "2024-09-02") == nullptr);
}

}  // namespace sifa::corrections
