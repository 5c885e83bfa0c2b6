// MariaDB and MySQL-compatible servers, over MySQL Connector/C++ (decision 1): a pool of connections, prepared
// statements with typed parameters and rows, and transactions that retry. Every call blocks; call from a
// worker thread.
//
// SQL of the suite (design §11): READ COMMITTED, utf8mb4_bin, no server JSON functions, no FULLTEXT, no SKIP
// LOCKED, no GET_LOCK. Values travel as parameters, never inside the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "libs/core/id.h"

namespace sifa::mysql {

struct Options {
  std::string socket;  // unix socket; or host and port
  std::string host;
  int port = 0;
  // File of the authority that signed the server's certificate: with it, TCP is encrypted, and a server that shows no
  // certificate of this authority for `host` is refused. Without it only a loopback host is connected to.
  std::string tls_ca;
  std::string user;
  std::string password;
  std::string database;
  int connections = 12;  // of the pool, opened on demand
  absl::Duration connect_timeout = absl::Seconds(2);
  absl::Duration acquire_timeout = absl::Seconds(2);  // then RESOURCE_EXHAUSTED, reason DATABASE_BUSY
  absl::Duration statement_timeout = absl::Seconds(30);
};

// A parameter. Dates are sent as DATE, times as DATETIME(6) in UTC, ids and bytes as binary. The view kinds
// must outlive the call.
class Value {
 public:
  Value(std::nullopt_t) : kind_(Kind::kNull) {}
  Value(int64_t v) : kind_(Kind::kInt), number_(v) {}
  Value(int v) : Value(static_cast<int64_t>(v)) {}
  Value(uint32_t v) : Value(static_cast<int64_t>(v)) {}
  Value(bool v) : Value(static_cast<int64_t>(v)) {}
  Value(absl::string_view v) : kind_(Kind::kBytes), bytes_(v) {}
  Value(const std::string& v) : Value(absl::string_view(v)) {}
  Value(const char* v) : Value(absl::string_view(v)) {}
  Value(const Id& v) : Value(v.AsBytes()) {}
  Value(absl::CivilDay v) : kind_(Kind::kDay), number_(v - absl::CivilDay(1970, 1, 1)) {}
  Value(absl::Time v) : kind_(Kind::kTime), number_(absl::ToUnixMicros(v)) {}
  template <class T>
  Value(T*) = delete;  // would become a bool
  Value(std::nullptr_t) = delete;
  template <class T>
  Value(const std::optional<T>& v) : Value(v ? Value(*v) : Value(std::nullopt)) {}

  enum class Kind : uint8_t { kNull, kInt, kBytes, kDay, kTime };
  Kind kind() const { return kind_; }
  int64_t number() const { return number_; }
  absl::string_view bytes() const { return bytes_; }

 private:
  Kind kind_;
  int64_t number_ = 0;
  absl::string_view bytes_;
};

// One row of a result; columns by position in the select list. Reading a NULL as a plain type gives its zero;
// reading a column as a type it does not have ends the program. Integers of all sizes and decimals without a
// fraction (SUM of integers) are Int, other decimals, floats and times of day are text in Bytes.
class Row {
 public:
  bool IsNull(int column) const;
  std::optional<absl::Time> TimeOrNone(int column) const { return IsNull(column) ? std::nullopt : std::optional(Time(column)); }
  int64_t Int(int column) const;
  const std::string& Bytes(int column) const;  // also text
  Id AsId(int column) const;                   // zero Id for NULL
  absl::CivilDay Day(int column) const;        // REQUIRES: not NULL
  absl::Time Time(int column) const;           // REQUIRES: not NULL

