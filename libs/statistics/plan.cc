#include "libs/statistics/plan.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"
#include "libs/statistics/cells.h"
#include "libs/statistics/place.h"
#include "libs/statistics/schema.h"

namespace sifa::statistics {
namespace {

constexpr int kMostMonths = 240;
constexpr int kMostDecimals = 6;
constexpr int kFirstYear = 1900;

absl::Status UnknownDimension(absl::string_view field, const Cube& cube, absl::string_view name) {
  std::string known;
  for (const Dimension& dimension : cube.dimensions)
    absl::StrAppend(&known, known.empty() ? "" : "、", dimension.name);
  return InvalidField(field, "DIMENSION_UNKNOWN",
                      absl::StrCat("本表没有“", name, "”这一分类，现有：", known));
}

// "type:group" → the dimension and the way up.
absl::StatusOr<Group> ReadDimension(const Cube& cube, const Reference& reference, absl::string_view field,
                                    absl::string_view text) {
  const size_t colon = text.find(':');
  const absl::string_view name = text.substr(0, colon);
  const absl::string_view up = colon == absl::string_view::npos ? "" : text.substr(colon + 1);
  Group group{Group::kDimension, DimensionIndex(cube, name)};
  if (group.dimension < 0) return UnknownDimension(field, cube, name);
  if (up.empty()) return group;
  const std::string table(cube.dimensions[group.dimension].code_table);
  if (reference.codes == nullptr || table.empty() || (up != "group" && up != "parent")) {
    return InvalidField(field, "GROUP_INVALID", absl::StrCat("“", text, "”不能归并"));
  }
  group.roll_up = [codes = reference.codes, table, to_group = up == "group"](const std::string& code) {
    const CodeEntry* entry = codes->Find(table, code);
    if (entry == nullptr) return code;
    const std::string& above = to_group ? entry->group : entry->parent;
    return above.empty() ? code : above;
  };
  return group;
}

// A code that is not in the table would count nothing. Empty: those that have none.
absl::Status CheckValues(const Reference& reference, const Filter& filter, const Group& group, const Dimension& dimension) {
  const auto* codes = reference.codes == nullptr ? nullptr : reference.codes->List(dimension.code_table);
  if (codes == nullptr) return absl::OkStatus();
  for (const std::string& value : filter.values) {
    const bool known = value.empty() || std::any_of(codes->begin(), codes->end(), [&](const CodeEntry& entry) {
                         return (group.roll_up ? group.roll_up(entry.code) : entry.code) == value;
                       });
    if (!known) return InvalidField("filters", "CODE_UNKNOWN", absl::StrCat("“", dimension.label, "”没有代码“", value, "”"));
  }
  return absl::OkStatus();
}

absl::Status AddFilter(const Reference& reference, const Filter& filter, Plan* plan) {
  ASSIGN_OR_RETURN(const Group group, ReadDimension(*plan->cube, reference, "filters", filter.dimension));
  if (filter.values.empty())
    return InvalidField("filters", "FILTER_EMPTY", absl::StrCat("请给出“", filter.dimension, "”的取值"));
  auto& allowed = plan->filters[group.dimension];
  if (!allowed.empty())
    return InvalidField("filters", "FILTER_TWICE", absl::StrCat("“", filter.dimension, "”重复"));
  RETURN_IF_ERROR(CheckValues(reference, filter, group, plan->cube->dimensions[group.dimension]));
  allowed = filter.values;
  if (!group.roll_up) return absl::OkStatus();
  for (const CodeEntry& entry : *reference.codes->List(plan->cube->dimensions[group.dimension].code_table)) {
    const bool rolls_in =
        std::count(filter.values.begin(), filter.values.end(), group.roll_up(entry.code)) > 0;
    if (rolls_in && std::count(allowed.begin(), allowed.end(), entry.code) == 0)
      allowed.push_back(entry.code);
  }
  return absl::OkStatus();
}

absl::StatusOr<RegionLevel> ReadLevel(const Plan& plan, absl::string_view text) {
  constexpr absl::string_view kNames[] = {"province", "city", "county", "township", "village"};
  if (text == "region" && plan.by_region()) {
    return static_cast<RegionLevel>(std::min(5, static_cast<int>(plan.region.level()) + 1));
  }
  absl::string_view level = absl::StripPrefix(text, "region");
  absl::ConsumePrefix(&level, ":");
  for (int i = 1; i <= 5; ++i) {
    if (level == absl::StrCat(i) || level == kNames[i - 1]) return static_cast<RegionLevel>(i);
  }
  return InvalidField("group_by", "GROUP_INVALID",
                      "按区域分组请写明级别：region:1（省）至 region:5（村、社区）");
}

absl::StatusOr<Group> ReadGroup(const Reference& reference, const Plan& plan, const std::string& text) {
  if (text == "month") return Group{Group::kMonth};
  if (text == "year") return Group{Group::kYear};
  if (text == "day") return Group{Group::kDay};
  if (text == "quarter_hour") {
    if (plan.cube->finest == PeriodKind::kQuarterHour) return Group{Group::kQuarterHour};
    return InvalidField("group_by", "GROUP_INVALID", "本统计表不按刻钟统计");
  }
  if (text == "region" || absl::StartsWith(text, "region:")) {
    ASSIGN_OR_RETURN(const RegionLevel level, ReadLevel(plan, text));
    Group group{Group::kRegion};
    group.level = level;
    if (!plan.by_region() || level >= plan.region.level()) return group;
    return InvalidField("group_by", "GROUP_INVALID", "分组的区域级别不能高于所查区域");
  }
  if (text == "organisation") {
    if (!plan.by_region()) return Group{Group::kOrganisation};
    return InvalidField("group_by", "GROUP_INVALID", "按单位分组时，请按单位查询");
  }
  return ReadDimension(*plan.cube, reference, "group_by", text);
}

// Of the code table, less what a filter leaves out. A form has the classes and not the codes that refine them; of those only
// what is there gets a row.
void AddClasses(const Plan& plan, const Group& group, const Reference& reference, std::vector<std::string>* keys) {
  const auto* codes = reference.codes == nullptr ? nullptr : reference.codes->List(plan.cube->dimensions[group.dimension].code_table);
  if (codes == nullptr) return;
  const auto& allowed = plan.filters[group.dimension];
  for (const CodeEntry& entry : *codes) {
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), entry.code) == allowed.end()) continue;
    if (!group.roll_up && !entry.parent.empty()) continue;
    std::string key = group.roll_up ? group.roll_up(entry.code) : entry.code;
    if (std::find(keys->begin(), keys->end(), key) == keys->end()) keys->push_back(std::move(key));
  }
}

