#include "libs/evidence/evidence.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"

namespace sifa::evidence {
namespace {

std::string Context(const Id& stream, int64_t number) { return absl::StrCat("evidence:", number, ":", stream.AsBytes()); }

absl::Status Damaged() { return Error(absl::StatusCode::kDataLoss, "EVIDENCE_DAMAGED", "保存的原始数据已损坏或者被改动"); }

// The digest of a stream is made of those of its blocks as they are stored, one after another: a block is proved without its key.
class Chain {
 public:
  void Add(absl::string_view body) {
    digest_ = crypto::Sha256(absl::StrCat(digest_, crypto::Sha256(body)));
    ++blocks_;
  }
  v1::Sealed Sealed(const Id& stream) const {
    v1::Sealed sealed;
    sealed.set_stream(stream.ToString());
    sealed.set_blocks(blocks_);
    sealed.set_digest(crypto::Hex(digest_));
    return sealed;
  }

 private:
  std::string digest_;
  int64_t blocks_ = 0;
};

constexpr int kTogether = 16;  // blocks of one query: the connector holds its whole result

}  // namespace

const char kTables[] = R"sql(
CREATE TABLE evidence_block (
  stream BINARY(16) NOT NULL,
  number INT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  body LONGBLOB NOT NULL,
  PRIMARY KEY (stream, number)
)
)sql";

absl::Status Append(const crypto::Keyring& keyring, mysql::Connection& connection, const Id& stream, int64_t number,
                    absl::string_view content, absl::Time now) {
  return connection
      .Execute("INSERT INTO evidence_block (stream, number, created_at, body) VALUES (?,?,?,?)",
               {stream, number, now, keyring.Encrypt(content, Context(stream, number))})
      .status();
}

absl::StatusOr<std::string> Read(const crypto::Keyring& keyring, mysql::Connection& connection, const Id& stream,
                                 int64_t number) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT body FROM evidence_block WHERE stream = ? AND number = ?", {stream, number}));
  if (rows.empty()) return Damaged();
  auto content = keyring.Decrypt(rows[0].Bytes(0), Context(stream, number));
  return content.ok() ? content : Damaged();
}

absl::StatusOr<int64_t> Count(mysql::Connection& connection, const Id& stream) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT COUNT(*) FROM evidence_block WHERE stream = ?", {stream}));
  return rows[0].Int(0);
}

absl::StatusOr<v1::Sealed> Seal(mysql::Connection& connection, const Id& stream) {
  Chain chain;
  for (int64_t next = 0, found = kTogether; found == kTogether; next += kTogether) {
    found = 0;
    RETURN_IF_ERROR(
        connection.Each("SELECT body FROM evidence_block WHERE stream = ? AND number >= ? AND number < ? ORDER BY number",
                        std::vector<mysql::Value>{stream, next, next + kTogether}, [&](mysql::Row& row) {
                          chain.Add(row.Bytes(0));
                          ++found;
                          return absl::OkStatus();
                        }));
  }
  return chain.Sealed(stream);
}

absl::Status Verify(mysql::Connection& connection, const v1::Sealed& sealed, std::vector<journal::Finding>* findings) {
  ASSIGN_OR_RETURN(const Id stream, ParseId(sealed.stream()));
  ASSIGN_OR_RETURN(const v1::Sealed found, Seal(connection, stream));
  ASSIGN_OR_RETURN(const int64_t blocks, Count(connection, stream));  // also those beyond a gap
  if (blocks == sealed.blocks() && found.digest() == sealed.digest()) return absl::OkStatus();
  findings->push_back({.kind = "EVIDENCE_CHANGED",
                       .text = absl::StrCat("evidence ", sealed.stream(), " is not what was sealed: ", blocks, " blocks of ",
                                            sealed.blocks(), blocks == sealed.blocks() ? ", another digest" : "")});
  return absl::OkStatus();
}

absl::Status Discard(mysql::Connection& connection, const Id& stream) {
  return connection.Execute("DELETE FROM evidence_block WHERE stream = ?", {stream}).status();
}

}  // namespace sifa::evidence
