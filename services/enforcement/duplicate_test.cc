// 疑似重复: found by the suite, settled by a person.
#include "services/enforcement/duplicate.h"

#include "services/enforcement/batch_fixture.h"

namespace sifa::enforcement {
namespace {

constexpr char kMarketCode[] = "11330783MB01234563";

Case CaseWith(const std::string& party, const std::string& day, int64_t fine, const std::string& facts = "在人行道上设摊") {
  Case c;
  Entry* entry = c.add_entries();
  entry->set_party_name(party);
  entry->set_decided_on(day);
  entry->set_fine_fen(fine);
  entry->set_basis("《条例》第十五条");
  entry->set_facts(facts);
  Derive(&c);
  return c;
}

// Two cases of one party, day, basis and amount under different numbers.
Duplicate FoundPair(Sender& at) {
  at.Taken(CsvOf({RowOf("东综执罚〔2026〕1号", "张三", "0.2"),
                  RowOf("东综执罚〔2026〕2号", "张三", "0.2", {{"立案号", "东综执立〔2026〕2号"}, {"立案日期", "2026-02-01"}})}),
           "2026-04-30");
  const auto pairs = at.All<Duplicate>();
  REQUIRE(pairs.size() == 1);
  return pairs[0];
}

}  // namespace

TEST_CASE("a pair of the same party, day, basis and amount is exact; the score says what it is made of") {
  const Likeness same =
      LikenessOf(CaseWith("东阳市木雕有限公司", "2026-03-02", 20000), CaseWith("东阳市木雕", "2026-03-02", 20000));
  CHECK(same.exact);
  CHECK(same.score == 100);
  const Likeness near = LikenessOf(CaseWith("张三", "2026-03-02", 20000), CaseWith("张三", "2026-03-09", 20000));
  CHECK_FALSE(near.exact);
  CHECK(near.grounds == std::vector<std::string>{"PARTY", "AMOUNT", "BASIS", "FACTS"});
  CHECK(near.score == 85);
}

TEST_CASE("no candidates are cases of other parties, or decided more than thirty days apart") {
  CHECK(LikenessOf(CaseWith("张三", "2026-03-02", 20000), CaseWith("李四", "2026-03-02", 20000)).score == 0);
  CHECK(LikenessOf(CaseWith("张三", "2026-03-02", 20000), CaseWith("张三", "2026-04-01", 20000)).score == 85);
  CHECK(LikenessOf(CaseWith("张三", "2026-03-02", 20000), CaseWith("张三", "2026-04-02", 20000)).score == 0);
}

TEST_CASE(
    "one decision told twice is found among the rows of one file; the case filed first survives, the other counts nowhere") {
  Sender at;
  Duplicate pair = FoundPair(at);
  CHECK(pair.exact());
  CHECK(pair.organisation() == "330783-cm");
  CHECK(at.CaseOf("东综执罚（2026）1号").state() == Case::DECIDED);
  pair = at.Do("SettleDuplicate", pair, R"({"verdict": "IS_SAME", "reason": "同一决定书"})", at.clerk);
  CHECK(pair.state() == Duplicate::SAME);
  CHECK(pair.survivor() == at.CaseOf("东综执罚（2026）2号").id());
  const Case other = at.CaseOf("东综执罚（2026）1号");
  CHECK(other.state() == Case::DUPLICATE);
  CHECK(statistics::CountsOf(other, kCase.cubes).empty());
  pair = at.Do("SeparateDuplicate", pair, R"({"reason": "查明是两案"})", at.clerk);
  CHECK(pair.state() == Duplicate::SEPARATED);
  CHECK(at.CaseOf("东综执罚（2026）1号").state() == Case::DECIDED);
  CHECK(at.Findings() == "");
}

TEST_CASE("a case that a clerk types is looked for as well") {
  Sender at;
  at.Taken(CsvOf({RowOf("东综执罚〔2026〕1号", "张三", "0.2")}), "2026-04-30");
  at.Do<Case>("RecordCase",
              absl::StrCat(R"({"entry": {"agencyCode": ")", kAgencyCode,
                           R"(", "decisionNumber": "东综执罚（2026）5号", "decidedOn": "2026-03-02", "partyName": "张三", "fineFen": 200000,
                                     "basis": "《浙江省城市市容和环境卫生管理条例》第十五条"}})"),
              at.clerk);
  REQUIRE(at.All<Duplicate>().size() == 1);
  CHECK(at.All<Duplicate>()[0].exact());
  CHECK(at.Findings() == "");
}

