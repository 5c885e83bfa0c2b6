// What the JSON codec needs to know of a message type, laid out for speed. Built from descriptors, immutable.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "libs/contract/buffer.h"

namespace sifa::contract {

class MessageTable;

// How a value is written in JSON and on the wire.
enum class Kind : uint8_t {
  kBool,
  kInt32,
  kInt64,
  kUint32,
  kUint64,
  kSint32,
  kSint64,
  kFixed32,
  kFixed64,
  kSfixed32,
  kSfixed64,
  kFloat,
  kDouble,
  kEnum,
  kNullValue,
  kString,
  kBytes,
  kMessage,
};

// Types with a JSON form of their own. google.protobuf.Empty is an ordinary message.
enum class WellKnown : uint8_t {
  kNone,
  kTimestamp,
  kDuration,
  kFieldMask,
  kWrapper,
  kStruct,
  kValue,
  kListValue,
  kAny,
};

struct EnumTable {
  explicit EnumTable(const google::protobuf::EnumDescriptor& type);

  // The name in quotes, or "" for a number that the type does not know.
  absl::string_view QuotedName(int32_t number) const {
    if (static_cast<uint32_t>(number) < small.size()) return small[number];
    const auto at = others.find(number);
    return at == others.end() ? absl::string_view() : at->second;
  }

  std::vector<std::string> small;  // by number, 0 to 255
  absl::flat_hash_map<int32_t, std::string> others;
  absl::flat_hash_map<std::string, int32_t> numbers;
};

struct FieldTable {
  std::string name;
  std::string json_name;
  std::string key;  // "\"jsonName\":"
  std::string tag;  // of one value
  std::string packed_tag;
  uint32_t number = 0;
  uint32_t index = 0;  // in MessageTable::fields
  int oneof = -1;      // index of its oneof; proto3 optional is none
  size_t max_items = 0;  // of a repeated field or map
  Kind kind = Kind::kBool;
  WireType wire_type = kVarint;
  bool repeated = false;  // and not a map
  bool map = false;
  bool packed = false;
  bool presence = false;  // keeps its default value
  bool sensitive = false;  // personal data: never part of an address
  const MessageTable* message = nullptr;
  const EnumTable* enumeration = nullptr;

  bool packable() const { return wire_type != kLengthDelimited; }
};

class MessageTable {
 public:
  MessageTable() = default;
  MessageTable(const MessageTable&) = delete;
  MessageTable& operator=(const MessageTable&) = delete;

  // By proto or JSON name. `hint` is where the caller expects it: the field after the last one found.
  const FieldTable* ByName(absl::string_view name, size_t hint) const {
    if (hint < fields.size() && fields[hint].json_name == name) return &fields[hint];
    return ByHash(name);
  }
  const FieldTable* ByName(absl::string_view name) const { return ByHash(name); }

  const FieldTable* ByNumber(uint32_t number) const {
    if (number < small_numbers_.size()) {
      const uint16_t index = small_numbers_[number];
      return index == kNone ? nullptr : &fields[index];
    }
    const auto at = large_numbers_.find(number);
    return at == large_numbers_.end() ? nullptr : &fields[at->second];
  }

  const google::protobuf::Descriptor* type = nullptr;
  WellKnown well_known = WellKnown::kNone;
  int oneofs = 0;
  std::vector<FieldTable> fields;  // by number

 private:
  friend class TableBuilder;
  static constexpr uint16_t kNone = 0xffff;

  const FieldTable* ByHash(absl::string_view name) const;
  void IndexNames();
  void IndexNumbers();

  std::vector<uint16_t> name_slots_;  // open addressing; 2 * index, odd for a JSON name
  std::vector<uint16_t> small_numbers_;
  absl::flat_hash_map<uint32_t, uint16_t> large_numbers_;
};

}  // namespace sifa::contract
