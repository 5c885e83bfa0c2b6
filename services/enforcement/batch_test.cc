// Files of agencies on their way into the book.
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "services/enforcement/batch_fixture.h"

namespace sifa::enforcement {
namespace {

const char kFirst[] = "东综执罚〔2026〕1号";

int64_t FineOf(Sender& at, const std::string& number) { return at.CaseOf(number).fine_fen(); }

// The file that came back, with these cells in each of its rows, as a clerk mends it.
std::string Mend(const std::string& returned, const Cells& cells) {
  std::vector<std::vector<std::string>> lines;
  for (const absl::string_view line : absl::StrSplit(returned, "\r\n", absl::SkipEmpty())) lines.push_back(absl::StrSplit(line, ','));
  for (size_t column = 0; column < lines[0].size(); ++column) {
    for (const auto& [title, cell] : cells) {
      if (!absl::StrContains(lines[0][column], title) || absl::StrContains(lines[0][column], "数据来源")) continue;
      for (size_t row = 1; row < lines.size(); ++row) lines[row][column] = cell;
    }
  }
  std::vector<std::string> text;
  for (const auto& line : lines) text.push_back(absl::StrJoin(line, ","));
  return absl::StrJoin(text, "\r\n");
}

}  // namespace

TEST_CASE("a file is read, checked and taken; nothing counts before it is taken") {
  Sender at;
  Batch batch = at.Read(CsvOf({RowOf(kFirst, "张三", "0.2"), RowOf(kFirst, "李四", "0.05"), RowOf("东综执罚(2026)2号", "王五", "1.5")}), "2026-04-30");
  REQUIRE(batch.state() == Batch::READ);
  CHECK(batch.column_map() == "penalties-sifa");
  CHECK(batch.encoding() == "UTF-8");
  CHECK(batch.counts().rows() == 3);
  batch = at.Check(batch);
  CHECK(batch.state() == Batch::CHECKED);
  CHECK(batch.counts().fresh() == 3);
  CHECK(at.All<Case>().empty());
  batch = at.Do("TakeBatch", batch, "{}", at.clerk);
  CHECK(batch.state() == Batch::TAKING);
  at.Work();
  batch = at.Now(batch, at.clerk);
  CHECK(batch.state() == Batch::TAKEN);
  REQUIRE(at.All<Case>().size() == 2);
  const Case first = at.CaseOf("东综执罚（2026）1号");
  CHECK(first.entries_size() == 2);
  CHECK(first.fine_fen() == 250000);
  CHECK(first.state() == Case::DECIDED);
  CHECK(first.entries(0).origin().batch() == batch.id());
  const auto rows = at.Rows(batch);
  REQUIRE(rows.rows_size() == 3);
  CHECK(rows.rows(0).verdict() == v1::BatchRow::FRESH);
  CHECK(rows.rows(0).case_() == first.id());
  CHECK(at.Findings() == "");
  CHECK(at.EvidenceFindings().empty());
}

TEST_CASE("the door does not judge: a case decided before it was filed is kept, with what is odd about it told") {
  Sender at;
  const Batch batch = at.Taken(CsvOf({RowOf(kFirst, "张三", "0.2", {{"立案号", "东综执立〔2026〕1号"}, {"立案日期", "2026-03-20"}})}), "2026-04-30");
  CHECK(batch.counts().fresh() == 1);
  CHECK(at.CaseOf("东综执罚（2026）1号").filed_on() == "2026-03-20");
}

TEST_CASE("refused are rows whose key is missing or whose organ is not the sender's; they come back with their reasons, and load when mended") {
  Sender at;
  const Batch batch = at.Taken(CsvOf({RowOf(kFirst, "张三", "0.2"), RowOf("", "李四", "0.1"),
                                      RowOf("东市监罚〔2026〕9号", "王五", "0.1", {{"处罚机关统一社会信用代码", "11330783MB1234567X"}})}),
                               "2026-04-30");
  CHECK(batch.state() == Batch::TAKEN);
  CHECK(batch.counts().refused() == 2);
  CHECK(batch.counts().fresh() == 1);
  CHECK(at.All<Case>().size() == 1);
  const std::string returned = at.Returned(batch);
  CHECK(absl::StrContains(returned, "退回原因"));
  CHECK(absl::StrContains(returned, "李四"));
  CHECK_FALSE(absl::StrContains(returned, "张三"));
  const Batch mended = at.Taken(Mend(returned, {{"行政处罚决定书文号", "东综执罚〔2026〕7号"}, {"处罚机关统一社会信用代码", kAgencyCode}}), "2026-04-30");
  CHECK(mended.counts().refused() == 0);
  CHECK(mended.counts().fresh() == 2);
  CHECK(at.CaseOf("东综执罚（2026）7号").entries_size() == 2);
}

TEST_CASE("content that was ever told changes nothing, also when a newer version stands; new content is a new version") {
  Sender at;
  const std::string wrong = CsvOf({RowOf(kFirst, "张三", "2")}), right = CsvOf({RowOf(kFirst, "张三", "0.2")});
  at.Taken(wrong, "2026-04-30");
  CHECK(at.Taken(right, "2026-05-31").counts().changed() == 1);
  CHECK(FineOf(at, "东综执罚（2026）1号") == 200000);
  const Case before = at.CaseOf("东综执罚（2026）1号");
  CHECK(at.Taken(wrong, "2026-06-30").counts().unchanged() == 1);
  const Case after = at.CaseOf("东综执罚（2026）1号");
  CHECK(after.etag() == before.etag());
  CHECK(after.fine_fen() == 200000);
  CHECK(at.Findings() == "");
}

TEST_CASE("rows of an older data date become earlier versions") {
  Sender at;
  at.Taken(CsvOf({RowOf(kFirst, "张三", "0.2")}), "2026-05-31");
  CHECK(at.Taken(CsvOf({RowOf(kFirst, "张三", "0.1")}), "2026-04-30").counts().earlier() == 1);
  CHECK(FineOf(at, "东综执罚（2026）1号") == 200000);
}

TEST_CASE("a withdrawn batch leaves the newest version of the others, or a void case; its content counts as never told") {
  Sender at;
  const std::string first = CsvOf({RowOf(kFirst, "张三", "0.1"), RowOf("东综执罚〔2026〕2号", "李四", "0.3")});
  const Batch april = at.Taken(first, "2026-04-30");
  const Batch may = at.Taken(CsvOf({RowOf(kFirst, "张三", "0.2")}), "2026-05-31");
  REQUIRE(at.Overtaken(april).cases_size() == 1);
  CHECK(at.Overtaken(april).cases(0).later_batch() == may.id());
  CHECK(at.Overtaken(may).cases_size() == 0);

  SECTION("the later one") {
    CHECK(at.Withdrawn(may).state() == Batch::WITHDRAWN);
    CHECK(FineOf(at, "东综执罚（2026）1号") == 100000);
    CHECK(at.CaseOf("东综执罚（2026）1号").entries(0).origin().batch() == april.id());
    CHECK(at.CaseOf("东综执罚（2026）2号").state() == Case::DECIDED);
  }
  SECTION("the earlier one") {
    const Batch withdrawn = at.Withdrawn(april);
    CHECK(withdrawn.counts().withdrawn_cases() == 2);
    CHECK(FineOf(at, "东综执罚（2026）1号") == 200000);
    CHECK(at.CaseOf("东综执罚（2026）2号").state() == Case::VOIDED);
    CHECK(at.Taken(first, "2026-06-30").counts().changed() == 1);
    CHECK(FineOf(at, "东综执罚（2026）1号") == 100000);
    CHECK(at.CaseOf("东综执罚（2026）2号").state() == Case::DECIDED);
  }
  CHECK(at.Findings() == "");
  CHECK(at.EvidenceFindings().empty());
}

TEST_CASE("what a clerk revised stands until a newer row says otherwise, and again when that is withdrawn") {
  Sender at;
  at.Taken(CsvOf({RowOf(kFirst, "张三", "2")}), "2026-04-30");
  Case c = at.CaseOf("东综执罚（2026）1号");
  const std::string revised = absl::StrCat(R"({"reason": "单位写错", "entryKey": ")", c.entries(0).key(), R"(", "entry": {"agencyCode": ")", kAgencyCode,
                                           R"(", "decisionNumber": "东综执罚（2026）1号", "partyName": "张三", "fineFen": 200000}})");
  c = at.Do("ReviseCase", c, revised, at.clerk);
  CHECK(c.fine_fen() == 200000);
  CHECK(at.Taken(CsvOf({RowOf(kFirst, "张三", "2.5")}), "2026-10-31").counts().earlier() == 1);
  at.GoTo("2026-12-01");
  const Batch later = at.Taken(CsvOf({RowOf(kFirst, "张三", "0.3")}), "2026-11-30");
  CHECK(FineOf(at, "东综执罚（2026）1号") == 300000);
  at.Withdrawn(later);
  CHECK(FineOf(at, "东综执罚（2026）1号") == 200000);
  CHECK(at.Findings() == "");
}

