#include "libs/contract/binding.h"

#include <algorithm>

#include "absl/container/inlined_vector.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/contract/json.h"
#include "libs/contract/json_reader.h"
#include "libs/contract/normalize.h"
#include "libs/contract/percent.h"
#include "libs/core/json_path.h"
#include "libs/core/status.h"

namespace sifa::contract {
namespace {

// From the request's type down; the last may be of any kind. Empty where the names lead nowhere.
using Path = absl::InlinedVector<const FieldTable*, 4>;

Path PathOf(const MessageTable& table, absl::string_view dotted) {
  Path path;
  const MessageTable* at = &table;
  for (absl::string_view name : absl::StrSplit(dotted, '.')) {
    const FieldTable* field = at == nullptr ? nullptr : at->ByName(name);
    if (field == nullptr) return {};
    path.push_back(field);
    const bool goes_on = field->kind == Kind::kMessage && !field->repeated && !field->map &&
                         field->message->well_known == WellKnown::kNone;
    at = goes_on ? field->message : nullptr;
  }
  return path;
}

std::string NameOf(const Path& path) {
  return absl::StrJoin(path, ".",
                       [](std::string* out, const FieldTable* field) { out->append(field->name); });
}

// True where one path is the other or lies within it.
bool Overlap(const Path& a, const Path& b) {
  return std::equal(a.begin(), a.begin() + std::min(a.size(), b.size()), b.begin());
}

// The last field with its tag, from its text.
absl::Status FieldWire(const Path& path, absl::string_view text, std::string* wire) {
  Buffer out(wire, text.size() + 32);
  JsonReader reader(&out);
  if (!reader.Text(*path.back(), text)) {
    reader.At(NameOf(path));
    return reader.ToStatus();
  }
  out.Finish();
  return absl::OkStatus();
}

// Appends the field within the messages that its path leads through; on the wire they merge with what is
// there.
void AppendAt(const Path& path, absl::string_view field_wire, std::string* wire) {
  std::string nested;
  Buffer out(&nested, field_wire.size() + 32);
  absl::InlinedVector<size_t, 4> contents;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    out.Append(path[i]->tag);
    contents.push_back(out.BeginLength());
  }
  out.Append(field_wire);
  for (; !contents.empty(); contents.pop_back()) out.EndLength(contents.back());
  out.Finish();
  wire->append(nested);
}

// The value, without tag, that a wire message has at a path of singular fields; empty where it has none.
std::string ValueAt(const Path& path, absl::string_view wire) {
  std::string message(wire);
  for (size_t i = 0; i + 1 < path.size(); ++i) message = Merged(*path[i], message);
  return std::string(LastValue(*path.back(), message));
}

absl::Status AddBody(const Match& match, const MessageTable& table, absl::string_view json,
                     std::string* wire) {
  if (match.body == "*") return json.empty() ? absl::OkStatus() : JsonToWire(table, json, wire);
  if (match.body.empty()) {
    return json.empty() ? absl::OkStatus() : InvalidField("", "FIELD_UNKNOWN", "此接口不接受请求内容");
  }
  if (json.empty()) return absl::OkStatus();
  simdjson::dom::element element;
  RETURN_IF_ERROR(ParseJson(json, &element));
  const FieldTable& field = *table.ByName(match.body);  // the contract has checked it
  if (element.is_null()) return InvalidField(field.name, "FIELD_TYPE", "类型不对，应为对象");
  Buffer out(wire, json.size() / 2 + 64);
  JsonReader reader(&out);
  if (!reader.Field(field, element)) {
    reader.At(field.name);
    return reader.ToStatus();
  }
  out.Finish();
  return absl::OkStatus();
}

absl::Status AddBinding(const Path& path, const Binding& binding, std::string* wire) {
  std::string field_wire;
  RETURN_IF_ERROR(FieldWire(path, binding.value, &field_wire));
  const std::string in_body = ValueAt(path, *wire);
  if (in_body.empty()) {
    AppendAt(path, field_wire, wire);
  } else if (absl::StrCat(path.back()->tag, in_body) != field_wire) {
    return InvalidField(NameOf(path), "PATH_BODY_CONFLICT", "请求内容与地址中的值不一致");
  }
  return absl::OkStatus();
}

// Which fields the path and the body have taken, so that no parameter gives them again.
struct Taken {
  std::vector<Path> paths;
  bool all = false;
  bool no_body = false;
  bool streams = false;
};

absl::Status Conflict(const Path& path) {
  return InvalidField(NameOf(path), "QUERY_CONFLICT", "该字段已由地址、请求内容或其他参数给出");
}

absl::Status AddParameter(const MessageTable& table, const Taken& taken, absl::string_view parameter,
                          std::vector<Path>* given, std::string* wire) {
  std::string name, value;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(parameter, absl::MaxSplits('=', 1));
  if (!PercentDecode(parts.first, Percent::kParameter, &name) ||
      !PercentDecode(parts.second, Percent::kParameter, &value))
    return InvalidField("", "QUERY_MALFORMED", "查询参数的编码有误");
  const Path path = PathOf(table, name);
  if (path.empty()) return InvalidField(name.size() > 100 ? "…" : name, "FIELD_UNKNOWN", "没有这个查询参数");
  if (taken.streams && FilledByGateway(path.front()->name)) {
    return InvalidField(name, "FIELD_UNKNOWN", "没有这个查询参数");
  }
  if (path.back()->map) return InvalidField(NameOf(path), "FIELD_TYPE", "该字段不能作为查询参数");
  // Addresses stand in logs and histories of browsers and proxies. An upload has no other place beside its bytes.
  if (taken.no_body && path.back()->sensitive) {
    return InvalidField(NameOf(path), "FIELD_NOT_IN_ADDRESS", "个人信息不能写在网址中，请用 POST 方法的 :search 查询");
  }
  const auto overlaps = [&](const Path& other) { return Overlap(path, other); };
  if (taken.all || std::any_of(taken.paths.begin(), taken.paths.end(), overlaps)) return Conflict(path);
  if (!path.back()->repeated) {
    if (std::find(given->begin(), given->end(), path) != given->end()) return Conflict(path);
    given->push_back(path);
  }
  std::string field_wire;
  RETURN_IF_ERROR(FieldWire(path, value, &field_wire));
  AppendAt(path, field_wire, wire);
  return absl::OkStatus();
}

// The pieces of one field of a message. False where it is malformed.
bool OnlyField(const FieldTable& field, absl::string_view wire, std::string* only) {
  only->clear();
  const char* p = wire.data();
  const char* const end = p + wire.size();
  while (p < end) {
    uint64_t tag = 0;
    const char* value = ReadVarint(p, end, &tag);
    const char* next = value == nullptr ? nullptr : SkipValue(value, end, tag & 7);
    if (next == nullptr) return false;
    if (tag >> 3 == field.number) only->append(p, next - p);
    p = next;
  }
  return true;
}

}  // namespace

