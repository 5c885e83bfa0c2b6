// The messages of JsonWriter that have a JSON form of their own, and the whole document.
#include "libs/contract/json.h"
#include "libs/contract/json_writer.h"
#include "libs/contract/normalize.h"
#include "libs/contract/text_forms.h"
#include "simdjson.h"

namespace sifa::contract {
namespace {

constexpr int kMaxWireDepth = 100;  // protobuf's own

}  // namespace

bool JsonWriter::Message(const MessageTable& table, absl::string_view wire) {
  if (depth_ >= kMaxWireDepth) return Malformed();
  std::string normal;
  switch (CheckOrder(table, wire)) {
    case Order::kMalformed:
      return Malformed();
    case Order::kLoose:
      normal = Normalize(table, wire);
      wire = normal;
      break;
    case Order::kNormal:
      break;
  }
  ++depth_;
  bool ok = false;
  switch (table.well_known) {
    case WellKnown::kNone:
      ok = Object(table, wire);
      break;
    case WellKnown::kTimestamp:
    case WellKnown::kDuration:
      ok = Time(table.well_known, wire);
      break;
    case WellKnown::kFieldMask:
      ok = Mask(table, wire);
      break;
    case WellKnown::kWrapper:
      ok = Contents(table, wire, "");
      break;
    case WellKnown::kStruct:
      ok = Contents(table, wire, "{}");
      break;
    case WellKnown::kListValue:
      ok = Contents(table, wire, "[]");
      break;
    case WellKnown::kValue:
      ok = Contents(table, wire, "null");
      break;
    case WellKnown::kAny:
      ok = Any(wire);
      break;
  }
  --depth_;
  return ok;
}

// Types that are written as the value of the one field that they hold.
bool JsonWriter::Contents(const MessageTable& table, absl::string_view wire, absl::string_view when_empty) {
  const char* p = wire.data();
  const char* const end = p + wire.size();
  while (p < end) {
    uint64_t tag = 0;
    const char* value = ReadVarint(p, end, &tag);
    const FieldTable* field = table.ByNumber(static_cast<uint32_t>(tag >> 3));
    if (field == nullptr || (tag & 7) != field->wire_type) {
      p = SkipValue(value, end, tag & 7);
      continue;
    }
    if (field->map) return Map(*field, p, end) != nullptr;
    if (field->repeated) return Repeated(*field, p, end) != nullptr;
    return Value(*field, value, end) != nullptr;
  }
  if (when_empty.empty()) return DefaultValue(table.fields[0]);
  out_.Append(when_empty);
  return true;
}

bool JsonWriter::Time(WellKnown kind, absl::string_view wire) {
  uint64_t parts[3] = {};  // seconds = 1, nanos = 2, both varints
  const char* p = wire.data();
  const char* const end = p + wire.size();
  while (p < end) {
    uint64_t tag = 0;
    p = ReadVarint(p, end, &tag);
    p = tag == 0x08 || tag == 0x10 ? ReadVarint(p, end, &parts[tag >> 3]) : SkipValue(p, end, tag & 7);
  }
  const auto print = kind == WellKnown::kTimestamp ? PrintTimestamp : PrintDuration;
  out_.Byte('"');
  if (!print(static_cast<int64_t>(parts[1]), static_cast<int32_t>(parts[2]), &out_)) return Malformed();
  out_.Byte('"');
  return true;
}

bool JsonWriter::Mask(const MessageTable& table, absl::string_view wire) {
  out_.Byte('"');
  bool first = true;
  const char* p = wire.data();
  const char* const end = p + wire.size();
  while (p < end) {
    uint64_t tag = 0;
    absl::string_view path;
    p = ReadVarint(p, end, &tag);
    if (tag != (table.fields[0].number << 3 | kLengthDelimited)) {
      p = SkipValue(p, end, tag & 7);
      continue;
    }
    p = ReadBytes(p, end, &path);
    if (!first) out_.Byte(',');
    first = false;
    if (!PrintMaskPath(path, &out_)) return Malformed();
  }
  out_.Byte('"');
  return true;
}

bool JsonWriter::Any(absl::string_view wire) {
  absl::string_view parts[3];  // type_url = 1, value = 2, both length-delimited
  const char* p = wire.data();
  const char* const end = p + wire.size();
  while (p < end) {
    uint64_t tag = 0;
    p = ReadVarint(p, end, &tag);
    p = tag == 0x0a || tag == 0x12 ? ReadBytes(p, end, &parts[tag >> 3]) : SkipValue(p, end, tag & 7);
  }
  const absl::string_view type_url = parts[1], value = parts[2];
  if (type_url.empty() && value.empty()) {
    out_.Append("{}");
    return true;
  }
  out_.Append("{\"@type\":");
  if (!String(type_url)) return false;
  const size_t slash = type_url.rfind('/');
  const auto* type = slash == absl::string_view::npos
                         ? nullptr
                         : google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
                               std::string(type_url.substr(slash + 1)));
  if (type == nullptr) {  // an error must reach the caller though its details are not known here
    out_.Append(",\"value\":\"");
    PrintBase64(value, &out_);
    out_.Append("\"}");
    return true;
  }
  const MessageTable& table = TableOf(type);
  if (table.well_known != WellKnown::kNone) {
    out_.Append(",\"value\":");
    if (!Message(table, value)) return false;
  } else {
    std::string normal;
    const Order order = CheckOrder(table, value);
    if (order == Order::kMalformed) return Malformed();
    if (order == Order::kLoose) normal = Normalize(table, value);
    if (!Fields(table, order == Order::kLoose ? absl::string_view(normal) : value, false)) return false;
  }
  out_.Byte('}');
  return true;
}

absl::Status WireToJson(const MessageTable& table, absl::string_view wire, std::string* json) {
  // Structure is ASCII, so the whole is UTF-8 exactly where every string is: one check instead of one per
  // string.
  for (const bool checks_strings : {false, true}) {
    Buffer out(json, wire.size() * 2 + 128);
    JsonWriter writer(&out, checks_strings);
    if (!writer.Message(table, wire)) return writer.ToStatus();
    out.Finish();
    if (simdjson::validate_utf8(*json)) break;
  }
  return absl::OkStatus();
}

}  // namespace sifa::contract
