// The chain against a real database: what is written is sealed in order, and what root does to it is found and named.
#include "libs/journal/journal.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "libs/core/status.h"
#include "libs/journal/follower.h"
#include "libs/journal/sealer.h"
#include "libs/journal/verify.h"
#include "libs/journal/writer.h"
#include "libs/telemetry/metrics.h"
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
    writer = std::make_unique<Writer>(*keyring);
    anchor = keys_ / "anchor";
    sealer = std::make_unique<Sealer>(*pool, *keyring, clock, Sealer::Options{"test", anchor, {}});
  }

  std::vector<Row> Rows(int count) {
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
      row.image = EncryptText(*keyring, row, "image", "image");
      rows.push_back(row);
    }
    return rows;
  }
  void Append(int count) {
    REQUIRE(pool->InTransaction([&](mysql::Connection& c) { return writer->Append(c, Rows(count)); }).ok());
  }
  // Numbers are given out, and their transaction does not commit, while those of another one do.
  void AppendBesideFailure(int count, int failing) {
    mysql::Pool other(database.ServiceOptions());
    REQUIRE_FALSE(other
                      .InTransaction([&](mysql::Connection& c) -> absl::Status {
                        RETURN_IF_ERROR(writer->Append(c, Rows(failing)));
                        RETURN_IF_ERROR(
                            pool->InTransaction([&](mysql::Connection& d) { return writer->Append(d, Rows(count)); }));
                        return Internal("fails");
                      })
                      .ok());
  }
  void Seal() {
    for (absl::StatusOr<int> taken = 1; *taken > 0;) {
      taken = sealer->SealOnce();
      REQUIRE(taken.ok());
    }
  }

  void Root(const std::string& sql) { database.RunScript(sql); }

  std::vector<std::string> Findings(const std::string& seen = "") {
    const auto report = Verify(*pool, *keyring, {.own = anchor, .seen = seen});
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
  std::unique_ptr<Writer> writer;
  std::string anchor;
  std::unique_ptr<Sealer> sealer;
};

// The sealed row after a position.
Sealed ReadSealed(mysql::Pool& pool, int64_t after) {
  Sealed sealed;
  REQUIRE(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
                ASSIGN_OR_RETURN(const auto rows, journal::ReadSealed(connection, after, 1));
                if (!rows.empty()) sealed = rows[0];
                return absl::OkStatus();
              })
              .ok());
  return sealed;
}

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
  CHECK(Verify(*chain.pool, *chain.keyring, {.own = chain.anchor})->head == 700);
}

TEST_CASE("rows are counted once they are committed, however they are written") {
  Chain chain;
  auto& counted = telemetry::Counter("sifa_journal_rows_total", "Rows written by this process: acts, readings, turns of limits",
                                      {{"type", "Case"}, {"action", "APPLY"}});
  const double before = counted.Value();
  chain.Append(3);
  REQUIRE(chain.pool
              ->InTransaction([&](mysql::Connection& c) -> absl::Status {
                auto rows = chain.Rows(4);
                RETURN_IF_ERROR(chain.writer->Sign(c, absl::MakeSpan(rows)));
                return Insert(c, rows);
              })
              .ok());
  chain.AppendBesideFailure(5, 6);
  CHECK(counted.Value() - before == 3 + 4 + 5);
}

TEST_CASE("a second sealer waits for the lease") {
  Chain chain;
  chain.Append(1);
  Sealer other(*chain.pool, *chain.keyring, chain.clock, {"other", chain.anchor, {}});
  CHECK(*chain.sealer->SealOnce() == 1);
  chain.Append(1);
  CHECK(*other.SealOnce() == 0);
  CHECK(*chain.sealer->SealOnce() == 1);
  CHECK(chain.sealer->holds());
  CHECK_FALSE(other.holds());
}

