// Changes to whoever listens, against a real journal: what is sealed is told once and in order, to those who may see it; who
// reads slowly or has gone costs the others nothing.
#include "libs/feed/feed.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/journal/sealer.h"
#include "libs/journal/writer.h"
#include "libs/testing/calls.h"
#include "libs/testing/process.h"
#include "libs/testing/test_database.h"

namespace sifa::feed {
namespace {

using office::v1::FollowChangesRequest;
using office::v1::FollowChangesResponse;
using Acts = std::vector<std::string>;

class KeptOutlet : public rpc::Outlet {
 public:
  explicit KeptOutlet(rpc::Call call) : call_(std::move(call)) {}

  const rpc::Call& call() const override { return call_; }
  bool Offer(const google::protobuf::Message& message) override {
    if (over_ || kept.size() >= room) return false;
    kept.push_back(static_cast<const FollowChangesResponse&>(message));
    return true;
  }
  void End(const absl::Status& status) override {
    ended = status;
    over_ = true;
  }
  bool over() const override { return over_; }
  absl::Status CheckToken() const override { return token; }

  Acts acts() const {
    Acts acts;
    for (const auto& message : kept) {
      if (message.has_change()) acts.push_back(message.change().act());
    }
    return acts;
  }
  int64_t position() const { return kept.back().position(); }

  std::vector<FollowChangesResponse> kept;
  size_t room = 10'000;
  absl::Status token, ended;

 private:
  const rpc::Call call_;
  bool over_ = false;
};

class Listening {
 public:
  explicit Listening(Limits limits = {}) : feed_(std::make_unique<Feed>(Pool(), Translation(), limits)) {}

  // Acts of an office, "a1", "a2" …, sealed.
  void Act(int count, const std::string& path = "/33/3307/") {
    REQUIRE(pool_
                ->InTransaction([&](mysql::Connection& connection) {
                  std::vector<journal::Row> rows;
                  for (int i = 0; i < count; ++i) {
                    journal::Row& row = rows.emplace_back();
                    row.id = row.object_id = NewId(clock_.Now());
                    row.object_type = acts_ % 2 == 0 ? "Case" : "Leave";
                    row.version = 1;
                    row.action = absl::StrCat("a", ++acts_);
                    row.organisation_path = path;
                    row.occurred_on = clock_.Today();
                    row.recorded_at = clock_.Now();
                  }
                  return writer_->Append(connection, rows);
                })
                .ok());
    while (*sealer_->SealOnce() > 0) {
    }
  }
  std::shared_ptr<KeptOutlet> Listen(FollowChangesRequest request = {}, const std::string& path = "/33/",
                                     const std::string& who = "a") {
    auto outlet = std::make_shared<KeptOutlet>(
        calls_.Of("/sifa.office.v1.LiveService/FollowChanges",
                  testing::ClaimsOf(who, who, {testing::GrantOf("justice_officer", "x", path, 4, true)})));
    const absl::Status status = feed_->Subscribe(request, outlet);
    if (!status.ok()) outlet->End(status);
    return outlet;
  }
  std::shared_ptr<KeptOutlet> ListenAfter(int64_t position) {
    FollowChangesRequest request;
    request.set_after_position(position);
    return Listen(request);
  }
  void Tick(absl::Duration later = absl::Milliseconds(250)) {
    now_ += later;
    REQUIRE(feed_->Tick(now_).ok());
  }
  int read() const { return read_; }  // rows of the journal

 private:
  mysql::Pool& Pool() {
    REQUIRE(mysql::Migrate(database_.MigrationOptions(), "journal", absl::MakeConstSpan(journal::kSchema, journal::kSchemaSteps))
                .ok());
    database_.GrantService();
    pool_ = std::make_unique<mysql::Pool>(database_.ServiceOptions());
    keyring_ = *crypto::Keyring::Open(keys_ / "keys", crypto::SuiteId::kInternational, true);
    writer_ = std::make_unique<journal::Writer>(*keyring_);
    sealer_ =
        std::make_unique<journal::Sealer>(*pool_, *keyring_, clock_, journal::Sealer::Options{"test", keys_ / "anchor", {}});
    return *pool_;
  }
  Translate Translation() {
    return [this](mysql::Connection&, const std::vector<journal::Sealed>& rows) {
      read_ += static_cast<int>(rows.size());
      std::vector<Told> told;
      for (const auto& [position, digest, row] : rows) {
        Told& one = told.emplace_back();
        one.position = position;
        one.change.set_object_type(row.object_type);
        one.change.set_act(row.action);
        one.change.set_organisation_path(row.organisation_path);
        one.visible = [path = row.organisation_path](const rpc::Call& call) { return call.MayAct("mediation.case.read", path); };
      }
      return absl::StatusOr<std::vector<Told>>(std::move(told));
    };
  }

