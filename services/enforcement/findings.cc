#include "services/enforcement/findings.h"

#include <map>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/where.h"
#include "libs/core/clock.h"
#include "libs/core/region.h"
#include "libs/core/status.h"
#include "services/enforcement/own_data.h"
#include "services/enforcement/rule_set.h"

namespace sifa::enforcement {
namespace {

void SetStamp(google::protobuf::Timestamp* stamp, absl::Time at) {
  const int64_t micros = absl::ToUnixMicros(at);
  stamp->set_seconds(micros / 1000000);
  stamp->set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
}

std::string Context(const Id& id) { return absl::StrCat("finding:", id.ToString()); }
std::string JudgementContext(const Id& case_id) { return absl::StrCat("judgement:", case_id.ToString()); }

// What makes two findings the same one: all but times.
std::string Sealed(const v1::Finding& finding) {
  v1::Finding plain = finding;
  plain.clear_judged_at();
  plain.clear_ended_at();
  return plain.SerializeAsString();
}

constexpr char kColumns[] = "SELECT id, case_id, body, judged_at, ended_at FROM finding";

absl::StatusOr<v1::Finding> Read(const crypto::Keyring& keyring, const mysql::Row& row) {
  const Id id = row.AsId(0);
  ASSIGN_OR_RETURN(const std::string body, keyring.Decrypt(row.Bytes(2), Context(id)));
  v1::Finding finding;
  if (!finding.ParseFromString(body)) return Internal("finding cannot be read");
  if (finding.case_() != row.AsId(1).ToString()) return Internal("finding of another case");
  SetStamp(finding.mutable_judged_at(), row.Time(3));
  if (!row.IsNull(4)) SetStamp(finding.mutable_ended_at(), row.Time(4));
  return finding;
}

absl::Status Insert(const casework::Backend& backend, mysql::Connection& connection, const Case& c, const Id& case_id,
                    const v1::Finding& finding, absl::Time now) {
  const Id id = NewId(now);
  return connection
      .Execute(
          "INSERT INTO finding (id, case_id, rule_id, verdict, organisation_path, region, until_on, judged_at, body)"
          " VALUES (?,?,?,?,?,?,?,?,?)",
          {id, case_id, finding.rule(), static_cast<int64_t>(finding.verdict()), c.organisation_path(), c.region(),
           finding.until(), now, backend.keyring.Encrypt(Sealed(finding), Context(id))})
      .status();
}

absl::Status Keep(const casework::Backend& backend, mysql::Connection& connection, const Case& c, const Judged& judged) {
  ASSIGN_OR_RETURN(const Id case_id, ParseId(c.id()));
  const absl::Time now = backend.clock.Now();
  std::map<std::string, Id> standing;
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat(kColumns, " WHERE case_id = ? AND ended_at IS NULL"), {case_id}));
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(const v1::Finding finding, Read(backend.keyring, row));
    standing.emplace(Sealed(finding), row.AsId(0));
  }
  for (const v1::Finding& finding : judged.findings) {
    if (standing.erase(Sealed(finding)) > 0) continue;
    RETURN_IF_ERROR(Insert(backend, connection, c, case_id, finding, now));
  }
  for (const auto& [sealed, id] : standing) {
    RETURN_IF_ERROR(connection.Execute("UPDATE finding SET ended_at = ? WHERE id = ?", {now, id}).status());
  }
  const std::string until = judged.until ? FormatDay(*judged.until) : "";
  return connection
      .Execute(
          "REPLACE INTO judgement (case_id, organisation_path, region, judged_at, verdicts, until_on, body) VALUES "
          "(?,?,?,?,?,?,?)",
          {case_id, c.organisation_path(), c.region(), now, judged.verdicts, until,
           backend.keyring.Encrypt(judged.rest.SerializeAsString(), JudgementContext(case_id))})
      .status();
}

void Narrow(const FindingQuery& query, casework::Where* where) {
  where->AndReach("organisation_path", query.scopes);
  if (!query.organisation.empty()) where->And("organisation_path LIKE ?", absl::StrCat("%/", query.organisation, "/%"));
  if (const auto region = RegionCode::Parse(query.region); region.ok()) where->And("region LIKE ?", region->Prefix() + "%");
}

