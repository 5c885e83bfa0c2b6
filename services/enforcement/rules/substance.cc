#include "services/enforcement/rules/substance.h"

#include <algorithm>

#include "libs/core/identifiers.h"
#include "services/enforcement/discretion.h"
#include "services/enforcement/rules/judgements.h"

namespace sifa::enforcement::rules {
namespace {

constexpr CivilDay kLawOf2021(2021, 7, 15);
constexpr int kAgeOfLiability = 14;

bool Holds(const Wording& wording, CivilDay day) { return wording.from <= day && day <= wording.to; }

// 对应日; in a month without it the last day. It does not roll over: the time passes by itself.
CivilDay AfterYears(CivilDay day, int years) {
  const CivilDay same(day.year() + years, day.month(), day.day());
  return same.month() == day.month() ? same : same - 1;
}

// Of one article: at the conduct, or milder and later.
Judgement Supports(const CitedBasis& basis, CivilDay conduct, CivilDay decided) {
  const std::string cited = basis.citation.ToString();
  if (basis.wordings.empty()) return Unknown("basis", absl::StrCat(cited, "未登记"));
  const Wording* at_conduct = nullptr;
  for (const Wording& wording : basis.wordings) {
    if (wording.milder && wording.from > conduct && Holds(wording, decided)) return Pass(absl::StrCat(cited, "为新的较轻规定"));
    if (Holds(wording, conduct)) at_conduct = &wording;
  }
  if (at_conduct == nullptr) return Fail(absl::StrCat(cited, "在违法行为发生时（", FormatDay(conduct), "）没有施行"));
  if (!at_conduct->may_punish) return Fail(absl::StrCat(cited, "不是法律、法规、规章，不能设定行政处罚"));
  return Pass(absl::StrCat(cited, "在违法行为发生时有效"));
}

}  // namespace

Judgement BasisInForce(const Facts& f, const Bench& bench, const Rule&) {
  if (auto missing = Missing({&f.bases, &f.conduct_from})) return *missing;
  if (!f.conduct_from) return Unknown("conduct_from");
  if (f.penalties && f.penalties.value.empty()) return NotApplicable("没有给予行政处罚");
  if (!f.bases || f.bases.value.empty()) return Unknown("basis", "处罚依据没有写明法律文件和条款");
  const CivilDay conduct = f.conduct_to ? *f.conduct_to : *f.conduct_from;
  Judgement all = Pass("");
  for (const CitedBasis& basis : *f.bases) {
    Judgement one = Supports(basis, conduct, f.decided_on ? *f.decided_on : bench.today);
    if (one.verdict == Verdict::kFail) return one;
    if (one.verdict == Verdict::kUnknown || all.verdict == Verdict::kPass) all = std::move(one);
  }
  return all;
}

Judgement FoundInTime(const Facts& f, const Bench&, const Rule&) {
  if (auto missing = Untold({&f.conduct_from, &f.found_on})) return *missing;
  // Conduct that lasts is counted from its end.
  if (!f.conduct_to.known()) return Unknown("conduct_to");
  const CivilDay end = f.conduct_to ? *f.conduct_to : *f.conduct_from;
  const CivilDay two = AfterYears(end, 2), five = AfterYears(end, 5);
  const std::string facts = absl::StrCat(FormatDay(end), "违法行为终了，", FormatDay(*f.found_on), "发现");
  if (*f.found_on <= two) return Pass(absl::StrCat(facts, "，未过二年（", FormatDay(two), "）"));
  // Five years came with the law of 2021, which is not the milder one.
  const std::string late = absl::StrCat(facts, "，已过二年（", FormatDay(two), "）");
  if (*f.found_on > five || end < kLawOf2021 || (f.harm.told && !*f.harm)) return Fail(late);
  if (!f.harm.told) return Unknown("harm", absl::StrCat(late, "，未说明是否涉及生命健康安全、金融安全且有危害后果"));
  return Pass(absl::StrCat(facts, "，有危害后果，未过五年（", FormatDay(five), "）"));
}

Judgement OldEnough(const Facts& f, const Bench&, const Rule&) {
  if (auto missing = Untold({&f.party_kind})) return *missing;
  if (*f.party_kind == PartyKind::kOrganisation) return NotApplicable("当事人不是自然人");
  if (auto missing = Untold({&f.birth, &f.conduct_from})) return *missing;
  const int age = AgeOn(*f.birth, *f.conduct_from);
  return Is(age >= kAgeOfLiability, absl::StrCat("违法行为发生时", age, "周岁"));
}

Judgement FinedOnce(const Facts& f, const Bench&, const Rule&) {
  if (f.fined_for_same_act.empty()) return NotApplicable("没有认定为同一违法行为的其他处罚");
  if (!f.Punishes(penalty::kFine)) return Pass("同一违法行为另有罚款，本案没有罚款");
  return Fail(absl::StrCat("同一违法行为已由", f.fined_for_same_act.front(), "罚款"));
}

Judgement WithinTier(const Facts& f, const Bench& bench, const Rule& rule) {
  if (auto missing = Untold({&f.fine_fen})) {
    if (f.penalties && !f.Punishes(penalty::kFine)) return NotApplicable("没有罚款");
    return *missing;
  }
  if (auto missing = Untold({&f.benchmark, &f.tier})) return *missing;
  const BenchmarkFact& b = *f.benchmark;
  if (!b.registered) return Unknown("benchmark", "裁量基准未登记，或者违法行为发生时没有施行");
  if (!b.valued) return Unknown("goods_fen", "裁量基准按货值金额的倍数计算");
  const std::string fine = absl::StrCat("罚款", Yuan(*f.fine_fen));
  const bool explained = f.tier_reason && !f.tier_reason.value.empty();
  if (*f.tier == kNoPenaltyTier) return Is(*f.fine_fen == 0, absl::StrCat("裁量档次为不予处罚，", fine));
  if (*f.fine_fen < b.least_fen) {
    const std::string below = absl::StrCat(fine, "，低于法定最低罚款", Yuan(b.least_fen));
    if (*f.tier != kMitigatedTier) return Fail(absl::StrCat(below, "，裁量档次不是减轻处罚"));
    if (!explained) return Fail(absl::StrCat(below, "，没有说明减轻处罚的情形"));
  }
  const auto named = std::find_if(b.tiers.begin(), b.tiers.end(), [&](const TierFact& one) { return one.code == *f.tier; });
  FineBand band;
  if (named != b.tiers.end()) {
    band = {named->least_fen, named->most_fen};
  } else {
    // Where the benchmark leaves it out, the sector may part the band by its width.
    const auto lighter = rule.Figure("lighter_percent", f, bench, f.conduct_from ? *f.conduct_from : bench.today);
    const auto ordinary = rule.Figure("ordinary_percent", f, bench, f.conduct_from ? *f.conduct_from : bench.today);
    if (!lighter || !ordinary || *f.tier == kMitigatedTier) return Unknown("benchmark", "该裁量基准没有这一档次");
    const int64_t width = b.most_fen - b.least_fen;
    const int64_t low = b.least_fen + width * *lighter / 100, high = b.least_fen + width * *ordinary / 100;
    band = *f.tier == kLighterTier    ? FineBand{b.least_fen, low}
           : *f.tier == kOrdinaryTier ? FineBand{low, high}
                                      : FineBand{high, b.most_fen};
  }
  const std::string compared = absl::StrCat(fine, "，该档次为", Describe(band));
  if (band.Has(*f.fine_fen)) return Pass(compared);
  return explained ? Pass(absl::StrCat(compared, "，已说明理由")) : Fail(absl::StrCat(compared, "，没有说明理由"));
}

}  // namespace sifa::enforcement::rules