TEST_CASE("an open case is known by its filing number until a row with both numbers joins them") {
  Sender at;
  const Cells filed = {{"立案号", "东综执立〔2026〕5号"}, {"立案日期", "2026-02-02"}};
  Cells open = RowOf("", "张三", "", filed);
  for (const char* title : {"处罚决定日期", "处罚类别", "处罚内容", "处罚有效期", "公示截止期"}) open[title] = "";
  at.Taken(CsvOf({open}), "2026-02-28");
  REQUIRE(at.All<Case>().size() == 1);
  CHECK(at.All<Case>()[0].state() == Case::OPEN);
  CHECK(at.Taken(CsvOf({RowOf(kFirst, "张三", "0.2", filed)}), "2026-03-31").counts().changed() == 1);
  REQUIRE(at.All<Case>().size() == 1);
  const Case decided = at.All<Case>()[0];
  CHECK(decided.state() == Case::DECIDED);
  CHECK(decided.decision_number() == "东综执罚（2026）1号");
  // The decision came first under its own number, then the list of open cases: one case all the same.
  CHECK(at.Taken(CsvOf({open}), "2026-04-30").counts().unchanged() == 1);
  CHECK(at.All<Case>().size() == 1);
  CHECK(at.Findings() == "");
}

TEST_CASE("a workbook is read below its title, and comes back as a workbook that loads once mended") {
  Sender at;
  Batch batch = at.Do<Batch>("OpenBatch", R"({"office": "330783-cm", "kind": "PENALTY", "dataDate": "2026-04-30"})", at.clerk);
  at.Send(batch, WorkbookOf({RowOf(kFirst, "张三", "0.2"), RowOf("", "李四", "0.1")}), "处罚.xlsx");
  at.Work();
  batch = at.Now(batch, at.clerk);
  REQUIRE(batch.state() == Batch::READ);
  CHECK(batch.sheet() == "一季度");
  CHECK(batch.header_row() == 2);
  CHECK(batch.encoding().empty());
  at.Do("TakeBatch", at.Check(batch), "{}", at.clerk);
  at.Work();
  batch = at.Now(batch, at.clerk);
  CHECK(batch.counts().fresh() == 1);
  CHECK(batch.counts().refused() == 1);
  CHECK(at.LineageOf(at.CaseOf("东综执罚（2026）1号"), "fine_fen").fields(0).standing().row() == 3);
  const std::string returned = at.Returned(batch);
  CHECK(returned.substr(0, 2) == "PK");
  // Sent in again as it came back it is the same again, but for the column of reasons, which is none of the sender's.
  Batch again = at.Do<Batch>("OpenBatch", R"({"office": "330783-cm", "kind": "PENALTY", "dataDate": "2026-05-31"})", at.clerk);
  at.Send(again, returned, "退回-处罚.xlsx");
  at.Work();
  again = at.Now(again, at.clerk);
  REQUIRE(again.state() == Batch::READ);
  CHECK(again.counts().rows() == 1);
  CHECK(again.counts().refused() == 1);
}

