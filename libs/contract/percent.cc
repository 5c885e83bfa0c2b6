#include "libs/contract/percent.h"

#include "absl/strings/ascii.h"
#include "simdjson.h"

namespace sifa::contract {
namespace {

int HexOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = absl::ascii_tolower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

bool PercentDecode(absl::string_view text, Percent how, std::string* decoded) {
  decoded->clear();
  decoded->reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && how == Percent::kParameter) {
      c = ' ';
    } else if (c == '%') {
      const int high = i + 3 <= text.size() ? HexOf(text[i + 1]) : -1;
      const int low = i + 3 <= text.size() ? HexOf(text[i + 2]) : -1;
      if (high < 0 || low < 0) return false;
      c = static_cast<char>(high << 4 | low);
      if (c == '/' && how == Percent::kSegments) {
        decoded->append(text.data() + i, 3);
        i += 2;
        continue;
      }
      i += 2;
    }
    if (c == '\0') return false;
    decoded->push_back(c);
  }
  return simdjson::validate_utf8(decoded->data(), decoded->size());
}

}  // namespace sifa::contract
