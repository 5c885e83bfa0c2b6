#include "services/corrections/risk.h"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/actor.h"
#include "libs/casework/queries.h"
#include "libs/core/clock.h"
#include "libs/core/identifiers.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "services/corrections/breach.h"
#include "services/corrections/check.h"
#include "services/corrections/commendation.h"
#include "services/corrections/custody.h"
#include "services/corrections/duty.h"
#include "services/corrections/leave.h"
#include "services/corrections/own_data.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/psychology_case.h"
#include "services/corrections/record.h"
#include "services/corrections/risk_override.h"
#include "services/corrections/sanction.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

using procedure::Relatives;

int CodeOf(const std::string& code) {
  int number = 0;
  return absl::SimpleAtoi(code, &number) && number >= 0 && number < kMostRiskCode ? number : 0;
}

class Gathering {
 public:
  explicit Gathering(absl::CivilDay day) : day_(day) {}

  struct Told {
    int code = 0;
    int number = 0;
    std::string until = {};  // last day; empty: it lasts
  };

  // What has no day, or comes only after the day asked for, is no fact of it.
  template <class T>
  void Add(RiskFact fact, const T& object, const std::string& from, const Told& told) {
    absl::CivilDay first, last;
    if (!ParseDay(from, &first) || first > day_) return;
    RiskEvidence evidence{.fact = fact, .code = told.code, .number = told.number, .from = RiskDay(first)};
    if (ParseDay(told.until, &last)) evidence.until = RiskDay(last);
    evidence.source = static_cast<int>(facts_.sources.size());
    facts_.sources.push_back({T::descriptor()->name(), object.id()});
    facts_.evidence.push_back(evidence);
  }

  // The days from the first one to the last one, or to the day asked for.
  int DaysTo(const std::string& first, const std::string& last) const {
    absl::CivilDay begun, ended = day_;
    if (!ParseDay(first, &begun)) return 0;
    if (!last.empty()) ParseDay(last, &ended);
    return std::max(0, static_cast<int>(std::min(ended, day_) - begun));
  }

  absl::CivilDay day() const { return day_; }
  RiskFacts Take() { return std::move(facts_); }

 private:
  const absl::CivilDay day_;
  RiskFacts facts_;
};

void AddArchive(const Subject& s, Gathering& to) {
  const v1::Decision& decision = s.decision();
  const std::string& since = decision.effective_on();
  to.Add(RiskFact::kCategory, s, since, {.code = CodeOf(decision.category())});
  to.Add(RiskFact::kOffence, s, since, {.code = CodeOf(decision.offence())});
  if (decision.ban()) to.Add(RiskFact::kBan, s, since, {});
  if (const auto born = BirthDateOf(s.person().id_number())) to.Add(RiskFact::kAge, s, since, {.number = AgeOn(*born, to.day())});
  to.Add(RiskFact::kDaysInCorrection, s, s.registered_on(), {.number = to.DaysTo(s.registered_on(), "")});
  const auto* limit = procedure::FindClock(s.clocks(), Subject::Limit_Name(Subject::REPORT_BY));
  if (limit != nullptr && s.registered_on() > limit->due_on())
    to.Add(RiskFact::kReportedLate, s, s.registered_on(), {.number = to.DaysTo(limit->due_on(), s.registered_on())});
}

void Add(const Search& search, Gathering& to) {
  const bool in_error = search.state() == Search::CLOSED && !search.close_reason().empty();
  if (search.state() == Search::VOIDED || in_error) return;
  const std::string first = FormatDay(DayIn(search.absent_after()) + 1);
  const int days = to.DaysTo(search.absent_after(), search.found_on());
  if (days > 0) to.Add(RiskFact::kAbsence, search, first, {.number = days});
}

