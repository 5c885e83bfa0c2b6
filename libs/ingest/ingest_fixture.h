// Files of tests, read by the maps that are shipped.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/core/encoding.h"
#include "libs/ingest/header.h"
#include "libs/ingest/record.h"
#include "libs/ingest/table.h"

namespace sifa::ingest {

// All maps of data/enforcement/maps.
const std::vector<ColumnMap>& Maps();
const ColumnMap& MapOf(absl::string_view id);

// A text in GB 18030.
std::string Gb18030(absl::string_view utf8);

// A file that is read to its end by any of the maps, or by one.
struct ReadFile {
  explicit ReadFile(std::string bytes, absl::string_view map = "");

  // The reason for which it was not read, or not to its end; "" where it was.
  std::string fault() const { return problem ? std::string(problem->rule->reason) : ""; }
  std::string map() const { return header.map == nullptr ? "" : header.map->id; }
  // Of the nth row that is no note.
  const Value& value(size_t n, absl::string_view field) const { return records[n](*header.map, field); }
  // REASON FIELD, in order, of the nth row.
  std::vector<std::string> findings(size_t n) const;
  bool Finds(size_t n, absl::string_view finding) const;

  std::optional<Finding> problem;
  Reading reading;
  Encoding encoding = Encoding::kUtf8;
  Header header;
  std::vector<Finding> of_file;
  std::vector<Record> records;
  std::vector<uint64_t> notes;  // rows

 private:
  std::unique_ptr<Content> content_;
};

}  // namespace sifa::ingest