void AddDivisions(const RegionTable& regions, RegionCode within, RegionLevel level, absl::CivilDay day, std::vector<std::string>* keys) {
  if (within.level() == level) return keys->push_back(within.ToString());
  for (const Region& child : regions.Children(within, day)) {
    if (child.code.level() <= level) AddDivisions(regions, child.code, level, day, keys);
  }
}

absl::Status SetPeriod(const Query& query, Plan* plan) {
  const auto months = (query.to.year() - query.from.year()) * 12 + query.to.month() - query.from.month();
  if (query.from > query.to || query.from.year() < kFirstYear)
    return InvalidField("from", "PERIOD_INVALID", "起止日期有误");
  if (months >= kMostMonths) return InvalidField("to", "PERIOD_INVALID", "统计时段最长二十年");
  plan->period = {query.from, query.to};
  return absl::OkStatus();
}

absl::Status SetPlace(const Query& query, Plan* plan) {
  plan->named = query.named;
  if (query.region.empty() == query.organisation_path.empty()) {
    return InvalidField("region", "PLACE_MISSING", "请给出区域或单位，二者择一");
  }
  if (query.region.empty()) {
    plan->organisation_path = query.organisation_path;
    plan->exact = query.exact;
    if (DepthOf(query.organisation_path) > 0) return absl::OkStatus();
    return InvalidField("organisation_path", "ORGANISATION_PATH_MALFORMED", "单位路径应以“/”开头和结尾");
  }
  const auto region = RegionCode::Parse(query.region);
  if (!region.ok()) return InvalidField("region", ReasonOf(region.status()), region.status().message());
  plan->region = *region;
  return absl::OkStatus();
}

// On which a division first stood without the ones that became it: in the year of the change both do.
absl::CivilDay FirstDayOf(const RegionTable& regions, RegionCode region) {
  const auto times = regions.Times(region);
  if (times.empty() || !times.front().valid_from) return kRegionsListedFrom;
  absl::CivilDay first = *times.front().valid_from;
  for (const RegionCode before : regions.Predecessors(region)) {
    const auto time = regions.Find(before, first);
    if (time && time->valid_to && time->valid_to->year() == first.year()) first = std::max(first, *time->valid_to + 1);
  }
  return first;
}

void SetDivisions(const Query& query, const Reference& reference, Plan* plan) {
  plan->divisions_on = query.divisions_on.value_or(query.to);
  if (!plan->by_region() || reference.regions == nullptr) return;
  if (!query.divisions_on && !reference.regions->Find(plan->region, query.to)) {
    plan->divisions_on = std::max(query.to, FirstDayOf(*reference.regions, plan->region));
  }
  const Divisions divisions(*reference.regions, plan->divisions_on, plan->region);
  if (divisions.Stands(plan->region)) plan->divisions = divisions;
}

bool IsTime(const Group& group) {
  return group.kind == Group::kQuarterHour || group.kind == Group::kDay || group.kind == Group::kMonth || group.kind == Group::kYear;
}

// The first day of the first month that has a counter; of an empty cube any day will do.
absl::StatusOr<absl::CivilDay> FirstDay(const Snapshot& snapshot, const Cube& cube) {
  ASSIGN_OR_RETURN(const auto rows,
                   snapshot.connection.Query("SELECT MIN(period_start) FROM statistics_counter WHERE generation = ?"
                                             " AND cube_number = ? AND shape = ? AND period_kind = ?",
                                             {snapshot.generation, cube.id, kTotalShape, static_cast<int64_t>(PeriodKind::kMonth)}));
  if (rows.empty() || rows[0].IsNull(0)) return absl::CivilDay(9999, 1, 1);
  const int64_t month = ShortStart(PeriodKind::kMonth, rows[0].Int(0));
  return absl::CivilDay(month / 100, static_cast<int>(month % 100), 1);
}

}  // namespace

