// Prepared statements of one connection: parameters out, typed rows in, and the cache that keeps them.
#pragma once

#include <mysql.h>

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libs/mysql/mysql.h"

namespace sifa::mysql {

// Every function returns false where the client library failed; error() and text() then tell why.
class Statement {
 public:
  explicit Statement(MYSQL* connection) : connection_(connection), handle_(mysql_stmt_init(connection)) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  bool Prepare(absl::string_view sql);
  // REQUIRES: parameters.size() == parameter_count()
  bool Execute(absl::Span<const Value> parameters);
  // The rows of the last Execute one after the other in the same place, until `take` returns false; none where it has no result.
  bool Fetch(absl::FunctionRef<bool(Row&)> take);
  // Gives up a result that nobody reads.
  void DropResult() { mysql_stmt_free_result(handle_); }

  size_t parameter_count() const { return mysql_stmt_param_count(handle_); }
  int64_t affected() const { return static_cast<int64_t>(mysql_stmt_affected_rows(handle_)); }
  int64_t inserted_id() const { return static_cast<int64_t>(mysql_stmt_insert_id(handle_)); }
  unsigned error() const;
  const char* text() const;

 private:
  // Where libmariadb puts one column of the current row. Long bytes are not put here but read once more, to their exact
  // length.
  struct Slot {
    Value::Kind kind;
    int64_t number;
    MYSQL_TIME time;
    char small[32];
    unsigned long length;
    my_bool is_null;
    my_bool error;
  };
  bool BindResult();
  bool ReadRow(Row* row);
  bool ReadCell(int column, Row::Cell* cell);
  bool ReadBytes(int column, std::string* bytes);
  bool Fail(const char* text);

  MYSQL* connection_;
  MYSQL_STMT* handle_;
  std::vector<MYSQL_BIND> parameters_;  // kept between executions, like all the rest, to be allocated once
  std::vector<int64_t> numbers_;
  std::vector<MYSQL_TIME> times_;
  std::vector<MYSQL_BIND> results_;
  std::vector<Slot> slots_;
  const char* failure_ = nullptr;
};

// The least recently used statement leaves when there are more than `limit`. A pointer is good until the next
// Insert, Erase or Clear.
class StatementCache {
 public:
  explicit StatementCache(size_t limit) : limit_(limit) {}
  Statement* Find(absl::string_view sql);
  Statement* Insert(absl::string_view sql, std::unique_ptr<Statement> statement);
  void Clear();
  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string sql;
    std::unique_ptr<Statement> statement;
  };
  const size_t limit_;
  std::list<Entry> entries_;  // the most recently used first
  absl::flat_hash_map<absl::string_view, std::list<Entry>::iterator> by_text_;  // keys live in entries_
};

}  // namespace sifa::mysql
