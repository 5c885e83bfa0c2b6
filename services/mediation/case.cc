#include "services/mediation/case.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/casework/place.h"
#include "libs/casework/public_code.h"
#include "libs/casework/queries.h"
#include "libs/casework/service.h"
#include "libs/core/identifiers.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "services/mediation/case_acts.h"
#include "services/mediation/case_guards.h"
#include "services/mediation/case_import.h"
#include "services/mediation/committee.h"

namespace sifa::mediation {

using casework::Act;

namespace {

constexpr char kFailed[] = "2";          // mediation_result
constexpr char kWithdrawn[] = "4";

bool Contains(const google::protobuf::RepeatedPtrField<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

const v1::Member* FindMember(const Committee& committee, const std::string& id) {
  const auto& members = committee.members();
  const auto found = std::find_if(members.begin(), members.end(), [&](const v1::Member& m) { return m.id() == id; });
  return found == members.end() ? nullptr : &*found;
}

// The member who works with the account and may be given cases, or nullptr.
const v1::Member* MemberWith(const Committee& committee, const std::string& account) {
  const auto& members = committee.members();
  const auto found = std::find_if(members.begin(), members.end(), [&](const v1::Member& m) {
    return m.account() == account && m.removed_on().empty();
  });
  return found == members.end() ? nullptr : &*found;
}

// Who leaves mediates the case no more. The successor does, where he is a mediator of the committee and not to withdraw (M7);
// else one must be appointed before the next session.
void PassOn(const Committee& committee, const std::string& from, Case* c) {
  std::vector<std::string> mediators;
  const v1::Member* successor = MemberWith(committee, c->assignee());
  const bool may = successor != nullptr && (!Contains(c->conflicted(), successor->id()) || c->conflict_waived());
  if (may) mediators.push_back(successor->id());  // in charge: the first
  for (const std::string& id : c->mediators()) {
    const v1::Member* member = FindMember(committee, id);
    if ((member == nullptr || member->account() != from) && !(may && id == successor->id())) mediators.push_back(id);
  }
  c->mutable_mediators()->Assign(mediators.begin(), mediators.end());
}

absl::Status UnknownMediator(absl::string_view field, int index) {
  return InvalidField(absl::StrCat(field, "[", index, "]"), "MEDIATOR_UNKNOWN", "该调解员不属于承办的调解委员会");
}

// Of a party, who is alive: the standard's own examples are not.
absl::Status CheckCitizen(const std::string& number, absl::CivilDay today) {
  RETURN_IF_ERROR(ParseCitizenId(number, today).status());
  if (*BirthDateOf(number) >= absl::CivilDay(1900, 1, 1)) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "CITIZEN_ID_DATE", "身份证号码中的出生日期早于1900年，请核对是否录错");
}

// 18 characters since 2023, as a citizen's number; before, the country's three letters and twelve digits.
bool IsPermanentResidence(absl::string_view number) {
  if (number.size() == 15) {
    return std::all_of(number.begin(), number.begin() + 3, absl::ascii_isupper) &&
           std::all_of(number.begin() + 3, number.end(), absl::ascii_isdigit);
  }
  return CheckCitizenId(number) == CitizenIdVerdict::kValid && number[0] == '9';
}

absl::Status CheckNumbers(v1::Party* party, const std::string& at, absl::CivilDay today) {
  if (!party->id_number().empty()) {
    const absl::Status valid = CheckCitizen(party->id_number(), today);
    if (!valid.ok()) return InvalidField(absl::StrCat(at, ".id_number"), "CITIZEN_ID_INVALID", valid.message());
  }
  if (!party->credit_code().empty()) {
    const CreditCodeVerdict verdict = CheckCreditCode(party->credit_code());
    if (verdict == CreditCodeVerdict::kCitizenId) {
      return InvalidField(absl::StrCat(at, ".credit_code"), "CREDIT_CODE_IS_CITIZEN_ID",
                          "这是公民身份号码，不是统一社会信用代码，应当填写在身份证号码一栏");
    }
    if (verdict == CreditCodeVerdict::kMalformed) {
      return InvalidField(absl::StrCat(at, ".credit_code"), "CREDIT_CODE_MALFORMED", "统一社会信用代码应为18位数字和大写字母");
    }
    party->set_credit_code_suspect(verdict == CreditCodeVerdict::kSuspect);
  }
  if (party->certificate_number().empty()) return absl::OkStatus();
  if (party->certificate_type().empty()) {
    return InvalidField(absl::StrCat(at, ".certificate_type"), "FIELD_REQUIRED", "填写证件号码的，应当选择证件类型");
  }
  if (party->certificate_type() == kIdentityCard && !CheckCitizen(party->certificate_number(), today).ok()) {
    return InvalidField(absl::StrCat(at, ".certificate_number"), "CITIZEN_ID_INVALID", "公民身份号码有误");
  }
  if (party->certificate_type() == kPermanentResidence && !IsPermanentResidence(party->certificate_number())) {
    return InvalidField(absl::StrCat(at, ".certificate_number"), "CERTIFICATE_NUMBER_INVALID",
                        "外国人永久居留身份证号码应为9开头的18位号码，或者旧证的3位字母加12位数字");
  }
  return absl::OkStatus();
}

}  // namespace

static casework::Index IndexOf(const Case& c) {
  casework::Index index;
  index.day = c.accepted_on();
  index.terms = casework::CodeTerms("type", c.particulars().type(), 2);
  for (auto& term : casework::CodeTerms("source", c.particulars().source(), 1)) index.terms.push_back(std::move(term));
  for (const auto& party : c.particulars().parties()) {
    index.blind.push_back({"phone", party.phone()});
    for (const auto* number : {&party.id_number(), &party.credit_code(), &party.certificate_number()}) {
      index.blind.push_back({"id_number", *number});
    }
    index.names.push_back(party.name());
  }
  if (std::any_of(c.complaints().begin(), c.complaints().end(),
                  [](const auto& complaint) { return complaint.outcome() == v1::Complaint::OUTCOME_UNSPECIFIED; })) {
    index.terms.push_back({"complaint", "PENDING"});
  }
  index.blind.push_back({"progress", c.progress_code()});
  return index;
}

// （2026）东吴人调字第1号, each case word and year on its own.
static std::optional<casework::Numbering> NumberingOf(const Case& c, absl::CivilDay act_day) {
  if (c.state() != Case::ACCEPTED || !c.number().empty()) return std::nullopt;
  const int64_t year = act_day.year();
  // The counter is keyed by the case word, so that a successor committee continues the sequence.
  const std::string counter = absl::StrCat(c.region().substr(0, 6), "/", c.case_word(), "/", year, "/人调");
  return casework::Numbering{counter, [year, word = c.case_word()](int64_t number) {
                               return absl::StrCat("（", year, "）", word, "人调字第", number, "号");
                             }};
}

absl::Status CheckParticulars(v1::Particulars* particulars, absl::CivilDay today) {
  for (int i = 0; i < particulars->parties_size(); ++i) {
    RETURN_IF_ERROR(CheckNumbers(particulars->mutable_parties(i), absl::StrCat("particulars.parties[", i, "]"), today));
  }
  return absl::OkStatus();
}

static absl::Status HandOverCase(const Act& act, const std::string& from, Case* c) {
  ASSIGN_OR_RETURN(const Committee committee, act.LoadUnchecked<Committee>(c->committee()));
  PassOn(committee, from, c);
  return absl::OkStatus();
}

// The case as it is applied for with a committee, which is kept from being dissolved meanwhile.
absl::StatusOr<Case> NewCase(const v1::ApplyCaseRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Committee committee, act.Load<Committee>(r.committee(), casework::Lock::kShared));
  RETURN_IF_ERROR(RequireActive(committee));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(act.regions(), r.region(), act.occurred_on()));
  RETURN_IF_ERROR(RequireOwnDivision(act.regions(), region, committee, act.facts().today));
  Case c;
  c.set_organisation(committee.organisation());
  c.set_organisation_path(committee.organisation_path());
  c.set_region(region.ToString());
  c.set_committee(committee.id());
  c.set_committee_type(committee.type());
  c.set_level(committee.level());
  c.set_case_word(committee.case_word());
  c.set_progress_code(casework::NewPublicCode());
  c.set_applied_on(act.occurred_on());
  *c.mutable_particulars() = r.particulars();
  RETURN_IF_ERROR(CheckParticulars(c.mutable_particulars(), act.facts().today));
  return c;
}

