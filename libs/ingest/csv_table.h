// Comma-separated values (RFC 4180) as they are sent: UTF-8 or GB 18030; comma, tab or semicolon; every kind of line end.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/ingest/table.h"

namespace sifa::ingest {

class CsvTable : public TableFile {
 public:
  explicit CsvTable(const Content& content);
  std::unique_ptr<RowSource> Open(size_t reading) override;

 private:
  const Content& content_;
};

// Appends one line: cells that need it in quotes, the others as they are. `line_end` is not appended.
void AppendCsvLine(const std::vector<absl::string_view>& cells, char separator, std::string* line);

}  // namespace sifa::ingest
