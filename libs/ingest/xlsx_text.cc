#include "libs/ingest/xlsx_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "libs/ingest/characters.h"
#include "libs/ingest/table.h"
#include "unicode/utf8.h"

namespace sifa::ingest {

void RichText::Clear() {
  text_.clear();
  in_text_ = cut_ = false;
  phonetic_ = 0;
}

void RichText::Start(absl::string_view name) {
  if (name == "rPh") ++phonetic_;
  in_text_ = name == "t" && phonetic_ == 0;
}

void RichText::Text(absl::string_view text) {
  if (in_text_ && !AppendBounded(text, &text_)) cut_ = true;
}

void RichText::End(absl::string_view name) {
  if (name == "rPh") --phonetic_;
  in_text_ = false;
}

bool RichText::Finish() {
  Unescape(&text_);
  const bool short_enough = Shorten(kLongestCell, &text_);
  return short_enough && !cut_;
}

bool AppendBounded(absl::string_view more, std::string* text) {
  constexpr size_t kLongest = kLongestCell * 4;
  if (text->size() + more.size() <= kLongest) {
    text->append(more.data(), more.size());
    return true;
  }
  size_t room = kLongest - std::min(kLongest, text->size());
  while (room > 0 && U8_IS_TRAIL(more[room])) --room;  // a character is not cut through
  text->append(more.data(), room);
  return false;
}

void Unescape(std::string* text) {
  if (text->find("_x") == std::string::npos) return;
  std::string plain;
  for (size_t at = 0; at < text->size();) {
    uint32_t code;
    const absl::string_view rest = absl::string_view(*text).substr(at);
    if (rest.size() >= 7 && rest[0] == '_' && rest[1] == 'x' && rest[6] == '_' && absl::SimpleHexAtoi(rest.substr(2, 4), &code) &&
        absl::ascii_isxdigit(static_cast<unsigned char>(rest[2])) && code != 0 && (code < 0xd800 || code > 0xdfff)) {
      char bytes[U8_MAX_LENGTH];
      int32_t size = 0;
      U8_APPEND_UNSAFE(bytes, size, code);
      plain.append(bytes, size);
      at += 7;
    } else {
      plain.push_back((*text)[at++]);
    }
  }
  *text = std::move(plain);
}

bool ReadPlace(absl::string_view place, uint64_t* column, uint64_t* row) {
  size_t at = 0;
  *column = 0;
  for (; at < place.size() && at < 4 && absl::ascii_isupper(static_cast<unsigned char>(place[at])); ++at) {
    *column = *column * 26 + static_cast<uint64_t>(place[at] - 'A' + 1);
  }
  if (at == 0 || place.size() - at > 7) return false;
  --*column;
  return absl::SimpleAtoi(place.substr(at), row) && *row > 0;
}

bool IsDayFormat(absl::string_view format) {
  bool quoted = false, bracketed = false;
  for (size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    if (c == '"' && !bracketed) {
      quoted = !quoted;
    } else if (quoted) {
      continue;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;  // the character behind it is shown, or is as wide
    } else if (c == '[' || c == ']') {
      bracketed = c == '[';
    } else if (!bracketed && (c == 'y' || c == 'Y' || c == 'd' || c == 'D')) {
      return true;
    }
  }
  return false;
}

bool IsBuiltInDayFormat(int number) {
  return (number >= 14 && number <= 17) || number == 22 || (number >= 27 && number <= 31) || number == 36 ||
         (number >= 50 && number <= 54) || number == 57 || number == 58;
}

}  // namespace sifa::ingest
