#include "services/enforcement/replay.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "libs/casework/casework.h"
#include "libs/casework/page_token.h"
#include "libs/casework/queries.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "services/enforcement/case.h"
#include "services/enforcement/findings.h"

namespace sifa::enforcement {
namespace {

constexpr int kPortion = 200;  // cases read and judged in one transaction
constexpr int kPage = 50, kLongestPage = 200;

struct Outcome {
  int64_t cases = 0, newly_found = 0, no_longer_found = 0;
};

std::string Context(const Id& set, const Id& case_id) {
  return absl::StrCat("rule_difference:", set.ToString(), "/", case_id.ToString());
}

class Replay {
 public:
  Replay(const casework::Backend& backend, const RuleSet& set, Id id) : backend_(backend), set_(set), id_(id) {
    for (const v1::ParameterChange& change : set.changes()) changed_.insert(rules::FindRule(change.rule()));
    if (!set.benchmarks().empty()) changed_.insert(rules::FindRule("P8"));
  }

  absl::StatusOr<Outcome> Run() {
    RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      RETURN_IF_ERROR(connection.Execute("DELETE FROM rule_difference WHERE rule_set = ?", {id_}).status());
      ASSIGN_OR_RETURN(now_, BookInForce(backend_, connection));
      return absl::OkStatus();
    }));
    then_ = now_;
    then_.parameters = now_.parameters.With(ParametersOf(set_));
    casework::ListQuery query;
    query.scopes = {"/"};
    query.region = set_.region();
    query.limit = kPortion;
    for (bool more = true; more;) {
      Outcome portion;
      casework::ListQuery next = query;
      RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
        portion = {};
        next = query;
        return Portion(connection, &next, &portion, &more);
      }));
      query = next;
      outcome_.cases += portion.cases;
      outcome_.newly_found += portion.newly_found;
      outcome_.no_longer_found += portion.no_longer_found;
    }
    return outcome_;
  }

 private:
  absl::Status Portion(mysql::Connection& connection, casework::ListQuery* query, Outcome* outcome, bool* more) {
    const casework::ObjectType& type = backend_.objects->Of<Case>();
    ASSIGN_OR_RETURN(const auto page, backend_.store.List(connection, type, *query));
    Registers now(backend_, connection), then(backend_, connection);
    then.proposed = {set_.benchmarks().begin(), set_.benchmarks().end()};
    for (const casework::Stored& stored : page) {
      RETURN_IF_ERROR(Compare(connection, stored.id, static_cast<const Case&>(*stored.object), now, then, outcome));
    }
    *more = static_cast<int>(page.size()) == query->limit;
    if (*more) query->GoOnAfter(type, page.back());
    return absl::OkStatus();
  }

  absl::Status Compare(mysql::Connection& connection, const Id& case_id, const Case& c, Registers& now_registers,
                       Registers& then_registers, Outcome* outcome) {
    ++outcome->cases;
    const calendar::Calendar& calendar = backend_.calendars.Current();
    const absl::CivilDay today = DayOf(backend_.clock.Now());
    const rules::Bench now{calendar, now_.parameters, today}, then{calendar, then_.parameters, today};
    for (const Entry* entry : JudgedEntries(c)) {
      ASSIGN_OR_RETURN(const rules::Facts facts, FactsOf(c, *entry, AskedOf(*entry), now_registers));
      ASSIGN_OR_RETURN(const rules::Facts proposed, FactsOf(c, *entry, AskedOf(*entry), then_registers));
      for (const rules::Rule* rule : changed_) {
        const rules::Judgement was = JudgeInUse(*rule, facts, now), would = JudgeInUse(*rule, proposed, then);
        const bool failed = was.verdict == rules::Verdict::kFail, fails = would.verdict == rules::Verdict::kFail;
        if (failed == fails) continue;
        ++(fails ? outcome->newly_found : outcome->no_longer_found);
        RETURN_IF_ERROR(Keep(connection, case_id, c, *entry, *rule, fails, fails ? would.text : was.text));
      }
    }
    return absl::OkStatus();
  }

  absl::Status Keep(mysql::Connection& connection, const Id& case_id, const Case& c, const Entry& entry, const rules::Rule& rule,
                    bool newly, const std::string& text) {
    return connection
        .Execute(
            "INSERT INTO rule_difference (id, rule_set, case_id, entry_key, rule_id, newly, organisation, body) VALUES "
            "(?,?,?,?,?,?,?,?)",
            {NewId(backend_.clock.Now()), id_, case_id, entry.key(), rule.id, static_cast<int64_t>(newly), c.organisation(),
             backend_.keyring.Encrypt(text, Context(id_, case_id))})
        .status();
  }

  const casework::Backend& backend_;
  const RuleSet& set_;
  const Id id_;
  std::set<const rules::Rule*> changed_;
  RuleBook now_, then_;
  Outcome outcome_;
};

