// 裁量基准: its tiers, those of the superior organ, and what a fine comes to.
#include "services/enforcement/benchmark.h"

#include "services/enforcement/basis.h"
#include "services/enforcement/discretion.h"
#include "services/enforcement/enforcement_fixture.h"

namespace sifa::enforcement {
namespace {

struct Fines {
  const char* tier;
  int64_t least, most;
};

Benchmark Of(int64_t least, int64_t most, std::initializer_list<Fines> tiers, Benchmark::Measure measure = Benchmark::AMOUNT) {
  Benchmark b;
  b.set_measure(measure);
  b.mutable_statutory()->set_least(least);
  b.mutable_statutory()->set_most(most);
  for (const Fines& one : tiers) {
    v1::Tier& tier = *b.add_tiers();
    tier.set_tier(one.tier);
    tier.set_grounds("情形");
    if (one.tier == std::string(kNoPenaltyTier)) continue;
    tier.mutable_band()->set_least(one.least);
    tier.mutable_band()->set_most(one.most);
  }
  return b;
}

class Benchmarks : public Enforcement {
 public:
  const Basis basis =
      Do<Basis>("DrawUpBasis", R"({"office": "330783-cm", "region": "330783", "title": "《浙江省城市市容和环境卫生管理条例》",
      "rank": "LOCAL_REGULATION", "article": 35, "text": "处一千元以上五千元以下罚款", "validFrom": "2008-10-01"})",
                clerk);

  std::string Json(const std::string& code, const std::string& ordinary, const std::string& superior = "") {
    return absl::StrCat(R"({"office": "330783-cm", "region": "330783", "code": ")", code,
                        R"(", "name": "擅自占道经营", "basis": ")", basis.id(),
                        R"(", "field": "01", "measure": "AMOUNT", "statutory": {"least": 100000, "most": 500000},
                        "superior": ")",
                        superior, R"(", "validFrom": "2026-11-02", "tiers": [
                        {"tier": "1", "grounds": "首次，及时改正"},
                        {"tier": "4", "grounds": "一般", "band": )",
                        ordinary, "}]}");
  }
  Benchmark Published(const std::string& json) {
    const Benchmark b = Do("FileBenchmark", Do<Benchmark>("DrawUpBenchmark", json, clerk), "{}", clerk);
    return Do("PublishBenchmark", b, "{}", clerk);
  }
};

}  // namespace

TEST_CASE("行政处罚法 §32–34: tiers go from light to heavy within the band that the article sets") {
  CHECK(WrongInTiers(Of(1000, 5000, {{"1", 0, 0}, {"2", 100, 999}, {"3", 1000, 2200}, {"4", 2200, 3800}, {"5", 3800, 5000}})) ==
        "");
  CHECK(WrongInTiers(Of(1000, 5000, {{"3", 900, 2200}})) == "从轻处罚超出法定幅度");
  CHECK(WrongInTiers(Of(1000, 5000, {{"5", 3800, 5001}})) == "从重处罚超出法定幅度");
  CHECK(WrongInTiers(Of(1000, 5000, {{"2", 500, 1000}})) == "减轻处罚应当低于法定最低罚款");
  CHECK(WrongInTiers(Of(0, 5000, {{"2", 0, 100}})) == "法律没有规定最低罚款，不能减轻处罚");
  CHECK(WrongInTiers(Of(1000, 5000, {{"4", 2200, 3800}, {"3", 1000, 2200}})) == "裁量档次应当由轻到重，各写一次");
  CHECK(WrongInTiers(Of(1000, 5000, {{"3", 1000, 4000}, {"4", 2200, 3800}})) == "从轻处罚重于一般处罚");
}

TEST_CASE("both ends belong to a tier; multiples are of the goods' value, to the fen") {
  const Benchmark b = Of(250, 500, {{"4", 250, 333}}, Benchmark::MULTIPLE);
  CHECK(Describe(b, b.tiers(0).band()) == "货值金额的2.5倍至3.33倍");
  CHECK(!InMoney(b, b.tiers(0).band(), std::nullopt));
  const auto fine = InMoney(b, b.tiers(0).band(), 10001);
  REQUIRE(fine);
  CHECK(fine->least == 25003);  // 250.025 yuan
  CHECK(fine->most == 33303);
  CHECK((fine->Has(25003) && fine->Has(33303) && !fine->Has(25002) && !fine->Has(33304)));
}

TEST_CASE("国办发〔2022〕27号: a lower organ's tiers lie inside its superior's when they are filed") {
  Benchmarks at;
  const Benchmark superior = at.Published(at.Json("JH-001", R"({"least": 200000, "most": 300000})"));
  const Benchmark beyond =
      at.Do<Benchmark>("DrawUpBenchmark", at.Json("DY-001", R"({"least": 200000, "most": 350000})", superior.id()), at.clerk);
  CHECK(at.Refusal("FileBenchmark", beyond, "{}", at.clerk) == "BEYOND_SUPERIOR");
  const Benchmark inside = at.Published(at.Json("DY-001", R"({"least": 200000, "most": 250000})", superior.id()));
  CHECK(inside.superior_tiers_size() == 2);
  const Benchmark again = at.Do(
      "FileBenchmark", at.Do<Benchmark>("DrawUpBenchmark", at.Json("DY-001", R"({"least": 200000, "most": 250000})"), at.clerk),
      "{}", at.clerk);
  CHECK(at.Refusal("PublishBenchmark", again, "{}", at.clerk) == "BENCHMARK_PUBLISHED");
  at.Do("RepealBenchmark", inside, R"({"reason": "修订", "validTo": "2026-11-02"})", at.clerk);
  at.Do("PublishBenchmark", again, "{}", at.clerk);
  CHECK(at.Findings() == "");
}

TEST_CASE("行政处罚法 §16: what is below a rule sets no penalty; an article is found however its instrument is called") {
  Benchmarks at;
  const Basis low = at.Do<Basis>("DrawUpBasis", R"({"office": "330783-cm", "region": "330783", "title": "关于加强管理的通知",
      "rank": "OTHER", "article": 3, "text": "处罚款", "validFrom": "2020-01-01"})",
                                 at.clerk);
  CHECK(at.Refusal("PublishBasis", low, "{}", at.clerk) == "BASIS_TOO_LOW");
  CHECK(ArticleTerm("《中华人民共和国道路交通安全法》", 90) == ArticleTerm("道路交通安全法", 90));
  CHECK(ArticleTerm("道路交通安全法", 90) != ArticleTerm("道路交通安全法实施条例", 90));
  CHECK(ArticleTerm("道路交通安全法", 9) != ArticleTerm("道路交通安全法", 90));
}

}  // namespace sifa::enforcement
