#include "services/mediation/case_import.h"

#include <algorithm>
#include <deque>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/rpc/error_details.pb.h"
#include "libs/casework/place.h"
#include "libs/casework/prune.h"
#include "libs/casework/table_statistics.h"
#include "libs/core/deadline.h"
#include "libs/core/identifiers.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/procedure/clocks.h"
#include "libs/telemetry/log.h"
#include "sifa/mediation/v1/confirmation.pb.h"

namespace sifa::mediation {
namespace {

using v1::Confirmation;

constexpr size_t kBatch = 128;      // a power of two: one statement a table (mysql::InsertRows)
constexpr int64_t kMany = 10'000;   // cases after which the server is to look at its tables
constexpr int kMostErrors = 1000;
constexpr char kSucceeded[] = "1";  // mediation_result
constexpr char kPending[] = "3";
constexpr char kWritten[] = "2";  // agreement_form

absl::Status UnknownCommittee() {
  return InvalidField("organisation", "COMMITTEE_UNKNOWN", "该机构不是您管辖范围内的调解委员会");
}

// As a line of the upload has it.
std::string FirstField(const absl::Status& status) {
  const google::rpc::Status proto = ToProto(status);
  for (const auto& detail : proto.details()) {
    google::rpc::BadRequest bad;
    if (detail.Is<google::rpc::BadRequest>() && detail.UnpackTo(&bad) && bad.field_violations_size() > 0) {
      absl::string_view field = bad.field_violations(0).field();
      while (absl::ConsumePrefix(&field, "case.") || absl::ConsumePrefix(&field, "particulars.")) {
      }
      return std::string(field);
    }
  }
  return "";
}

void Refuse(int64_t line, const absl::Status& status, v1::ImportCasesResponse* response) {
  response->set_refused(response->refused() + 1);
  if (response->errors_size() >= kMostErrors) {
    // Lines of a batch are refused after lines that follow them.
    response->set_errors_from(response->errors_from() == 0 ? line : std::min(response->errors_from(), line));
    return;
  }
  auto* error = response->add_errors();
  error->set_line(line);
  error->set_reason(ReasonOf(status));
  error->set_message(std::string(status.message()));
  error->set_field(FirstField(status));
}

// What was told of a batch, to what has been told of the upload.
void Add(const v1::ImportCasesResponse& part, v1::ImportCasesResponse* all) {
  all->set_imported(all->imported() + part.imported());
  all->set_repeated(all->repeated() + part.repeated());
  all->set_voided(all->voided() + part.voided());
  all->set_refused(all->refused() + part.refused());
  int64_t untold = part.errors_from();
  for (const auto& error : part.errors()) {
    if (all->errors_size() < kMostErrors) {
      *all->add_errors() = error;
    } else if (untold == 0 || error.line() < untold) {
      untold = error.line();
    }
  }
  if (untold > 0 && (all->errors_from() == 0 || untold < all->errors_from())) all->set_errors_from(untold);
}

absl::Status CheckOrder(const char* field, const std::string& day, const std::string& earlier, absl::string_view text) {
  return day.empty() || day >= earlier ? absl::OkStatus() : InvalidField(field, "DATES_OUT_OF_ORDER", text);
}

// What only an agreement has, and nothing of it where there is none.
absl::Status CheckAgreement(const v1::ImportedCase& c) {
  const bool confirmed = c.confirmation_result() != Confirmation::STATE_UNSPECIFIED;
  if (c.result() != kSucceeded) {
    for (const auto& [field, given] : {std::pair{"agreement_form", !c.agreement_form().empty()},
                                       {"performed_on", !c.performed_on().empty()},
                                       {"perform_by", !c.perform_by().empty()},
                                       {"confirmation_applied_on", !c.confirmation_applied_on().empty()},
                                       {"confirmation_result", confirmed}}) {
      if (given) return InvalidField(field, "WITHOUT_AGREEMENT", "没有达成协议的案件不应有此项");
    }
    return absl::OkStatus();
  }
  if (c.agreement_form().empty()) return InvalidField("agreement_form", "FIELD_REQUIRED", "调解成功的案件应当填写协议形式");
  if (confirmed != !c.confirmation_applied_on().empty()) {
    return InvalidField(confirmed ? "confirmation_applied_on" : "confirmation_result", "FIELD_REQUIRED",
                        "司法确认的申请日期和结果应当同时填写");
  }
  if (c.confirmation_result() == Confirmation::VOIDED) {
    return InvalidField("confirmation_result", "CONFIRMATION_VOIDED", "已作废的司法确认不填写申请日期和结果");
  }
  if (confirmed && c.agreement_form() != kWritten) {  // M2
    return InvalidField("confirmation_applied_on", "AGREEMENT_NOT_WRITTEN", "口头协议不能申请司法确认");
  }
  if (c.confirmation_result() == Confirmation::APPLIED || c.confirmation_result() == Confirmation::ACCEPTED) {
    return InvalidField("confirmation_result", "CASE_NOT_CLOSED", "司法确认应当已有结果");
  }
  return absl::OkStatus();
}

// M1: who refuses is not mediated with, so nothing can have come of it.
absl::Status CheckWilling(const v1::ImportedCase& c) {
  for (int i = 0; c.result() == kSucceeded && i < c.parties_size(); ++i) {
    if (!c.parties(i).refuses()) continue;
    return InvalidField(absl::StrCat("parties[", i, "].refuses"), "PARTY_REFUSED", "当事人明确拒绝调解的案件，不能是调解成功");
  }
  return absl::OkStatus();
}

// M4: within thirty days of effect, which an imported agreement took when the case was concluded.
absl::Status CheckAppliedInTime(const v1::ImportedCase& c, const calendar::Calendar& calendar) {
  absl::CivilDay effective, applied;
  if (!ParseDay(c.confirmation_applied_on(), &applied) || !ParseDay(c.concluded_on(), &effective)) return absl::OkStatus();
  procedure::Clocks limit;
  RETURN_IF_ERROR(procedure::StartClock(&limit, "CONFIRM", "", calendar::Days("CVL", 30), "", effective, calendar));
  if (!procedure::IsPast(limit[0], applied)) return absl::OkStatus();
  return InvalidField("confirmation_applied_on", "CONFIRMATION_TOO_LATE",
                      absl::StrCat("申请司法确认应当自调解协议生效之日起三十日内提出，至", limit[0].due_on()));
}

absl::Status CheckCase(const v1::ImportedCase& c, const calendar::Calendar& calendar) {
  if (c.result() == kPending) return InvalidField("result", "CASE_NOT_CLOSED", "只能导入已办结的案件");
  RETURN_IF_ERROR(CheckOrder("concluded_on", c.concluded_on(), c.accepted_on(), "办结日期不能早于受理日期"));
  RETURN_IF_ERROR(CheckOrder("performed_on", c.performed_on(), c.concluded_on(), "履行日期不能早于办结日期"));
  RETURN_IF_ERROR(CheckOrder("perform_by", c.perform_by(), c.concluded_on(), "履行期限不能早于办结日期"));
  RETURN_IF_ERROR(CheckOrder("confirmation_applied_on", c.confirmation_applied_on(), c.concluded_on(),
                             "申请司法确认的日期不能早于办结日期"));
  RETURN_IF_ERROR(CheckWilling(c));
  RETURN_IF_ERROR(CheckAgreement(c));
  return CheckAppliedInTime(c, calendar);
}

void TakeAgreement(const v1::ImportedCase& in, Case* c) {
  auto* agreement = c->mutable_agreement();
  agreement->set_form(in.agreement_form());
  agreement->set_amount_fen(in.amount_fen());
  agreement->set_agreed_on(in.concluded_on());
  agreement->set_effective_on(in.concluded_on());
  agreement->set_perform_by(in.perform_by());
  c->set_performed_on(in.performed_on());
  if (in.confirmation_applied_on().empty()) return;
  c->set_confirmation_applied_on(in.confirmation_applied_on());
  c->set_confirmation_result(Confirmation::State_Name(in.confirmation_result()));
}

// Citizen IDs of 15 digits, as old files have them, are converted, and marked: they are no current numbers (law §1.4).
absl::Status ConvertOldNumbers(google::protobuf::RepeatedPtrField<v1::Party>* parties) {
  for (int i = 0; i < parties->size(); ++i) {
    v1::Party& party = parties->at(i);
    if (CheckCitizenId(party.id_number()) != CitizenIdVerdict::kOldForm) continue;
    ASSIGN_OR_RETURN(const std::string current, ConvertOldCitizenId(party.id_number()));
    party.set_id_number(current);
    party.set_id_number_converted(true);
  }
  return absl::OkStatus();
}

}  // namespace

struct CaseImport::Line {
  int64_t number;
  std::string key;     // 32 bytes: organisation and case number
  std::string digest;  // of the content
  Case c;
  std::string request;  // what the journal keeps of the line
};

absl::StatusOr<const Committee*> CaseImport::CommitteeOf(rpc::Call& call, const std::string& organisation,
                                                         Committees* committees) {
  const auto known = committees->find(organisation);
  if (known != committees->end()) return &known->second;
  casework::ListQuery query;
  query.scopes = casework::ScopesOf(call, call.method().access.permission());
  query.terms = {{"organisation", organisation}};
  query.states = {Committee::ACTIVE, Committee::DISSOLVED};
  query.limit = 1;
  std::vector<casework::Stored> found;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, backend_.store.List(connection, backend_.objects->Of<Committee>(), query));
    return absl::OkStatus();
  }));
  if (found.empty()) return UnknownCommittee();
  return &committees->emplace(organisation, static_cast<const Committee&>(*found[0].object)).first->second;
}

