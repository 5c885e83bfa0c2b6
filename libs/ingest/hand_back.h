// The file to hand back (退回文件): the sender's own columns and rows, and behind them a column that says what is wrong with
// each. Mended, it is sent in again as it is.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "libs/ingest/header.h"
#include "libs/ingest/table.h"

namespace sifa::ingest {

// Written row after row in constant memory; in the format of the file that was sent, of CSV with its separator and in its
// encoding. Cells are as sent, formulas being their results; of one that was cut nothing is handed back, lest a part be taken for
// the whole.
class HandBack {
 public:
  virtual ~HandBack() = default;
  virtual void Add(const Row& row, absl::string_view reasons) = 0;
  // False where not all could be written; the file is then to be thrown away.
  virtual bool Finish() = 0;
};

// Writes to `path`; `spill` is a directory for what XLSX needs before it is packed. The header must outlive it. Nothing where the
// file cannot be made.
std::unique_ptr<HandBack> StartHandBack(const std::string& path, const std::string& spill, const Reading& reading,
                                        Encoding encoding, const Header& header);

}  // namespace sifa::ingest
