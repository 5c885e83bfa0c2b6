// The table of strings that the cells of a workbook share.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/ingest/finding.h"
#include "libs/ingest/spill.h"
#include "libs/ingest/xlsx_package.h"

namespace sifa::ingest {

// Keeps 16 MiB of them in memory, with what finds them, and spills the rest. Not thread-safe.
class SharedStrings {
 public:
  // `part` -1: a workbook without any. Nothing, with `fault`, where they cannot be read.
  static std::unique_ptr<SharedStrings> Read(Package& package, int part, const std::string& spill, std::optional<Finding>* fault);

  // False where there is none of this number. `cut` where it was longer than a cell may be.
  bool Get(uint64_t number, std::string* text, bool* cut);

 private:
  friend class SharedStringsReader;
  explicit SharedStrings(const std::string& spill) : bytes_(spill) {}
  bool Add(const std::string& text, bool cut);
  // Length of the string that begins there.
  bool Head(uint64_t offset, uint64_t* length, bool* cut);

  Spill bytes_;                    // of each string its length, then its text
  std::vector<uint64_t> offsets_;  // of every `stride_`th
  uint64_t count_ = 0;
  uint64_t stride_ = 1;
  uint64_t next_number_ = 0, next_offset_ = 0;  // after the one that was got last: most are asked for in order
  std::string head_;
};

}  // namespace sifa::ingest
