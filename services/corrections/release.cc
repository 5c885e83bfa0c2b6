#include "services/corrections/release.h"

#include "services/corrections/arrest.h"
#include "services/corrections/custody.h"
#include "services/corrections/record.h"
#include "services/corrections/resettlement.h"
#include "services/corrections/revocation.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcl44 = Ccl("44");
constexpr procedure::Law kCcm53 = Ccm("53");

absl::CivilDay TermTo(const Release& release) { return DayIn(release.person().term_to()); }

const Guard<Release> kMinorNotPublic = {
    "解除宣告", "MINOR_IN_PUBLIC", "对未成年人的宣告不公开进行", Ccl("54"),
    [](const Release& release, const Facts&) { return !release.person().minor() || !release.announced_publicly(); }};

// The same as of his term (subject.cc, kNothingPending), told before it is tried.
const Guard<Release> kNothingPending = {.rule = "解除",
                                        .reason = "REVOCATION_PENDING",
                                        .text = "提请撤销、收监或者逮捕正在办理，或者人身自由受到限制，不能期满解除",
                                        .law = kCcm53,
                                        .holds =
                                            [](const Release&, const Facts& facts) {
                                              return NoneOpen<Revocation>(facts, kRevocationProcedure) &&
                                                     NoneOpen<Arrest>(facts, kArrestProcedure) &&
                                                     NoneOpen<Custody>(facts, kCustodyProcedure);
                                            },
                                        .of_others = true};

absl::Status Summarise(Release& release, const v1::SummariseReleaseRequest& r, const Act& act) {
  release.set_summary(r.summary());
  release.set_summarised_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Appraise(Release& release, const v1::AppraiseReleaseRequest& r, const Act& act) {
  release.set_appraisal(r.appraisal());
  release.set_appraised_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Announce(Release& release, const v1::AnnounceReleaseRequest& r, const Act& act) {
  release.set_announced_on(act.occurred_on());
  release.set_announced_publicly(r.publicly());
  return absl::OkStatus();
}

// The term ends on its last day, whenever the certificate is given. Help follows it (安置帮教).
absl::Status Issue(Release& release, const v1::IssueReleaseRequest&, const Act& act) {
  release.set_issued_on(act.occurred_on());
  ASSIGN_OR_RETURN(const Subject released, act.ActOn<Subject>(Subject::EXPIRE, release.subject(), [&](Subject& s) {
    s.set_end(Subject::EXPIRED);
    s.set_ended_on(s.decision().term_to());
    s.set_end_document(release.number());
    return absl::OkStatus();
  }));
  return BeginResettlement(released, release.appraisal(), act);
}

absl::Status Block(Release& release, const v1::BlockReleaseRequest& r) {
  release.set_block_reason(r.reason());
  return absl::OkStatus();
}

constexpr procedure::States kOpen = {Release::PREPARED, Release::APPRAISED, Release::ANNOUNCED, Release::BLOCKED};

const Row<Release> kRows[] = {
    {.act = Release::PREPARE,
     .from = {Release::STATE_UNSPECIFIED},
     .to = Release::PREPARED,
     .indirect = true,
     .starts = {{.clock = Release::ISSUE_BY, .article = "44", .until = TermTo}},
     .law = kCcm53},
    {.act = Release::SUMMARISE,
     .from = kOpen,
     .aside = true,
     .apply = Apply<Summarise>,
     .papers = {Release::SUMMARY},
     .law = kCcm53},
    {.act = Release::APPRAISE,
     .from = {Release::PREPARED, Release::BLOCKED},
     .to = Release::APPRAISED,
     .level = Level::kCounty,
     .apply = Apply<Appraise>,
     .papers = {Release::APPRAISAL},
     .law = kCcm53},
    {.act = Release::ANNOUNCE,
     .from = {Release::APPRAISED},
     .to = Release::ANNOUNCED,
     .apply = Apply<Announce>,
     .checks = {&kMinorNotPublic},
     .papers = {Release::ANNOUNCEMENT},
     .law = kCcm53},
    {.act = Release::ISSUE,
     .from = {Release::ANNOUNCED},
     .to = Release::ISSUED,
     .level = Level::kCounty,
     .guards = {&kNothingPending},
     .apply = Apply<Issue>,
     .stops = {Release::ISSUE_BY},
     .papers = {Release::CERTIFICATE, Release::NOTICE},
     .law = kCcl44},
    {.act = Release::BLOCK,
     .from = {Release::PREPARED, Release::APPRAISED, Release::ANNOUNCED},
     .to = Release::BLOCKED,
     .level = Level::kCounty,
     .apply = Apply<Block>,
     .law = kCcm53},
    {.act = Release::FOLLOW_TERM,
     .from = kOpen,
     .indirect = true,
     .aside = true,
     .starts = {{.clock = Release::ISSUE_BY, .article = "44", .until = TermTo}},
     .law = Ccl("17")},
    {.act = Release::LAPSE,
     .from = kOpen,
     .to = Release::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {Release::ISSUE_BY},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = Release::ISSUE_BY, .warn_days = 10}};

casework::Index IndexOf(const Release& release) { return IndexOfRecord(release, release.person().term_to()); }

std::optional<casework::Numbering> NumberingOf(const Release& release, absl::CivilDay act_day) {
  return CountyNumbering(release, act_day, "矫解");
}

}  // namespace

const procedure::Procedure<Release> kReleaseProcedure = {
    .name = "期满解除",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Release::ISSUED, Release::LAPSED, Release::VOIDED},
    .states = Release::State_descriptor,
    .acts = Release::Act_descriptor,
    .clock_kinds = Release::Limit_descriptor,
    .papers = Release::Document_descriptor,
};

const casework::Definition<Release> kRelease = {
    .procedure = &kReleaseProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListReleasesRequest>>,
    .has_files = true,
    .amendments = &kReleaseAmendments,
    .references = {OfSubject(Release::LAPSE)},
    .looks_at = {"Arrest", "Custody", "Revocation"},
    .further = ForPerson<Release, Release::SUMMARISE>,
    .sealed = OfMinor<Release>,
};

}  // namespace sifa::corrections
