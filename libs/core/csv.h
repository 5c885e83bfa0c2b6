// Data files of the tree: comma-separated, a header, no quotes, since no name of a place or a code holds a
// comma.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace sifa {

// The fields of one line in the order of the columns asked for; "" for a column that the file does not have.
using CsvRow = absl::FunctionRef<absl::Status(absl::Span<const absl::string_view> fields)>;

// Calls `row` for each line. The first `required` of `columns` must stand in the header. Errors are
// INVALID_ARGUMENT with reason DATA_FILE_MALFORMED and name the line; those of `row` are passed on under that
// reason.
absl::Status ReadCsv(absl::string_view text, absl::Span<const absl::string_view> columns, size_t required,
                     CsvRow row);

// NOT_FOUND with reason DATA_FILE_MISSING.
absl::StatusOr<std::string> ReadDataFile(const std::string& path);
// The texts of all *.csv in a folder, by name. NOT_FOUND where there is none.
absl::StatusOr<std::vector<std::string>> ReadDataFolder(const std::string& folder);

}  // namespace sifa
