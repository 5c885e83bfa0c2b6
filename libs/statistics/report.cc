#include "libs/statistics/report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/statistics/statement.h"

namespace sifa::statistics {
namespace {

constexpr char kColumns[] =
    "id, name, organisation_path, query, position, digest, created_by, created_at";

StoredReport Read(const mysql::Row& row) {
  return {row.AsId(0), row.Bytes(1), row.Bytes(2), row.Bytes(3), "", row.Int(4), row.Bytes(5), row.Bytes(6), row.Time(7)};
}

}  // namespace

std::string StoredReport::Digest() const {
  std::string bytes;
  for (const std::string* part : {&name, &query, &answer}) absl::StrAppend(&bytes, part->size(), ":", *part);
  return crypto::Sha256(absl::StrCat(bytes, position));
}

absl::Status InsertReport(mysql::Connection& connection, const StoredReport& report) {
  return connection
      .Execute("INSERT INTO statistics_report (id, name, organisation_path, query, answer, position, digest, created_by,"
               " created_at) VALUES (?,?,?,?,?,?,?,?,?)",
               {report.id, report.name, report.organisation_path, report.query, report.answer, report.position, report.digest,
                report.created_by, report.created_at})
      .status();
}

absl::StatusOr<StoredReport> ReadReport(mysql::Connection& connection, const Id& id) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT ", kColumns, ", answer FROM statistics_report WHERE id = ?"), {id}));
  if (rows.empty()) return NotFound("统计报表");
  StoredReport report = Read(rows[0]);
  report.answer = rows[0].Bytes(8);
  if (report.Digest() != report.digest) {
    return Error(absl::StatusCode::kDataLoss, "REPORT_CHANGED", "报表内容与其校验值不符，可能被改动过");
  }
  return report;
}

absl::StatusOr<std::vector<StoredReport>> ListReports(mysql::Pool& pool,
                                                      const std::vector<std::string>& scopes,
                                                      const std::optional<Id>& before, int limit) {
  std::vector<StoredReport> reports;
  if (scopes.empty()) return reports;
  Statement statement(absl::StrCat("SELECT ", kColumns, " FROM statistics_report WHERE TRUE"));
  statement.AddReach("organisation_path", scopes);
  if (before) statement.AddText(" AND id < ?", before->AsBytes());
  statement.Add(" ORDER BY id DESC LIMIT ?", {limit});
  RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, statement.Query(connection));
    reports.clear();
    for (const auto& row : rows) reports.push_back(Read(row));
    return absl::OkStatus();
  }));
  return reports;
}

}  // namespace sifa::statistics
