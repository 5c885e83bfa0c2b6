#include "services/corrections/measures.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/corrections/laws.h"
#include "services/corrections/police_penalty.h"

namespace sifa::corrections {
namespace {

using v1::Proposal;

constexpr int kSlightDays = 10;  // 实施办法 §34, §35
constexpr size_t kTwice = 2;     // 实施办法 §35, §46, §49

struct Line {
  Breach::Kind kind;
  Proposal::Kind calls_for;
  const char* criterion;
  bool police = false;  // may also be for the police to punish (实施办法 §36)
};
constexpr Line kLines[] = {
    {Breach::ABSENT_TO_TEN_DAYS, Proposal::ADMONISH, "不按规定时间报到或者脱离监管，未超过十日"},
    {Breach::ABSENT_OVER_TEN_DAYS, Proposal::WARN, "不按规定时间报到或者脱离监管，超过十日"},
    {Breach::ABSENT_OVER_MONTH, Proposal::REVOKE, "无正当理由不按规定时间报到或者脱离监管，超过一个月"},
    {Breach::RULES_SLIGHT, Proposal::ADMONISH, "违反关于报告、会客、外出、迁居等规定，情节轻微"},
    {Breach::RULES_FAIRLY_SERIOUS, Proposal::WARN, "违反关于报告、会客、外出、迁居等规定，情节较重"},
    {Breach::RULES_SERIOUS, Proposal::REVOKE, "违反关于报告、会客、外出、迁居等规定，情节严重", true},
    {Breach::EDUCATION_MISSED, Proposal::ADMONISH, "不按规定参加教育学习等活动，经教育仍不改正"},
    {Breach::BAN_SLIGHT, Proposal::WARN, "违反人民法院禁止令，情节轻微"},
    {Breach::BAN_SERIOUS, Proposal::REVOKE, "违反人民法院禁止令，情节严重", true},
    {Breach::NO_RECHECK, Proposal::WARN, "保外就医，无正当理由不按时提交病情复查情况，经教育仍不改正"},
    {Breach::WHEREABOUTS_REFUSED, Proposal::WARN, "拒不报告行踪"},
    {Breach::OTHER_SLIGHT, Proposal::ADMONISH, "其他违反监督管理规定，情节轻微"},
    {Breach::OTHER_FAIRLY_SERIOUS, Proposal::WARN, "其他违反监督管理规定，情节较重"},
    {Breach::OTHER_SERIOUS, Proposal::REVOKE, "其他违反监督管理规定，情节严重", true},
};

const Line* LineOf(Breach::Kind kind) {
  const auto* found = std::find_if(std::begin(kLines), std::end(kLines), [=](const Line& line) { return line.kind == kind; });
  return found == std::end(kLines) ? nullptr : found;
}

// 管制 is served to its end: it is never revoked (刑法 §38).
bool IsRevocable(const std::string& category) {
  return category == kProbation || category == kParole || category == kOutsidePrison;
}

// Of a serious breach, or of a further one after what he had been given before; the law tells it for each category apart.
std::vector<Measure> Revocations(const std::string& category, const Line& line, const Prior& prior) {
  const bool outside = category == kOutsidePrison;
  const procedure::Law law = Ccm(outside ? "49" : "46");
  std::vector<Measure> measures;
  if (line.calls_for == Proposal::REVOKE || (outside && line.kind == Breach::WHEREABOUTS_REFUSED)) {
    measures.push_back({Proposal::REVOKE, line.criterion, law});
  } else if (prior.warnings.size() >= kTwice) {
    measures.push_back({Proposal::REVOKE, "受到两次警告，仍不改正", law, "Sanction", prior.warnings, kTwice});
  } else if (outside && line.kind == Breach::NO_RECHECK && !prior.warnings.empty()) {
    measures.push_back({Proposal::REVOKE, "保外就医，受到警告后仍不按时提交病情复查情况", law, "Sanction", prior.warnings, 1});
  } else if (!prior.penalties.empty() && category != kParole) {
    measures.push_back(
        {Proposal::REVOKE, "因违反监督管理规定受到治安管理处罚，仍不改正", law, "PolicePenalty", prior.penalties, 1});
  }
  return measures;
}

}  // namespace

const char* CriterionOf(Breach::Kind kind) {
  const Line* line = LineOf(kind);
  return line == nullptr ? "" : line->criterion;
}

bool IsAbsence(Breach::Kind kind) {
  return kind == Breach::ABSENT_TO_TEN_DAYS || kind == Breach::ABSENT_OVER_TEN_DAYS || kind == Breach::ABSENT_OVER_MONTH;
}

Prior PriorTo(const procedure::Facts& facts, const std::string& day) {
  Prior prior;
  for (const Sanction* sanction : facts.All<Sanction>()) {
    if (!GivenBefore(*sanction, day)) continue;
    (sanction->kind() == Sanction::ADMONITION ? prior.admonitions : prior.warnings).push_back(sanction->id());
  }
  for (const PolicePenalty* penalty : facts.All<PolicePenalty>()) {
    if (GivenBefore(*penalty, day)) prior.penalties.push_back(penalty->id());
  }
  return prior;
}

std::vector<Measure> MeasuresFor(const std::string& category, Breach::Kind kind, const Prior& prior) {
  const Line* line = LineOf(kind);
  if (line == nullptr) return {};
  std::vector<Measure> measures;
  if (IsRevocable(category)) measures = Revocations(category, *line, prior);
  if (measures.empty()) {
    const bool further = prior.admonitions.size() >= kTwice;
    if (line->calls_for == Proposal::ADMONISH && further) {
      measures.push_back({Proposal::WARN, "受到两次训诫，仍不改正", Ccm("35"), "Sanction", prior.admonitions, kTwice});
    } else if (line->calls_for == Proposal::ADMONISH) {
      measures.push_back({Proposal::ADMONISH, line->criterion, Ccm("34")});
    } else {  // also of what is serious where nothing can be revoked
      measures.push_back({Proposal::WARN, line->criterion, Ccm("35")});
    }
    // Of a parolee any breach may revoke; deciding one of the two withdraws the other.
    if (category == kParole) measures.push_back({Proposal::REVOKE, "假释考验期内违反监督管理规定", Cl("86")});
  }
  // 治安管理处罚法 does not name 假释 (law §2.5 R12).
  const bool serious = line->calls_for == Proposal::REVOKE;
  if (category != kParole && (line->police || (serious && !IsRevocable(category)))) {
    measures.push_back({Proposal::PENALISE, "违反监督管理规定或者人民法院禁止令，依法应予治安管理处罚", Ccm("36")});
  }
  return measures;
}

Breach::Kind KindOf(const Search& search) {
  if (search.over_month()) return Breach::ABSENT_OVER_MONTH;
  if (search.days_absent() <= 0) return Breach::KIND_UNSPECIFIED;
  return search.days_absent() <= kSlightDays ? Breach::ABSENT_TO_TEN_DAYS : Breach::ABSENT_OVER_TEN_DAYS;
}

Ground GroundOf(const Breach& breach) { return {breach.kind(), absl::StrCat(breach.happened_on(), "，", breach.facts())}; }

Ground GroundOf(const Search& search) {
  return {KindOf(search), search.found_on().empty() ? absl::StrCat(search.absent_after(), "之后脱离监管，已超过一个月")
                                                    : absl::StrCat(search.absent_after(), "之后脱离监管，", search.found_on(),
                                                                   "找到，共", search.days_absent(), "日")};
}

}  // namespace sifa::corrections
