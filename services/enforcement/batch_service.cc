#include "services/enforcement/batch_service.h"

#include <unistd.h>

#include <filesystem>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/casework/object_service.h"
#include "libs/casework/page_token.h"
#include "libs/casework/queries.h"
#include "libs/core/status.h"
#include "libs/crypto/sha256_stream.h"
#include "libs/evidence/evidence.h"
#include "libs/core/encoding.h"
#include "libs/crypto/suite.h"
#include "libs/ingest/hand_back.h"
#include "libs/ingest/spill.h"
#include "libs/telemetry/log.h"
#include "services/enforcement/batch_taking.h"
#include "services/enforcement/case.h"

namespace sifa::enforcement {
namespace {

constexpr int kPage = 50;

// A file on its way into blocks of evidence. What was not kept is removed.
class ContentUpload {
 public:
  ContentUpload(const casework::Backend& backend) : backend_(backend), stream_(NewId(backend.clock.Now())) {}
  ~ContentUpload() {
    if (kept_) return;
    telemetry::ErrorIf("cannot remove an upload that was cut off", backend_.pool.InTransaction([&](mysql::Connection& connection) {
      return evidence::Discard(connection, stream_);
    }));
  }

  absl::Status Add(absl::string_view bytes) {
    size_ += bytes.size();
    if (size_ > ingest::kLargestFile) return InvalidField("data", "FILE_TOO_LARGE", "文件超过200MB，请分成几个文件");
    while (!bytes.empty()) {
      const absl::string_view part = bytes.substr(0, kFileBlock - buffer_.size());
      buffer_.append(part.data(), part.size());
      bytes.remove_prefix(part.size());
      if (buffer_.size() == kFileBlock) RETURN_IF_ERROR(Flush());
    }
    return absl::OkStatus();
  }
  // Says of the batch what came.
  absl::Status Finish(const std::string& file_name, Batch* batch) {
    if (size_ == 0) return InvalidField("data", "FILE_EMPTY", "文件没有内容");
    if (!buffer_.empty()) RETURN_IF_ERROR(Flush());
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(*batch->mutable_file(), evidence::Seal(connection, stream_));
      return absl::OkStatus();
    }));
    batch->set_file_name(file_name);
    batch->set_file_size(static_cast<int64_t>(size_));
    batch->set_file_sha256(crypto::Hex(sha256_.Finish()));
    return absl::OkStatus();
  }
  void Keep() { kept_ = true; }

 private:
  absl::Status Flush() {
    sha256_.Add(buffer_);
    RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) {
      return evidence::Append(backend_.keyring, connection, stream_, blocks_, buffer_, backend_.clock.Now());
    }));
    ++blocks_;
    buffer_.clear();
    return absl::OkStatus();
  }

  const casework::Backend& backend_;
  const Id stream_;
  crypto::Sha256Stream sha256_;
  std::string buffer_;
  uint64_t size_ = 0;
  int64_t blocks_ = 0;
  bool kept_ = false;
};

// 退回文件: in the format of the sender's own, whose columns and cells it has. It lies on a disk without a name, only until it is sent.
class ReturnedFile {
 public:
  explicit ReturnedFile(std::string directory) : directory_(std::move(directory)), file_(ingest::OpenUnnamed(directory_)) {}
  ~ReturnedFile() {
    back_.reset();
    if (file_ >= 0) close(file_);
  }

