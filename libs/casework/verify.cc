#include "libs/casework/verify.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/algorithm/container.h"
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

// Search terms, or unique values, as they are stored, by the object and the type that they are said to be of.
using Terms = std::map<std::pair<Id, std::string>, std::vector<Term>>;

// Those in `table` of all objects after `after`, up to `last`.
absl::StatusOr<Terms> ReadTerms(mysql::Connection& connection, absl::string_view table, const Id& after, const Id& last) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT object_id, type, kind, value FROM ", table,
                                                                  " WHERE object_id > ? AND object_id <= ?"), {after, last}));
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
    ASSIGN_OR_RETURN(Terms terms, ReadTerms(connection, "term", *after, last));
    ASSIGN_OR_RETURN(Terms unique, ReadTerms(connection, "unique_term", *after, last));
    for (const auto& row : rows) {
      const auto own = [&](Terms& all) { return std::exchange(all[{row.AsId(0), row.Bytes(6)}], {}); };
      RETURN_IF_ERROR(Check(connection, row, own(terms), own(unique)));
    }
    FindStrays("检索项 ", terms);
    FindStrays("唯一项 ", unique);
    *after = last;
    return more;
  }

  const std::vector<journal::Finding>& findings() const { return findings_; }

 private:
  void FindStrays(absl::string_view what, const Terms& terms) {
    for (const auto& [of, foreign] : terms) {
      if (!foreign.empty()) Find("", of.first, absl::StrCat(what, of.second, ".", foreign.front().kind, " 没有对应的对象"));
    }
  }

  absl::Status Check(mysql::Connection& connection, const mysql::Row& row, std::vector<Term> terms, std::vector<Term> unique) {
    const Id id = row.AsId(0);
    const std::string act = row.AsId(1).ToString();
    const auto image = store_.DecryptImage(row.AsId(1), row.Bytes(2));
    if (!image.ok()) return absl::OkStatus();  // the chain has already named a changed row
    if (row.IsNull(3)) {
      Find(act, id, "不见了，或版本与日志不符", "OBJECT_DELETED");
      return absl::OkStatus();
    }
    const auto body = keyring_.Decrypt(row.Bytes(4), absl::StrCat("object:", id.AsBytes()));
    if (!body.ok() || *body != image->object()) {
      Find(act, id, "内容与最近一次办理的日志不符");
    } else {
      ASSIGN_OR_RETURN(const std::string wrong, WrongIndex(connection, row, *body, std::move(terms), unique));
      if (!wrong.empty()) Find(act, id, absl::StrCat(wrong, " 与对象内容不符"));
    }
    // Whoever may see an object is decided by these columns, in the query itself.
    if (row.Int(5) == 0) Find(act, id, "所属机构或地区与最近一次办理的日志不符");
    return absl::OkStatus();
  }

  // What of the object's index its body does not bear out; empty where all is well.
  absl::StatusOr<std::string> WrongIndex(mysql::Connection& connection, const mysql::Row& row, const std::string& body,
                                         std::vector<Term> terms, const std::vector<Term>& unique) const {
    const std::string& name = row.Bytes(6);
    const auto type = std::find_if(types_.begin(), types_.end(), [&](const ObjectType& t) { return t.name == name; });
    if (type == types_.end() || row.Bytes(7) != name) return "索引列 type";
    const std::unique_ptr<Message> object(type->prototype->New());
    if (!object->ParseFromString(body)) return "索引列 body";
    const char* column = WrongColumn(*type, *object, row, 9, DayOf(row.Time(8)), today_);
    if (column != nullptr) return absl::StrCat("索引列 ", column);
    const std::string term = WrongTerm(*type, *object, keyring_, std::move(terms));
    if (!term.empty()) return absl::StrCat("检索项 ", term);
    ASSIGN_OR_RETURN(const std::string value, WrongUnique(connection, *type, *object, unique));
    return value.empty() ? "" : absl::StrCat("唯一项 ", value);
  }

  // The kind of the first unique value that the object should have and has not, or the other way round. One that objects have one
  // after another stands with the latest.
  static absl::StatusOr<std::string> WrongUnique(mysql::Connection& connection, const ObjectType& type, const Message& object,
                                                 const std::vector<Term>& stored) {
    const std::vector<Unique> right = type.index ? type.index(object).unique : std::vector<Unique>();
    for (const Term& term : stored) {
      const auto same = [&](const Unique& value) { return value.kind == term.kind && value.value == term.value; };
      if (std::none_of(right.begin(), right.end(), same)) return term.kind;
    }
    for (const Unique& value : right) {
      if (absl::c_linear_search(stored, Term{value.kind, value.value})) continue;
      if (value.holder.empty()) return value.kind;
      ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT holder FROM unique_term WHERE type = ? AND kind = ? AND value = ?",
                                                         {type.name, value.kind, value.value}));
      if (rows.empty() || rows[0].Bytes(0) != value.holder) return value.kind;
    }
    return "";
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
