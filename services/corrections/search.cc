#include "services/corrections/search.h"

#include <algorithm>

#include "services/corrections/proposal.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcl30 = Ccl("30");

bool IsOpen(const Search& search) { return search.state() == Search::SEARCHING || search.state() == Search::POLICE_ASKED; }

const Guard<Search> kOneAtATime = {.rule = "查找",
                                   .reason = "SEARCH_OPEN",
                                   .text = "该对象的查找正在进行，不能重复发起",
                                   .law = kCcl30,
                                   .holds =
                                       [](const Search&, const Facts& facts) {
                                         const auto others = facts.All<Search>();
                                         return std::none_of(others.begin(), others.end(),
                                                             [](const auto* s) { return IsOpen(*s); });
                                       },
                                   .of_others = true};
const Guard<Search> kContactFirst = {.rule = "查找",
                                     .reason = "ABSENT_BEFORE_RECEPTION",
                                     .text = "最后一次联系日期不能早于接收日期，也不能晚于发起查找的日期",
                                     .law = kCcl30,
                                     .holds =
                                         [](const Search& search, const Facts& facts) {
                                           const auto* s = facts.One<Subject>();
                                           return s != nullptr && search.absent_after() >= s->registered_on() &&
                                                  search.absent_after() <= FormatDay(facts.act_day);
                                         },
                                     .of_others = true};
// 实施办法 §38: by telephone, by data, and at his door; then the police are asked.
const Guard<Search> kAllMeansTried = {"查找", "SEARCH_INCOMPLETE",
                                      "应当先通过通信联络、信息化核查、实地查访等方式查找，查找不到的再请公安机关协助", Ccm("38"),
                                      [](const Search& search, const Facts&) {
                                        for (const int means : {Search::PHONE, Search::DATA, Search::VISIT}) {
                                          const auto tried = [=](const v1::SearchStep& step) { return step.means() == means; };
                                          if (std::none_of(search.steps().begin(), search.steps().end(), tried)) return false;
                                        }
                                        return true;
                                      }};

absl::CivilDay AbsentAfter(const Search& search) { return DayIn(search.absent_after()); }
absl::CivilDay MonthEnd(const Search& search) { return DayIn(search.month_ends_on()); }

Search SearchFor(const Subject& s, Search::Cause cause, const std::string& absent_after, const procedure::Circumstances& act) {
  auto search = RecordOf<Search>(s);
  search.set_cause(cause);
  search.set_absent_after(absent_after);
  search.set_month_ends_on(FormatDay(MonthsAfter(act, DayIn(absent_after), 1)));
  return search;
}

absl::StatusOr<Search> NewSearch(const v1::StartSearchRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Subject s, act.Load<Subject>(r.subject()));
  return SearchFor(s, Search::LOST_CONTACT, r.absent_after(), act);
}

absl::Status Step(Search& search, const v1::StepSearchRequest& r, const Act& act) {
  v1::SearchStep* step = search.add_steps();
  step->set_on(act.occurred_on());
  step->set_means(r.means());
  step->set_result(r.result());
  return absl::OkStatus();
}

absl::Status AskPolice(Search& search, const v1::AskPoliceToSearchRequest& r, const Act& act) {
  search.set_police(r.police());
  search.set_police_asked_on(act.occurred_on());
  return absl::OkStatus();
}

// What the days out of supervision call for (law §2.5 R21): to ten days 训诫, to one month 警告, then 撤销 or 收监.
absl::Status ProposeBy(const Search& search, const Act& act) {
  ASSIGN_OR_RETURN(const Subject s, act.LoadUnchecked<Subject>(search.subject()));
  return ProposeForAbsence(s, search, act);
}

absl::Status Found(Search& search, const std::string& how, const Act& act) {
  search.set_found_on(act.occurred_on());
  search.set_found_how(how);
  SetAbsence(&search);
  return ProposeBy(search, act);
}

absl::Status Find(Search& search, const v1::FindSearchRequest& r, const Act& act) { return Found(search, r.found_how(), act); }

absl::Status Report(Search& search, const Act& act) {
  RETURN_IF_ERROR(Found(search, "本人前来报到", act));
  return search.days_absent() > 0 ? absl::OkStatus() : WithdrawProposals(search.id(), act);
}

absl::Status Exceed(Search& search, const Act& act) {
  search.set_over_month(true);
  return ProposeBy(search, act);
}

absl::Status Close(Search& search, const v1::CloseSearchRequest& r) {
  search.set_close_reason(r.reason());
  return absl::OkStatus();
}

constexpr procedure::States kOpen = {Search::SEARCHING, Search::POLICE_ASKED};

