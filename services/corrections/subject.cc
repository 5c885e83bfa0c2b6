#include "services/corrections/subject.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/casework/place.h"
#include "libs/core/clock.h"
#include "libs/core/identifiers.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "services/corrections/arrest.h"
#include "services/corrections/custody.h"
#include "services/corrections/laws.h"
#include "services/corrections/leave.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/record.h"
#include "services/corrections/release.h"
#include "services/corrections/reporting.h"
#include "services/corrections/revocation.h"
#include "services/corrections/search.h"
#include "services/corrections/tracking_authority.h"
#include "services/corrections/transfer.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr char kWoman[] = "2";  // sex

absl::CivilDay EffectiveDay(const Subject& s) { return DayIn(s.decision().effective_on()); }
absl::CivilDay TermFrom(const Subject& s) { return DayIn(s.decision().term_from()); }
absl::CivilDay TermTo(const Subject& s) { return DayIn(s.decision().term_to()); }
// 暂予监外执行: handed over by police or prison, and not to report by himself.
bool IsEscorted(const Subject& s) { return s.decision().category() == kOutsidePrison; }
bool Reports(const Subject& s) { return !IsEscorted(s); }
// 期满解除 is prepared from thirty days before the end (实施办法 §53), on the morning after this day.
absl::CivilDay ReleaseFrom(const Subject& s) { return TermTo(s) - 31; }
bool Expires(const Subject& s) { return s.state() == Subject::ACTIVE && !IsEscorted(s); }

constexpr procedure::Law kCcl17 = Ccl("17");
constexpr procedure::Law kCcl21 = Ccl("21");
constexpr procedure::Law kCcl25 = Ccl("25");
constexpr procedure::Law kCcl44 = Ccl("44");
constexpr procedure::Law kCcl45 = Ccl("45");
constexpr procedure::Law kCcl52 = Ccl("52");
constexpr procedure::Law kCcl54 = Ccl("54");

const Guard<Subject> kTermInOrder = {
    "期限", "TERM_REVERSED", "矫正结束日期不能早于开始日期", kCcl17,
    [](const Subject& s, const Facts&) { return s.decision().term_from() <= s.decision().term_to(); }};
const Guard<Subject> kInForce = {
    "报到", "ACT_OUT_OF_ORDER", "接收日期不能早于决定生效的日期", kCcl21,
    [](const Subject& s, const Facts& facts) { return FormatDay(facts.act_day) >= s.decision().effective_on(); }};
const Guard<Subject> kTeamHasWoman = {
    "矫正小组", "TEAM_WITHOUT_WOMAN", "社区矫正对象为女性的，矫正小组中应有女性成员", kCcl25, [](const Subject& s, const Facts&) {
      return s.person().sex() != kWoman ||
             std::any_of(s.team().begin(), s.team().end(), [](const v1::TeamMember& member) { return member.sex() == kWoman; });
    }};
const Guard<Subject> kTeamKnowsMinors = {
    "矫正小组", "TEAM_FOR_MINOR", "社区矫正对象为未成年人的，矫正小组应当吸收熟悉未成年人身心特点的人员参加", kCcl52,
    [](const Subject& s, const Facts&) {
      return !s.minor() ||
             std::any_of(s.team().begin(), s.team().end(), [](const v1::TeamMember& member) { return member.knows_minors(); });
    }};
const Guard<Subject> kTeamFormed = {"入矫宣告", "TEAM_MISSING", "宣告前应当确定矫正小组", kCcl25,
                                    [](const Subject& s, const Facts&) { return !s.team().empty(); }};
const Guard<Subject> kMinorNotPublic = {"入矫宣告", "MINOR_IN_PUBLIC", "对未成年人的宣告不公开进行", kCcl54,
                                        [](const Subject& s, const Facts&) { return !s.minor() || !s.announced_publicly(); }};
// 社区矫正法 §45: what is revoked is what was granted.
const Guard<Subject> kCauseFits = {"终止", "CAUSE_OF_ANOTHER_CATEGORY",
                                   "撤销缓刑、撤销假释、收监执行分别适用于缓刑、假释、暂予监外执行的对象", kCcl45,
                                   [](const Subject& s, const Facts&) {
                                     const std::string& category = s.decision().category();
                                     return (s.end() == Subject::PROBATION_REVOKED && category == kProbation) ||
                                            (s.end() == Subject::PAROLE_REVOKED && category == kParole) ||
                                            (s.end() == Subject::RECALLED && category == kOutsidePrison);
                                   }};
