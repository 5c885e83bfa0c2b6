// Prints a wire message as JSON, field by field as it reads it. Used by WireToJson.
#pragma once

#include <charconv>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/contract/message_table.h"
#include "libs/core/status.h"

namespace sifa::contract {

class JsonWriter {
 public:
  // `checks_strings`: look for the string that is not UTF-8, after the whole was found not to be.
  JsonWriter(Buffer* out, bool checks_strings) : out_(*out), checks_strings_(checks_strings) {}

  // After a false the writer holds the reason and the path; see ToStatus.
  bool Message(const MessageTable& table, absl::string_view wire);
  absl::Status ToStatus() const {
    return Error(
        absl::StatusCode::kInternal, reason_,
        absl::StrCat(reason_ == "UTF8_INVALID" ? "应答中的文字不是有效的UTF-8编码：" : "应答数据有误：",
                     path_));
  }

 private:
  bool Fail(absl::string_view reason) {
    reason_ = std::string(reason);
    path_.clear();
    return false;
  }
  bool At(absl::string_view name) {
    path_ = absl::StrCat(name, path_.empty() ? "" : ".", path_);
    return false;
  }
  bool Malformed() { return Fail("WIRE_MALFORMED"); }

  bool Object(const MessageTable& table, absl::string_view wire);
  bool Fields(const MessageTable& table, absl::string_view wire, bool first);
  const char* Singular(const FieldTable& field, const char* p, const char* end);
  const char* Repeated(const FieldTable& field, const char* p, const char* end);
  const char* RepeatedItems(const FieldTable& field, const char* p, const char* end);
  const char* Map(const FieldTable& field, const char* p, const char* end);
  bool MapEntry(const FieldTable& field, absl::string_view entry);
  const char* Value(const FieldTable& field, const char* p, const char* end);
  bool DefaultValue(const FieldTable& field);
  const char* Number(const FieldTable& field, const char* p, const char* end);
  template <class Integer>
  void Plain(Integer value);
  template <class Integer>
  void Quoted(Integer value);
  bool String(absl::string_view text);
  void Escaped(absl::string_view text);
  void EnumValue(const FieldTable& field, int32_t number);

  bool Time(WellKnown kind, absl::string_view wire);
  bool Mask(const MessageTable& table, absl::string_view wire);
  bool Contents(const MessageTable& table, absl::string_view wire, absl::string_view when_empty);
  bool Any(absl::string_view wire);

  Buffer& out_;
  const bool checks_strings_;
  int depth_ = 0;
  std::string reason_;
  std::string path_;
};

template <class Integer>
void JsonWriter::Plain(Integer value) {
  char* p = out_.Reserve(24);
  out_.Advance(std::to_chars(p, p + 24, value).ptr);
}

template <class Integer>
void JsonWriter::Quoted(Integer value) {
  char* p = out_.Reserve(24);
  *p++ = '"';
  p = std::to_chars(p, p + 22, value).ptr;
  *p++ = '"';
  out_.Advance(p);
}

}  // namespace sifa::contract