TEST_CASE("how long the oldest row has waited for its seal is known") {
  Chain chain;
  CHECK(*chain.sealer->Age() == absl::ZeroDuration());
  chain.Append(1);
  chain.clock.Advance(absl::Minutes(3));
  chain.Append(1);
  CHECK(*chain.sealer->Age() >= absl::Minutes(3));
  chain.Seal();
  CHECK(*chain.sealer->Age() == absl::ZeroDuration());
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
    chain.Root(
        "INSERT INTO journal SELECT UNHEX('00000000000000000000000000000001'), object_id, object_type, 2, organisation,"
        " organisation_path, region, actor, action, from_state, to_state, occurred_on, recorded_at, occurred_at, writer, number,"
        " link, mac, image_digest, request_digest, remark, record, image, request"
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

TEST_CASE("a row that no writer has signed is not sealed and is named, and the others are sealed") {
  Chain chain;
  chain.Append(3);
  chain.Root(
      "INSERT INTO journal SELECT UNHEX('00000000000000000000000000000001'), object_id, object_type, 0, organisation,"
      " organisation_path, region, actor, 'READ', from_state, to_state, occurred_on, recorded_at, occurred_at, writer, number,"
      " link, mac, image_digest, request_digest, remark, record, image, request FROM journal LIMIT 1;\n"
      "INSERT INTO journal_pending VALUES (UNHEX('00000000000000000000000000000001'), 0)");
  CHECK(chain.Findings() == Kinds{"INSERTED@0"});
  chain.Seal();
  CHECK(Verify(*chain.pool, *chain.keyring, {.own = chain.anchor})->head == 3);
  CHECK(*chain.sealer->Lag() == 0);
  CHECK(*chain.sealer->Quarantined() == 1);
  CHECK(chain.Findings() == Kinds{"QUARANTINED@0"});
}

TEST_CASE("a row sealed by a forger himself is named, since no writer has signed it") {
  Chain chain;
  chain.Append(2);
  chain.Seal();
  Row forged = chain.Rows(1)[0];
  forged.mac = std::string(37, 'm');
  REQUIRE(chain.pool
              ->InTransaction([&](mysql::Connection& c) -> absl::Status {
                RETURN_IF_ERROR(Insert(c, {forged}));
                RETURN_IF_ERROR(c.Execute("DELETE FROM journal_pending WHERE id = ?", {forged.id}).status());
                ASSIGN_OR_RETURN(const auto last, c.Query("SELECT digest FROM journal_seal WHERE position = 2"));
                return c
                    .Execute("INSERT INTO journal_seal (position, id, digest) VALUES (3, ?, ?)",
                             {forged.id, crypto::Sm3(last[0].Bytes(0) + forged.SealedBytes())})
                    .status();
              })
              .ok());
  CHECK(chain.Findings() == Kinds{"FORGED@3"});
}

TEST_CASE("a sealed row listed again to be sealed stops nothing and is named") {
  Chain chain;
  chain.Append(2);
  chain.Seal();
  chain.Root("INSERT INTO journal_pending SELECT id, version FROM journal LIMIT 1");
  chain.Append(1);
  chain.Seal();
  CHECK(Verify(*chain.pool, *chain.keyring, {.own = chain.anchor})->head == 3);
  CHECK(chain.Findings() == Kinds{"QUARANTINED@0"});
}

TEST_CASE("rows deleted before they are sealed are missed by their writer's numbers") {
  Chain chain;
  chain.Append(2);
  chain.Seal();
  chain.Append(3);
  SECTION("from the journal and from what is to be sealed") {
    chain.Root("DELETE FROM journal WHERE id IN (SELECT id FROM journal_pending);\nDELETE FROM journal_pending");
    chain.clock.Advance(absl::Seconds(30));
    chain.Append(1);
    chain.Seal();
    CHECK(chain.Findings() == Kinds{});  // they could still be under way
    chain.clock.Advance(absl::Minutes(6));
    chain.Append(1);
    chain.Seal();
    CHECK(chain.Findings() == Kinds{"LOST@0"});
  }
  SECTION("also where the process then ends by itself") {
    chain.Root("DELETE FROM journal WHERE id IN (SELECT id FROM journal_pending);\nDELETE FROM journal_pending");
    REQUIRE(chain.writer->End(*chain.pool, chain.clock).ok());
    chain.Seal();
    CHECK(chain.Findings() == Kinds{"LOST@0"});
  }
  SECTION("from what is to be sealed alone") {
    chain.Root("DELETE FROM journal_pending");
    CHECK(chain.Findings() == Kinds{"UNSEALED@0", "UNSEALED@0", "UNSEALED@0"});
  }
  SECTION("from the journal alone") {
    chain.Root("DELETE FROM journal WHERE id IN (SELECT id FROM journal_pending)");
    chain.Seal();
    CHECK(chain.Findings() == Kinds{"QUARANTINED@0", "QUARANTINED@0", "QUARANTINED@0"});
  }
}

TEST_CASE("numbers whose transaction did not commit are declared void by a later row") {
  Chain chain;
  chain.Append(1);
  chain.AppendBesideFailure(2, 3);
  chain.Seal();
  const auto before = Verify(*chain.pool, *chain.keyring, {.own = chain.anchor});
  CHECK(before->findings.empty());
  CHECK(before->open.size() == 1);  // as a kill at this moment would leave it
  chain.clock.Advance(absl::Minutes(10));
  chain.Append(1);
  REQUIRE(chain.writer->End(*chain.pool, chain.clock).ok());
  chain.Seal();
  const auto after = Verify(*chain.pool, *chain.keyring, {.own = chain.anchor});
  CHECK(after->findings.empty());
  CHECK(after->open.empty());
}

TEST_CASE("what a kill leaves open is listed and is no finding, and the next start names the last sealed row before it") {
  Chain chain;
  chain.Append(1);
  chain.AppendBesideFailure(2, 3);
  chain.Seal();
  const Id first = chain.writer->id();
  chain.writer = std::make_unique<Writer>(*chain.keyring);
  chain.clock.Advance(absl::Minutes(10));
  chain.Append(1);
  chain.Seal();
  const auto report = Verify(*chain.pool, *chain.keyring, {.own = chain.anchor});
  CHECK(report->findings.empty());
  CHECK(report->open.size() == 1);
  const auto last = ReadSealed(*chain.pool, 3);
  const auto remark = Remark::Parse(last.row.remark);
  REQUIRE(remark);
  CHECK(remark->before == first);
  CHECK(remark->before_number == 6);
}

TEST_CASE("what a row says of other rows reads back as it was written, and nothing else does") {
  Remark remark;
  CHECK(remark.ToText().empty());
  remark.voided = {{3, 5}, {9, 9}};
  remark.before = NewId(absl::Now());
  remark.before_number = 7;
  remark.ended = true;
  const auto read = Remark::Parse(remark.ToText());
  REQUIRE(read);
  CHECK(read->voided == remark.voided);
  CHECK(read->before == remark.before);
  CHECK(read->before_number == 7);
  CHECK(read->ended);
  for (const char* text : {"after", "after x 1", "void 3", "void 5-3", "else"}) CHECK_FALSE(Remark::Parse(text));
}

TEST_CASE("a text encrypted again holds, an altered one and one erased are named") {
  Chain chain;
  chain.Append(4);
  chain.Seal();
  const auto write = [&](int64_t position, const std::string& text) {
    mysql::Pool root(chain.database.MigrationOptions());
    REQUIRE(root.InTransaction([&](mysql::Connection& c) {
                  return c
                      .Execute("UPDATE journal SET image = ? WHERE id = (SELECT id FROM journal_seal WHERE position = ?)",
                               {text, position})
                      .status();
                })
                .ok());
  };
  const Row second = ReadSealed(*chain.pool, 1).row;
  REQUIRE(chain.keyring->Rotate().ok());
  write(2, EncryptText(*chain.keyring, second, "image", "image").sealed);
  CHECK(chain.Findings() == Kinds{});
  write(2, EncryptText(*chain.keyring, second, "image", "forged").sealed);  // as a holder of the keys could
  write(3, "x");
  write(4, "");
  CHECK(chain.Findings() == Kinds{"UNREADABLE@2", "UNREADABLE@3", "UNREADABLE@4"});
}

TEST_CASE("an anchor that cannot be written is tried again until it is, and the sealing goes on") {
  Chain chain;
  testing::TempDir elsewhere("sifa-anchor");
  const std::string missing = elsewhere / "not-yet";
  Sealer sealer(*chain.pool, *chain.keyring, chain.clock, {"other", missing + "/anchor", {}});
  chain.Append(2);
  CHECK(*sealer.SealOnce() == 2);
  CHECK_FALSE(sealer.anchor_state().ok());
  CHECK(*sealer.SealOnce() == 0);
  CHECK_FALSE(sealer.anchor_state().ok());
  REQUIRE(mkdir(missing.c_str(), 0700) == 0);
  CHECK(*sealer.SealOnce() == 0);
  CHECK(sealer.anchor_state().ok());
  CHECK(ReadAnchor(missing + "/anchor")->position == 2);
}

TEST_CASE("an anchor left behind by a process that ended is brought up by the next one") {
  Chain chain;
  chain.Append(2);
  chain.Seal();
  std::remove(chain.anchor.c_str());
  chain.sealer->Stop();
  Sealer next(*chain.pool, *chain.keyring, chain.clock, {"next", chain.anchor, {}});
  CHECK(*next.SealOnce() == 0);
  CHECK(ReadAnchor(chain.anchor)->position == 2);
}

TEST_CASE("database and anchor set back together are found by the head that a verifier has kept") {
  Chain chain;
  chain.Append(2);
  chain.Seal();
  const auto early = ReadAnchor(chain.anchor);
  chain.Append(2);
  chain.Seal();
  const std::string seen = chain.anchor + ".seen";
  REQUIRE(WriteAnchor(seen, *ReadAnchor(chain.anchor)).ok());
  CHECK(chain.Findings(seen) == Kinds{});
  chain.Root(
      "DELETE FROM journal WHERE id IN (SELECT id FROM journal_seal WHERE position > 2);\n"
      "DELETE FROM journal_seal WHERE position > 2");
  REQUIRE(WriteAnchor(chain.anchor, *early).ok());
  CHECK(chain.Findings() == Kinds{});
  CHECK(chain.Findings(seen) == Kinds{"CUT_OFF@3"});
}

TEST_CASE("a signed head deleted from the database is missed") {
  Chain chain;
  for (int i = 0; i < 3; ++i) chain.Append(700);
  chain.Seal();
  CHECK(chain.Findings() == Kinds{});
  chain.Root("DELETE FROM journal_head WHERE position < 2000");
  CHECK(chain.Findings() == Kinds{"HEAD_MISSING@1000"});
}

TEST_CASE("a chain rewritten as a whole does not meet the anchor outside the database") {
  Chain chain;
  chain.Append(5);
  REQUIRE(*chain.sealer->SealOnce() == 5);
  const auto anchor = ReadAnchor(chain.anchor);
  REQUIRE(anchor.ok());
  chain.Root(
      "DELETE FROM journal WHERE id = (SELECT id FROM journal_seal WHERE position = 1);\n"
      "INSERT INTO journal_pending SELECT id, version FROM journal;\nDELETE FROM journal_seal");
  chain.Append(1);
  CHECK(ReasonOf(chain.sealer->SealOnce().status()) == "JOURNAL_BEHIND_ANCHOR");
  std::remove(chain.anchor.c_str());  // an attacker seals again with the anchor out of the way; a copy of it is kept elsewhere
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