TEST_CASE("a pair that is different is remembered until one of the two changes") {
  Sender at;
  Duplicate pair = FoundPair(at);
  pair = at.Do("SettleDuplicate", pair, R"({"verdict": "IS_DIFFERENT", "reason": "两个摊位"})", at.clerk);
  CHECK(pair.state() == Duplicate::DIFFERENT);
  at.Taken(CsvOf({RowOf("东综执罚〔2026〕1号", "张三", "0.2")}), "2026-05-31");  // nothing new
  CHECK(at.Now(pair, at.clerk).state() == Duplicate::DIFFERENT);
  at.Taken(CsvOf({RowOf("东综执罚〔2026〕1号", "张三", "0.2", {{"违法事实", "在人行道上设摊并堆物"}})}), "2026-06-30");
  CHECK(at.Now(pair, at.clerk).state() == Duplicate::FOUND);
  CHECK(at.All<Duplicate>().size() == 1);
}

TEST_CASE(
    "行政处罚法 §29: between agencies the county settles; an agency learns that there is a pair, and not what the other one "
    "holds") {
  Sender at;
  at.Taken(CsvOf({RowOf("东综执罚〔2026〕1号", "张三", "0.2")}), "2026-04-30");
  at.GoToMarket(kMarketCode);
  at.Taken(CsvOf({RowOf("东市监罚〔2026〕1号", "张三", "0.2", {{"处罚机关统一社会信用代码", kMarketCode}})}), "2026-04-30");
  REQUIRE(at.All<Duplicate>().size() == 1);
  Duplicate pair = at.All<Duplicate>()[0];
  CHECK(pair.organisation() == "330783");
  CHECK(at.Sees(pair, at.clerk));
  CHECK(at.Sees(pair, at.other_clerk));
  CHECK_FALSE(at.Sees(at.CaseOf("东市监罚（2026）1号"), at.clerk));
  CHECK(at.Refusal("SettleDuplicate", pair, R"({"verdict": "IS_SAME_ACT", "reason": "一事两罚"})", at.clerk) == "ACT_OF_ANOTHER");
  pair = at.Do("SettleDuplicate", pair, R"({"verdict": "IS_SAME_ACT", "reason": "一事两罚"})", at.officer);
  CHECK(pair.state() == Duplicate::SAME_ACT);
  CHECK(at.CaseOf("东综执罚（2026）1号").state() == Case::DECIDED);
  CHECK(at.Findings() == "");
}

TEST_CASE("no chain: what one pair is says nothing of another") {
  Sender at;
  at.Taken(CsvOf({RowOf("东综执罚〔2026〕1号", "张三", "0.2"), RowOf("东综执罚〔2026〕2号", "张三", "0.2"),
                  RowOf("东综执罚〔2026〕3号", "张三", "0.2")}),
           "2026-04-30");
  const auto pairs = at.All<Duplicate>();
  REQUIRE(pairs.size() == 3);
  at.Do("SettleDuplicate", pairs[0], R"({"verdict": "IS_SAME", "reason": "同一决定书"})", at.clerk);
  CHECK(at.Now(pairs[1], at.clerk).state() == Duplicate::FOUND);
  CHECK(at.Now(pairs[2], at.clerk).state() == Duplicate::FOUND);
}

}  // namespace sifa::enforcement
