#include "services/enforcement/batch_taking.h"

#include <unordered_map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/casework/acts.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "services/enforcement/batch_judge.h"
#include "services/enforcement/book.h"
#include "services/enforcement/case.h"
#include "services/enforcement/duplicate.h"

namespace sifa::enforcement {
namespace {

using v1::BatchRow;

absl::Status KeepVerdicts(mysql::Connection& connection, const Id& batch, int64_t block, const std::vector<ReadRow>& rows,
                          const std::string& verdicts) {
  const int64_t with_findings = std::count_if(rows.begin(), rows.end(), [](const ReadRow& row) { return !row.record.findings.empty(); });
  return connection
      .Execute("INSERT INTO batch_block (batch, block, with_findings, verdicts) VALUES (?,?,?,?)"
               " ON DUPLICATE KEY UPDATE with_findings = VALUES(with_findings), verdicts = VALUES(verdicts)",
               {batch, block, with_findings, verdicts})
      .status();
}

void CountTaken(BatchRow::Verdict verdict, v1::BatchCounts* counts) {
  if (verdict == BatchRow::FRESH) counts->set_fresh(counts->fresh() + 1);
  if (verdict == BatchRow::CHANGED) counts->set_changed(counts->changed() + 1);
  if (verdict == BatchRow::UNCHANGED) counts->set_unchanged(counts->unchanged() + 1);
  if (verdict == BatchRow::EARLIER) counts->set_earlier(counts->earlier() + 1);
}

void Count(BatchRow::Verdict verdict, const ReadRow& row, v1::BatchCounts* counts) {
  if (verdict == BatchRow::NOTE) return counts->set_notes(counts->notes() + 1);
  counts->set_rows(counts->rows() + 1);
  if (verdict == BatchRow::REFUSED) return counts->set_refused(counts->refused() + 1);
  if (!row.record.findings.empty()) counts->set_warned(counts->warned() + 1);
  CountTaken(verdict, counts);
}

// Accepted rows go into the book one after the other.
struct Portion {
  std::vector<ReadRow> rows;
  std::vector<const Agency*> agencies;  // by row; null where it is refused or a note
  std::vector<BatchRow::Verdict> verdicts;

  std::string Codes() const {
    std::string codes;
    for (const BatchRow::Verdict verdict : verdicts) codes.push_back(static_cast<char>(verdict));
    return codes;
  }
};

absl::StatusOr<Portion> ReadPortion(mysql::Connection& connection, const BatchRows& rows, const Agencies& agencies, int64_t block) {
  Portion portion;
  ASSIGN_OR_RETURN(portion.rows, rows.Block(connection, block));
  for (ReadRow& row : portion.rows) portion.agencies.push_back(Judge(agencies, &row));
  return portion;
}

void TellAll(const casework::Backend& backend, const Batch& batch, int64_t block, Portion* portion, Book* book) {
  const Id source = *ParseId(batch.id());
  absl::CivilDay data_date;
  ParseDay(batch.data_date(), &data_date);
  portion->verdicts.clear();
  for (size_t i = 0; i < portion->rows.size(); ++i) {
    const ReadRow& row = portion->rows[i];
    if (portion->agencies[i] == nullptr) {
      portion->verdicts.push_back(row.record.kind == ingest::RecordKind::kNote ? BatchRow::NOTE : BatchRow::REFUSED);
      continue;
    }
    Told told{.entry = row.entry,
              .telling = {.source = source,
                          .row = row.entry.origin().row(),
                          .block = block,
                          .entry = absl::HexStringToBytes(row.entry.key()),
                          .digest = ContentDigest(backend.keyring, row.entry),
                          .data_date = data_date},
              .agency = portion->agencies[i]};
    Id case_id;
    portion->verdicts.push_back(book->Tell(std::move(told), backend.clock.Now(), &case_id));
  }
}

// What earlier rows of a file will have told when a later one is taken: the check looks at portions one by one.
class EarlierRows {
 public:
  explicit EarlierRows(const crypto::Keyring& keyring) : keyring_(keyring) {}

  // The verdict of the row after them, where that is `verdict` without them.
  BatchRow::Verdict Tell(const Entry& entry, BatchRow::Verdict verdict) {
    const std::string& number = entry.decision_number().empty() ? entry.filing_number() : entry.decision_number();
    auto& contents = told_[crypto::Sha256(absl::StrCat(KeyOf(entry.agency_code(), number), entry.key())).substr(0, 16)];
    const bool known = !contents.empty();
    if (!contents.insert(ContentDigest(keyring_, entry)).second) return BatchRow::UNCHANGED;
    return known && verdict == BatchRow::FRESH ? BatchRow::CHANGED : verdict;
  }

