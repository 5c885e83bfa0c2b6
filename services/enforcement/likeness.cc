#include "services/enforcement/likeness.h"

#include <cstdlib>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/core/clock.h"
#include "libs/core/text.h"
#include "services/enforcement/case_facts.h"

namespace sifa::enforcement {
namespace {

// What each ground weighs; together 100.
constexpr int kParty = 30;
constexpr int kDay = 15;
constexpr int kAmount = 25;
constexpr int kBasis = 10;
constexpr int kFacts = 20;

std::set<std::string> PairsOf(const std::string& text) {
  std::set<std::string> pairs;
  const std::string folded = FoldName(text);
  absl::string_view left = folded;
  for (absl::string_view last; !left.empty();) {
    const absl::string_view at = left;
    NextCharacter(&left);
    const absl::string_view character = at.substr(0, at.size() - left.size());
    if (!last.empty()) pairs.insert(absl::StrCat(last, character));
    last = character;
  }
  return pairs;
}

// Of 100: how many of the pairs of neighbouring characters both texts have (Jaccard). Two empty texts tell nothing.
int Overlap(const std::string& one, const std::string& other) {
  const std::set<std::string> a = PairsOf(one), b = PairsOf(other);
  if (a.empty() || b.empty()) return 0;
  const int64_t both = absl::c_count_if(a, [&](const std::string& pair) { return b.contains(pair); });
  return static_cast<int>(100 * both / static_cast<int64_t>(a.size() + b.size() - both));
}

bool SharesParty(const v1::Case& one, const v1::Case& other) {
  const auto blocks = PartyBlocks(other);
  return absl::c_any_of(PartyBlocks(one), [&](const std::string& block) { return absl::c_linear_search(blocks, block); });
}

std::string Basis(const v1::Case& c) { return c.entries().empty() ? "" : FoldName(c.entries(0).basis()); }
std::string Facts(const v1::Case& c) { return c.entries().empty() ? "" : c.entries(0).facts(); }

}  // namespace

std::string StrippedName(const std::string& name) {
  const std::string folded = FoldName(name);
  absl::string_view rest = folded;
  for (const absl::string_view form :
       {"股份有限公司", "有限责任公司", "有限公司", "个人独资企业", "合伙企业", "公司", "经营部", "商行", "厂", "店"}) {
    if (rest.size() > form.size() && absl::ConsumeSuffix(&rest, form)) break;
  }
  return std::string(rest);
}

std::vector<std::string> PartyBlocks(const v1::Case& c) {
  std::vector<std::string> blocks;
  for (const Entry* entry : StandingEntries(c)) {
    blocks.push_back(PartyOf(*entry));
    if (const std::string name = StrippedName(entry->party_name()); !name.empty())
      blocks.push_back(absl::StrCat("stripped:", name));
  }
  return blocks;
}

Likeness LikenessOf(const v1::Case& one, const v1::Case& other) {
  Likeness likeness;
  absl::CivilDay a, b;
  if (!ParseDay(one.decided_on(), &a) || !ParseDay(other.decided_on(), &b)) return likeness;
  if (std::abs(a - b) > kMostDaysApart || !SharesParty(one, other)) return likeness;
  const auto add = [&](int weight, const char* ground) {
    likeness.score += weight;
    likeness.grounds.push_back(ground);
  };
  const bool amount = one.fine_fen() == other.fine_fen() && one.confiscated_fen() == other.confiscated_fen();
  const bool basis = !Basis(one).empty() && Basis(one) == Basis(other);
  add(kParty, "PARTY");
  if (a == b) add(kDay, "DAY");
  if (amount) add(kAmount, "AMOUNT");
  if (basis) add(kBasis, "BASIS");
  if (const int overlap = Overlap(Facts(one), Facts(other)); overlap >= 50) add(kFacts * overlap / 100, "FACTS");
  likeness.exact = a == b && amount && basis;
  return likeness;
}

}  // namespace sifa::enforcement
