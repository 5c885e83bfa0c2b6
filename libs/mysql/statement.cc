#include "libs/mysql/statement.h"

#include <cppconn/datatype.h>
#include <cppconn/parameter_metadata.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "libs/core/status.h"

namespace sifa::mysql {
namespace {

constexpr absl::CivilDay kEpochDay(1970, 1, 1);
constexpr int kMaximalYear = 9999;

sql::SQLString ToServer(absl::string_view text) { return sql::SQLString(text.data(), text.size()); }

std::string FormatDay(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

std::string FormatTime(absl::CivilSecond second, absl::Duration fraction) {
  return absl::StrFormat("%s %02d:%02d:%02d.%06d", FormatDay(absl::CivilDay(second)), second.hour(), second.minute(),
                         second.second(), absl::ToInt64Microseconds(fraction));
}

// Text, not a number of days: the connector sends dates as the text in which SQL writes them.
absl::StatusOr<std::string> DateText(const Value& value) {
  if (value.kind() == Value::Kind::kDay) {
    const absl::CivilDay day = kEpochDay + value.number();
    if (day.year() >= 0 && day.year() <= kMaximalYear) return FormatDay(day);
  } else {
    const absl::Time at = absl::FromUnixMicros(value.number());
    const absl::CivilSecond second = absl::ToCivilSecond(at, absl::UTCTimeZone());
    if (second.year() >= 0 && second.year() <= kMaximalYear) {
      return FormatTime(second, at - absl::FromCivil(second, absl::UTCTimeZone()));
    }
  }
  return Internal("a date outside the years 0 to 9999");
}

// The next number of "2024-02-29 23:59:59.000100", which then begins behind it and the sign that follows. The connector writes years before
// 1000 with fewer digits.
int TakeNumber(absl::string_view* text) {
  int number = 0;
  while (!text->empty() && absl::ascii_isdigit(text->front())) {
    number = number * 10 + (text->front() - '0');
    text->remove_prefix(1);
  }
  if (!text->empty()) text->remove_prefix(1);
  return number;
}

absl::CivilDay TakeDay(absl::string_view* text) {
  const int year = TakeNumber(text), month = TakeNumber(text);
  return absl::CivilDay(year, month, TakeNumber(text));
}

absl::Time TakeTime(absl::string_view* text) {
  const absl::CivilDay day = TakeDay(text);
  const int hour = TakeNumber(text), minute = TakeNumber(text), second = TakeNumber(text);
  const size_t digits = text->size();
  int micros = TakeNumber(text);
  for (size_t i = digits; i < 6; ++i) micros *= 10;
  return absl::FromCivil(absl::CivilSecond(day) + hour * 3600 + minute * 60 + second, absl::UTCTimeZone()) + absl::Microseconds(micros);
}

Value::Kind KindOf(sql::ResultSetMetaData& columns, unsigned column) {
  switch (columns.getColumnType(column)) {
    case sql::DataType::BIT:
    case sql::DataType::TINYINT:
    case sql::DataType::SMALLINT:
    case sql::DataType::MEDIUMINT:
    case sql::DataType::INTEGER:
    case sql::DataType::BIGINT:
    case sql::DataType::YEAR:
      return Value::Kind::kInt;
    case sql::DataType::DECIMAL:
    case sql::DataType::NUMERIC:
      // SUM over integers comes as a decimal without a fraction.
      return columns.getScale(column) == 0 ? Value::Kind::kInt : Value::Kind::kBytes;
    case sql::DataType::DATE:
      return Value::Kind::kDay;
    case sql::DataType::TIMESTAMP:  // DATETIME, too
      return Value::Kind::kTime;
    case sql::DataType::SQLNULL:
      return Value::Kind::kNull;
    default:
      return Value::Kind::kBytes;
  }
}

struct Column {
  Value::Kind kind;
  bool is_number;  // comes as a number, whereas a decimal comes as text
};

std::vector<Column> ColumnsOf(sql::ResultSet& result) {
  sql::ResultSetMetaData& columns = *result.getMetaData();
  std::vector<Column> found;
  for (unsigned i = 1; i <= columns.getColumnCount(); ++i) {
    const int type = columns.getColumnType(i);
    found.push_back({KindOf(columns, i), type != sql::DataType::DECIMAL && type != sql::DataType::NUMERIC});
  }
  return found;
}

absl::StatusOr<int64_t> ReadInt(const sql::ResultSet& result, unsigned column, bool is_number) {
  // As text where a value might not fit: a number beyond 64 bits would wrap around silently.
  int64_t number = 0;
  if (is_number && (number = result.getInt64(column)) >= 0) return number;
  if (absl::SimpleAtoi(result.getString(column).asStdString(), &number)) return number;
  return Internal("an integer beyond 64 bits");
}

absl::Status ReadCell(const sql::ResultSet& result, unsigned column, const Column& known, Row::Cell* cell) {
  *cell = std::monostate();
  if (known.kind == Value::Kind::kNull || result.isNull(column)) return absl::OkStatus();
  if (known.kind == Value::Kind::kInt) {
    ASSIGN_OR_RETURN(*cell, ReadInt(result, column, known.is_number));
    return absl::OkStatus();
  }
  const sql::SQLString text = result.getString(column);
  if (known.kind == Value::Kind::kBytes) {
    *cell = text.asStdString();
    return absl::OkStatus();
  }
  absl::string_view rest = text.asStdString();
  if (known.kind == Value::Kind::kDay) {
    *cell = TakeDay(&rest);
  } else {
    *cell = TakeTime(&rest);
  }
  return absl::OkStatus();
}

bool HasResult(sql::PreparedStatement& prepared) {
  sql::ResultSetMetaData* const columns = prepared.getMetaData();
  return columns != nullptr && columns->getColumnCount() > 0;
}

}  // namespace

Statement::Statement(std::unique_ptr<sql::PreparedStatement> prepared)
    : prepared_(std::move(prepared)),
      parameter_count_(prepared_->getParameterMetaData()->getParameterCount()),
      has_result_(HasResult(*prepared_)) {}

absl::Status Statement::Bind(absl::Span<const Value> parameters) {
  for (unsigned i = 0; i < parameters.size(); ++i) {
    const Value& value = parameters[i];
    switch (value.kind()) {
      case Value::Kind::kNull:
        prepared_->setNull(i + 1, sql::DataType::VARCHAR);
        break;
      case Value::Kind::kInt:
        prepared_->setInt64(i + 1, value.number());
        break;
      case Value::Kind::kBytes:
        // Text, not blob, also for ids: compared with a binary column it becomes binary, whereas a binary
        // value compared with a text column would keep the server from the column's index.
        prepared_->setString(i + 1, ToServer(value.bytes()));
        break;
      case Value::Kind::kDay:
      case Value::Kind::kTime:
        ASSIGN_OR_RETURN(const std::string text, DateText(value));
        prepared_->setDateTime(i + 1, ToServer(text));
        break;
    }
  }
  return absl::OkStatus();
}

int64_t Statement::Execute() {
  if (!has_result_) return prepared_->executeUpdate();
  const std::unique_ptr<sql::ResultSet> unread(prepared_->executeQuery());
  return 0;
}

absl::Status Statement::Read(absl::FunctionRef<absl::Status(Row&)> take) {
  const std::unique_ptr<sql::ResultSet> result(prepared_->executeQuery());
  const std::vector<Column> columns = ColumnsOf(*result);
  Row row;
  while (result->next()) {
    row.cells.resize(columns.size());
    for (unsigned i = 0; i < columns.size(); ++i) RETURN_IF_ERROR(ReadCell(*result, i + 1, columns[i], &row.cells[i]));
    RETURN_IF_ERROR(take(row));
  }
  return absl::OkStatus();
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