// What was found before and is found again stands; the rest ends now.
absl::Status JudgeAndKeep(const casework::Backend& backend, mysql::Connection& connection, const Case& c, const RuleBook& book,
                          Registers& registers) {
  ASSIGN_OR_RETURN(const Judged judged, JudgeCase(c, book, backend.calendars.Current(), DayOf(backend.clock.Now()), registers));
  return Keep(backend, connection, c, judged);
}

// A day before all others, by which a judgement has fallen due.
constexpr char kLongAgo[] = "1900-01-01";

// A case that has yet to be judged is counted, and nothing is said of it.
absl::Status WantJudged(mysql::Connection& connection, const Case& c, absl::Time now) {
  ASSIGN_OR_RETURN(const Id id, ParseId(c.id()));
  return connection
      .Execute(
          "INSERT INTO judgement (case_id, organisation_path, region, judged_at, verdicts, until_on, body) VALUES "
          "(?,?,?,?,'',?,'')"
          " ON DUPLICATE KEY UPDATE until_on = VALUES(until_on)",
          {id, c.organisation_path(), c.region(), now, kLongAgo})
      .status();
}

}  // namespace

absl::Status WantJudgedIn(mysql::Connection& connection, const std::string& region) {
  ASSIGN_OR_RETURN(const RegionCode code, RegionCode::Parse(region));
  return connection.Execute("UPDATE judgement SET until_on = ? WHERE region LIKE ?", {kLongAgo, code.Prefix() + "%"}).status();
}

absl::Status WantJudgedAt(mysql::Connection& connection, const std::string& organisation_path) {
  return connection
      .Execute("UPDATE judgement SET until_on = ? WHERE organisation_path = ? AND until_on <> ?",
               {kLongAgo, organisation_path, kLongAgo})
      .status();
}

absl::StatusOr<RuleBook> BookInForce(const casework::Backend& backend, mysql::Connection& connection) {
  RuleBook book{backend.Own<OwnData>().parameters, ""};
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT rule_set, changes FROM rule_book ORDER BY approved_at, rule_set"));
  for (const mysql::Row& row : rows) {
    v1::RuleSet set;
    if (!set.ParseFromString(row.Bytes(1))) return Internal("rule_book cannot be read");
    book.parameters = book.parameters.With(ParametersOf(set));
    book.rule_set = row.AsId(0).ToString();
  }
  return book;
}

absl::Status JudgeAfterAct(const casework::Backend& backend, mysql::Connection& connection, const Case*, const Case& after) {
  const bool from_file = absl::c_any_of(after.entries(), [](const Entry& entry) { return !entry.origin().batch().empty(); });
  if (from_file) return WantJudged(connection, after, backend.clock.Now());
  Registers registers(backend, connection);
  ASSIGN_OR_RETURN(const RuleBook book, BookInForce(backend, connection));
  return JudgeAndKeep(backend, connection, after, book, registers);
}

absl::StatusOr<int> JudgeWhatFellDue(const casework::Backend& backend, int most) {
  const std::string today = FormatDay(DayOf(backend.clock.Now()));
  int judged = 0;
  RETURN_IF_ERROR(backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(
        const auto rows,
        connection.Query("SELECT case_id FROM judgement WHERE until_on > '' AND until_on < ? ORDER BY until_on LIMIT ?",
                         {today, static_cast<int64_t>(most)}));
    std::vector<Id> due;
    for (const mysql::Row& row : rows) due.push_back(row.AsId(0));
    ASSIGN_OR_RETURN(const auto cases,
                     backend.store.LoadMany(connection, backend.objects->Of<Case>(), due, casework::Lock::kShared));
    ASSIGN_OR_RETURN(const RuleBook book, BookInForce(backend, connection));
    Registers registers(backend, connection);
    for (const auto& [id, stored] : cases) {
      RETURN_IF_ERROR(JudgeAndKeep(backend, connection, static_cast<const Case&>(*stored.object), book, registers));
    }
    judged = static_cast<int>(cases.size());
    return absl::OkStatus();
  }));
  return judged;
}

