#include "libs/casework/verify.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "libs/casework/object_index.h"
#include "libs/casework/store.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/journal/journal.h"
#include "libs/mysql/snapshot.h"

namespace sifa::casework {
namespace {

constexpr int kBatch = 500;

// Search terms as they are stored, by the object and the type that they are said to be of.
using Terms = std::map<std::pair<Id, std::string>, std::vector<Term>>;

// Those of all objects after `after`, up to `last`.
absl::StatusOr<Terms> ReadTerms(mysql::Connection& connection, const Id& after, const Id& last) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT object_id, type, kind, value FROM term"
                                                     " WHERE object_id > ? AND object_id <= ?", {after, last}));
  Terms terms;
  for (const auto& row : rows) terms[{row.AsId(0), row.Bytes(1)}].push_back({row.Bytes(2), row.Bytes(3)});
  return terms;
}

class ObjectCheck {
 public:
  ObjectCheck(const crypto::Keyring& keyring, const std::vector<ObjectType>& types, absl::CivilDay today)
      : keyring_(keyring), store_(keyring), types_(types), today_(today) {}

  // The objects after *after, as many as a batch takes; *after goes to the last of them. True where more may be left.
  absl::StatusOr<bool> Batch(mysql::Connection& connection, Id* after) {
    findings_.clear();
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
    const bool more = rows.size() >= static_cast<size_t>(kBatch);
    const Id last = more ? rows.back().AsId(0) : IdFromBytes(std::string(16, '\xff'));
    ASSIGN_OR_RETURN(Terms terms, ReadTerms(connection, *after, last));
    for (const auto& row : rows) {
      auto own = terms.extract({row.AsId(0), row.Bytes(6)});
      Check(row, own.empty() ? std::vector<Term>() : std::move(own.mapped()));
    }
    for (const auto& [of, foreign] : terms) {
      Find("", of.first, absl::StrCat("检索项 ", of.second, ".", foreign.front().kind, " 没有对应的对象"));
    }
    *after = last;
    return more;
  }

  const std::vector<journal::Finding>& findings() const { return findings_; }

 private:
  void Check(const mysql::Row& row, std::vector<Term> terms) {
    const Id id = row.AsId(0);
    const std::string act = row.AsId(1).ToString();
    const auto image = store_.DecryptImage(row.AsId(1), row.Bytes(2));
    if (!image.ok()) return;  // the chain has already named a changed row
    if (row.IsNull(3)) return Find(act, id, "不见了，或版本与日志不符", "OBJECT_DELETED");
    const auto body = keyring_.Decrypt(row.Bytes(4), absl::StrCat("object:", id.AsBytes()));
    if (!body.ok() || *body != image->object()) {
      Find(act, id, "内容与最近一次办理的日志不符");
    } else if (const std::string wrong = WrongIndex(row, *body, std::move(terms)); !wrong.empty()) {
      Find(act, id, absl::StrCat(wrong, " 与对象内容不符"));
    }
    // Whoever may see an object is decided by these columns, in the query itself.
    if (row.Int(5) == 0) Find(act, id, "所属机构或地区与最近一次办理的日志不符");
  }

  // What of the object's index its body does not bear out; empty where all is well.
  std::string WrongIndex(const mysql::Row& row, const std::string& body, std::vector<Term> terms) const {
    const std::string& name = row.Bytes(6);
    const auto type = std::find_if(types_.begin(), types_.end(), [&](const ObjectType& t) { return t.name == name; });
    if (type == types_.end() || row.Bytes(7) != name) return "索引列 type";
    const std::unique_ptr<Message> object(type->prototype->New());
    if (!object->ParseFromString(body)) return "索引列 body";
    const char* column = WrongColumn(*type, *object, row, 9, DayOf(row.Time(8)), today_);
    if (column != nullptr) return absl::StrCat("索引列 ", column);
    const std::string term = WrongTerm(*type, *object, keyring_, std::move(terms));
    return term.empty() ? "" : absl::StrCat("检索项 ", term);
  }

  void Find(const std::string& act, const Id& object, absl::string_view text, const char* kind = "OBJECT_CHANGED") {
    findings_.push_back({kind, 0, act, absl::StrCat("对象 ", object.ToString(), "：", text)});
  }

  const crypto::Keyring& keyring_;
  const Store store_;
  const std::vector<ObjectType>& types_;
  const absl::CivilDay today_;
  std::vector<journal::Finding> findings_;  // of the latest batch
};

}  // namespace

absl::StatusOr<journal::Report> VerifyAll(mysql::Pool& pool, const crypto::Keyring& keyring, const std::vector<ObjectType>& types,
                                          absl::CivilDay today, const std::string& anchor_path,
                                          const std::string& witnessed_path) {
  ASSIGN_OR_RETURN(journal::Report report, journal::Verify(pool, keyring, anchor_path, witnessed_path));
  ObjectCheck check(keyring, types, today);
  Id after;
  bool more = true;
  while (more) {
    // Acts that are committed between two statements are not seen by one of them alone.
    RETURN_IF_ERROR(mysql::InSnapshot(pool, [&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(more, check.Batch(connection, &after));
      return absl::OkStatus();
    }));
    report.findings.insert(report.findings.end(), check.findings().begin(), check.findings().end());
  }
  return report;
}

}  // namespace sifa::casework
