// The counters that a batch of contributions changes, summed in memory first: upper places and frequent
// classes meet many times in a batch.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "libs/mysql/mysql.h"
#include "libs/statistics/contribution.h"

namespace sifa::statistics {

class CounterSums {
 public:
  explicit CounterSums(const Cube& cube) : cube_(cube) {}
  void Add(const Contribution& contribution);
  // Adds all to the table, in the order of its key.
  absl::Status Write(mysql::Connection& connection, int64_t generation) const;
  // Calls `tell` with period, place and classes of each cell of the table that is not as these sums are.
  absl::Status Compare(mysql::Connection& connection, int64_t generation,
                       absl::FunctionRef<void(const std::string& where)> tell) const;

 private:
  // Places and classes by number: a batch has few, and a cell is looked up some fifty times a contribution.
  struct Key {
    int shape;
    PeriodKind kind;
    int64_t start;
    int place, classes;
    bool operator==(const Key&) const = default;
    template <class H>
    friend H AbslHashValue(H hash, const Key& key) {
      return H::combine(std::move(hash), key.shape, key.kind, key.start, key.place, key.classes);
    }
  };
  using Cell = std::pair<Key, const Measures*>;

  int PlaceNumber(const std::string& place);
  int ClassesNumber(const Dimensions& dimensions);
  void AddCell(const Key& key, const Measures& measures);
  std::vector<Cell> Sorted() const;
  std::string Describe(PeriodKind kind, int64_t start, const std::string& place, const Dimensions& classes) const;

  const Cube& cube_;
  std::deque<std::string> places_;
  std::deque<Dimensions> classes_;
  absl::flat_hash_map<std::string, int> place_numbers_, classes_numbers_;
  absl::flat_hash_map<Key, Measures> cells_;
};

}  // namespace sifa::statistics
