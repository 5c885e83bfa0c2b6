#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/status.h"
#include "libs/mysql/connection.h"

namespace sifa::mysql {
namespace {

// The account as SQL: `name`@`host`.
absl::StatusOr<std::string> Quoted(absl::string_view account) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(account, absl::MaxSplits('@', 1));
  if (parts.first.empty() || parts.second.empty() || account.find('`') != absl::string_view::npos) {
    return Error(absl::StatusCode::kInvalidArgument, "FLAG_INVALID", absl::StrCat("not name@host: ", account));
  }
  return absl::StrCat("`", parts.first, "`@`", parts.second, "`");
}

}  // namespace

absl::StatusOr<int> Grant(const Options& options, absl::string_view account, absl::Span<const absl::string_view> append_only) {
  ASSIGN_OR_RETURN(const std::string grantee, Quoted(account));
  ASSIGN_OR_RETURN(const auto connection, ServerConnection::Open(options));
  ASSIGN_OR_RETURN(const Rows tables, connection->Query("SELECT table_name FROM information_schema.tables WHERE table_schema = ?",
                                                        {options.database}));
  if (tables.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, "SCHEMA_MISSING", "数据库结构尚未建立完毕，请先以 --migrate 运行");
  }
  for (const Row& row : tables) {
    const std::string& table = row.Bytes(0);
    RETURN_IF_ERROR(
        connection->Run(absl::StrCat("GRANT SELECT, INSERT", absl::c_linear_search(append_only, table) ? "" : ", UPDATE, DELETE",
                                     " ON `", options.database, "`.`", table, "` TO ", grantee)));
  }
  return static_cast<int>(tables.size());
}

}  // namespace sifa::mysql
