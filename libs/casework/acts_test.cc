// What holds for every act: numbers, reach, idempotency; and how a history is read.
#include "libs/casework/acts.h"

#include "libs/casework/errand_fixture.h"
#include "libs/crypto/suite.h"

namespace sifa::casework {
namespace {

struct Acts : ErrandDesk {
  absl::Status TryTake(const Errand& errand, const Claims& who, const std::string& etag = "", const std::string& request_id = "",
                       const std::string& occurred_on = "") {
    test::ErrandActRequest r;
    r.set_id(errand.id());
    r.set_etag(etag);
    r.set_request_id(request_id);
    r.set_occurred_on(occurred_on);
    return Do("Take", r, who).status();
  }
  // Gives an errand the number that an import would have brought.
  void Number(const Errand& errand, const std::string& number) {
    office.database.RunScript("UPDATE object SET number = '" + number + "' WHERE id = " + Sql(errand.id()));
  }
};

}  // namespace

TEST_CASE("a number that an import has brought is stepped over") {
  Acts acts;
  for (int number : {1, 2, 4}) acts.Number(acts.Order(), "（2024）交办第" + std::to_string(number) + "号");
  CHECK(acts.Take(acts.Order()).number() == "（2024）交办第3号");
  CHECK(acts.Take(acts.Order()).number() == "（2024）交办第5号");
}

TEST_CASE("a repeated request is known by a digest that takes a key, and by the plain one of an earlier version") {
  Acts acts;
  const Errand errand = acts.Order("2024-09-01");
  test::ErrandActRequest r;
  r.set_id(errand.id());
  r.set_request_id("r1");
  const std::string plain = RequestDigest(r);
  REQUIRE(acts.TryTake(errand, acts.clerk, "", "r1").ok());
  const std::string is_plain = "FROM request WHERE request_id = 'r1' AND digest = UNHEX('" + crypto::Hex(plain) + "')";
  CHECK(acts.Count("SELECT COUNT(*) " + is_plain) == 0);
  CHECK(acts.TryTake(errand, acts.clerk, "", "r1").ok());
  CHECK(acts.TryTake(errand, acts.clerk, "2", "r1").ok());  // the version that the act itself has made
  CHECK(ReasonOf(acts.TryTake(errand, acts.clerk, "", "r1", "2024-09-01")) == "REQUEST_ID_REUSED");
  acts.office.database.RunScript("UPDATE request SET digest = UNHEX('" + crypto::Hex(plain) + "') WHERE request_id = 'r1'");
  CHECK(acts.TryTake(errand, acts.clerk, "", "r1").ok());
  CHECK(ReasonOf(acts.TryTake(errand, acts.clerk, "", "r1", "2024-09-01")) == "REQUEST_ID_REUSED");
}

TEST_CASE("to those out of reach an object is not there, whatever its version and state") {
  Acts acts;
  const Errand errand = acts.Take(acts.Order());
  for (const char* etag : {"", "1", "2"}) CHECK(absl::IsNotFound(acts.TryTake(errand, acts.stranger, etag)));
  CHECK(ReasonOf(acts.TryTake(errand, acts.clerk, "1")) == "ETAG_STALE");
  CHECK(ReasonOf(acts.TryTake(errand, acts.clerk)) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("what an act stands on is not there for those out of its reach") {
  Acts acts;
  test::OrderErrandRequest r;
  r.set_letter(acts.letter.id());
  CHECK(absl::IsNotFound(acts.Order(r, acts.stranger).status()));
  CHECK(acts.Order(r, acts.head).ok());
}

TEST_CASE("acts follow one another by their true days") {
  Acts acts;
  const Errand errand = acts.Order("2024-08-20");
  CHECK(ReasonOf(acts.TryTake(errand, acts.clerk, "", "", "2024-08-19")) == "ACT_OUT_OF_ORDER");
  CHECK(acts.Now(errand).etag() == "1");
  CHECK(acts.TryTake(errand, acts.clerk, "", "", "2024-08-21").ok());
  CHECK(acts.Now(errand).acted_on() == "2024-08-21");
}

TEST_CASE("a history is read to its end, page by page, from either side") {
  Acts acts;
  const Errand errand = acts.Assign(acts.Take(acts.Order()));
  const auto read = [&](bool latest_first) {
    v1::GetHistoryRequest r;
    r.set_id(errand.id());
    r.set_page_size(2);
    r.set_latest_first(latest_first);
    std::vector<std::string> actions;
    do {
      auto call = acts.Call("ErrandService/GetErrandHistory", acts.head);
      const auto page = Must(History(acts.backend(), acts.errands.type(), call, r));
      CHECK(page.entries_size() <= 2);
      for (const auto& entry : page.entries()) actions.push_back(entry.action());
      r.set_page_token(page.next_page_token());
    } while (!r.page_token().empty());
    return actions;
  };
  CHECK(read(false) == std::vector<std::string>{"ORDER", "TAKE", "ASSIGN"});
  CHECK(read(true) == std::vector<std::string>{"ASSIGN", "TAKE", "ORDER"});
}

}  // namespace sifa::casework