const Guard<Subject> kServesOutside = {"解除", "NOT_OUTSIDE_PRISON", "刑满解除适用于暂予监外执行的对象，其他对象期满解除", kCcl44,
                                       [](const Subject& s, const Facts&) { return IsEscorted(s); }};

// A release and a revocation never both succeed: while one of these is open a person decides (实施办法 §53).
const Guard<Subject> kNothingPending = {
    "解除", "REVOCATION_PENDING", "提请撤销、收监或者逮捕正在办理，或者人身自由受到限制，不能期满解除", Ccm("53"),
    [](const Subject&, const Facts& facts) {
      return facts.NothingStands("Revocation:open") && facts.NothingStands("Arrest:open") && facts.NothingStands("Custody:open");
    }};
const Guard<Subject> kTermOver = {
    "解除", "TERM_NOT_OVER", "矫正期限尚未届满，不能期满解除", kCcl44,
    [](const Subject& s, const Facts& facts) { return FormatDay(facts.act_day) >= s.decision().term_to(); }};
const Guard<Subject> kNotOutside = {"解除", "SERVES_OUTSIDE_PRISON",
                                    "暂予监外执行的对象由监狱、看守所办理刑满释放，不适用期满解除", kCcl44,
                                    [](const Subject& s, const Facts&) { return !IsEscorted(s); }};

const Guard<Subject> kNotYetRecorded = {"再犯罪", "REOFFENCE_RECORDED", "该对象的再犯罪已经登记，登记有误的应当更正", Cl("77"),
                                        [](const Subject& s, const Facts&) { return !s.has_reoffence(); }};
const Guard<Subject> kInCorrectionThen = {
    "再犯罪", "REOFFENCE_OUTSIDE_TERM", "犯罪日期应当在接收之后、矫正结束之前，且不晚于裁判日期", Cl("77"),
    [](const Subject& s, const Facts& facts) {
      const std::string& committed = s.reoffence().committed_on();
      const std::string& last = s.ended_on().empty() ? s.decision().term_to() : s.ended_on();
      return s.registered_on() <= committed && committed <= last && committed <= FormatDay(facts.act_day);
    }};