  using Cell = std::variant<std::monostate, int64_t, std::string, absl::CivilDay, absl::Time>;
  std::vector<Cell> cells;
};
using Rows = std::vector<Row>;

// One connection, used by one thread at a time. Statements are prepared once per connection and kept by their
// text (the last 256 used), so values belong into parameters and lists of varying length into few texts.
//
// Errors: UNAVAILABLE "DATABASE_UNAVAILABLE" (lost or refused; the statement may or may not have run),
// ABORTED "DATABASE_DEADLOCK" (deadlock or lock wait; in a transaction every later statement fails with it
// too, and InTransaction rolls back and runs again), ALREADY_EXISTS "DATABASE_DUPLICATE" (unique key; message
// holds the key's name), DEADLINE_EXCEEDED "DATABASE_TIMEOUT" (statement_timeout) or "DEADLINE_EXCEEDED" (the
// call's own deadline, libs/core/deadline.h: the server is not waited for beyond it), INVALID_ARGUMENT
// "DATABASE_VALUE_TOO_LARGE" (over the server's max_allowed_packet; nothing was sent), else INTERNAL with the
// server's words, without values.
class Connection {
 public:
  virtual ~Connection() = default;
  // Row by row. The connector holds the whole result meanwhile, so what may be large is read by key in portions. A row may be moved out
  // of, and otherwise is good until the next. `take` runs no statement on this connection; what it returns that is not OK ends the
  // reading.
  virtual absl::Status Each(absl::string_view sql, absl::Span<const Value> parameters,
                            absl::FunctionRef<absl::Status(Row&)> take) = 0;
  // Rows changed (matched and different), or inserted.
  virtual absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> parameters) = 0;
  // Plain text without parameters: DDL, SET, BEGIN.
  virtual absl::Status Run(absl::string_view sql) = 0;
  // How often Execute or Run has been called.
  virtual int64_t writes() const = 0;

  enum class End { kCommitted, kRolledBack, kUnknown };
  // Calls `told` once, when the run of the body in hand has ended; kUnknown: see kCommitUnknown. REQUIRES: inside InTransaction.
  virtual void WhenEnded(std::function<void(End)> told) = 0;

  absl::StatusOr<Rows> Query(absl::string_view sql, absl::Span<const Value> parameters);
  absl::StatusOr<Rows> Query(absl::string_view sql, std::initializer_list<Value> p = {}) {
    return Query(sql, absl::MakeConstSpan(p.begin(), p.size()));
  }
  absl::StatusOr<int64_t> Execute(absl::string_view sql, std::initializer_list<Value> p = {}) {
    return Execute(sql, absl::MakeConstSpan(p.begin(), p.size()));
  }
};

// INSERT of many rows: InsertRows(c, "INSERT INTO t (a, b) VALUES", 2, values) with values row by row.
// Split into statements of up to eight rows or of a power of two (at most 512, and 4 MB), so that few prepared texts
// serve every size; call it in a transaction where all or none shall arrive. `suffix` may hold "ON DUPLICATE KEY
// UPDATE …".
absl::Status InsertRows(Connection& connection, absl::string_view insert, int columns,
                        absl::Span<const Value> values, absl::string_view suffix = "");

// How a transaction ended when COMMIT itself failed: it may have been committed, or may yet be where the
// network holds the COMMIT back. Settle by looking with a locking read (FOR UPDATE) of a row that the
// transaction wrote: it waits for a transaction that is still open. The server ends one that is left idle
// after a minute.
constexpr absl::string_view kCommitUnknown = "DATABASE_COMMIT_UNKNOWN";

// INTERNAL with this reason: the user may not do what was asked, or there is no such schema or table. While a suite is being set
// up it is only too early.
constexpr absl::string_view kNotSetUp = "DATABASE_NOT_SET_UP";

// Thread-safe. A connection found broken is dropped and the next one opened; a server that is away makes
// calls fail at once with UNAVAILABLE (a refused connect is remembered for 200 ms, so that callers do not
// queue on timeouts). One that says nothing at all, neither to a statement nor on a second connection, is taken for away
// within some three seconds: what waits for it ends with UNAVAILABLE, a COMMIT with kCommitUnknown, and the rest fails at once
// until it answers again. A statement that merely takes long is not touched before its statement_timeout.
class Pool {
 public:
  explicit Pool(Options options);
  ~Pool();

