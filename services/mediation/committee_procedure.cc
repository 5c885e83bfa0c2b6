#include <algorithm>

#include "libs/core/clock.h"
#include "libs/core/identifiers.h"
#include "services/mediation/committee.h"

namespace sifa::mediation {
namespace {

using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Row;
using v1::Member;

constexpr char kHan[] = "01";     // 汉族, ethnic_group
constexpr char kFemale[] = "2";   // sex
constexpr int kAdult = 18;        // 人民调解法 §14

bool SitsOnCommittee(const Member& member) { return member.role() != Member::ENGAGED && member.removed_on().empty(); }

template <class Condition>
int CountSeats(const Committee& c, Condition condition) {
  return static_cast<int>(std::count_if(c.members().begin(), c.members().end(),
                                        [&](const Member& m) { return SitsOnCommittee(m) && condition(m); }));
}

bool IsAdultOn(const Member& member, absl::CivilDay day) {
  absl::CivilDay born;
  return ParseDay(member.born_on(), &born) && AgeOn(born, day) >= kAdult;
}

// At which levels of mediation a committee of a type works (law §3.1): those of villages at theirs, those of townships at theirs,
// those of enterprises and associations above.
bool WorksAtItsLevel(const Committee& c) {
  const std::string &type = c.type(), &level = c.level();
  if (type == "1" || type == "2") return level == "1";
  if (type == "3" || type == "4") return level == "2";
  return level == "2" || level == "3";
}

const Guard<Committee> kThreeToNine = {
    "组成", "COMMITTEE_SIZE", "人民调解委员会由委员三至九人组成", {"人民调解法", "8"}, [](const Committee& c, const Facts&) {
      const int seats = CountSeats(c, [](const Member&) { return true; });
      return seats >= 3 && seats <= 9;
    }};
const Guard<Committee> kOneHead = {
    "组成", "COMMITTEE_HEAD", "人民调解委员会设主任一人", {"人民调解法", "8"},
    [](const Committee& c, const Facts&) { return CountSeats(c, [](const Member& m) { return m.role() == Member::HEAD; }) == 1; }};
const Guard<Committee> kAWoman = {
    "组成", "COMMITTEE_WOMAN", "人民调解委员会应当有妇女成员", {"人民调解法", "8"},
    [](const Committee& c, const Facts&) { return CountSeats(c, [](const Member& m) { return m.sex() == kFemale; }) >= 1; }};
const Guard<Committee> kAMinorityMember = {
    "组成", "COMMITTEE_MINORITY", "多民族居住的地区应当有人数较少民族的成员", {"人民调解法", "8"}, [](const Committee& c, const Facts&) {
      return !c.mixed_area() || CountSeats(c, [](const Member& m) { return m.ethnic_group() != kHan; }) >= 1;
    }};
const Guard<Committee> kAllAdults = {
    "调解员", "MEDIATOR_NOT_ADULT", "人民调解员应当是成年公民", {"人民调解法", "14"}, [](const Committee& c, const Facts& facts) {
      return std::all_of(c.members().begin(), c.members().end(), [&](const Member& m) { return IsAdultOn(m, facts.act_day); });
    }};

const Guard<Committee> kLevelOfType = {
    "级别", "COMMITTEE_LEVEL", "村、居调委会为村社级，乡镇、街道调委会为镇街级，企事业单位、社会团体和行业性、专业性调委会为镇街级或者市级",
    {"人民调解法", "8"}, [](const Committee& c, const Facts&) { return WorksAtItsLevel(c); }};

// What a committee has begun it ends.
const Guard<Committee> kNoOpenCase = {"撤销",
                                      "COMMITTEE_HAS_CASES",
                                      "该调解委员会尚有未归档的案件，应当先办结归档",
                                      {"人民调解法", "10"},
                                      [](const Committee&, const Facts& facts) { return facts.NothingStands("Case:open"); }};
const Guard<Committee> kNoOpenScreening = {
    "撤销",
    "COMMITTEE_HAS_SCREENINGS",
    "该调解委员会尚有未办结的纠纷线索，应当先办结",
    {"人民调解法", "10"},
    [](const Committee&, const Facts& facts) { return facts.NothingStands("Screening:open"); }};

absl::CivilDay ElectedOn(const Committee& c) {
  absl::CivilDay day;
  ParseDay(c.elected_on(), &day);
  return day;
}

const Row<Committee> kRows[] = {
    {.act = Committee::ESTABLISH,
     .from = {Committee::STATE_UNSPECIFIED},
     .to = Committee::ACTIVE,
     .create = Create<NewCommittee>,
     .apply = Apply<EstablishCommittee>,
     .checks = {&kLevelOfType, &kThreeToNine, &kOneHead, &kAWoman, &kAMinorityMember, &kAllAdults},
     .starts = {{.clock = Committee::TERM, .period = calendar::Term(3, 0, 0, "PML"), .article = "9", .from = ElectedOn}},
     .papers = {Committee::SETUP_NOTICE},
     .law = {"人民调解法", "8"}},
    {.act = Committee::CHANGE,
     .from = {Committee::ACTIVE},
     .apply = Apply<ChangeCommittee>,
     .checks = {&kThreeToNine, &kOneHead, &kAWoman, &kAMinorityMember, &kAllAdults},
     .papers = {Committee::SETUP_NOTICE},
     .law = {"人民调解法", "10"}},
    {.act = Committee::REELECT,
     .from = {Committee::ACTIVE},
     .apply = Apply<ReelectCommittee>,
     .checks = {&kThreeToNine, &kOneHead, &kAWoman, &kAMinorityMember, &kAllAdults},
     .starts = {{.clock = Committee::TERM, .period = calendar::Term(3, 0, 0, "PML"), .article = "9", .from = ElectedOn}},
     .papers = {Committee::SETUP_NOTICE},
     .law = {"人民调解法", "9"}},
    // With the decision on a complaint, whose own row says who may. Whether those who are left are enough
    // is asked when the composition is next changed.
    {.act = Committee::REMOVE_MEMBER, .from = {Committee::ACTIVE}, .indirect = true, .aside = true, .law = {"人民调解法", "15"}},
    {.act = Committee::DISSOLVE,
     .from = {Committee::ACTIVE},
     .to = Committee::DISSOLVED,
     .guards = {&kNoOpenCase, &kNoOpenScreening},
     .stops = {Committee::TERM},
     .papers = {Committee::SETUP_NOTICE},
     .law = {"人民调解法", "10"}},
};

// The term that has ended is overdue on the worklist and stops no case: the members go on until others are elected, so that nobody
// is left without mediation.
const procedure::ClockKind kClocks[] = {{.clock = Committee::TERM, .warn_days = 60}};

}  // namespace

const procedure::Procedure<Committee> kCommitteeProcedure = {
    .name = "人民调解委员会",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Committee::DISSOLVED, Committee::VOIDED},
    .states = Committee::State_descriptor,
    .acts = Committee::Act_descriptor,
    .clock_kinds = Committee::Limit_descriptor,
    .papers = Committee::Document_descriptor,
};

}  // namespace sifa::mediation