 private:
  const crypto::Keyring& keyring_;
  std::unordered_map<std::string, std::set<std::string>> told_;  // by party of a case its contents
};

absl::StatusOr<Agencies> AgenciesOf(const casework::Backend& backend, const Batch& batch) {
  Agencies agencies;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(agencies, Agencies::Of(backend, connection, batch));
    return absl::OkStatus();
  }));
  return agencies;
}

// The portion that comes next; whoever else works on the batch waits until this transaction has ended.
absl::StatusOr<int64_t> NextBlock(mysql::Connection& connection, const Id& batch) {
  RETURN_IF_ERROR(connection
                      .Execute("INSERT INTO batch_progress (batch, next_block) VALUES (?, 0)"
                               " ON DUPLICATE KEY UPDATE next_block = next_block",
                               {batch})
                      .status());
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT next_block FROM batch_progress WHERE batch = ? FOR UPDATE", {batch}));
  return rows[0].Int(0);
}

absl::Status WriteBook(const casework::Backend& backend, const Batch& batch, mysql::Connection& connection, Book* book,
                       std::map<Id, casework::Stored>* stored) {
  std::vector<casework::ChangedObject> told, joined;
  for (auto& [id, page] : book->pages()) {
    if (!page.changed) continue;
    casework::Stored before;
    if (page.fresh) {
      before = {id, 0, backend.clock.Now(), std::make_unique<Case>(page.c)};
    } else {
      before = std::move(stored->at(id));
    }
    auto& changes = page.c.joined().empty() ? told : joined;
    changes.push_back({std::move(before), std::make_unique<Case>(std::move(page.c))});
  }
  const casework::ObjectType& type = backend.objects->Of<Case>();
  ASSIGN_OR_RETURN(casework::ActInput input, InputBy(backend, connection, batch, "TAKE"));
  input.action = type.NameOf(Case::JOIN);
  RETURN_IF_ERROR(casework::ActOnMany(backend, type, casework::Actor::System(), Case::JOIN, input, std::move(joined), connection));
  std::vector<Case> looked_at;  // as they are then: the act gives them their state
  for (const casework::ChangedObject& change : told) {
    Case& c = looked_at.emplace_back(static_cast<const Case&>(*change.after));
    c.set_id(change.stored.id.ToString());
    c.set_state(static_cast<Case::State>(StateOfCase(c)));
  }
  input.action = type.NameOf(Case::TAKE);
  RETURN_IF_ERROR(casework::ActOnMany(backend, type, casework::Actor::System(), Case::TAKE, input, std::move(told), connection));
  RETURN_IF_ERROR(FindDuplicates(backend, connection, input, looked_at));
  for (const Book::Move& move : book->moves()) RETURN_IF_ERROR(MoveTellings(connection, move.from, move.entry, move.to));
  return InsertTellings(connection, book->told());
}

// Row by row what became of the batch.
absl::StatusOr<v1::BatchCounts> TakenCounts(const casework::Backend& backend, const Batch& batch) {
  v1::BatchCounts counts = batch.counts();
  counts.clear_fresh();
  counts.clear_changed();
  counts.clear_unchanged();
  counts.clear_earlier();
  ASSIGN_OR_RETURN(const Id id, ParseId(batch.id()));
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) {
    return connection.Each("SELECT verdicts FROM batch_block WHERE batch = ?", std::vector<mysql::Value>{id}, [&](mysql::Row& row) {
      for (const char verdict : row.Bytes(0)) CountTaken(static_cast<BatchRow::Verdict>(verdict), &counts);
      return absl::OkStatus();
    });
  }));
  return counts;
}

std::vector<std::string> KeysOf(const std::vector<ReadRow>& rows, bool decided) {
  std::set<std::string> keys;
  for (const ReadRow& row : rows) {
    const std::string& number = decided ? row.entry.decision_number() : row.entry.filing_number();
    if (!number.empty() && !row.entry.agency_code().empty()) keys.insert(KeyOf(row.entry.agency_code(), number));
  }
  return {keys.begin(), keys.end()};
}

absl::Status AddIds(mysql::Connection& connection, absl::string_view select, std::vector<std::string> keys, std::set<Id>* ids) {
  if (keys.empty()) return absl::OkStatus();
  while ((keys.size() & (keys.size() - 1)) != 0) keys.push_back(keys.back());  // few prepared texts for every size
  const std::vector<mysql::Value> values(keys.begin(), keys.end());
  return connection.Each(absl::StrCat(select, " IN (", absl::StrJoin(std::vector<absl::string_view>(keys.size(), "?"), ","), ")"), values, [&](mysql::Row& row) {
    ids->insert(row.AsId(0));
    return absl::OkStatus();
  });
}