class Replays {
 public:
  explicit Replays(const casework::Backend& backend) : backend_(backend) {}

  absl::StatusOr<v1::RuleSetDifference> GetRuleSetDifference(rpc::Call& call, const v1::GetRuleSetDifferenceRequest& r) {
    RETURN_IF_ERROR(casework::GetObject(backend_, backend_.objects->Of<RuleSet>(), call, r.id()).status());
    ASSIGN_OR_RETURN(const Id id, ParseId(r.id()));
    const int64_t limit = r.page_size() == 0 ? kPage : std::min(r.page_size(), kLongestPage);
    Id after;
    if (!r.page_token().empty()) {
      ASSIGN_OR_RETURN(const std::string last, casework::ReadPageToken(r.page_token(), r.id()));
      ASSIGN_OR_RETURN(after, ParseId(last));
    }
    v1::RuleSetDifference difference;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      difference.Clear();
      RETURN_IF_ERROR(AddAgencies(connection, id, &difference));
      ASSIGN_OR_RETURN(const auto rows,
                       connection.Query("SELECT id, case_id, organisation, rule_id, newly, body FROM rule_difference"
                                        " WHERE rule_set = ? AND id > ? ORDER BY id LIMIT ?",
                                        {id, after, limit}));
      for (const mysql::Row& row : rows) {
        v1::RuleDifference& one = *difference.add_differences();
        one.set_case_(row.AsId(1).ToString());
        one.set_organisation(row.Bytes(2));
        one.set_rule(row.Bytes(3));
        one.set_newly(row.Int(4) != 0);
        ASSIGN_OR_RETURN(*one.mutable_text(), backend_.keyring.Decrypt(row.Bytes(5), Context(id, row.AsId(1))));
      }
      if (static_cast<int64_t>(rows.size()) == limit) {
        difference.set_next_page_token(casework::PageToken(rows.back().AsId(0).ToString(), r.id()));
      }
      return absl::OkStatus();
    }));
    return difference;
  }

 private:
  static absl::Status AddAgencies(mysql::Connection& connection, const Id& id, v1::RuleSetDifference* difference) {
    ASSIGN_OR_RETURN(
        const auto rows,
        connection.Query("SELECT organisation, rule_id, SUM(newly), SUM(1 - newly) FROM rule_difference WHERE rule_set = ?"
                         " GROUP BY organisation, rule_id ORDER BY organisation, rule_id",
                         {id}));
    for (const mysql::Row& row : rows) {
      v1::AgencyDifference& agency = *difference->add_agencies();
      agency.set_organisation(row.Bytes(0));
      agency.set_rule(row.Bytes(1));
      agency.set_newly_found(row.Int(2));
      agency.set_no_longer_found(row.Int(3));
    }
    return absl::OkStatus();
  }

  const casework::Backend& backend_;
};

}  // namespace

absl::StatusOr<bool> ReplayNext(const casework::Backend& backend) {
  const casework::ObjectType& type = backend.objects->Of<RuleSet>();
  casework::ListQuery query;
  query.scopes = {"/"};
  query.terms = {{"replay", "1"}};
  std::vector<casework::Stored> waiting;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(waiting, backend.store.List(connection, type, query));
    return absl::OkStatus();
  }));
  if (waiting.empty()) return false;
  const casework::Stored& oldest = waiting.back();
  ASSIGN_OR_RETURN(const Outcome outcome, Replay(backend, static_cast<const RuleSet&>(*oldest.object), oldest.id).Run());
  const casework::Casework<RuleSet> sets(backend);
  RETURN_IF_ERROR(sets.ActAsSystem(RuleSet::FINISH, oldest.id,
                                   [&](RuleSet& set) -> absl::Status {
                                     set.set_replay_wanted(false);
                                     set.set_replayed_on(FormatDay(DayOf(backend.clock.Now())));
                                     set.set_cases(outcome.cases);
                                     set.set_newly_found(outcome.newly_found);
                                     set.set_no_longer_found(outcome.no_longer_found);
                                     return absl::OkStatus();
                                   })
                      .status());
  return true;
}

void ServeReplays(casework::Service& service, rpc::DescribedService& methods) {
  auto& replays = service.Keep(std::make_unique<Replays>(service.backend()));
  methods.On("GetRuleSetDifference", &replays, &Replays::GetRuleSetDifference);
  service.Every(absl::Seconds(2), "replaying rules", [&backend = service.backend()] { return ReplayNext(backend).status(); });
}

}  // namespace sifa::enforcement
