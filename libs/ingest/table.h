// A table as somebody sent it, CSV or XLSX, read row by row within bounds: whatever a file claims, a reader keeps 64 MiB at most.
// Cells come as texts with their kind; what they mean is told by a column map (column_map.h) once the header is found (header.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "libs/core/encoding.h"
#include "libs/ingest/content.h"
#include "libs/ingest/finding.h"

namespace sifa::ingest {

inline constexpr uint64_t kLargestFile = 200 << 20;
inline constexpr size_t kMostColumns = 256;
inline constexpr size_t kLongestCell = 32767;   // characters, as in Excel
inline constexpr size_t kLargestRow = 4 << 20;  // bytes of all its cells; further ones are cut

enum class CellKind : uint8_t {
  kEmpty,
  kText,
  kNumber,   // text: a plain decimal, as Excel shows it: 15 significant digits at most
  kDay,      // text: 2024-03-05, with 10:20:30 behind a blank where it has a time of day
  kBoolean,  // text: 1, 0
  kError,    // text: #REF! and the like
};

// What is to be said of how a cell's text came about; bits, to be kept with it.
enum CellMark : uint8_t {
  kFromFormula = 1,      // the result that was saved with a formula
  kNoResult = 2,         // a formula with which no result was saved
  kFromMergedRange = 4,  // the first cell of the merged range in which this one lies
  kCut = 8,              // longer than kLongestCell, or beyond kLargestRow
  kDigitsLost = 16,      // a whole number of over 15 digits: a spreadsheet kept no more
  kDaysFrom1904 = 32,    // a number in a workbook that counts its days from 1904
};

struct Cell {
  CellKind kind = CellKind::kEmpty;
  uint8_t marks = 0;
  std::string text;
};

// One row. Kept and read into again and again, so that its texts need not be allocated anew.
class Row {
 public:
  // The place in its sheet, from 1, counting blank rows: what a spreadsheet shows beside it.
  uint64_t number = 0;
  // Its bytes are not of the encoding in which the header was read (ENCODING_MIXED); the cells are then for reading by people
  // only.
  bool encoding_differs = false;

  // Up to the last cell that is not empty.
  size_t width() const { return width_; }
  // By place from 0; an empty cell beyond the width.
  const Cell& operator[](size_t column) const;

  // For those who fill it: the cell at a place below kMostColumns, the ones before it empty.
  Cell& At(size_t column);
  void Clear();

 private:
  std::vector<Cell> cells_;
  size_t width_ = 0;
};

// The rows of one sheet, in order.
class RowSource {
 public:
  virtual ~RowSource() = default;
  // The next row in which anything stands. False at the end, and for good where the file cannot be read further: then `fault`
  // says why.
  virtual bool Next(Row* row) = 0;
  const std::optional<Finding>& fault() const { return fault_; }
  // In which the rows so far were read. Of CSV whose header is plain ASCII the first line that is not decides.
  virtual Encoding encoding() const { return Encoding::kUtf8; }

 protected:
  bool Fail(Finding fault) {
    fault_ = std::move(fault);
    return false;
  }

 private:
  std::optional<Finding> fault_;
};

enum class Format { kCsv, kXlsx };

// One of the ways in which a file may be read as a table: CSV by encoding and separator, XLSX by its visible sheets. Which it is
// shows only where a header is recognised.
struct Reading {
  Format format = Format::kCsv;
  Encoding encoding = Encoding::kUtf8;  // of CSV
  char separator = ',';                 // of CSV
  bool byte_order_mark = false;         // of CSV
  std::string sheet;                    // of XLSX
};

class TableFile {
 public:
  virtual ~TableFile() = default;
  const std::vector<Reading>& readings() const { return readings_; }
  // The rows by one of the readings, from the first. Several may be open.
  virtual std::unique_ptr<RowSource> Open(size_t reading) = 0;

 protected:
  std::vector<Reading> readings_;
};

// A file by its content, whatever it is called. `spill` is a directory for what does not fit into memory; files there have no
// name and vanish with their reader. Nothing, with `fault`, where it is none that can be read.
std::unique_ptr<TableFile> OpenTable(const Content& content, const std::string& spill, std::optional<Finding>* fault);

}  // namespace sifa::ingest
