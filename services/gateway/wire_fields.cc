#include "services/gateway/wire_fields.h"

#include "google/protobuf/wire_format_lite.h"

namespace sifa::gateway {
namespace {

using google::protobuf::internal::WireFormatLite;

void AppendRaw(std::string* wire, uint64_t value) {
  while (value >= 0x80) {
    wire->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  wire->push_back(static_cast<char>(value));
}

bool ReadRaw(absl::string_view* wire, uint64_t* value) {
  *value = 0;
  for (int shift = 0; shift < 64 && !wire->empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(wire->front());
    wire->remove_prefix(1);
    *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

}  // namespace

std::optional<absl::string_view> FindBytes(absl::string_view wire, int field) {
  std::optional<absl::string_view> found;
  while (!wire.empty()) {
    uint64_t tag = 0, size = 0;
    if (!ReadRaw(&wire, &tag)) break;
    switch (WireFormatLite::GetTagWireType(static_cast<uint32_t>(tag))) {
      case WireFormatLite::WIRETYPE_VARINT:
        if (!ReadRaw(&wire, &size)) return found;
        continue;
      case WireFormatLite::WIRETYPE_FIXED64: size = 8; break;
      case WireFormatLite::WIRETYPE_FIXED32: size = 4; break;
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        if (!ReadRaw(&wire, &size) || size > wire.size()) return found;
        if (static_cast<int>(tag >> 3) == field) found = wire.substr(0, size);
        break;
      default: return found;  // groups: not in proto3
    }
    if (size > wire.size()) return found;
    wire.remove_prefix(size);
  }
  return found;
}

void AppendBytes(std::string* wire, int field, absl::string_view value) {
  AppendRaw(wire, WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  AppendRaw(wire, value.size());
  wire->append(value.data(), value.size());
}

void AppendVarint(std::string* wire, int field, uint64_t value) {
  AppendRaw(wire, WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_VARINT));
  AppendRaw(wire, value);
}

}  // namespace sifa::gateway