static absl::Status Narrow(const v1::ListCasesRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.type().empty()) query->terms.push_back({"type", r.type()});
  if (!r.source().empty()) query->terms.push_back({"source", r.source()});
  query->day_from = r.accepted_from();
  query->day_to = r.accepted_to();
  if (!r.phone().empty()) query->blind.push_back({"phone", r.phone()});
  if (!r.id_number().empty()) query->blind.push_back({"id_number", r.id_number()});
  if (r.pending_complaints()) query->terms.push_back({"complaint", "PENDING"});
  query->name = r.party_name();
  query->name_field = "party_name";
  return absl::OkStatus();
}

absl::Status AcceptCase(Case& c, const v1::AcceptCaseRequest&, const Act& act) {
  c.set_accepted_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status RejectCase(Case& c, const v1::RejectCaseRequest& r) {
  c.set_rejection_reason(r.reason());
  return absl::OkStatus();
}

// Mediators are of the case's committee. Who has been named as related or interested stays so (M7).
absl::Status AssignCase(Case& c, const v1::AssignCaseRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Committee committee, act.Load<Committee>(c.committee()));
  if (c.state() != Case::MEDIATING) c.set_assigned_on(act.occurred_on());
  c.set_mediator_choice(r.mediator_choice());
  c.set_conflict_waived(r.parties_waive_conflict());
  for (int i = 0; i < r.conflicted_size(); ++i) {
    if (FindMember(committee, r.conflicted(i)) == nullptr) return UnknownMediator("conflicted", i);
    if (!Contains(c.conflicted(), r.conflicted(i))) c.add_conflicted(r.conflicted(i));
  }
  *c.mutable_mediators() = r.mediators();
  for (int i = 0; i < r.mediators_size(); ++i) {
    const v1::Member* member = FindMember(committee, r.mediators(i));
    if (member == nullptr) return UnknownMediator("mediators", i);
    const std::string field = absl::StrCat("mediators[", i, "]");
    RETURN_IF_ERROR(RequireServing(committee, member->id(), act.occurred_on(), field));
    if (std::count(r.mediators().begin(), r.mediators().begin() + i, member->id()) > 0) {
      return InvalidField(field, "MEDIATOR_TWICE", "同一调解员只填写一次");
    }
    if (i == 0) c.set_assignee(member->account());
  }
  return absl::OkStatus();
}

