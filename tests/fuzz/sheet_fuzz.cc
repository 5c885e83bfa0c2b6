// A workbook whose sheet is these bytes: of each row that is read its number rises and its cells keep their bounds.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "libs/ingest/characters.h"
#include "libs/ingest/table.h"
#include "libs/ingest/xlsx_fixture.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace sifa::ingest;
  ZipMaker zip = WorkbookMaker{.strings = "<si><t>one</t></si><si><r><t>two</t></r></si>", .styles = {14, 22}}.WithoutSheet();
  zip.Add("xl/worksheets/sheet1.xml", absl::string_view(reinterpret_cast<const char*>(bytes), size));
  const TextContent content(zip.Bytes());
  std::optional<Finding> fault;
  const auto table = OpenTable(content, "/tmp", &fault);
  if (!table) std::abort();
  const auto rows = table->Open(0);
  Row row;
  for (uint64_t before = 0; rows->Next(&row); before = row.number) {
    bool holds = row.number > before && row.width() > 0 && row.width() <= kMostColumns;
    for (size_t i = 0; i < row.width(); ++i) {
      std::string text = row[i].text;
      holds = holds && IsUtf8(text) && Shorten(kLongestCell, &text);
    }
    if (!holds) {
      std::fprintf(stderr, "row %llu keeps no bound\n", static_cast<unsigned long long>(row.number));
      std::abort();
    }
  }
  return 0;
}
