#include "services/enforcement/finding_service.h"

#include <algorithm>
#include <memory>

#include "libs/casework/actor.h"
#include "libs/casework/page_token.h"
#include "libs/casework/queries.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "services/enforcement/findings.h"
#include "services/enforcement/own_data.h"

namespace sifa::enforcement {
namespace {

constexpr int kPage = 50, kLongestPage = 200;
constexpr int kAtOnce = 200;  // cases judged again in one transaction

class Findings {
 public:
  explicit Findings(const casework::Backend& backend) : backend_(backend) {}

  void Register(rpc::DescribedService& service) {
    service.On("GetCaseFindings", this, &Findings::GetCaseFindings);
    service.On("ListFindings", this, &Findings::List);
    service.On("ListRules", this, &Findings::ListRules);
  }

  absl::StatusOr<v1::CaseFindings> GetCaseFindings(rpc::Call& call, const v1::GetCaseFindingsRequest& r) {
    RETURN_IF_ERROR(casework::GetObject(backend_, backend_.objects->Of<Case>(), call, r.id()).status());
    ASSIGN_OR_RETURN(const Id id, ParseId(r.id()));
    std::optional<absl::Time> as_of;
    if (r.has_as_of()) as_of = absl::FromUnixSeconds(r.as_of().seconds()) + absl::Nanoseconds(r.as_of().nanos());
    v1::CaseFindings found;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(found, FindingsOf(backend_, connection, id, as_of));
      return absl::OkStatus();
    }));
    return found;
  }

  absl::StatusOr<v1::ListFindingsResponse> List(rpc::Call& call, const v1::ListFindingsRequest& r) {
    FindingQuery query = QueryOf(call, r);
    query.rule = r.rule();
    query.verdict = r.verdict();
    query.until = r.until();
    query.limit = r.page_size() == 0 ? kPage : std::min(r.page_size(), kLongestPage);
    const std::string digest = DigestOf(r);
    if (!r.page_token().empty()) {
      ASSIGN_OR_RETURN(const std::string last, casework::ReadPageToken(r.page_token(), digest));
      ASSIGN_OR_RETURN(query.before, ParseId(last));
    }
    v1::ListFindingsResponse response;
    std::optional<Id> last;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const auto found, ListFindings(backend_, connection, query, &last));
      response.mutable_findings()->Assign(found.begin(), found.end());
      return absl::OkStatus();
    }));
    if (last) response.set_next_page_token(casework::PageToken(last->ToString(), digest));
    return response;
  }

  absl::StatusOr<v1::ListRulesResponse> ListRules(rpc::Call& call, const v1::ListRulesRequest& r) {
    std::vector<std::pair<std::string, int64_t>> counts;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(counts, CountVerdicts(connection, QueryOf(call, r)));
      return absl::OkStatus();
    }));
    v1::ListRulesResponse response;
    for (const auto& [verdicts, count] : counts) response.set_cases(response.cases() + count);
    const rules::Bench bench{backend_.calendars.Current(), backend_.Own<OwnData>().parameters, call.today()};
    for (const rules::Rule& rule : rules::AllRules()) {
      v1::RuleCoverage& told = *response.add_rules();
      told.set_rule(std::string(rule.id));
      told.set_title(std::string(rule.title));
      told.set_version(rule.version);
      told.set_severity(static_cast<v1::Severity>(rule.severity));
      told.set_article(rules::ArticleOf(rule, rules::Facts(), bench));
      for (const auto& [verdicts, count] : counts) Count(verdicts, count, rule, &told);
    }
    return response;
  }

 private:
  template <class Request>
  FindingQuery QueryOf(const rpc::Call& call, const Request& r) const {
    FindingQuery query;
    query.scopes = casework::ScopesOf(call, call.method().access.permission());
    query.region = r.region();
    query.organisation = r.organisation();
    return query;
  }

  // Of what a list asks, whichever page of it.
  static std::string DigestOf(v1::ListFindingsRequest r) {
    r.clear_page_token();
    r.clear_page_size();
    return crypto::Hex(crypto::Sha256(r.SerializeAsString()));
  }

  static void Count(const std::string& verdicts, int64_t count, const rules::Rule& rule, v1::RuleCoverage* told) {
    const char letter = rule.place < static_cast<int>(verdicts.size()) ? verdicts[rule.place] : '-';
    if (letter == '-') return;
    told->set_cases(told->cases() + count);
    if (letter == 'U') {
      told->set_unknown(told->unknown() + count);
      return;
    }
    if (letter == 'P') {
      told->set_pending(told->pending() + count);
      return;
    }
    told->set_judged(told->judged() + count);
    if (letter == 'F') told->set_failed(told->failed() + count);
  }

  const casework::Backend& backend_;
};

}  // namespace

absl::Status ExposeFindings(casework::Service& service) {
  service.Expose("sifa.enforcement.v1.FindingService", service.Keep(std::make_unique<Findings>(service.backend())));
  service.Every(absl::Seconds(10), "judging what fell due", [&backend = service.backend()]() -> absl::Status {
    for (;;) {
      ASSIGN_OR_RETURN(const int judged, JudgeWhatFellDue(backend, kAtOnce));
      if (judged < kAtOnce) return absl::OkStatus();
    }
  });
  return absl::OkStatus();
}

}  // namespace sifa::enforcement
