#include "libs/casework/verify.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/object_index.h"
#include "libs/casework/store.h"
#include "libs/casework/verify_beside.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/journal/journal.h"
#include "libs/journal/writer.h"
#include "libs/mysql/snapshot.h"
#include "libs/statistics/figure_check.h"

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
  ObjectCheck(const crypto::Keyring& keyring, const std::vector<const ObjectType*>& types, absl::CivilDay today)
      : keyring_(keyring), store_(keyring), types_(types), today_(today) {}

  // The objects after *after, as many as a batch takes; *after goes to the last of them. True where more may be left.
  absl::StatusOr<bool> Batch(mysql::Connection& connection, Id* after) {
    findings_.clear();
    // The newest act of each object; READ rows have version 0 and no image.
    static const std::string kSelect = absl::StrCat(
        "SELECT l.object_id, j.id, j.image, o.id, o.body,"
        " o.organisation = j.organisation AND o.organisation_path = j.organisation_path AND o.region = j.region,"
        " j.object_type, o.type, j.recorded_at, j.version, o.version, o.link, ",
        kIndexed,
        " FROM"
        " (SELECT object_id, MAX(version) AS version FROM journal WHERE version > 0 AND object_id > ? GROUP BY object_id"
        "  ORDER BY object_id LIMIT ?) l"
        " JOIN journal j ON j.object_id = l.object_id AND j.version = l.version"
        " LEFT JOIN object o ON o.id = l.object_id ORDER BY l.object_id");
    ASSIGN_OR_RETURN(const auto rows, connection.Query(kSelect, {*after, kBatch}));
    const bool more = rows.size() >= static_cast<size_t>(kBatch);
    const Id last = more ? rows.back().AsId(0) : IdFromBytes(std::string(16, '\xff'));
    ASSIGN_OR_RETURN(Terms terms, ReadTerms(connection, "term", *after, last));
    ASSIGN_OR_RETURN(Terms unique, ReadTerms(connection, "unique_term", *after, last));
    RETURN_IF_ERROR(CheckVersions(connection, *after, last));
    RETURN_IF_ERROR(FindWithoutJournal(connection, *after, last));
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

  // Every version of the objects after `after`, up to `last`: each row names the one before, and none is twice or missing.
  absl::Status CheckVersions(mysql::Connection& connection, const Id& after, const Id& last) {
    newest_.clear();
    Id object;
    int64_t version = 0;
    std::optional<std::string> digest;
    return connection.Each(
        absl::StrCat("SELECT ", journal::kColumns,
                     " FROM journal j WHERE j.object_id > ? AND j.object_id <= ?"
                     " AND j.version > 0 ORDER BY j.object_id, j.version, j.id"),
        std::vector<mysql::Value>{after, last}, [&](mysql::Row& columns) -> absl::Status {
          const journal::Row row = journal::ReadRow(columns, 0);
          if (row.object_id != object) {
            object = row.object_id;
            version = 0;
            digest = "";
          }
          if (!journal::IsSigned(keyring_, row)) {  // the chain has named it
            if (row.version == version + 1) version = row.version;
            digest.reset();
            newest_.erase(object);
            return absl::OkStatus();
          }
          const std::string act = row.id.ToString();
          if (row.version <= version) {
            Find(act, object, absl::StrCat("第", row.version, "版办理了两次：其间被退回旧版"), "VERSION_TWICE");
          } else if (row.version > version + 1) {
            Find(act, object, absl::StrCat("第", version + 1, "至", row.version - 1, "版的日志行不见了"), "VERSION_MISSING");
          } else if (digest && row.link != *digest) {
            Find(act, object, absl::StrCat("第", row.version, "版的日志行不接上一版"), "VERSION_UNLINKED");
          }
          version = row.version;
          digest = row.Digest();
          newest_[object] = *digest;
          return absl::OkStatus();
        });
  }

  absl::Status FindWithoutJournal(mysql::Connection& connection, const Id& after, const Id& last) {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT o.id FROM object o WHERE o.id > ? AND o.id <= ? AND NOT EXISTS"
                                                       " (SELECT 1 FROM journal j WHERE j.object_id = o.id AND j.version > 0)",
                                                       {after, last}));
    for (const auto& row : rows) Find("", row.AsId(0), "没有日志，系插入", "OBJECT_INSERTED");
    return absl::OkStatus();
  }

  absl::Status Check(mysql::Connection& connection, const mysql::Row& row, std::vector<Term> terms, std::vector<Term> unique) {
    const Id id = row.AsId(0);
    const std::string act = row.AsId(1).ToString();
    journal::Row written;
    written.id = row.AsId(1);
    written.object_type = row.Bytes(6);
    written.version = row.Int(9);
    written.image.sealed = row.Bytes(2);
    if (row.IsNull(3)) {
      Find(act, id, "不见了", "OBJECT_DELETED");
      return absl::OkStatus();
    }
    const auto image = store_.DecryptImage(written);
    if (!image.ok()) Find(act, id, "最近一次办理的日志读不出，无从比对");
    if (row.Int(10) != written.version) {
      Find(act, id, absl::StrCat("版本为", row.Int(10), "，与最近一次办理的日志不符"));
      return absl::OkStatus();
    }
    const auto newest = newest_.find(id);
    const auto body = store_.DecryptBody(row.Bytes(7), id, row.Int(10), row.Bytes(4));
    if (!body.ok() || (image.ok() && *body != image->object())) {
      Find(act, id, "内容与最近一次办理的日志不符");
    } else if (newest != newest_.end() && newest->second != row.Bytes(11)) {
      Find(act, id, "索引列 link 与最近一次办理的日志不符");
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
    const auto type = std::find_if(types_.begin(), types_.end(), [&](const ObjectType* t) { return t->name == name; });
    if (type == types_.end() || row.Bytes(7) != name) return "索引列 type";
    const std::unique_ptr<Message> object((*type)->prototype->New());
    if (!object->ParseFromString(body)) return "索引列 body";
    const char* column = WrongColumn(**type, *object, row, 12, DayOf(row.Time(8)), today_);
    if (column != nullptr) return absl::StrCat("索引列 ", column);
    const std::string term = WrongTerm(**type, *object, keyring_, std::move(terms));
    if (!term.empty()) return absl::StrCat("检索项 ", term);
    ASSIGN_OR_RETURN(const std::string value, WrongUnique(connection, **type, *object, unique));
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
  const std::vector<const ObjectType*>& types_;
  const absl::CivilDay today_;
  std::vector<journal::Finding> findings_;  // of the latest batch
  std::map<Id, std::string> newest_;        // Digest() of the newest row of each object, likewise
};

}  // namespace

absl::StatusOr<journal::Report> VerifyAll(mysql::Pool& pool, const crypto::Keyring& keyring,
                                          const std::vector<const ObjectType*>& types, absl::Time now,
                                          const journal::Anchors& anchors, const statistics::Cubes* cubes) {
  BesideCheck beside(keyring, now);
  std::optional<statistics::FigureCheck> figures;
  if (cubes != nullptr) figures.emplace(*cubes);
  ASSIGN_OR_RETURN(
      journal::Report report,
      journal::Verify(pool, keyring, anchors, [&](mysql::Connection& connection, const auto& rows, bool last) -> absl::Status {
        RETURN_IF_ERROR(beside.Take(connection, rows, last));
        return figures ? figures->Take(connection, rows, last) : absl::OkStatus();
      }));
  RETURN_IF_ERROR(beside.CheckContents(pool));
  report.findings.insert(report.findings.end(), beside.findings().begin(), beside.findings().end());
  if (figures) report.findings.insert(report.findings.end(), figures->findings().begin(), figures->findings().end());
  ObjectCheck check(keyring, types, DayOf(now));
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
