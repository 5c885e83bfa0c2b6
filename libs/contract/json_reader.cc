#include "libs/contract/json_reader.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "libs/contract/json.h"
#include "libs/contract/text_forms.h"
#include "libs/core/status.h"

namespace sifa::contract {
namespace {

using simdjson::dom::element_type;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// Which fields and oneofs of a message have been seen.
class Seen {
 public:
  explicit Seen(size_t bits) : words_((bits + 63) / 64, 0) {}
  bool Add(size_t bit) {
    uint64_t& word = words_[bit / 64];
    const uint64_t mask = uint64_t{1} << (bit % 64);
    const bool is_new = (word & mask) == 0;
    word |= mask;
    return is_new;
  }

 private:
  absl::InlinedVector<uint64_t, 2> words_;
};

bool TakesNull(const FieldTable& field) {
  if (field.repeated || field.map) return false;
  return field.kind == Kind::kNullValue ||
         (field.kind == Kind::kMessage && field.message->well_known == WellKnown::kValue);
}

}  // namespace

bool JsonReader::Fail(absl::string_view reason, absl::string_view message) {
  reason_ = std::string(reason);
  message_ = std::string(message);
  path_.clear();
  return false;
}

bool JsonReader::Count() {
  return ++values_ <= kMaxJsonValues ||
         Fail("JSON_TOO_MANY_VALUES", absl::StrCat("请求内容的值过多，最多", kMaxJsonValues, "个"));
}

bool JsonReader::CheckSize(const FieldTable& field, size_t size) {
  return size <= field.max_items || Fail("TOO_MANY_ITEMS", absl::StrCat("最多", field.max_items, "项"));
}

bool JsonReader::FailType(absl::string_view wanted) {
  return Fail("FIELD_TYPE", absl::StrCat("类型不对，应为", wanted));
}

bool JsonReader::At(absl::string_view name) {
  constexpr size_t kLongest = 100;  // what callers make up is not repeated to them at any length
  if (name.size() > kLongest) name = "…";
  path_ = absl::StrCat(name, path_.empty() || path_[0] == '[' ? "" : ".", path_);
  return false;
}

bool JsonReader::AtKey(absl::string_view key) { return At(absl::StrCat("[\"", key, "\"]")); }
bool JsonReader::AtIndex(size_t index) { return At(absl::StrCat("[", index, "]")); }

absl::Status JsonReader::ToStatus() const { return InvalidField(path_, reason_, message_); }

bool JsonReader::Message(const MessageTable& table, const Element& value) {
  switch (table.well_known) {
    case WellKnown::kNone:
      if (!value.is_object()) return FailType("对象");
      return Members(table, Unchecked<Object>(value.get_object()), false);
    case WellKnown::kTimestamp:
    case WellKnown::kDuration:
    case WellKnown::kFieldMask:
      if (!value.is_string()) return FailType("文字");
      return WellKnownText(table, StringOf(value));
    case WellKnown::kWrapper:
      return Singular(table.fields[0], value);
    case WellKnown::kStruct:
      return Map(table.fields[0], value);
    case WellKnown::kListValue:
      return Repeated(table.fields[0], value);
    case WellKnown::kValue:
      return Value(table, value);
    case WellKnown::kAny:
      return Any(table, value);
  }
  return false;
}

bool JsonReader::Members(const MessageTable& table, const Object& object, bool in_any) {
  Seen seen(table.fields.size() + table.oneofs);
  size_t expected = 0;
  for (const auto& [key, value] : object) {
    const absl::string_view name = View(key);
    const FieldTable* field = table.ByName(name, expected);
    if (field == nullptr) {
      if (in_any && name == "@type") continue;
      Fail("FIELD_UNKNOWN", "没有这个字段");
      return At(name);
    }
    if (!Count()) return At(field->name);
    expected = field->index + 1;
    if (!seen.Add(field->index)) {
      Fail("FIELD_DUPLICATE", "字段重复");
      return At(field->name);
    }
    if (value.is_null() && !TakesNull(*field)) continue;
    if (field->oneof >= 0 && !seen.Add(table.fields.size() + field->oneof)) {
      Fail("FIELD_DUPLICATE", "与另一字段只能填写其中一项");
      return At(field->name);
    }
    if (!Field(*field, value)) return At(field->name);
  }
  return true;
}

bool JsonReader::Field(const FieldTable& field, const Element& value) {
  if (value.is_null() && !TakesNull(field)) return true;
  if (field.map) return Map(field, value);
  if (field.repeated) return Repeated(field, value);
  return Singular(field, value);
}

bool JsonReader::Singular(const FieldTable& field, const Element& value) {
  const size_t begin = out_.size();
  out_.Append(field.tag);
  if (field.kind == Kind::kMessage) {
    const size_t content = out_.BeginLength();
    if (!Message(*field.message, value)) return false;
    out_.EndLength(content);
    return true;
  }
  if (!Scalar(field, value)) return false;
  if (!field.presence && IsZero(field, begin + field.tag.size())) out_.Truncate(begin);
  return true;
}

// True where the value written from `from` on is the type's default.
bool JsonReader::IsZero(const FieldTable& field, size_t from) const {
  const char* begin = out_.data() + from;
  const char* end = out_.data() + out_.size();
  if (field.wire_type == kVarint || field.wire_type == kLengthDelimited)
    return *begin == 0 && end - begin == 1;
  return std::all_of(begin, end, [](char c) { return c == 0; });
}

bool JsonReader::Repeated(const FieldTable& field, const Element& value) {
  if (!value.is_array()) return FailType("列表");
  const auto array = Unchecked<simdjson::dom::array>(value.get_array());
  if (!CheckSize(field, array.size())) return false;
  const size_t begin = out_.size();
  size_t content = 0;
  if (field.packed) {
    out_.Append(field.packed_tag);
    content = out_.BeginLength();
  }
  size_t index = 0;
  for (const Element item : array) {
    const bool takes_null = field.kind == Kind::kNullValue ||
                            (field.kind == Kind::kMessage && field.message->well_known == WellKnown::kValue);
    if (item.is_null() && !takes_null) {
      FailType("非空的值");
      return AtIndex(index);
    }
    if (!Count()) return AtIndex(index);
    if (!field.packed) out_.Append(field.tag);
    if (field.kind == Kind::kMessage) {
      const size_t message = out_.BeginLength();
      if (!Message(*field.message, item)) return AtIndex(index);
      out_.EndLength(message);
    } else if (!Scalar(field, item)) {
      return AtIndex(index);
    }
    ++index;
  }
  if (field.packed) {
    if (index == 0) {
      out_.Truncate(begin);
    } else {
      out_.EndLength(content);
    }
  }
  return true;
}

bool JsonReader::Map(const FieldTable& field, const Element& value) {
  if (!value.is_object()) return FailType("对象");
  const FieldTable& key_field = field.message->fields[0];
  const FieldTable& value_field = field.message->fields[1];
  absl::flat_hash_set<std::string> keys;
  const auto object = Unchecked<Object>(value.get_object());
  if (!CheckSize(field, object.size())) return false;
  for (const auto& [key, item] : object) {
    const absl::string_view name = View(key);
    if (!Count()) return AtKey(name);
    out_.Append(field.tag);
    const size_t entry = out_.BeginLength();
    out_.Append(key_field.tag);
    const size_t key_at = out_.size();
    if (!ScalarText(key_field, name)) return AtKey(name);
    if (!keys.emplace(out_.data() + key_at, out_.size() - key_at).second) {
      Fail("FIELD_DUPLICATE", "键重复");
      return AtKey(name);
    }
    if (item.is_null() && !TakesNull(value_field)) {
      FailType("非空的值");
      return AtKey(name);
    }
    out_.Append(value_field.tag);
    if (value_field.kind == Kind::kMessage) {
      const size_t content = out_.BeginLength();
      if (!Message(*value_field.message, item)) return AtKey(name);
      out_.EndLength(content);
    } else if (!Scalar(value_field, item)) {
      return AtKey(name);
    }
    out_.EndLength(entry);
  }
  return true;
}

bool JsonReader::Scalar(const FieldTable& field, const Element& value) {
  switch (field.kind) {
    case Kind::kBool:
      if (!value.is_bool()) return FailType("true或false");
      out_.Byte(Unchecked<bool>(value.get_bool()) ? 1 : 0);
      return true;
    case Kind::kString:
      if (!value.is_string()) return FailType("文字");
      String(StringOf(value));
      return true;
    case Kind::kBytes:
      if (!value.is_string()) return FailType("base64文字");
      return ScalarText(field, StringOf(value));
    case Kind::kFloat:
    case Kind::kDouble:
      return Floating(field, value);
    case Kind::kEnum:
    case Kind::kNullValue:
      return Enum(field, value);
    default:
      return Whole(field, value);
  }
}

bool JsonReader::ScalarText(const FieldTable& field, absl::string_view text) {
  switch (field.kind) {
    case Kind::kBool:
      if (text != "true" && text != "false") return FailType("true或false");
      out_.Byte(text == "true" ? 1 : 0);
      return true;
    case Kind::kString:
      String(text);
      return true;
    case Kind::kBytes: {
      const size_t content = out_.BeginLength();
      if (!ParseBase64(text, &out_)) return FailType("base64文字");
      out_.EndLength(content);
      return true;
    }
    case Kind::kFloat:
    case Kind::kDouble:
      return FloatingText(field, text);
    case Kind::kEnum: {
      int64_t number;
      if (field.enumeration->numbers.contains(text) || ParseInteger(text, &number) != Parsed::kOk)
        return EnumName(field, text);
      if (number != static_cast<int32_t>(number)) return Fail("NUMBER_RANGE", "数值超出范围");
      out_.Varint(static_cast<uint64_t>(number));
      return true;
    }
    case Kind::kNullValue:
      return EnumName(field, text);
    case Kind::kMessage:
      return FailType("对象");
    default:
      return Whole(field, text);
  }
}

bool JsonReader::Text(const FieldTable& field, absl::string_view text) {
  const size_t begin = out_.size();
  out_.Append(field.tag);
  if (field.kind != Kind::kMessage) {
    if (!ScalarText(field, text)) return false;
    if (!field.presence && !field.repeated && IsZero(field, begin + field.tag.size())) out_.Truncate(begin);
    return true;
  }
  const size_t content = out_.BeginLength();
  const bool is_wrapper = field.message->well_known == WellKnown::kWrapper;
  if (is_wrapper ? !Text(field.message->fields[0], text) : !WellKnownText(*field.message, text)) return false;
  out_.EndLength(content);
  return true;
}

void JsonReader::String(absl::string_view text) {
  out_.Varint(text.size());
  out_.Append(text);
}

bool JsonReader::EnumName(const FieldTable& field, absl::string_view name) {
  const auto at = field.enumeration->numbers.find(name);
  if (at == field.enumeration->numbers.end()) return Fail("ENUM_UNKNOWN", "没有这个代码");
  out_.Varint(static_cast<uint64_t>(static_cast<int64_t>(at->second)));
  return true;
}

}  // namespace sifa::contract
