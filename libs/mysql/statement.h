// Prepared statements of one connection: parameters out, typed rows in, and the cache that keeps them.
#pragma once

#include <cppconn/prepared_statement.h>

#include <list>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "libs/mysql/mysql.h"

namespace sifa::mysql {

// The functions throw sql::SQLException where the server or the connector fails (connection.cc catches it in one place), and return
// what is not OK where a value cannot be sent or read.
class Statement {
 public:
  explicit Statement(std::unique_ptr<sql::PreparedStatement> prepared);

  size_t parameter_count() const { return parameter_count_; }
  // REQUIRES: parameters.size() == parameter_count()
  absl::Status Bind(absl::Span<const Value> parameters);
  // The rows changed or inserted. A result is given up unread.
  int64_t Execute();
  // The rows of the result one after the other in the same place, until `take` returns what is not OK; none where it has no result.
  absl::Status Read(absl::FunctionRef<absl::Status(Row&)> take);

 private:
  std::unique_ptr<sql::PreparedStatement> prepared_;
  const size_t parameter_count_;
  const bool has_result_;
};

// The least recently used statement leaves when there are more than `limit`. A pointer is good until the next
// Insert or Clear.
class StatementCache {
 public:
  explicit StatementCache(size_t limit) : limit_(limit) {}
  Statement* Find(absl::string_view sql);
  Statement* Insert(absl::string_view sql, std::unique_ptr<Statement> statement);
  void Clear();

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