  absl::Status Begin(const Batch& batch, const ingest::Header& header) {
    if (file_ < 0) return Full();
    ingest::Reading reading{.byte_order_mark = true};  // spreadsheets take what has none for another encoding
    Encoding encoding = Encoding::kUtf8;
    if (IsWorkbook(batch)) reading.format = ingest::Format::kXlsx;
    if (batch.encoding() == kGb18030) {
      encoding = Encoding::kGb18030;
      reading.byte_order_mark = false;
    }
    back_ = ingest::StartHandBack(ingest::PathOf(file_), directory_, reading, encoding, header);
    return back_ == nullptr ? Full() : absl::OkStatus();
  }
  void Add(const ReadRow& row) { back_->Add(row.raw, ingest::Reasons(row.record)); }
  absl::Status Send(const Batch& batch, rpc::Writer<v1::GetReturnedResponse>& writer) {
    if (!back_->Finish()) return Full();
    v1::GetReturnedResponse piece;
    piece.set_content_type(IsWorkbook(batch)             ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                           : batch.encoding() == kGb18030 ? "text/csv; charset=gb18030"
                                                          : "text/csv; charset=utf-8");
    piece.set_file_name(absl::StrCat("退回-", batch.file_name().substr(0, batch.file_name().rfind('.')),
                                     IsWorkbook(batch) ? ".xlsx" : ".csv"));
    std::string data(kPiece, '\0');
    for (off_t sent = 0;; piece.Clear()) {
      const ssize_t read = pread(file_, data.data(), data.size(), sent);
      if (read < 0) return Full();
      if (read == 0 && sent > 0) return absl::OkStatus();
      piece.set_data(data.substr(0, static_cast<size_t>(read)));
      if (!writer.Write(piece) || read == 0) return absl::OkStatus();
      sent += read;
    }
  }

 private:
  static constexpr size_t kPiece = 256 << 10;
  // Only texts have an encoding.
  static bool IsWorkbook(const Batch& batch) { return batch.encoding().empty(); }
  static absl::Status Full() { return Unavailable("DISK_FULL", "服务器磁盘空间不足，暂时不能生成退回文件"); }

  const std::string directory_;
  const int file_;
  std::unique_ptr<ingest::HandBack> back_;
};

}  // namespace

absl::StatusOr<std::map<int64_t, Id>> BatchService::CasesOf(const Batch& batch, const std::vector<Placed>& rows) {
  std::map<int64_t, Id> cases;
  if (rows.empty()) return cases;
  ASSIGN_OR_RETURN(const Id id, ParseId(batch.id()));
  const auto number = [](const Placed& placed) { return static_cast<int64_t>(placed.row.raw.number); };
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) {
    return connection.Each("SELECT row_no, case_id FROM telling WHERE source = ? AND row_no >= ? AND row_no <= ?",
                           std::vector<mysql::Value>{id, number(rows.front()), number(rows.back())}, [&](mysql::Row& row) {
                             cases.emplace(row.Int(0), row.AsId(1));
                             return absl::OkStatus();
                           });
  }));
  return cases;
}

absl::StatusOr<Batch> BatchService::ReadBatch(rpc::Call& call, const std::string& id) {
  ASSIGN_OR_RETURN(const casework::Answer answer, casework::GetObject(backend_, type_, call, id));
  return static_cast<const Batch&>(*answer);
}

absl::StatusOr<Batch> BatchService::SendContent(rpc::Call& call, rpc::Reader<v1::SendContentRequest> reader) {
  const auto cut_off = [] { return Error(absl::StatusCode::kAborted, "CONTENT_CUT_OFF", "文件上传中断，请重新上传"); };
  v1::SendContentRequest piece;
  if (!reader.Read(&piece)) return cut_off();
  const v1::SendContentRequest first = piece;
  ASSIGN_OR_RETURN(const Batch batch, ReadBatch(call, first.id()));
  RETURN_IF_ERROR(procedure::FindRow(kBatchProcedure, Batch::UPLOAD, batch, call.today()).status());
  ContentUpload upload(backend_);
  RETURN_IF_ERROR(upload.Add(piece.data()));
  while (!piece.last()) {
    // The end of the stream is no sign of completeness: a caller who has gone looks the same.
    if (!reader.Read(&piece)) return cut_off();
    RETURN_IF_ERROR(upload.Add(piece.data()));
  }
  Batch sent;
  RETURN_IF_ERROR(upload.Finish(first.file_name(), &sent));
  casework::ActInput input{.method = call.method().path,
                           .request_id = first.request_id(),
                           .digest = crypto::Sha256(absl::StrCat(sent.file_sha256(), sent.file_name())),
                           .action = type_.NameOf(Batch::UPLOAD)};
  ASSIGN_OR_RETURN(input.object, ParseId(first.id()));
  RETURN_IF_ERROR(casework::SetWhen(call.now(), "", nullptr, &input));
  const auto transition = casework::TransitionOf(type_, Batch::UPLOAD, [&](google::protobuf::Message& object, const casework::Act&) {
    static_cast<Batch&>(object).MergeFrom(sent);
    return absl::OkStatus();
  });
  ASSIGN_OR_RETURN(const casework::Answer answer,
                   casework::RunAct(backend_, type_, casework::Actor::Of(call), input, nullptr, transition));
  const auto& received = static_cast<const Batch&>(*answer);
  if (received.file().stream() == sent.file().stream()) upload.Keep();  // not where an earlier request was repeated
  return received;
}

