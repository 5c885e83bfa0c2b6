#include "libs/ingest/column_map.h"

#include <algorithm>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/csv.h"
#include "libs/ingest/header.h"

namespace sifa::ingest {
namespace {

template <class T>
struct Named {
  absl::string_view name;
  T value;
};

constexpr Named<Type> kTypes[] = {
    {"line", Type::kLine},
    {"prose", Type::kProse},
    {"name", Type::kName},
    {"number", Type::kNumber},
    {"identifier", Type::kIdentifier},
    {"identifiers", Type::kIdentifiers},
    {"credit_code", Type::kCreditCode},
    {"identity", Type::kIdentity},
    {"code", Type::kCode},
    {"codes", Type::kCodes},
    {"day", Type::kDay},
    {"expiry", Type::kExpiry},
    {"amount", Type::kAmount},
    {"flag", Type::kFlag},
};
constexpr Named<Cleaning> kCleanings[] = {{"empty_words", Cleaning::kEmptyWords}, {"excel_quotes", Cleaning::kExcelQuotes}};

template <class T, size_t n>
const T* ByName(const Named<T> (&all)[n], absl::string_view name) {
  const auto* found = std::find_if(std::begin(all), std::end(all), [&](const Named<T>& one) { return one.name == name; });
  return found == std::end(all) ? nullptr : &found->value;
}

absl::Status Wrong(absl::string_view what, absl::string_view which) {
  return absl::InvalidArgumentError(absl::StrCat(what, "“", which, "”"));
}

std::vector<std::string> Several(absl::string_view text) { return absl::StrSplit(text, '/', absl::SkipEmpty()); }

absl::Status ReadDayOr(absl::string_view text, std::optional<absl::CivilDay>* day) {
  absl::CivilDay read;
  if (text.empty()) return absl::OkStatus();
  if (!absl::ParseCivilTime(text, &read)) return Wrong("日期有误", text);
  *day = read;
  return absl::OkStatus();
}

absl::StatusOr<Column> ParseColumn(absl::Span<const absl::string_view> fields) {
  Column column{.field = std::string(fields[0]), .headers = Several(fields[1])};
  const Type* type = ByName(kTypes, fields[2]);
  if (type == nullptr) return Wrong("没有这种类型", fields[2]);
  column.type = *type;
  if (!fields[3].empty() && !absl::SimpleAtoi(fields[3], &column.longest)) return Wrong("长度有误", fields[3]);
  column.must = std::string(fields[4]);
  column.key = std::string(fields[5]);
  column.unit = std::string(fields[6]);
  column.codes = std::string(fields[7]);
  column.beside = std::string(fields[8]);
  for (const std::string& name : Several(fields[9])) {
    const Cleaning* cleaning = ByName(kCleanings, name);
    if (cleaning == nullptr) return Wrong("没有这种整理步骤", name);
    column.cleaning.push_back(*cleaning);
  }
  return column;
}

// Whether all that it names is there, and nothing stands for two things.
absl::Status Check(const ColumnMap& map) {
  std::set<std::string> headers;
  const auto known = [&](absl::string_view field) { return field.empty() || map.Find(field) >= 0; };
  for (const Column& column : map.columns) {
    std::vector<std::string> names = column.headers;
    names.push_back(column.field);
    for (const std::string& name : names) {
      if (!headers.insert(NormalHeader(name)).second) return Wrong("列名重复", name);
    }
    if (!known(column.beside)) return Wrong("没有这个字段", column.beside);
    if (const size_t equals = column.must.find('='); equals != std::string::npos && !known(column.must.substr(0, equals))) {
      return Wrong("没有这个字段", column.must);
    }
    const bool coded = column.type == Type::kCode || column.type == Type::kCodes;
    if (coded && map.codes.count(column.codes) == 0) return Wrong("没有这个代码表", column.codes);
    if (column.type == Type::kAmount && column.unit != "元" && column.unit != "万元")
      return Wrong("金额单位应为元或者万元，不是", column.unit);
    if (!column.key.empty() && column.key != "organ" && column.key != "number") return Wrong("没有这种识别内容", column.key);
  }
  for (const absl::string_view part : {"organ", "number"}) {
    const auto is_part = [&](const Column& column) { return column.key == part; };
    if (std::none_of(map.columns.begin(), map.columns.end(), is_part)) return Wrong("没有列作为识别内容", part);
  }
  if (!known(map.decided_by)) return Wrong("没有这个字段", map.decided_by);
  if (!known(map.dated_by)) return Wrong("没有这个字段", map.dated_by);
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, std::vector<Word>, std::less<>>> LoadCodes(const std::string& path) {
  std::map<std::string, std::vector<Word>, std::less<>> codes;
  auto text = ReadDataFile(path);
  if (!text.ok()) return text.status();
  const absl::Status status =
      ReadCsv(*text, {"list", "code", "word", "valid_from", "valid_to"}, 5, [&](absl::Span<const absl::string_view> fields) {
        Word word{.code = std::string(fields[1]), .word = NormalHeader(fields[2])};
        absl::Status days = ReadDayOr(fields[3], &word.valid_from);
        days.Update(ReadDayOr(fields[4], &word.valid_to));
        codes[std::string(fields[0])].push_back(std::move(word));
        return days;
      });
  if (!status.ok()) return status;
  return codes;
}

}  // namespace

int ColumnMap::Find(absl::string_view field) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& column) { return column.field == field; });
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

