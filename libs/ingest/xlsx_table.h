// Workbooks of Excel (Office Open XML, ECMA-376), read as a stream: no more than a row of a sheet is kept.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/ingest/table.h"
#include "libs/ingest/xlsx_package.h"
#include "libs/ingest/xlsx_strings.h"

namespace sifa::ingest {

// What the cells of all sheets share.
struct Workbook {
  std::unique_ptr<Package> package;
  std::unique_ptr<SharedStrings> strings;
  std::vector<bool> shows_day;  // by style of a cell
  bool from_1904 = false;
};

class XlsxTable : public TableFile {
 public:
  // Nothing, with `fault`, where it is no workbook, or broken.
  static std::unique_ptr<XlsxTable> Open(const Content& content, const std::string& spill, std::optional<Finding>* fault);
  // Of the visible sheets, in their order.
  std::unique_ptr<RowSource> Open(size_t reading) override;

 private:
  XlsxTable() = default;

  Workbook workbook_;
  std::vector<int> parts_;  // of the sheets
};

// The rows of one sheet (xlsx_sheet.cc).
std::unique_ptr<RowSource> OpenSheet(Workbook& workbook, int part);

}  // namespace sifa::ingest
