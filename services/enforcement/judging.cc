#include "services/enforcement/judging.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/identifiers.h"
#include "libs/core/region.h"
#include "libs/core/status.h"
#include "services/enforcement/basis.h"
#include "services/enforcement/benchmark.h"
#include "services/enforcement/delegation.h"
#include "services/enforcement/discretion.h"
#include "services/enforcement/officer.h"
#include "services/enforcement/record.h"

namespace sifa::enforcement {
namespace {

using rules::Fact;
using rules::Facts;
using rules::Rule;

// Code tables enforcement_party_kind, enforcement_id_kind and enforcement_review_result.
constexpr char kPerson[] = "2";
constexpr char kSoleTrader[] = "3";
constexpr char kCitizenId[] = "01";
constexpr char kPassed[] = "1";

void TellDay(const std::string& text, Fact<absl::CivilDay>* fact) {
  absl::CivilDay day;
  if (ParseDay(text, &day)) fact->Tell(day);
}
template <class T>
void TellText(const T& text, Fact<T>* fact) {
  if (!text.empty()) fact->Tell(text);
}
void TellStretches(const google::protobuf::RepeatedPtrField<v1::Stretch>& told, Fact<std::vector<rules::Stretch>>* fact) {
  std::vector<rules::Stretch> stretches;
  for (const v1::Stretch& one : told) {
    rules::Stretch stretch{.reason = one.reason()};
    absl::CivilDay to;
    if (!ParseDay(one.from(), &stretch.from)) continue;
    if (ParseDay(one.to(), &to)) stretch.to = to;
    stretches.push_back(std::move(stretch));
  }
  if (!stretches.empty()) fact->Tell(std::move(stretches));
}

rules::PartyKind KindOf(const std::string& code) {
  return code == kPerson       ? rules::PartyKind::kPerson
         : code == kSoleTrader ? rules::PartyKind::kSoleTrader
                               : rules::PartyKind::kOrganisation;
}

// 330000 covers 330783.
bool Covers(const std::string& division, const std::string& region) {
  const auto outer = RegionCode::Parse(division), inner = RegionCode::Parse(region);
  return outer.ok() && inner.ok() && inner->IsWithin(*outer);
}

// The agency's own, or of an organisation that it had delegated on the day.
absl::StatusOr<bool> ActsFor(const Certificate& certificate, const std::string& agency_code, const std::string& day,
                             Registers& registers) {
  if (certificate.agency_code() == agency_code) return true;
  ASSIGN_OR_RETURN(const auto delegations, registers.Find<Delegation>({"delegate", certificate.agency_code()}));
  return absl::c_any_of(delegations, [&](const Delegation* d) {
    return d->agency_code() == agency_code && d->state() != Delegation::VOIDED && d->from() <= day && day <= d->to() &&
           (d->ended_on().empty() || day <= d->ended_on());
  });
}

absl::StatusOr<rules::OfficerFact> OfficerOf(const Case& c, const std::string& number, const std::string& day,
                                             Registers& registers) {
  rules::OfficerFact fact{.certificate = number};
  ASSIGN_OR_RETURN(const auto officers, registers.Find<Officer>({"certificate", number}));
  for (const Officer* officer : officers) {
    if (officer->state() == Officer::VOIDED) continue;
    fact.registered = true;
    const Certificate* certificate = CertificateOn(*officer, day);
    if (certificate == nullptr || certificate->number() != number) continue;
    fact.valid = true;
    ASSIGN_OR_RETURN(fact.own_agency, ActsFor(*certificate, c.agency_code(), day, registers));
    fact.own_district = Covers(certificate->district(), c.region());
  }
  return fact;
}

rules::Wording WordingOf(const Basis& basis) {
  rules::Wording wording;
  wording.from = DayIn(basis.valid_from());
  if (!basis.valid_to().empty()) wording.to = DayIn(basis.valid_to());
  wording.may_punish = basis.rank() != Basis::OTHER;
  wording.milder = !basis.milder_since().empty();
  return wording;
}

absl::StatusOr<std::vector<rules::CitedBasis>> BasesOf(const std::string& text, Registers& registers) {
  std::vector<rules::CitedBasis> cited;
  for (rules::Citation& citation : rules::ParseCitations(text)) {
    rules::CitedBasis one{std::move(citation), {}};
    ASSIGN_OR_RETURN(const auto bases, registers.Find<Basis>(ArticleTerm(one.citation.title, one.citation.article)));
    for (const Basis* basis : bases) {
      const bool same =
          (basis->paragraph() == 0 || one.citation.paragraph == 0 || basis->paragraph() == one.citation.paragraph) &&
          (basis->item() == 0 || one.citation.item == 0 || basis->item() == one.citation.item);
      if (same && basis->state() != Basis::VOIDED) one.wordings.push_back(WordingOf(*basis));
    }
    cited.push_back(std::move(one));
  }
  return cited;
}

bool HoldsOn(const Benchmark& b, const std::string& day) {
  return b.state() != Benchmark::VOIDED && b.valid_from() <= day && (b.valid_to().empty() || day <= b.valid_to());
}

// One that is proposed, else the organ's own, else one of its sector for a division in which it lies.
absl::StatusOr<rules::BenchmarkFact> BenchmarkOf(const Case& c, const std::string& code, const std::string& day,
                                                 Registers& registers) {
  rules::BenchmarkFact fact;
  ASSIGN_OR_RETURN(const auto found, registers.Find<Benchmark>({"code", code}));
  const Benchmark* best = nullptr;
  for (const Benchmark* b : found) {
    const bool proposed = registers.proposed.contains(b->id());
    if (!HoldsOn(*b, day) || (b->published_on().empty() && !proposed)) continue;
    const bool own = b->organisation() == c.organisation();
    const bool above = b->field() == c.field() && Covers(b->region(), c.region());
    if (!own && !above) continue;
    if (best == nullptr || own || proposed) best = b;
    if (proposed) break;
  }
  if (best == nullptr) return fact;
  fact.registered = true;
  fact.valued = best->measure() == Benchmark::AMOUNT;
  fact.least_fen = best->statutory().least();
  fact.most_fen = best->statutory().most();
  for (const v1::Tier& tier : best->tiers()) {
    if (tier.has_band()) fact.tiers.push_back({tier.tier(), tier.band().least(), tier.band().most()});
  }
  return fact;
}

v1::Finding FindingOf(const Case& c, const Entry& entry, const Rule& rule, const rules::Judgement& judgement, std::string article,
                      const RuleBook& book) {
  v1::Finding finding;
  finding.set_case_(c.id());
  finding.set_entry_key(entry.key());
  finding.set_rule(std::string(rule.id));
  finding.set_title(std::string(rule.title));
  finding.set_verdict(judgement.verdict == rules::Verdict::kFail ? v1::FAIL : v1::PENDING);
  finding.set_severity(static_cast<v1::Severity>(rule.severity));
  finding.set_article(std::move(article));
  finding.set_text(judgement.text);
  if (judgement.until) finding.set_until(FormatDay(*judgement.until));
  finding.set_rule_version(rule.version);
  finding.set_rule_set(book.rule_set);
  return finding;
}

// From what does not apply to what fails.
constexpr absl::string_view kFromGoodToBad = "-KUPF";

char LetterOf(rules::Verdict verdict) {
  switch (verdict) {
    case rules::Verdict::kPass:
      return 'K';
    case rules::Verdict::kFail:
      return 'F';
    case rules::Verdict::kUnknown:
      return 'U';
    case rules::Verdict::kPending:
      return 'P';
    case rules::Verdict::kNotApplicable:
      return '-';
  }
  return '-';
}

// One rule on one party's facts, into what is known of the case.
void Add(const Case& c, const Entry& entry, const Rule& rule, const Facts& facts, const rules::Bench& bench, const RuleBook& book,
         Judged* judged) {
  const rules::Judgement judgement = JudgeInUse(rule, facts, bench);
  char& letter = judged->verdicts[rule.place];
  const char said = LetterOf(judgement.verdict);
  if (kFromGoodToBad.find(said) > kFromGoodToBad.find(letter)) letter = said;
  switch (judgement.verdict) {
    case rules::Verdict::kPending:
      judged->until = std::min(judged->until.value_or(*judgement.until), *judgement.until);
      [[fallthrough]];
    case rules::Verdict::kFail:
      judged->findings.push_back(FindingOf(c, entry, rule, judgement, ArticleOf(rule, facts, bench), book));
      return;
    case rules::Verdict::kUnknown: {
      v1::Unjudged& unknown = *judged->rest.add_unknown();
      unknown.set_entry_key(entry.key());
      unknown.set_rule(std::string(rule.id));
      for (const std::string& field : judgement.missing) unknown.add_missing(field);
      unknown.set_text(judgement.text);
      return;
    }
    case rules::Verdict::kPass:
    case rules::Verdict::kNotApplicable:
      return;
  }
}

}  // namespace

rules::Judgement JudgeInUse(const Rule& rule, const Facts& facts, const rules::Bench& bench) {
  if (rule.Figure("off", facts, bench, bench.today).value_or(0) != 0)
    return {rules::Verdict::kNotApplicable, "该规则在此未启用", {}};
  return Judge(rule, facts, bench);
}

Asks AskedOf(const Entry& entry) {
  const bool typed = entry.origin().batch().empty();
  return [typed](absl::string_view) { return typed; };
}

std::vector<const Entry*> JudgedEntries(const Case& c) {
  if (c.state() == Case::VOIDED || c.state() == Case::DUPLICATE) return {};
  return StandingEntries(c);
}

absl::StatusOr<Facts> FactsOf(const Case& c, const Entry& e, const Asks& asks, Registers& registers) {
  Facts f;
  f.field = c.field();
  f.region = c.region();
  for (rules::AnyFact* fact : f.Columns()) fact->asked = asks(fact->field);
  if (!e.party_kind().empty()) f.party_kind.Tell(KindOf(e.party_kind()));
  if (e.party_id_kind() == kCitizenId) {
    if (const auto birth = BirthDateOf(e.party_id_number())) f.birth.Tell(*birth);
  }
  TellText(e.procedure(), &f.procedure);
  if (!e.penalties().empty()) f.penalties.Tell({e.penalties().begin(), e.penalties().end()});
  if (e.has_fine_fen()) f.fine_fen.Tell(e.fine_fen());
  if (e.has_confiscated_fen()) f.confiscated_fen.Tell(e.confiscated_fen());
  if (e.has_extra_fine_fen()) f.extra_fine_fen.Tell(e.extra_fine_fen());
  TellDay(e.conduct_from(), &f.conduct_from);
  TellDay(e.conduct_to(), &f.conduct_to);
  TellDay(e.found_on(), &f.found_on);
  TellDay(e.filed_on(), &f.filed_on);
  TellDay(e.investigated_on(), &f.investigated_on);
  TellDay(e.noticed_on(), &f.noticed_on);
  TellDay(e.hearing_asked_on(), &f.hearing_asked_on);
  TellDay(e.hearing_noticed_on(), &f.hearing_noticed_on);
  TellDay(e.hearing_on(), &f.hearing_on);
  TellDay(e.reviewed_on(), &f.reviewed_on);
  TellDay(e.discussed_on(), &f.discussed_on);
  TellDay(e.decided_on(), &f.decided_on);
  TellDay(e.served_on(), &f.served_on);
  TellDay(e.paid_on(), &f.paid_on);
  TellDay(e.handed_in_on(), &f.handed_in_on);
  TellDay(e.published_on(), &f.published_on);
  TellDay(e.closed_on(), &f.closed_on);
  TellDay(e.disposed_on(), &f.disposed_on);
  if (e.has_hearing_told()) f.hearing_told.Tell(e.hearing_told());
  if (e.has_waived()) f.waived.Tell(e.waived());
  if (e.has_collected_on_spot()) f.collected_on_spot.Tell(e.collected_on_spot());
  if (!e.review_result().empty()) f.review_passed.Tell(e.review_result() == kPassed);
  TellText(e.served_by(), &f.served_by);
  TellStretches(e.exclusions(), &f.exclusions);
  TellStretches(e.challenges(), &f.challenges);
  TellText(e.tier(), &f.tier);
  TellText(e.tier_reason(), &f.tier_reason);
  if (!e.basis().empty()) {
    ASSIGN_OR_RETURN(auto bases, BasesOf(e.basis(), registers));
    f.bases.Tell(std::move(bases));
  }
  // The day of the investigation; of a simple procedure, which has none of its own, that of the decision.
  const std::string& acted_on = e.investigated_on().empty() ? e.decided_on() : e.investigated_on();
  if (!e.officers().empty() && !acted_on.empty()) {
    std::vector<rules::OfficerFact> officers;
    for (const std::string& number : e.officers()) {
      ASSIGN_OR_RETURN(officers.emplace_back(), OfficerOf(c, number, acted_on, registers));
    }
    f.officers.Tell(std::move(officers));
  }
  const std::string& conduct = e.conduct_to().empty() ? e.conduct_from() : e.conduct_to();
  if (!e.benchmark().empty() && !conduct.empty()) {
    ASSIGN_OR_RETURN(auto benchmark, BenchmarkOf(c, e.benchmark(), conduct, registers));
    f.benchmark.Tell(std::move(benchmark));
  }
  return f;
}

absl::StatusOr<Judged> JudgeCase(const Case& c, const RuleBook& book, const calendar::Calendar& calendar, absl::CivilDay today,
                                 Registers& registers) {
  Judged judged;
  for (const Rule& rule : rules::AllRules()) {
    judged.verdicts.resize(std::max<size_t>(judged.verdicts.size(), rule.place + 1), '-');
  }
  const rules::Bench bench{calendar, book.parameters, today};
  for (const Entry* entry : JudgedEntries(c)) {
    ASSIGN_OR_RETURN(const Facts facts, FactsOf(c, *entry, AskedOf(*entry), registers));
    for (const Rule& rule : rules::AllRules()) Add(c, *entry, rule, facts, bench, book, &judged);
  }
  for (const Rule& rule : rules::AllRules()) {
    const char letter = judged.verdicts[rule.place];
    if (letter == 'K') judged.rest.add_passed(std::string(rule.id));
    if (letter == '-') judged.rest.add_not_applicable(std::string(rule.id));
  }
  return judged;
}

}  // namespace sifa::enforcement
