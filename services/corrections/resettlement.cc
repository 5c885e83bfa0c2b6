#include "services/corrections/resettlement.h"

#include <algorithm>

#include "libs/casework/place.h"
#include "services/corrections/record.h"

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

constexpr char kParoleEnded[] = "02", kCorrectionsEnded[] = "04";  // release_type

constexpr procedure::Law kPrison35 = Prison("35");  // released when the term ends, with a release paper
constexpr procedure::Law kPrison37 = Prison("37");  // local government helps him to settle

absl::CivilDay ReleaseDay(const Resettlement& r) { return DayIn(r.release_on()); }
absl::CivilDay ReportBy(const Resettlement& r) { return DayIn(r.report_by()); }

// A sentence of up to one year is verified in two weeks, so that help does not come after the release.
bool IsShortTerm(const Resettlement& r) {
  const absl::CivilDay from = DayIn(r.term_from());
  return DayIn(r.term_to()) < absl::CivilDay(from.year() + 1, from.month(), from.day());
}
bool IsLongTerm(const Resettlement& r) { return !IsShortTerm(r); }

// The prison's notice is due one month before the release: on the corresponding day, or the last of its month.
absl::CivilDay NoticeDay(const Resettlement& r) {
  const absl::CivilDay release = ReleaseDay(r);
  const absl::CivilMonth month = absl::CivilMonth(release) - 1;
  return std::min(absl::CivilDay(month) + (release.day() - 1), absl::CivilDay(month + 1) - 1);
}
bool NoticeIsAhead(const Resettlement& r) { return NoticeDay(r) > DayIn(r.received_on()); }

bool IsKeyPerson(const Resettlement& r) { return r.risk() == kKeyPerson; }
bool IsOrdinaryPerson(const Resettlement& r) { return r.risk() == kOrdinaryPerson; }

const Guard<Resettlement> kTermInOrder = {
    "刑期", "TERM_REVERSED", "刑期终止日期、释放日期不能早于刑期起始日期", kPrison35,
    [](const Resettlement& r, const Facts&) { return r.term_from() <= std::min(r.term_to(), r.release_on()); }};
const Guard<Resettlement> kReportAfterRelease = {
    "报到", "REPORT_BEFORE_RELEASE", "报到期限不能早于释放日期", kPrison35,
    [](const Resettlement& r, const Facts&) { return r.report_by() >= r.release_on(); }};
const Guard<Resettlement> kIsReleased = {
    "衔接", "NOT_YET_RELEASED", "释放之日起才能衔接", kPrison37,
    [](const Resettlement& r, const Facts& facts) { return FormatDay(facts.act_day) >= r.release_on(); }};
// 必接必送. Who had been lost comes by himself, or is brought.
const Guard<Resettlement> kKeyPersonFetched = {
    "衔接", "KEY_PERSON_NOT_FETCHED", "重点帮教对象应当必接必送；未能接回的，应当说明原因", kPrison37,
    [](const Resettlement& r, const Facts&) {
      return r.state() == Resettlement::UNLINKED || !IsKeyPerson(r) || r.fetched() || !r.not_fetched_reason().empty();
    }};
const Guard<Resettlement> kAgreed = {"帮教", "HELP_NOT_AGREED", "安置帮教是自愿的，帮教协议和方案应当经本人同意", kPrison37,
                                     [](const Resettlement& r, const Facts&) { return r.agreed(); }};
const Guard<Resettlement> kPeriodOver = {
    "结束", "HELP_PERIOD_NOT_OVER", "帮教期限尚未届满", kPrison37, [](const Resettlement& r, const Facts& facts) {
      if (r.end() != Resettlement::EXPIRED) return true;
      const auto* period = procedure::FindClock(r.clocks(), Resettlement::Limit_Name(Resettlement::HELP_UNTIL));
      return period != nullptr && procedure::IsPast(*period, facts.act_day);
    }};
const Guard<Resettlement> kReoffenceDocumented = {
    "结束", "REOFFENCE_WITHOUT_DOCUMENT", "因重新犯罪结束的，应当有裁判文书等依据", kPrison37,
    [](const Resettlement& r, const Facts&) { return r.end() != Resettlement::REOFFENDED || !r.end_document().empty(); }};