void Add(const Duty& duty, Gathering& to) {
  const RiskFact fact = duty.heightening().empty() ? RiskFact::kDutyMissed : RiskFact::kHeightenedDutyMissed;
  if (duty.state() == Duty::MISSED) to.Add(fact, duty, duty.missed_on(), {.code = duty.kind()});
}

void Add(const Check& check, Gathering& to) {
  if (check.state() == Check::MISSED)
    to.Add(RiskFact::kRollCallMissed, check, check.missed_on(), {.code = check.heightened() ? 2 : 1});
}

void Add(const Leave& leave, Gathering& to) {
  const bool late = leave.state() == Leave::OVERSTAYED || (leave.state() == Leave::RETURNED && leave.days_late() > 0);
  if (!late) return;
  to.Add(RiskFact::kLeaveOverstayed, leave, FormatDay(DayIn(leave.return_by()) + 1),
         {.number = to.DaysTo(leave.return_by(), leave.returned_on())});
}

void Add(const Breach& breach, Gathering& to) {
  if (breach.state() == Breach::ESTABLISHED) to.Add(RiskFact::kBreach, breach, breach.established_on(), {.code = breach.kind()});
}

void Add(const Sanction& sanction, Gathering& to) {
  if (sanction.state() != Sanction::DECIDED && sanction.state() != Sanction::SERVED) return;
  to.Add(sanction.kind() == Sanction::WARNING ? RiskFact::kWarning : RiskFact::kAdmonition, sanction, sanction.decided_on(), {});
}

void Add(const PolicePenalty& penalty, Gathering& to) {
  if (penalty.state() != PolicePenalty::DETAINED && penalty.state() != PolicePenalty::DECIDED) return;
  to.Add(RiskFact::kPolicePenalty, penalty, penalty.decided_on(), {});
}

void Add(const Custody& custody, Gathering& to) {
  if (custody.state() != Custody::VOIDED) to.Add(RiskFact::kCustody, custody, custody.since(), {.code = custody.kind()});
}

void Add(const Commendation& commendation, Gathering& to) {
  if (commendation.state() == Commendation::DECIDED) to.Add(RiskFact::kCommendation, commendation, commendation.decided_on(), {});
}

// Of what comes every week or every day only that is read which was missed.
template <class T>
std::vector<int> StatesThatTell() {
  if constexpr (std::is_same_v<T, Check> || std::is_same_v<T, Duty>) return {T::MISSED};
  return {};
}

// Each level counts until the next valid assessment, of this case or a later one.
void AddPsychology(const Relatives& records, Gathering& to) {
  struct Level {
    const PsychologyCase* of;
    const v1::PsychologyAssessment* assessment;
  };
  std::vector<Level> levels;
  for (const auto* c : records.All<PsychologyCase>()) {
    if (c->state() == PsychologyCase::VOIDED) continue;
    for (const auto& assessment : c->assessments()) {
      if (assessment.valid()) levels.push_back({c, &assessment});
    }
  }
  std::stable_sort(levels.begin(), levels.end(),
                   [](const Level& a, const Level& b) { return a.assessment->on() < b.assessment->on(); });
  for (size_t i = 0; i < levels.size(); ++i) {
    const std::string until = i + 1 < levels.size() ? FormatDay(DayIn(levels[i + 1].assessment->on()) - 1) : "";
    to.Add(RiskFact::kPsychology, *levels[i].of, levels[i].assessment->on(),
           {.code = levels[i].assessment->level(), .until = until});
  }
}

template <class... T>
void AddAll(const Relatives& records, Gathering& to) {
  const auto add = [&](const auto& all) {
    for (const auto* one : all) Add(*one, to);
  };
  (add(records.All<T>()), ...);
}

std::string SentenceOf(const RiskMark& mark) {
  const RiskFact fact = mark.evidence->fact;
  const bool days = fact == RiskFact::kAbsence || fact == RiskFact::kLeaveOverstayed || fact == RiskFact::kReportedLate;
  return days ? absl::StrCat(mark.rule->text, "（", mark.evidence->number, "日）") : mark.rule->text;
}

