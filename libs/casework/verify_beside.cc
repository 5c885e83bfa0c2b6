#include "libs/casework/verify_beside.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/attachments.h"
#include "libs/casework/prune.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/crypto/sha256_stream.h"
#include "libs/mysql/portions.h"

namespace sifa::casework {
namespace {

constexpr size_t kMostOfAKind = 100;
const absl::Duration kPruning = absl::Hours(24);  // a request may be gone that long before its time: clocks differ

std::string OfObject(const Id& object) { return absl::StrCat("对象 ", object.ToString(), "："); }

}  // namespace

void BesideCheck::Find(const char* kind, const Id& act, std::string text) {
  findings_.push_back({kind, 0, act.IsZero() ? "" : act.ToString(), std::move(text)});
}

absl::Status BesideCheck::Take(mysql::Connection& connection, const std::vector<journal::Sealed>& rows, bool last) {
  for (const journal::Sealed& sealed : rows) {
    v1::ActRecord record;
    if (record.ParseFromString(sealed.row.record)) Take(sealed.row, record);
  }
  if (!last) return absl::OkStatus();
  RETURN_IF_ERROR(CheckFiles(connection));
  RETURN_IF_ERROR(CheckRequests(connection));
  RETURN_IF_ERROR(CheckCounters(connection));
  return CheckNotices(connection);
}

void BesideCheck::Take(const journal::Row& row, const v1::ActRecord& record) {
  if (record.objects_size() == 1 && (row.action == kAddAttachment || row.action == kWithdrawAttachment)) {
    if (const auto id = ParseId(record.objects(0)); id.ok()) {
      files_[*id] = {row.id, row.object_id, row.action == kAddAttachment ? v1::Attachment::STORED : v1::Attachment::WITHDRAWN};
    }
  }
  const bool kept = row.action == kImportAct || row.recorded_at > now_ - kRequestsKept + kPruning;
  if (!record.request_key().empty() && kept) requests_[record.request_key()] = row.id;
  if (!record.counter().empty()) {
    auto& greatest = counters_[record.counter()];
    if (record.counter_last() > greatest.second) greatest = {row.id, record.counter_last()};
  }
  if (record.has_notice()) {
    notices_[{row.object_id, record.notice().kind()}] = {row.id, record.notice().due_on(), record.notice().colour()};
  }
}

absl::Status BesideCheck::CheckFiles(mysql::Connection& connection) {
  auto expected = files_;
  const mysql::KeyedSelect all{.columns = "id, object_id, state, version, meta", .from = "attachment", .key = {"id"}};
  RETURN_IF_ERROR(mysql::EachInPortions(connection, all, [&](mysql::Row& row) {
    const Id id = row.AsId(0), object = row.AsId(1);
    const std::string name = absl::StrCat("附件 ", id.ToString());
    const auto file = expected.extract(id);
    if (file.empty()) {
      if (row.Int(2) != v1::Attachment::UPLOADING)
        Find("ATTACHMENT_INSERTED", {}, absl::StrCat(OfObject(object), name, " 没有入卷的日志"));
      return absl::OkStatus();
    }
    const File& right = file.mapped();
    if (object != right.object) {
      Find("ATTACHMENT_MOVED", right.act, absl::StrCat(OfObject(right.object), name, " 被移到对象 ", object.ToString()));
      return absl::OkStatus();
    }
    auto meta = ReadMeta(keyring_, id, object, row.Int(3), row.Bytes(4));
    if (!meta.ok()) {
      Find("ATTACHMENT_CHANGED", right.act, absl::StrCat(OfObject(object), name, " 的说明读不出"));
    } else if (row.Int(2) != right.state || meta->state() != right.state) {
      Find("ATTACHMENT_CHANGED", right.act,
           absl::StrCat(OfObject(object), name, right.state == v1::Attachment::WITHDRAWN ? " 已经撤出，却又有效" : " 并未撤出"));
    } else {
      whole_[id] = *std::move(meta);
    }
    return absl::OkStatus();
  }));
  for (const auto& [id, file] : expected) {
    Find("ATTACHMENT_DELETED", file.act, absl::StrCat(OfObject(file.object), "附件 ", id.ToString(), " 不见了"));
  }
  return absl::OkStatus();
}

absl::Status BesideCheck::CheckContents(mysql::Pool& pool) {
  for (const auto& [id, meta] : whole_) {
    const auto damaged = [&, &id = id, &meta = meta](absl::string_view what) {
      const auto object = ParseId(meta.object());
      Find("CONTENT_CHANGED", files_[id].act, absl::StrCat(object.ok() ? OfObject(*object) : "", "附件 ", id.ToString(), what));
    };
    crypto::Sha256Stream sha256;
    int64_t size = 0;
    for (int sequence = 0; size < meta.size(); ++sequence) {
      absl::StatusOr<std::string> piece;
      RETURN_IF_ERROR(pool.WithConnection([&, &id = id](mysql::Connection& connection) -> absl::Status {
        piece = ReadChunk(keyring_, connection, id, sequence);
        return absl::IsDataLoss(piece.status()) ? absl::OkStatus() : piece.status();
      }));
      if (!piece.ok() || piece->empty()) break;
      sha256.Add(*piece);
      size += static_cast<int64_t>(piece->size());
    }
    if (size < meta.size()) {
      damaged(" 的内容不全，或读不出");
    } else if (size > meta.size() || crypto::Hex(sha256.Finish()) != meta.sha256()) {
      damaged(" 的内容与入卷时不符");
    }
  }
  return absl::OkStatus();
}

absl::Status BesideCheck::CheckRequests(mysql::Connection& connection) {
  size_t changed = 0;
  const mysql::KeyedSelect all{.columns = "r.caller, r.method, r.request_id, r.journal_id, j.record",
                               .from = "request r LEFT JOIN journal j ON j.id = r.journal_id",
                               .key = {"r.caller", "r.method", "r.request_id"}};
  RETURN_IF_ERROR(mysql::EachInPortions(connection, all, [&](mysql::Row& row) {
    v1::ActRecord record;
    const bool there = !row.IsNull(4) && record.ParseFromString(row.Bytes(4));
    // Where no key is in the record the request had no id of its caller's: nobody can repeat it.
    if (there && record.request_key().empty()) return absl::OkStatus();
    const std::string key = store_.RequestKey(row.Bytes(0), row.Bytes(1), row.Bytes(2));
    if (there && record.request_key() == key) {
      requests_.erase(key);
    } else if (++changed <= kMostOfAKind) {
      Find("REQUEST_CHANGED", row.AsId(3), "请求台账的一行与其日志不符");
    }
    return absl::OkStatus();
  }));
  size_t missing = 0;
  for (const auto& [key, act] : requests_) {
    if (++missing <= kMostOfAKind) Find("REQUEST_MISSING", act, "请求台账中没有这次办理的请求：重试会再办一次");
  }
  return absl::OkStatus();
}

absl::Status BesideCheck::CheckCounters(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT name, last FROM counter"));
  std::map<std::string, int64_t> stored;
  for (const auto& row : rows) stored[row.Bytes(0)] = row.Int(1);
  for (const auto& [name, greatest] : counters_) {
    const auto& [act, last] = greatest;
    if (stored[name] == last) continue;
    Find("COUNTER_CHANGED", act, absl::StrCat("编号计数 ", name, " 为 ", stored[name], "，日志编到 ", last));
  }
  return absl::OkStatus();
}

absl::Status BesideCheck::CheckNotices(mysql::Connection& connection) {
  auto expected = notices_;
  const mysql::KeyedSelect all{
      .columns = "object_id, kind, due_on, colour", .from = "clock_notice", .key = {"object_id", "kind"}};
  RETURN_IF_ERROR(mysql::EachInPortions(connection, all, [&](mysql::Row& row) {
    const auto notice = expected.extract({row.AsId(0), row.Bytes(1)});
    if (notice.empty()) {
      Find("NOTICE_CHANGED", {}, absl::StrCat(OfObject(row.AsId(0)), "期限 ", row.Bytes(1), " 的提醒没有日志"));
    } else if (FormatDay(row.Day(2)) != notice.mapped().due_on || row.Int(3) != notice.mapped().colour) {
      Find("NOTICE_CHANGED", notice.mapped().act,
           absl::StrCat(OfObject(row.AsId(0)), "期限 ", row.Bytes(1), " 的提醒与日志不符"));
    }
    return absl::OkStatus();
  }));
  for (const auto& [of, notice] : expected) {
    Find("NOTICE_MISSING", notice.act, absl::StrCat(OfObject(of.first), "期限 ", of.second, " 的提醒不见了"));
  }
  return absl::OkStatus();
}

}  // namespace sifa::casework
