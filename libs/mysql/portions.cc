#include "libs/mysql/portions.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "libs/core/status.h"

namespace sifa::mysql {
namespace {

// "(a > ? OR (a = ? AND (b > ?)))": a range of the key's index, which a comparison of tuples is not to MariaDB.
std::string Behind(absl::Span<const std::string> key) {
  const std::string first = absl::StrCat("(", key.front(), " > ?");
  if (key.size() == 1) return absl::StrCat(first, ")");
  return absl::StrCat(first, " OR (", key.front(), " = ? AND ", Behind(key.subspan(1)), "))");
}

Value ValueOf(const Row::Cell& cell) {
  return std::visit(
      [](const auto& held) -> Value {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) {
          return std::nullopt;
        } else {
          return held;
        }
      },
      cell);
}

}  // namespace

absl::Status EachInPortions(Connection& connection, const KeyedSelect& select, absl::FunctionRef<absl::Status(Row&)> take) {
  const std::string rows = absl::StrCat("SELECT ", select.columns, " FROM ", select.from, " WHERE ", select.where);
  const std::string order = absl::StrCat(" ORDER BY ", absl::StrJoin(select.key, ", "), " LIMIT ", kPortion);
  const std::string first = absl::StrCat(rows, order), next = absl::StrCat(rows, " AND ", Behind(select.key), order);
  std::vector<Row::Cell> last;  // the key of the last row
  int taken = 0;
  do {
    std::vector<Value> parameters = select.parameters;
    for (size_t i = 0; i < last.size(); ++i) {
      parameters.push_back(ValueOf(last[i]));
      if (i + 1 < last.size()) parameters.push_back(ValueOf(last[i]));
    }
    const std::string& sql = last.empty() ? first : next;
    taken = 0;
    std::vector<Row::Cell> reached;
    RETURN_IF_ERROR(connection.Each(sql, parameters, [&](Row& row) {
      if (++taken == kPortion)
        reached.assign(row.cells.begin(), row.cells.begin() + static_cast<std::ptrdiff_t>(select.key.size()));
      return take(row);
    }));
    last = std::move(reached);
  } while (taken == kPortion);
  return absl::OkStatus();
}

}  // namespace sifa::mysql
