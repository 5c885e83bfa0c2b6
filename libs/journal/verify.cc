#include "libs/journal/verify.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/journal/journal.h"
#include "libs/journal/sealer.h"
#include "libs/journal/writer.h"
#include "libs/mysql/snapshot.h"

namespace sifa::journal {
namespace {

constexpr int kBatch = 1000;
constexpr size_t kMostFindings = 100;

struct Link {
  int64_t position;
  std::string id;
  std::string digest;
  bool has_row;
  Row row;
  std::string bytes;
};

absl::StatusOr<std::vector<Link>> ReadLinks(mysql::Connection& connection, int64_t after) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT s.position, s.id, s.digest, ", kWholeColumns,
                                                                  " FROM journal_seal s LEFT JOIN journal j ON j.id = s.id"
                                                                  " WHERE s.position > ? ORDER BY s.position LIMIT ?"),
                                                     {after, kBatch}));
  std::vector<Link> links;
  links.reserve(rows.size());
  for (const auto& row : rows) {
    const bool has_row = !row.IsNull(3);
    Link& link =
        links.emplace_back(Link{row.Int(0), row.Bytes(1), row.Bytes(2), has_row, has_row ? ReadWholeRow(row, 3) : Row(), ""});
    if (has_row) link.bytes = link.row.SealedBytes();
  }
  return links;
}

std::string TextOf(const std::string& id) { return id.size() == 16 ? IdFromBytes(id).ToString() : ""; }

// The numbers of one writer, as its rows show them.
class Numbering {
 public:
  void Take(const Row& row) {
    if (row.number > high_) {
      if (row.number > high_ + 1) missing_[high_ + 1] = {row.number - 1, row.recorded_at};
      high_ = row.number;
    } else {
      Remove(row.number, row.number);
    }
    latest_ = row.recorded_at;
  }
  void Take(const Remark& remark) {
    for (const auto& [first, last] : remark.voided) voided_[first] = std::max(voided_[first], last);
    ended_ = ended_ || remark.ended;
  }
  // A row of that number was there.
  bool Has(int64_t number) const {
    const auto next = missing_.upper_bound(number);
    const bool missing = next != missing_.begin() && std::prev(next)->second.last >= number;
    return number <= high_ && !missing;
  }
  // After all rows: `tell(first, last, lost)` of each range that is neither there nor void.
  template <class F>
  void ForEachMissing(F tell) {
    for (const auto& [first, last] : voided_) Remove(first, last);
    for (const auto& [first, range] : missing_) {
      tell(first, range.last, ended_ || latest_ - range.shown_at > Writer::kLongestUnderWay);
    }
  }

 private:
  struct Range {
    int64_t last;
    absl::Time shown_at;  // when the first row after it was written
  };
  void Remove(int64_t first, int64_t last) {
    auto at = missing_.upper_bound(first);
    if (at != missing_.begin()) --at;
    while (at != missing_.end() && at->first <= last) {
      const auto [begin, range] = *at;
      if (range.last < first) {
        ++at;
        continue;
      }
      at = missing_.erase(at);
      if (begin < first) missing_[begin] = {first - 1, range.shown_at};
      if (range.last > last) at = missing_.insert_or_assign(last + 1, Range{range.last, range.shown_at}).first;
    }
  }

  int64_t high_ = 0;
  std::map<int64_t, Range> missing_;
  Numbers voided_;
  absl::Time latest_;  // of the row that was taken last: a clock may have been set back
  bool ended_ = false;
};

// What the rows say of their writers.
class Writers {
 public:
  explicit Writers(Report& report) : report_(report) {}

  void Take(const Row& row, int64_t position) {
    numberings_[row.writer].Take(row);
    if (row.remark.empty()) return;
    const auto remark = Remark::Parse(row.remark);
    if (!remark) return;  // the row's MAC says whose it is
    numberings_[row.writer].Take(*remark);
    if (remark->before_number == 0 || numberings_[remark->before].Has(remark->before_number)) return;
    report_.findings.push_back({"LOST", position, row.id.ToString(),
                                absl::StrCat("写入者 ", remark->before.ToString(), " 的第", remark->before_number,
                                             "号日志行当时已经封签，现在不在其前")});
  }
  void Conclude() {
    for (auto& [writer, numbering] : numberings_) {
      const std::string name = writer.ToString();
      numbering.ForEachMissing([&](int64_t first, int64_t last, bool lost) {
        const std::string numbers = first == last ? absl::StrCat("第", first, "号") : absl::StrCat("第", first, "至", last, "号");
        if (lost) {
          report_.findings.push_back(
              {"LOST", 0, "", absl::StrCat("写入者 ", name, " 的", numbers, "日志行不见了，也未声明作废")});
        } else {
          report_.open.push_back(absl::StrCat("写入者 ", name, " 的", numbers, "未见写入，当时可能正在办理"));
        }
      });
    }
  }