TEST_CASE("a file of many portions is taken whole, also where it stopped in between") {
  Sender at;
  std::vector<Cells> rows;
  for (int i = 1; i <= 300; ++i) rows.push_back(RowOf(absl::StrCat("东综执罚〔2026〕", i, "号"), absl::StrCat("当事人", i), "0.01"));
  Batch batch = at.Check(at.Read(CsvOf(rows), "2026-04-30"));
  CHECK(batch.counts().fresh() == 300);
  CHECK(batch.raw().blocks() == 3);
  batch = at.Do("TakeBatch", batch, "{}", at.clerk);
  REQUIRE(at.Must(WorkOnBatches(*at.backend.backend, "/tmp")));  // and here the process ends
  CHECK(at.Now(batch, at.clerk).state() == Batch::TAKING);
  at.Work();
  batch = at.Now(batch, at.clerk);
  CHECK(batch.state() == Batch::TAKEN);
  CHECK(batch.counts().fresh() == 300);
  v1::ListBatchRowsResponse page = at.Rows(batch, R"({"pageSize": 200})");
  CHECK(page.rows_size() == 200);
  page = at.Rows(batch, absl::StrCat(R"({"pageSize": 200, "pageToken": ")", page.next_page_token(), "\"}"));
  CHECK(page.rows_size() == 100);
  CHECK(page.next_page_token().empty());
  CHECK(at.Findings() == "");
}

