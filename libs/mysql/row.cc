#include <cstdio>
#include <cstdlib>

#include "libs/mysql/mysql.h"

namespace sifa::mysql {
namespace {

// Reading a column as what it is not is a mistake in the program that the first test meets; a silent zero
// would be worse.
[[noreturn]] void WrongType(int column) {
  std::fprintf(stderr, "mysql: column %d read as a type it does not have\n", column);
  std::abort();
}

const Row::Cell& CellAt(const Row& row, int column) {
  if (column < 0 || static_cast<size_t>(column) >= row.cells.size()) WrongType(column);
  return row.cells[static_cast<size_t>(column)];
}

// Null where the cell is NULL.
template <class T>
const T* Get(const Row& row, int column) {
  const Row::Cell& cell = CellAt(row, column);
  if (const T* value = std::get_if<T>(&cell)) return value;
  if (!std::holds_alternative<std::monostate>(cell)) WrongType(column);
  return nullptr;
}

template <class T>
const T& GetPresent(const Row& row, int column) {
  const T* value = Get<T>(row, column);
  if (value == nullptr) WrongType(column);
  return *value;
}

}  // namespace

absl::StatusOr<Rows> Connection::Query(absl::string_view sql, absl::Span<const Value> parameters) {
  Rows rows;
  const absl::Status read = Each(sql, parameters, [&](Row& row) {
    rows.push_back(std::move(row));
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return rows;
}

bool Row::IsNull(int column) const { return std::holds_alternative<std::monostate>(CellAt(*this, column)); }

int64_t Row::Int(int column) const {
  const int64_t* value = Get<int64_t>(*this, column);
  return value == nullptr ? 0 : *value;
}

const std::string& Row::Bytes(int column) const {
  static const std::string kEmpty;
  const std::string* value = Get<std::string>(*this, column);
  return value == nullptr ? kEmpty : *value;
}

Id Row::AsId(int column) const {
  const std::string* value = Get<std::string>(*this, column);
  if (value == nullptr) return Id{};
  if (value->size() != Id{}.bytes.size()) WrongType(column);
  return IdFromBytes(*value);
}

absl::CivilDay Row::Day(int column) const { return GetPresent<absl::CivilDay>(*this, column); }

absl::Time Row::Time(int column) const { return GetPresent<absl::Time>(*this, column); }

}  // namespace sifa::mysql