 private:
  Report& report_;
  std::map<Id, Numbering> numberings_;
};

// Walks the chain. Each link is checked against the stored digest before it, so one wrong row is one finding.
class Walk {
 public:
  Walk(const crypto::Keyring& keyring, Report& report, Writers& writers)
      : keyring_(keyring), report_(report), writers_(writers) {}

  // Moves the genuine rows to *genuine.
  void Take(std::vector<Link> links, std::vector<Sealed>* genuine) {
    for (Link& link : links) {
      if (link.position != position_ + 1) {
        Find("DELETED", position_ + 1, "", absl::StrCat("第", position_ + 1, "至", link.position - 1, "号封签不见了"));
      } else if (!link.has_row) {
        Find("DELETED", link.position, link.id, "封签在，日志行已被删除");
      } else if (crypto::Sm3(previous_ + link.bytes) != link.digest) {
        const bool elsewhere = std::any_of(links.begin(), links.end(), [&](const Link& other) {
          return other.has_row && crypto::Sm3(previous_ + other.bytes) == link.digest;
        });
        Find(elsewhere ? "REORDERED" : "CHANGED", link.position, link.id, elsewhere ? "日志行的次序被调换" : "日志行的内容被改动");
      } else if (!IsSigned(keyring_, link.row)) {
        Find("FORGED", link.position, link.id, "日志行不是本服务所写");
      } else {
        CheckTexts(link);
        genuine->push_back({link.position, link.digest, link.row});
      }
      if (link.has_row) writers_.Take(link.row, link.position);
      position_ = link.position;
      previous_ = link.digest;
      ++report_.rows;
    }
  }

  int64_t position() const { return position_; }

 private:
  void CheckTexts(const Link& link) {
    for (const auto& [name, text] : {std::pair("image", &link.row.image), std::pair("request", &link.row.request)}) {
      if (IsWhole(keyring_, link.row, name, *text)) continue;
      Find("UNREADABLE", link.position, link.id,
           absl::StrCat(absl::string_view(name) == "image" ? "办理后的内容" : "所提请求",
                        text->sealed.empty() ? "已被抹去" : "读不出，或已被改动"));
    }
  }

  void Find(const char* kind, int64_t position, const std::string& id, const std::string& text) {
    report_.findings.push_back({kind, position, TextOf(id), text});
  }

  const crypto::Keyring& keyring_;
  Report& report_;
  Writers& writers_;
  int64_t position_ = 0;
  std::string previous_ = std::string(32, '\0');
};

// Rows that are not sealed: those that wait for it, and those that do not.
absl::Status CheckUnsealed(mysql::Connection& connection, const crypto::Keyring& keyring, Writers& writers,
                           std::vector<Sealed>* genuine, Report* report) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT p.id, ", kColumns,
                                                                  " FROM journal j LEFT JOIN journal_seal s ON s.id = j.id"
                                                                  " LEFT JOIN journal_pending p ON p.id = j.id"
                                                                  " LEFT JOIN journal_quarantine q ON q.id = j.id"
                                                                  " WHERE s.id IS NULL AND q.id IS NULL ORDER BY j.id")));
  for (const auto& columns : rows) {
    const Row row = ReadRow(columns, 1);
    const bool is_signed = IsSigned(keyring, row);
    if (is_signed) {
      writers.Take(row, 0);
      genuine->push_back({0, "", row});
    }
    if (!columns.IsNull(0)) ++report->pending;
    if (!columns.IsNull(0) && is_signed) continue;
    if (report->findings.size() >= kMostFindings) return absl::OkStatus();
    report->findings.push_back(is_signed ? Finding{"UNSEALED", 0, row.id.ToString(), "日志行是本服务所写，待封的记录被删去"}
                                         : Finding{"INSERTED", 0, row.id.ToString(), "日志行不是本服务所写，系插入"});
  }
  ASSIGN_OR_RETURN(const auto strange, connection.Query("SELECT id, reason FROM journal_quarantine ORDER BY id LIMIT 100"));
  for (const auto& row : strange) {
    const std::string& reason = row.Bytes(1);
    report->findings.push_back({"QUARANTINED", 0, row.AsId(0).ToString(),
                                reason == "SEALED_BEFORE" ? "已经封签的日志行又被列入待封"
                                : reason == "NO_ROW"      ? "待封的日志行在封签前不见了"
                                                          : "待封的日志行不是本服务所写，未予封签"});
  }
  return absl::OkStatus();
}

