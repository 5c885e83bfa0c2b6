// Workbooks of tests, honest and hostile, made byte by byte: no library would write what attackers send.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace sifa::ingest {

// A zip whose directory says what it is told to.
class ZipMaker {
 public:
  struct Part {
    std::string name;
    std::string deflated;
    uint32_t crc = 0;
    uint32_t size = 0;    // inflated, as the directory says
    uint16_t flags = 0;   // 1: encrypted
    uint16_t method = 8;  // deflate
  };

  void Add(absl::string_view name, absl::string_view bytes);
  // `head`, so many times `unit`, `tail`: gigabytes in milliseconds.
  void AddRepeated(absl::string_view name, absl::string_view head, const std::string& unit, uint64_t times,
                   absl::string_view tail);
  Part& last() { return parts_.back(); }
  // `claimed`: how many parts the end says there are; -1: as many as there are.
  std::string Bytes(int claimed = -1) const;

 private:
  std::vector<Part> parts_;
};

// A workbook with one sheet, of which the XML of the rows is given; the other parts can be replaced.
struct WorkbookMaker {
  std::string rows;         // inside sheetData
  std::string behind_rows;  // mergeCells
  std::string strings;      // si elements
  std::string formats;      // numFmt elements
  std::vector<int> styles;  // numFmtId of each cell style
  std::string properties;   // of the workbook: date1904="1"
  std::string sheets = R"(<sheet name="Sheet1" sheetId="1" r:id="rId1"/>)";
  std::string further_links;  // of the workbook
  std::vector<std::pair<std::string, std::string>> further_parts;

  // All parts but the sheet, to which a hostile one is added.
  ZipMaker WithoutSheet() const;
  std::string Bytes() const;
};

// <row> of inline strings, so many as there are cells.
std::string InlineRow(int number, const std::vector<std::string>& cells);

}  // namespace sifa::ingest
