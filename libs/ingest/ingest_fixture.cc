#include "libs/ingest/ingest_fixture.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "unicode/ucnv.h"

namespace sifa::ingest {

const std::vector<ColumnMap>& Maps() {
  static const std::vector<ColumnMap>& maps = *[] {
    auto loaded = LoadColumnMaps(SIFA_DATA "/enforcement/maps");
    INFO(loaded.status().message());
    REQUIRE(loaded.ok());
    return new std::vector<ColumnMap>(*std::move(loaded));
  }();
  return maps;
}

const ColumnMap& MapOf(absl::string_view id) {
  return *std::find_if(Maps().begin(), Maps().end(), [&](const ColumnMap& map) { return map.id == id; });
}

std::string Gb18030(absl::string_view utf8) {
  std::string bytes(utf8.size() * 2 + 4, '\0');
  UErrorCode status = U_ZERO_ERROR;
  bytes.resize(ucnv_convert("GB18030", "UTF-8", bytes.data(), static_cast<int32_t>(bytes.size()), utf8.data(),
                            static_cast<int32_t>(utf8.size()), &status));
  REQUIRE(U_SUCCESS(status));
  return bytes;
}

ReadFile::ReadFile(std::string bytes, absl::string_view map) : content_(std::make_unique<TextContent>(std::move(bytes))) {
  const std::unique_ptr<TableFile> file = OpenTable(*content_, "/tmp", &problem);
  if (!file) return;
  std::vector<const ColumnMap*> maps;
  for (const ColumnMap& one : Maps()) {
    if (map.empty() || one.id == map) maps.push_back(&one);
  }
  std::optional<FoundTable> found = FindHeader(*file, maps, &problem);
  if (!found) return;
  reading = found->reading;
  header = found->header;
  of_file = found->findings;
  const RecordReader reader(header, absl::CivilDay(2024, 12, 31));
  Row row;
  while (found->rows->Next(&row)) {
    Record record;
    reader.Read(row, &record);
    if (record.kind == RecordKind::kNote) {
      notes.push_back(record.row);
    } else {
      records.push_back(std::move(record));
    }
  }
  problem = found->rows->fault();
  encoding = found->rows->encoding();
}

std::vector<std::string> ReadFile::findings(size_t n) const {
  std::vector<std::string> found;
  for (const Finding& finding : records[n].findings) {
    found.push_back(finding.field.empty() ? std::string(finding.rule->reason)
                                          : absl::StrCat(finding.rule->reason, " ", finding.field));
  }
  return found;
}

bool ReadFile::Finds(size_t n, absl::string_view finding) const {
  const std::vector<std::string> found = findings(n);
  return std::find(found.begin(), found.end(), finding) != found.end();
}

}  // namespace sifa::ingest
