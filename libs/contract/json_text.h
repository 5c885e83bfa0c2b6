// Builds a JSON text from its first byte to its last, in the order of the calls.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace sifa::contract {

// Values in an object follow a Key; commas are put in. Text must be UTF-8.
class JsonText {
 public:
  JsonText& Key(absl::string_view key);
  JsonText& Open(char bracket);  // '{' or '['
  JsonText& Close();
  JsonText& String(absl::string_view text);
  JsonText& Number(int64_t number);
  JsonText& Bool(bool value);

  // Key and value in one.
  JsonText& String(absl::string_view key, absl::string_view text) { return Key(key).String(text); }
  JsonText& Number(absl::string_view key, int64_t number) { return Key(key).Number(number); }
  JsonText& Bool(absl::string_view key, bool value) { return Key(key).Bool(value); }
  JsonText& Open(absl::string_view key, char bracket) { return Key(key).Open(bracket); }

  // REQUIRES: all is closed.
  std::string Take() { return std::move(text_); }

 private:
  void Separate();
  void Quote(absl::string_view text);

  std::string text_;
  std::string open_;  // brackets not yet closed
};

}  // namespace sifa::contract
