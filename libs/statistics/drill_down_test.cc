// Pages of the objects behind a figure: all of them, each once, in few reads of the tables however many there are. The server has
// not looked at its tables since they were filled (no ANALYZE).
#include "libs/statistics/drill_down.h"

#include <catch2/catch.hpp>
#include <set>

#include "absl/strings/str_format.h"
#include "libs/statistics/statistics_fixture.h"

namespace sifa::statistics {
namespace {

using test::Case;
using test::Must;

constexpr int kCases = 12'000, kSmall = 300, kLimit = 50, kMonths = 6;
constexpr int64_t kMostReads = 8'000;  // less than to go through all cases

// Cases of a county's 20 townships in six months, in no order of theirs. Later each tenth is concluded.
struct Year : test::World {
  Year() {
    for (int i = 0; i < kCases; ++i) {
      Case made{.cube = "mediation.days"};  // one that counts objects in one of its measures
      made.day = FormatDay(absl::CivilDay(2025, 1 + i * 7 % kMonths, 1 + i % 28));
      made.region = absl::StrFormat("3307830%02d", i * 13 % 20);
      made.path = absl::StrCat(test::kBureau, made.region, "/");
      made.type = absl::StrFormat("%02d", 1 + i % 3);
      made.succeeded = i % 400 == 0;
      Open(made);
    }
    filed = Settle();
    const std::map<Id, Case> before = cases();
    int i = 0;
    for (const auto& [id, made] : before) {
      if (++i % 10 != 0) continue;
      Case after = made;
      after.amount_fen = 100;
      Change(id, after);
    }
    Settle();
  }

  int64_t filed;  // the position before the conclusions
};

struct Pages {
  std::vector<Id> ids;
  int64_t most_reads = 0;  // of one page
};

int64_t Reads(mysql::Connection& connection) {
  const auto rows = connection.Query("SHOW SESSION STATUS LIKE 'Handler_read%'");
  Must(rows.status());
  int64_t sum = 0;
  for (const auto& row : *rows) sum += std::stoll(row.Bytes(1));
  return sum;
}

// `page` gives the ids after a place and says where the next page begins after.
Pages All(
    test::World& world,
    const std::function<absl::StatusOr<std::vector<Id>>(Snapshot&, const ObjectPlace&, std::optional<ObjectPlace>*)>& page) {
  Pages pages;
  std::optional<ObjectPlace> next = ObjectPlace{};
  while (next) {
    const ObjectPlace after = *next;
    Must(WithSnapshot(*world.pool, [&](Snapshot& snapshot) -> absl::Status {
      const int64_t before = Reads(snapshot.connection);
      next.reset();
      ASSIGN_OR_RETURN(const std::vector<Id> ids, page(snapshot, after, &next));
      pages.most_reads = std::max(pages.most_reads, Reads(snapshot.connection) - before);
      pages.ids.insert(pages.ids.end(), ids.begin(), ids.end());
      return absl::OkStatus();
    }));
  }
  return pages;
}

Pages DrillDownPages(test::World& world, const Query& query, const std::string& measure = "") {
  return All(
      world,
      [&](Snapshot& snapshot, const ObjectPlace& after, std::optional<ObjectPlace>* next) -> absl::StatusOr<std::vector<Id>> {
        ASSIGN_OR_RETURN(const ObjectPage page,
                         DrillDown(snapshot, world.cubes, world.reference, query, measure, after, kLimit, kSmall));
        *next = page.next;
        std::vector<Id> ids;
        for (const CountedObject& object : page.objects) ids.push_back(object.id);
        return ids;
      });
}

Pages ChangePages(test::World& world, const Query& query, int64_t from) {
  return All(
      world,
      [&](Snapshot& snapshot, const ObjectPlace& after, std::optional<ObjectPlace>* next) -> absl::StatusOr<std::vector<Id>> {
        ASSIGN_OR_RETURN(const ChangePage page,
                         ChangesBetween(snapshot, world.cubes, world.reference, query, from, 0, after, kLimit, kSmall));
        *next = page.next;
        std::vector<Id> ids;
        for (const ChangedObject& object : page.objects) ids.push_back(object.id);
        return ids;
      });
}

size_t Different(const std::vector<Id>& ids) { return std::set<Id>(ids.begin(), ids.end()).size(); }

TEST_CASE("a page of the objects behind a figure, and of those that have changed, reads few rows") {
  Year year;
  Query query = test::YearOf(2025);
  query.cube = "mediation.days";
  const auto check = [&](const char* what, const Pages& pages, size_t objects) {
    INFO(what << ": " << pages.most_reads);
    CHECK(pages.ids.size() == objects);
    CHECK(Different(pages.ids) == objects);
    CHECK(pages.most_reads < kMostReads);
  };
  check("the county's year", DrillDownPages(year, query), kCases);
  check("changes in the county's year", ChangePages(year, query, year.filed), kCases / 10);
  query.from = absl::CivilDay(2025, 3, 1);
  query.to = absl::CivilDay(2025, 3, 31);
  check("the county's month", DrillDownPages(year, query), kCases / kMonths);
  query.region = "330783005";
  check("a township's month", DrillDownPages(year, query),
        std::count_if(year.cases().begin(), year.cases().end(), [](const auto& one) {
          return one.second.region == "330783005" && one.second.day.substr(0, 7) == "2025-03";
        }));
  query.from = absl::CivilDay(2025, 1, 1);
  query.to = absl::CivilDay(2025, 12, 31);
  query.region = "330783";
  query.filters = {{"type", {"02"}}};
  check("a type", DrillDownPages(year, query), kCases / 3);
}

}  // namespace
}  // namespace sifa::statistics
