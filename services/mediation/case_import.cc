#include "services/mediation/case_import.h"

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"

namespace sifa::mediation {
namespace {

constexpr size_t kBatch = 100;
constexpr int kMostErrors = 1000;
constexpr char kSucceeded[] = "1";  // mediation_result
constexpr char kFailed[] = "2";
constexpr char kImportCaller[] = "import";  // the key is the case, whoever sends it

std::string FirstField(const absl::Status& status) {
  const google::rpc::Status proto = ToProto(status);
  for (const auto& detail : proto.details()) {
    google::rpc::BadRequest bad;
    if (detail.Is<google::rpc::BadRequest>() && detail.UnpackTo(&bad) && bad.field_violations_size() > 0) {
      return bad.field_violations(0).field();
    }
  }
  return "";
}

void Refuse(int64_t line, const absl::Status& status, v1::ImportCasesResponse* response) {
  response->set_refused(response->refused() + 1);
  if (response->errors_size() >= kMostErrors) return;
  auto* error = response->add_errors();
  error->set_line(line);
  error->set_reason(ReasonOf(status));
  error->set_message(std::string(status.message()));
  error->set_field(FirstField(status));
}

absl::Status CheckDates(const v1::ImportedCase& c) {
  if (c.concluded_on() < c.accepted_on()) {
    return InvalidField("concluded_on", "DATES_OUT_OF_ORDER", "办结日期不能早于受理日期");
  }
  if (!c.performed_on().empty() && c.performed_on() < c.concluded_on()) {
    return InvalidField("performed_on", "DATES_OUT_OF_ORDER", "履行日期不能早于办结日期");
  }
  if (c.result() != kSucceeded && c.result() != kFailed) {
    return InvalidField("result", "CASE_NOT_CLOSED", "只能导入已办结的案件");
  }
  if (c.result() == kSucceeded && c.agreement_form().empty()) {
    return InvalidField("agreement_form", "FIELD_REQUIRED", "调解成功的案件应当填写协议形式");
  }
  return absl::OkStatus();
}

}  // namespace

struct ImportService::Line {
  int64_t number;
  std::string key;     // 32 bytes: organisation and case number
  std::string digest;  // of the content
  Case c;
};

ImportService::ImportService(CaseCasework& cases, CommitteeCasework& committees, const RegionTable& regions)
    : cases_(cases), committees_(committees), regions_(regions) {}

void ImportService::Register(rpc::DescribedService& service) { service.On("ImportCases", this, &ImportService::Import); }

absl::StatusOr<Committee> ImportService::CommitteeOf(rpc::Call& call, const std::string& organisation, Committees* committees) {
  const auto known = committees->find(organisation);
  if (known != committees->end()) return known->second;
  casework::ListQuery query;
  query.scopes = casework::ScopesOf(call, call.method().access.permission());
  query.terms = {{"organisation", organisation}};
  query.limit = 1;
  std::vector<casework::Stored> found;
  RETURN_IF_ERROR(committees_.backend().pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, committees_.backend().store.List(connection, committees_.type(), query));
    return absl::OkStatus();
  }));
  if (found.empty()) return InvalidField("organisation", "COMMITTEE_UNKNOWN", "该机构不是您管辖范围内的调解委员会");
  return committees->emplace(organisation, static_cast<const Committee&>(*found[0].object)).first->second;
}

absl::StatusOr<Case> ImportService::CaseOf(rpc::Call& call, const v1::ImportCasesRequest& request, Committees* committees) {
  if (request.has_line_error()) return FromProto(request.line_error());
  const v1::ImportedCase& in = request.case_();
  RETURN_IF_ERROR(CheckDates(in));
  ASSIGN_OR_RETURN(const RegionCode region, KnownRegion(regions_, in.region()));
  ASSIGN_OR_RETURN(const Committee committee, CommitteeOf(call, in.organisation(), committees));
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
  c.set_performed_on(in.performed_on());
  c.set_archived_on(in.concluded_on());
  c.set_import_source(request.source_system());
  auto* particulars = c.mutable_particulars();
  particulars->set_type(in.type());
  particulars->set_source(in.source());
  particulars->set_difficulty(in.difficulty());
  particulars->set_amount_fen(in.amount_fen());
  particulars->set_unnatural_death(in.unnatural_death());
  particulars->set_facts(in.facts());
  *particulars->mutable_parties() = in.parties();
  RETURN_IF_ERROR(CheckParticulars(particulars));
  if (in.result() == kSucceeded) {
    c.mutable_agreement()->set_form(in.agreement_form());
    c.mutable_agreement()->set_amount_fen(in.amount_fen());
    c.mutable_agreement()->set_agreed_on(in.concluded_on());
    c.mutable_agreement()->set_effective_on(in.concluded_on());
  }
  return c;
}

