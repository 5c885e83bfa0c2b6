#include "libs/statistics/query.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "libs/core/status.h"
#include "libs/statistics/cells.h"
#include "libs/statistics/place.h"

namespace sifa::statistics {
namespace {

constexpr size_t kMostRows = 20000;
constexpr absl::string_view kSeparator(&kKeySeparator, 1);

absl::CivilDay ShiftDay(absl::CivilDay day, int months, bool keep_end) {
  const absl::CivilMonth target = absl::CivilMonth(day) - months;
  const absl::CivilDay last = absl::CivilDay(target + 1) - 1;
  const bool ends_month = absl::CivilMonth(day + 1) != absl::CivilMonth(day);
  if (keep_end && ends_month) return last;
  return std::min(last, absl::CivilDay(target) + (day.day() - 1));
}

Period Shift(const Period& period, int months) {
  return {ShiftDay(period.from, months, false), ShiftDay(period.to, months, true)};
}

void AddTo(const Measures& part, Measures* sum) {
  for (size_t i = 0; i < kMostMeasures; ++i) (*sum)[i] += part[i];
}

bool IsClass(const Group& group) { return group.kind == Group::kDimension; }

std::vector<std::string> SplitKey(const Plan& plan, absl::string_view key) {
  if (plan.groups.empty()) return {};
  return absl::StrSplit(key, kKeySeparator);
}

// The key without its classes: rows that share it share a whole.
std::string WholeKey(const Plan& plan, const std::vector<std::string>& keys) {
  std::string whole;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!IsClass(plan.groups[i])) absl::StrAppend(&whole, keys[i], kSeparator);
  }
  return whole;
}

// "2025-03" → "2026-03" for 12 months.
std::string MonthKeyLater(const std::string& key, int months) {
  int year = 0, month = 0;
  if (key.size() != 7 || !absl::SimpleAtoi(key.substr(0, 4), &year) ||
      !absl::SimpleAtoi(key.substr(5), &month))
    return key;
  const absl::CivilMonth later = absl::CivilMonth(year, month) + months;
  return absl::StrFormat("%04d-%02d", later.year(), later.month());
}

// Cells of an earlier period under the keys of the rows that they are compared with.
Cells AlignKeys(const Plan& plan, const Cells& cells, int months) {
  Cells aligned;
  for (const auto& [key, measures] : cells) {
    std::vector<std::string> keys = SplitKey(plan, key);
    for (size_t i = 0; i < keys.size(); ++i) {
      if (plan.groups[i].kind == Group::kMonth) keys[i] = MonthKeyLater(keys[i], months);
      if (plan.groups[i].kind == Group::kYear) keys[i] = MonthKeyLater(keys[i] + "-01", months).substr(0, 4);
    }
    AddTo(measures, &aligned[absl::StrJoin(keys, kSeparator)]);
  }
  return aligned;
}

class Runner {
 public:
  Runner(Snapshot& snapshot, const Reference& reference, Plan plan)
      : snapshot_(snapshot), reference_(reference), plan_(std::move(plan)), cube_(*plan_.cube) {}

  absl::StatusOr<Result> Run(const Query& query) {
    Result result;
    result.cube = &cube_;
    result.period = plan_.period;
    result.position = plan_.as_of > 0 ? plan_.as_of : snapshot_.position;
    ASSIGN_OR_RETURN(const Cells cells, ReadCells(snapshot_, plan_, plan_.period));
    if (query.year_on_year) {
      result.last_year = YearBefore(plan_.period);
      RETURN_IF_ERROR(ReadEarlier(*result.last_year, 12, &last_year_));
    }
    if (query.month_on_month) {
      const int months =
          plan_.Find(Group::kMonth) != nullptr ? 1 : static_cast<int>(MonthsTouched(plan_.period).size());
      result.period_before = MonthsBefore(plan_.period, months);
      RETURN_IF_ERROR(ReadEarlier(*result.period_before, months, &period_before_));
    }
    RETURN_IF_ERROR(ReadBases(cells));
    return Assemble(cells, std::move(result));
  }

 private:
  struct Earlier {
    Cells cells;
    bool wanted = false;
  };

  absl::Status ReadEarlier(const Period& period, int months, Earlier* earlier) {
    ASSIGN_OR_RETURN(const Cells cells, ReadCells(snapshot_, plan_, period));
    *earlier = {AlignKeys(plan_, cells, months), true};
    return absl::OkStatus();
  }

  // What shares are shares of. A filter on the classes themselves must not make the whole smaller (law §3.7:
  // the base is all that was accepted), so it is read again without.
  absl::Status ReadBases(const Cells& cells) {
    shares_ = !cube_.share_of.empty() && std::any_of(plan_.groups.begin(), plan_.groups.end(), IsClass);
    if (!shares_) return absl::OkStatus();
    Plan whole = plan_;
    bool filtered = false;
    for (const Group& group : plan_.groups) {
      if (!IsClass(group) || whole.filters[group.dimension].empty()) continue;
      whole.filters[group.dimension].clear();
      filtered = true;
    }
    if (!filtered) {
      for (const auto& [key, measures] : cells) AddBase(WholeKey(plan_, SplitKey(plan_, key)), measures);
      return absl::OkStatus();
    }
    std::erase_if(whole.groups, IsClass);
    ASSIGN_OR_RETURN(const Cells wholes, ReadCells(snapshot_, whole, whole.period));
    for (const auto& [key, measures] : wholes) AddBase(WholeKey(whole, SplitKey(whole, key)), measures);
    return absl::OkStatus();
  }

