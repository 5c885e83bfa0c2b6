// Batches as an agency sends them, over the enforcement of 东阳 (enforcement_fixture.h).
#pragma once

#include <unistd.h>
#include <xlsxwriter.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "libs/ingest/spill.h"
#include "libs/testing/calls.h"
#include "libs/testing/streams.h"
#include "services/enforcement/batch_service.h"
#include "services/enforcement/batch_work.h"
#include "services/enforcement/case.h"
#include "services/enforcement/case_lineage.h"
#include "services/enforcement/enforcement_fixture.h"

namespace sifa::enforcement {

inline constexpr char kAgencyCode[] = "11330783002586105F";

// A row of the national list of 2018 with a filing number and its day, by the titles of its columns.
using Cells = std::map<std::string, std::string>;

inline Cells RowOf(const std::string& number, const std::string& party, const std::string& fine, Cells more = {}) {
  Cells row = {{"行政相对人名称", party},
               {"行政相对人类别", "自然人"},
               {"行政处罚决定书文号", number},
               {"违法行为类型", "擅自占道经营"},
               {"违法事实", "在人行道上设摊"},
               {"处罚依据", "《浙江省城市市容和环境卫生管理条例》第十五条"},
               {"处罚类别", "罚款"},
               {"处罚内容", "罚款"},
               {"罚款金额（万元）", fine},
               {"处罚决定日期", "2026/03/02"},
               {"处罚有效期", "2099/12/31"},
               {"公示截止期", "2029/03/02"},
               {"处罚机关", "东阳市综合行政执法局"},
               {"处罚机关统一社会信用代码", kAgencyCode},
               {"数据来源单位", "东阳市综合行政执法局"},
               {"数据来源单位统一社会信用代码", kAgencyCode},
               {"立案号", ""},
               {"立案日期", ""}};
  for (auto& [title, cell] : more) row[title] = cell;
  return row;
}

// The same rows as a workbook, below a title.
inline std::string WorkbookOf(const std::vector<Cells>& rows) {
  const int file = ingest::OpenUnnamed("/tmp");
  lxw_workbook* book = workbook_new(ingest::PathOf(file).c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "一季度");
  worksheet_write_string(sheet, 0, 0, "2026年第一季度行政处罚信息", nullptr);
  for (size_t i = 0; i <= rows.size(); ++i) {
    lxw_col_t column = 0;
    for (const auto& [title, cell] : rows[i == 0 ? 0 : i - 1])
      worksheet_write_string(sheet, static_cast<lxw_row_t>(i + 1), column++, (i == 0 ? title : cell).c_str(), nullptr);
  }
  workbook_close(book);
  std::string bytes(static_cast<size_t>(lseek(file, 0, SEEK_END)), '\0');
  if (pread(file, bytes.data(), bytes.size(), 0) < 0) bytes.clear();
  close(file);
  return bytes;
}

inline std::string CsvOf(const std::vector<Cells>& rows) {
  std::vector<std::string> lines, titles;
  for (const auto& [title, cell] : rows.at(0)) titles.push_back(title);
  lines.push_back(absl::StrJoin(titles, ","));
  for (const Cells& row : rows) {
    std::vector<std::string> cells;
    for (const std::string& title : titles) cells.push_back(row.at(title));
    lines.push_back(absl::StrJoin(cells, ","));
  }
  return absl::StrCat(absl::StrJoin(lines, "\r\n"), "\r\n");
}

class Sender : public Enforcement {
 public:
  Sender() : calls_("enforcement", SIFA_ROOT "/config", backend.clock), service_(*backend.backend) {
    Do<Agency>("RegisterAgency", AgencyJson(kAgencyCode), officer);
  }

  // A batch whose file has been read.
  Batch Read(const std::string& file, const std::string& data_date) {
    Batch batch =
        Do<Batch>("OpenBatch",
                  absl::StrCat(R"({"office": ")", office_, R"(", "kind": "PENALTY", "dataDate": ")", data_date, "\"}"), sender_);
    Send(batch, file);
    Work();
    return Now(batch, sender_);
  }
  Batch Check(const Batch& batch) { return Worked(Do("CheckBatch", batch, "{}", sender_)); }
  // A batch that has been taken.
  Batch Taken(const std::string& file, const std::string& data_date) {
    return Worked(Do("TakeBatch", Check(Read(file, data_date)), "{}", sender_));
  }
  // From now on batches are those of the market supervision's clerk, whose agency is this.
  void GoToMarket(const std::string& credit_code) {
    std::string agency = AgencyJson(credit_code);
    Do<Agency>("RegisterAgency", absl::StrReplaceAll(agency, {{"330783-cm", "330783-ms"}, {"综合行政执法局", "市场监督管理局"}}),
               officer);
    office_ = "330783-ms";
    sender_ = other_clerk;
  }
  Batch Withdrawn(const Batch& batch) { return Worked(Do("WithdrawBatch", batch, R"({"reason": "报错文件"})", sender_)); }

