// The chain against a real database: what is written is sealed in order, and what root does to it is found and named.
#include <catch2/catch.hpp>

#include "libs/core/status.h"
#include "libs/journal/follower.h"
#include "libs/journal/journal.h"
#include "libs/journal/sealer.h"
#include "libs/journal/verify.h"
#include "libs/testing/process.h"
#include "libs/testing/test_database.h"

namespace sifa::journal {
namespace {

class Chain {
 public:
  Chain() : keys_("sifa-journal"), clock(absl::CivilSecond(2026, 3, 1, 9, 0, 0)) {
    REQUIRE(mysql::Migrate(database.MigrationOptions(), "journal", absl::MakeConstSpan(kSchema, kSchemaSteps)).ok());
    database.GrantService();
    pool = std::make_unique<mysql::Pool>(database.ServiceOptions());
    keyring = *crypto::Keyring::Open(keys_ / "keys", crypto::SuiteId::kInternational, true);
    anchor = keys_ / "anchor";
    sealer = std::make_unique<Sealer>(*pool, *keyring, clock, Sealer::Options{"test", anchor, {}});
  }

  void Append(int count) {
    std::vector<Row> rows;
    for (int i = 0; i < count; ++i) {
      Row row;
      row.id = NewId(clock.Now());
      row.object_id = NewId(clock.Now());
      row.object_type = "Case";
      row.version = 1;
      row.action = "APPLY";
      row.occurred_on = clock.Today();
      row.recorded_at = clock.Now();
      row.record = "record";
      row.image = "image";
      rows.push_back(row);
    }
    REQUIRE(pool->InTransaction([&](mysql::Connection& c) { return journal::Append(c, rows); }).ok());
  }

  void Root(const std::string& sql) { database.RunScript(sql); }

  std::vector<std::string> Findings() {
    const auto report = Verify(*pool, *keyring, anchor);
    REQUIRE(report.ok());
    std::vector<std::string> kinds;
    for (const auto& finding : report->findings) kinds.push_back(finding.kind + "@" + std::to_string(finding.position));
    return kinds;
  }