absl::StatusOr<Subject> NewSubject(const v1::NoticeSubjectRequest& r, const Asking& asking) {
  Subject s;
  s.set_organisation(r.office());
  ASSIGN_OR_RETURN(*s.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  s.set_region(region.ToString());
  *s.mutable_decision() = r.decision();
  *s.mutable_person() = r.person();
  // He keeps the rules for minors when he comes of age during the term (社区矫正法 §58).
  s.set_minor(IsMinorOn(r.person(), r.decision().term_from()));
  return s;
}

// One term at a time: whoever is sentenced again while one runs has it corrected, or it ends first.
absl::Status Notice(Subject& s, const v1::NoticeSubjectRequest&, const Act& act) {
  casework::ListQuery query;
  query.scopes = {"/"};
  query.blind = {{"id_number", s.person().id_number()}};
  query.open = true;
  query.limit = 1;
  ASSIGN_OR_RETURN(const auto present, act.backend().store.List(act.connection(), act.neighbours().TypeOf<Subject>(), query));
  if (present.empty()) return absl::OkStatus();
  return InvalidField("person.id_number", "SUBJECT_EXISTS", "该公民身份号码的人员已有未结束的社区矫正");
}

absl::Status ReceiveDocuments(Subject& s, const v1::ReceiveSubjectDocumentsRequest& r, const Act& act) {
  s.set_documents_received_on(act.occurred_on());
  *s.mutable_missing_documents() = r.missing();
  return absl::OkStatus();
}

absl::Status Register(Subject& s, const v1::RegisterSubjectRequest& r, const Act& act) {
  s.set_registered_on(act.occurred_on());
  s.set_received_region(s.region());
  s.set_received_path(s.organisation_path());
  *s.mutable_missing_documents() = r.missing();
  return EndSearches(act);
}

absl::Status FormTeam(Subject& s, const v1::FormSubjectTeamRequest& r) {
  *s.mutable_team() = r.team();
  return absl::OkStatus();
}

absl::Status Announce(Subject& s, const v1::AnnounceSubjectRequest& r, const Act& act) {
  s.set_announced_on(act.occurred_on());
  s.set_announced_publicly(r.publicly());
  StartReporting(s, act);
  return absl::OkStatus();
}

absl::Status Classify(Subject& s, const v1::ClassifySubjectRequest& r, const Act& act) {
  s.set_management_class(r.management_class());
  RescheduleReports(s, act);
  return absl::OkStatus();
}

absl::Status CorrectTerm(Subject& s, const v1::CorrectSubjectTermRequest& r, const Act& act) {
  s.mutable_decision()->set_term_from(r.term_from());
  s.mutable_decision()->set_term_to(r.term_to());
  s.set_term_reason(r.reason());
  return FollowTerm(r.term_to(), act);
}

absl::Status End(Subject& s, Subject::End end, const std::string& document, const Act& act) {
  s.set_end(end);
  s.set_ended_on(act.occurred_on());
  s.set_end_document(document);
  return absl::OkStatus();
}
absl::Status Pardon(Subject& s, const v1::EndSubjectRequest& r, const Act& act) {
  return End(s, Subject::PARDONED, r.document(), act);
}
absl::Status RecordDeath(Subject& s, const v1::EndSubjectRequest& r, const Act& act) {
  return End(s, Subject::DEAD, r.document(), act);
}
absl::Status RecordTermServed(Subject& s, const v1::EndSubjectRequest& r, const Act& act) {
  return End(s, Subject::EXPIRED, r.document(), act);
}
absl::Status RecordRevoked(Subject& s, const v1::RecordSubjectRevokedRequest& r, const Act& act) {
  return End(s, r.end(), r.document(), act);
}

absl::Status RecordReoffence(Subject& s, const v1::RecordSubjectReoffenceRequest& r, const Act& act) {
  *s.mutable_reoffence() = r.reoffence();
  s.mutable_reoffence()->set_sentenced_on(act.occurred_on());
  return absl::OkStatus();
}

// Who is absent the day after his limit is searched for (社区矫正法 §30).
absl::Status MissReport(Subject& s, const Act& act) {
  const auto* limit = procedure::FindClock(s.clocks(), Subject::Limit_Name(Subject::REPORT_BY));
  return BeginSearch(s, Search::NOT_REPORTED, limit->due_on(), act);
}

absl::Status PrepareRelease(Subject& s, const Act& act) {
  if (!act.facts().NothingStands("Release:open")) return absl::OkStatus();
  return act.Open<Release>(Release::PREPARE, RecordOf<Release>(s)).status();
}

// The timers of his reports.
using Timer = procedure::Start<Subject>;
constexpr Timer kNextReport = {.clock = Subject::NEXT_REPORT, .article = "24", .when = HasNextReport, .until = ReportTimer};
constexpr Timer kNextHealth = {.clock = Subject::NEXT_HEALTH, .article = "24", .when = HasNextHealthReport, .until = HealthTimer};
constexpr Timer kNextRecheck = {.clock = Subject::NEXT_RECHECK, .article = "24", .when = HasNextRecheck, .until = RecheckTimer};

constexpr procedure::States kPresent = {Subject::NOTICED, Subject::REGISTERED, Subject::ACTIVE};
constexpr procedure::States kReceived = {Subject::REGISTERED, Subject::ACTIVE};

// The county receives and decides; the office forms the team and announces (law §2.1).
const Row<Subject> kRows[] = {
    {.act = Subject::NOTICE,
     .from = {Subject::STATE_UNSPECIFIED},
     .to = Subject::NOTICED,
     .level = Level::kCounty,
     .create = Create<NewSubject>,
     .apply = Apply<Notice>,
     .checks = {&kTermInOrder},
     .starts = {{.clock = Subject::DOCUMENTS_BY, .period = calendar::Days("CCL", 10), .article = "20", .from = EffectiveDay},
                {.clock = Subject::REPORT_BY,
                 .period = calendar::Days("CCL", 10),
                 .article = "21",
                 .from = EffectiveDay,
                 .when = Reports},
                {.clock = Subject::REPORT_BY, .period = calendar::Days("CCL", 10), .article = "21", .when = IsEscorted},
                {.clock = Subject::TERM, .article = "17", .from = TermFrom, .until = TermTo}},
     .papers = {Subject::DECISION},
     .law = Ccl("20")},
    {.act = Subject::RECEIVE_DOCUMENTS,
     .from = kPresent,
     .aside = true,
     .level = Level::kCounty,
     .apply = Apply<ReceiveDocuments>,
     .checks = {&kInForce},
     .stops = {Subject::DOCUMENTS_BY},
     .papers = {Subject::RECEIPT},
     .law = Ccl("22")},
    {.act = Subject::REGISTER,
     .from = {Subject::NOTICED},
     .to = Subject::REGISTERED,
     .level = Level::kCounty,
     .apply = Apply<Register>,
     .checks = {&kInForce},
     .stops = {Subject::REPORT_BY},
     .papers = {Subject::REGISTRATION},
     .law = Ccl("22")},
    {.act = Subject::FORM_TEAM,
     .from = kReceived,
     .apply = Apply<FormTeam>,
     .checks = {&kTeamHasWoman, &kTeamKnowsMinors},
     .papers = {Subject::TEAM_LIST},
     .law = Ccl("25")},
    {.act = Subject::ANNOUNCE,
     .from = {Subject::REGISTERED},
     .to = Subject::ACTIVE,
     .guards = {&kTeamFormed},
     .apply = Apply<Announce>,
     .checks = {&kMinorNotPublic},
     .starts = {{.clock = Subject::RELEASE_FROM, .article = "53", .when = Reports, .until = ReleaseFrom},
                kNextReport,
                kNextHealth,
                kNextRecheck},
     .papers = {Subject::ANNOUNCEMENT, Subject::RESPONSIBILITY},
     .law = Ccl("22")},
    {.act = Subject::CLASSIFY,
     .from = kReceived,
     .level = Level::kCounty,
     .apply = Apply<Classify>,
     .starts = {kNextReport},
     .stops = {Subject::NEXT_REPORT},
     .papers = {Subject::CLASSIFICATION},
     .law = Ccl("24")},
    {.act = Subject::CORRECT_TERM,
     .from = kPresent,
     .level = Level::kCounty,
     .apply = Apply<CorrectTerm>,
     .checks = {&kTermInOrder},
     .starts = {{.clock = Subject::TERM, .article = "17", .from = TermFrom, .until = TermTo},
                {.clock = Subject::RELEASE_FROM, .article = "53", .when = Expires, .until = ReleaseFrom},
                kNextReport,
                kNextHealth,
                kNextRecheck},
     .stops = {Subject::NEXT_REPORT, Subject::NEXT_HEALTH, Subject::NEXT_RECHECK},
     .law = Ccl("17")},
    // By the ruling of the court (Commutation).
    {.act = Subject::COMMUTE,
     .from = kReceived,
     .indirect = true,
     .checks = {&kTermInOrder},
     .starts = {{.clock = Subject::TERM, .article = "33", .from = TermFrom, .until = TermTo},
                {.clock = Subject::RELEASE_FROM, .article = "53", .when = Expires, .until = ReleaseFrom}},
     .law = Ccl("33")},
    {.act = Subject::MISS_REPORT,
     .from = {Subject::NOTICED},
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<MissReport>,
     .law = Ccl("30")},
    {.act = Subject::PREPARE_RELEASE,
     .from = {Subject::ACTIVE},
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<PrepareRelease>,
     .stops = {Subject::RELEASE_FROM},
     .law = Ccm("53")},
    {.act = Subject::OPEN_REPORT,
     .from = {Subject::ACTIVE},
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<OpenReport>,
     .starts = {kNextReport},
     .stops = {Subject::NEXT_REPORT},
     .law = Ccm("24")},
    {.act = Subject::OPEN_HEALTH,
     .from = {Subject::ACTIVE},
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<OpenHealthReport>,
     .starts = {kNextHealth},
     .stops = {Subject::NEXT_HEALTH},
     .law = Ccm("24")},
    {.act = Subject::OPEN_RECHECK,
     .from = {Subject::ACTIVE},
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<OpenRecheck>,
     .starts = {kNextRecheck},
     .stops = {Subject::NEXT_RECHECK},
     .law = Ccm("24")},
    {.act = Subject::PUT_OFF_RECHECK,
     .from = {Subject::ACTIVE},
     .indirect = true,
     .aside = true,
     .starts = {kNextRecheck},
     .stops = {Subject::NEXT_RECHECK},
     .law = Ccm("24")},
    {.act = Subject::EXPIRE,
     .from = {Subject::ACTIVE},
     .to = Subject::RELEASED,
     .indirect = true,
     .level = Level::kCounty,
     .guards = {&kNotOutside, &kTermOver, &kNothingPending},
     .stops = {Subject::DOCUMENTS_BY, Subject::RELEASE_FROM, Subject::TERM, Subject::NEXT_REPORT, Subject::NEXT_HEALTH,
               Subject::NEXT_RECHECK},
     .papers = {Subject::RELEASE},
     .law = Ccl("44")},
    {.act = Subject::RECORD_REOFFENCE,
     .from = {Subject::REGISTERED, Subject::ACTIVE, Subject::RELEASED, Subject::TERMINATED},
     .aside = true,
     .level = Level::kCounty,
     .guards = {&kNotYetRecorded},
     .apply = Apply<RecordReoffence>,
     .checks = {&kInCorrectionThen},
     .law = Cl("77")},
    {.act = Subject::MOVE, .from = kReceived, .indirect = true, .aside = true, .law = Ccl("27")},
    {.act = Subject::PARDON,
     .from = kPresent,
     .to = Subject::RELEASED,
     .level = Level::kCounty,
     .apply = Apply<Pardon>,
     .stops = {Subject::DOCUMENTS_BY, Subject::REPORT_BY, Subject::RELEASE_FROM, Subject::TERM, Subject::NEXT_REPORT,
               Subject::NEXT_HEALTH, Subject::NEXT_RECHECK},
     .papers = {Subject::RELEASE},
     .law = Ccl("44")},
    {.act = Subject::RECORD_DEATH,
     .from = kPresent,
     .to = Subject::TERMINATED,
     .level = Level::kCounty,
     .apply = Apply<RecordDeath>,
     .stops = {Subject::DOCUMENTS_BY, Subject::REPORT_BY, Subject::RELEASE_FROM, Subject::TERM, Subject::NEXT_REPORT,
               Subject::NEXT_HEALTH, Subject::NEXT_RECHECK},
     .papers = {Subject::TERMINATION},
     .law = Ccl("51")},
    {.act = Subject::RECORD_REVOKED,
     .from = kPresent,
     .to = Subject::TERMINATED,
     .level = Level::kCounty,
     .apply = Apply<RecordRevoked>,
     .checks = {&kCauseFits},
     .stops = {Subject::DOCUMENTS_BY, Subject::REPORT_BY, Subject::RELEASE_FROM, Subject::TERM, Subject::NEXT_REPORT,
               Subject::NEXT_HEALTH, Subject::NEXT_RECHECK},
     .papers = {Subject::TERMINATION},
     .law = Ccl("45")},
    // By the ruling that the county asked for (Revocation); the one above is for those that it did not (社区矫正法 §46).
    {.act = Subject::TERMINATE,
     .from = kPresent,
     .to = Subject::TERMINATED,
     .indirect = true,
     .checks = {&kCauseFits},
     .stops = {Subject::DOCUMENTS_BY, Subject::REPORT_BY, Subject::RELEASE_FROM, Subject::TERM, Subject::NEXT_REPORT,
               Subject::NEXT_HEALTH, Subject::NEXT_RECHECK},
     .papers = {Subject::TERMINATION},
     .law = kCcl45},
    {.act = Subject::RECORD_TERM_SERVED,
     .from = kReceived,
     .to = Subject::RELEASED,
     .level = Level::kCounty,
     .guards = {&kServesOutside},
     .apply = Apply<RecordTermServed>,
     .stops = {Subject::DOCUMENTS_BY, Subject::TERM, Subject::NEXT_REPORT, Subject::NEXT_HEALTH, Subject::NEXT_RECHECK},
     .papers = {Subject::RELEASE},
     .law = Ccl("44")},
};

const procedure::ClockKind kClocks[] = {
    {.clock = Subject::DOCUMENTS_BY, .warn_days = 3},
    {.clock = Subject::REPORT_BY, .warn_days = 3, .then = Subject::MISS_REPORT},
    {.clock = Subject::TERM, .warn_days = 30},
    {.clock = Subject::RELEASE_FROM, .warn_days = 0, .then = Subject::PREPARE_RELEASE},
    {.clock = Subject::NEXT_REPORT, .warn_days = 0, .then = Subject::OPEN_REPORT},
    {.clock = Subject::NEXT_HEALTH, .warn_days = 0, .then = Subject::OPEN_HEALTH},
    {.clock = Subject::NEXT_RECHECK, .warn_days = 0, .then = Subject::OPEN_RECHECK},
};

casework::Index IndexOf(const Subject& s) {
  return {.day = s.registered_on(),
          .terms = {{"category", s.decision().category()}, {"class", s.management_class()}},
          .blind = {{"id_number", s.person().id_number()}, {"phone", s.person().phone()}},
          .names = {s.person().name()}};
}

// 社区矫正对象编号: county, year, running number.
std::optional<casework::Numbering> NumberingOf(const Subject& s, absl::CivilDay act_day) {
  if (!s.number().empty() || s.registered_on().empty()) return std::nullopt;
  const std::string prefix = absl::StrCat(s.region().substr(0, 6), act_day.year());
  return casework::Numbering{absl::StrCat(prefix, "/矫正"),
                             [prefix](int64_t number) { return absl::StrCat(prefix, absl::StrFormat("%05d", number)); }};
}

absl::Status Narrow(const v1::ListSubjectsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.category().empty()) query->terms.push_back({"category", r.category()});
  if (!r.management_class().empty()) query->terms.push_back({"class", r.management_class()});
  if (!r.id_number().empty()) query->blind.push_back({"id_number", r.id_number()});
  query->name = r.name();
  return absl::OkStatus();
}