absl::Status EditCase(Case& c, const v1::EditCaseRequest& r, const Act& act) {
  const auto &was = c.particulars().diversion(), &is = r.particulars().diversion();
  if (c.state() != Case::APPLIED && (was.kind() != is.kind() || was.summary() != is.summary())) {
    return InvalidField("particulars.diversion", "DIVERSION_FIXED", "移送方式决定调解期限，受理后应当通过更正变更");
  }
  *c.mutable_particulars() = r.particulars();
  return CheckParticulars(c.mutable_particulars(), act.facts().today);
}

absl::Status InviteToCase(Case& c, const v1::InviteToCaseRequest& r) {
  *c.add_invitations() = r.invitation();
  return absl::OkStatus();
}

absl::Status RecordSession(Case& c, const v1::RecordSessionRequest& r, const Act& act) {
  v1::Session* session = c.add_sessions();
  *session = r.session();
  if (session->mediator().empty() && !c.mediators().empty()) session->set_mediator(c.mediators(0));
  if (!Contains(c.mediators(), session->mediator())) {
    return InvalidField("session.mediator", "MEDIATOR_UNKNOWN", "主持调解的应当是本案的调解员");
  }
  ASSIGN_OR_RETURN(const Committee committee, act.Load<Committee>(c.committee()));
  return RequireServing(committee, session->mediator(), session->held_on(), "session.mediator");
}