  void AddBase(const std::string& key, const Measures& measures) {
    AddTo(measures, &bases_[key]);
    AddTo(measures, &whole_);
  }

  absl::StatusOr<Result> Assemble(const Cells& cells, Result result) {
    std::vector<absl::string_view> order;
    order.reserve(cells.size() + last_year_.cells.size() + period_before_.cells.size());
    for (const Cells* some :
         std::initializer_list<const Cells*>{&cells, &last_year_.cells, &period_before_.cells}) {
      for (const auto& [key, measures] : *some) order.push_back(key);
    }
    std::sort(order.begin(), order.end());
    order.erase(std::unique(order.begin(), order.end()), order.end());
    if (order.size() > kMostRows) {
      return InvalidField("group_by", "RESULT_TOO_LARGE",
                          absl::StrCat("结果超过", kMostRows, "行，请缩小范围或减少分组"));
    }
    result.rows.reserve(order.size());
    Measures total{}, last_year{}, period_before{};
    for (const absl::string_view key : order) {
      const Measures measures = At(cells, key), then = At(last_year_.cells, key),
                     before = At(period_before_.cells, key);
      AddTo(measures, &total);
      AddTo(then, &last_year);
      AddTo(before, &period_before);
      if (!plan_.groups.empty()) result.rows.push_back(MakeRow(SplitKey(plan_, key), measures, then, before));
    }
    result.totals = MakeRow({}, total, last_year, period_before);
    Explain(&result);
    return result;
  }

  static Measures At(const Cells& cells, absl::string_view key) {
    const auto found = cells.find(key);
    return found == cells.end() ? Measures{} : found->second;
  }

  ResultRow MakeRow(std::vector<std::string> keys, const Measures& measures, const Measures& last_year,
                    const Measures& period_before) {
    ResultRow row;
    row.measures = measures;
    row.ratios = RatiosOf(keys, measures);
    if (shares_)
      row.share = MakeShare(cube_, measures, keys.empty() ? whole_ : At(bases_, WholeKey(plan_, keys)), plan_.decimals);
    if (last_year_.wanted) row.year_on_year = Compare(keys, measures, last_year);
    if (period_before_.wanted) row.month_on_month = Compare(keys, measures, period_before);
    row.keys = std::move(keys);
    return row;
  }

  void Explain(Result* result) {
    const auto people = PeopleOf({});
    for (size_t i = 0; i < cube_.ratios.size(); ++i) {
      result->explanations.push_back(statistics::Explain(cube_, cube_.ratios[i], result->totals.ratios[i], people));
    }
    if (result->totals.share) result->share_explanation = ExplainShare(cube_, *result->totals.share);
  }

  Comparison Compare(const std::vector<std::string>& keys, const Measures& current,
                     const Measures& previous) {
    Comparison made{previous, {}, RatiosOf(keys, previous)};
    for (size_t i = 0; i < cube_.measures.size(); ++i) {
      made.changes.push_back(MakeChange(current[i], previous[i], plan_.decimals.value_or(cube_.decimals)));
    }
    return made;
  }

  std::vector<RatioValue> RatiosOf(const std::vector<std::string>& keys, const Measures& measures) {
    std::vector<RatioValue> ratios;
    ratios.reserve(cube_.ratios.size());
    for (const Ratio& ratio : cube_.ratios) {
      const auto people = ratio.denominator == kPopulation ? PeopleOf(keys) : std::nullopt;
      ratios.push_back(MakeRatio(cube_, ratio, measures, people, plan_.decimals));
    }
    return ratios;
  }

  // Residents of the row's division, or of the one that is asked about.
  std::optional<Census> PeopleOf(const std::vector<std::string>& keys) const {
    RegionCode region =
        plan_.by_region() ? plan_.region : RegionOfPath(plan_.organisation_path).value_or(RegionCode());
    for (size_t i = 0; i < keys.size(); ++i) {
      if (plan_.groups[i].kind == Group::kRegion) region = RegionCode::Parse(keys[i]).value_or(RegionCode());
      if (plan_.groups[i].kind == Group::kOrganisation) region = RegionOfPath(keys[i]).value_or(RegionCode());
    }
    if (reference_.population == nullptr || region.IsEmpty()) return std::nullopt;
    return reference_.population->Find(region, static_cast<int>(plan_.period.to.year()));
  }

  Snapshot& snapshot_;
  const Reference& reference_;
  const Plan plan_;
  const Cube& cube_;
  Earlier last_year_, period_before_;
  Cells bases_;
  Measures whole_{};  // the sum of bases_
  bool shares_ = false;
};

}  // namespace

Period YearBefore(const Period& period) { return Shift(period, 12); }
Period MonthsBefore(const Period& period, int months) { return Shift(period, months); }

absl::StatusOr<Result> RunQuery(Snapshot& snapshot, const Cubes& cubes, const Reference& reference,
                                const Query& query) {
  ASSIGN_OR_RETURN(Plan plan, MakePlan(snapshot, cubes, reference, query));
  return Runner(snapshot, reference, std::move(plan)).Run(query);
}

}  // namespace sifa::statistics
