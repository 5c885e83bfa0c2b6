// Composing the few SQL texts of statistics: lists of a cube's columns, conditions with their values.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/mysql/mysql.h"
#include "libs/statistics/cube.h"

namespace sifa::statistics {

// ", d0, d1, m0, m1": the columns of a cell, each after a comma.
inline std::string CellColumns(const Cube& cube) {
  std::string columns;
  for (size_t i = 0; i < cube.dimensions.size(); ++i) absl::StrAppend(&columns, ", d", i);
  for (size_t i = 0; i < cube.measures.size(); ++i) absl::StrAppend(&columns, ", m", i);
  return columns;
}

// ", SUM(m0), SUM(m1)"
inline std::string SumColumns(const Cube& cube) {
  std::string columns;
  for (size_t i = 0; i < cube.measures.size(); ++i) absl::StrAppend(&columns, ", SUM(m", i, ")");
  return columns;
}

// "SUM(m0) <> 0 OR SUM(m1) <> 0"
inline std::string AnySum(const Cube& cube) {
  std::string any;
  for (size_t i = 0; i < cube.measures.size(); ++i)
    absl::StrAppend(&any, i == 0 ? "" : " OR ", "SUM(m", i, ") <> 0");
  return any;
}

inline Measures ReadMeasures(const Cube& cube, const mysql::Row& row, int first_column) {
  Measures measures{};
  for (size_t i = 0; i < cube.measures.size(); ++i) measures[i] = row.Int(first_column + static_cast<int>(i));
  return measures;
}

// SQL text that grows together with its values. Keeps what it is given.
class Statement {
 public:
  explicit Statement(absl::string_view begin) : sql_(begin) {}

  Statement& Add(absl::string_view text) {
    absl::StrAppend(&sql_, text);
    return *this;
  }
  Statement& Add(absl::string_view text, std::initializer_list<int64_t> numbers) {
    values_.insert(values_.end(), numbers.begin(), numbers.end());
    return Add(text);
  }
  Statement& AddDay(absl::string_view text, absl::CivilDay day) {
    values_.push_back(day);
    return Add(text);
  }
  Statement& AddText(absl::string_view text, absl::string_view value) {
    values_.push_back(held_.emplace_back(value));
    return Add(text);
  }
  // " AND column IN (?, ?)"
  template <class T>
  Statement& AddList(absl::string_view column, const std::vector<T>& list) {
    absl::StrAppend(&sql_, " AND ", column, " IN (");
    for (size_t i = 0; i < list.size(); ++i) {
      absl::StrAppend(&sql_, i == 0 ? "?" : ",?");
      if constexpr (std::is_same_v<T, std::string>) {
        values_.push_back(held_.emplace_back(list[i]));
      } else {
        values_.push_back(list[i]);
      }
    }
    return Add(")");
  }
  // " AND column >= ? AND column < ?": all texts that begin so. REQUIRES: the prefix ends in ASCII
  Statement& AddPrefix(absl::string_view column, absl::string_view prefix) {
    AddText(absl::StrCat(" AND ", column, " >= ?"), prefix);
    std::string end(prefix);
    ++end.back();
    return AddText(absl::StrCat(" AND ", column, " < ?"), end);
  }

  // " AND (…)": organisations that the scopes (reach.h) cover.
  Statement& AddReach(absl::string_view column, const std::vector<std::string>& scopes) {
    Add(" AND (FALSE");
    for (absl::string_view scope : scopes) {
      if (absl::ConsumePrefix(&scope, "=")) {
        AddText(absl::StrCat(" OR ", column, " = ?"), scope);
      } else {
        Add(" OR (TRUE").AddPrefix(column, scope).Add(")");
      }
    }
    return Add(")");
  }

  absl::StatusOr<mysql::Rows> Query(mysql::Connection& connection) const { return connection.Query(sql_, values_); }
  absl::Status Each(mysql::Connection& connection, absl::FunctionRef<void(const mysql::Row&)> take) const {
    return connection.Each(sql_, values_, [&](mysql::Row& row) {
      take(row);
      return absl::OkStatus();
    });
  }

 private:
  std::string sql_;
  std::vector<mysql::Value> values_;
  std::deque<std::string> held_;
};

}  // namespace sifa::statistics
