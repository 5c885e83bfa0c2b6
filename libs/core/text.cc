#include "libs/core/text.h"

#include <algorithm>

#include "unicode/bytestream.h"
#include "unicode/normalizer2.h"
#include "unicode/uchar.h"
#include "unicode/uniset.h"
#include "unicode/uscript.h"
#include "unicode/uspoof.h"
#include "unicode/utf8.h"

namespace sifa {
namespace {

constexpr char32_t kNameSeparator = U'·';

void Append(char32_t c, std::string* text) {
  char bytes[U8_MAX_LENGTH];
  int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, c);
  text->append(bytes, size);
}

bool Has(char32_t c, UProperty property) { return u_hasBinaryProperty(static_cast<UChar32>(c), property); }
bool InCategory(char32_t c, uint32_t mask) { return (U_GET_GC_MASK(static_cast<UChar32>(c)) & mask) != 0; }

// Its letters join each other when they are written: Mongolian, Arabic.
bool Joins(char32_t c) {
  const int type = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_JOINING_TYPE);
  return type == U_JT_DUAL_JOINING || type == U_JT_RIGHT_JOINING || type == U_JT_LEFT_JOINING;
}

// Chooses the shape of the character before it, and so is part of the text though it cannot be seen.
bool Shapes(char32_t c, char32_t before) {
  if (Has(c, UCHAR_VARIATION_SELECTOR)) return Has(before, UCHAR_IDEOGRAPHIC) || Joins(before);
  const bool joiner = Has(c, UCHAR_JOIN_CONTROL) || u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_SCRIPT) == USCRIPT_MONGOLIAN;
  return joiner && (Joins(before) || Shapes(before, U'\u1820'));  // after a letter, or a variant of one
}

bool IsBidi(char32_t c) { return Has(c, UCHAR_BIDI_CONTROL); }

std::string Normalized(const icu::Normalizer2* (*form)(UErrorCode&), absl::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  std::string result;
  icu::StringByteSink<std::string> sink(&result, static_cast<int32_t>(text.size()));
  const icu::Normalizer2* normalizer = form(status);
  if (U_SUCCESS(status)) normalizer->normalizeUTF8(0, {text.data(), static_cast<int32_t>(text.size())}, sink, nullptr, status);
  return U_SUCCESS(status) ? result : std::string(text);
}

std::string Composed(absl::string_view text) { return Normalized(&icu::Normalizer2::getNFCInstance, text); }
std::string Compatible(absl::string_view text) { return Normalized(&icu::Normalizer2::getNFKCInstance, text); }

absl::string_view Trimmed(absl::string_view text) {
  size_t begin = 0, end = 0;
  bool any = false;
  for (absl::string_view rest = text; !rest.empty();) {
    const size_t at = text.size() - rest.size();
    if (IsWhiteSpace(NextCharacter(&rest))) continue;
    if (!any) begin = at;
    any = true;
    end = text.size() - rest.size();
  }
  return any ? text.substr(begin, end - begin) : absl::string_view();
}

// Looks like the separator of name parts: bullet, katakana middle dot, dot operator and the others that Unicode's security data
// names as confusable with it. Letters that do (of Canadian script) are letters.
bool LooksLikeSeparator(char32_t c) {
  static const icu::UnicodeSet& lookalikes = *[] {
    UErrorCode status = U_ZERO_ERROR;
    auto* set = new icu::UnicodeSet(static_cast<UChar32>(kNameSeparator), static_cast<UChar32>(kNameSeparator));
    USpoofChecker* checker = uspoof_open(&status);
    icu::UnicodeString wanted, skeleton;
    uspoof_getSkeletonUnicodeString(checker, 0, icu::UnicodeString(static_cast<UChar32>(kNameSeparator)), wanted, &status);
    const icu::UnicodeSet marks(UNICODE_STRING_SIMPLE("[[:P:][:S:]]"), status);
    for (int32_t i = 0; U_SUCCESS(status) && i < marks.getRangeCount(); ++i) {
      for (UChar32 c = marks.getRangeStart(i); c <= marks.getRangeEnd(i); ++c) {
        uspoof_getSkeletonUnicodeString(checker, 0, icu::UnicodeString(c), skeleton, &status);
        if (skeleton == wanted) set->add(c);
      }
    }
    uspoof_close(checker);
    set->freeze();
    return set;
  }();
  return lookalikes.contains(static_cast<UChar32>(c));
}

// Without what nobody sees; in free text, where they may be meant, without what chooses the direction or joins neither.
std::string Visible(absl::string_view text, bool free_text) {
  std::string result;
  result.reserve(text.size());
  char32_t before = 0;
  for (absl::string_view rest = text; !rest.empty();) {
    const absl::string_view at = rest;
    const char32_t c = NextCharacter(&rest);
    const bool meant = free_text && (IsBidi(c) || Has(c, UCHAR_JOIN_CONTROL) || Has(c, UCHAR_VARIATION_SELECTOR));
    if (IsInvisible(c) && !meant && !Shapes(c, before)) continue;
    result.append(at.data(), at.size() - rest.size());
    before = c;
  }
  return result;
}