absl::StatusOr<Case> CaseImport::CaseOf(rpc::Call& call, const v1::ImportCasesRequest& request, Committees* committees) {
  if (request.has_line_error()) return FromProto(request.line_error());
  const v1::ImportedCase& in = request.case_();
  RETURN_IF_ERROR(CheckCase(in, backend_.calendars.Current()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidOrLaterRegion(*backend_.regions, in.region(), in.accepted_on()));
  ASSIGN_OR_RETURN(const Committee* of, CommitteeOf(call, in.organisation(), committees));
  const Committee& committee = *of;
  RETURN_IF_ERROR(RequireOwnDivision(*backend_.regions, region, committee, call.today()));
  Case c;
  c.set_organisation(committee.organisation());
  c.set_organisation_path(committee.organisation_path());
  c.set_committee(committee.id());
  c.set_committee_type(committee.type());
  c.set_level(committee.level());
  c.set_region(region.ToString());
  c.set_number(in.number());
  c.set_accepted_on(in.accepted_on());
  c.set_concluded_on(in.concluded_on());
  c.set_result(in.result());
  c.set_archived_on(std::max(in.concluded_on(), in.performed_on()));
  c.set_import_source(request.source_system());
  auto* particulars = c.mutable_particulars();
  particulars->set_type(in.type());
  particulars->set_source(in.source());
  particulars->set_difficulty(in.difficulty());
  particulars->set_amount_fen(in.amount_fen());
  particulars->set_unnatural_death(in.unnatural_death());
  particulars->set_facts(in.facts());
  *particulars->mutable_parties() = in.parties();
  RETURN_IF_ERROR(ConvertOldNumbers(particulars->mutable_parties()));
  RETURN_IF_ERROR(CheckParticulars(particulars, call.today()));
  if (in.result() == kSucceeded) TakeAgreement(in, &c);
  return c;
}

// Of an upload: batches of lines, of which some are committed while the next one is read and made ready.
class CaseImport::Batches {
 public:
  Batches(CaseImport& service, rpc::Call& call) : service_(service), call_(call) {}

  // Takes a batch to be committed. What failed of those before it comes back, here or from Finish.
  absl::Status Add(std::vector<Line> lines) {
    while (under_way_.size() >= kLanes) RETURN_IF_ERROR(FinishFirst());
    Batch& batch = under_way_.emplace_back(std::move(lines));
    batch.done = std::async(std::launch::async, [this, &batch] {
      const DeadlineScope deadline(call_.deadline());
      return service_.Commit(call_, batch.lines, &batch.told);
    });
    return absl::OkStatus();
  }
  absl::Status Finish() {
    absl::Status status;
    while (!under_way_.empty()) status.Update(FinishFirst());
    return status;
  }

  void Refuse(int64_t line, const absl::Status& status) { mediation::Refuse(line, status, &response_); }
  v1::ImportCasesResponse& response() { return response_; }
  // The first line of which it is not known that it was done; 0: there is none.
  int64_t unknown_from() const { return unknown_from_; }

 private:
  static constexpr size_t kLanes = 2;  // of one upload: others have to be served, too
  struct Batch {
    explicit Batch(std::vector<Line> taken) : lines(std::move(taken)) {}
    std::vector<Line> lines;
    v1::ImportCasesResponse told;
    std::future<absl::Status> done;
  };

  absl::Status FinishFirst() {
    Batch& batch = under_way_.front();
    const absl::Status status = batch.done.get();
    mediation::Add(batch.told, &response_);
    if (!status.ok() && (unknown_from_ == 0 || batch.lines.front().number < unknown_from_)) unknown_from_ = batch.lines.front().number;
    under_way_.pop_front();
    return status;
  }

  CaseImport& service_;
  rpc::Call& call_;
  v1::ImportCasesResponse response_;
  std::deque<Batch> under_way_;
  int64_t unknown_from_ = 0;
};

absl::StatusOr<v1::ImportCasesResponse> CaseImport::Import(rpc::Call& call, rpc::Reader<v1::ImportCasesRequest> reader) {
  Batches batches(*this, call);
  v1::ImportCasesResponse& response = batches.response();
  Committees committees;
  std::vector<Line> batch;
  v1::ImportCasesRequest request;
  int64_t number = 0;
  const auto take = [&]() -> absl::Status {
    response.set_received(response.received() + 1);
    number = request.line() > 0 ? request.line() : response.received();
    auto c = CaseOf(call, request, &committees);
    if (absl::IsUnavailable(c.status())) return c.status();
    if (!c.ok()) {
      batches.Refuse(number, c.status());
      return absl::OkStatus();
    }
    std::string key = crypto::Sha256(absl::StrCat(c->organisation(), "\n", c->number()));
    request.mutable_case_()->set_number(c->number());
    batch.push_back({number, std::move(key), casework::RequestDigest(request.case_()), *std::move(c),
                     casework::KeptRequestOf(call.method().path, request)});
    return batch.size() < kBatch ? absl::OkStatus() : batches.Add(std::exchange(batch, {}));
  };
  absl::Status status;
  while (status.ok() && reader.Read(&request)) status = take();
  if (status.ok() && !batch.empty()) status = batches.Add(std::exchange(batch, {}));
  status.Update(batches.Finish());
  if (response.imported() >= kMany) telemetry::ReportIf("looking at the tables", casework::LookAtTables(backend_.pool));
  if (status.ok()) return response;
  const bool nothing_done = response.imported() + response.repeated() + response.refused() == 0;
  if (nothing_done || !absl::IsUnavailable(status)) return status;
  // What was found out so far is told all the same; the rest of the upload is read and not looked at.
  response.set_resume_from(batches.unknown_from() > 0 ? batches.unknown_from() : batch.empty() ? number : batch.front().number);
  while (reader.Read(&request)) {
  }
  return response;
}

absl::Status CaseImport::Commit(rpc::Call& call, std::vector<Line>& lines, v1::ImportCasesResponse* response) {
  if (lines.empty()) return absl::OkStatus();
  const absl::Status together = CommitTogether(call, absl::MakeSpan(lines), response);
  if (absl::IsUnavailable(together)) return together;
  if (!together.ok()) {
    for (Line& line : lines) {
      const absl::Status alone = CommitTogether(call, absl::MakeSpan(&line, 1), response);
      if (absl::IsUnavailable(alone)) return alone;
      if (!alone.ok()) Refuse(line.number, alone, response);
    }
  }
  lines.clear();
  return absl::OkStatus();
}

absl::Status CaseImport::CommitTogether(rpc::Call& call, absl::Span<Line> lines, v1::ImportCasesResponse* response) {
  const std::string method = call.method().path;
  const casework::Actor actor = casework::Actor::Of(call);
  int64_t imported = 0, repeated = 0, voided = 0;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    std::vector<std::string> keys;
    for (const Line& line : lines) keys.push_back(line.key);
    ASSIGN_OR_RETURN(auto done, backend_.store.FindRequests(connection, casework::kImportCaller, method, keys));
    std::vector<casework::NewObject> fresh;
    casework::Neighbours neighbours(backend_, connection);
    std::vector<std::string> committees;
    for (const Line& line : lines) committees.push_back(line.c.committee());
    RETURN_IF_ERROR(neighbours.LoadAhead<Committee>(committees, casework::Lock::kShared));
    imported = repeated = voided = 0;
    for (const Line& line : lines) {
      const auto known = done.find(line.key);
      if (known == done.end() || known->second.state == Case::VOIDED) RETURN_IF_ERROR(RequireCommittee(neighbours, line.c));
      if (known == done.end()) {
        RETURN_IF_ERROR(actor.Entitled(call.method().access.permission(), procedure::Level::kOwner, line.c.organisation_path(),
                                       cases_.type().label).status());
        fresh.push_back({line.key, line.digest, &line.c, line.request});
        done.emplace(line.key, casework::DoneCreation{line.digest});
        ++imported;
      } else if (backend_.store.SameRequest(known->second.digest, line.digest)) {
        ++repeated;
        voided += known->second.state == Case::VOIDED;
      } else if (known->second.state == Case::VOIDED) {
        RETURN_IF_ERROR(Replace(call, line, known->second.object, connection));
        known->second = {line.digest};
        ++imported;
      } else {
        return Error(absl::StatusCode::kAlreadyExists, "IMPORTED_DIFFERENTLY", "同一编号的案件已导入，但内容不同；原记录有误的，应当先申请更正或作废");
      }
    }
    const casework::ActInput input{.method = method, .act_day = call.today(), .action = cases_.NameOf(Case::IMPORT)};
    return cases_.CreateMany(actor, Case::IMPORT, input, casework::kImportCaller, fresh, connection);
  }));
  if (imported > 0) backend_.committed();
  response->set_imported(response->imported() + imported);
  response->set_repeated(response->repeated() + repeated);
  response->set_voided(response->voided() + voided);
  return absl::OkStatus();
}

