#include "libs/statistics/labels.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace sifa::statistics {
namespace {

std::string OrElse(absl::string_view label, const std::string& key) {
  return label.empty() ? key : std::string(label);
}

std::string OrganisationLabel(const Reference& reference, const std::string& path) {
  return reference.organisation_name ? OrElse(reference.organisation_name(path), path) : path;
}

std::string KeyLabel(const Cube& cube, const Reference& reference, absl::CivilDay divisions_on, absl::string_view group,
                     const std::string& key) {
  if (key.empty()) return "未填";
  if (group == "region" || absl::StartsWith(group, "region:")) {
    const auto region = RegionCode::Parse(key);
    return reference.regions != nullptr && region.ok() ? OrElse(reference.regions->NameOf(*region, divisions_on), key) : key;
  }
  if (group == "organisation") return OrganisationLabel(reference, key);
  const int index = DimensionIndex(cube, group.substr(0, group.find(':')));
  if (index < 0 || reference.codes == nullptr) return key;
  const Dimension& dimension = cube.dimensions[index];
  if (absl::EndsWith(group, ":group") && !dimension.group_table.empty()) {
    if (const auto label = reference.codes->LabelOf(dimension.group_table, key); !label.empty())
      return std::string(label);
  }
  return OrElse(reference.codes->LabelOf(dimension.code_table, key), key);
}

}  // namespace

std::string GroupLabel(const Cube& cube, absl::string_view group) {
  if (group == "quarter_hour") return "刻钟";
  if (group == "day") return "日期";
  if (group == "month") return "月份";
  if (group == "year") return "年份";
  if (group == "organisation") return "单位";
  if (absl::StartsWith(group, "region")) return "区域";
  const size_t colon = group.find(':');
  const int dimension = DimensionIndex(cube, group.substr(0, colon));
  if (dimension < 0) return std::string(group);
  return absl::StrCat(cube.dimensions[dimension].label, colon == absl::string_view::npos ? "" : "（归并）");
}

std::vector<std::string> KeyLabels(const Result& result, const Query& query, const Reference& reference, size_t group) {
  std::vector<std::string> labels;
  const KeySet& keys = result.keys[group];
  for (uint32_t i = 0; i < keys.size(); ++i) {
    labels.push_back(KeyLabel(*result.cube, reference, result.divisions_on, query.group_by[group], keys[i]));
  }
  return labels;
}

std::string PlaceLabel(const Result& result, const Query& query, const Reference& reference) {
  if (query.region.empty()) return OrganisationLabel(reference, query.organisation_path);
  const auto region = RegionCode::Parse(query.region);
  if (!region.ok() || reference.regions == nullptr) return query.region;
  return OrElse(reference.regions->Path(*region, result.divisions_on), query.region);
}

}  // namespace sifa::statistics