// Each character by `change`, which appends what becomes of it.
template <class Change>
std::string Mapped(absl::string_view text, Change change) {
  std::string result;
  result.reserve(text.size());
  for (absl::string_view rest = text; !rest.empty();) change(NextCharacter(&rest), &result);
  return result;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The run of digits is what the register counts by: after 第 or before 号, or at the end of a number without those words.
bool IsSerial(absl::string_view before, absl::string_view after) {
  const auto ends_with = [&](absl::string_view word) {
    return before.size() >= word.size() && before.substr(before.size() - word.size()) == word;
  };
  return ends_with("第") || after.empty() || after.substr(0, 3) == "号";
}

}  // namespace

char32_t NextCharacter(absl::string_view* text) {
  if (text->empty()) return 0;
  int32_t at = 0;
  UChar32 c;
  U8_NEXT_OR_FFFD(text->data(), at, static_cast<int32_t>(text->size()), c);
  text->remove_prefix(at);
  return static_cast<char32_t>(c);
}

bool IsWhiteSpace(char32_t c) { return u_isUWhiteSpace(static_cast<UChar32>(c)); }

bool IsInvisible(char32_t c) {
  return c >= 0x80 && !(c >= 0x4e00 && c < 0xa000) && Has(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);  // most texts are Han
}

bool IsControl(char32_t c) {
  if (c >= 0x20 && c < 0x7f) return false;
  if (InCategory(c, U_GC_CC_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK)) return true;
  // Explicit embeddings, overrides and isolates; marks of direction (LRM, RLM) are letters to the algorithm and harmless.
  return IsBidi(c) && u_charDirection(static_cast<UChar32>(c)) != U_LEFT_TO_RIGHT &&
         u_charDirection(static_cast<UChar32>(c)) != U_RIGHT_TO_LEFT &&
         u_charDirection(static_cast<UChar32>(c)) != U_RIGHT_TO_LEFT_ARABIC;
}

bool IsLineBreak(char32_t c) {
  const int kind = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_LINE_BREAK);
  return kind == U_LB_MANDATORY_BREAK || kind == U_LB_CARRIAGE_RETURN || kind == U_LB_LINE_FEED || kind == U_LB_NEXT_LINE;
}

std::string NormalProse(absl::string_view text) {
  std::string lines;
  lines.reserve(text.size());
  char32_t before = 0;
  for (absl::string_view rest = text; !rest.empty();) {
    const absl::string_view at = rest;
    const char32_t c = NextCharacter(&rest);
    if (!IsLineBreak(c)) {
      lines.append(at.data(), at.size() - rest.size());
    } else if (c != '\n' || before != '\r') {
      lines.push_back('\n');
    }
    before = c;
  }
  return Visible(lines, /*free_text=*/true);
}

std::string NormalLine(absl::string_view text) {
  return Composed(Trimmed(Visible(text, /*free_text=*/true)));
}

std::string NormalName(absl::string_view text) {
  const std::string visible = Composed(Visible(text, /*free_text=*/false));
  bool space = false;
  return Mapped(Trimmed(visible), [&](char32_t c, std::string* name) {
    const bool was_space = space;
    space = c != '\n' && u_isblank(static_cast<UChar32>(c));
    if (!space) return Append(LooksLikeSeparator(c) ? kNameSeparator : c, name);
    if (!was_space) name->push_back(' ');
  });
}

std::string NormalToken(absl::string_view text) {
  return std::string(Trimmed(Compatible(Visible(text, /*free_text=*/false))));
}

std::string NormalCode(absl::string_view text) {
  return Mapped(NormalToken(text), [](char32_t c, std::string* code) {
    if (IsWhiteSpace(c) || InCategory(c, U_GC_PD_MASK)) return;
    Append(static_cast<char32_t>(u_toupper(static_cast<UChar32>(c))), code);
  });
}

std::string NormalNumber(absl::string_view text) {
  const std::string plain = Mapped(NormalToken(text), [](char32_t c, std::string* number) {
    if (IsWhiteSpace(c)) return;
    if (InCategory(c, U_GC_PS_MASK)) return Append(U'（', number);
    if (InCategory(c, U_GC_PE_MASK)) return Append(U'）', number);
    if (InCategory(c, U_GC_PD_MASK)) return number->push_back('-');
    const int digit = u_charDigitValue(static_cast<UChar32>(c));
    if (digit >= 0) return number->push_back(static_cast<char>('0' + digit));
    Append(c, number);
  });
  std::string number;
  for (size_t at = 0; at < plain.size();) {
    size_t end = at;
    while (end < plain.size() && IsDigit(plain[end])) ++end;
    if (end == at) {
      number.push_back(plain[at++]);
      continue;
    }
    const absl::string_view whole(plain);
    size_t from = at;
    if (IsSerial(whole.substr(0, at), whole.substr(end))) {
      while (from + 1 < end && plain[from] == '0') ++from;
    }
    number.append(plain, from, end - from);
    at = end;
  }
  return number;
}

std::string FoldName(absl::string_view name) {
  constexpr uint32_t kNoPart = U_GC_P_MASK | U_GC_S_MASK | U_GC_Z_MASK | U_GC_CC_MASK | U_GC_CF_MASK;
  return Mapped(Normalized(&icu::Normalizer2::getNFKCCasefoldInstance, name), [](char32_t c, std::string* folded) {
    if (!InCategory(c, kNoPart)) Append(c, folded);
  });
}

}  // namespace sifa
