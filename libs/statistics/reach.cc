#include "libs/statistics/reach.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "libs/core/organisation_path.h"
#include "libs/core/status.h"
#include "libs/statistics/place.h"

namespace sifa::statistics {
namespace {

// What is sealed has the same places once more.
bool IsSealedScope(absl::string_view scope) { return IsSealed(absl::StripPrefix(scope, "=")); }

bool ReachesBelow(const std::vector<std::string>& scopes, absl::string_view path) {
  for (const std::string& scope : scopes) {
    if (!absl::StartsWith(scope, "=") && !scope.empty() && absl::StartsWith(path, scope)) return true;
  }
  return false;
}

bool ReachesExactly(const std::vector<std::string>& scopes, absl::string_view path) {
  for (absl::string_view scope : scopes) {
    if (absl::ConsumePrefix(&scope, "=") && scope == path) return true;
  }
  return false;
}

bool ReachesRegion(const std::vector<std::string>& scopes, const RegionTable* regions, RegionCode region) {
  const std::vector<RegionCode> heirs =
      regions == nullptr ? std::vector<RegionCode>() : regions->ValidOn(region, absl::CivilDay::max());
  return std::any_of(scopes.begin(), scopes.end(), [&](const std::string& scope) {
    const auto office = RegionOfPath(scope);  // nothing of "=…"
    if (!office) return false;
    const auto is_within = [&](RegionCode code) { return code.IsWithin(*office); };
    return is_within(region) || (!heirs.empty() && std::all_of(heirs.begin(), heirs.end(), is_within));
  });
}

absl::Status OutOfReach(absl::string_view what) {
  return Error(absl::StatusCode::kPermissionDenied, "STATISTICS_OUT_OF_REACH", what);
}

}  // namespace

bool ReachesOrganisation(const std::vector<std::string>& scopes, absl::string_view path) {
  return ReachesBelow(scopes, path) || ReachesExactly(scopes, path);
}

absl::Status BoundToReach(const std::vector<std::string>& scopes, const RegionTable* regions, Query* query) {
  query->exact = false;
  if (!query->region.empty() && !query->organisation_path.empty()) {
    return InvalidField("region", "PLACE_TWICE", "区域与单位只能选一个");
  }
  if (!query->region.empty()) {
    const auto region = RegionCode::Parse(query->region);
    if (!region.ok()) return InvalidField("region", ReasonOf(region.status()), region.status().message());
    return ReachesRegion(scopes, regions, *region) ? absl::OkStatus() : OutOfReach("您的岗位不能查看该区域的统计");
  }
  if (query->organisation_path.empty()) {
    const auto own = std::find_if_not(scopes.begin(), scopes.end(), IsSealedScope);
    if (std::count_if(scopes.begin(), scopes.end(), IsSealedScope) + 1 != static_cast<int64_t>(scopes.size()))
      return InvalidField("organisation_path", "PLACE_MISSING", "请给出区域或单位");
    query->organisation_path = std::string(absl::StripPrefix(*own, "="));
  }
  if (ReachesBelow(scopes, query->organisation_path)) return absl::OkStatus();
  query->exact = true;
  return ReachesExactly(scopes, query->organisation_path) ? absl::OkStatus()
                                                          : OutOfReach("您的岗位不能查看该单位的统计");
}

}  // namespace sifa::statistics
