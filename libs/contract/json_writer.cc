#include "libs/contract/json_writer.h"

#include <cstring>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libs/contract/normalize.h"
#include "libs/contract/text_forms.h"
#include "simdjson.h"

namespace sifa::contract {
namespace {

// Bytes that JSON strings need escaped, eight at a time: below 0x20, '"' and '\\'. May err for bytes above
// 0x7f only towards true.
bool NeedsEscape(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101ull, kHighs = 0x8080808080808080ull;
  const uint64_t quote = word ^ (kOnes * '"');
  const uint64_t slash = word ^ (kOnes * '\\');
  const uint64_t control = word & (kOnes * 0xe0);  // zero in a byte below 0x20
  const auto has_zero = [](uint64_t x) { return (x - kOnes) & ~x & kHighs; };
  return (has_zero(quote) | has_zero(slash) | has_zero(control)) != 0;
}

// True where a value at p is the default of its type.
bool IsDefault(const FieldTable& field, const char* p, const char* end) {
  if (field.wire_type == kVarint || field.wire_type == kLengthDelimited) return p < end && *p == 0;
  const int size = field.wire_type == kFixed32 ? 4 : 8;
  constexpr char kZero[8] = {};
  return end - p >= size && std::memcmp(p, kZero, size) == 0;
}

}  // namespace

void JsonWriter::Escaped(absl::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  const char* from = text.data();
  const char* const end = from + text.size();
  char* p = out_.Reserve(text.size() + 8);
  while (from < end) {
    if (end - from >= 8) {
      uint64_t word;
      std::memcpy(&word, from, 8);
      if (!NeedsEscape(word)) {
        std::memcpy(p, from, 8);
        p += 8;
        from += 8;
        continue;
      }
    }
    const char c = *from++;
    if (static_cast<uint8_t>(c) >= 0x20 && c != '"' && c != '\\') {
      *p++ = c;
      continue;
    }
    *p++ = '\\';
    const char* const short_forms = "\b\f\n\r\t\"\\";
    const char* at = c == '\0' ? nullptr : std::strchr(short_forms, c);
    if (at != nullptr) {
      *p++ = "bfnrt\"\\"[at - short_forms];
    } else {
      std::memcpy(p, "u00", 3);
      p[3] = kHex[c >> 4];
      p[4] = kHex[c & 15];
      p += 5;
    }
    out_.Advance(p);
    p = out_.Reserve(end - from + 8);
  }
  out_.Advance(p);
}

bool JsonWriter::String(absl::string_view text) {
  if (checks_strings_ && !simdjson::validate_utf8(text.data(), text.size())) return Fail("UTF8_INVALID");
  out_.Byte('"');
  Escaped(text);
  out_.Byte('"');
  return true;
}

void JsonWriter::EnumValue(const FieldTable& field, int32_t number) {
  if (field.kind == Kind::kNullValue) return out_.Append("null");
  const absl::string_view name = field.enumeration->QuotedName(number);
  if (!name.empty()) return out_.Append(name);
  Plain(number);
}

// A number of any kind, as it stands on the wire.
const char* JsonWriter::Number(const FieldTable& field, const char* p, const char* end) {
  if (field.wire_type == kVarint) {
    uint64_t value;
    p = ReadVarint(p, end, &value);
    if (p == nullptr) return nullptr;
    switch (field.kind) {
      case Kind::kBool:
        out_.Append(value != 0 ? "true" : "false");
        break;
      case Kind::kInt32:
        Plain(static_cast<int32_t>(value));
        break;
      case Kind::kUint32:
        Plain(static_cast<uint32_t>(value));
        break;
      case Kind::kInt64:
        Quoted(static_cast<int64_t>(value));
        break;
      case Kind::kUint64:
        Quoted(value);
        break;
      case Kind::kSint32: {
        const uint32_t folded = static_cast<uint32_t>(value);
        Plain(static_cast<int32_t>(folded >> 1 ^ (0u - (folded & 1))));
        break;
      }
      case Kind::kSint64:
        Quoted(static_cast<int64_t>(value >> 1 ^ (0ull - (value & 1))));
        break;
      default:
        EnumValue(field, static_cast<int32_t>(value));
    }
    return p;
  }
  uint32_t bits32 = 0;
  uint64_t bits64 = 0;
  p = field.wire_type == kFixed32 ? ReadFixed(p, end, &bits32) : ReadFixed(p, end, &bits64);
  if (p == nullptr) return nullptr;
  switch (field.kind) {
    case Kind::kFixed32:
      Plain(bits32);
      break;
    case Kind::kSfixed32:
      Plain(static_cast<int32_t>(bits32));
      break;
    case Kind::kFixed64:
      Quoted(bits64);
      break;
    case Kind::kSfixed64:
      Quoted(static_cast<int64_t>(bits64));
      break;
    case Kind::kFloat: {
      float value;
      std::memcpy(&value, &bits32, sizeof value);
      PrintFloat(value, &out_);
      break;
    }
    default: {
      double value;
      std::memcpy(&value, &bits64, sizeof value);
      PrintDouble(value, &out_);
    }
  }
  return p;
}

// One value at p; the place after it, or nullptr with the reason set.
const char* JsonWriter::Value(const FieldTable& field, const char* p, const char* end) {
  if (field.wire_type != kLengthDelimited) {
    p = Number(field, p, end);
    if (p == nullptr) Malformed();
    return p;
  }
  absl::string_view bytes;
  p = ReadBytes(p, end, &bytes);
  if (p == nullptr) {
    Malformed();
    return nullptr;
  }
  if (field.kind == Kind::kString) return String(bytes) ? p : nullptr;
  if (field.kind == Kind::kMessage) return Message(*field.message, bytes) ? p : nullptr;
  out_.Byte('"');
  PrintBase64(bytes, &out_);
  out_.Byte('"');
  return p;
}

const char* JsonWriter::Repeated(const FieldTable& field, const char* p, const char* end) {
  const size_t begin = out_.size();
  out_.Byte('[');
  const size_t first = out_.size();
  p = RepeatedItems(field, p, end);
  if (p == nullptr) return nullptr;
  if (out_.size() == first) {  // packed, with nothing in it
    out_.Truncate(begin);
    return p;
  }
  out_.Truncate(out_.size() - 1);  // the last comma
  out_.Byte(']');
  return p;
}

// All values of the field from its first tag at p on, packed or not; p comes back before the next field's
// tag.
const char* JsonWriter::RepeatedItems(const FieldTable& field, const char* p, const char* end) {
  while (p < end) {
    uint64_t tag = 0;
    const char* value = ReadVarint(p, end, &tag);
    if (value == nullptr || tag >> 3 != field.number) break;
    if ((tag & 7) == field.wire_type) {
      p = Value(field, value, end);
      if (p == nullptr) return nullptr;
      out_.Byte(',');
      continue;
    }
    absl::string_view packed;
    if ((tag & 7) != kLengthDelimited) break;
    p = ReadBytes(value, end, &packed);
    for (const char* at = packed.data(); at < packed.data() + packed.size(); out_.Byte(',')) {
      at = Value(field, at, packed.data() + packed.size());
      if (at == nullptr) return nullptr;
    }
  }
  return p;
}

const char* JsonWriter::Map(const FieldTable& field, const char* p, const char* end) {
  const FieldTable& key_field = field.message->fields[0];
  std::vector<absl::string_view> entries;
  absl::flat_hash_map<std::string, size_t> by_key;  // the last entry of a key wins
  while (p < end) {
    uint64_t tag = 0;
    absl::string_view entry;
    const char* value = ReadVarint(p, end, &tag);
    if (value == nullptr || tag != (field.number << 3 | kLengthDelimited)) break;
    p = ReadBytes(value, end, &entry);
    if (CheckOrder(*field.message, entry) == Order::kMalformed) {
      Malformed();
      return nullptr;
    }
    absl::string_view key = LastValue(key_field, entry);
    if (IsDefault(key_field, key.data(), key.data() + key.size())) key = "";  // the same as none
    const auto [at, is_new] = by_key.try_emplace(std::string(key), entries.size());
    if (is_new) {
      entries.push_back(entry);
    } else {
      entries[at->second] = entry;
    }
  }
  out_.Byte('{');
  for (absl::string_view entry : entries) {
    if (!MapEntry(field, entry)) return nullptr;
    out_.Byte(',');
  }
  out_.Truncate(out_.size() - 1);
  out_.Byte('}');
  return p;
}

bool JsonWriter::MapEntry(const FieldTable& field, absl::string_view entry) {
  const FieldTable& key_field = field.message->fields[0];
  const FieldTable& value_field = field.message->fields[1];
  const absl::string_view key = LastValue(key_field, entry);
  if (key_field.kind == Kind::kString) {
    absl::string_view text;
    if (!key.empty()) ReadBytes(key.data(), key.data() + key.size(), &text);
    if (!String(text)) return false;
  } else {
    static constexpr char kZero[8] = {};
    const bool is_64 = key_field.kind == Kind::kInt64 || key_field.kind == Kind::kUint64 ||
                       key_field.kind == Kind::kSint64 || key_field.kind == Kind::kFixed64 ||
                       key_field.kind == Kind::kSfixed64;  // already in quotes
    if (!is_64) out_.Byte('"');
    const absl::string_view number = key.empty() ? absl::string_view(kZero, 8) : key;
    if (Number(key_field, number.data(), number.data() + number.size()) == nullptr) return Malformed();
    if (!is_64) out_.Byte('"');
  }
  out_.Byte(':');
  if (value_field.kind == Kind::kMessage) return Message(*value_field.message, Merged(value_field, entry));
  const absl::string_view value = LastValue(value_field, entry);
  if (value.empty()) return DefaultValue(value_field);
  return Value(value_field, value.data(), value.data() + value.size()) != nullptr;
}

bool JsonWriter::DefaultValue(const FieldTable& field) {
  static constexpr char kZero[8] = {};
  return Value(field, kZero, kZero + sizeof kZero) != nullptr;
}

const char* JsonWriter::Singular(const FieldTable& field, const char* p, const char* end) {
  out_.Append(field.key);
  return Value(field, p, end);
}

bool JsonWriter::Fields(const MessageTable& table, absl::string_view wire, bool first) {
  const char* p = wire.data();
  const char* const end = p + wire.size();
  while (p < end) {
    uint64_t tag = 0;
    const char* value = ReadVarint(p, end, &tag);  // IsOrdered has seen that all is well formed at this level
    const FieldTable* field = table.ByNumber(static_cast<uint32_t>(tag >> 3));
    const uint32_t wire_type = tag & 7;
    const bool packed =
        field != nullptr && field->repeated && field->packable() && wire_type == kLengthDelimited;
    const bool skipped =
        field == nullptr || (wire_type != field->wire_type && !packed) ||
        (!field->presence && !field->repeated && !field->map && IsDefault(*field, value, end));
    if (skipped) {
      p = SkipValue(value, end, wire_type);
      continue;
    }
    const size_t begin = out_.size();
    if (!first) out_.Byte(',');
    if (field->repeated || field->map) {
      out_.Append(field->key);
      const size_t content = out_.size();
      p = field->map ? Map(*field, p, end) : Repeated(*field, p, end);
      if (p != nullptr && out_.size() == content) {
        out_.Truncate(begin);
        continue;
      }
    } else {
      p = Singular(*field, value, end);
    }
    if (p == nullptr) return At(field->name);
    first = false;
  }
  return true;
}

bool JsonWriter::Object(const MessageTable& table, absl::string_view wire) {
  out_.Byte('{');
  if (!Fields(table, wire, true)) return false;
  out_.Byte('}');
  return true;
}

}  // namespace sifa::contract