absl::StatusOr<ColumnMap> ParseColumnMap(ColumnMap map, const std::string& columns) {
  absl::Status status =
      ReadCsv(columns, {"field", "headers", "type", "longest", "must", "key", "unit", "codes", "beside", "clean"}, 10,
              [&](absl::Span<const absl::string_view> fields) {
                auto column = ParseColumn(fields);
                if (column.ok()) map.columns.push_back(*std::move(column));
                return column.status();
              });
  if (status.ok()) status = Check(map);
  if (!status.ok()) return absl::InvalidArgumentError(absl::StrCat(map.id, "：", status.message()));
  return map;
}

absl::StatusOr<std::vector<ColumnMap>> LoadColumnMaps(const std::string& folder) {
  auto index = ReadDataFile(absl::StrCat(folder, "/maps.csv"));
  if (!index.ok()) return index.status();
  auto codes = LoadCodes(absl::StrCat(folder, "/codes.csv"));
  if (!codes.ok()) return codes.status();
  std::vector<ColumnMap> maps;
  const absl::Status status =
      ReadCsv(*index, {"map", "kind", "version", "title", "valid_from", "valid_to", "base", "decided_by", "dated_by"}, 9,
              [&](absl::Span<const absl::string_view> fields) -> absl::Status {
                ColumnMap map{.id = std::string(fields[0]),
                              .kind = std::string(fields[1]),
                              .version = std::string(fields[2]),
                              .title = std::string(fields[3]),
                              .base = std::string(fields[6]),
                              .decided_by = std::string(fields[7]),
                              .dated_by = std::string(fields[8]),
                              .codes = *codes};
                absl::Status days = ReadDayOr(fields[4], &map.valid_from);
                days.Update(ReadDayOr(fields[5], &map.valid_to));
                if (!days.ok()) return days;
                const auto base =
                    std::find_if(maps.begin(), maps.end(), [&](const ColumnMap& earlier) { return earlier.id == map.base; });
                if (base != maps.end()) map.columns = base->columns;
                if (base == maps.end() && !map.base.empty()) return Wrong("没有这个列映射", map.base);
                auto columns = ReadDataFile(absl::StrCat(folder, "/", map.id, ".csv"));
                if (!columns.ok()) return columns.status();
                auto parsed = ParseColumnMap(std::move(map), *columns);
                if (parsed.ok()) maps.push_back(*std::move(parsed));
                return parsed.status();
              });
  if (!status.ok()) return status;
  return maps;
}

}  // namespace sifa::ingest