v1::RiskPoint PointOf(const RiskMark& mark, const RiskFacts& facts) {
  const RiskSource& source = facts.sources[mark.evidence->source];
  v1::RiskPoint point;
  point.set_rule(mark.rule->name);
  point.set_points(mark.points);
  point.set_object_type(std::string(source.type));
  point.set_object(source.id);
  point.set_on(FormatDay(absl::CivilDay(1970, 1, 1) + mark.evidence->from));
  point.set_sentence(SentenceOf(mark));
  point.set_basis(mark.rule->basis);
  return point;
}

// The points of one score that another one does not have.
void TellMissing(const RiskScore& of, const RiskFacts& facts, const std::multimap<std::string, int>& there,
                 google::protobuf::RepeatedPtrField<v1::RiskPoint>* points) {
  std::multimap<std::string, int> left = there;
  for (const RiskMark& mark : of.marks) {
    const v1::RiskPoint point = PointOf(mark, facts);
    const auto [begin, end] = left.equal_range(absl::StrCat(point.rule(), "/", point.object()));
    const auto same = std::find_if(begin, end, [&](const auto& entry) { return entry.second == point.points(); });
    if (same != end) {
      left.erase(same);
    } else {
      *points->Add() = point;
    }
  }
}

std::multimap<std::string, int> KeysOf(const RiskScore& score, const RiskFacts& facts) {
  std::multimap<std::string, int> keys;
  for (const RiskMark& mark : score.marks)
    keys.emplace(absl::StrCat(mark.rule->name, "/", facts.sources[mark.evidence->source].id), mark.points);
  return keys;
}

const RiskOverride* OverrideOn(const Relatives& records, const std::string& day) {
  for (const auto* one : records.All<RiskOverride>()) {
    if (RunsOn(*one, day)) return one;
  }
  return nullptr;
}

const RiskStep* StepOf(const RiskRules& rules, RiskLevel level, absl::CivilDay day) {
  for (const RiskStep& step : rules.steps()) {
    if (step.level == level && step.valid_from <= RiskDay(day) && RiskDay(day) <= step.valid_to) return &step;
  }
  return nullptr;
}

std::string ExplanationOf(const v1::Risk& risk, const CodeTables& codes) {
  const auto level = [](RiskLevel level) { return procedure::LabelOf(v1::RiskLevel_descriptor(), level); };
  const auto label = [&](const std::string& code) { return codes.LabelOf("management_class", code); };
  std::string text = absl::StrCat("得分", risk.sum(), "，测算为", level(risk.computed()));
  if (!risk.override_id().empty()) absl::StrAppend(&text, "；至", risk.override_to(), "调整为", level(risk.level()));
  if (risk.proposed_class().empty()) return absl::StrCat(text, "；没有可建议的管理类别");
  absl::StrAppend(&text, "，建议", label(risk.proposed_class()));
  if (risk.management_class().empty()) return absl::StrCat(text, "；尚未确定管理类别");
  if (risk.management_class() == risk.proposed_class()) return absl::StrCat(text, "，与现行管理类别一致");
  return absl::StrCat(text, "；现行管理类别为", label(risk.management_class()), "，是否调整由县级社区矫正机构决定");
}

class RiskDesk {
 public:
  explicit RiskDesk(const casework::Backend& backend) : backend_(backend) {}