  testing::TestDatabase database;
  testing::TempDir keys_;
  ManualClock clock;
  std::unique_ptr<mysql::Pool> pool;
  std::unique_ptr<crypto::Keyring> keyring;
  std::string anchor;
  std::unique_ptr<Sealer> sealer;
};

using Kinds = std::vector<std::string>;

}  // namespace

TEST_CASE("rows are sealed without gaps, in batches, and the proof is clean") {
  Chain chain;
  chain.Append(700);
  CHECK(*chain.sealer->Lag() == 700);
  CHECK(*chain.sealer->SealOnce() == 500);
  CHECK(*chain.sealer->SealOnce() == 200);
  CHECK(*chain.sealer->SealOnce() == 0);
  CHECK(chain.Findings() == Kinds{});
  CHECK(Verify(*chain.pool, *chain.keyring, chain.anchor)->head == 700);
}

TEST_CASE("a second sealer waits for the lease") {
  Chain chain;
  chain.Append(1);
  Sealer other(*chain.pool, *chain.keyring, chain.clock, {"other", chain.anchor, {}});
  CHECK(*chain.sealer->SealOnce() == 1);
  chain.Append(1);
  CHECK(*other.SealOnce() == 0);
  CHECK(*chain.sealer->SealOnce() == 1);
}

TEST_CASE("a sealer that stops leaves its work to the next at once") {
  Chain chain;
  chain.Append(1);
  Sealer other(*chain.pool, *chain.keyring, chain.clock, {"other", chain.anchor, {}});
  CHECK(*chain.sealer->SealOnce() == 1);
  chain.Append(1);
  CHECK(*other.SealOnce() == 0);
  chain.sealer->Stop();
  CHECK(*other.SealOnce() == 1);
  chain.Append(1);
  CHECK(*chain.sealer->SealOnce() == 0);
}

TEST_CASE("what root alters in the database is found and named") {
  Chain chain;
  chain.Append(20);
  REQUIRE(*chain.sealer->SealOnce() == 20);
  SECTION("a changed row") {
    chain.Root("UPDATE journal SET actor = 'forged' WHERE id = (SELECT id FROM journal_seal WHERE position = 7)");
    CHECK(chain.Findings() == Kinds{"CHANGED@7"});
  }
  SECTION("a changed date of the act") {
    chain.Root("UPDATE journal SET occurred_on = '2020-01-01' WHERE id = (SELECT id FROM journal_seal WHERE position = 8)");
    CHECK(chain.Findings() == Kinds{"CHANGED@8"});
  }
  SECTION("a deleted row") {
    chain.Root("DELETE FROM journal WHERE id = (SELECT id FROM journal_seal WHERE position = 9)");
    CHECK(chain.Findings() == Kinds{"DELETED@9"});
  }
  SECTION("a row deleted with its seal") {
    chain.Root("DELETE FROM journal WHERE id = (SELECT id FROM journal_seal WHERE position = 9);\n"
               "DELETE FROM journal_seal WHERE position = 9");
    CHECK(chain.Findings() == Kinds{"DELETED@9"});
  }
  SECTION("an inserted row") {
    chain.Root("INSERT INTO journal SELECT UNHEX('00000000000000000000000000000001'), object_id, object_type, 2, organisation,"
               " organisation_path, region, actor, action, from_state, to_state, occurred_on, recorded_at, record, image"
               " FROM journal LIMIT 1");
    CHECK(chain.Findings() == Kinds{"INSERTED@0"});
  }
  SECTION("two rows exchanged") {
    chain.Root("CREATE TABLE swap AS SELECT position, id FROM journal_seal WHERE position IN (3, 4);\n"
               "UPDATE journal_seal SET id = REVERSE(id) WHERE position IN (3, 4);\n"
               "UPDATE journal_seal SET id = (SELECT id FROM swap WHERE swap.position = 4) WHERE position = 3;\n"
               "UPDATE journal_seal SET id = (SELECT id FROM swap WHERE swap.position = 3) WHERE position = 4");
    CHECK(chain.Findings() == Kinds{"REORDERED@3", "REORDERED@4"});
  }
  SECTION("the tail cut off") {
    chain.Root("DELETE FROM journal WHERE id IN (SELECT id FROM journal_seal WHERE position > 15);\n"
               "DELETE FROM journal_seal WHERE position > 15");
    CHECK(chain.Findings() == Kinds{"CUT_OFF@16"});
  }
}

TEST_CASE("a chain rewritten as a whole does not meet the anchor outside the database") {
  Chain chain;
  chain.Append(5);
  REQUIRE(*chain.sealer->SealOnce() == 5);
  const auto anchor = ReadAnchor(chain.anchor);
  REQUIRE(anchor.ok());
  chain.Root("UPDATE journal SET actor = 'forged';\n"
             "INSERT INTO journal_pending SELECT id, version FROM journal;\nDELETE FROM journal_seal");
  CHECK(ReasonOf(chain.sealer->SealOnce().status()) == "JOURNAL_BEHIND_ANCHOR");
  std::remove(chain.anchor.c_str());  // an attacker seals anew with the anchor out of the way; a copy of it is kept elsewhere
  REQUIRE(*chain.sealer->SealOnce() == 5);
  REQUIRE(WriteAnchor(chain.anchor, *anchor).ok());
  CHECK(chain.Findings() == Kinds{"CHANGED@5"});
}

TEST_CASE("a follower takes each row once, also when its fold fails halfway") {
  Chain chain;
  chain.Append(600);
  while (*chain.sealer->SealOnce() > 0) {
  }
  chain.Root("CREATE TABLE seen (position BIGINT PRIMARY KEY)");
  bool fail = true;
  Follower follower(*chain.pool, "test", [&](mysql::Connection& c, const std::vector<Sealed>& rows) -> absl::Status {
    for (const auto& sealed : rows) {
      RETURN_IF_ERROR(c.Execute("INSERT INTO seen (position) VALUES (?)", {sealed.position}).status());
      if (std::exchange(fail, false)) return Internal("the fold fails");
    }
    return absl::OkStatus();
  });
  CHECK_FALSE(follower.FollowOnce().ok());
  CHECK(*follower.Position() == 0);
  CHECK(*follower.FollowOnce() == 500);
  CHECK(*follower.FollowOnce() == 100);
  CHECK(*follower.FollowOnce() == 0);
  CHECK(*follower.Position() == 600);
}

TEST_CASE("the bytes that are sealed tell columns apart") {
  Row a, b;
  a.actor = "ab";
  a.action = "c";
  b.actor = "a";
  b.action = "bc";
  CHECK(a.SealedBytes() != b.SealedBytes());
}

}  // namespace sifa::journal
