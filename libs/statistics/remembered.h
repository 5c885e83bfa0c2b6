// Tables of figures as they were last read. The ledger tells exactly what has been counted since a position, so whoever asks
// again pays for that and not for the whole table; an answer is the same with it or without.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "libs/statistics/cells.h"

namespace sifa::statistics {

struct CellTable {
  int64_t position = 0;  // of the journal, up to which it is counted
  KeySets keys;
  Cells cells;
};

// Keeps those asked for last, within its room. Thread-safe.
class Remembered {
 public:
  explicit Remembered(size_t most_cells = 100'000) : most_cells_(most_cells) {}  // some 200 bytes each

  std::shared_ptr<const CellTable> Find(const std::string& question);  // nullptr where it is not known
  // Not in the place of a later one; what would take more than a quarter of the room is not kept.
  void Keep(const std::string& question, std::shared_ptr<const CellTable> table);

 private:
  struct Entry {
    std::string question;
    std::shared_ptr<const CellTable> table;
  };

  const size_t most_cells_;
  absl::Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // the last asked for first
  absl::flat_hash_map<std::string, std::list<Entry>::iterator> by_question_ ABSL_GUARDED_BY(mutex_);
  size_t cells_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The cells of a plan in a period, of which `question` is the whole name: from memory and what has come since, where `remembered`
// is not null and the plan asks for now; else read.
absl::StatusOr<std::shared_ptr<const CellTable>> ReadTable(Snapshot& snapshot, const Plan& plan, const Period& period,
                                                           const std::string& question, Remembered* remembered);

}  // namespace sifa::statistics