// It may have been voided since the line was read; from here on whoever would void it waits for the import.
absl::Status CaseImport::RequireCommittee(casework::Neighbours& neighbours, const Case& c) {
  ASSIGN_OR_RETURN(const Committee committee, neighbours.Load<Committee>(c.committee(), casework::Lock::kShared));
  return committee.state() == Committee::VOIDED ? UnknownCommittee() : absl::OkStatus();
}

absl::Status CaseImport::Replace(rpc::Call& call, const Line& line, const Id& voided, mysql::Connection& connection) {
  ASSIGN_OR_RETURN(auto stored, backend_.store.Load(connection, cases_.type(), voided, casework::Lock::kExclusive));
  if (!stored) return Internal("the record of an imported line is missing");
  const casework::ActInput input{.method = call.method().path,
                                 .caller = casework::kImportCaller,
                                 .request_id = line.key,
                                 .object = voided,
                                 .act_day = call.today(),
                                 .request = line.request,
                                 .action = cases_.NameOf(Case::IMPORT)};
  ASSIGN_OR_RETURN(const Id journal_id, cases_.ActInTransaction(casework::Actor::Of(call), Case::IMPORT, input, &*stored, connection,
                                                                [&](Case& c) {
                                                                  c = line.c;
                                                                  return absl::OkStatus();
                                                                }));
  return backend_.store.ReplaceRequest(connection, casework::kImportCaller, call.method().path, line.key,
                                       {backend_.store.KeyedDigest(line.digest), journal_id}, backend_.clock.Now());
}

}  // namespace sifa::mediation
