// The well-known types of JsonReader, and the parsing of the document.
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/contract/json.h"
#include "libs/contract/json_reader.h"
#include "libs/contract/text_forms.h"
#include "libs/core/encoding.h"
#include "libs/core/status.h"

namespace sifa::contract {
namespace {

using simdjson::dom::element_type;

// A parser keeps buffers of the size of the largest document that it has seen; larger ones than this get
// their own.
constexpr size_t kKeptCapacity = 1 << 20;
constexpr size_t kFirstCapacity = 16 << 10;

absl::Status Malformed(simdjson::error_code error) {
  switch (error) {
    case simdjson::DEPTH_ERROR:
      return InvalidField("", "JSON_TOO_DEEP", "请求内容嵌套过深");
    case simdjson::UTF8_ERROR:
      return InvalidField("", "UTF8_INVALID", "请求内容不是有效的UTF-8编码");
    case simdjson::NUMBER_ERROR:
      return InvalidField("", "JSON_MALFORMED", "请求内容中有无法识别或过长的数字");
    default:
      return InvalidField("", "JSON_MALFORMED", "请求内容不是有效的JSON");
  }
}

// The seconds and nanos of Timestamp and Duration have the same numbers and types.
void PutTime(int64_t seconds, int32_t nanos, Buffer* out) {
  if (seconds != 0) {
    out->Byte(0x08);
    out->Varint(static_cast<uint64_t>(seconds));
  }
  if (nanos != 0) {
    out->Byte(0x10);
    out->Varint(static_cast<uint64_t>(static_cast<int64_t>(nanos)));
  }
}

}  // namespace

absl::Status ParseJson(absl::string_view json, simdjson::dom::element* element) {
  thread_local simdjson::dom::parser parser;
  thread_local bool is_large = false;
  absl::ConsumePrefix(&json, kByteOrderMark);  // a reader may pass over it (RFC 8259 §8.1), and Windows writes it
  if (is_large) parser = simdjson::dom::parser();
  is_large = json.size() > kKeptCapacity;
  if (parser.max_depth() != kMaxJsonDepth + 1 || parser.capacity() < json.size()) {
    const simdjson::error_code error =
        parser.allocate(std::max(json.size(), kFirstCapacity), kMaxJsonDepth + 1);
    if (error != simdjson::SUCCESS) return Malformed(error);
  }
  const simdjson::error_code error = parser.parse(json.data(), json.size()).get(*element);
  return error == simdjson::SUCCESS ? absl::OkStatus() : Malformed(error);
}

bool JsonReader::WellKnownText(const MessageTable& table, absl::string_view text) {
  int64_t seconds;
  int32_t nanos;
  switch (table.well_known) {
    case WellKnown::kTimestamp:
      if (!ParseTimestamp(text, &seconds, &nanos)) return FailType("时间，例如2024-09-27T08:30:00+08:00");
      PutTime(seconds, nanos, &out_);
      return true;
    case WellKnown::kDuration:
      if (!ParseDuration(text, &seconds, &nanos)) return FailType("时长，例如1.5s");
      PutTime(seconds, nanos, &out_);
      return true;
    case WellKnown::kFieldMask: {
      if (text.empty()) return true;
      std::string snake;
      for (absl::string_view path : absl::StrSplit(text, ',')) {
        if (!ParseMaskPath(path, &snake)) return FailType("字段名，以逗号分隔");
        out_.Append(table.fields[0].tag);
        String(snake);
      }
      return true;
    }
    default:
      return FailType("对象");
  }
}

bool JsonReader::Value(const MessageTable& table, const Element& value) {
  // null_value = 1, number_value = 2, string_value = 3, bool_value = 4, struct_value = 5, list_value = 6
  const auto with = [&](size_t number) {
    const FieldTable& field = table.fields[number - 1];
    return Singular(field, value);
  };
  switch (value.type()) {
    case element_type::NULL_VALUE:
      return with(1);
    case element_type::INT64:
    case element_type::UINT64:
    case element_type::DOUBLE:
      return with(2);
    case element_type::STRING:
      return with(3);
    case element_type::BOOL:
      return with(4);
    case element_type::OBJECT:
      return with(5);
    case element_type::ARRAY:
      return with(6);
  }
  return false;
}

bool JsonReader::Any(const MessageTable& table, const Element& value) {
  if (!value.is_object()) return FailType("对象");
  const Object object = value.get_object().value_unsafe();
  if (object.size() == 0) return true;
  Element type_url, inner;
  if (object.at_key("@type").get(type_url) != simdjson::SUCCESS || !type_url.is_string())
    return FailType("带有@type的对象");
  const std::string_view url = type_url.get_string().value_unsafe();
  const size_t slash = url.rfind('/');
  const google::protobuf::Descriptor* type = nullptr;
  if (slash != std::string_view::npos) {
    type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
        std::string(url.substr(slash + 1)));
  }
  if (type == nullptr) {
    Fail("FIELD_TYPE", "没有这个类型");
    return At("@type");
  }
  out_.Append(table.fields[0].tag);
  String(absl::string_view(url.data(), url.size()));
  out_.Append(table.fields[1].tag);
  const size_t content = out_.BeginLength();
  const MessageTable& inner_table = TableOf(type);
  if (inner_table.well_known == WellKnown::kNone) {
    if (!Members(inner_table, object, true)) return false;
  } else {
    if (object.size() != 2 || object.at_key("value").get(inner) != simdjson::SUCCESS)
      return FailType("只有@type和value的对象");
    if (!Message(inner_table, inner)) return At("value");
  }
  out_.EndLength(content);
  return true;
}

absl::Status JsonToWire(const MessageTable& table, absl::string_view json, std::string* wire) {
  simdjson::dom::element element;
  RETURN_IF_ERROR(ParseJson(json, &element));
  Buffer out(wire, json.size() / 2 + 64);
  JsonReader reader(&out);
  if (!reader.Message(table, element)) return reader.ToStatus();
  out.Finish();
  return absl::OkStatus();
}

}  // namespace sifa::contract
