// A file as a table: whatever its bytes are, rows keep their bounds and order, cells are whole UTF-8, and a line of CSV that is
// written from a row reads as that row.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "libs/ingest/characters.h"
#include "libs/ingest/csv_table.h"
#include "libs/ingest/header.h"
#include "libs/ingest/record.h"
#include "libs/ingest/table.h"

namespace {

using namespace sifa::ingest;

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

const ColumnMap& Map() {
  static const ColumnMap& map =
      *new ColumnMap(*ParseColumnMap({.id = "fuzz"},
                                     "field,headers,type,longest,must,key,unit,codes,beside,clean\nO,organ,credit_code,18,yes,"
                                     "organ,,,,\nN,number,number,9,yes,number,,,,excel_quotes\n"
                                     "D,day,day,,,,,,,\nA,amount,amount,,,,万元,,T,empty_words\nT,text,prose,9,,,,,,\nI,identity,"
                                     "identity,,,,,,,\nM,name,name,,,,,,,\nF,flag,flag,,,,,,,\n"));
  return map;
}

void CheckRow(const Row& row) {
  Require(row.width() <= kMostColumns, "too many columns");
  for (size_t i = 0; i < row.width(); ++i) {
    std::string text = row[i].text;
    Require(IsUtf8(text), "a cell is not UTF-8");
    Require(Shorten(kLongestCell, &text), "a cell is too long");
  }
}

void CheckLine(const Row& row) {
  std::vector<absl::string_view> cells;
  for (size_t i = 0; i < row.width(); ++i) cells.push_back(row[i].text);
  std::string line(sifa::kByteOrderMark);
  AppendCsvLine(cells, ',', &line);
  const TextContent content(line);
  CsvTable table(content);
  Row read;
  Require(table.Open(0)->Next(&read) && read.width() == row.width(), "a line reads otherwise");
  for (size_t i = 0; i < row.width(); ++i) Require(read[i].text == row[i].text, "a cell reads otherwise");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const TextContent content(std::string(reinterpret_cast<const char*>(bytes), size));
  std::optional<Finding> fault;
  const auto table = OpenTable(content, "/tmp", &fault);
  Require((table == nullptr) == fault.has_value(), "no table and no fault");
  if (!table) return 0;
  Row row;
  for (size_t reading = 0; reading < table->readings().size() && reading < 8; ++reading) {
    const auto rows = table->Open(reading);
    for (uint64_t before = 0; rows->Next(&row); before = row.number) {
      Require(row.number > before, "rows out of order");
      CheckRow(row);
      if (table->readings()[reading].format == Format::kCsv && !row.encoding_differs) CheckLine(row);
    }
  }
  auto found = FindHeader(*table, {&Map()}, &fault);
  Require(found.has_value() != fault.has_value(), "no header and no fault");
  if (!found) return 0;
  const RecordReader reader(found->header, absl::CivilDay(2024, 12, 31));
  Record record;
  while (found->rows->Next(&row)) {
    reader.Read(row, &record);
    for (const Finding& finding : record.findings) Require(!finding.sentence.empty(), "a finding says nothing");
  }
  return 0;
}
