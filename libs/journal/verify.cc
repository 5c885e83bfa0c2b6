#include "libs/journal/verify.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/journal/journal.h"
#include "libs/journal/sealer.h"

namespace sifa::journal {
namespace {

constexpr int kBatch = 1000;
constexpr size_t kMostFindings = 100;

struct Link {
  int64_t position;
  std::string id;
  std::string digest;
  bool has_row;
  std::string bytes;
};

absl::StatusOr<std::vector<Link>> ReadLinks(mysql::Connection& connection, int64_t after) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query(absl::StrCat("SELECT s.position, s.id, s.digest, ", kColumns,
                                                 " FROM journal_seal s LEFT JOIN journal j ON j.id = s.id"
                                                 " WHERE s.position > ? ORDER BY s.position LIMIT ?"),
                                    {after, kBatch}));
  std::vector<Link> links;
  for (const auto& row : rows) {
    const bool has_row = !row.IsNull(3);
    links.push_back({row.Int(0), row.Bytes(1), row.Bytes(2), has_row, has_row ? ReadRow(row, 3).SealedBytes() : ""});
  }
  return links;
}

// Walks the chain. Each link is checked against the stored digest before it, so one wrong row is one finding.
class Walk {
 public:
  explicit Walk(Report& report) : report_(report) {}

  void Take(const std::vector<Link>& links) {
    for (const Link& link : links) {
      if (link.position != position_ + 1) {
        Find("DELETED", position_ + 1, "", absl::StrCat("第", position_ + 1, "至", link.position - 1, "号封签不见了"));
      } else if (!link.has_row) {
        Find("DELETED", link.position, link.id, "封签在，日志行已被删除");
      } else if (crypto::Sm3(previous_ + link.bytes) != link.digest) {
        const bool elsewhere = std::any_of(links.begin(), links.end(), [&](const Link& other) {
          return other.has_row && crypto::Sm3(previous_ + other.bytes) == link.digest;
        });
        Find(elsewhere ? "REORDERED" : "CHANGED", link.position, link.id, elsewhere ? "日志行的次序被调换" : "日志行的内容被改动");
      }
      position_ = link.position;
      previous_ = link.digest;
      ++report_.rows;
    }
  }

  int64_t position() const { return position_; }

 private:
  void Find(const char* kind, int64_t position, const std::string& id, const std::string& text) {
    report_.findings.push_back({kind, position, id.size() == 16 ? IdFromBytes(id).ToString() : "", text});
  }

  Report& report_;
  int64_t position_ = 0;
  std::string previous_ = std::string(32, '\0');
};

absl::Status FindInserted(mysql::Connection& connection, Report* report) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT j.id FROM journal j LEFT JOIN journal_seal s ON s.id = j.id"
                                    " LEFT JOIN journal_pending p ON p.id = j.id"
                                    " WHERE s.id IS NULL AND p.id IS NULL LIMIT 100"));
  for (const auto& row : rows) {
    report->findings.push_back({"INSERTED", 0, row.AsId(0).ToString(), "日志行未经封签，系事后插入"});
  }
  return absl::OkStatus();
}

absl::Status CheckHeads(mysql::Connection& connection, const crypto::Keyring& keyring, Report* report) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT h.position, h.digest, h.signature, s.digest FROM journal_head h"
                                    " LEFT JOIN journal_seal s ON s.position = h.position ORDER BY h.position"));
  for (const auto& row : rows) {
    const Anchor head{row.Int(0), row.Bytes(1), row.Bytes(2)};
    const bool matches = !row.IsNull(3) && row.Bytes(3) == head.digest;
    if (!matches || !keyring.VerifyOwn(head.SignedText(), head.signature)) {
      report->findings.push_back({"HEAD_FORGED", head.position, "", "签名的链头与封签不符"});
    }
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

absl::StatusOr<Report> Verify(mysql::Pool& pool, const crypto::Keyring& keyring, const std::string& anchor_path,
                              const std::string& witnessed_path) {
  Report report;
  Anchor witnessed;
  if (!witnessed_path.empty()) {
    ASSIGN_OR_RETURN(witnessed, ReadAnchor(witnessed_path));
  }
  ASSIGN_OR_RETURN(Anchor anchor, ReadAnchor(anchor_path));  // before the walk: the chain may only grow past it
  RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    report = {};
    Walk walk(report);
    while (report.findings.size() < kMostFindings) {
      ASSIGN_OR_RETURN(const auto links, ReadLinks(connection, walk.position()));
      if (links.empty()) break;
      walk.Take(links);
    }
    report.head = walk.position();
    ASSIGN_OR_RETURN(const auto pending, connection.Query("SELECT COUNT(*) FROM journal_pending"));
    report.pending = pending[0].Int(0);
    RETURN_IF_ERROR(FindInserted(connection, &report));
    RETURN_IF_ERROR(CheckHeads(connection, keyring, &report));
    if (anchor.position == 0) {
      ASSIGN_OR_RETURN(anchor, ReadAnchor(anchor_path));  // the first seal of all may just have been made
    }
    if (anchor.position > 0) {
      RETURN_IF_ERROR(CheckAnchor(connection, keyring, anchor, "库外锚点", &report));
    } else if (report.head > 0) {
      report.findings.push_back({"ANCHOR_MISSING", report.head, "", "库外锚点文件不见了，无法证明尾部完整"});
    }
    if (witnessed.position == 0) return absl::OkStatus();
    return CheckAnchor(connection, keyring, witnessed, "他处见证的锚点", &report);
  }));
  return report;
}

}  // namespace sifa::journal
