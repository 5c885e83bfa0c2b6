// Acts that come at the same time (libs/casework/together.h), seen on cases.
#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "absl/strings/numbers.h"
#include "libs/core/deadline.h"
#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {
namespace {

constexpr int kCallers = 24;

struct Crowd : MediationFixture {
  // Runs `act` for each caller on a thread of its own, all beginning at once.
  static std::vector<absl::Status> AtOnce(int callers, const std::function<absl::Status(int)>& act) {
    std::vector<absl::Status> ends(callers);
    std::vector<std::thread> threads;
    std::atomic<int> ready{0};
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&, i] {
        ++ready;
        while (ready < callers) std::this_thread::yield();
        ends[i] = act(i);
      });
    }
    for (auto& thread : threads) thread.join();
    return ends;
  }
  absl::Status TryAccept(const std::string& id, const std::string& etag = "", const std::string& request_id = "") {
    v1::AcceptCaseRequest r;
    r.set_id(id);
    r.set_etag(etag);
    r.set_request_id(request_id);
    auto call = Call("CaseService/AcceptCase", mediator);
    return Do<Case>(call, r).status();
  }
  std::vector<Case> Applied(int count) {
    std::vector<Case> applied;
    for (int i = 0; i < count; ++i) applied.push_back(Apply());
    return applied;
  }
  int64_t Commits() {
    int64_t count = 0;
    const absl::Status status = office.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const auto rows, connection.Query("SHOW GLOBAL STATUS LIKE 'Com_commit'"));
      REQUIRE(absl::SimpleAtoi(rows[0].Bytes(1), &count));
      return absl::OkStatus();
    });
    REQUIRE(status.ok());
    return count;
  }
};

}  // namespace

TEST_CASE("acts on many cases at once are each done once, in fewer transactions than there are acts") {
  Crowd crowd;
  const auto cases = crowd.Applied(kCallers);
  const int64_t commits = crowd.Commits();
  const auto ends = Crowd::AtOnce(kCallers, [&](int i) { return crowd.TryAccept(cases[i].id(), "1", absl::StrCat("r", i)); });
  CHECK(crowd.Commits() - commits < kCallers);
  for (const auto& end : ends) CHECK(end.ok());
  std::set<std::string> numbers;
  for (const Case& c : cases) {
    const Case now = crowd.Reload(c);
    CHECK(now.state() == Case::ACCEPTED);
    CHECK(now.etag() == "2");
    numbers.insert(now.number());
    CHECK(crowd.Actions(c.id()) == std::vector<std::string>{"APPLY", "ACCEPT"});
  }
  CHECK(numbers.size() == cases.size());
  CHECK(crowd.Count("SELECT COUNT(*) FROM request WHERE request_id LIKE 'r%'") == kCallers);
}

TEST_CASE("what is refused in a crowd is refused for its own reason, and keeps nobody from going through") {
  Crowd crowd;
  const auto cases = crowd.Applied(kCallers);
  crowd.Accept(cases[3]);
  const auto ends = Crowd::AtOnce(kCallers, [&](int i) {
    return crowd.TryAccept(i == 5 ? "01ARZ3NDEKTSV4RRFFQ69G5FAV" : cases[i].id(), i == 7 ? "9" : "");
  });
  for (int i = 0; i < kCallers; ++i) {
    const std::string expected = i == 3 ? "ACTION_NOT_ALLOWED" : i == 5 ? "NOT_FOUND" : i == 7 ? "ETAG_STALE" : "";
    CHECK(ReasonOf(ends[i]) == expected);
    if (expected.empty()) CHECK(crowd.Reload(cases[i]).state() == Case::ACCEPTED);
  }
  CHECK(crowd.Reload(cases[7]).state() == Case::APPLIED);
}

TEST_CASE("equal requests that come at once are carried out once and get one answer") {
  Crowd crowd;
  const Case c = crowd.Apply();
  const auto ends = Crowd::AtOnce(kCallers, [&](int) { return crowd.TryAccept(c.id(), "1", "the same"); });
  for (const auto& end : ends) CHECK(end.ok());
  CHECK(crowd.Actions(c.id()) == std::vector<std::string>{"APPLY", "ACCEPT"});
}

TEST_CASE("of acts that come at once for one case each sees what the one before has done") {
  Crowd crowd;
  const Case c = crowd.Apply();
  const auto ends = Crowd::AtOnce(kCallers, [&](int) { return crowd.TryAccept(c.id(), "1"); });
  CHECK(std::count_if(ends.begin(), ends.end(), [](const auto& end) { return end.ok(); }) == 1);
  CHECK(std::count_if(ends.begin(), ends.end(), [](const auto& end) { return ReasonOf(end) == "ETAG_STALE"; }) == kCallers - 1);
}

TEST_CASE("equal applications that come at once make one case") {
  Crowd crowd;
  const auto request = crowd.Application("the same");
  std::vector<std::string> made(kCallers);
  const auto ends = Crowd::AtOnce(kCallers, [&](int i) -> absl::Status {
    auto call = crowd.Call("CaseService/ApplyCase", crowd.mediator);
    ASSIGN_OR_RETURN(const Case c, crowd.Do<Case>(call, request));
    made[i] = c.id();
    return absl::OkStatus();
  });
  for (const auto& end : ends) CHECK(end.ok());
  CHECK(std::set<std::string>(made.begin(), made.end()).size() == 1);
  CHECK(crowd.Count("SELECT COUNT(*) FROM object WHERE type = 'Case'") == 1);
}

TEST_CASE("an act that waits for a lock keeps the acts on other cases waiting no longer than a moment") {
  Crowd crowd;
  const auto cases = crowd.Applied(kCallers);
  std::thread blocked;
  absl::Status end_of_blocked;
  const absl::Status held = crowd.office.pool->InTransaction([&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Query("SELECT id FROM object WHERE id = ? FOR UPDATE", {*ParseId(cases[0].id())}).status());
    blocked = std::thread([&] { end_of_blocked = crowd.TryAccept(cases[0].id()); });
    absl::SleepFor(absl::Milliseconds(50));
    for (const auto& end : Crowd::AtOnce(kCallers - 1, [&](int i) { return crowd.TryAccept(cases[i + 1].id()); })) CHECK(end.ok());
    return absl::OkStatus();
  });
  CHECK(held.ok());
  blocked.join();
  CHECK(end_of_blocked.ok());
  CHECK(crowd.Reload(cases[0]).state() == Case::ACCEPTED);
}

TEST_CASE("an act whose caller has no time left is not done, and the others are") {
  Crowd crowd;
  const auto cases = crowd.Applied(kCallers);
  const auto ends = Crowd::AtOnce(kCallers, [&](int i) {
    const DeadlineScope late(i % 8 == 0 ? absl::InfinitePast() : absl::InfiniteFuture());
    return crowd.TryAccept(cases[i].id());
  });
  for (int i = 0; i < kCallers; ++i) {
    CHECK(ends[i].ok() == (i % 8 != 0));
    CHECK((crowd.Reload(cases[i]).state() == Case::ACCEPTED) == (i % 8 != 0));
  }
}

}  // namespace sifa::mediation
