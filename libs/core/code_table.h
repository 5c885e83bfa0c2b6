// Code tables (代码表): the values that a coded field may take, as data.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"

namespace sifa {

struct CodeEntry {
  std::string code;
  std::string label;
  int order = 0;
  std::optional<absl::CivilDay> valid_from;
  std::string parent;  // code of the same table that this one refines: 1001 of 10
  std::string group;   // what a report sums it under: "A"
};

// Immutable after it is made, so thread-safe.
class CodeTables {
 public:
  CodeTables() = default;
  // Texts of CSV with the columns table, code, label, order, valid_from, and where needed parent and group. A
  // code may stand once in its table, a parent must stand before it. Errors as of ReadCsv.
  static absl::StatusOr<CodeTables> Parse(absl::Span<const std::string> texts);
  // All *.csv of a folder.
  static absl::StatusOr<CodeTables> Load(const std::string& folder);

  std::vector<absl::string_view> Names() const;
  // By order; nullptr where there is no such table.
  const std::vector<CodeEntry>* List(absl::string_view table) const;
  const CodeEntry* Find(absl::string_view table, absl::string_view code) const;
  // "" where unknown.
  absl::string_view LabelOf(absl::string_view table, absl::string_view code) const;
  // INVALID_ARGUMENT with reason CODE_TABLE_UNKNOWN or CODE_UNKNOWN.
  absl::Status Check(absl::string_view table, absl::string_view code) const;

 private:
  absl::Status Add(absl::Span<const absl::string_view> fields);

  std::map<std::string, std::vector<CodeEntry>, std::less<>> tables_;
};

}  // namespace sifa