absl::Status ReportCaseRisk(Case& c, const v1::ReportCaseRiskRequest& r) {
  *c.add_risk_reports() = r.report();
  return absl::OkStatus();
}

absl::Status ExtendCase(Case& c, const v1::ExtendCaseRequest& r) {
  c.set_extension_agreed(r.all_parties_agree());
  c.set_extended_until(r.extended_until());
  return absl::OkStatus();
}

static void End(Case& c, const v1::EndCaseRequest& r, const Act& act, const char* result) {
  c.set_end_reason(r.reason());
  c.set_routes_told(r.routes_told());
  c.set_concluded_on(act.occurred_on());
  c.set_result(result);
}

absl::Status FailCase(Case& c, const v1::EndCaseRequest& r, const Act& act) {
  End(c, r, act, kFailed);
  return absl::OkStatus();
}

absl::Status WithdrawCase(Case& c, const v1::EndCaseRequest& r, const Act& act) {
  End(c, r, act, kWithdrawn);
  return absl::OkStatus();
}

absl::Status ConfirmPerformance(Case& c, const v1::CaseActRequest&, const Act& act) {
  c.set_performed_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status RevisitCase(Case& c, const v1::RevisitCaseRequest& r) {
  *c.add_revisits() = r.revisit();
  return absl::OkStatus();
}

absl::Status AddCasePaper(Case& c, const v1::AddCasePaperRequest& r, const Act& act) {
  auto* paper = c.add_papers();
  paper->set_kind(Case::Document_Name(r.document()));
  paper->set_label(procedure::LabelOf(Case::Document_descriptor(), r.document()));
  paper->set_made_on(act.occurred_on());
  paper->set_attachment(r.attachment());
  return absl::OkStatus();
}

absl::Status ArchiveCase(Case& c, const v1::CaseActRequest&, const Act& act) {
  c.set_archived_on(act.occurred_on());
  return absl::OkStatus();
}

// What an applicant may follow with the code of the case, without a name in it.
static absl::StatusOr<v1::Progress> GetProgress(const casework::Backend& backend, rpc::Call& call,
                                                const v1::GetProgressRequest& r) {
  ASSIGN_OR_RETURN(const casework::Answer answer,
                   casework::FindByBlind(backend, backend.objects->Of<Case>(), {"progress", r.code()}));
  const Case& c = static_cast<const Case&>(*answer);
  v1::Progress progress;
  progress.set_state(Case::State_Name(c.state()));
  progress.set_state_label(procedure::LabelOf(Case::State_descriptor(), c.state()));
  progress.set_number(c.number());
  progress.set_type_label(std::string(backend.codes->LabelOf("dispute_type", c.particulars().type())));
  progress.set_applied_on(c.applied_on());
  progress.set_accepted_on(c.accepted_on());
  progress.set_concluded_on(c.concluded_on());
  if (const auto* next = procedure::NextDue(c.clocks(), call.today())) {
    progress.set_due_on(next->due_on());
    progress.set_provisional(next->provisional());
  }
  return progress;
}

const casework::Definition<Case> kCase = {
    .procedure = &kCaseProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kCasesCube, &kConclusionsCube, &kLimitsCube, &kPerformanceCube},
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .files_for = {"ADD_PAPER", "ARCHIVE"},
    .amendments = &kCaseAmendments,
    .references = {{"committee", "Committee", "COMMITTEE_HAS_RECORDS",
                    "该调解委员会已有案件记录，不能作废；不再工作的，应当撤销"}},
    .hand_over = HandOverCase,
    .held_in = {"mediators"},
    .together = true,
    .handlers =
        [](casework::Service& service, rpc::DescribedService& methods) {
          methods.On("GetProgress", service.backend(), &GetProgress);
          methods.On("ImportCases", &service.Keep(std::make_unique<CaseImport>(service.backend())), &CaseImport::Import);
        },
};

}  // namespace sifa::mediation