absl::StatusOr<bool> BatchService::Walk(const Batch& batch, bool all, int count, int64_t* block, size_t* place,
                                        std::vector<Placed>* rows) {
  if (batch.raw().blocks() == 0) return false;
  ASSIGN_OR_RETURN(const auto content, BatchRows::Of(backend_, batch));
  ASSIGN_OR_RETURN(const Id id, ParseId(batch.id()));
  bool more = true;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const Agencies agencies, Agencies::Of(backend_, connection, batch));
    for (; *block < content->blocks(); ++*block, *place = 0) {
      ASSIGN_OR_RETURN(const BlockVerdicts verdicts, VerdictsOf(connection, id, *block));
      if (!all && verdicts.checked && verdicts.with_findings == 0) continue;
      ASSIGN_OR_RETURN(auto read, content->Block(connection, *block));
      for (; *place < read.size(); ++*place) {
        ReadRow& row = read[*place];
        const Agency* agency = Judge(agencies, &row);
        if (!all && row.record.findings.empty()) continue;
        if (static_cast<int>(rows->size()) == count) return absl::OkStatus();
        Placed placed{*block, *place, std::move(row)};
        if (verdicts.checked) {
          placed.verdict = static_cast<v1::BatchRow::Verdict>(verdicts.codes[*place]);
        } else if (agency == nullptr) {
          placed.verdict = placed.row.record.kind == ingest::RecordKind::kNote ? v1::BatchRow::NOTE : v1::BatchRow::REFUSED;
        }
        rows->push_back(std::move(placed));
      }
    }
    more = false;
    return absl::OkStatus();
  }));
  return more;
}

namespace {

// Where a page begins, from its token; of a batch whose reading has changed since, it is none any more.
absl::Status ReadPlace(const std::string& token, const std::string& digest, int64_t* block, size_t* place) {
  if (token.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string at, casework::ReadPageToken(token, digest));
  const std::vector<std::string> parts = absl::StrSplit(at, ':');
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], block) || !absl::SimpleAtoi(parts[1], place)) return casework::BadPageToken();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ListBatchRowsResponse> BatchService::ListRows(rpc::Call& call, const v1::ListBatchRowsRequest& r) {
  ASSIGN_OR_RETURN(const Batch batch, ReadBatch(call, r.id()));
  const std::string digest = absl::StrCat(r.with_findings() ? "f" : "a", batch.raw().digest());
  int64_t block = 0;
  size_t place = 0;
  RETURN_IF_ERROR(ReadPlace(r.page_token(), digest, &block, &place));
  std::vector<Placed> rows;
  ASSIGN_OR_RETURN(const bool more, Walk(batch, !r.with_findings(), r.page_size() == 0 ? kPage : r.page_size(), &block, &place, &rows));
  ASSIGN_OR_RETURN(const auto cases, CasesOf(batch, rows));
  v1::ListBatchRowsResponse response;
  for (const Placed& placed : rows) {
    v1::BatchRow* told = response.add_rows();
    told->set_row(static_cast<int64_t>(placed.row.raw.number));
    for (size_t i = 0; i < placed.row.raw.width(); ++i) told->add_cells(placed.row.raw[i].text);
    told->set_verdict(placed.verdict);
    for (const ingest::Finding& finding : placed.row.record.findings) Describe(finding, {batch.headers().begin(), batch.headers().end()}, told->add_findings());
    if (const auto of_row = cases.find(told->row()); of_row != cases.end()) told->set_case_(of_row->second.ToString());
  }
  if (more) response.set_next_page_token(casework::PageToken(absl::StrCat(block, ":", place), digest));
  return response;
}

