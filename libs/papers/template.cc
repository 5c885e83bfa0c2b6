#include "libs/papers/template.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"

namespace sifa::papers {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr absl::string_view kWords[] = {"day", "law", "organ", "document", "county", "city", "province", "office", "district"};

absl::Status Invalid(const std::string& file, absl::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "PAPER_TEMPLATE_INVALID", absl::StrCat("文书模板", file, "有误：", what));
}

// {"给予", "kind", "。"}; empty where a brace has no other.
Template::Parts PartsOf(absl::string_view text) {
  Template::Parts parts;
  for (;;) {
    const size_t open = text.find('{');
    parts.emplace_back(text.substr(0, open));
    if (open == absl::string_view::npos) return absl::StrContains(parts.back(), '}') ? Template::Parts{} : parts;
    const size_t close = text.find('}', open);
    if (close == absl::string_view::npos) return {};
    parts.emplace_back(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

Template::Condition ConditionOf(absl::string_view text) {
  Template::Condition condition;
  condition.holds = !absl::ConsumePrefix(&text, "!");
  const std::pair<absl::string_view, absl::string_view> halves = absl::StrSplit(text, absl::MaxSplits('=', 1));
  condition.path = std::string(halves.first);
  condition.value = std::string(halves.second);
  return condition;
}

// Of "| 姓名 | {name} |" the cells.
std::vector<absl::string_view> CellsOf(absl::string_view text) {
  absl::ConsumeSuffix(&text, "|");
  std::vector<absl::string_view> cells = absl::StrSplit(text, '|');
  for (auto& cell : cells) cell = absl::StripAsciiWhitespace(cell);
  return cells;
}

bool IsInstant(const FieldDescriptor& field) {
  return field.message_type() != nullptr && field.message_type()->full_name() == "google.protobuf.Timestamp";
}

}  // namespace

bool IsWord(absl::string_view name) { return std::find(std::begin(kWords), std::end(kWords), name) != std::end(kWords); }

absl::StatusOr<Template> Template::Parse(absl::string_view text, const std::string& name) {
  Template made;
  made.name_ = name;
  for (absl::string_view raw : absl::StrSplit(text, '\n')) {
    absl::string_view rest = absl::StripAsciiWhitespace(raw);
    if (rest.empty() || rest[0] == ';') continue;
    if (absl::ConsumePrefix(&rest, "~")) {
      const std::pair<absl::string_view, absl::string_view> halves = absl::StrSplit(rest, absl::MaxSplits('=', 1));
      made.said_.emplace(absl::StripAsciiWhitespace(halves.first), absl::StripAsciiWhitespace(halves.second));
      continue;
    }
    Line line;
    while (absl::ConsumePrefix(&rest, "?")) {
      const size_t colon = rest.find(':');
      if (colon == absl::string_view::npos) return Invalid(name, absl::StrCat("条件之后没有冒号：", raw));
      line.conditions.push_back(ConditionOf(rest.substr(0, colon)));
      rest = absl::StripLeadingAsciiWhitespace(rest.substr(colon + 1));
    }
    if (absl::ConsumePrefix(&rest, "##")) {
      line.kind = Block::Kind::kCentred;
    } else if (absl::ConsumePrefix(&rest, "#")) {
      line.is_title = true;
    } else if (absl::ConsumePrefix(&rest, ">")) {
      line.kind = Block::Kind::kAddressee;
    } else if (absl::ConsumePrefix(&rest, "_")) {
      line.kind = Block::Kind::kSignature;
    } else if (absl::ConsumePrefix(&rest, "=")) {
      line.kind = Block::Kind::kSeal;
    } else if (absl::ConsumePrefix(&rest, "*")) {
      line.kind = Block::Kind::kRow;
      const size_t bar = rest.find('|');
      if (bar == absl::string_view::npos) return Invalid(name, absl::StrCat("表格行没有单元格：", raw));
      absl::string_view each = absl::StripAsciiWhitespace(rest.substr(0, bar));
      line.last = absl::ConsumePrefix(&each, "last ");
      line.each = std::string(each);
      rest.remove_prefix(bar + 1);
    } else if (absl::ConsumePrefix(&rest, "|")) {
      line.kind = Block::Kind::kRow;
    }
    const auto cells =
        line.kind == Block::Kind::kRow ? CellsOf(rest) : std::vector<absl::string_view>{absl::StripAsciiWhitespace(rest)};
    if (cells.size() > 1 && cells.size() % 2 != 0) return Invalid(name, absl::StrCat("表格的名称和内容不成对：", raw));
    for (const absl::string_view cell : cells) {
      line.texts.push_back(PartsOf(cell));
      if (line.texts.back().empty()) return Invalid(name, absl::StrCat("花括号不成对：", raw));
    }
    if (line.kind == Block::Kind::kSeal) line.texts.push_back({"", "@day", ""});
    made.lines_.push_back(std::move(line));
  }
  const auto titles = std::count_if(made.lines_.begin(), made.lines_.end(), [](const Line& line) { return line.is_title; });
  if (titles < 1) return Invalid(name, "没有标题");
  return made;
}

// The field at the end of a path; an error in words where there is none.
absl::StatusOr<const FieldDescriptor*> Template::Walk(const Descriptor& type, absl::string_view path,
                                                      const TypeOfRelated& related) const {
  const Descriptor* in = &type;
  const FieldDescriptor* field = nullptr;
  for (const absl::string_view step : absl::StrSplit(path, '.')) {
    if (field != nullptr) {
      in = field->is_repeated()               ? nullptr
           : field->message_type() != nullptr ? field->message_type()
                                              : related(*field, SaidOf(field->name()));
      if (in == nullptr) return absl::InvalidArgumentError(absl::StrCat(path, "：", field->name(), "之内没有字段"));
    }
    field = in->FindFieldByName(std::string(step));
    if (field == nullptr) return absl::InvalidArgumentError(absl::StrCat(path, "：", in->name(), "没有字段", step));
  }
  return field;
}

std::string Template::SaidOf(const std::string& field) const {
  const auto found = said_.find(field);
  return found == said_.end() ? "" : found->second;
}

std::vector<std::string> Template::PathsOf(const Line& line) const {
  std::vector<std::string> paths;
  for (const Parts& parts : line.texts) {
    for (size_t i = 1; i < parts.size(); i += 2) paths.push_back(parts[i]);
  }
  return paths;
}

absl::Status Template::Check(const Descriptor& type, const TypeOfRelated& related) const {
  for (const Line& line : lines_) {
    const Descriptor* of = &type;
    if (!line.each.empty()) {
      const auto field = Walk(type, line.each, related);
      if (!field.ok()) return Invalid(name_, field.status().message());
      if (!(*field)->is_repeated() || (*field)->message_type() == nullptr)
        return Invalid(name_, absl::StrCat(line.each, "不是由多项组成的字段"));
      of = (*field)->message_type();
    }
    for (const std::string& path : PathsOf(line)) {
      absl::string_view named = path;
      if (absl::ConsumePrefix(&named, "@")) {
        const size_t colon = named.find(':');
        if (!IsWord(named.substr(0, colon))) return Invalid(name_, absl::StrCat("没有", path, "这个词"));
        if (colon == absl::string_view::npos) continue;
        named.remove_prefix(colon + 1);
      }
      const auto field = Walk(*of, named, related);
      if (!field.ok()) return Invalid(name_, field.status().message());
      if ((*field)->message_type() != nullptr && !IsInstant(**field)) return Invalid(name_, absl::StrCat(path, "不是一个值"));
    }
    for (const Condition& condition : line.conditions) {
      const auto field = Walk(type, condition.path, related);
      if (!field.ok()) return Invalid(name_, field.status().message());
      const auto* values = (*field)->enum_type();
      if (values != nullptr && !condition.value.empty() && values->FindValueByName(condition.value) == nullptr)
        return Invalid(name_, absl::StrCat(condition.path, "没有取值", condition.value));
    }
  }
  return absl::OkStatus();
}

std::map<std::string, std::string> Template::Related(const Descriptor& type) const {
  std::map<std::string, std::string> fields;
  for (const Line& line : lines_) {
    std::vector<std::string> paths = line.each.empty() ? PathsOf(line) : std::vector<std::string>{line.each};
    for (const Condition& condition : line.conditions) paths.push_back(condition.path);
    for (const std::string& path : paths) {
      const size_t dot = path.find('.');
      const FieldDescriptor* field = dot == std::string::npos ? nullptr : type.FindFieldByName(path.substr(0, dot));
      if (field != nullptr && field->message_type() == nullptr) fields.emplace(field->name(), SaidOf(field->name()));
    }
  }
  return fields;
}

}  // namespace sifa::papers