absl::StatusOr<bool> IsHelped(const std::string& id_number, const Act& act) {
  casework::ListQuery query;
  query.scopes = {"/"};
  query.blind = {{"id_number", id_number}};
  query.open = true;
  query.limit = 1;
  ASSIGN_OR_RETURN(const auto present,
                   act.backend().store.List(act.connection(), act.neighbours().TypeOf<Resettlement>(), query));
  return !present.empty();
}

absl::StatusOr<Resettlement> NewResettlement(const v1::ReceiveResettlementRequest& r, const Asking& asking) {
  Resettlement made;
  made.set_organisation(r.office());
  ASSIGN_OR_RETURN(*made.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  made.set_region(region.ToString());
  made.set_origin(Resettlement::PRISON);
  *made.mutable_person() = r.person();
  made.set_release_type(r.release_type());
  made.set_prison(r.prison());
  made.set_prison_number(r.prison_number());
  made.set_offence(r.offence());
  made.set_term_from(r.term_from());
  made.set_term_to(r.term_to());
  made.set_release_on(r.release_on());
  made.set_received_on(asking.occurred_on());
  // Who had not come of age when the term began had not when he offended either.
  made.set_minor(IsMinorOn(r.person(), r.term_from()));
  return made;
}

absl::Status Receive(Resettlement& r, const v1::ReceiveResettlementRequest&, const Act& act) {
  ASSIGN_OR_RETURN(const bool helped, IsHelped(r.person().id_number(), act));
  if (!helped) return absl::OkStatus();
  return InvalidField("person.id_number", "RESETTLEMENT_EXISTS", "该公民身份号码的人员已有未结束的安置帮教");
}

absl::Status Verify(Resettlement& r, const v1::VerifyResettlementRequest& request, const Act& act) {
  r.set_verified_on(act.occurred_on());
  r.set_verification(request.verification());
  return absl::OkStatus();
}

absl::Status DeclareUnknown(Resettlement& r, const v1::DeclareResettlementUnknownRequest& request) {
  r.set_verification(request.verification());
  return absl::OkStatus();
}

absl::Status Prerelease(Resettlement& r, const v1::PrereleaseResettlementRequest& request) {
  r.set_release_on(request.release_on());
  r.set_report_by(request.report_by());
  r.set_risk(request.risk());
  return absl::OkStatus();
}

absl::Status Link(Resettlement& r, const v1::LinkResettlementRequest& request, const Act& act) {
  r.set_linked_on(act.occurred_on());
  r.set_fetched(request.fetched());
  r.set_not_fetched_reason(request.reason());
  return absl::OkStatus();
}

absl::Status Help(Resettlement& r, const v1::HelpResettlementRequest& request, const Act& act) {
  r.set_risk(request.risk());
  r.set_plan(request.plan());
  r.set_agreed(request.agreed());
  *r.mutable_measures() = request.measures();
  *r.mutable_guides() = request.guides();
  if (r.helped_on().empty()) r.set_helped_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Visit(Resettlement& r, const v1::VisitResettlementRequest& request, const Act& act) {
  v1::HelpVisit* visit = r.add_visits();
  *visit = request.visit();
  visit->set_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Measure(Resettlement& r, const v1::MeasureResettlementRequest& request, const Act& act) {
  v1::MeasureResult* result = r.add_results();
  *result = request.result();
  result->set_on(act.occurred_on());
  if (result->resettled() && r.resettled_on().empty()) r.set_resettled_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status End(Resettlement& r, const v1::EndResettlementRequest& request, const Act& act) {
  if (request.end() == Resettlement::MOVED && request.moved_to().empty()) {
    return InvalidField("moved_to", "FIELD_REQUIRED", "转出的，应当填写转往地");
  }
  r.set_end(request.end());
  r.set_ended_on(act.occurred_on());
  r.set_end_document(request.document());
  r.set_moved_to(request.moved_to());
  return absl::OkStatus();
}

// On the morning after its last day.
absl::Status Expire(Resettlement& r, const Act&) {
  const auto* period = procedure::FindClock(r.clocks(), Resettlement::Limit_Name(Resettlement::HELP_UNTIL));
  r.set_end(Resettlement::EXPIRED);
  r.set_ended_on(period->due_on());
  return absl::OkStatus();
}

constexpr procedure::States kReleased = {Resettlement::LINKED, Resettlement::HELPING};
constexpr procedure::States kPresent = {Resettlement::VERIFIED, Resettlement::PRE_RELEASE, Resettlement::LINKED,
                                        Resettlement::UNLINKED, Resettlement::HELPING};

const procedure::Start<Resettlement> kVisitKeyPerson = {.clock = Resettlement::VISIT_BY,
                                                        .period = calendar::Months("RSR", 1),
                                                        .when = IsKeyPerson,
                                                        .parameter = "corrections.resettlement_visit_months_key"};
const procedure::Start<Resettlement> kVisitOrdinaryPerson = {.clock = Resettlement::VISIT_BY,
                                                             .period = calendar::Months("RSR", 3),
                                                             .when = IsOrdinaryPerson,
                                                             .parameter = "corrections.resettlement_visit_months_ordinary"};

const Row<Resettlement> kRows[] = {
    {.act = Resettlement::RECEIVE,
     .from = {Resettlement::STATE_UNSPECIFIED},
     .to = Resettlement::RECEIVED,
     .level = Level::kCounty,
     .create = Create<NewResettlement>,
     .apply = Apply<Receive>,
     .checks = {&kTermInOrder},
     .starts = {{.clock = Resettlement::VERIFY_BY, .period = calendar::Months("RSR", 1), .when = IsLongTerm},
                {.clock = Resettlement::VERIFY_BY, .period = calendar::Days("RSR", 14), .when = IsShortTerm},
                {.clock = Resettlement::NOTICE_BY, .when = NoticeIsAhead, .until = NoticeDay}},
     .law = kPrison37},
    // From here: he is known, and nobody has to look for him.
    {.act = Resettlement::OPEN,
     .from = {Resettlement::STATE_UNSPECIFIED},
     .to = Resettlement::LINKED,
     .indirect = true,
     .starts = {{.clock = Resettlement::HELP_UNTIL,
                 .period = calendar::Years("RSP", 3),
                 .from = ReleaseDay,
                 .parameter = "corrections.resettlement_years_after_corrections"}},
     .papers = {Resettlement::LINKING},
     .law = Ccm("53")},
    {.act = Resettlement::VERIFY,
     .from = {Resettlement::RECEIVED},
     .to = Resettlement::VERIFIED,
     .apply = Apply<Verify>,
     .stops = {Resettlement::VERIFY_BY},
     .papers = {Resettlement::VERIFICATION},
     .law = kPrison37},
    {.act = Resettlement::DECLARE_UNKNOWN,
     .from = {Resettlement::RECEIVED},
     .to = Resettlement::UNVERIFIED,
     .apply = Apply<DeclareUnknown>,
     .stops = {Resettlement::VERIFY_BY, Resettlement::NOTICE_BY},
     .papers = {Resettlement::VERIFICATION},
     .law = kPrison37},
    {.act = Resettlement::PRERELEASE,
     .from = {Resettlement::VERIFIED},
     .to = Resettlement::PRE_RELEASE,
     .level = Level::kCounty,
     .apply = Apply<Prerelease>,
     .checks = {&kTermInOrder, &kReportAfterRelease},
     .starts = {{.clock = Resettlement::REPORT_BY, .from = ReleaseDay, .until = ReportBy},
                {.clock = Resettlement::HELP_UNTIL,
                 .period = calendar::Years("RSP", 5),
                 .from = ReleaseDay,
                 .parameter = "corrections.resettlement_years_after_prison"}},
     .stops = {Resettlement::NOTICE_BY},
     .papers = {Resettlement::RELEASE_NOTICE},
     .law = kPrison35},
    {.act = Resettlement::LINK,
     .from = {Resettlement::PRE_RELEASE, Resettlement::UNLINKED},
     .to = Resettlement::LINKED,
     .apply = Apply<Link>,
     .checks = {&kIsReleased, &kKeyPersonFetched},
     .stops = {Resettlement::REPORT_BY},
     .papers = {Resettlement::LINKING},
     .law = kPrison37},
    {.act = Resettlement::MISS,
     .from = {Resettlement::PRE_RELEASE},
     .to = Resettlement::UNLINKED,
     .aside = true,
     .level = Level::kSystem,
     .law = kPrison37},
    {.act = Resettlement::HELP,
     .from = kReleased,
     .to = Resettlement::HELPING,
     .apply = Apply<Help>,
     .checks = {&kAgreed},
     .starts = {kVisitKeyPerson, kVisitOrdinaryPerson},
     .papers = {Resettlement::PLAN},
     .law = kPrison37},
    {.act = Resettlement::VISIT,
     .from = kReleased,
     .apply = Apply<Visit>,
     .starts = {kVisitKeyPerson, kVisitOrdinaryPerson},
     .papers = {Resettlement::VISIT_RECORD},
     .law = kPrison37},
    {.act = Resettlement::MEASURE, .from = kReleased, .apply = Apply<Measure>, .law = kPrison37},
    {.act = Resettlement::END,
     .from = kPresent,
     .to = Resettlement::ENDED,
     .level = Level::kCounty,
     .apply = Apply<End>,
     .checks = {&kPeriodOver, &kReoffenceDocumented},
     .stops = {Resettlement::NOTICE_BY, Resettlement::REPORT_BY, Resettlement::VISIT_BY, Resettlement::HELP_UNTIL},
     .papers = {Resettlement::END_NOTICE},
     .law = kPrison37},
    {.act = Resettlement::EXPIRE,
     .from = kPresent,
     .to = Resettlement::ENDED,
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<Expire>,
     .stops = {Resettlement::REPORT_BY, Resettlement::VISIT_BY, Resettlement::HELP_UNTIL},
     .papers = {Resettlement::END_NOTICE},
     .law = kPrison37},
};

const procedure::ClockKind kClocks[] = {
    {.clock = Resettlement::VERIFY_BY, .warn_days = 5},
    {.clock = Resettlement::NOTICE_BY, .warn_days = 5},
    {.clock = Resettlement::REPORT_BY, .warn_days = 3, .then = Resettlement::MISS},
    {.clock = Resettlement::VISIT_BY, .warn_days = 7},
    {.clock = Resettlement::HELP_UNTIL, .warn_days = 30, .then = Resettlement::EXPIRE},
};

casework::Index IndexOf(const Resettlement& r) {
  return {.day = r.release_on(),
          .terms = {{"subject", r.subject()}, {"risk", r.risk()}},
          .blind = {{"id_number", r.person().id_number()}, {"phone", r.person().phone()}},
          .names = {r.person().name()}};
}

std::optional<casework::Numbering> NumberingOf(const Resettlement& r, absl::CivilDay act_day) {
  return CountyNumbering(r, act_day, "安帮");
}

absl::Status Narrow(const v1::ListResettlementsRequest& r, const casework::Backend& backend, casework::ListQuery* query) {
  query->day_from = r.release_from();
  query->day_to = r.release_to();
  if (!r.risk().empty()) query->terms.push_back({"risk", r.risk()});
  if (!r.id_number().empty()) query->blind.push_back({"id_number", r.id_number()});
  return NarrowRecords(r, backend, query);
}

}  // namespace

absl::Status BeginResettlement(const Subject& s, const std::string& appraisal, const Act& act) {
  ASSIGN_OR_RETURN(const bool helped, IsHelped(s.person().id_number(), act));
  if (helped) return absl::OkStatus();
  Resettlement r;
  r.set_organisation(s.organisation());
  r.set_organisation_path(s.organisation_path());
  r.set_region(s.region());
  r.set_subject(s.id());
  r.set_origin(Resettlement::CORRECTIONS);
  *r.mutable_person() = s.person();
  r.set_minor(s.minor());
  r.set_release_type(s.decision().category() == kParole ? kParoleEnded : kCorrectionsEnded);
  r.set_offence(s.decision().offence());
  r.set_term_from(s.decision().term_from());
  r.set_term_to(s.decision().term_to());
  r.set_release_on(s.ended_on());
  r.set_received_on(act.occurred_on());
  r.set_linked_on(act.occurred_on());
  r.set_appraisal(appraisal);
  return act.Open<Resettlement>(Resettlement::OPEN, std::move(r)).status();
}

const procedure::Procedure<Resettlement> kResettlementProcedure = {
    .name = "安置帮教",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Resettlement::UNVERIFIED, Resettlement::ENDED, Resettlement::VOIDED},
    .states = Resettlement::State_descriptor,
    .acts = Resettlement::Act_descriptor,
    .clock_kinds = Resettlement::Limit_descriptor,
    .papers = Resettlement::Document_descriptor,
};

const casework::Definition<Resettlement> kResettlement = {
    .procedure = &kResettlementProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kResettlementsCube},
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .amendments = &kResettlementAmendments,
    .references = {BesideSubject()},
    .sealed = IsMinor<Resettlement>,
};

}  // namespace sifa::corrections
