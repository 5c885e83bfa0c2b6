#include "services/enforcement/officer.h"

#include <algorithm>
#include <set>

#include "libs/core/status.h"
#include "services/enforcement/findings.h"
#include "services/enforcement/officer_code.h"
#include "services/enforcement/record.h"

namespace sifa::enforcement {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCertified = Apl("42");

absl::CivilDay LastDay(const Officer& officer) { return DayIn(LatestCertificate(officer)->to()); }

const Guard<Officer> kTrained = {"发证", "TRAINING_MISSING", "未经培训考试合格，不能发给行政执法证", kCertified,
                                 [](const Officer& o, const Facts&) { return !o.trainings().empty(); }};
// Since the certificate that is renewed was issued.
const Guard<Officer> kTrainedAgain = {"换证", "TRAINING_MISSING", "现有证件有效期内没有培训考试合格的记录，不能换证", kCertified,
                                      [](const Officer& o, const Facts&) {
                                        const Certificate* latest = LatestCertificate(o);
                                        return std::any_of(o.trainings().begin(), o.trainings().end(),
                                                           [&](const v1::Training& training) {
                                                             return latest != nullptr && training.passed_on() >= latest->from();
                                                           });
                                      }};
const Guard<Officer> kValidityInOrder = {
    "发证", "CERTIFICATE_REVERSED", "证件有效期的截止日期不能早于起始日期，也不能早于发证之日", kCertified,
    [](const Officer& o, const Facts& facts) {
      const Certificate* latest = LatestCertificate(o);
      return latest != nullptr && latest->from() <= latest->to() && FormatDay(facts.act_day) <= latest->to();
    }};

absl::StatusOr<Officer> NewOfficer(const v1::RegisterOfficerRequest& r, const Act& act) {
  return AtAgency<Officer>(r.agency(), act);
}

absl::Status Register(Officer& officer, const v1::RegisterOfficerRequest& r) {
  officer.set_name(r.name());
  officer.set_id_number(r.id_number());
  officer.set_post(r.post());
  return absl::OkStatus();
}

absl::Status Train(Officer& officer, const v1::TrainOfficerRequest& r, const Act& act) {
  v1::Training& training = *officer.add_trainings();
  training.set_subject(r.subject());
  training.set_hours(r.hours());
  training.set_passed_on(act.occurred_on());
  return absl::OkStatus();
}

// The certificate before it counts no more from the day on which the new one begins.
template <class Request>
absl::Status Issue(Officer* officer, const Request& r, const Act& act) {
  if (!casework::KnownRegion(act.regions(), r.district()).ok()) {
    return InvalidField("district", "REGION_UNKNOWN", "没有这个行政区划");
  }
  if (!officer->certificates().empty()) {
    Certificate& former = *officer->mutable_certificates()->rbegin();
    if (former.withdrawn_on().empty() && r.from() <= former.to()) former.set_withdrawn_on(r.from());
  }
  Certificate& certificate = *officer->add_certificates();
  certificate.set_number(r.certificate());
  certificate.set_agency(officer->agency());
  certificate.set_agency_code(officer->agency_code());
  certificate.set_agency_name(officer->agency_name());
  certificate.set_district(r.district());
  certificate.set_from(r.from());
  certificate.set_to(r.to());
  return absl::OkStatus();
}

template <class Request>
absl::Status IssueQualified(Officer* officer, const Request& r, const Act& act) {
  officer->set_hearing_chair(r.hearing_chair());
  if (!r.legal_qualification().empty()) officer->set_legal_qualification(r.legal_qualification());
  return Issue(officer, r, act);
}
absl::Status Certify(Officer& officer, const v1::CertifyOfficerRequest& r, const Act& act) {
  return IssueQualified(&officer, r, act);
}
absl::Status Renew(Officer& officer, const v1::RenewOfficerRequest& r, const Act& act) {
  return IssueQualified(&officer, r, act);
}

absl::Status Move(Officer& officer, const v1::MoveOfficerRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Agency to, act.Load<Agency>(r.agency()));
  if (to.state() != Agency::ANNOUNCED) {
    return InvalidField("agency", "AGENCY_NOT_ANNOUNCED", "该执法主体尚未公告，或者已经终止");
  }
  PlaceAt(to, &officer);
  return Issue(&officer, r, act);
}

absl::Status Suspend(Officer& officer, const v1::SuspendOfficerRequest& r, const Act& act) {
  v1::Suspension& suspension = *officer.add_suspensions();
  suspension.set_from(act.occurred_on());
  suspension.set_reason(r.reason());
  return absl::OkStatus();
}

