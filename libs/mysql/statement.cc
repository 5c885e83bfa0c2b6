#include "libs/mysql/statement.h"

#include <errmsg.h>

#include <cstring>

namespace sifa::mysql {
namespace {

constexpr absl::CivilDay kEpochDay(1970, 1, 1);
constexpr int kMaximalYear = 9999;
constexpr unsigned kBinaryCharset = 63;

MYSQL_TIME ToServerDay(int64_t days) {
  const absl::CivilDay day = kEpochDay + days;
  MYSQL_TIME time{};
  time.year = static_cast<unsigned>(day.year());
  time.month = static_cast<unsigned>(day.month());
  time.day = static_cast<unsigned>(day.day());
  time.time_type = MYSQL_TIMESTAMP_DATE;
  return time;
}

MYSQL_TIME ToServerTime(int64_t micros) {
  const absl::Time at = absl::FromUnixMicros(micros);
  const absl::CivilSecond second = absl::ToCivilSecond(at, absl::UTCTimeZone());
  MYSQL_TIME time = ToServerDay(absl::CivilDay(second) - kEpochDay);
  time.hour = static_cast<unsigned>(second.hour());
  time.minute = static_cast<unsigned>(second.minute());
  time.second = static_cast<unsigned>(second.second());
  time.second_part = static_cast<unsigned long>(
      absl::ToInt64Microseconds(at - absl::FromCivil(second, absl::UTCTimeZone())));
  time.time_type = MYSQL_TIMESTAMP_DATETIME;
  return time;
}

absl::Time FromServerTime(const MYSQL_TIME& time) {
  const absl::CivilSecond second(time.year, static_cast<int>(time.month), static_cast<int>(time.day),
                                 static_cast<int>(time.hour), static_cast<int>(time.minute),
                                 static_cast<int>(time.second));
  return absl::FromCivil(second, absl::UTCTimeZone()) +
         absl::Microseconds(static_cast<int64_t>(time.second_part));
}

Value::Kind KindOf(const MYSQL_FIELD& field) {
  switch (field.type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:
      return Value::Kind::kInt;
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
      // SUM over integers comes as a decimal without a fraction.
      return field.decimals == 0 ? Value::Kind::kInt : Value::Kind::kBytes;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
      return Value::Kind::kDay;
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
      return Value::Kind::kTime;
    case MYSQL_TYPE_NULL:
      return Value::Kind::kNull;
    default:
      return Value::Kind::kBytes;
  }
}

}  // namespace

Statement::~Statement() {
  if (handle_ != nullptr) mysql_stmt_close(handle_);
}

unsigned Statement::error() const {
  if (failure_ != nullptr) return 0;
  if (mysql_stmt_errno(handle_) != 0) return mysql_stmt_errno(handle_);
  // An error amid the rows (a deadlock under FOR UPDATE, a cut) is told on the connection only. One without a
  // number leaves the connection in an unknown state, which this number, as all of libmariadb's own, counts
  // as lost.
  return mysql_errno(connection_) != 0 ? mysql_errno(connection_) : CR_UNKNOWN_ERROR;
}

const char* Statement::text() const {
  if (failure_ != nullptr) return failure_;
  return mysql_stmt_errno(handle_) != 0 ? mysql_stmt_error(handle_) : mysql_error(connection_);
}

bool Statement::Fail(const char* text) {
  failure_ = text;
  return false;
}

bool Statement::Prepare(absl::string_view sql) {
  if (handle_ == nullptr) return Fail("out of memory");
  if (mysql_stmt_prepare(handle_, sql.data(), sql.size()) != 0) return false;
  parameters_.resize(parameter_count());
  numbers_.resize(parameter_count());
  times_.resize(parameter_count());
  return true;
}

bool Statement::Execute(absl::Span<const Value> parameters) {
  failure_ = nullptr;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Value& value = parameters[i];
    MYSQL_BIND& bind = parameters_[i];
    std::memset(&bind, 0, sizeof bind);
    switch (value.kind()) {
      case Value::Kind::kNull:
        bind.buffer_type = MYSQL_TYPE_NULL;
        break;
      case Value::Kind::kInt:
        numbers_[i] = value.number();
        bind.buffer_type = MYSQL_TYPE_LONGLONG;
        bind.buffer = &numbers_[i];
        break;
      case Value::Kind::kBytes:
        // Text, not blob, also for ids: compared with a binary column it becomes binary, whereas a binary
        // value compared with a text column would keep the server from the column's index.
        bind.buffer_type = MYSQL_TYPE_STRING;
        bind.buffer = const_cast<char*>(value.bytes().data());
        bind.buffer_length = value.bytes().size();
        break;
      case Value::Kind::kDay:
      case Value::Kind::kTime:
        const bool day = value.kind() == Value::Kind::kDay;
        times_[i] = day ? ToServerDay(value.number()) : ToServerTime(value.number());
        // The fields of the protocol would wrap around silently.
        if (times_[i].year > kMaximalYear) return Fail("a date outside the years 0 to 9999");
        bind.buffer_type = day ? MYSQL_TYPE_DATE : MYSQL_TYPE_DATETIME;
        bind.buffer = &times_[i];
        break;
    }
  }
  if (!parameters.empty() && mysql_stmt_bind_param(handle_, parameters_.data()) != 0) return false;
  return mysql_stmt_execute(handle_) == 0;
}

