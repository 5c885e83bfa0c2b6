#include "libs/contract/json_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace sifa::contract {

void JsonText::Separate() {
  if (!text_.empty() && text_.back() != '{' && text_.back() != '[' && text_.back() != ':')
    text_.push_back(',');
}

void JsonText::Quote(absl::string_view text) {
  text_.push_back('"');
  for (char c : text) {
    if (c == '"' || c == '\\') {
      text_.push_back('\\');
      text_.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&text_, "\\u%04x", static_cast<unsigned>(c));
    } else {
      text_.push_back(c);
    }
  }
  text_.push_back('"');
}

JsonText& JsonText::Key(absl::string_view key) {
  Separate();
  Quote(key);
  text_.push_back(':');
  return *this;
}

JsonText& JsonText::Open(char bracket) {
  Separate();
  text_.push_back(bracket);
  open_.push_back(bracket);
  return *this;
}

JsonText& JsonText::Close() {
  text_.push_back(open_.back() == '{' ? '}' : ']');
  open_.pop_back();
  return *this;
}

JsonText& JsonText::String(absl::string_view text) {
  Separate();
  Quote(text);
  return *this;
}

JsonText& JsonText::Number(int64_t number) {
  Separate();
  absl::StrAppend(&text_, number);
  return *this;
}

JsonText& JsonText::Bool(bool value) {
  Separate();
  text_.append(value ? "true" : "false");
  return *this;
}

}  // namespace sifa::contract
