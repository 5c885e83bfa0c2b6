#include "services/enforcement/batch_reading.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "libs/core/encoding.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/evidence/evidence.h"
#include "services/enforcement/batch_rows.h"
#include "services/enforcement/batch_service.h"
#include "services/enforcement/batch_work.h"
#include "services/enforcement/own_data.h"

namespace sifa::enforcement {
namespace {

constexpr size_t kBlockBytes = 1 << 20;
constexpr size_t kKeptBlocks = 4;

// A file out of its evidence. What cannot be read of it is kept as the error that it is.
class EvidenceContent : public ingest::Content {
 public:
  EvidenceContent(const casework::Backend& backend, const Id& stream, uint64_t size) : backend_(backend), stream_(stream), size_(size) {}

  uint64_t size() const override { return size_; }
  size_t Read(uint64_t offset, char* to, size_t count) const override {
    size_t done = 0;
    while (done < count && offset < size_) {
      const std::string* block = Block(static_cast<int64_t>(offset / kFileBlock));
      if (block == nullptr) return done;
      const size_t begin = offset % kFileBlock;
      if (begin >= block->size()) return done;
      const size_t part = std::min(count - done, block->size() - begin);
      std::memcpy(to + done, block->data() + begin, part);
      done += part;
      offset += part;
    }
    return done;
  }
  const absl::Status& status() const { return status_; }

 private:
  const std::string* Block(int64_t number) const {
    if (const auto kept = kept_.find(number); kept != kept_.end()) return &kept->second;
    std::string read;
    status_.Update(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(read, evidence::Read(backend_.keyring, connection, stream_, number));
      return absl::OkStatus();
    }));
    if (!status_.ok()) return nullptr;
    if (kept_.size() == kKeptBlocks) kept_.erase(kept_.begin()->first == number + 1 ? std::prev(kept_.end()) : kept_.begin());
    return &(kept_[number] = std::move(read));
  }

  const casework::Backend& backend_;
  const Id stream_;
  const uint64_t size_;
  mutable std::map<int64_t, std::string> kept_;
  mutable absl::Status status_;
};

// Puts rows into blocks. Blocks that an earlier reading of the same file left are not written again: they hold the same rows.
class RowKeeper {
 public:
  RowKeeper(const casework::Backend& backend, const Id& stream) : backend_(backend), stream_(stream) {}

  absl::Status Begin() {
    return backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(kept_, evidence::Count(connection, stream_));
      return absl::OkStatus();
    });
  }
  absl::Status Add(const ingest::Row& row) {
    *block_.add_rows() = RawOf(row);
    bytes_ += block_.rows(block_.rows_size() - 1).ByteSizeLong();
    return block_.rows_size() == kPortion || bytes_ >= kBlockBytes ? Write() : absl::OkStatus();
  }
  absl::StatusOr<evidence::v1::Sealed> Finish() {
    if (block_.rows_size() > 0) RETURN_IF_ERROR(Write());
    evidence::v1::Sealed sealed;
    RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(sealed, evidence::Seal(connection, stream_));
      return absl::OkStatus();
    }));
    return sealed;
  }

 private:
  absl::Status Write() {
    const int64_t number = next_++;
    const std::string bytes = block_.SerializeAsString();
    block_.Clear();
    bytes_ = 0;
    if (number < kept_) return absl::OkStatus();
    const absl::Status status = backend_.pool.InTransaction([&](mysql::Connection& connection) {
      return evidence::Append(backend_.keyring, connection, stream_, number, bytes, backend_.clock.Now());
    });
    return absl::IsAlreadyExists(status) ? absl::OkStatus() : status;  // another process reads the same file
  }

  const casework::Backend& backend_;
  const Id stream_;
  int64_t kept_ = 0, next_ = 0;
  v1::RawRows block_;
  size_t bytes_ = 0;
};

// Of one file always the same.
Id RowsOf(const Id& file) { return IdFromBytes(crypto::Sha256(absl::StrCat("rows:", file.AsBytes())).substr(0, 16)); }

absl::Status Fail(const casework::Backend& backend, const Batch& batch, const ingest::Finding& fault) {
  return FinishStep(backend, batch, Batch::FAIL, [&](Batch& failed) {
    failed.clear_faults();
    Describe(fault, {}, failed.add_faults());
    return absl::OkStatus();
  });
}

void Count(const ingest::Record& record, v1::BatchCounts* counts) {
  if (record.kind == ingest::RecordKind::kNote) {
    counts->set_notes(counts->notes() + 1);
    return;
  }
  counts->set_rows(counts->rows() + 1);
  if (record.refused()) {
    counts->set_refused(counts->refused() + 1);
  } else if (!record.findings.empty()) {
    counts->set_warned(counts->warned() + 1);
  }
}

}  // namespace

absl::Status ReadFile(const casework::Backend& backend, const std::string& spill, const Batch& batch) {
  ASSIGN_OR_RETURN(const Id file, ParseId(batch.file().stream()));
  const EvidenceContent content(backend, file, static_cast<uint64_t>(batch.file_size()));
  std::optional<ingest::Finding> fault;
  const auto table = ingest::OpenTable(content, spill, &fault);
  RETURN_IF_ERROR(content.status());
  if (table == nullptr) return Fail(backend, batch, *fault);
  std::vector<const ingest::ColumnMap*> maps;
  for (const ingest::ColumnMap& map : DataOf(backend).maps) {
    if (map.kind == "penalty" && (batch.column_map().empty() || map.id == batch.column_map())) maps.push_back(&map);
  }
  auto found = ingest::FindHeader(*table, maps, &fault);
  RETURN_IF_ERROR(content.status());
  if (!found) return Fail(backend, batch, *fault);

  RowKeeper keeper(backend, RowsOf(file));
  RETURN_IF_ERROR(keeper.Begin());
  const ingest::RecordReader reader(found->header, DayOf(absl::FromUnixSeconds(batch.create_time().seconds())));
  v1::BatchCounts counts;
  ingest::Row row;
  ingest::Record record;
  while (found->rows->Next(&row)) {
    reader.Read(row, &record);
    Count(record, &counts);
    RETURN_IF_ERROR(keeper.Add(row));
  }
  RETURN_IF_ERROR(content.status());
  if (found->rows->fault()) return Fail(backend, batch, *found->rows->fault());
  ASSIGN_OR_RETURN(const evidence::v1::Sealed sealed, keeper.Finish());
  return FinishStep(backend, batch, Batch::READ_ROWS, [&](Batch& read) {
    const ingest::Header& header = found->header;
    read.set_column_map(header.map->id);
    read.set_column_map_version(header.map->version);
    read.set_header_row(static_cast<int64_t>(header.row));
    *read.mutable_headers() = {header.names.begin(), header.names.end()};
    for (size_t i = 0; i < header.columns.size(); ++i) {
      if (header.columns[i] >= 0) read.add_held(header.map->columns[i].field);
    }
    read.clear_encoding();  // of a workbook
    if (found->reading.format == ingest::Format::kCsv)
      read.set_encoding(found->rows->encoding() == Encoding::kUtf8 ? "UTF-8" : kGb18030);
    read.set_sheet(found->reading.sheet);
    read.clear_faults();
    for (const ingest::Finding& finding : found->findings) Describe(finding, header.names, read.add_faults());
    *read.mutable_raw() = sealed;
    *read.mutable_counts() = counts;
    return absl::OkStatus();
  });
}

}  // namespace sifa::enforcement