  absl::StatusOr<v1::Risk> Get(rpc::Call& call, const v1::GetSubjectRiskRequest& r) {
    const casework::ObjectType& type = backend_.objects->Of<Subject>();
    ASSIGN_OR_RETURN(const casework::Answer answer, casework::LoadObject(backend_, type, r.id()));
    if (!casework::Actor::Of(call).ReachesObject(type, *answer)) return NotFound(type.label);
    const auto& s = static_cast<const Subject&>(*answer);
    Relatives records;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) {
      records = {};
      return AddRecords<Breach, Check, Commendation, Custody, Duty, Leave, PolicePenalty, PsychologyCase, RiskOverride, Sanction,
                        Search>(connection, s.id(), &records);
    }));
    const absl::CivilDay day = r.day().empty() ? call.today() : DayIn(r.day());
    return RiskOn(DataOf(backend_).risk, *backend_.codes, s, records, day, r.since());
  }

 private:
  template <class... T>
  absl::Status AddRecords(mysql::Connection& connection, const std::string& subject, Relatives* records) const {
    absl::Status status;
    ((status = status.ok() ? AddOfType<T>(connection, subject, records) : status), ...);
    return status;
  }

  template <class T>
  absl::Status AddOfType(mysql::Connection& connection, const std::string& subject, Relatives* records) const {
    const casework::ObjectType& type = backend_.objects->Of<T>();
    casework::ListQuery query;
    query.scopes = {"/"};
    query.terms = {{"subject", subject}};
    query.states = StatesThatTell<T>();
    query.limit = 500;
    for (;;) {
      ASSIGN_OR_RETURN(auto page, backend_.store.List(connection, type, query));
      const bool last = static_cast<int>(page.size()) < query.limit;
      if (!last) query.GoOnAfter(type, page.back());
      for (auto& stored : page) records->Add(std::move(stored.object));
      if (last) return absl::OkStatus();
    }
  }

  const casework::Backend& backend_;
};

}  // namespace

RiskFacts RiskFactsOf(const Subject& s, const Relatives& records, absl::CivilDay day) {
  Gathering gathering(day);
  AddArchive(s, gathering);
  AddAll<Search, Duty, Check, Leave, Breach, Sanction, PolicePenalty, Custody, Commendation>(records, gathering);
  AddPsychology(records, gathering);
  return gathering.Take();
}

v1::Risk RiskOn(const RiskRules& rules, const CodeTables& codes, const Subject& s, const Relatives& records, absl::CivilDay day,
                const std::string& since) {
  const RiskFacts facts = RiskFactsOf(s, records, day);
  const RiskScore score = ScoreRisk(rules, facts.evidence, day);
  v1::Risk risk;
  risk.set_subject(s.id());
  risk.set_day(FormatDay(day));
  risk.set_sum(score.sum);
  risk.set_computed(score.step == nullptr ? v1::RISK_LEVEL_UNSPECIFIED : score.step->level);
  risk.set_level(risk.computed());
  for (const RiskMark& mark : score.marks) *risk.add_points() = PointOf(mark, facts);
  if (const RiskOverride* other = OverrideOn(records, risk.day())) {
    risk.set_level(other->level());
    risk.set_override_id(other->id());
    risk.set_override_to(other->to());
  }
  risk.set_management_class(s.management_class());
  if (const RiskStep* step = StepOf(rules, risk.level(), day)) risk.set_proposed_class(step->management_class);
  risk.set_explanation(ExplanationOf(risk, codes));
  if (since.empty()) return risk;
  const RiskFacts facts_then = RiskFactsOf(s, records, DayIn(since));
  const RiskScore then = ScoreRisk(rules, facts_then.evidence, DayIn(since));
  v1::RiskComparison* compared = risk.mutable_compared();
  compared->set_day(since);
  compared->set_sum(then.sum);
  compared->set_computed(then.step == nullptr ? v1::RISK_LEVEL_UNSPECIFIED : then.step->level);
  TellMissing(score, facts, KeysOf(then, facts_then), compared->mutable_added());
  TellMissing(then, facts_then, KeysOf(score, facts), compared->mutable_gone());
  return risk;
}

void ServeRisk(casework::Service& service, rpc::DescribedService& methods) {
  methods.On("GetSubjectRisk", &service.Keep(std::make_unique<RiskDesk>(service.backend())), &RiskDesk::Get);
}

}  // namespace sifa::corrections