  void Send(const Batch& batch, const std::string& file, const std::string& name = "处罚.csv") {
    std::vector<v1::SendContentRequest> pieces(2);
    pieces[0].set_id(batch.id());
    pieces[0].set_file_name(name);
    pieces[0].set_data(file.substr(0, file.size() / 2));
    pieces[1].set_data(file.substr(file.size() / 2));
    pieces[1].set_last(true);
    testing::GivenReader<v1::SendContentRequest> given(std::move(pieces));
    auto call = calls_.Of("/sifa.enforcement.v1.BatchService/SendContent", sender_);
    Must(service_.SendContent(call, rpc::Reader<v1::SendContentRequest>(given)));
  }
  // All that the suite has to do with batches.
  void Work() {
    while (Must(WorkOnBatches(*backend.backend, "/tmp"))) {
    }
  }
  v1::ListBatchRowsResponse Rows(const Batch& batch, const std::string& json = "{}") {
    return Ask<v1::ListBatchRowsRequest>(batch, "ListBatchRows", &BatchService::ListRows, json);
  }
  std::string Returned(const Batch& batch) {
    testing::KeptWriter<v1::GetReturnedResponse> kept;
    v1::GetReturnedRequest request;
    request.set_id(batch.id());
    auto call = calls_.Of("/sifa.enforcement.v1.BatchService/GetReturned", clerk, "改正后重新报送");
    rpc::Writer<v1::GetReturnedResponse> writer(kept);
    const absl::Status status = service_.GetReturned(call, request, writer);
    if (!status.ok()) FAIL(status);
    std::string text;
    for (const auto& piece : kept.kept) text += piece.data();
    return text;
  }
  v1::ListOvertakenCasesResponse Overtaken(const Batch& batch) {
    return Ask<v1::ListOvertakenCasesRequest>(batch, "ListOvertakenCases", &BatchService::ListOvertaken, "{}");
  }
  // The case of a decision; the test fails where there is none.
  Case CaseOf(const std::string& number) {
    for (Case& c : All<Case>()) {
      if (c.decision_number() == number) return c;
    }
    FAIL("no case " << number);
    return {};
  }
  v1::CaseLineage LineageOf(const Case& c, const std::string& field) {
    v1::GetCaseLineageRequest request;
    request.set_id(c.id());
    request.set_field(field);
    auto call = calls_.Of("/sifa.enforcement.v1.CaseService/GetCaseLineage", clerk);
    return Must(GetLineage(*backend.backend, call, request));
  }
  v1::ListCaseVersionsResponse VersionsOf(const Case& c) {
    v1::ListCaseVersionsRequest request;
    request.set_id(c.id());
    auto call = calls_.Of("/sifa.enforcement.v1.CaseService/ListCaseVersions", clerk);
    return Must(ListVersions(*backend.backend, call, request));
  }
  std::vector<std::string> EvidenceFindings() {
    std::vector<journal::Finding> findings;
    const absl::Status status = Definition().own_check(*backend.pool, *backend.keyring, *backend.objects, &findings);
    if (!status.ok()) FAIL(status);
    std::vector<std::string> kinds;
    for (const auto& finding : findings) kinds.push_back(finding.kind);
    return kinds;
  }

 private:
  Batch Worked(const Batch& batch) {
    Work();
    return Now(batch, sender_);
  }
  template <class Request, class Response>
  Response Ask(const Batch& batch, const std::string& method, absl::StatusOr<Response> (BatchService::*handler)(rpc::Call&, const Request&),
               const std::string& json) {
    Request request;
    if (!google::protobuf::util::JsonStringToMessage(json, &request).ok()) FAIL(json);
    request.set_id(batch.id());
    auto call = calls_.Of("/sifa.enforcement.v1.BatchService/" + method, clerk);
    return Must((service_.*handler)(call, request));
  }

  std::string office_ = "330783-cm";
  Claims sender_ = clerk;
  testing::Calls calls_;
  BatchService service_;
};

}  // namespace sifa::enforcement
