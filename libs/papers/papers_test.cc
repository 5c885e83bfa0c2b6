#include <catch2/catch.hpp>
#include <map>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/papers/fill.h"
#include "libs/papers/paperstest.pb.h"
#include "libs/papers/press.h"
#include "libs/papers/templates.h"

namespace sifa::papers {
namespace {

using paperstest::v1::Owner;
using paperstest::v1::Warning;

const google::protobuf::Descriptor* OwnerOf(const google::protobuf::FieldDescriptor& field, const std::string& said) {
  return field.name() == "owner" || said == "Owner" ? Owner::descriptor() : nullptr;
}

template <class T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) FAIL(result.status());
  return *std::move(result);
}

absl::Status CheckOf(const std::string& text) {
  const auto paper = Template::Parse(text, "WARNING.txt");
  return paper.ok() ? paper->Check(*Warning::descriptor(), OwnerOf) : paper.status();
}

struct Desk {
  Desk() {
    warning.set_number("（2026）330783矫警字第1号");
    warning.set_region("330783118");
    warning.mutable_person()->set_name("赵𠮷㐂");
    warning.mutable_person()->set_sex("1");
    warning.set_kind(Warning::WARNING);
    warning.set_decided_on("2026-03-05");
    warning.mutable_heard_at()->set_seconds(
        absl::ToUnixSeconds(absl::FromCivil(absl::CivilSecond(2026, 3, 4, 9, 5), ChinaTime())));
    warning.set_paid_fen(123450);
    warning.set_facts("未经批准离开东阳市。\n返回后未报告。");
    warning.add_evidence("车票");
    warning.add_evidence("谈话笔录");
    for (const char* name : {"陈志强", "李秀英"}) warning.add_witnesses()->set_name(name);
    owner.mutable_person()->set_name("钱小河");
  }

  Sheet Filled(const std::string& text) {
    const Template paper = Must(Template::Parse(text, "WARNING.txt"));
    if (const auto status = paper.Check(*Warning::descriptor(), OwnerOf); !status.ok()) FAIL(status);
    const absl::CivilDay day(2026, 3, 5);
    Filling filling{warning, day, codes, regions, {{"owner", &owner}}, OrgansOf(warning.region(), day, regions)};
    filling.words["day"] = DayInWords(filling.day);
    Sheet sheet = Fill(paper, filling);
    sheet.footer = "摘要";
    sheet.made_at = absl::FromCivil(absl::CivilSecond(2026, 3, 5, 14, 30), ChinaTime());
    return sheet;
  }
  // The only text of the only block.
  std::string Value(const std::string& place) { return Filled(absl::StrCat("# 警告\n| ", place, " |")).blocks.at(0).texts.at(0); }

  CodeTables codes = Must(CodeTables::Load(SIFA_DATA "/code-tables"));
  RegionTable regions = Must(RegionTable::Load(SIFA_DATA "/regions"));
  Warning warning;
  Owner owner;
};

}  // namespace

TEST_CASE("values stand on a paper as people write them") {
  Desk at;
  CHECK(at.Value("{person.name}") == "赵𠮷㐂");
  CHECK(at.Value("{person.sex}") == "男");
  CHECK(at.Value("{kind}") == "警告");
  CHECK(at.Value("{decided_on}") == "2026年3月5日");
  CHECK(at.Value("{heard_at}") == "2026年3月4日9时5分");
  CHECK(at.Value("{paid_fen}") == "1234.50元");
  CHECK(at.Value("{region}") == "浙江省金华市东阳市南马镇");
  CHECK(at.Value("{evidence}") == "车票、谈话笔录");
  CHECK(at.Value("{days}") == "");
  CHECK(at.Value("{owner.person.name}") == "钱小河");
  CHECK(at.Value("{@county} {@city} {@province} {@office} {@district}") ==
        "东阳市司法局 金华市司法局 浙江省司法厅 南马镇司法所 东阳市");
  at.warning.set_number("330782001");  // a code in another field than the object's own
  CHECK(at.Value("{@county:number} {@organ:number} {@county}") == "义乌市司法局 稠城街道司法所 东阳市司法局");
}

TEST_CASE("a line with a condition stands where it holds, and a list has a row for each of its elements") {
  Desk at;
  const Sheet sheet = at.Filled(
      "; §35\n"
      "# 社区矫正对象警告决定书\n"
      "## {number}\n"
      "> {person.name}：\n"
      "{facts}\n"
      "?kind=WARNING: 给予警告。\n"
      "?kind=ADMONITION: 给予训诫。\n"
      "?in_public: 公开宣告。\n"
      "?!in_public: ?facts: 不公开宣告。\n"
      "期限{days}日。\n"
      "*witnesses | 姓名 | {name} |\n"
      "*witnesses | 性别 | {sex} |\n"
      "*last witnesses | 末位证人 | {name} |\n"
      "_ 社区矫正对象\n"
      "= {@county}\n");
  CHECK(sheet.title == "社区矫正对象警告决定书");
  std::vector<std::string> texts;
  for (const Block& block : sheet.blocks)
    texts.push_back(absl::StrCat(block.texts.front(), block.texts.size() > 1 ? block.texts[1] : ""));
  CHECK(texts == std::vector<std::string>{"（2026）330783矫警字第1号", "赵𠮷㐂：", "未经批准离开东阳市。", "返回后未报告。",
                                          "给予警告。", "不公开宣告。", "期限＿＿＿＿＿＿日。", "姓名陈志强", "性别",
                                          "姓名李秀英", "性别", "末位证人李秀英", "社区矫正对象", "东阳市司法局2026年3月5日"});
}