const Row<Search> kRows[] = {
    {.act = Search::START,
     .from = {Search::STATE_UNSPECIFIED},
     .to = Search::SEARCHING,
     .create = Create<NewSearch>,
     .checks = {&kInCorrection<Search>, &kContactFirst, &kOneAtATime},
     .starts = {{.clock = Search::MONTH, .article = "46", .from = AbsentAfter, .until = MonthEnd}},
     .papers = {Search::RECORD},
     .law = kCcl30},
    {.act = Search::BEGIN,
     .from = {Search::STATE_UNSPECIFIED},
     .to = Search::SEARCHING,
     .indirect = true,
     .checks = {&kOneAtATime},
     .starts = {{.clock = Search::MONTH, .article = "46", .from = AbsentAfter, .until = MonthEnd}},
     .papers = {Search::RECORD},
     .law = kCcl30},
    {.act = Search::STEP, .from = kOpen, .apply = Apply<Step>, .law = kCcl30},
    {.act = Search::ASK_POLICE,
     .from = {Search::SEARCHING},
     .to = Search::POLICE_ASKED,
     .guards = {&kAllMeansTried},
     .apply = Apply<AskPolice>,
     .papers = {Search::ASSISTANCE},
     .law = kCcl30},
    {.act = Search::FIND, .from = kOpen, .to = Search::FOUND, .apply = Apply<Find>, .stops = {Search::MONTH}, .law = kCcl30},
    // Beside the course: the day on which he reported may be entered after the suite has begun to search.
    {.act = Search::REPORT,
     .from = kOpen,
     .to = Search::FOUND,
     .indirect = true,
     .aside = true,
     .apply = Apply<Report>,
     .stops = {Search::MONTH},
     .law = kCcl30},
    {.act = Search::CLOSE,
     .from = kOpen,
     .to = Search::CLOSED,
     .level = Level::kCounty,
     .apply = Apply<Close>,
     .stops = {Search::MONTH},
     .law = kCcl30},
    // He need not be found for a revocation to be proposed.
    {.act = Search::EXCEED, .from = kOpen, .aside = true, .level = Level::kSystem, .apply = Apply<Exceed>, .law = Ccm("46")},
    {.act = Search::LAPSE,
     .from = kOpen,
     .to = Search::CLOSED,
     .indirect = true,
     .aside = true,
     .stops = {Search::MONTH},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = Search::MONTH, .warn_days = 5, .then = Search::EXCEED}};

casework::Index IndexOf(const Search& search) { return IndexOfRecord(search, search.absent_after()); }

std::optional<casework::Numbering> NumberingOf(const Search& search, absl::CivilDay act_day) {
  return CountyNumbering(search, act_day, "矫查");
}

}  // namespace

void SetAbsence(Search* search) {
  if (search->found_on().empty()) return;
  const absl::CivilDay found = DayIn(search->found_on());
  search->set_days_absent(std::max(0, static_cast<int>(found - AbsentAfter(*search))));
  search->set_over_month(found > MonthEnd(*search));
}

absl::Status BeginSearch(const Subject& s, Search::Cause cause, const std::string& absent_after, const Act& act) {
  if (!act.facts().NothingStands("Search:open")) return absl::OkStatus();
  return act.Open<Search>(Search::BEGIN, SearchFor(s, cause, absent_after, act)).status();
}

absl::Status EndSearches(const Act& act) {
  for (const Search* search : act.facts().All<Search>()) {
    if (!IsOpen(*search)) continue;
    RETURN_IF_ERROR(act.ActOnAny(act.neighbours().TypeOf<Search>(), Search::REPORT, search->id()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> OpenSearchFor(const Subject& s, const std::string& absent_after, const Act& act) {
  ASSIGN_OR_RETURN(const Search search, act.Open<Search>(Search::BEGIN, SearchFor(s, Search::LOST_CONTACT, absent_after, act)));
  return search.id();
}

const procedure::Procedure<Search> kSearchProcedure = {
    .name = "查找",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Search::FOUND, Search::CLOSED, Search::VOIDED},
    .states = Search::State_descriptor,
    .acts = Search::Act_descriptor,
    .clock_kinds = Search::Limit_descriptor,
    .papers = Search::Document_descriptor,
};

const casework::Definition<Search> kSearch = {
    .procedure = &kSearchProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kMissingCube},
    .list = casework::ListOf<NarrowRecords<v1::ListSearchesRequest>>,
    .has_files = true,
    .amendments = &kSearchAmendments,
    .references = {OfSubject(Search::LAPSE)},
    .looks_at = {"Search", "Sanction", "PolicePenalty"},
    .sealed = OfMinor<Search>,
};

}  // namespace sifa::corrections
