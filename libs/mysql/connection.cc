#include "libs/mysql/connection.h"

#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <mysql_driver.h>

#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "libs/core/deadline.h"
#include "libs/core/status.h"
#include "libs/telemetry/log.h"

namespace sifa::mysql {
namespace {

// The server gives up a statement first; the client's own limit is for a server or network that says nothing
// more.
constexpr absl::Duration kReadMargin = absl::Seconds(5);
// For a ROLLBACK that nobody waits for: after it the connection serves the next one.
constexpr absl::Duration kRollbackPatience = absl::Seconds(1);
// A client that has vanished (power, network) must not hold its locks for the server's eight hours.
constexpr int kIdleTransactionSeconds = 60;
// Short, for a conflict is retried; the server's 50 s would outlive every caller's deadline.
constexpr int kLockWaitSeconds = 5;
constexpr size_t kPacketOverhead = 1024;
constexpr size_t kValueOverhead = 12;  // type, length, and a DATETIME's fields

int WholeSeconds(absl::Duration duration) {
  return static_cast<int>(std::max(1.0, std::ceil(absl::ToDoubleSeconds(duration))));
}

bool IsLoopback(const std::string& host) { return host == "localhost" || host == "::1" || absl::StartsWith(host, "127."); }

bool IsBounded(const Options& options) { return options.statement_timeout != absl::InfiniteDuration(); }

absl::Status CheckTls(const Options& options) {
  if (!options.socket.empty() || !options.tls_ca.empty() || IsLoopback(options.host)) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "DATABASE_WITHOUT_TLS",
               absl::StrCat("database at ", options.host, ": a network is crossed with TLS only, name the authority's file"));
}

sql::ConnectOptionsMap ForConnector(const Options& options) {
  sql::ConnectOptionsMap map;
  map["hostName"] = sql::SQLString(options.socket.empty() ? absl::StrCat("tcp://", options.host, ":", options.port)
                                                          : absl::StrCat("unix://", options.socket));
  map["userName"] = sql::SQLString(options.user);
  map["password"] = sql::SQLString(options.password);
  if (!options.database.empty()) map["schema"] = sql::SQLString(options.database);
  map["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  map["OPT_CONNECT_TIMEOUT"] = WholeSeconds(options.connect_timeout);
  if (IsBounded(options)) {
    map["OPT_READ_TIMEOUT"] = WholeSeconds(options.statement_timeout + kReadMargin);
    map["OPT_WRITE_TIMEOUT"] = WholeSeconds(options.statement_timeout + kReadMargin);
  }
  map["CLIENT_FOUND_ROWS"] = false;  // Execute tells the rows that changed
  if (options.socket.empty() && !options.tls_ca.empty()) {
    map["sslCA"] = sql::SQLString(options.tls_ca);
    map["sslEnforce"] = true;
    map["sslVerify"] = true;
  }
  return map;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerConnection>> ServerConnection::Open(const Options& options,
                                                                         Refusal* refusal) {
  auto connection = std::unique_ptr<ServerConnection>(new ServerConnection);
  absl::Status ready = connection->Connect(options);
  if (ready.ok()) ready = connection->SetUpSession(options);
  connection->longest_silence_ = options.statement_timeout + kReadMargin;
  connection->set_up_ = true;
  if (ready.ok()) return connection;
  if (refusal != nullptr) {
    *refusal = connection->last_.error != 0 ? connection->last_ : Refusal{0, std::string(ready.message())};
  }
  return ready;
}

ServerConnection::~ServerConnection() {
  // What ends with the connection says good-bye to the server, which may not be there to hear it.
  const Wire::Wait wait(wire_);
  wire_.SetPatience(kRollbackPatience);
  (void)Guarded([&] {
    statements_.Clear();
    plain_.reset();
    server_.reset();
    return absl::OkStatus();
  });
}

absl::Status ServerConnection::Connect(const Options& options) {
  if (lost_ = CheckTls(options); !lost_.ok()) return lost_;
  last_ = {kNoTurnToConnect, "another connect lasts too long"};  // until the connector says something else
  lost_ = wire_.Open(options, [&] {
    return Guarded([&] {
      sql::ConnectOptionsMap map = ForConnector(options);
      server_.reset(sql::mysql::get_driver_instance()->connect(map));
      plain_.reset(server_->createStatement());
      return absl::OkStatus();
    });
  });
  return lost_;
}

absl::Status ServerConnection::SetUpSession(const Options& options) {
  longest_silence_ = options.connect_timeout;  // a server that says nothing now is away
  RETURN_IF_ERROR(Run(absl::StrCat(
      "SET NAMES utf8mb4 COLLATE utf8mb4_bin, SESSION time_zone = '+00:00', SESSION autocommit = 1,"
      " SESSION sql_mode = 'STRICT_ALL_TABLES,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,"
      "NO_ZERO_IN_DATE,ONLY_FULL_GROUP_BY,NO_ENGINE_SUBSTITUTION',"
      " SESSION innodb_lock_wait_timeout = ",
      kLockWaitSeconds)));
  // In lower case, so that who watches the wire for COMMIT (the fault tests do) does not meet it here.
  RETURN_IF_ERROR(Run("set session transaction isolation level read committed"));
  RETURN_IF_ERROR(LimitStatements(options));
  return ReadPacketLimit();
}

absl::Status ServerConnection::LimitStatements(const Options& options) {
  const absl::Duration longest = IsBounded(options) ? options.statement_timeout : absl::ZeroDuration();
  const absl::Status limited =
      Run(absl::StrFormat("SET SESSION max_statement_time = %.3f, SESSION idle_transaction_timeout = %d",
                          absl::ToDoubleSeconds(longest), kIdleTransactionSeconds));
  if (limited.ok() || last_.error != kUnknownVariable) return limited;
  // MySQL bounds reading statements only; others are bounded by the client.
  return Run(absl::StrCat("SET SESSION max_execution_time = ", absl::ToInt64Milliseconds(longest)));
}

// A packet over the server's limit would be answered by a cut connection, which looks like a loss and would
// be retried.
absl::Status ServerConnection::ReadPacketLimit() {
  ASSIGN_OR_RETURN(const Rows rows, Query("SELECT @@max_allowed_packet"));
  packet_limit_ = static_cast<size_t>(rows.front().Int(0));
  return absl::OkStatus();
}

absl::Status ServerConnection::Usable() const { return lost() ? lost_ : conflict_; }

absl::Status ServerConnection::Begun() {
  RETURN_IF_ERROR(Usable());
  absl::Duration silence = longest_silence_;
  if (set_up_) {  // else others wait for the connection, too
    RETURN_IF_ERROR(CheckDeadline());
    silence = std::min(silence, std::max(absl::ZeroDuration(), CurrentDeadline() - absl::Now()));
  }
  wire_.SetPatience(silence);
  return absl::OkStatus();
}

absl::Status ServerConnection::Guarded(absl::FunctionRef<absl::Status()> call) {
  try {
    return call();
  } catch (const sql::SQLException& failure) {
    // What the connector finds by itself has no number and leaves the connection in a state that nobody knows: lost.
    const int error = failure.getErrorCode();
    return Failed(error > 0 ? static_cast<unsigned>(error) : kUnknownFailure, failure.what());
  }
}

absl::Status ServerConnection::Failed(unsigned error, absl::string_view text) {
  last_ = {error, std::string(text)};
  absl::Status status = ToStatus(error, text);
  const Failure failure = FailureOf(error);
  if (failure == Failure::kConflict && in_transaction_) conflict_ = status;
  if (failure == Failure::kLost) lost_ = status;
  if (!set_up_) return status;  // a connection that could not be opened is told by who wanted it
  if (failure == Failure::kLost) {
    if (const absl::Status late = CheckDeadline(); !late.ok()) status = lost_ = late;  // we have hung up
    telemetry::Warn("database_connection_lost", {{"error", absl::StrCat(error, " ", text)}});
  }
  if (failure == Failure::kTimeout || failure == Failure::kFull) {
    telemetry::Warn("database_refused", {{"error", absl::StrCat(error)}});
  }
  return status;
}

absl::Status ServerConnection::CheckSize(absl::string_view sql, absl::Span<const Value> parameters) const {
  size_t size = std::max(sql.size(), parameters.size() * kValueOverhead) + kPacketOverhead;
  for (const Value& value : parameters) size += value.bytes().size();
  if (size <= packet_limit_) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "DATABASE_VALUE_TOO_LARGE", "内容过大，无法保存");
}

absl::StatusOr<Statement*> ServerConnection::Prepared(absl::string_view sql) {
  if (Statement* known = statements_.Find(sql)) return known;
  std::unique_ptr<Statement> statement;
  const auto prepare = [&] {
    statement = std::make_unique<Statement>(
        std::unique_ptr<sql::PreparedStatement>(server_->prepareStatement(sql::SQLString(sql.data(), sql.size()))));
    return absl::OkStatus();
  };
  absl::Status prepared = Guarded(prepare);
  if (!prepared.ok() && last_.error == kTooManyStatements) {
    // The server's limit is over all its clients: this one gives its own back and begins anew.
    statements_.Clear();
    prepared = Guarded(prepare);
  }
  RETURN_IF_ERROR(prepared);
  return statements_.Insert(sql, std::move(statement));
}

absl::StatusOr<Statement*> ServerConnection::Bound(absl::string_view sql, absl::Span<const Value> parameters) {
  RETURN_IF_ERROR(Begun());
  RETURN_IF_ERROR(CheckSize(sql, parameters));
  ASSIGN_OR_RETURN(Statement * statement, Prepared(sql));
  if (statement->parameter_count() != parameters.size()) {
    return Internal(
        absl::StrCat(parameters.size(), " parameters for ", statement->parameter_count(), " places: ", sql));
  }
  RETURN_IF_ERROR(statement->Bind(parameters));
  return statement;
}

absl::Status ServerConnection::Each(absl::string_view sql, absl::Span<const Value> parameters,
                                    absl::FunctionRef<absl::Status(Row&)> take) {
  const Wire::Wait wait(wire_);
  return Guarded([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement * statement, Bound(sql, parameters));
    return statement->Read(take);
  });
}

absl::StatusOr<int64_t> ServerConnection::Execute(absl::string_view sql, absl::Span<const Value> parameters) {
  const Wire::Wait wait(wire_);
  ++writes_;
  int64_t changed = 0;
  RETURN_IF_ERROR(Guarded([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement * statement, Bound(sql, parameters));
    changed = statement->Execute();
    return absl::OkStatus();
  }));
  return changed;
}