TEST_CASE("a template that names what the object does not have is refused with a sentence") {
  CHECK(CheckOf("# 警告\n{person.name}{owner.person.name}{@day}").ok());
  CHECK(CheckOf("~ number = Owner\n# 警告\n{number.person.name}").ok());
  for (const auto& [text, why] :
       std::map<std::string, std::string>{{"# 警告\n{persn.name}", "persn.name：Warning没有字段persn"},
                                          {"# 警告\n{person}", "person不是一个值"},
                                          {"# 警告\n{number.name}", "number之内没有字段"},
                                          {"# 警告\n{witnesses.name}", "witnesses之内没有字段"},
                                          {"# 警告\n{@noon}", "没有@noon这个词"},
                                          {"# 警告\n{@county:numbr}", "Warning没有字段numbr"},
                                          {"# 警告\n*evidence | {name} |", "evidence不是由多项组成的字段"},
                                          {"# 警告\n*witnesses | {number} |", "Person没有字段number"},
                                          {"# 警告\n?kind=FINE: 罚款", "kind没有取值FINE"},
                                          {"# 警告\n?reason: 因为", "Warning没有字段reason"},
                                          {"# 警告\n?kind 因为", "条件之后没有冒号"},
                                          {"# 警告\n| 姓名 | {number} | 性别 |", "不成对"},
                                          {"# 警告\n给予{kind", "花括号不成对"},
                                          {"给予警告", "没有标题"}}) {
    INFO(text);
    const absl::Status status = CheckOf(text);
    CHECK(ReasonOf(status) == "PAPER_TEMPLATE_INVALID");
    CHECK(absl::StrContains(status.message(), why));
    CHECK(absl::StrContains(status.message(), "WARNING.txt"));
  }
}

TEST_CASE("a paper is the same file whenever and wherever it is printed") {
  Desk at;
  std::string text =
      "# 警告决定书\n## {number}\n| 姓名 | {person.name} | 性别 | {person.sex} |\n| 事实 | {facts} |\n= {@county}\n";
  for (int i = 0; i < 60; ++i) absl::StrAppend(&text, "第", i, "段，{person.name}未经批准离开{@district}。\n");
  const Sheet sheet = at.Filled(text), other = at.Filled("# 另一文书\n{facts}");
  const auto press = Must(Press::Open());
  const auto first = Must(press->Print(sheet));
  CHECK(absl::StartsWith(first.pdf, "%PDF-"));
  CHECK(first.pages > 2);
  Must(press->Print(other));
  CHECK(Must(press->Print(sheet)).pdf == first.pdf);
  CHECK(Must(Must(Press::Open())->Print(sheet)).pdf == first.pdf);
  CHECK(absl::StrContains(first.pdf, "20260305143000+08"));
  std::vector<std::string> together(4);
  std::vector<std::thread> threads;
  for (std::string& pdf : together) threads.emplace_back([&] { pdf = Must(press->Print(sheet)).pdf; });
  for (std::thread& thread : threads) thread.join();
  CHECK(together == std::vector<std::string>(4, first.pdf));
  CHECK(TextOf(sheet) != TextOf(other));
}

TEST_CASE("names of rare characters are printed: extensions A to F, and variants of Han characters") {
  const auto press = Must(Press::Open());
  Sheet sheet{.title = "名册"};
  for (const char* name : {"𠮷", "㐂", "㛃",   "𡋾",   "𤇾",   "𦈡",      "𪚥",
                           "𪜶", "𫍽", "𫠝",   "𬎆", "䶮",   "𠀀",      "𪛖",
                           "𫜴", "𫝀", "𫠠", "𬺰", "𮯠", "葛󠄁", "阿依古丽·买买提"})
    sheet.blocks.push_back({Block::Kind::kRow, {"姓名", name}});
  CHECK(Must(press->Print(sheet)).unknown_characters == 0);
  sheet.blocks.push_back({Block::Kind::kRow, {"姓名", "\xF4\x8F\xBF\xBD"}});  // of a private plane
  CHECK(Must(press->Print(sheet)).unknown_characters == 1);
}

TEST_CASE("a missing font is told at the start") {
  const auto press = Press::Open({"/nowhere/Song.ttf"});
  CHECK(ReasonOf(press.status()) == "PAPER_FONT_MISSING");
  CHECK(absl::StrContains(press.status().message(), "/nowhere/Song.ttf"));
}

}  // namespace sifa::papers
