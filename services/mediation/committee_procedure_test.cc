// The rules of law §3.1 on the table itself: values in, verdicts out.
#include <catch2/catch.hpp>

#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/engine.h"
#include "services/mediation/committee.h"

namespace sifa::mediation {
namespace {

using procedure::Facts;
using v1::Member;

const absl::CivilDay kDay(2024, 9, 2);

// Performs an act; the reason of a refusal, "" where it was done.
std::string Do(Committee& c, int act, absl::CivilDay day = kDay, std::set<std::string> standing = {}) {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(std::string(SIFA_ROOT) + "/data/calendar/holidays.csv");
  const auto row = procedure::FindRow(kCommitteeProcedure, act, c, day);
  if (!row.ok()) return ReasonOf(row.status());
  Committee after = c;
  Facts facts{day, day, &calendar};
  facts.standing = std::move(standing);
  const auto applied = procedure::Perform<Committee>(kCommitteeProcedure, **row, facts, {}, &after);
  if (applied.ok()) c = after;
  return ReasonOf(applied.status());
}

Member* AddMember(Committee& c, Member::Role role, const char* sex) {
  Member* member = c.add_members();
  member->set_role(role);
  member->set_sex(sex);
  member->set_ethnic_group("01");
  member->set_born_on("1980-05-04");
  return member;
}

Committee Lawful() {
  Committee c;
  c.set_type("3");
  c.set_level("2");
  c.set_elected_on("2024-09-02");
  AddMember(c, Member::HEAD, "1");
  AddMember(c, Member::MEMBER, "2");
  AddMember(c, Member::MEMBER, "1");
  return c;
}

}  // namespace

TEST_CASE("人民调解法 §8: three to nine members, one head, a woman; engaged mediators do not count") {
  Committee c = Lawful();
  CHECK(Do(c, Committee::ESTABLISH) == "");
  Committee small = Lawful();
  small.mutable_members()->RemoveLast();
  AddMember(small, Member::ENGAGED, "1");
  CHECK(Do(small, Committee::ESTABLISH) == "COMMITTEE_SIZE");
  Committee large = Lawful();
  while (large.members_size() < 9) AddMember(large, Member::MEMBER, "1");
  Committee larger = large;
  CHECK(Do(large, Committee::ESTABLISH) == "");
  AddMember(larger, Member::MEMBER, "1");
  CHECK(Do(larger, Committee::ESTABLISH) == "COMMITTEE_SIZE");
  Committee two_heads = Lawful();
  AddMember(two_heads, Member::HEAD, "1");
  CHECK(Do(two_heads, Committee::ESTABLISH) == "COMMITTEE_HEAD");
  Committee men = Lawful();
  men.mutable_members(1)->set_sex("1");
  CHECK(Do(men, Committee::ESTABLISH) == "COMMITTEE_WOMAN");
}

TEST_CASE("人民调解法 §8: where several ethnic groups live, a minority has a member") {
  Committee c = Lawful();
  c.set_mixed_area(true);
  CHECK(Do(c, Committee::ESTABLISH) == "COMMITTEE_MINORITY");
  c.mutable_members(2)->set_ethnic_group("22");
  CHECK(Do(c, Committee::ESTABLISH) == "");
}

TEST_CASE("人民调解法 §14: mediators are adults, from the day after the eighteenth birthday") {
  Committee c = Lawful();
  c.mutable_members(2)->set_born_on("2006-09-02");
  CHECK(Do(c, Committee::ESTABLISH) == "MEDIATOR_NOT_ADULT");
  c.mutable_members(2)->set_born_on("2006-09-01");
  CHECK(Do(c, Committee::ESTABLISH) == "");
}

TEST_CASE("a committee of a village or a township works at its level, others at those above the village") {
  for (const auto& [type, levels] : std::map<std::string, std::string>{
           {"1", "1"}, {"2", "1"}, {"3", "2"}, {"4", "2"}, {"5", "23"}, {"6", "23"}, {"61", "23"}}) {
    for (const std::string level : {"1", "2", "3"}) {
      Committee c = Lawful();
      c.set_type(type);
      c.set_level(level);
      INFO(type << " at " << level);
      CHECK((Do(c, Committee::ESTABLISH) == "") == (levels.find(level) != std::string::npos));
    }
  }
}

TEST_CASE("人民调解法 §9: a term has three years, and a new election starts another") {
  Committee c = Lawful();
  REQUIRE(Do(c, Committee::ESTABLISH) == "");
  CHECK(c.clocks(0).due_on() == "2027-09-01");
  c.set_elected_on("2027-08-20");
  REQUIRE(Do(c, Committee::REELECT, absl::CivilDay(2027, 8, 20)) == "");
  CHECK(c.clocks(0).due_on() == "2030-08-19");
  CHECK(Do(c, Committee::DISSOLVE, absl::CivilDay(2028, 1, 3), {"Case:open"}) == "COMMITTEE_HAS_CASES");
  CHECK(Do(c, Committee::DISSOLVE, absl::CivilDay(2028, 1, 3), {"Screening:open"}) == "COMMITTEE_HAS_SCREENINGS");
  REQUIRE(Do(c, Committee::DISSOLVE, absl::CivilDay(2028, 1, 3), {"Case:done", "Screening:void"}) == "");
  CHECK(c.clocks(0).state() == casework::v1::Clock::STOPPED);
}

}  // namespace sifa::mediation
