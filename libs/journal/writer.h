// Who writes the journal's rows: one start of a process. It numbers its rows and signs each, so that a row that nobody wrote is
// told from one that was, and a row that was written and is gone is missed.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "libs/core/clock.h"
#include "libs/crypto/keyring.h"
#include "libs/journal/journal.h"

namespace sifa::journal {

// Numbers from `first` to `last` of one writer, by `first`.
using Numbers = std::map<int64_t, int64_t>;

// What a row says of other rows. All of it is under the row's MAC.
struct Remark {
  Numbers voided;  // numbers of this writer that were given out and whose transaction did not commit
  Id before;       // the writer of the last sealed row when this one began, and that row's number
  int64_t before_number = 0;
  bool ended = false;  // the writer's last row

  std::string ToText() const;
  // nullopt where the text is none that ToText makes.
  static std::optional<Remark> Parse(absl::string_view text);
};

// Thread-safe.
class Writer {
 public:
  // How long a transaction can be under way: a number that is neither written nor declared void longer than that is missing.
  static constexpr absl::Duration kLongestUnderWay = absl::Minutes(5);

  // `keyring` outlives the writer.
  explicit Writer(const crypto::Keyring& keyring);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Numbers and signs the rows of the transaction in hand, which Insert then writes. REQUIRES: all else of the rows is set, with
  // the link of those that change an object.
  absl::Status Sign(mysql::Connection& connection, absl::Span<Row> rows);
  // Both at once.
  absl::Status Append(mysql::Connection& connection, std::vector<Row> rows);
  // The last row of a process that ends by itself: nothing is under way any more, so from then on no number may be missing. Where
  // the end of a transaction is still unknown no row is written, as when the process is killed.
  absl::Status End(mysql::Pool& pool, const Clock& clock);

  const Id& id() const { return id_; }

 private:
  using Steady = std::chrono::steady_clock;
  // A transaction whose COMMIT had no answer.
  struct Doubt {
    Id row;
    int64_t first, last;
    Steady::time_point since;
  };
  absl::Status Sign(mysql::Connection& connection, absl::Span<Row> rows, Remark remark);
  absl::Status Introduce(mysql::Connection& connection);
  absl::Status SettleDoubts(mysql::Connection& connection);
  Numbers SomeVoided() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const crypto::Keyring& keyring_;
  const Id id_;
  absl::Mutex mutex_;
  int64_t next_ ABSL_GUARDED_BY(mutex_) = 1;
  Numbers voided_ ABSL_GUARDED_BY(mutex_);  // and not yet declared by a committed row
  std::vector<Doubt> doubts_ ABSL_GUARDED_BY(mutex_);
  bool asked_ ABSL_GUARDED_BY(mutex_) = false;       // before_ is known
  bool introduced_ ABSL_GUARDED_BY(mutex_) = false;  // and a committed row names it
  Id before_ ABSL_GUARDED_BY(mutex_);
  int64_t before_number_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Writes signed rows inside the caller's transaction, together with the objects they change.
absl::Status Insert(mysql::Connection& connection, absl::Span<const Row> rows);

// The MAC of a row is its writer's.
bool IsSigned(const crypto::Keyring& keyring, const Row& row);

}  // namespace sifa::journal