  ManualClock clock_{absl::CivilSecond(2026, 3, 1, 9, 0, 0)};
  testing::TestDatabase database_;
  testing::TempDir keys_{"sifa-feed"};
  std::unique_ptr<mysql::Pool> pool_;
  std::unique_ptr<crypto::Keyring> keyring_;
  std::unique_ptr<journal::Writer> writer_;
  std::unique_ptr<journal::Sealer> sealer_;
  testing::Calls calls_{"mediation", std::string(SIFA_ROOT) + "/config", clock_};
  std::unique_ptr<Feed> feed_;
  absl::Time now_ = absl::FromUnixSeconds(1'000'000);
  int acts_ = 0;
  int read_ = 0;
};

}  // namespace

TEST_CASE("who listens is told what comes from then on, in order and once, with its position") {
  Listening at;
  at.Act(2);
  const auto outlet = at.Listen();
  REQUIRE(outlet->kept.size() == 1);  // where it begins, at once
  CHECK(outlet->position() == 2);
  at.Act(3);
  at.Tick();
  at.Tick();
  CHECK(outlet->acts() == Acts{"a3", "a4", "a5"});
  CHECK(outlet->position() == 5);
}

TEST_CASE("a stream that is begun again after a position goes on there") {
  Listening at;
  at.Act(4);
  const auto outlet = at.ListenAfter(1);
  at.Tick();
  CHECK(outlet->acts() == Acts{"a2", "a3", "a4"});
  CHECK_FALSE(outlet->kept[0].reset());
}

TEST_CASE("an act is told to those whose grants reach it, of the types and the organisation that they asked for") {
  Listening at;
  const auto city = at.Listen(), county = at.Listen({}, "/33/3307/330783/"), elsewhere = at.Listen({}, "/33/3301/");
  FollowChangesRequest leaves;
  leaves.add_types("Leave");
  FollowChangesRequest in_county;
  in_county.set_organisation("330783");
  const auto of_leaves = at.Listen(leaves), of_county = at.Listen(in_county);
  at.Act(2, "/33/3307/");
  at.Act(2, "/33/3307/330783/330783118/");
  at.Tick();
  CHECK(city->acts() == Acts{"a1", "a2", "a3", "a4"});
  CHECK(county->acts() == Acts{"a3", "a4"});
  CHECK(elsewhere->acts().empty());
  CHECK(of_leaves->acts() == Acts{"a2", "a4"});
  CHECK(of_county->acts() == Acts{"a3", "a4"});
}

TEST_CASE("who hears of nothing is told his position, so that he does not fall behind") {
  Listening at;
  const auto outlet = at.Listen({}, "/33/3301/");
  at.Act(3);
  at.Tick();
  CHECK(outlet->kept.size() == 1);
  at.Tick(absl::Seconds(15));
  REQUIRE(outlet->kept.size() == 2);
  CHECK(outlet->position() == 3);
}

TEST_CASE("a position that is too long ago, or beyond the end, begins anew") {
  Limits limits;
  limits.furthest = 5;
  Listening at(limits);
  at.Act(8);
  for (const int64_t position : {0, 2, 9}) {
    const auto outlet = at.ListenAfter(position);
    CHECK(outlet->kept[0].reset());
    CHECK(outlet->position() == 8);
  }
  CHECK_FALSE(at.ListenAfter(3)->kept[0].reset());
}

TEST_CASE("however many listen, the journal is read once; and not at all while nobody does") {
  Listening at;
  at.Act(3);
  at.Tick();
  CHECK(at.read() == 0);
  std::vector<std::shared_ptr<KeptOutlet>> all;
  for (int i = 0; i < 12; ++i) all.push_back(at.Listen());
  at.Act(7);
  at.Tick();
  CHECK(at.read() == 7);
  for (const auto& outlet : all) CHECK(outlet->acts().size() == 7);
}

TEST_CASE("who reads slowly misses nothing, and holds up nobody") {
  Limits limits;
  limits.batch = 3;
  Listening at(limits);
  const auto slow = at.Listen(), quick = at.Listen();
  slow->room = 3;
  at.Act(9);
  at.Tick();
  CHECK(quick->acts().size() == 9);
  CHECK(slow->acts() == Acts{"a1", "a2"});
  slow->room = 6;
  at.Tick();
  CHECK(slow->acts().size() == 5);
  slow->room = 100;
  at.Act(1);
  at.Tick();
  CHECK(slow->acts() == quick->acts());
  CHECK(slow->acts().size() == 10);
}

TEST_CASE("who takes nothing for half a minute is dropped") {
  Listening at;
  const auto stuck = at.Listen();
  stuck->room = 1;
  at.Act(1);
  at.Tick();
  at.Tick(absl::Seconds(29));
  CHECK(stuck->ended.ok());
  at.Tick(absl::Seconds(2));
  CHECK(ReasonOf(stuck->ended) == "LIVE_TOO_SLOW");
}

TEST_CASE("who has fallen behind too far is told so before he is told anything else") {
  Limits limits;
  limits.furthest = 5;
  Listening at(limits);
  const auto slow = at.Listen(), quick = at.Listen();
  slow->room = 1;
  at.Act(8);
  at.Tick();
  slow->room = 100;
  at.Act(1);
  at.Tick();
  REQUIRE(slow->kept.size() == 3);
  CHECK(slow->kept[1].reset());
  CHECK(slow->kept[1].position() == 8);
  CHECK(slow->acts() == Acts{"a9"});
}

TEST_CASE("a stream ends with its token") {
  Listening at;
  const auto outlet = at.Listen();
  at.Tick();
  outlet->token = Error(absl::StatusCode::kUnauthenticated, "TOKEN_REVOKED", "");
  at.Tick(absl::Seconds(2));
  CHECK(ReasonOf(outlet->ended) == "TOKEN_REVOKED");
}

TEST_CASE("an account has so many streams, and one that has ended makes room") {
  Limits limits;
  limits.of_account = 2;
  limits.subscribers = 3;
  Listening at(limits);
  const auto first = at.Listen(), second = at.Listen();
  CHECK(ReasonOf(at.Listen()->ended) == "LIVE_LIMIT_REACHED");
  const auto other = at.Listen({}, "/33/", "b");
  CHECK(other->ended.ok());
  CHECK(ReasonOf(at.Listen({}, "/33/", "c")->ended) == "LIVE_LIMIT_REACHED");
  first->End(absl::OkStatus());
  at.Tick();
  CHECK(at.Listen()->ended.ok());
}

}  // namespace sifa::feed
