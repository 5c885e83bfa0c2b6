#include "libs/journal/writer.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "libs/core/status.h"
#include "libs/telemetry/metrics.h"

namespace sifa::journal {
namespace {

constexpr char kMacKind[] = "journal";
constexpr size_t kMostRanges = 200;  // that one row declares void
// The server ends a transaction that is left idle after a minute; then a plain read tells whether it was committed.
constexpr auto kDoubtful = std::chrono::minutes(2);

void Add(int64_t first, int64_t last, Numbers* numbers) {
  // Runs of one transaction after another become one range.
  const auto next = numbers->upper_bound(first);
  if (next != numbers->begin()) {
    const auto before = std::prev(next);
    if (before->second >= first - 1) {
      before->second = std::max(before->second, last);
      return;
    }
  }
  (*numbers)[first] = last;
}

void CountWhenCommitted(mysql::Connection& connection, absl::Span<const Row> rows) {
  std::vector<prometheus::Counter*> counters;
  for (const Row& row : rows) {
    counters.push_back(&telemetry::Counter("sifa_journal_rows_total",
                                           "Rows written by this process: acts, readings, turns of limits",
                                           {{"type", row.object_type}, {"action", row.action}}));
  }
  connection.WhenEnded([counters = std::move(counters)](mysql::Connection::End end) {
    if (end != mysql::Connection::End::kCommitted) return;
    for (prometheus::Counter* counter : counters) counter->Increment();
  });
}

}  // namespace

std::string Remark::ToText() const {
  std::string text;
  const auto word = [&](absl::string_view w) { absl::StrAppend(&text, text.empty() ? "" : " ", w); };
  if (before_number > 0) word(absl::StrCat("after ", before.ToString(), " ", before_number));
  if (!voided.empty()) word("void");
  for (const auto& [first, last] : voided) word(absl::StrCat(first, "-", last));
  if (ended) word("end");
  return text;
}

std::optional<Remark> Remark::Parse(absl::string_view text) {
  Remark remark;
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "end") {
      remark.ended = true;
    } else if (words[i] == "after") {
      if (i + 2 >= words.size()) return std::nullopt;
      const auto before = ParseId(words[++i]);
      if (!before.ok() || !absl::SimpleAtoi(words[++i], &remark.before_number)) return std::nullopt;
      remark.before = *before;
    } else if (words[i] != "void") {
      const std::pair<absl::string_view, absl::string_view> range = absl::StrSplit(words[i], absl::MaxSplits('-', 1));
      int64_t first = 0, last = 0;
      if (!absl::SimpleAtoi(range.first, &first) || !absl::SimpleAtoi(range.second, &last) || last < first) return std::nullopt;
      remark.voided[first] = last;
    }
  }
  return remark;
}

Writer::Writer(const crypto::Keyring& keyring) : keyring_(keyring), id_(NewId(absl::Now())) {}

absl::Status Writer::Introduce(mysql::Connection& connection) {
  {
    const absl::MutexLock lock(&mutex_);
    if (asked_) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT j.writer, j.number FROM journal_seal s JOIN journal j ON j.id = s.id"
                                                     " ORDER BY s.position DESC LIMIT 1"));
  const absl::MutexLock lock(&mutex_);
  if (asked_) return absl::OkStatus();
  asked_ = true;
  if (rows.empty()) return absl::OkStatus();
  before_ = rows[0].AsId(0);
  before_number_ = rows[0].Int(1);
  return absl::OkStatus();
}

absl::Status Writer::SettleDoubts(mysql::Connection& connection) {
  std::vector<Doubt> due;
  {
    const absl::MutexLock lock(&mutex_);
    if (doubts_.empty()) return absl::OkStatus();
    std::erase_if(doubts_, [&](const Doubt& doubt) {
      const bool now = Steady::now() - doubt.since > kDoubtful;
      if (now) due.push_back(doubt);
      return now;
    });
  }
  absl::Status status;
  for (const Doubt& doubt : due) {
    absl::StatusOr<mysql::Rows> rows = status;
    if (status.ok()) rows = connection.Query("SELECT 1 FROM journal WHERE id = ?", {doubt.row});
    status = rows.status();
    const absl::MutexLock lock(&mutex_);
    if (!rows.ok()) {
      doubts_.push_back(doubt);
    } else if (rows->empty()) {
      Add(doubt.first, doubt.last, &voided_);
    }
  }
  return status;
}

Numbers Writer::SomeVoided() const {
  if (voided_.size() <= kMostRanges) return voided_;
  return Numbers(voided_.begin(), std::next(voided_.begin(), kMostRanges));
}

absl::Status Writer::Sign(mysql::Connection& connection, absl::Span<Row> rows) {
  RETURN_IF_ERROR(Sign(connection, rows, Remark()));
  CountWhenCommitted(connection, rows);
  return absl::OkStatus();
}

absl::Status Writer::Sign(mysql::Connection& connection, absl::Span<Row> rows, Remark remark) {
  if (rows.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(Introduce(connection));
  RETURN_IF_ERROR(SettleDoubts(connection));
  int64_t first = 0;
  {
    const absl::MutexLock lock(&mutex_);
    first = next_;
    next_ += static_cast<int64_t>(rows.size());
    remark.voided = SomeVoided();
    if (!introduced_) {
      remark.before = before_;
      remark.before_number = before_number_;
    }
  }
  const int64_t last = first + static_cast<int64_t>(rows.size()) - 1;
  connection.WhenEnded([this, row = rows[0].id, first, last, declared = remark.voided](mysql::Connection::End end) {
    const absl::MutexLock lock(&mutex_);
    if (end == mysql::Connection::End::kCommitted) {
      introduced_ = true;
      for (const auto& [from, to] : declared) {
        const auto kept = voided_.find(from);
        if (kept == voided_.end()) continue;
        // It may have grown since.
        const int64_t whole = kept->second;
        voided_.erase(kept);
        if (whole > to) voided_[to + 1] = whole;
      }
    } else if (end == mysql::Connection::End::kRolledBack) {
      Add(first, last, &voided_);
    } else {
      doubts_.push_back({row, first, last, Steady::now()});
    }
  });
  rows[0].remark = remark.ToText();
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].writer = id_;
    rows[i].number = first + static_cast<int64_t>(i);
    rows[i].mac = keyring_.Mac(kMacKind, rows[i].SignedBytes());
  }
  return absl::OkStatus();
}

absl::Status Writer::Append(mysql::Connection& connection, std::vector<Row> rows) {
  RETURN_IF_ERROR(Sign(connection, absl::MakeSpan(rows)));
  return Insert(connection, rows);
}

absl::Status Writer::End(mysql::Pool& pool, const Clock& clock) {
  {
    const absl::MutexLock lock(&mutex_);
    if (next_ == 1 || !doubts_.empty()) return absl::OkStatus();
  }
  Row row;
  row.id = NewId(clock.Now());
  row.object_type = "Writer";
  row.actor = "system";
  row.action = "WRITER_ENDED";
  row.occurred_on = clock.Today();
  row.recorded_at = clock.Now();
  return pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(Sign(connection, absl::MakeSpan(&row, 1), Remark{.ended = true}));
    return Insert(connection, {row});
  });
}

bool IsSigned(const crypto::Keyring& keyring, const Row& row) { return keyring.CheckMac(kMacKind, row.SignedBytes(), row.mac); }

}  // namespace sifa::journal
