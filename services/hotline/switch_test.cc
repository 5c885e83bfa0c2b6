// What a switch tells is kept once, as it was told.
#include "services/hotline/switch.h"

#include "services/hotline/hotline_fixture.h"
#include "services/hotline/switch_log.h"

namespace sifa::hotline {
namespace {

v1::SwitchEvent Arrived(int64_t seq, const std::string& caller) {
  v1::SwitchEvent event;
  event.set_seq(seq);
  event.set_call("c1");
  event.mutable_call_arrived()->set_caller(caller);
  return event;
}

struct Log : Hotline {
  // Tells them in a transaction of their own: how many were new, or the reason of the refusal.
  std::string Tell(const std::vector<v1::SwitchEvent>& events) {
    size_t fresh = 0;
    const absl::Status told = backend.pool->InTransaction([&](mysql::Connection& connection) -> absl::Status {
      std::vector<const v1::SwitchEvent*> all;
      for (const auto& event : events) all.push_back(&event);
      ASSIGN_OR_RETURN(const auto found, NewEvents(connection, *backend.keyring, run, all));
      fresh = found.size();
      return KeepEvents(connection, *backend.keyring, run, found);
    });
    return told.ok() ? std::to_string(fresh) : ReasonOf(told);
  }
  int64_t UpTo() {
    int64_t up_to = -1;
    const absl::Status asked = backend.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(up_to, KeptUpTo(connection, run));
      return absl::OkStatus();
    });
    CHECK(asked.ok());
    return up_to;
  }
  void Change(const std::string& sql) {
    mysql::Pool owner(backend.database.MigrationOptions());
    REQUIRE(owner.WithConnection([&](mysql::Connection& connection) { return connection.Run(sql); }).ok());
  }

  const Boot run{NewId(absl::Now()).ToString(), "b1"};
};

}  // namespace

TEST_CASE("an event that is sent again is known by its bytes; other bytes under its number are refused") {
  Log at;
  CHECK(at.Tell({Arrived(1, "13800000001"), Arrived(2, "13800000002")}) == "2");
  CHECK(at.Tell({Arrived(1, "13800000001"), Arrived(3, "13800000003")}) == "1");
  CHECK(at.Tell({Arrived(2, "13900000009"), Arrived(4, "13800000004")}) == "EVENT_CONFLICT");
  CHECK(at.Tell({Arrived(4, "13800000004"), Arrived(4, "13800000004")}) == "1");
  CHECK(at.Findings() == "");
}

TEST_CASE("what is acknowledged has no gap before it") {
  Log at;
  CHECK(at.UpTo() == 0);
  at.Tell({Arrived(1, "1"), Arrived(3, "3")});
  CHECK(at.UpTo() == 1);
  at.Tell({Arrived(2, "2")});
  CHECK(at.UpTo() == 3);
}

TEST_CASE("an event that was altered, put elsewhere or taken away is found") {
  Log at;
  at.Tell({Arrived(1, "1"), Arrived(2, "2"), Arrived(3, "3")});
  std::vector<journal::Finding> findings;
  const auto kinds = [&] {
    findings.clear();
    REQUIRE(CheckSwitchLog(*at.backend.pool, *at.backend.keyring, *at.backend.objects, &findings).ok());
    return absl::StrJoin(findings, " ", [](std::string* out, const auto& finding) { out->append(finding.kind); });
  };
  CHECK(kinds() == "");
  // Altered, gone, and another one in its place.
  at.Change("UPDATE switch_event SET body = CONCAT(LEFT(body, 30), REVERSE(SUBSTRING(body, 31))) WHERE seq = 2");
  CHECK(kinds() == "SWITCH_EVENT_ALTERED");
  at.Change("DELETE FROM switch_event WHERE seq = 2");
  CHECK(kinds() == "SWITCH_EVENT_MISSING");
  at.Change("INSERT INTO switch_event SELECT switch_id, boot, 2, digest, body FROM switch_event WHERE seq = 1");
  CHECK(kinds() == "SWITCH_EVENT_ALTERED");
}

TEST_CASE("a switch has an account of its own") {
  Hotline at;
  const Centre centre = at.Open("12348");
  const std::string json =
      absl::StrCat(R"({"centre": ")", centre.id(), R"(", "name": "主交换机", "account": "01SWXTCH00000000000000000A"})");
  const Switch made = at.Do<Switch>("RegisterSwitch", json, at.head);
  CHECK(at.Refusal<Switch>("RegisterSwitch", json, at.head) == "ACCOUNT_OF_SWITCH");
  at.Do("CloseSwitch", made, R"({"reason": "更换"})", at.head);
  CHECK(at.Do<Switch>("RegisterSwitch", json, at.head).state() == Switch::ACTIVE);
}

}  // namespace sifa::hotline
