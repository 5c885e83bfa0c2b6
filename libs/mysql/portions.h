// Reading a table that may be large, since the connector holds the result of one statement as a whole.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "libs/mysql/mysql.h"

namespace sifa::mysql {

// "SELECT <columns> FROM <from> WHERE <where>" in the order of `key`, which is unique among its rows, best a whole primary key or
// its rest behind columns that `where` holds fixed. The columns of the key are the first of the select list, in the same order.
struct KeyedSelect {
  std::string columns;
  std::string from;
  std::vector<std::string> key;
  std::string where = "TRUE";
  std::vector<Value> parameters;  // of `where`
};

constexpr int kPortion = 1000;  // rows

// As Connection::Each, in statements of kPortion rows. They see one state of the table inside a snapshot (snapshot.h) only.
absl::Status EachInPortions(Connection& connection, const KeyedSelect& select, absl::FunctionRef<absl::Status(Row&)> take);

}  // namespace sifa::mysql