// By an account of his own he reads his record.
std::vector<casework::Further> ForHimself(const Subject& s) {
  return {{.path = OwnPath(s.organisation_path(), s.id()), .acts = {}, .also = true}};
}

}  // namespace

absl::Status FollowTerm(const std::string& term_to, const Act& act) {
  for (const Release* release : act.facts().All<Release>()) {
    if (kReleaseProcedure.terminal.Has(release->state())) continue;
    const auto follow = [&](Release& open) {
      open.mutable_person()->set_term_to(term_to);
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(act.ActOn<Release>(Release::FOLLOW_TERM, release->id(), follow).status());
  }
  for (const TrackingAuthority* authority : act.facts().All<TrackingAuthority>()) {
    if (kTrackingAuthorityProcedure.terminal.Has(authority->state()) || authority->to() <= term_to) continue;
    const auto cut = [&](TrackingAuthority& open) {
      open.set_to(term_to);
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(act.ActOn<TrackingAuthority>(TrackingAuthority::FOLLOW_TERM, authority->id(), cut).status());
  }
  return absl::OkStatus();
}

const procedure::Procedure<Subject> kSubjectProcedure = {
    .name = "社区矫正对象",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Subject::RELEASED, Subject::TERMINATED, Subject::VOIDED},
    .states = Subject::State_descriptor,
    .acts = Subject::Act_descriptor,
    .clock_kinds = Subject::Limit_descriptor,
    .papers = Subject::Document_descriptor,
};

const casework::Definition<Subject> kSubject = {
    .procedure = &kSubjectProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kSubjectsCube, &kReceptionsCube, &kEndingsCube, &kReoffencesCube},
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .amendments = &kSubjectAmendments,
    .looks_at = {"Release", "Search", "TrackingAuthority"},
    .flags = {{Subject::MISSING, "Search", {Search::SEARCHING, Search::POLICE_ASKED}},
              {Subject::REVOKE_PENDING, "Revocation", {Revocation::PROPOSED, Revocation::SUBMITTED}},
              {Subject::DETAINED, "Arrest", {Arrest::EXECUTED, Arrest::RELEASE_DUE}},
              {Subject::DETAINED, "Custody", {Custody::HELD}},
              {Subject::TAGGED, "TrackingAuthority", {TrackingAuthority::RUNNING}},
              {Subject::TRANSFER_PENDING,
               "Transfer",
               {Transfer::APPLIED, Transfer::CONSULTING, Transfer::ANSWERED, Transfer::SETTLED, Transfer::DECIDED,
                Transfer::HANDED_OVER}},
              {Subject::DETAINED, "PolicePenalty", {PolicePenalty::DETAINED}},
              {Subject::ON_LEAVE, "Leave", {Leave::DEPARTED, Leave::EXTENDING, Leave::OVERSTAYED}}},
    .further = ForHimself,
    .sealed = IsMinor<Subject>,
};

}  // namespace sifa::corrections
