#include "libs/statistics/remembered.h"

#include "libs/core/status.h"

namespace sifa::statistics {
namespace {

// What so many records have brought is summed sooner than a table is read anew.
constexpr int64_t kFew = 1000;

}  // namespace

std::shared_ptr<const CellTable> Remembered::Find(const std::string& question) {
  const absl::MutexLock lock(&mutex_);
  const auto found = by_question_.find(question);
  if (found == by_question_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->table;
}

void Remembered::Keep(const std::string& question, std::shared_ptr<const CellTable> table) {
  if (table->cells.size() > most_cells_ / 4) return;
  const absl::MutexLock lock(&mutex_);
  if (const auto found = by_question_.find(question); found != by_question_.end()) {
    if (found->second->table->position > table->position) return;
    cells_ -= found->second->table->cells.size();
    entries_.erase(found->second);
  }
  cells_ += table->cells.size();
  entries_.push_front({question, std::move(table)});
  by_question_[question] = entries_.begin();
  while (cells_ > most_cells_ || entries_.size() > most_cells_ / 100) {  // also a table without cells takes room
    cells_ -= entries_.back().table->cells.size();
    by_question_.erase(entries_.back().question);
    entries_.pop_back();
  }
}

absl::StatusOr<std::shared_ptr<const CellTable>> ReadTable(Snapshot& snapshot, const Plan& plan, const Period& period,
                                                           const std::string& question, Remembered* remembered) {
  const bool now = remembered != nullptr && plan.as_of == 0;
  const auto known = now ? remembered->Find(question) : nullptr;
  // One of a later position is of no use to a snapshot that was taken before.
  if (known != nullptr && known->position == snapshot.position) return known;
  auto table = std::make_shared<CellTable>();
  if (known != nullptr && known->position < snapshot.position && snapshot.position - known->position <= kFew) {
    *table = *known;
    RETURN_IF_ERROR(AddSince(snapshot, plan, period, known->position, &table->keys, &table->cells));
  } else {
    ASSIGN_OR_RETURN(table->cells, ReadCells(snapshot, plan, period, &table->keys));
  }
  table->position = snapshot.position;
  if (now) remembered->Keep(question, table);
  return table;
}

}  // namespace sifa::statistics