absl::StatusOr<v1::ListBatchFindingsResponse> BatchService::ListFindings(rpc::Call& call, const v1::ListBatchFindingsRequest& r) {
  ASSIGN_OR_RETURN(const Batch batch, ReadBatch(call, r.id()));
  const std::string digest = absl::StrCat("l", batch.raw().digest());
  int64_t block = 0;
  size_t place = 0;
  RETURN_IF_ERROR(ReadPlace(r.page_token(), digest, &block, &place));
  std::vector<Placed> rows;
  ASSIGN_OR_RETURN(const bool more, Walk(batch, false, r.page_size() == 0 ? kPage : r.page_size(), &block, &place, &rows));
  v1::ListBatchFindingsResponse response;
  if (r.page_token().empty()) *response.mutable_findings() = batch.faults();
  for (const Placed& placed : rows) {
    for (const ingest::Finding& finding : placed.row.record.findings) Describe(finding, {batch.headers().begin(), batch.headers().end()}, response.add_findings());
  }
  if (more) response.set_next_page_token(casework::PageToken(absl::StrCat(block, ":", place), digest));
  return response;
}

absl::StatusOr<v1::ListOvertakenCasesResponse> BatchService::ListOvertaken(rpc::Call& call, const v1::ListOvertakenCasesRequest& r) {
  ASSIGN_OR_RETURN(const Batch batch, ReadBatch(call, r.id()));
  ASSIGN_OR_RETURN(const Id id, ParseId(batch.id()));
  Id after;
  if (!r.page_token().empty()) {
    ASSIGN_OR_RETURN(const std::string last, casework::ReadPageToken(r.page_token(), batch.id()));
    ASSIGN_OR_RETURN(after, ParseId(last));
  }
  const int64_t count = r.page_size() == 0 ? kPage : r.page_size();
  mysql::Rows rows;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(rows, connection.Query("SELECT t.case_id, MAX(later.source) FROM telling t JOIN telling later ON later.case_id = t.case_id"
                                            " AND later.entry = t.entry AND later.source > t.source AND later.digest <> t.digest"
                                            " AND later.withdrawn = 0 WHERE t.source = ? AND t.case_id > ?"
                                            " GROUP BY t.case_id ORDER BY t.case_id LIMIT ?",
                                            {id, after, count + 1}));
    return absl::OkStatus();
  }));
  v1::ListOvertakenCasesResponse response;
  for (const auto& row : rows) {
    if (response.cases_size() == count) {
      response.set_next_page_token(casework::PageToken(response.cases(response.cases_size() - 1).case_(), batch.id()));
      break;
    }
    auto* overtaken = response.add_cases();
    overtaken->set_case_(row.AsId(0).ToString());
    overtaken->set_later_batch(row.AsId(1).ToString());
  }
  return response;
}

absl::Status BatchService::GetReturned(rpc::Call& call, const v1::GetReturnedRequest& r, rpc::Writer<v1::GetReturnedResponse> writer) {
  if (call.purpose().empty()) return InvalidField("X-Purpose", "PURPOSE_REQUIRED", "取回退回文件应当说明目的");
  ASSIGN_OR_RETURN(const Batch batch, ReadBatch(call, r.id()));
  RETURN_IF_ERROR(casework::CheckPersonal(call, type_, batch.organisation_path()));
  ReturnedFile file(std::filesystem::temp_directory_path());
  ASSIGN_OR_RETURN(const auto rows, BatchRows::Of(backend_, batch));
  RETURN_IF_ERROR(file.Begin(batch, rows->header()));
  int64_t block = 0;
  size_t place = 0;
  for (bool more = true; more;) {
    std::vector<Placed> walked;
    ASSIGN_OR_RETURN(more, Walk(batch, false, 200, &block, &place, &walked));
    for (const Placed& placed : walked) {
      if (placed.row.record.refused()) file.Add(placed.row);
    }
  }
  return file.Send(batch, writer);
}

void ServeBatches(casework::Service& service, rpc::DescribedService& methods) {
  auto& handlers = service.Keep(std::make_unique<BatchService>(service.backend()));
  methods.On("SendContent", &handlers, &BatchService::SendContent);
  methods.On("ListBatchRows", &handlers, &BatchService::ListRows);
  methods.On("ListBatchFindings", &handlers, &BatchService::ListFindings);
  methods.On("ListOvertakenCases", &handlers, &BatchService::ListOvertaken);
  methods.On("GetReturned", &handlers, &BatchService::GetReturned);
}

}  // namespace sifa::enforcement
