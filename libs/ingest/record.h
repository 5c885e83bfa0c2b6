// A row as a record of its column map: the values of its fields and all that was found in it. Pure: from the row's cells alone,
// so rows that were kept are read again to the same values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/ingest/finding.h"
#include "libs/ingest/header.h"
#include "libs/ingest/table.h"

namespace sifa::ingest {

struct Value {
  bool known = false;              // false: empty, or not to be read; then `cell` is all that there is
  std::string cell;                // as sent
  std::string text;                // in the form of its type: a code, a number, 1 or 0, a day as 2024-03-05, an amount in fen
  std::vector<std::string> codes;  // of kCode, kCodes and kIdentifiers
  absl::CivilDay day;              // of kDay, kExpiry
  int64_t fen = 0;                 // of kAmount
};

enum class RecordKind {
  kRow,
  kNote,  // a total, a note, the header repeated: nothing to be taken, and to be told
};

struct Record {
  RecordKind kind = RecordKind::kRow;
  uint64_t row = 0;
  std::vector<Value> values;  // by column of the map
  std::vector<Finding> findings;

  bool refused() const;
  // The value of a field; an unknown one where the map has no such field.
  const Value& operator()(const ColumnMap& map, absl::string_view field) const;
};

class RecordReader {
 public:
  // `received`: the day to which days of what has happened are held. The header and its map must outlive the reader.
  RecordReader(const Header& header, absl::CivilDay received);

  // Everything in `record` is replaced.
  void Read(const Row& row, Record* record) const;

 private:
  // What a column of the map names, found once.
  struct Named {
    int beside = -1;  // a column
    int must = -1;    // the column whose codes make it due
    std::vector<std::string> codes;
  };

  bool IsNote(const Row& row) const;
  void ReadCell(const Row& row, size_t column, Record* record) const;
  void ReadText(size_t column, Record* record) const;
  void ReadDayCell(const Cell& cell, size_t column, Record* record) const;
  void ReadAmountCell(size_t column, Record* record) const;
  void ReadCodes(size_t column, Record* record) const;
  void CheckIdentity(size_t column, Record* record) const;
  void CheckAcrossFields(Record* record) const;
  bool IsDue(size_t column, const Record& record) const;
  void Find(const Rule& rule, size_t column, Record* record, absl::string_view detail = "") const;

  const Header& header_;
  const ColumnMap& map_;
  const absl::CivilDay received_;
  const int dated_by_, decided_by_;  // columns; -1 where the map names none
  std::vector<Named> named_;
};

// The sentences of a row's findings, one after the other, as the file to hand back has them.
std::string Reasons(const Record& record);

}  // namespace sifa::ingest