absl::StatusOr<v1::CaseFindings> FindingsOf(const casework::Backend& backend, mysql::Connection& connection, const Id& case_id,
                                            std::optional<absl::Time> as_of) {
  v1::CaseFindings all;
  casework::Where where;
  where.And("case_id = ?", mysql::Value(case_id));
  if (as_of) {
    where.And("judged_at <= ?", mysql::Value(*as_of));
    where.And("(ended_at IS NULL OR ended_at > ?)", mysql::Value(*as_of));
  } else {
    where.And("ended_at IS NULL");
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT body, judged_at FROM judgement WHERE case_id = ?", {case_id}));
    if (!rows.empty() && !rows[0].Bytes(0).empty()) {
      ASSIGN_OR_RETURN(const std::string body, backend.keyring.Decrypt(rows[0].Bytes(0), JudgementContext(case_id)));
      if (!all.ParseFromString(body)) return Internal("judgement cannot be read");
      SetStamp(all.mutable_judged_at(), rows[0].Time(1));
    }
  }
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat(kColumns, where.sql(), " ORDER BY id"), where.Values()));
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(*all.add_findings(), Read(backend.keyring, row));
  }
  return all;
}

absl::StatusOr<std::vector<v1::Finding>> ListFindings(const casework::Backend& backend, mysql::Connection& connection,
                                                      const FindingQuery& query, std::optional<Id>* last) {
  casework::Where where;
  where.And("ended_at IS NULL");
  Narrow(query, &where);
  if (!query.rule.empty()) where.And("rule_id = ?", query.rule);
  if (query.verdict != v1::VERDICT_UNSPECIFIED) where.And("verdict = ?", mysql::Value(static_cast<int64_t>(query.verdict)));
  if (!query.until.empty()) {
    where.And("until_on > ''");
    where.And("until_on <= ?", query.until);
  }
  if (query.before != Id()) where.And("id < ?", mysql::Value(query.before));
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat(kColumns, where.sql(), " ORDER BY id DESC LIMIT ?"),
                                                     where.Values({static_cast<int64_t>(query.limit)})));
  std::vector<v1::Finding> found;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(found.emplace_back(), Read(backend.keyring, row));
    *last = row.AsId(0);
  }
  if (static_cast<int>(found.size()) < query.limit) last->reset();
  return found;
}

absl::StatusOr<std::vector<std::pair<std::string, int64_t>>> CountVerdicts(mysql::Connection& connection,
                                                                           const FindingQuery& query) {
  casework::Where where;
  Narrow(query, &where);
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT verdicts, COUNT(*) FROM judgement", where.sql(), " GROUP BY verdicts"),
                                    where.Values()));
  std::vector<std::pair<std::string, int64_t>> counts;
  for (const mysql::Row& row : rows) counts.emplace_back(row.Bytes(0), row.Int(1));
  return counts;
}

absl::Status VerifyFindings(const crypto::Keyring& keyring, mysql::Connection& connection,
                            std::vector<journal::Finding>* findings) {
  const auto add = [&](absl::string_view what, const Id& id) {
    findings->push_back(
        {"ENFORCEMENT_FINDING_CHANGED", 0, id.ToString(), absl::StrCat(what, id.ToString(), "：不是系统写入的内容")});
  };
  RETURN_IF_ERROR(connection.Each("SELECT id, case_id, body, judged_at, ended_at, rule_id, verdict, until_on FROM finding", {},
                                  [&](mysql::Row& row) -> absl::Status {
                                    const auto read = Read(keyring, row);
                                    const bool same = read.ok() && read->rule() == row.Bytes(5) &&
                                                      read->verdict() == row.Int(6) && read->until() == row.Bytes(7);
                                    if (!same) add("研判结果 ", row.AsId(0));
                                    return absl::OkStatus();
                                  }));
  return connection.Each("SELECT case_id, body FROM judgement WHERE body <> ''", {}, [&](mysql::Row& row) -> absl::Status {
    if (!keyring.Decrypt(row.Bytes(1), JudgementContext(row.AsId(0))).ok()) add("案件研判 ", row.AsId(0));
    return absl::OkStatus();
  });
}

}  // namespace sifa::enforcement