absl::Status Resume(Officer& officer, const v1::ResumeOfficerRequest&, const Act& act) {
  officer.mutable_suspensions()->rbegin()->set_to(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Revoke(Officer& officer, const v1::RevokeOfficerRequest& r, const Act& act) {
  Certificate& latest = *officer.mutable_certificates()->rbegin();
  if (latest.withdrawn_on().empty()) latest.set_withdrawn_on(act.occurred_on());
  officer.set_revoked_on(act.occurred_on());
  officer.set_revoke_reason(r.reason());
  return absl::OkStatus();
}

constexpr procedure::States kHasCertificate = {Officer::CERTIFIED, Officer::SUSPENDED};

const Row<Officer> kRows[] = {
    {.act = Officer::REGISTER,
     .from = {Officer::STATE_UNSPECIFIED},
     .to = Officer::REGISTERED,
     .create = Create<NewOfficer>,
     .apply = Apply<Register>,
     .checks = {&kAgencyStands<Officer>},
     .law = kCertified},
    {.act = Officer::TRAIN,
     .from = {Officer::REGISTERED, Officer::CERTIFIED, Officer::SUSPENDED, Officer::EXPIRED},
     .aside = true,
     .apply = Apply<Train>,
     .law = kCertified},
    {.act = Officer::CERTIFY,
     .from = {Officer::REGISTERED},
     .to = Officer::CERTIFIED,
     .level = Level::kCounty,
     .guards = {&kTrained},
     .apply = Apply<Certify>,
     .checks = {&kAgencyStands<Officer>, &kValidityInOrder},
     .starts = {{.clock = Officer::VALIDITY, .article = "42", .until = LastDay}},
     .papers = {Officer::CERTIFICATE},
     .law = kCertified},
    {.act = Officer::SUSPEND,
     .from = {Officer::CERTIFIED},
     .to = Officer::SUSPENDED,
     .level = Level::kCounty,
     .apply = Apply<Suspend>,
     .papers = {Officer::SUSPENSION},
     .law = kCertified},
    {.act = Officer::RESUME,
     .from = {Officer::SUSPENDED},
     .to = Officer::CERTIFIED,
     .level = Level::kCounty,
     .apply = Apply<Resume>,
     .law = kCertified},
    {.act = Officer::REVOKE,
     .from = {Officer::CERTIFIED, Officer::SUSPENDED, Officer::EXPIRED},
     .to = Officer::REVOKED,
     .level = Level::kCounty,
     .apply = Apply<Revoke>,
     .stops = {Officer::VALIDITY},
     .papers = {Officer::REVOCATION},
     .law = kCertified},
    {.act = Officer::RENEW,
     .from = {Officer::CERTIFIED, Officer::EXPIRED},
     .to = Officer::CERTIFIED,
     .level = Level::kCounty,
     .guards = {&kTrainedAgain},
     .apply = Apply<Renew>,
     .checks = {&kAgencyStands<Officer>, &kValidityInOrder},
     .starts = {{.clock = Officer::VALIDITY, .article = "42", .until = LastDay}},
     .papers = {Officer::CERTIFICATE},
     .law = kCertified},
    {.act = Officer::MOVE,
     .from = {Officer::CERTIFIED},
     .level = Level::kCounty,
     .apply = Apply<Move>,
     .checks = {&kValidityInOrder},
     .starts = {{.clock = Officer::VALIDITY, .article = "42", .until = LastDay}},
     .papers = {Officer::CERTIFICATE},
     .law = kCertified},
    {.act = Officer::EXPIRE,
     .from = kHasCertificate,
     .to = Officer::EXPIRED,
     .aside = true,
     .level = Level::kSystem,
     .stops = {Officer::VALIDITY},
     .law = kCertified},
};

const procedure::ClockKind kClocks[] = {{.clock = Officer::VALIDITY, .warn_days = 60, .then = Officer::EXPIRE}};

// Whether a certificate of his is, or was for a time, worth less than it says: what the list of revocations looks through.
bool Withdrawn(const Officer& officer) {
  return officer.state() == Officer::SUSPENDED || std::any_of(officer.certificates().begin(), officer.certificates().end(),
                                                              [](const Certificate& one) { return !one.withdrawn_on().empty(); });
}

casework::Index IndexOf(const Officer& officer) {
  casework::Index index{
      .terms = {{"agency", officer.agency()}}, .blind = {{"id_number", officer.id_number()}}, .names = {officer.name()}};
  std::set<std::string> numbers;  // a certificate that is renewed may keep its number
  for (const Certificate& certificate : officer.certificates()) numbers.insert(certificate.number());
  for (const std::string& number : numbers) {
    index.terms.push_back({"certificate", number});
    if (officer.state() == Officer::VOIDED) continue;
    index.unique.push_back({"certificate", number, InvalidField("certificate", "CERTIFICATE_IN_USE", "该执法证号已经使用")});
  }
  if (Withdrawn(officer)) index.terms.push_back({"withdrawn", "1"});
  return index;
}

absl::Status Narrow(const v1::ListOfficersRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.agency().empty()) query->terms.push_back({"agency", r.agency()});
  if (!r.certificate().empty()) query->terms.push_back({"certificate", r.certificate()});
  query->name = r.name();
  return absl::OkStatus();
}

}  // namespace

const Certificate* LatestCertificate(const Officer& officer) {
  return officer.certificates().empty() ? nullptr : &*officer.certificates().rbegin();
}

const Certificate* CertificateOn(const Officer& officer, const std::string& day) {
  if (officer.state() == Officer::VOIDED) return nullptr;
  for (const v1::Suspension& suspension : officer.suspensions()) {
    if (suspension.from() <= day && (suspension.to().empty() || day < suspension.to())) return nullptr;
  }
  for (const Certificate& one : officer.certificates()) {
    if (one.from() <= day && day <= one.to() && (one.withdrawn_on().empty() || day < one.withdrawn_on())) return &one;
  }
  return nullptr;
}

const casework::Amendments<Officer> kOfficerAmendments = {
    .amendable = {{"name"}, {"post"}, {"trainings"}, {"certificates"}, {"hearing_chair"}, {"legal_qualification"}}};

const procedure::Procedure<Officer> kOfficerProcedure = {
    .name = "行政执法人员",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Officer::REVOKED, Officer::VOIDED},
    .states = Officer::State_descriptor,
    .acts = Officer::Act_descriptor,
    .clock_kinds = Officer::Limit_descriptor,
    .papers = Officer::Document_descriptor,
};

const casework::Definition<Officer> kOfficer = {
    .procedure = &kOfficerProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .amendments = &kOfficerAmendments,
    .references = {OfAgency()},
    .project = JudgeOfficeAgain<Officer>,
    .handlers = ServeOfficerCodes,
};

}  // namespace sifa::enforcement