absl::Status CheckHeads(mysql::Connection& connection, const crypto::Keyring& keyring, Report* report) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT h.position, h.digest, h.signature, s.digest FROM journal_head h"
                                    " LEFT JOIN journal_seal s ON s.position = h.position ORDER BY h.position"));
  std::set<int64_t> thousands;
  for (const auto& row : rows) {
    const Anchor head{row.Int(0), row.Bytes(1), row.Bytes(2)};
    thousands.insert(head.position / kHeadEvery);
    const bool matches = !row.IsNull(3) && row.Bytes(3) == head.digest;
    if (!matches || !keyring.VerifyOwn(head.SignedText(), head.signature)) {
      report->findings.push_back({"HEAD_FORGED", head.position, "", "签名的链头与封签不符"});
    }
  }
  for (int64_t thousand = 1; thousand <= report->head / kHeadEvery; ++thousand) {
    if (thousands.contains(thousand)) continue;
    report->findings.push_back({"HEAD_MISSING", thousand * kHeadEvery, "", "这一千号的签名链头被删去"});
  }
  return absl::OkStatus();
}

// `name` is what the findings call the anchor.
absl::Status CheckAnchor(mysql::Connection& connection, const crypto::Keyring& keyring, const Anchor& anchor,
                         absl::string_view name, Report* report) {
  if (!keyring.VerifyOwn(anchor.SignedText(), anchor.signature)) {
    report->findings.push_back({"ANCHOR_FORGED", anchor.position, "", absl::StrCat(name, "的签名不符")});
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT digest FROM journal_seal WHERE position = ?", {anchor.position}));
  if (rows.empty()) {
    report->findings.push_back({"CUT_OFF", report->head + 1, "",
                                absl::StrCat(name, "记到第", anchor.position, "号，库中只到第", report->head, "号：尾部被截去")});
  } else if (rows[0].Bytes(0) != anchor.digest) {
    report->findings.push_back({"CHANGED", anchor.position, "", absl::StrCat("封签与", name, "不符：链被整体重写")});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Report> Verify(mysql::Pool& pool, const crypto::Keyring& keyring, const Anchors& anchors, const Look& look) {
  Report report;
  std::vector<std::pair<Anchor, const char*>> others;
  for (const auto& [path, name] :
       {std::pair(&anchors.witnessed, "他处见证的锚点"), std::pair(&anchors.seen, "上次核验所见的链头")}) {
    if (path->empty()) continue;
    ASSIGN_OR_RETURN(const Anchor kept, ReadAnchor(*path));
    if (kept.position > 0) others.emplace_back(kept, name);
  }
  ASSIGN_OR_RETURN(Anchor anchor, ReadAnchor(anchors.own));  // before the walk: the chain may only grow past it
  Writers writers(report);
  Walk walk(keyring, report, writers);
  // The last rows and those that are not sealed are read at one moment: none is sealed between the two.
  bool at_end = false;
  while (!at_end && report.findings.size() < kMostFindings) {
    RETURN_IF_ERROR(mysql::InSnapshot(pool, [&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(auto links, ReadLinks(connection, walk.position()));
      at_end = links.size() < static_cast<size_t>(kBatch);
      std::vector<Sealed> genuine;
      walk.Take(std::move(links), &genuine);
      report.head = walk.position();
      if (at_end || report.findings.size() >= kMostFindings) {
        RETURN_IF_ERROR(CheckUnsealed(connection, keyring, writers, &genuine, &report));
      }
      // Of a journal that was read in part nothing follows for other tables.
      return look && report.findings.size() < kMostFindings ? look(connection, genuine, at_end) : absl::OkStatus();
    }));
  }
  if (at_end) writers.Conclude();
  RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(CheckHeads(connection, keyring, &report));
    if (anchor.position == 0) {
      ASSIGN_OR_RETURN(anchor, ReadAnchor(anchors.own));  // the first seal of all may just have been made
    }
    if (anchor.position > 0) {
      RETURN_IF_ERROR(CheckAnchor(connection, keyring, anchor, "库外锚点", &report));
    } else if (report.head > 0) {
      report.findings.push_back({"ANCHOR_MISSING", report.head, "", "库外锚点文件不见了，无法证明尾部完整"});
    }
    for (const auto& [kept, name] : others) RETURN_IF_ERROR(CheckAnchor(connection, keyring, kept, name, &report));
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace sifa::journal
