#include "services/enforcement/rules/facts.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace sifa::enforcement::rules {
namespace {

constexpr absl::string_view kDigits[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

// One character of a figure: below 10 a digit, else the unit that it is. -1: none.
int ConsumeFigure(absl::string_view* text) {
  if (!text->empty() && absl::ascii_isdigit(text->front())) {
    const int digit = text->front() - '0';
    text->remove_prefix(1);
    return digit;
  }
  for (int digit = 0; digit < 10; ++digit) {
    if (absl::ConsumePrefix(text, kDigits[digit])) return digit;
  }
  if (absl::ConsumePrefix(text, "零")) return 0;
  if (absl::ConsumePrefix(text, "两")) return 2;
  if (absl::ConsumePrefix(text, "十")) return 10;
  if (absl::ConsumePrefix(text, "百")) return 100;
  if (absl::ConsumePrefix(text, "千")) return 1000;
  return -1;
}

// "一百二十三", "十", "123", "一二三". 0: no figure stands there, or one past all articles.
int ConsumeNumber(absl::string_view* text) {
  constexpr int kPastAll = 10000;
  int sum = 0, digits = 0;
  bool any = false;
  for (int figure = ConsumeFigure(text); figure >= 0; figure = ConsumeFigure(text)) {
    any = true;
    if (figure < 10) {
      digits = std::min(digits * 10 + figure, kPastAll);
    } else {
      sum += (digits == 0 ? 1 : digits) * figure;
      digits = 0;
    }
  }
  const int number = sum + digits;
  return any && number < kPastAll ? number : 0;
}

// 第…条, 第…款, 第…项, of which the brackets of （一）项 are left out. False, and nothing consumed, where it does not stand
// there.
bool ConsumePart(absl::string_view* text, absl::string_view unit, int* number) {
  absl::string_view rest = *text;
  absl::ConsumePrefix(&rest, "第");
  const bool bracket = absl::ConsumePrefix(&rest, "（") || absl::ConsumePrefix(&rest, "(");
  const int found = ConsumeNumber(&rest);
  if (bracket && !absl::ConsumePrefix(&rest, "）") && !absl::ConsumePrefix(&rest, ")")) return false;
  if (found == 0 || !absl::ConsumePrefix(&rest, unit)) return false;
  *number = found;
  *text = rest;
  return true;
}

}  // namespace

std::string Citation::ToString() const {
  std::string text = absl::StrCat("《", title, "》第", article, "条");
  if (paragraph > 0) absl::StrAppend(&text, "第", paragraph, "款");
  if (item > 0) absl::StrAppend(&text, "第", item, "项");
  return text;
}

std::vector<AnyFact*> Facts::Columns() {
  return {
      &party_kind,   &birth,         &procedure,  &penalties,         &fine_fen,           &confiscated_fen, &extra_fine_fen,
      &conduct_from, &conduct_to,    &found_on,   &filed_on,          &investigated_on,    &noticed_on,      &hearing_asked_on,
      &hearing_on,   &reviewed_on,   &decided_on, &discussed_on,      &hearing_noticed_on, &served_on,       &paid_on,
      &handed_in_on, &published_on,  &closed_on,  &disposed_on,       &hearing_told,       &waived,          &served_by,
      &challenges,   &review_passed, &exclusions, &collected_on_spot, &officers,           &bases,           &benchmark,
      &tier,         &tier_reason};
}

bool Facts::Punishes(absl::string_view code) const {
  return penalties && std::find(penalties.value.begin(), penalties.value.end(), code) != penalties.value.end();
}

std::vector<Citation> ParseCitations(absl::string_view text) {
  std::vector<Citation> citations;
  std::string title;
  while (!text.empty()) {
    if (absl::ConsumePrefix(&text, "《")) {
      const size_t end = text.find("》");
      if (end == absl::string_view::npos) break;
      title = std::string(absl::StripAsciiWhitespace(text.substr(0, end)));
      text.remove_prefix(end);
      continue;
    }
    Citation citation{title};
    if (!title.empty() && absl::StartsWith(text, "第") && ConsumePart(&text, "条", &citation.article)) {
      ConsumePart(&text, "款", &citation.paragraph);
      ConsumePart(&text, "项", &citation.item);
      citations.push_back(std::move(citation));
      continue;
    }
    text.remove_prefix(1);
  }
  return citations;
}

}  // namespace sifa::enforcement::rules
