// The rules of a search (law §2.2 #4, #14, #15; §2.5 R21), over its table alone: no database, no clock.
#include "services/corrections/search.h"

#include <catch2/catch.hpp>

#include "services/corrections/record.h"
#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

Search Lost(const char* absent_after = "2024-09-11") {
  Search search;
  search.set_absent_after(absent_after);
  search.set_month_ends_on("2024-10-11");
  return search;
}

std::string Start(Search& search, const procedure::Facts& facts) { return Do(kSearchProcedure, search, Search::START, facts); }

}  // namespace

TEST_CASE("社区矫正法 §30: one search at a time, of who has been received, from his last contact") {
  Search search = Lost();
  CHECK(Start(search, On("2024-09-12")) == "");
  search = Lost();
  CHECK(Start(search, On("2024-09-12", Probationer(), Search())) == "");
  Search other = Lost();
  other.set_state(Search::SEARCHING);
  search = Lost();
  CHECK(Start(search, On("2024-09-12", Probationer(), other)) == "SEARCH_OPEN");
  search = Lost("2024-09-13");
  CHECK(Start(search, On("2024-09-12")) == "ABSENT_BEFORE_RECEPTION");
  search = Lost();
  CHECK(Start(search, On("2024-09-12", Probationer(Subject::NOTICED))) == "SUBJECT_NOT_IN_CORRECTION");
}

TEST_CASE("实施办法 §38: the police are asked once telephone, data and a visit have not found him") {
  Search search = Lost();
  const auto facts = On("2024-09-12");
  REQUIRE(Start(search, facts) == "");
  for (const Search::Means means : {Search::PHONE, Search::DATA}) search.add_steps()->set_means(means);
  CHECK(Do(kSearchProcedure, search, Search::ASK_POLICE, facts) == "SEARCH_INCOMPLETE");
  search.add_steps()->set_means(Search::VISIT);
  CHECK(Do(kSearchProcedure, search, Search::ASK_POLICE, facts) == "");
  CHECK(search.state() == Search::POLICE_ASKED);
}

TEST_CASE("最高法刑诉法解释 §202: a month ends on the corresponding day, also from a day before the 社区矫正法") {
  const auto month = [](absl::CivilDay from) { return MonthsAfter(On("2024-09-12"), from, 1); };
  CHECK(month(absl::CivilDay(2024, 9, 11)) == absl::CivilDay(2024, 10, 11));
  CHECK(month(absl::CivilDay(2024, 11, 30)) == absl::CivilDay(2024, 12, 31));  // from the last day of a month to the last day
  CHECK(month(absl::CivilDay(2018, 9, 15)) == absl::CivilDay(2018, 10, 15));
  CHECK(month(absl::CivilDay(2011, 9, 15)) == absl::CivilDay(2011, 10, 15));
}

TEST_CASE("a search ends when he is found, and not twice") {
  Search search = Lost();
  const auto facts = On("2024-09-20");
  REQUIRE(Start(search, facts) == "");
  CHECK(Do(kSearchProcedure, search, Search::FIND, facts) == "");
  CHECK(Do(kSearchProcedure, search, Search::CLOSE, facts) == "ACTION_NOT_ALLOWED");
}

}  // namespace sifa::corrections