  // Runs `body` in one transaction (READ COMMITTED) and commits if it returns OK, else rolls back. A deadlock
  // or lock wait runs it again, up to 5 times with a random pause; a connection lost before COMMIT runs it
  // again once; so `body` must have no effect outside the database, or set it anew in each run. What the
  // connection has met counts, whatever `body` returns; an ABORTED of its own making (an etag, a lease) is
  // its answer and not run again. A failure of COMMIT whose outcome is unknown returns UNAVAILABLE with
  // reason kCommitUnknown and is never run again. After the call's deadline nothing is committed.
  absl::Status InTransaction(const std::function<absl::Status(Connection&)>& body);

  // Runs `body` outside a transaction (autocommit), for single reads. A lost connection runs it again once,
  // unless it has called Execute or Run.
  absl::Status WithConnection(const std::function<absl::Status(Connection&)>& body);

  struct Stats {
    int open = 0;
    int busy = 0;
    int limit = 0;         // of those that are open
    int64_t waits = 0;     // acquisitions that had to wait
    int64_t failures = 0;  // connects that failed
    int64_t retries = 0;   // transactions run again
    int64_t commit_conflicts = 0;  // refused at COMMIT by the server: of a cluster, where two nodes met
    int waiting = 0;               // callers without a connection now
  };
  Stats stats() const;
  // OK when a connection answers a ping now.
  absl::Status Ping();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One numbered step of a schema. Steps are embedded in the binary; `version` rises by one.
struct Migration {
  int version;
  absl::string_view name;
  absl::string_view sql;  // statements separated by ";\n"
};

// Brings the schema of `options.database` (created where missing) up to the last step, under a lease row so
// that two migrators do not meet; records each step in `schema_version` with the digest of its text. DDL
// commits by itself, so each statement is recorded when it is done: a step that failed halfway goes on there,
// and its rest may be corrected. FAILED_PRECONDITION "SCHEMA_CHANGED" where text that has run reads otherwise
// now (an earlier program has made the schema, and it is not migrated), "SCHEMA_NEWER" where the schema is newer than the steps,
// "SCHEMA_STEP_FAILED". Runs as the migration user, without a statement timeout.
absl::Status Migrate(const Options& options, absl::string_view component, absl::Span<const Migration> steps);

// Whether the schema is at these steps: OK, an error of Migrate, or FAILED_PRECONDITION "SCHEMA_MISSING" where steps are to run.
absl::Status RequireSchema(Connection& connection, absl::string_view component, absl::Span<const Migration> steps);

// Gives `account`, "name@host", the rights of a service's process on every table of `options.database`, as a user who may pass
// them on: reading and adding, and changing and removing but in the tables `append_only`. Running it again changes nothing. The
// number of tables; FAILED_PRECONDITION "SCHEMA_MISSING" where there is none, INVALID_ARGUMENT "FLAG_INVALID" where the account
// is none.
absl::StatusOr<int> Grant(const Options& options, absl::string_view account, absl::Span<const absl::string_view> append_only);

// A lease row in table `lease` (created by Migrate): one holder at a time by database time; `epoch` rises at
// each change of holder. Renew or take; false where another holds it. A Lease that begins with epoch 0 takes
// at once what its own holder's name held, with a new epoch: so names are unique among living processes, and
// a restart does not wait.
struct Lease {
  std::string name;
  std::string holder;
  int64_t epoch = 0;
};
absl::StatusOr<bool> AcquireLease(Connection& connection, Lease& lease, absl::Duration length);
// Lets it end now, so that whoever comes next need not wait; nothing where it is no longer ours. The lease is as new after it.
absl::Status ReleaseLease(Connection& connection, Lease& lease);
// Inside the owner's transaction: ABORTED "LEASE_LOST" where the epoch is no longer ours. Where it is, nobody
// takes the lease before this transaction has ended.
absl::Status CheckLease(Connection& connection, const Lease& lease);

}  // namespace sifa::mysql
