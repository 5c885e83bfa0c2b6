// Merged ranges of a sheet. They stand behind its rows, so they are found before these are read.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libs/ingest/finding.h"
#include "libs/ingest/table.h"
#include "libs/ingest/xlsx_package.h"

namespace sifa::ingest {

struct MergedRange {
  uint32_t top, bottom;  // rows, from 1
  uint16_t left, right;  // columns, from 0; those beyond kMostColumns are left out
};

// By their first row. Nothing, with `fault`, where the part cannot be read.
std::vector<MergedRange> ReadMergedRanges(Package& package, int part, std::optional<Finding>* fault);

// Gives the cells of merged ranges the value of the first one, row after row.
class MergedCells {
 public:
  explicit MergedCells(std::vector<MergedRange> ranges) : ranges_(std::move(ranges)) {}
  // Rows must come in order. False where ranges lie over each other.
  bool Fill(Row* row);

 private:
  struct Open {
    MergedRange range;
    Cell first;
  };
  std::vector<MergedRange> ranges_;
  size_t next_ = 0;
  std::vector<Open> open_;  // that reach the row
};

}  // namespace sifa::ingest
