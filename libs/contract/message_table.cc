#include "libs/contract/message_table.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/contract/descriptor_cache.h"
#include "libs/contract/json.h"
#include "libs/contract/rules.h"
#include "sifa/options/v1/options.pb.h"

namespace sifa::contract {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

namespace {

uint64_t Load(const char* p, size_t n) {
  uint64_t word = 0;
  std::memcpy(&word, p, n);
  return word;
}

// Names are known beforehand, so the first and last eight bytes and the length tell them apart well enough.
uint32_t HashOf(absl::string_view name) {
  const size_t n = std::min<size_t>(name.size(), 8);
  const uint64_t head = Load(name.data(), n);
  const uint64_t tail = Load(name.data() + name.size() - n, n);
  const uint64_t mixed = (head ^ (tail * 0x9e3779b97f4a7c15ull) ^ name.size()) * 0xff51afd7ed558ccdull;
  return static_cast<uint32_t>(mixed >> 32);
}

std::string TagOf(uint32_t number, WireType wire_type) {
  std::string tag;
  Buffer buffer(&tag, 8);
  buffer.Varint(static_cast<uint64_t>(number) << 3 | wire_type);
  buffer.Finish();
  return tag;
}

struct Shape {
  Kind kind;
  WireType wire_type;
};

Shape ShapeOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      return {Kind::kBool, kVarint};
    case FieldDescriptor::TYPE_INT32:
      return {Kind::kInt32, kVarint};
    case FieldDescriptor::TYPE_INT64:
      return {Kind::kInt64, kVarint};
    case FieldDescriptor::TYPE_UINT32:
      return {Kind::kUint32, kVarint};
    case FieldDescriptor::TYPE_UINT64:
      return {Kind::kUint64, kVarint};
    case FieldDescriptor::TYPE_SINT32:
      return {Kind::kSint32, kVarint};
    case FieldDescriptor::TYPE_SINT64:
      return {Kind::kSint64, kVarint};
    case FieldDescriptor::TYPE_FIXED32:
      return {Kind::kFixed32, kFixed32};
    case FieldDescriptor::TYPE_FIXED64:
      return {Kind::kFixed64, kFixed64};
    case FieldDescriptor::TYPE_SFIXED32:
      return {Kind::kSfixed32, kFixed32};
    case FieldDescriptor::TYPE_SFIXED64:
      return {Kind::kSfixed64, kFixed64};
    case FieldDescriptor::TYPE_FLOAT:
      return {Kind::kFloat, kFixed32};
    case FieldDescriptor::TYPE_DOUBLE:
      return {Kind::kDouble, kFixed64};
    case FieldDescriptor::TYPE_ENUM:
      return {field.enum_type()->full_name() == "google.protobuf.NullValue" ? Kind::kNullValue : Kind::kEnum,
              kVarint};
    case FieldDescriptor::TYPE_STRING:
      return {Kind::kString, kLengthDelimited};
    case FieldDescriptor::TYPE_BYTES:
      return {Kind::kBytes, kLengthDelimited};
    default:
      return {Kind::kMessage, kLengthDelimited};  // proto2 groups do not occur in contracts
  }
}

WellKnown WellKnownOf(const Descriptor& type) {
  static const absl::flat_hash_map<absl::string_view, WellKnown> kTypes = {
      {"google.protobuf.Timestamp", WellKnown::kTimestamp},
      {"google.protobuf.Duration", WellKnown::kDuration},
      {"google.protobuf.FieldMask", WellKnown::kFieldMask},
      {"google.protobuf.Struct", WellKnown::kStruct},
      {"google.protobuf.Value", WellKnown::kValue},
      {"google.protobuf.ListValue", WellKnown::kListValue},
      {"google.protobuf.Any", WellKnown::kAny},
      {"google.protobuf.BoolValue", WellKnown::kWrapper},
      {"google.protobuf.Int32Value", WellKnown::kWrapper},
      {"google.protobuf.Int64Value", WellKnown::kWrapper},
      {"google.protobuf.UInt32Value", WellKnown::kWrapper},
      {"google.protobuf.UInt64Value", WellKnown::kWrapper},
      {"google.protobuf.FloatValue", WellKnown::kWrapper},
      {"google.protobuf.DoubleValue", WellKnown::kWrapper},
      {"google.protobuf.StringValue", WellKnown::kWrapper},
      {"google.protobuf.BytesValue", WellKnown::kWrapper},
  };
  const auto at = kTypes.find(type.full_name());
  return at == kTypes.end() ? WellKnown::kNone : at->second;
}

}  // namespace

EnumTable::EnumTable(const EnumDescriptor& type) {
  for (int i = 0; i < type.value_count(); ++i) {
    const auto& value = *type.value(i);
    numbers.emplace(value.name(), value.number());
    const std::string quoted = absl::StrCat("\"", value.name(), "\"");
    if (value.number() < 0 || value.number() > 255) {
      others.emplace(value.number(), quoted);  // of aliases the first is printed
      continue;
    }
    if (static_cast<size_t>(value.number()) >= small.size()) small.resize(value.number() + 1);
    if (small[value.number()].empty()) small[value.number()] = quoted;
  }
}