bool FilledByGateway(absl::string_view field) {
  return field == "line" || field == "line_error" || field == "data" || field == "last";
}

std::string PathAsSent(absl::string_view path, absl::string_view body) {
  std::string sent = JsonPath(path);
  const std::string within = JsonPath(body);
  if (within.empty()) return sent;
  if (sent == within) return "";
  return absl::StartsWith(sent, within + ".") ? sent.substr(within.size() + 1) : sent;
}

absl::Status BuildRequest(const Match& match, absl::string_view query, absl::string_view json_body,
                          std::string* wire) {
  const MessageTable& table = TableOf(match.method->descriptor->input_type());
  wire->clear();
  RETURN_IF_ERROR(AddBody(match, table, json_body, wire));
  Taken taken;
  taken.all = match.body == "*";
  taken.no_body = match.body.empty() && !match.method->descriptor->client_streaming();
  taken.streams = match.method->descriptor->client_streaming();
  if (!match.body.empty() && !taken.all) taken.paths.push_back(PathOf(table, match.body));
  for (const Binding& binding : match.bindings) {
    Path path = PathOf(table, binding.field);
    RETURN_IF_ERROR(AddBinding(path, binding, wire));
    taken.paths.push_back(std::move(path));
  }
  std::vector<Path> given;
  for (absl::string_view parameter : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    RETURN_IF_ERROR(AddParameter(table, taken, parameter, &given, wire));
  }
  return absl::OkStatus();
}

absl::Status AnswerToJson(const Match& match, absl::string_view wire, std::string* json) {
  const MessageTable& table = TableOf(match.method->descriptor->output_type());
  if (match.response_body.empty()) return WireToJson(table, wire, json);
  const FieldTable& field = *table.ByName(match.response_body);  // the contract has checked it
  std::string only;
  if (!OnlyField(field, wire, &only))
    return Error(absl::StatusCode::kInternal, "WIRE_MALFORMED", "应答数据有误");
  RETURN_IF_ERROR(WireToJson(table, only, json));
  // The answer is now {"field":value}, or {} where the field has its default.
  if (json->size() > 2) {
    *json = json->substr(1 + field.key.size(), json->size() - field.key.size() - 2);
  } else {
    *json = field.repeated ? "[]" : field.map || field.kind == Kind::kMessage ? "{}" : "null";
  }
  return absl::OkStatus();
}

}  // namespace sifa::contract
