#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/mysql/mysql.h"

namespace sifa::mysql {
namespace {

constexpr size_t kMostRows = 512;
constexpr size_t kFewRows = 8;  // up to which each number has a text of its own
constexpr size_t kMostPlaces = 65535;           // of the protocol, in one statement
constexpr size_t kMostBytes = 4 * 1024 * 1024;  // well below the least max_allowed_packet in use

size_t BytesOf(absl::Span<const Value> values) {
  size_t bytes = 0;
  for (const Value& value : values) bytes += value.bytes().size() + sizeof(int64_t);
  return bytes;
}

// How many rows, or the largest power of two of them, one statement takes from the front of `values`.
size_t RowsOfNext(absl::Span<const Value> values, size_t columns) {
  const size_t most = std::min({kMostRows, kMostPlaces / columns, values.size() / columns});
  size_t rows = 1;
  size_t bytes = BytesOf(values.first(columns));
  while (rows < most) {
    const size_t next = rows < kFewRows ? rows + 1 : rows * 2;
    if (next > most) break;
    bytes += BytesOf(values.subspan(rows * columns, (next - rows) * columns));
    if (bytes > kMostBytes) break;
    rows = next;
  }
  return rows;
}

std::string TextOf(absl::string_view insert, size_t columns, size_t rows, absl::string_view suffix) {
  std::string row = "(?";
  for (size_t i = 1; i < columns; ++i) row += ",?";
  row += ')';
  std::string text(insert);
  text.reserve(insert.size() + rows * (row.size() + 1) + suffix.size() + 2);
  for (size_t i = 0; i < rows; ++i) absl::StrAppend(&text, i == 0 ? " " : ",", row);
  if (!suffix.empty()) absl::StrAppend(&text, " ", suffix);
  return text;
}

}  // namespace

absl::Status InsertRows(Connection& connection, absl::string_view insert, int columns,
                        absl::Span<const Value> values, absl::string_view suffix) {
  const size_t width = static_cast<size_t>(columns);
  if (columns <= 0 || width > kMostPlaces || values.size() % width != 0) {
    return Internal(absl::StrCat(values.size(), " values are no rows of ", columns, ": ", insert));
  }
  size_t rows_of_text = 0;
  std::string text;
  while (!values.empty()) {
    const size_t rows = RowsOfNext(values, width);
    if (rows != rows_of_text) text = TextOf(insert, width, rows, suffix);
    rows_of_text = rows;
    RETURN_IF_ERROR(connection.Execute(text, values.first(rows * width)).status());
    values.remove_prefix(rows * width);
  }
  return absl::OkStatus();
}

}  // namespace sifa::mysql
