#include "services/enforcement/batch_rows.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/reflection.h"
#include "libs/core/status.h"
#include "libs/evidence/evidence.h"
#include "services/enforcement/case.h"
#include "services/enforcement/own_data.h"

namespace sifa::enforcement {
namespace {

using google::protobuf::FieldDescriptor;

// "2026-03-01/2026-03-20/听证;…" as the extension writes stretches of time.
void AddStretches(absl::string_view text, const google::protobuf::MutableRepeatedFieldRef<v1::Stretch>& stretches) {
  for (const absl::string_view part : absl::StrSplit(text, absl::ByAnyChar(";；"), absl::SkipWhitespace())) {
    const std::vector<absl::string_view> pieces = absl::StrSplit(part, '/');
    v1::Stretch stretch;
    stretch.set_from(std::string(absl::StripAsciiWhitespace(pieces[0])));
    if (pieces.size() > 1) stretch.set_to(std::string(absl::StripAsciiWhitespace(pieces[1])));
    if (pieces.size() > 2) stretch.set_reason(std::string(absl::StripAsciiWhitespace(pieces[2])));
    stretches.Add(stretch);
  }
}

void SetField(const FieldDescriptor& field, const ingest::Value& value, Entry* entry) {
  const auto* reflection = entry->GetReflection();
  if (field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    AddStretches(value.text, reflection->GetMutableRepeatedFieldRef<v1::Stretch>(entry, &field));
  } else if (field.is_repeated()) {
    for (const std::string& code : value.codes) reflection->AddString(entry, &field, code);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    reflection->SetInt64(entry, &field, value.fen);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    reflection->SetBool(entry, &field, value.text == "1");
  } else {
    reflection->SetString(entry, &field, value.text);
  }
}

// What stands behind 其他 in the penalties of the list: 其他-名称.
std::string OtherPenalty(absl::string_view cell) {
  for (const absl::string_view dash : {"其他-", "其他—", "其他－", "其他–"}) {
    const size_t at = cell.find(dash);
    if (at == absl::string_view::npos) continue;
    const absl::string_view rest = cell.substr(at + dash.size());
    return std::string(absl::StripAsciiWhitespace(rest.substr(0, std::min(rest.find(';'), rest.find("；")))));
  }
  return "";
}

}  // namespace

int ColumnOf(const ingest::ColumnMap& map, const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(v1::column); ++i) {
    if (const int column = map.Find(options.GetExtension(v1::column, i)); column >= 0) return column;
  }
  return -1;
}

Entry EntryOf(const ingest::ColumnMap& map, const ingest::Record& record) {
  Entry entry;
  const auto* type = Entry::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor& field = *type->field(i);
    for (int c = 0; c < field.options().ExtensionSize(v1::column); ++c) {
      const ingest::Value& value = record(map, field.options().GetExtension(v1::column, c));
      if (field.number() == Entry::kOtherPenaltyFieldNumber) {
        entry.set_other_penalty(OtherPenalty(value.cell));
      } else if (value.known) {
        SetField(field, value, &entry);
      }
    }
  }
  // The list of 2015 says in a column of its own that a decision was annulled.
  if (record(map, "CF_ZT").text == "1") entry.set_change("2");
  if (record(map, "AJ_CZ").text == "2") entry.set_cancelled(true);  // the row says that it cancels
  return entry;
}

v1::RawRow RawOf(const ingest::Row& row) {
  v1::RawRow raw;
  raw.set_number(row.number);
  raw.set_encoding_differs(row.encoding_differs);
  for (size_t i = 0; i < row.width(); ++i) {
    auto* cell = raw.add_cells();
    cell->set_kind(static_cast<int>(row[i].kind));
    cell->set_marks(row[i].marks);
    cell->set_text(row[i].text);
  }
  return raw;
}

void Restore(const v1::RawRow& raw, ingest::Row* row) {
  row->Clear();
  row->number = raw.number();
  row->encoding_differs = raw.encoding_differs();
  for (int i = 0; i < raw.cells_size(); ++i) {
    if (raw.cells(i).kind() == static_cast<int>(ingest::CellKind::kEmpty)) continue;
    ingest::Cell& cell = row->At(i);
    cell.kind = static_cast<ingest::CellKind>(raw.cells(i).kind());
    cell.marks = static_cast<uint8_t>(raw.cells(i).marks());
    cell.text = raw.cells(i).text();
  }
}

void Describe(const ingest::Finding& finding, const std::vector<std::string>& headers, v1::BatchFinding* told) {
  told->set_row(static_cast<int64_t>(finding.row));
  told->set_column(finding.column);
  if (finding.column > 0 && finding.column <= static_cast<int>(headers.size())) told->set_header(headers[finding.column - 1]);
  told->set_field(finding.field);
  told->set_cell(finding.cell);
  told->set_value(finding.value);
  told->set_reason(std::string(finding.rule->reason));
  told->set_severity(finding.refuses() ? v1::BatchFinding::REFUSED : v1::BatchFinding::WARNED);
  told->set_basis(std::string(finding.rule->basis));
  told->set_sentence(finding.sentence);
}

absl::StatusOr<std::unique_ptr<BatchRows>> BatchRows::Of(const casework::Backend& backend, const Batch& batch) {
  std::unique_ptr<BatchRows> rows(new BatchRows(backend, batch));
  const ingest::ColumnMap* map = DataOf(backend).Find(batch.column_map(), batch.column_map_version());
  if (map == nullptr) {
    return Error(absl::StatusCode::kFailedPrecondition, "COLUMN_MAP_MISSING", "读取该批次所用的列映射已不存在");
  }
  ingest::Row names;
  names.number = static_cast<uint64_t>(batch.header_row());
  for (int i = 0; i < batch.headers_size(); ++i) {
    if (batch.headers(i).empty()) continue;
    names.At(i).kind = ingest::CellKind::kText;
    names.At(i).text = batch.headers(i);
  }
  std::string duplicate;
  auto header = ingest::AsHeader(names, *map, &duplicate);
  if (!header) return Internal("the header of a batch is none by the map by which it was read");
  rows->header_ = *std::move(header);
  const absl::CivilDay received = DayOf(absl::FromUnixSeconds(batch.create_time().seconds()));
  rows->reader_ = std::make_unique<ingest::RecordReader>(rows->header_, received);
  return rows;
}

ReadRow BatchRows::Read(const v1::RawRow& raw) const {
  ReadRow read;
  Restore(raw, &read.raw);
  reader_->Read(read.raw, &read.record);
  read.entry = EntryOf(*header_.map, read.record);
  if (const auto key = EntryKey(backend_.keyring, read.entry); key.ok()) read.entry.set_key(*key);
  auto* origin = read.entry.mutable_origin();
  origin->set_batch(batch_.id());
  origin->set_row(static_cast<int64_t>(raw.number()));
  origin->set_data_date(batch_.data_date());
  *origin->mutable_record_time() = batch_.create_time();
  return read;
}

absl::StatusOr<std::vector<ReadRow>> BatchRows::Block(mysql::Connection& connection, int64_t number) const {
  ASSIGN_OR_RETURN(const Id stream, ParseId(batch_.raw().stream()));
  ASSIGN_OR_RETURN(const std::string bytes, evidence::Read(backend_.keyring, connection, stream, number));
  v1::RawRows block;
  if (!block.ParseFromString(bytes)) return Internal("a block of raw rows does not parse");
  std::vector<ReadRow> rows;
  rows.reserve(block.rows_size());
  for (const v1::RawRow& raw : block.rows()) rows.push_back(Read(raw));
  return rows;
}

}  // namespace sifa::enforcement
