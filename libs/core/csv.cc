#include "libs/core/csv.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"

namespace sifa {
namespace {

constexpr size_t kAbsent = static_cast<size_t>(-1);

absl::Status Malformed(int line, absl::string_view why) {
  return Error(absl::StatusCode::kInvalidArgument, "DATA_FILE_MALFORMED",
               absl::StrCat("数据文件第", line, "行有误：", why));
}

absl::Status Missing(absl::string_view path) {
  return Error(absl::StatusCode::kNotFound, "DATA_FILE_MISSING", absl::StrCat("找不到数据文件：", path));
}

// Where each column stands in the header.
std::vector<size_t> Locate(const std::vector<absl::string_view>& header,
                           absl::Span<const absl::string_view> columns) {
  std::vector<size_t> places;
  for (absl::string_view column : columns) {
    const auto at = std::find(header.begin(), header.end(), column);
    places.push_back(at == header.end() ? kAbsent : static_cast<size_t>(at - header.begin()));
  }
  return places;
}

}  // namespace

absl::Status ReadCsv(absl::string_view text, absl::Span<const absl::string_view> columns, size_t required,
                     CsvRow row) {
  std::vector<size_t> places;
  std::vector<absl::string_view> found, fields(columns.size());
  size_t width = 0;
  int line = 0;
  for (absl::string_view raw : absl::StrSplit(absl::StripPrefix(text, "\xef\xbb\xbf"), '\n')) {
    ++line;
    raw = absl::StripSuffix(raw, "\r");
    if (raw.empty() && line > 1) continue;
    found = absl::StrSplit(raw, ',');
    if (line == 1) {
      width = found.size();
      places = Locate(found, columns);
      for (size_t i = 0; i < required; ++i) {
        if (places[i] == kAbsent) return Malformed(1, absl::StrCat("表头缺少 ", columns[i], " 列"));
      }
      continue;
    }
    if (found.size() != width) return Malformed(line, absl::StrCat("应有", width, "列"));
    for (size_t i = 0; i < columns.size(); ++i) fields[i] = places[i] == kAbsent ? "" : found[places[i]];
    if (const absl::Status status = row(fields); !status.ok()) return Malformed(line, status.message());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadDataFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Missing(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::StatusOr<std::vector<std::string>> ReadDataFolder(const std::string& folder) {
  std::vector<std::string> paths, texts;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".csv") paths.push_back(entry.path().string());
  }
  if (paths.empty()) return Missing(folder);
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(texts.emplace_back(), ReadDataFile(path));
  }
  return texts;
}

}  // namespace sifa