absl::Status ServerConnection::Send(absl::string_view sql) {
  return Guarded([&] {
    if (plain_->execute(sql::SQLString(sql.data(), sql.size()))) {
      const std::unique_ptr<sql::ResultSet> unread(plain_->getResultSet());
    }
    return absl::OkStatus();
  });
}

absl::Status ServerConnection::Run(absl::string_view sql) {
  const Wire::Wait wait(wire_);
  ++writes_;
  RETURN_IF_ERROR(Begun());
  RETURN_IF_ERROR(CheckSize(sql, {}));
  const bool begins = absl::StartsWith(sql, "BEGIN") || absl::StartsWith(sql, "START TRANSACTION");
  open_ = open_ || begins;
  RETURN_IF_ERROR(Send(sql));
  if (sql == "COMMIT" || sql == "ROLLBACK") open_ = false;
  return absl::OkStatus();
}

absl::Status ServerConnection::Begin() {
  const Wire::Wait wait(wire_);
  RETURN_IF_ERROR(Begun());
  open_ = true;
  RETURN_IF_ERROR(Send("BEGIN"));
  in_transaction_ = true;
  return absl::OkStatus();
}

absl::Status ServerConnection::Commit() {
  const Wire::Wait wait(wire_);
  RETURN_IF_ERROR(Begun());
  const absl::Status failed = Send("COMMIT");
  if (failed.ok()) {
    in_transaction_ = open_ = false;
    return failed;
  }
  if (conflicted()) return failed;  // the server has decided, and against us
  // Also where the server answered with something else: which of its errors leave nothing behind is not for
  // us to guess.
  if (!lost()) lost_ = failed;
  return Unavailable(kCommitUnknown, absl::StrCat("提交结果未知，请核实后再试：", failed.message()));
}

absl::Status ServerConnection::Rollback() {
  const Wire::Wait wait(wire_);
  conflict_ = absl::OkStatus();
  in_transaction_ = false;
  RETURN_IF_ERROR(Usable());
  wire_.SetPatience(std::min(longest_silence_, kRollbackPatience));
  RETURN_IF_ERROR(Send("ROLLBACK"));
  open_ = false;
  return absl::OkStatus();
}

absl::Status ServerConnection::Ping() {
  const Wire::Wait wait(wire_);
  RETURN_IF_ERROR(Begun());
  return Send("DO 1");
}

}  // namespace sifa::mysql