bool Statement::BindResult() {
  // Anew after each execution: another session may have changed the table, and the server then changes the
  // columns.
  const unsigned columns = mysql_stmt_field_count(handle_);
  const MYSQL_FIELD* fields = mariadb_stmt_fetch_fields(handle_);
  results_.resize(columns);
  slots_.resize(columns);
  std::memset(results_.data(), 0, columns * sizeof(MYSQL_BIND));
  for (unsigned i = 0; i < columns; ++i) {
    Slot& slot = slots_[i];
    MYSQL_BIND& bind = results_[i];
    slot.kind = KindOf(fields[i]);
    bind.length = &slot.length;
    bind.is_null = &slot.is_null;
    bind.error = &slot.error;
    switch (slot.kind) {
      case Value::Kind::kInt:
        bind.buffer_type = MYSQL_TYPE_LONGLONG;
        bind.buffer = &slot.number;
        break;
      case Value::Kind::kDay:
      case Value::Kind::kTime:
        bind.buffer_type = slot.kind == Value::Kind::kDay ? MYSQL_TYPE_DATE : MYSQL_TYPE_DATETIME;
        bind.buffer = &slot.time;
        break;
      default:
        // What is longer than the buffer is only begun by the fetch; ReadBytes then copies it whole, into the cell.
        bind.buffer_type = fields[i].charsetnr == kBinaryCharset ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
        bind.buffer = slot.small;
        bind.buffer_length = sizeof slot.small;
    }
  }
  return mysql_stmt_bind_result(handle_, results_.data()) == 0;
}

bool Statement::Fetch(absl::FunctionRef<bool(Row&)> take) {
  if (mysql_stmt_field_count(handle_) == 0) return true;
  if (!BindResult()) return false;
  Row row;
  for (;;) {
    const int got = mysql_stmt_fetch(handle_);
    if (got == MYSQL_NO_DATA) return true;
    if (got != 0 && got != MYSQL_DATA_TRUNCATED) return false;
    if (!ReadRow(&row)) return false;
    if (!take(row)) return true;
  }
}

bool Statement::ReadRow(Row* row) {
  row->cells.resize(slots_.size());
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].is_null) {
      row->cells[i] = std::monostate();
    } else if (!ReadCell(static_cast<int>(i), &row->cells[i])) {
      return false;
    }
  }
  return true;
}

bool Statement::ReadCell(int column, Row::Cell* cell) {
  const Slot& slot = slots_[column];
  switch (slot.kind) {
    case Value::Kind::kNull:
      *cell = std::monostate();
      return true;
    case Value::Kind::kInt:
      if (slot.error) return Fail("an integer beyond 64 bits");
      *cell = slot.number;
      return true;
    case Value::Kind::kDay:
      *cell =
          absl::CivilDay(slot.time.year, static_cast<int>(slot.time.month), static_cast<int>(slot.time.day));
      return true;
    case Value::Kind::kTime:
      *cell = FromServerTime(slot.time);
      return true;
    case Value::Kind::kBytes:
      if (!std::holds_alternative<std::string>(*cell)) cell->emplace<std::string>();
      return ReadBytes(column, &std::get<std::string>(*cell));
  }
  return true;
}

bool Statement::ReadBytes(int column, std::string* bytes) {
  const unsigned long length = slots_[column].length;
  if (length <= sizeof slots_[column].small) {
    bytes->assign(slots_[column].small, length);
    return true;
  }
  bytes->resize(length);
  unsigned long read = 0;
  my_bool error = 0;
  my_bool is_null = 0;
  MYSQL_BIND bind{};
  bind.buffer_type = results_[column].buffer_type;
  bind.buffer = bytes->data();
  bind.buffer_length = length;
  bind.length = &read;
  bind.error = &error;
  bind.is_null = &is_null;
  return mysql_stmt_fetch_column(handle_, &bind, static_cast<unsigned>(column), 0) == 0;
}

Statement* StatementCache::Find(absl::string_view sql) {
  const auto found = by_text_.find(sql);
  if (found == by_text_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->statement.get();
}

Statement* StatementCache::Insert(absl::string_view sql, std::unique_ptr<Statement> statement) {
  if (entries_.size() >= limit_) {
    by_text_.erase(entries_.back().sql);
    entries_.pop_back();
  }
  entries_.push_front({std::string(sql), std::move(statement)});
  by_text_[entries_.front().sql] = entries_.begin();
  return entries_.front().statement.get();
}

void StatementCache::Clear() {
  by_text_.clear();
  entries_.clear();
}

}  // namespace sifa::mysql
