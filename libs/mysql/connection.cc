#include "libs/mysql/connection.h"

#include <fcntl.h>
#include <ma_pvio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
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

unsigned WholeSeconds(absl::Duration duration) {
  return static_cast<unsigned>(std::max(1.0, std::ceil(absl::ToDoubleSeconds(duration))));
}

int64_t SteadyNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

const char* OrNull(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

void SetTimeouts(MYSQL* handle, const Options& options) {
  const unsigned connect = WholeSeconds(options.connect_timeout);
  mysql_optionsv(handle, MYSQL_OPT_CONNECT_TIMEOUT, &connect);
  if (options.statement_timeout == absl::InfiniteDuration()) return;
  const unsigned answer = WholeSeconds(options.statement_timeout + kReadMargin);
  mysql_optionsv(handle, MYSQL_OPT_READ_TIMEOUT, &answer);
  mysql_optionsv(handle, MYSQL_OPT_WRITE_TIMEOUT, &answer);
}

bool IsLoopback(const std::string& host) { return host == "localhost" || host == "::1" || absl::StartsWith(host, "127."); }

absl::Status SetTls(MYSQL* handle, const Options& options) {
  if (!options.socket.empty()) return absl::OkStatus();
  if (options.tls_ca.empty()) {
    if (IsLoopback(options.host)) return absl::OkStatus();
    return Error(absl::StatusCode::kFailedPrecondition, "DATABASE_WITHOUT_TLS",
                 absl::StrCat("database at ", options.host, ": a network is crossed with TLS only, name the authority's file"));
  }
  const my_bool on = 1;
  mysql_optionsv(handle, MYSQL_OPT_SSL_CA, options.tls_ca.c_str());
  mysql_optionsv(handle, MYSQL_OPT_SSL_ENFORCE, &on);
  mysql_optionsv(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
  return absl::OkStatus();
}

}  // namespace

// Marks that the server is waited for. Where one stands within another, the outer one counts.
class ServerConnection::Wait {
 public:
  explicit Wait(ServerConnection& connection) : since_(connection.waiting_since_), outer_(since_ != 0) {
    if (!outer_) since_ = SteadyNanos();
  }
  ~Wait() {
    if (!outer_) since_ = 0;
  }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

 private:
  std::atomic<int64_t>& since_;
  const bool outer_;
};

absl::Duration ServerConnection::Waiting() const {
  const int64_t since = waiting_since_;
  return since == 0 ? absl::ZeroDuration() : absl::Nanoseconds(std::max<int64_t>(SteadyNanos() - since, 1));
}

void ServerConnection::Cut() { ::shutdown(cut_, SHUT_RDWR); }

absl::StatusOr<std::unique_ptr<ServerConnection>> ServerConnection::Open(const Options& options,
                                                                         Refusal* refusal) {
  auto connection = std::unique_ptr<ServerConnection>(new ServerConnection);
  absl::Status ready = connection->Connect(options);
  if (ready.ok()) ready = connection->SetUpSession(options);
  connection->longest_silence_ = options.statement_timeout + kReadMargin;
  connection->set_up_ = true;
  if (ready.ok()) return connection;
  if (refusal != nullptr && connection->handle_ != nullptr) {
    const unsigned error = mysql_errno(connection->handle_);
    *refusal = {error, error != 0 ? mysql_error(connection->handle_) : std::string(ready.message())};
  }
  return ready;
}

ServerConnection::~ServerConnection() {
  statements_.Clear();
  if (handle_ != nullptr) mysql_close(handle_);
  if (cut_ >= 0) ::close(cut_);
}

absl::Status ServerConnection::Connect(const Options& options) {
  static const int library = mysql_library_init(0, nullptr, nullptr);  // not thread-safe by itself
  handle_ = library == 0 ? mysql_init(nullptr) : nullptr;
  if (handle_ == nullptr) return Internal("libmariadb cannot start");
  SetTimeouts(handle_, options);
  if (lost_ = SetTls(handle_, options); !lost_.ok()) return lost_;
  mysql_optionsv(handle_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const my_bool off = 0;
  mysql_optionsv(handle_, MYSQL_REPORT_DATA_TRUNCATION, &off);  // lengths and errors are looked at per column
  const unsigned protocol = options.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  mysql_optionsv(handle_, MYSQL_OPT_PROTOCOL, &protocol);
  if (mysql_real_connect(handle_, options.socket.empty() ? options.host.c_str() : "localhost",
                         options.user.c_str(), options.password.c_str(), OrNull(options.database),
                         static_cast<unsigned>(options.port), OrNull(options.socket), 0) != nullptr) {
    cut_ = ::fcntl(mysql_get_socket(handle_), F_DUPFD_CLOEXEC, 0);
    return absl::OkStatus();
  }
  lost_ =
      ToStatus(mysql_errno(handle_), mysql_error(handle_));  // not Failed, for the pool logs a refusal once
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
  const bool bounded = options.statement_timeout != absl::InfiniteDuration();
  const absl::Status limits = Send(absl::StrFormat(
      "SET SESSION max_statement_time = %.3f, SESSION idle_transaction_timeout = %d",
      bounded ? absl::ToDoubleSeconds(options.statement_timeout) : 0.0, kIdleTransactionSeconds));
  // MySQL has neither; the client's read timeout then is the bound.
  if (!limits.ok() && mysql_errno(handle_) != kUnknownVariable) return limits;
  RETURN_IF_ERROR(ReadPacketLimit());
  return absl::OkStatus();
}

// A packet over the server's limit would be answered by a cut connection, which looks like a loss and would
// be retried.
absl::Status ServerConnection::ReadPacketLimit() {
  RETURN_IF_ERROR(Send("SELECT @@max_allowed_packet"));
  MYSQL_RES* result = mysql_store_result(handle_);
  if (result == nullptr) return Failed(mysql_errno(handle_), mysql_error(handle_));
  const MYSQL_ROW row = mysql_fetch_row(result);
  if (row != nullptr && row[0] != nullptr) (void)absl::SimpleAtoi(row[0], &packet_limit_);
  mysql_free_result(result);
  return absl::OkStatus();
}

absl::Status ServerConnection::Usable() const { return lost() ? lost_ : conflict_; }

// libmariadb sets timeouts at connect only, in whole seconds; what it compares with is here, in milliseconds.
void ServerConnection::SetPatience(absl::Duration silence) {
  if (handle_->net.pvio == nullptr) return;
  const bool bounded = silence < absl::Hours(24);
  const int millis = bounded ? static_cast<int>(absl::ToInt64Milliseconds(silence)) + 1 : -1;
  handle_->net.pvio->timeout[PVIO_READ_TIMEOUT] = handle_->net.pvio->timeout[PVIO_WRITE_TIMEOUT] = millis;
}

absl::Status ServerConnection::Begun() {
  RETURN_IF_ERROR(Usable());
  absl::Duration silence = longest_silence_;
  if (set_up_) {  // else others wait for the connection, too
    RETURN_IF_ERROR(CheckDeadline());
    silence = std::min(silence, std::max(absl::ZeroDuration(), CurrentDeadline() - absl::Now()));
  }
  SetPatience(silence);
  return absl::OkStatus();
}

absl::Status ServerConnection::Failed(unsigned error, absl::string_view text) {
  absl::Status status = ToStatus(error, text);
  const Failure failure = FailureOf(error);
  if (failure == Failure::kLost && set_up_) {
    if (const absl::Status late = CheckDeadline(); !late.ok()) status = late;  // we have hung up
  }
  if (failure == Failure::kLost) {
    lost_ = status;
    telemetry::Warn("database_connection_lost", {{"error", absl::StrCat(error, " ", text)}});
  }
  if (failure == Failure::kTimeout || failure == Failure::kFull) {
    telemetry::Warn("database_refused", {{"error", absl::StrCat(error)}});
  }
  if (failure == Failure::kConflict && in_transaction_) conflict_ = status;
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
  auto statement = std::make_unique<Statement>(handle_);
  bool prepared = statement->Prepare(sql);
  if (!prepared && statement->error() == kTooManyStatements) {
    // The server's limit is over all its clients: this one gives its own back and begins anew.
    statements_.Clear();
    statement = std::make_unique<Statement>(handle_);
    prepared = statement->Prepare(sql);
  }
  if (!prepared) return Failed(*statement);
  return statements_.Insert(sql, std::move(statement));
}

absl::StatusOr<Statement*> ServerConnection::Executed(absl::string_view sql,
                                                      absl::Span<const Value> parameters) {
  RETURN_IF_ERROR(Begun());
  RETURN_IF_ERROR(CheckSize(sql, parameters));
  ASSIGN_OR_RETURN(Statement * statement, Prepared(sql));
  if (statement->parameter_count() != parameters.size()) {
    return Internal(
        absl::StrCat(parameters.size(), " parameters for ", statement->parameter_count(), " places: ", sql));
  }
  if (!statement->Execute(parameters)) return Failed(*statement);
  return statement;
}

absl::Status ServerConnection::Each(absl::string_view sql, absl::Span<const Value> parameters,
                                    absl::FunctionRef<absl::Status(Row&)> take) {
  const Wait wait(*this);
  ASSIGN_OR_RETURN(Statement * statement, Executed(sql, parameters));
  absl::Status taken;
  const bool fetched = statement->Fetch([&](Row& row) {
    taken = take(row);
    return taken.ok();
  });
  if (!fetched) taken = Failed(*statement);
  if (!lost()) statement->DropResult();
  return taken;
}

absl::StatusOr<int64_t> ServerConnection::Execute(absl::string_view sql, absl::Span<const Value> parameters) {
  const Wait wait(*this);
  ++writes_;
  ASSIGN_OR_RETURN(Statement * statement, Executed(sql, parameters));
  const int64_t affected = statement->affected();
  inserted_id_ = statement->inserted_id();
  statement->DropResult();
  return affected;
}

absl::Status ServerConnection::Send(absl::string_view sql) {
  const Wait wait(*this);
  RETURN_IF_ERROR(Begun());
  RETURN_IF_ERROR(CheckSize(sql, {}));
  if (mysql_real_query(handle_, sql.data(), sql.size()) == 0) return absl::OkStatus();
  return Failed(mysql_errno(handle_), mysql_error(handle_));
}

absl::Status ServerConnection::Run(absl::string_view sql) {
  const Wait wait(*this);
  ++writes_;
  RETURN_IF_ERROR(Send(sql));
  if (mysql_field_count(handle_) == 0) return absl::OkStatus();
  MYSQL_RES* unread = mysql_store_result(handle_);
  if (unread == nullptr) return Failed(mysql_errno(handle_), mysql_error(handle_));
  mysql_free_result(unread);
  return absl::OkStatus();
}

absl::Status ServerConnection::Begin() {
  RETURN_IF_ERROR(Send("BEGIN"));
  in_transaction_ = true;
  return absl::OkStatus();
}

absl::Status ServerConnection::Commit() {
  const Wait wait(*this);
  RETURN_IF_ERROR(Begun());
  if (mysql_real_query(handle_, "COMMIT", 6) == 0) {
    in_transaction_ = false;
    return absl::OkStatus();
  }
  const absl::Status failed = Failed(mysql_errno(handle_), mysql_error(handle_));
  if (conflicted()) return failed;  // the server has decided, and against us
  // Also where the server answered with something else: which of its errors leave nothing behind is not for
  // us to guess.
  if (!lost()) lost_ = failed;
  return Unavailable(kCommitUnknown, absl::StrCat("提交结果未知，请核实后再试：", failed.message()));
}

absl::Status ServerConnection::Rollback() {
  const Wait wait(*this);
  conflict_ = absl::OkStatus();
  in_transaction_ = false;
  RETURN_IF_ERROR(Usable());
  SetPatience(std::min(longest_silence_, kRollbackPatience));
  if (mysql_real_query(handle_, "ROLLBACK", 8) == 0) return absl::OkStatus();
  return Failed(mysql_errno(handle_), mysql_error(handle_));
}

absl::Status ServerConnection::Ping() {
  const Wait wait(*this);
  RETURN_IF_ERROR(Begun());
  if (mysql_ping(handle_) == 0) return absl::OkStatus();
  return Failed(mysql_errno(handle_), mysql_error(handle_));
}

bool ServerConnection::InTransaction() const {
  unsigned status = 0;
  mariadb_get_infov(handle_, MARIADB_CONNECTION_SERVER_STATUS, &status);
  return (status & (SERVER_STATUS_IN_TRANS | SERVER_STATUS_IN_TRANS_READONLY)) != 0;
}

}  // namespace sifa::mysql