absl::StatusOr<v1::ImportCasesResponse> ImportService::Import(rpc::Call& call, rpc::Reader<v1::ImportCasesRequest> reader) {
  v1::ImportCasesResponse response;
  Committees committees;
  std::vector<Line> batch;
  v1::ImportCasesRequest request;
  while (reader.Read(&request)) {
    response.set_received(response.received() + 1);
    const int64_t number = request.line() > 0 ? request.line() : response.received();
    auto c = CaseOf(call, request, &committees);
    if (!c.ok()) {
      if (absl::IsUnavailable(c.status())) return c.status();
      Refuse(number, c.status(), &response);
      continue;
    }
    std::string key = crypto::Sha256(absl::StrCat(c->organisation(), "\n", c->number()));
    batch.push_back({number, std::move(key), casework::RequestDigest(request.case_()), *std::move(c)});
    if (batch.size() < kBatch) continue;
    RETURN_IF_ERROR(Commit(call, batch, &response));
    batch.clear();
  }
  RETURN_IF_ERROR(Commit(call, batch, &response));
  return response;
}

absl::Status ImportService::Commit(rpc::Call& call, std::vector<Line>& lines, v1::ImportCasesResponse* response) {
  if (lines.empty()) return absl::OkStatus();
  int64_t imported = 0, repeated = 0;
  const absl::Status together = CommitTogether(call, absl::MakeSpan(lines), &imported, &repeated);
  if (absl::IsUnavailable(together)) return together;
  if (together.ok()) {
    response->set_imported(response->imported() + imported);
    response->set_repeated(response->repeated() + repeated);
    return absl::OkStatus();
  }
  for (Line& line : lines) {
    imported = repeated = 0;
    const absl::Status alone = CommitTogether(call, absl::MakeSpan(&line, 1), &imported, &repeated);
    if (absl::IsUnavailable(alone)) return alone;
    if (!alone.ok()) Refuse(line.number, alone, response);
    response->set_imported(response->imported() + imported);
    response->set_repeated(response->repeated() + repeated);
  }
  return absl::OkStatus();
}

absl::Status ImportService::CommitTogether(rpc::Call& call, absl::Span<Line> lines, int64_t* imported, int64_t* repeated) {
  const casework::Backend& backend = cases_.backend();
  const std::string method = call.method().path;
  const casework::Actor actor = casework::Actor::Of(call);
  RETURN_IF_ERROR(backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    std::vector<std::string> keys;
    for (const Line& line : lines) keys.push_back(line.key);
    ASSIGN_OR_RETURN(auto done, backend.store.FindRequests(connection, kImportCaller, method, keys));
    std::vector<casework::NewObject> fresh;
    *repeated = 0;
    for (const Line& line : lines) {
      const auto known = done.find(line.key);
      if (known == done.end()) {
        RETURN_IF_ERROR(actor.Entitled(call.method().access.permission(), procedure::Level::kOwner, line.c.organisation_path(),
                                       cases_.type().label).status());
        fresh.push_back({line.key, line.digest, &line.c});
        done.emplace(line.key, line.digest);
      } else if (backend.store.SameRequest(known->second, line.digest)) {
        ++*repeated;
      } else {
        return Error(absl::StatusCode::kAlreadyExists, "IMPORTED_DIFFERENTLY", "同一编号的案件已导入，但内容不同");
      }
    }
    *imported = static_cast<int64_t>(fresh.size());
    const casework::ActInput input{.method = method, .act_day = call.today(), .action = cases_.NameOf(Case::IMPORT)};
    return cases_.CreateMany(actor, Case::IMPORT, input, kImportCaller, fresh, connection);
  }));
  if (*imported > 0) backend.committed();
  return absl::OkStatus();
}

}  // namespace sifa::mediation