// The cases that rows concern, with what was told of them, into the book.
absl::Status FillBook(const casework::Backend& backend, mysql::Connection& connection, const std::vector<ReadRow>& rows,
                      casework::Lock lock, Book* book, std::map<Id, casework::Stored>* stored) {
  std::set<Id> ids;
  RETURN_IF_ERROR(AddIds(connection, "SELECT object_id FROM unique_term WHERE type = 'Case' AND kind = 'decision' AND value",
                         KeysOf(rows, true), &ids));
  RETURN_IF_ERROR(AddIds(connection, "SELECT object_id FROM term WHERE type = 'Case' AND kind = 'filed' AND value", KeysOf(rows, false), &ids));
  const std::vector<Id> list(ids.begin(), ids.end());
  ASSIGN_OR_RETURN(*stored, backend.store.LoadMany(connection, backend.objects->Of<Case>(), list, lock));
  ASSIGN_OR_RETURN(auto tellings, TellingsOf(connection, list));
  for (const auto& [id, one] : *stored) book->Add(id, static_cast<const Case&>(*one.object), std::move(tellings[id]));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BlockVerdicts> VerdictsOf(mysql::Connection& connection, const Id& batch, int64_t block) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT with_findings, verdicts FROM batch_block WHERE batch = ? AND block = ?", {batch, block}));
  if (rows.empty()) return BlockVerdicts{};
  return BlockVerdicts{true, rows[0].Int(0), rows[0].Bytes(1)};
}

absl::Status CheckRows(const casework::Backend& backend, const Batch& batch) {
  ASSIGN_OR_RETURN(const auto rows, BatchRows::Of(backend, batch));
  ASSIGN_OR_RETURN(const Id id, ParseId(batch.id()));
  ASSIGN_OR_RETURN(const Agencies agencies, AgenciesOf(backend, batch));
  v1::BatchCounts counts;
  EarlierRows earlier(backend.keyring);
  for (int64_t block = 0; block < rows->blocks(); ++block) {
    Portion portion;
    RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(portion, ReadPortion(connection, *rows, agencies, block));
      Book book;
      std::map<Id, casework::Stored> stored;
      RETURN_IF_ERROR(FillBook(backend, connection, portion.rows, casework::Lock::kNone, &book, &stored));
      TellAll(backend, batch, block, &portion, &book);
      return absl::OkStatus();
    }));
    for (size_t i = 0; i < portion.rows.size(); ++i) {
      if (portion.agencies[i] != nullptr) portion.verdicts[i] = earlier.Tell(portion.rows[i].entry, portion.verdicts[i]);
      Count(portion.verdicts[i], portion.rows[i], &counts);
    }
    RETURN_IF_ERROR(backend.pool.InTransaction([&](mysql::Connection& connection) {
      return KeepVerdicts(connection, id, block, portion.rows, portion.Codes());
    }));
  }
  return FinishStep(backend, batch, Batch::FINISH_CHECK, [&](Batch& checked) {
    *checked.mutable_counts() = counts;
    return absl::OkStatus();
  });
}

absl::Status TakePortion(const casework::Backend& backend, const Batch& batch) {
  ASSIGN_OR_RETURN(const auto rows, BatchRows::Of(backend, batch));
  ASSIGN_OR_RETURN(const Id id, ParseId(batch.id()));
  ASSIGN_OR_RETURN(const Agencies agencies, AgenciesOf(backend, batch));
  bool taken = false;
  const absl::Status status = backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t block, NextBlock(connection, id));
    taken = block == rows->blocks();
    if (taken) return absl::OkStatus();
    ASSIGN_OR_RETURN(Portion portion, ReadPortion(connection, *rows, agencies, block));
    Book book;
    std::map<Id, casework::Stored> stored;
    RETURN_IF_ERROR(FillBook(backend, connection, portion.rows, casework::Lock::kExclusive, &book, &stored));
    TellAll(backend, batch, block, &portion, &book);
    RETURN_IF_ERROR(WriteBook(backend, batch, connection, &book, &stored));
    RETURN_IF_ERROR(KeepVerdicts(connection, id, block, portion.rows, portion.Codes()));
    return connection.Execute("UPDATE batch_progress SET next_block = ? WHERE batch = ?", {block + 1, id}).status();
  });
  // Another batch has just made a case that this portion would make: it is looked at again.
  if (ReasonOf(status) == "CASE_RECORDED") return absl::OkStatus();
  RETURN_IF_ERROR(status);
  backend.committed();
  if (!taken) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::BatchCounts counts, TakenCounts(backend, batch));
  return FinishStep(backend, batch, Batch::FINISH_TAKE, [&](Batch& done) {
    *done.mutable_counts() = counts;
    return absl::OkStatus();
  });
}

}  // namespace sifa::enforcement