TEST_CASE("a raw row that was altered in the database is found") {
  Sender at;
  at.Taken(CsvOf({RowOf(kFirst, "张三", "0.2")}), "2026-04-30");
  mysql::Pool owner(at.backend.database.MigrationOptions());
  const absl::Status status = owner.InTransaction([&](mysql::Connection& connection) {
    return connection.Run("UPDATE evidence_block SET body = CONCAT(body, 'x') WHERE number = 0");
  });
  REQUIRE(status.ok());
  CHECK(at.EvidenceFindings() == std::vector<std::string>{"EVIDENCE_CHANGED", "EVIDENCE_CHANGED"});
}

TEST_CASE("a file that is none of the standards' is refused with a sentence, and another one takes its place") {
  Sender at;
  Batch batch = at.Read("姓名,电话\r\n张三,1\r\n", "2026-04-30");
  REQUIRE(batch.state() == Batch::FAILED);
  REQUIRE(batch.faults_size() == 1);
  CHECK(batch.faults(0).reason() == "HEADER_NOT_FOUND");
  at.Send(batch, CsvOf({RowOf(kFirst, "张三", "0.2")}));
  at.Work();
  batch = at.Now(batch, at.clerk);
  CHECK(batch.state() == Batch::READ);
  CHECK(batch.faults_size() == 0);
}

TEST_CASE("each value names its cell, how it was read, who had it taken, and what stood there before") {
  Sender at;
  at.Taken(CsvOf({RowOf(kFirst, "张三", "2")}), "2026-04-30");
  const Batch may = at.Taken(CsvOf({RowOf(kFirst, "张三", "0.2")}), "2026-05-31");
  const Case c = at.CaseOf("东综执罚（2026）1号");
  const auto fine = at.LineageOf(c, "fine_fen");
  REQUIRE(fine.fields_size() == 1);
  const auto& standing = fine.fields(0).standing();
  CHECK(standing.value() == "200000");
  CHECK(standing.cell() == "0.2");
  CHECK(standing.batch() == may.id());
  CHECK(standing.row() == 2);
  CHECK(standing.header() == "罚款金额（万元）");
  CHECK(may.headers(standing.column()[0] - 'A') == "罚款金额（万元）");
  CHECK(standing.told_by() == at.clerk.sub());
  REQUIRE(fine.fields(0).earlier_size() == 1);
  CHECK(fine.fields(0).earlier(0).cell() == "2");
  const auto versions = at.VersionsOf(c);
  REQUIRE(versions.versions_size() == 2);
  CHECK_FALSE(versions.versions(0).standing());
  CHECK(versions.versions(1).standing());
  REQUIRE(versions.versions(1).changed_size() == 1);
  CHECK(versions.versions(1).changed(0) == "fine_fen");
}

}  // namespace sifa::enforcement