const FieldTable* MessageTable::ByHash(absl::string_view name) const {
  if (name_slots_.empty()) return nullptr;
  const size_t mask = name_slots_.size() - 1;
  for (size_t at = HashOf(name) & mask; name_slots_[at] != kNone; at = (at + 1) & mask) {
    const FieldTable& field = fields[name_slots_[at] / 2];
    if ((name_slots_[at] & 1 ? field.json_name : field.name) == name) return &field;
  }
  return nullptr;
}

void MessageTable::IndexNames() {
  size_t size = 4;
  while (size < 4 * fields.size()) size *= 2;
  name_slots_.assign(size, kNone);
  const auto insert = [&](absl::string_view name, uint32_t slot) {
    size_t at = HashOf(name) & (size - 1);
    while (name_slots_[at] != kNone) at = (at + 1) & (size - 1);
    name_slots_[at] = static_cast<uint16_t>(slot);
  };
  for (const FieldTable& field : fields) {
    insert(field.json_name, 2 * field.index + 1);
    if (field.name != field.json_name) insert(field.name, 2 * field.index);
  }
}

void MessageTable::IndexNumbers() {
  for (const FieldTable& field : fields) {
    if (field.number > 1023) {
      large_numbers_.emplace(field.number, field.index);
      continue;
    }
    if (field.number >= small_numbers_.size()) small_numbers_.resize(field.number + 1, kNone);
    small_numbers_[field.number] = static_cast<uint16_t>(field.index);
  }
}

// Builds tables under the lock of the cache; a type is entered before its fields, so that cycles close.
class TableBuilder {
 public:
  using Tables = DescriptorCache<MessageTable>::Map;

  explicit TableBuilder(Tables* tables) : tables_(tables) {}

  const MessageTable* Build(const Descriptor* type) {
    if (const auto at = tables_->find(type); at != tables_->end()) return at->second;
    auto* table = new MessageTable;  // kept for the life of the process
    tables_->emplace(type, table);
    table->type = type;
    table->well_known = WellKnownOf(*type);
    table->oneofs = type->real_oneof_decl_count();
    std::vector<const FieldDescriptor*> fields;
    for (int i = 0; i < type->field_count(); ++i) fields.push_back(type->field(i));
    std::sort(fields.begin(), fields.end(), [](auto* a, auto* b) { return a->number() < b->number(); });
    table->fields.resize(fields.size());
    for (size_t i = 0; i < fields.size(); ++i) {
      table->fields[i].index = static_cast<uint32_t>(i);
      Fill(*fields[i], table->fields[i]);
    }
    table->IndexNames();
    table->IndexNumbers();
    return table;
  }

 private:
  void Fill(const FieldDescriptor& from, FieldTable& field) {
    const Shape shape = ShapeOf(from);
    field.name = from.name();
    field.json_name = from.json_name();
    field.key = absl::StrCat("\"", from.json_name(), "\":");
    field.number = static_cast<uint32_t>(from.number());
    field.kind = shape.kind;
    field.wire_type = shape.wire_type;
    field.tag = TagOf(field.number, shape.wire_type);
    field.packed_tag = TagOf(field.number, kLengthDelimited);
    field.map = from.is_map();
    field.repeated = from.is_repeated() && !from.is_map();
    field.packed = from.is_packed();
    field.presence = from.has_presence();
    const bool is_value = absl::StartsWith(from.containing_type()->full_name(), "google.protobuf.");  // which has no rules
    field.max_items = is_value ? kMaxJsonValues : static_cast<size_t>(MaxItemsOf(RuleOf(from)));
    field.sensitive = RuleOf(from).sensitive() != options::v1::SENSITIVE_UNSPECIFIED;
    if (from.real_containing_oneof() != nullptr) field.oneof = from.real_containing_oneof()->index();
    if (from.message_type() != nullptr) field.message = Build(from.message_type());
    if (from.enum_type() != nullptr) field.enumeration = BuildEnum(from.enum_type());
  }

  const EnumTable* BuildEnum(const EnumDescriptor* type) {
    static auto& tables = *new absl::flat_hash_map<const EnumDescriptor*, const EnumTable*>;
    const EnumTable*& table = tables[type];
    if (table == nullptr) table = new EnumTable(*type);
    return table;
  }

  Tables* const tables_;
};

const MessageTable& TableOf(const Descriptor* type) {
  static auto& cache = *new DescriptorCache<MessageTable>;
  return cache.Get(type, [](const Descriptor* root, TableBuilder::Tables* tables) {
    return TableBuilder(tables).Build(root);
  });
}

}  // namespace sifa::contract
