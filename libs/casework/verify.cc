#include "libs/casework/verify.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/object_index.h"
#include "libs/casework/store.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/journal/journal.h"

namespace sifa::casework {
namespace {

constexpr int kBatch = 500;

// The column of the object's index that its body does not bear out; empty where all is well.
std::string WrongColumn(const std::vector<ObjectType>& types, const std::string& body, const mysql::Row& row, absl::CivilDay today) {
  const std::string& name = row.Bytes(6);
  if (name != row.Bytes(7)) return "type";
  const auto type = std::find_if(types.begin(), types.end(), [&](const ObjectType& t) { return t.name == name; });
  if (type == types.end()) return "type";
  const std::unique_ptr<Message> object(type->prototype->New());
  if (!object->ParseFromString(body)) return "body";
  const char* column = casework::WrongColumn(*type, *object, row, 9, DayOf(row.Time(8)), today);
  return column == nullptr ? "" : column;
}

absl::Status CheckBatch(mysql::Connection& connection, const crypto::Keyring& keyring, const std::vector<ObjectType>& types,
                        absl::CivilDay today, Id* after, bool* more, std::vector<journal::Finding>* findings) {
  // The newest act of each object; READ rows have version 0 and no image.
  static const std::string kSelect = absl::StrCat(
      "SELECT l.object_id, j.id, j.image, o.id, o.body,"
      " o.organisation = j.organisation AND o.organisation_path = j.organisation_path AND o.region = j.region,"
      " j.object_type, o.type, j.recorded_at, ", kIndexed, " FROM"
      " (SELECT object_id, MAX(version) AS version FROM journal WHERE version > 0 AND object_id > ? GROUP BY object_id"
      "  ORDER BY object_id LIMIT ?) l"
      " JOIN journal j ON j.object_id = l.object_id AND j.version = l.version"
      " LEFT JOIN object o ON o.id = l.object_id AND o.version = l.version ORDER BY l.object_id");
  ASSIGN_OR_RETURN(const auto rows, connection.Query(kSelect, {*after, kBatch}));
  *more = rows.size() >= static_cast<size_t>(kBatch);
  const Store store(keyring);
  for (const auto& row : rows) {
    *after = row.AsId(0);
    const auto find = [&](const char* kind, absl::string_view text) {
      findings->push_back({kind, 0, row.AsId(1).ToString(), absl::StrCat("对象 ", row.AsId(0).ToString(), "：", text)});
    };
    const auto image = store.DecryptImage(row.AsId(1), row.Bytes(2));
    if (!image.ok()) continue;  // the chain has already named a changed row
    if (row.IsNull(3)) {
      find("OBJECT_DELETED", "不见了，或版本与日志不符");
      continue;
    }
    const auto body = keyring.Decrypt(row.Bytes(4), absl::StrCat("object:", row.AsId(0).AsBytes()));
    if (!body.ok() || *body != image->object()) {
      find("OBJECT_CHANGED", "内容与最近一次办理的日志不符");
    } else if (const std::string column = WrongColumn(types, *body, row, today); !column.empty()) {
      find("OBJECT_CHANGED", absl::StrCat("索引列 ", column, " 与对象内容不符"));
    }
    // Whoever may see an object is decided by these columns, in the query itself.
    if (row.Int(5) == 0) find("OBJECT_CHANGED", "所属机构或地区与最近一次办理的日志不符");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<journal::Report> VerifyAll(mysql::Pool& pool, const crypto::Keyring& keyring, const std::vector<ObjectType>& types,
                                          absl::CivilDay today, const std::string& anchor_path,
                                          const std::string& witnessed_path) {
  ASSIGN_OR_RETURN(journal::Report report, journal::Verify(pool, keyring, anchor_path, witnessed_path));
  Id after;
  bool more = true;
  while (more) {
    std::vector<journal::Finding> findings;
    Id next;
    RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      findings.clear();
      next = after;
      return CheckBatch(connection, keyring, types, today, &next, &more, &findings);
    }));
    after = next;
    report.findings.insert(report.findings.end(), findings.begin(), findings.end());
  }
  return report;
}

}  // namespace sifa::casework
