#include "libs/core/code_table.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/csv.h"
#include "libs/core/status.h"

namespace sifa {
namespace {

enum Column { kTable, kCode, kLabel, kOrder, kValidFrom, kParent, kGroup };
constexpr absl::string_view kColumns[] = {"table", "code", "label", "order", "valid_from", "parent", "group"};
constexpr size_t kRequired = 5;

absl::Status Bad(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reason, message);
}

}  // namespace

absl::StatusOr<CodeTables> CodeTables::Parse(absl::Span<const std::string> texts) {
  CodeTables tables;
  for (const std::string& text : texts) {
    RETURN_IF_ERROR(ReadCsv(text, kColumns, kRequired, [&](auto fields) { return tables.Add(fields); }));
  }
  for (auto& [name, entries] : tables.tables_) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const CodeEntry& a, const CodeEntry& b) { return a.order < b.order; });
  }
  return tables;
}

absl::StatusOr<CodeTables> CodeTables::Load(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> texts, ReadDataFolder(folder));
  return Parse(texts);
}

absl::Status CodeTables::Add(absl::Span<const absl::string_view> fields) {
  CodeEntry entry{std::string(fields[kCode]), std::string(fields[kLabel])};
  entry.parent = std::string(fields[kParent]);
  entry.group = std::string(fields[kGroup]);
  if (fields[kTable].empty() || entry.code.empty() || entry.label.empty())
    return Bad("FIELD_EMPTY", "表名、代码、名称不能为空");
  if (!absl::SimpleAtoi(fields[kOrder], &entry.order)) return Bad("ORDER_MALFORMED", "次序应为整数");
  if (!fields[kValidFrom].empty() && !ParseDay(fields[kValidFrom], &entry.valid_from.emplace())) {
    return Bad("DATE_MALFORMED", "启用日期不存在");
  }
  if (Find(fields[kTable], entry.code) != nullptr) return Bad("CODE_TWICE", "代码重复");
  if (!entry.parent.empty() && Find(fields[kTable], entry.parent) == nullptr)
    return Bad("PARENT_UNKNOWN", "上级代码不存在");
  tables_[std::string(fields[kTable])].push_back(std::move(entry));
  return absl::OkStatus();
}

std::vector<absl::string_view> CodeTables::Names() const {
  std::vector<absl::string_view> names;
  for (const auto& [name, entries] : tables_) names.push_back(name);
  return names;
}

const std::vector<CodeEntry>* CodeTables::List(absl::string_view table) const {
  const auto at = tables_.find(std::string(table));
  return at == tables_.end() ? nullptr : &at->second;
}

const CodeEntry* CodeTables::Find(absl::string_view table, absl::string_view code) const {
  const auto* entries = List(table);
  if (entries == nullptr) return nullptr;
  const auto at = std::find_if(entries->begin(), entries->end(),
                               [&](const CodeEntry& entry) { return entry.code == code; });
  return at == entries->end() ? nullptr : &*at;
}

absl::string_view CodeTables::LabelOf(absl::string_view table, absl::string_view code) const {
  const CodeEntry* entry = Find(table, code);
  return entry == nullptr ? absl::string_view() : entry->label;
}

absl::Status CodeTables::Check(absl::string_view table, absl::string_view code) const {
  if (List(table) == nullptr) return Bad("CODE_TABLE_UNKNOWN", absl::StrCat("没有名为“", table, "”的代码表"));
  if (Find(table, code) == nullptr)
    return Bad("CODE_UNKNOWN", absl::StrCat("代码“", code, "”不在代码表“", table, "”中"));
  return absl::OkStatus();
}

}  // namespace sifa
