#include "services/hotline/topics.h"

#include <catch2/catch.hpp>

#include "libs/core/code_table.h"

namespace sifa::hotline {
namespace {

Topics OfTheTree() {
  auto topics = Topics::Load(SIFA_ROOT "/data/hotline");
  REQUIRE(topics.ok());
  return *std::move(topics);
}

}  // namespace

TEST_CASE("Topics: a question names its topic, the seats that answer it and the terms that say so") {
  const TopicGuess guess = OfTheTree().Classify("老板拖欠工资，没有签劳动合同，想申请劳动仲裁");
  REQUIRE_FALSE(guess.topics.empty());
  CHECK(guess.topics[0].topic == "02");
  CHECK(guess.topics[0].group == "02");
  CHECK_FALSE(guess.unsure);
  CHECK(guess.language == "zh");
  // 工资, 劳动 and 合同 stand in longer terms and add nothing.
  CHECK(guess.topics[0].terms == std::vector<std::string>{"劳动合同", "劳动仲裁", "拖欠工资", "老板"});
  CHECK(guess.topics[0].score == 5 + 5 + 3 + 2);
}

TEST_CASE("Topics: traditional characters are read as simplified ones") {
  const Topics topics = OfTheTree();
  const TopicGuess traditional = topics.Classify("夫妻離婚後撫養費怎麼給"),
                   simplified = topics.Classify("夫妻离婚后抚养费怎么给");
  REQUIRE_FALSE(traditional.topics.empty());
  CHECK(traditional.topics[0].topic == "01");
  CHECK(traditional.topics[0].terms == simplified.topics[0].terms);
  CHECK(traditional.topics[0].score == simplified.topics[0].score);
}

TEST_CASE("Topics: Mongolian is told by its script, and a person chooses") {
  const TopicGuess guess = OfTheTree().Classify("ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ");
  CHECK(guess.language == "mn");
  CHECK(guess.topics.empty());
  CHECK(guess.unsure);
}

TEST_CASE("Topics: where nothing or two topics alike are found, the answer is unsure") {
  const Topics topics = OfTheTree();
  CHECK(topics.Classify("").unsure);
  CHECK(topics.Classify("你好").unsure);
  const TopicGuess tie = topics.Classify("离婚和专利");  // five each
  REQUIRE(tie.topics.size() == 2);
  CHECK(tie.topics[0].score == tie.topics[1].score);
  CHECK(tie.topics[0].topic == "01");
  CHECK(tie.unsure);
}

TEST_CASE("Topics: no more than three are named, however many are met") {
  CHECK(OfTheTree().Classify("离婚 专利 船员 拆迁 签证").topics.size() == 3);
}

TEST_CASE("Topics: every topic of the code table can be told, and goes to a group that exists") {
  const auto tables = CodeTables::Load(SIFA_ROOT "/data/code-tables");
  REQUIRE(tables.ok());
  const Topics topics = OfTheTree();
  for (const CodeEntry& topic : *tables->List("hotline_topic")) {
    INFO(topic.label);
    const TopicGuess guess = topics.Classify(topic.label);
    if (topic.code == "20") continue;  // 综合咨询 is what is none of the others
    REQUIRE_FALSE(guess.topics.empty());
    CHECK(tables->Find("hotline_group", guess.topics[0].group) != nullptr);
  }
}

}  // namespace sifa::hotline
