// Writes the wire form of JSON values as simdjson has parsed them. Used by JsonToWire and by the binding of
// requests.
#pragma once

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "libs/contract/message_table.h"
#include "simdjson.h"

namespace sifa::contract {

// Parses with a parser of the thread; the element lives until the thread's next call. An error is an
// InvalidField for the whole document.
absl::Status ParseJson(absl::string_view json, simdjson::dom::element* element);

// The value of an element whose type was tested before.
template <class T, class Result>
T Unchecked(Result&& result) {
  return std::forward<Result>(result).value_unsafe();
}
inline absl::string_view StringOf(const simdjson::dom::element& value) {
  const std::string_view text = Unchecked<std::string_view>(value.get_string());
  return {text.data(), text.size()};
}

// One message or field at a time. After a false the reader holds the reason and the path; see ToStatus.
class JsonReader {
 public:
  // Strings must be UTF-8, as the parser has seen to (also in \u escapes: it refuses half a surrogate pair).
  explicit JsonReader(Buffer* out) : out_(*out) {}

  // The content of a message, without tag and length.
  bool Message(const MessageTable& table, const simdjson::dom::element& value);
  // A field with its tag; null is nothing.
  bool Field(const FieldTable& field, const simdjson::dom::element& value);
  // A single value from text, as paths and queries give it: "true", "12", an enum's name or a well-known
  // type's string.
  bool Text(const FieldTable& field, absl::string_view text);

  // Puts the name before the path of the error.
  bool At(absl::string_view name);
  absl::Status ToStatus() const;

 private:
  using Element = simdjson::dom::element;
  using Object = simdjson::dom::object;

  bool Fail(absl::string_view reason, absl::string_view message);
  // One value more. False where the document has too many.
  bool Count();
  bool CheckSize(const FieldTable& field, size_t size);
  bool FailType(absl::string_view wanted);
  bool AtKey(absl::string_view key);
  bool AtIndex(size_t index);

  bool Members(const MessageTable& table, const Object& object, bool in_any);
  bool Singular(const FieldTable& field, const Element& value);
  bool Repeated(const FieldTable& field, const Element& value);
  bool Map(const FieldTable& field, const Element& value);
  bool Scalar(const FieldTable& field, const Element& value);
  bool ScalarText(const FieldTable& field, absl::string_view text);
  bool WellKnownText(const MessageTable& table, absl::string_view text);
  bool Value(const MessageTable& table, const Element& value);
  bool Any(const MessageTable& table, const Element& value);

  template <class Number>
  bool Integer(const Element& value, int64_t lowest, uint64_t highest, Number* number);
  template <class Number>
  bool IntegerText(absl::string_view text, int64_t lowest, uint64_t highest, Number* number);
  template <class Source>
  bool Whole(const FieldTable& field, const Source& source);
  bool Signed(const Element& v, int64_t lo, int64_t hi, int64_t* n) { return Integer(v, lo, hi, n); }
  bool Signed(absl::string_view v, int64_t lo, int64_t hi, int64_t* n) { return IntegerText(v, lo, hi, n); }
  bool Unsigned(const Element& v, uint64_t hi, uint64_t* n) { return Integer(v, 0, hi, n); }
  bool Unsigned(absl::string_view v, uint64_t hi, uint64_t* n) { return IntegerText(v, 0, hi, n); }
  bool Floating(const FieldTable& field, const Element& value);
  bool FloatingText(const FieldTable& field, absl::string_view text);
  bool PutFloating(const FieldTable& field, double number);
  bool Enum(const FieldTable& field, const Element& value);
  bool EnumName(const FieldTable& field, absl::string_view name);
  void String(absl::string_view text);
  bool IsZero(const FieldTable& field, size_t from) const;

  Buffer& out_;
  int values_ = 0;
  std::string reason_;
  std::string message_;
  std::string path_;
};

}  // namespace sifa::contract
