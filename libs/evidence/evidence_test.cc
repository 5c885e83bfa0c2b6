#include "libs/evidence/evidence.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/testing/process.h"
#include "libs/testing/test_database.h"

namespace sifa::evidence {
namespace {

// Forty blocks in one stream, and two in another.
class Kept {
 public:
  Kept() : keys_("sifa-keys") {
    database.RunScript(kTables);
    database.GrantService();
    pool = std::make_unique<mysql::Pool>(database.ServiceOptions());
    auto opened = crypto::Keyring::Open(keys_ / "keys", crypto::SuiteId::kInternational, true);
    REQUIRE(opened.ok());
    keyring = *std::move(opened);
    InOne([&](mysql::Connection& connection) -> absl::Status {
      for (int i = 0; i < 40; ++i) RETURN_IF_ERROR(Append(*keyring, connection, stream, i, absl::StrCat("第", i, "块"), kNow));
      for (int i = 0; i < 2; ++i) RETURN_IF_ERROR(Append(*keyring, connection, other, i, "另一文件", kNow));
      ASSIGN_OR_RETURN(sealed, Seal(connection, stream));
      return absl::OkStatus();
    });
  }
  void InOne(const std::function<absl::Status(mysql::Connection&)>& body) {
    const absl::Status status = pool->InTransaction(body);
    if (!status.ok()) FAIL(status);
  }
  // The kinds of what is found after a statement.
  std::string After(const std::string& statement) {
    std::vector<journal::Finding> findings;
    InOne([&](mysql::Connection& connection) -> absl::Status {
      if (!statement.empty()) RETURN_IF_ERROR(connection.Execute(statement, {stream}).status());
      return Verify(connection, sealed, &findings);
    });
    return findings.empty() ? "" : findings[0].kind;
  }
  std::string BlockOf(int64_t number) {
    std::string read;
    const absl::Status status = pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(read, Read(*keyring, connection, stream, number));
      return absl::OkStatus();
    });
    return status.ok() ? read : ReasonOf(status);
  }

  const absl::Time kNow = absl::FromCivil(absl::CivilDay(2026, 11, 2), ChinaTime());
  const Id stream = NewId(kNow), other = NewId(kNow);
  testing::TestDatabase database;
  std::unique_ptr<mysql::Pool> pool;
  std::unique_ptr<crypto::Keyring> keyring;
  v1::Sealed sealed;

 private:
  testing::TempDir keys_;
};

}  // namespace

TEST_CASE("evidence is read as it came, and a sealed stream holds") {
  Kept kept;
  CHECK(kept.sealed.blocks() == 40);
  CHECK(kept.BlockOf(0) == "第0块");
  CHECK(kept.BlockOf(39) == "第39块");
  CHECK(kept.BlockOf(40) == "EVIDENCE_DAMAGED");
  CHECK(kept.After("") == "");
}

TEST_CASE("a block that was altered, moved, added or taken away is found, and an altered one is not read") {
  const char* kStatements[] = {
      "UPDATE evidence_block SET body = CONCAT(body, 'x') WHERE stream = ? AND number = 20",
      "UPDATE evidence_block SET number = 100 - number WHERE stream = ? AND number IN (3, 97)",
      "DELETE FROM evidence_block WHERE stream = ? AND number = 39",
      "DELETE FROM evidence_block WHERE stream = ? AND number = 7",
      "INSERT INTO evidence_block (stream, number, created_at, body) SELECT stream, 40, created_at, body FROM evidence_block"
      " WHERE stream = ? AND number = 1",
  };
  for (const char* statement : kStatements) {
    Kept kept;
    INFO(statement);
    CHECK(kept.After(statement) == "EVIDENCE_CHANGED");
  }
  Kept kept;
  kept.After("UPDATE evidence_block SET body = CONCAT(body, 'x') WHERE stream = ? AND number = 20");
  CHECK(kept.BlockOf(20) == "EVIDENCE_DAMAGED");
}

TEST_CASE("a block of another stream does not pass for one of this") {
  Kept kept;
  kept.After("DELETE FROM evidence_block WHERE stream = ? AND number = 0");
  kept.InOne([&](mysql::Connection& connection) {
    return connection.Execute("UPDATE evidence_block SET stream = ? WHERE stream = ? AND number = 0", {kept.stream, kept.other})
        .status();
  });
  CHECK(kept.BlockOf(0) == "EVIDENCE_DAMAGED");
  CHECK(kept.After("") == "EVIDENCE_CHANGED");
}

}  // namespace sifa::evidence
