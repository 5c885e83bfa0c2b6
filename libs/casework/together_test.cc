// Acts that come at the same time.
#include "libs/casework/together.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "absl/strings/numbers.h"
#include "libs/casework/errand_fixture.h"
#include "libs/core/deadline.h"

namespace sifa::casework {
namespace {

constexpr int kCallers = 24;

struct Crowd : ErrandDesk {
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
  absl::Status TryTake(const std::string& id, const std::string& etag = "", const std::string& request_id = "") {
    test::ErrandActRequest r;
    r.set_id(id);
    r.set_etag(etag);
    r.set_request_id(request_id);
    return Do("Take", r, clerk).status();
  }
  std::vector<Errand> Ordered(int count) {
    std::vector<Errand> ordered;
    for (int i = 0; i < count; ++i) ordered.push_back(Order());
    return ordered;
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

TEST_CASE("acts on many objects at once are each done once, in fewer transactions than there are acts") {
  Crowd crowd;
  const auto errands = crowd.Ordered(kCallers);
  const int64_t commits = crowd.Commits();
  const auto ends = Crowd::AtOnce(kCallers, [&](int i) { return crowd.TryTake(errands[i].id(), "1", absl::StrCat("r", i)); });
  CHECK(crowd.Commits() - commits < kCallers);
  for (const auto& end : ends) CHECK(end.ok());
  std::set<std::string> numbers;
  for (const Errand& errand : errands) {
    const Errand now = crowd.Now(errand);
    CHECK(now.state() == Errand::TAKEN);
    CHECK(now.etag() == "2");
    numbers.insert(now.number());
    CHECK(crowd.ActsOn(errand) == std::vector<std::string>{"ORDER", "TAKE"});
  }
  CHECK(numbers.size() == errands.size());
  CHECK(crowd.Count("SELECT COUNT(*) FROM request WHERE request_id LIKE 'r%'") == kCallers);
}

TEST_CASE("what is refused in a crowd is refused for its own reason, and keeps nobody from going through") {
  Crowd crowd;
  const auto errands = crowd.Ordered(kCallers);
  crowd.Take(errands[3]);
  const auto ends = Crowd::AtOnce(
      kCallers, [&](int i) { return crowd.TryTake(i == 5 ? "01ARZ3NDEKTSV4RRFFQ69G5FAV" : errands[i].id(), i == 7 ? "9" : ""); });
  for (int i = 0; i < kCallers; ++i) {
    const std::string expected = i == 3 ? "ACTION_NOT_ALLOWED" : i == 5 ? "NOT_FOUND" : i == 7 ? "ETAG_STALE" : "";
    CHECK(ReasonOf(ends[i]) == expected);
    if (expected.empty()) CHECK(crowd.Now(errands[i]).state() == Errand::TAKEN);
  }
  CHECK(crowd.Now(errands[7]).state() == Errand::ORDERED);
}

TEST_CASE("equal requests that come at once are carried out once and get one answer") {
  Crowd crowd;
  const Errand errand = crowd.Order();
  const auto ends = Crowd::AtOnce(kCallers, [&](int) { return crowd.TryTake(errand.id(), "1", "the same"); });
  for (const auto& end : ends) CHECK(end.ok());
  CHECK(crowd.ActsOn(errand) == std::vector<std::string>{"ORDER", "TAKE"});
}

TEST_CASE("of acts that come at once for one object each sees what the one before has done") {
  Crowd crowd;
  const Errand errand = crowd.Order();
  const auto ends = Crowd::AtOnce(kCallers, [&](int) { return crowd.TryTake(errand.id(), "1"); });
  CHECK(std::count_if(ends.begin(), ends.end(), [](const auto& end) { return end.ok(); }) == 1);
  CHECK(std::count_if(ends.begin(), ends.end(), [](const auto& end) { return ReasonOf(end) == "ETAG_STALE"; }) == kCallers - 1);
}

TEST_CASE("equal requests to create that come at once make one object") {
  Crowd crowd;
  test::OrderErrandRequest request;
  request.set_request_id("the same");
  request.set_letter(crowd.letter.id());
  std::vector<std::string> made(kCallers);
  const auto ends = Crowd::AtOnce(kCallers, [&](int i) -> absl::Status {
    ASSIGN_OR_RETURN(const Errand errand, crowd.Order(request, crowd.clerk));
    made[i] = errand.id();
    return absl::OkStatus();
  });
  for (const auto& end : ends) CHECK(end.ok());
  CHECK(std::set<std::string>(made.begin(), made.end()).size() == 1);
  CHECK(crowd.Count("SELECT COUNT(*) FROM object WHERE type = 'Errand'") == 1);
}

TEST_CASE("an act that waits for a lock keeps the acts on other objects waiting no longer than a moment") {
  Crowd crowd;
  const auto errands = crowd.Ordered(kCallers);
  std::thread blocked;
  absl::Status end_of_blocked;
  const absl::Status held = crowd.office.pool->InTransaction([&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Query("SELECT id FROM object WHERE id = ? FOR UPDATE", {*ParseId(errands[0].id())}).status());
    blocked = std::thread([&] { end_of_blocked = crowd.TryTake(errands[0].id()); });
    absl::SleepFor(absl::Milliseconds(50));
    for (const auto& end : Crowd::AtOnce(kCallers - 1, [&](int i) { return crowd.TryTake(errands[i + 1].id()); }))
      CHECK(end.ok());
    return absl::OkStatus();
  });
  CHECK(held.ok());
  blocked.join();
  CHECK(end_of_blocked.ok());
  CHECK(crowd.Now(errands[0]).state() == Errand::TAKEN);
}

TEST_CASE("an act whose caller has no time left is not done, and the others are") {
  Crowd crowd;
  const auto errands = crowd.Ordered(kCallers);
  const auto ends = Crowd::AtOnce(kCallers, [&](int i) {
    const DeadlineScope late(i % 8 == 0 ? absl::InfinitePast() : absl::InfiniteFuture());
    return crowd.TryTake(errands[i].id());
  });
  for (int i = 0; i < kCallers; ++i) {
    CHECK(ends[i].ok() == (i % 8 != 0));
    CHECK((crowd.Now(errands[i]).state() == Errand::TAKEN) == (i % 8 != 0));
  }
}

}  // namespace sifa::casework
