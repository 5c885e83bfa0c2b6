#include "libs/mysql/error_codes.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/mysql/mysql.h"

namespace sifa::mysql {
namespace {

constexpr unsigned kStatementTimeout = 1969;  // MariaDB, max_statement_time
constexpr unsigned kExecutionTimeout = 3024;  // MySQL, max_execution_time
constexpr unsigned kConnectionKilled = 1927;  // MariaDB
constexpr unsigned kReadOnlyMode = 1836;      // a primary that has become a replica
constexpr unsigned kTableDefinitionChanged = 1412;

bool IsClientLoss(unsigned error) {
  switch (error) {
    case CR_AUTH_PLUGIN_CANNOT_LOAD:
    case CR_SERVER_LOST_EXTENDED:
    case CR_ERR_NET_READ:
    case CR_ERR_NET_WRITE:
    case CR_ERR_NET_UNCOMPRESS:
    // A table got more columns under a prepared SELECT *: its rows are on the wire, but the client will not
    // read them.
    case CR_NEW_STMT_METADATA:
      return true;
    default:
      return error >= CR_MIN_ERROR && error <= CR_MALFORMED_PACKET;
  }
}

// "Duplicate entry '…' for key 'uk_name'" and MySQL's "for key 'table.uk_name'"; the entry may hold quotes
// itself.
absl::string_view KeyOf(absl::string_view text) {
  constexpr absl::string_view kBefore = "for key '";
  const size_t at = text.rfind(kBefore);
  if (at == absl::string_view::npos) return "";
  absl::string_view key = text.substr(at + kBefore.size());
  key = key.substr(0, key.rfind('\''));
  const size_t dot = key.rfind('.');
  return dot == absl::string_view::npos ? key : key.substr(dot + 1);
}

// The text without what stands between its first pair of quotes, where the server puts the offending value.
std::string WithoutValue(absl::string_view text) {
  const size_t from = text.find('\'');
  const size_t to = text.find("' for ", from == absl::string_view::npos ? 0 : from);
  if (from == absl::string_view::npos) return std::string(text);
  return absl::StrCat(text.substr(0, from + 1), "…", to == absl::string_view::npos ? "'" : text.substr(to));
}

bool QuotesValue(unsigned error) {
  switch (error) {
    case ER_DUP_ENTRY:
    case ER_TRUNCATED_WRONG_VALUE:
    case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD:
    case ER_WRONG_VALUE_FOR_TYPE:
    case ER_WRONG_VALUE:
    case ER_NO_PARTITION_FOR_GIVEN_VALUE:
      return true;
    default:
      return false;
  }
}

}  // namespace

Failure FailureOf(unsigned error) {
  if (IsClientLoss(error)) return Failure::kLost;
  switch (error) {
    case ER_SERVER_SHUTDOWN:
    case ER_NORMAL_SHUTDOWN:
    case ER_FORCING_CLOSE:
    case ER_NEW_ABORTING_CONNECTION:
    case ER_ABORTING_CONNECTION:
    case ER_NET_READ_ERROR:
    case ER_NET_READ_INTERRUPTED:
    case ER_NET_ERROR_ON_WRITE:
    case ER_NET_WRITE_INTERRUPTED:
    case ER_NET_PACKETS_OUT_OF_ORDER:
    case ER_UNKNOWN_COM_ERROR:          // Galera: this node is not (yet) part of the cluster
    case ER_OPTION_PREVENTS_STATEMENT:  // read-only: the primary is elsewhere now
    case kReadOnlyMode:
    case kConnectionKilled:
      return Failure::kLost;
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_USER_LIMIT_REACHED:
      return Failure::kFull;
    case ER_LOCK_DEADLOCK:
    case ER_LOCK_WAIT_TIMEOUT:
    case ER_CHECKREAD:
    case kTableDefinitionChanged:
      return Failure::kConflict;
    case ER_DUP_ENTRY:
    case ER_DUP_ENTRY_WITH_KEY_NAME:
      return Failure::kDuplicate;
    case kStatementTimeout:
    case kExecutionTimeout:
      return Failure::kTimeout;
    default:
      return Failure::kOther;
  }
}

absl::Status ToStatus(unsigned error, absl::string_view text) {
  if (error == ER_DISK_FULL || error == ER_RECORD_FILE_FULL) {
    return Unavailable("DATABASE_DISK_FULL", "数据库所在磁盘已满，暂时不能办理，请联系运维人员");
  }
  if (error == ER_DBACCESS_DENIED_ERROR || error == ER_TABLEACCESS_DENIED_ERROR || error == ER_BAD_DB_ERROR ||
      error == ER_NO_SUCH_TABLE) {
    return Error(absl::StatusCode::kInternal, kNotSetUp, absl::StrCat("数据库用户缺少权限，或没有该库表：", error, " ", text));
  }
  switch (FailureOf(error)) {
    case Failure::kLost:
    case Failure::kFull:
      return Unavailable("DATABASE_UNAVAILABLE", "数据库暂时无法连接，请稍后重试");
    case Failure::kConflict:
      return Error(absl::StatusCode::kAborted, "DATABASE_DEADLOCK", "数据正被他人修改，请重试");
    case Failure::kDuplicate:
      return Error(absl::StatusCode::kAlreadyExists, "DATABASE_DUPLICATE",
                   absl::StrCat("记录已存在：", KeyOf(text)));
    case Failure::kTimeout:
      return Error(absl::StatusCode::kDeadlineExceeded, "DATABASE_TIMEOUT", "数据库处理超时");
    case Failure::kOther:
      break;
  }
  return Internal(absl::StrCat("数据库错误：", error, " ", QuotesValue(error) ? WithoutValue(text) : text));
}

}  // namespace sifa::mysql