std::string TimeKey(Group::Kind kind, int64_t start) {
  const int64_t month = start / 1000000;
  std::string key = absl::StrCat(month / 100);
  if (kind == Group::kYear) return key;
  absl::StrAppend(&key, "-", absl::Dec(month % 100, absl::kZeroPad2));
  if (kind == Group::kMonth) return key;
  absl::StrAppend(&key, "-", absl::Dec(start / 10000 % 100, absl::kZeroPad2));
  if (kind == Group::kDay) return key;
  return absl::StrCat(key, " ", absl::Dec(start / 100 % 100, absl::kZeroPad2), ":", absl::Dec(start % 100, absl::kZeroPad2));
}

const Group* Plan::Find(Group::Kind kind) const {
  for (const Group& group : groups) {
    if (group.kind == kind) return &group;
  }
  return nullptr;
}

Period Plan::Summed(const Period& asked) const {
  return cube->stock ? Period{std::min(since, asked.to), asked.to} : asked;
}

absl::StatusOr<Plan> MakePlan(const Snapshot& snapshot, const Cubes& cubes, const Reference& reference,
                              const Query& query) {
  const int64_t position = snapshot.position;
  Plan plan;
  ASSIGN_OR_RETURN(plan.cube, cubes.Require(query.cube));
  if (plan.cube->stock) {
    ASSIGN_OR_RETURN(plan.since, FirstDay(snapshot, *plan.cube));
  }
  RETURN_IF_ERROR(SetPeriod(query, &plan));
  RETURN_IF_ERROR(SetPlace(query, &plan));
  SetDivisions(query, reference, &plan);
  for (const Filter& filter : query.filters) RETURN_IF_ERROR(AddFilter(reference, filter, &plan));
  if (query.group_by.size() > kMostGroups) {
    return InvalidField("group_by", "GROUP_INVALID", absl::StrCat("最多按", kMostGroups, "项分组"));
  }
  for (const std::string& text : query.group_by) {
    if (std::count(query.group_by.begin(), query.group_by.end(), text) > 1) {
      return InvalidField("group_by", "GROUP_INVALID", absl::StrCat("“", text, "”重复"));
    }
    ASSIGN_OR_RETURN(Group group, ReadGroup(reference, plan, text));
    plan.groups.push_back(std::move(group));
  }
  const auto times = std::count_if(plan.groups.begin(), plan.groups.end(), [](const Group& group) { return IsTime(group); });
  const auto places = std::count_if(plan.groups.begin(), plan.groups.end(), [](const Group& group) {
    return group.kind == Group::kRegion || group.kind == Group::kOrganisation;
  });
  if (times > 1 || places > 1)
    return InvalidField("group_by", "GROUP_INVALID", "刻钟、日、月、年择一分组，区域与单位择一分组");
  if (plan.cube->stock && times > 0) {
    return InvalidField("group_by", "GROUP_INVALID", "存量统计的是期末，不按时间分组");
  }
  if (query.month_on_month && plan.Find(Group::kYear) != nullptr) {
    return InvalidField("group_by", "GROUP_INVALID", "按年分组没有环比");
  }
  if (query.as_of < 0 || query.as_of > position) {
    return InvalidField("as_of", "POSITION_AHEAD", absl::StrCat("统计目前到第", position, "条记录"));
  }
  plan.as_of = query.as_of == position ? 0 : query.as_of;
  if (query.decimals && (*query.decimals < 0 || *query.decimals > kMostDecimals)) {
    return InvalidField("decimals", "DECIMALS_INVALID", "小数位数为 0 至 6");
  }
  plan.decimals = query.decimals;
  return plan;
}

std::vector<std::string> AllKeys(const Plan& plan, const Group& group, const Reference& reference) {
  std::vector<std::string> keys;
  switch (group.kind) {
    case Group::kQuarterHour:
    case Group::kDay:
      for (absl::CivilDay day = plan.period.from; day <= plan.period.to; ++day) {
        for (int quarter = 0; quarter < (group.kind == Group::kDay ? 1 : kQuarterHours); ++quarter) {
          keys.push_back(TimeKey(group.kind, QuarterHourStart(day, quarter)));
        }
      }
      break;
    case Group::kMonth:
      for (const int64_t month : MonthsTouched(plan.period)) keys.push_back(TimeKey(group.kind, month * 1000000));
      break;
    case Group::kYear:
      for (int64_t year = plan.period.from.year(); year <= plan.period.to.year(); ++year) keys.push_back(absl::StrCat(year));
      break;
    case Group::kDimension:
      AddClasses(plan, group, reference, &keys);
      break;
    case Group::kRegion:
      if (plan.by_region() && reference.regions != nullptr) AddDivisions(*reference.regions, plan.region, group.level, plan.divisions_on, &keys);
      break;
    case Group::kOrganisation:
      break;
  }
  return keys;
}

}  // namespace sifa::statistics
