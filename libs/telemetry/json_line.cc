#include "libs/telemetry/json_line.h"

#include <cstdint>
#include <utility>

namespace sifa::telemetry {
namespace {

// Length of the well-formed UTF-8 character at the start of `text` (Unicode, table 3-7), or 0.
size_t CharacterSize(absl::string_view text) {
  const auto byte = [&](size_t i) -> uint8_t { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0; };
  const auto between = [&](size_t i, uint8_t low, uint8_t high) { return byte(i) >= low && byte(i) <= high; };
  const auto tail = [&](size_t i) { return between(i, 0x80, 0xbf); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const uint8_t low = lead == 0xe0 ? 0xa0 : 0x80;   // no overlong form
    const uint8_t high = lead == 0xed ? 0x9f : 0xbf;  // no surrogate
    return between(1, low, high) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const uint8_t low = lead == 0xf0 ? 0x90 : 0x80;
    const uint8_t high = lead == 0xf4 ? 0x8f : 0xbf;  // nothing above U+10FFFF
    return between(1, low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

void AppendAscii(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<uint8_t>(c) >= 0x20 && c != 0x7f) {
    out += c;
  } else {
    out += "\\u00";
    out += kHex[static_cast<uint8_t>(c) >> 4];
    out += kHex[c & 15];
  }
}

void AppendQuoted(std::string& out, absl::string_view text) {
  out += '"';
  while (!text.empty()) {
    const size_t size = CharacterSize(text);
    if (size == 1) {
      AppendAscii(out, text[0]);
    } else if (size == 0) {
      out += "\xef\xbf\xbd";
    } else {
      out.append(text.data(), size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  out += '"';
}

}  // namespace

void JsonLine::Add(absl::string_view key, absl::string_view value) {
  if (text_.size() > 1) text_ += ',';
  AppendQuoted(text_, key);
  text_ += ':';
  AppendQuoted(text_, value);
}

std::string JsonLine::Finish() && {
  text_ += '}';
  return std::move(text_);
}

}  // namespace sifa::telemetry
