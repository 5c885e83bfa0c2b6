// One connection to a server, as the pool and the migrator hold it. Not for others: they take mysql.h's
// Connection.
#pragma once

#include <cppconn/connection.h>
#include <cppconn/statement.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/mysql/error_codes.h"
#include "libs/mysql/mysql.h"
#include "libs/mysql/statement.h"
#include "libs/mysql/wire.h"

namespace sifa::mysql {

// Why a connection could not be opened, for the log; the status is for the clerk.
struct Refusal {
  unsigned error = 0;
  std::string text;
};

class ServerConnection final : public Connection {
 public:
  // Connects and sets the session up.
  static absl::StatusOr<std::unique_ptr<ServerConnection>> Open(const Options& options,
                                                                Refusal* refusal = nullptr);
  ~ServerConnection() override;

  using Connection::Execute;
  absl::Status Each(absl::string_view sql, absl::Span<const Value> parameters, absl::FunctionRef<absl::Status(Row&)> take) override;
  absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> parameters) override;
  absl::Status Run(absl::string_view sql) override;

  // After a conflict, every statement until Rollback fails with it again: the server has ended the
  // transaction, so what followed would be committed one by one.
  absl::Status Begin();
  // kCommitUnknown where the answer is missing, DATABASE_DEADLOCK where the server has rolled back.
  absl::Status Commit();
  absl::Status Rollback();
  absl::Status Ping();

  // Broken: every further call fails at once.
  bool lost() const { return !lost_.ok(); }
  const absl::Status& loss() const { return lost_; }
  bool conflicted() const { return !conflict_.ok(); }
  const absl::Status& conflict() const { return conflict_; }
  int64_t writes() const override { return writes_; }
  void WhenEnded(std::function<void(End)> told) override { when_ended_.push_back(std::move(told)); }
  // Tells all that asked, and forgets them.
  void Ended(End end) {
    for (const auto& told : std::exchange(when_ended_, {})) told(end);
  }
  // Whether a transaction was begun, by Begin or by Run, and none of COMMIT and ROLLBACK has succeeded since.
  bool InTransaction() const { return open_; }

  // From any thread. How long the statement in hand has waited for the server; zero where there is none.
  absl::Duration Waiting() const { return wire_.Waiting(); }
  // From any thread: ends the wait, and with it the connection.
  void Cut() { wire_.Cut(); }

 private:
  ServerConnection() : statements_(kStatements) {}
  absl::Status Connect(const Options& options);
  absl::Status SetUpSession(const Options& options);
  absl::Status LimitStatements(const Options& options);
  absl::Status ReadPacketLimit();
  absl::Status Usable() const;
  // Usable, and not longer silent than the statement may run or the call in hand is waited for.
  absl::Status Begun();
  absl::StatusOr<Statement*> Prepared(absl::string_view sql);
  absl::StatusOr<Statement*> Bound(absl::string_view sql, absl::Span<const Value> parameters);
  absl::Status CheckSize(absl::string_view sql, absl::Span<const Value> parameters) const;
  absl::Status Send(absl::string_view sql);
  // Runs `call`, the one place where what the connector throws becomes a status.
  absl::Status Guarded(absl::FunctionRef<absl::Status()> call);
  // Turns a failure into its status and remembers what it means for this connection.
  absl::Status Failed(unsigned error, absl::string_view text);

  static constexpr size_t kStatements = 256;

  Wire wire_;
  std::unique_ptr<sql::Connection> server_;
  std::unique_ptr<sql::Statement> plain_;  // for text without parameters
  StatementCache statements_;
  Refusal last_;  // failure
  absl::Status lost_;
  absl::Status conflict_;
  absl::Duration longest_silence_;
  bool set_up_ = false;
  bool in_transaction_ = false;  // one of Begin's
  bool open_ = false;
  int64_t writes_ = 0;
  std::vector<std::function<void(End)>> when_ended_;
  size_t packet_limit_ = 16 << 20;
};

}  // namespace sifa::mysql
