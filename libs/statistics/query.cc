#include "libs/statistics/query.h"

#include <algorithm>
#include <numeric>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/statistics/place.h"
#include "libs/statistics/remembered.h"

namespace sifa::statistics {
namespace {

constexpr size_t kMostRows = 20000;
constexpr Measures kNothing{};

constexpr int kMonthEnd = 31;

int LastDayOf(absl::CivilMonth month) { return (absl::CivilDay(month + 1) - 1).day(); }

// That day of the month so many months before, or the month's last where it has no such day.
absl::CivilDay DayBefore(absl::CivilDay day, int months, int day_of_month) {
  const absl::CivilMonth target = absl::CivilMonth(day) - months;
  return absl::CivilDay(target) + (std::min(day_of_month, LastDayOf(target)) - 1);
}

// Whole months stay whole, those of the calendar and those that an office begins on another day; of other periods the days of the
// month stay.
Period Shift(const Period& period, int months) {
  const int end = period.from.day() == 1 ? kMonthEnd : period.from.day() - 1;
  const bool whole = period.to.day() == std::min(end, LastDayOf(absl::CivilMonth(period.to)));
  return {DayBefore(period.from, months, period.from.day()), DayBefore(period.to, months, whole ? end : period.to.day())};
}

// The months that a period is long, one begun counted as whole: 26 October to 25 November is one month, though in two.
int MonthsLong(const Period& period) {
  return static_cast<int>(absl::CivilMonth(period.to) - absl::CivilMonth(period.from)) + (period.to.day() >= period.from.day());
}

void AddTo(const Measures& part, Measures* sum) {
  for (size_t i = 0; i < kMostMeasures; ++i) (*sum)[i] += part[i];
}

bool IsClass(const Group& group) { return group.kind == Group::kDimension; }

// The key without its classes: rows that share it share a whole.
CellKey WholeKey(const Plan& plan, CellKey key) {
  for (size_t i = 0; i < plan.groups.size(); ++i) {
    if (IsClass(plan.groups[i])) key[i] = 0;
  }
  return key;
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

// "2025-03-31 08:45" → "2026-03-31 08:45": the same day of the later month, or its last.
std::string DayKeyLater(const std::string& key, int months) {
  absl::CivilDay day;
  if (key.size() < 10 || !ParseDay(key.substr(0, 10), &day)) return key;
  return FormatDay(DayBefore(day, -months, day.day())) + key.substr(10);
}

// The key of the rows that those of an earlier key are compared with.
std::string LaterKey(const Group& group, const std::string& key, int months) {
  if (group.kind == Group::kDay || group.kind == Group::kQuarterHour) return DayKeyLater(key, months);
  if (group.kind == Group::kMonth) return MonthKeyLater(key, months);
  if (group.kind == Group::kYear) return MonthKeyLater(key + "-01", months).substr(0, 4);
  return key;
}

// Cells of an earlier period under the keys of the rows that they are compared with.
Cells AlignKeys(const Plan& plan, const CellTable& table, int months, KeySets* keys) {
  std::array<std::vector<uint32_t>, kMostGroups> later;  // by group and number of the earlier key
  for (size_t i = 0; i < plan.groups.size(); ++i) {
    for (uint32_t k = 0; k < table.keys[i].size(); ++k) {
      later[i].push_back((*keys)[i].NumberOf(LaterKey(plan.groups[i], table.keys[i][k], months)));
    }
  }
  Cells aligned;
  for (const auto& [key, measures] : table.cells) {
    CellKey to{};
    for (size_t i = 0; i < plan.groups.size(); ++i) to[i] = later[i][key[i]];
    AddTo(measures, &aligned[to]);
  }
  return aligned;
}

// All that the cells of a table depend on, beside what is counted. Each text with its length: no filter reads like another.
std::string QuestionOf(const Snapshot& snapshot, const Plan& plan, const Query& query, const Period& period) {
  std::string question = absl::StrCat(snapshot.generation, " ", FormatDay(period.from), FormatDay(period.to),
                                      FormatDay(plan.divisions_on), query.exact);
  const auto add = [&](absl::string_view text) { absl::StrAppend(&question, " ", text.size(), ":", text); };
  add(query.cube);
  add(query.region);
  add(query.organisation_path);
  for (const std::string& group : query.group_by) add(group);
  for (const Filter& filter : query.filters) {
    absl::StrAppend(&question, " of", filter.values.size());
    add(filter.dimension);
    for (const std::string& value : filter.values) add(value);
  }
  return question;
}

class Runner {
 public:
  Runner(Snapshot& snapshot, const Reference& reference, Plan plan, const Query& query, Remembered* remembered)
      : snapshot_(snapshot),
        reference_(reference),
        plan_(std::move(plan)),
        cube_(*plan_.cube),
        query_(query),
        remembered_(remembered) {}

  absl::StatusOr<Result> Run() {
    Result result;
    result.cube = &cube_;
    result.period = plan_.period;
    result.divisions_on = plan_.divisions_on;
    result.decimals = plan_.decimals;
    result.groups = plan_.groups.size();
    result.position = plan_.as_of > 0 ? plan_.as_of : snapshot_.position;
    ASSIGN_OR_RETURN(const auto now, Read(plan_.period));
    const Cells& cells = now->cells;
    keys_ = now->keys;
    if (query_.year_on_year) {
      result.last_year = YearBefore(plan_.period);
      RETURN_IF_ERROR(ReadEarlier(*result.last_year, 12, &last_year_));
    }
    if (query_.month_on_month) {
      const int months = plan_.Find(Group::kMonth) != nullptr ? 1 : MonthsLong(plan_.period);
      result.period_before = MonthsBefore(plan_.period, months);
      RETURN_IF_ERROR(ReadEarlier(*result.period_before, months, &period_before_));
    }
    RETURN_IF_ERROR(ReadBases(cells));
    if (query_.complete) RETURN_IF_ERROR(AddAllKeys());
    return Assemble(cells, std::move(result));
  }

 private:
  struct Earlier {
    Cells cells;
    bool wanted = false;
  };

  absl::StatusOr<std::shared_ptr<const CellTable>> Read(const Period& period) {
    return ReadTable(snapshot_, plan_, period, QuestionOf(snapshot_, plan_, query_, period), remembered_);
  }

  absl::Status ReadEarlier(const Period& period, int months, Earlier* earlier) {
    ASSIGN_OR_RETURN(const auto table, Read(period));
    *earlier = {AlignKeys(plan_, *table, months, &keys_), true};
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
    Cells unfiltered;
    if (filtered) {
      ASSIGN_OR_RETURN(unfiltered, ReadCells(snapshot_, whole, whole.period, &keys_));
    }
    const int part = MeasureIndex(cube_, cube_.share_of);
    for (const auto& [key, measures] : filtered ? unfiltered : cells) {
      bases_[WholeKey(plan_, key)] += measures[part];
      whole_ += measures[part];
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Result> Assemble(const Cells& cells, Result result) {
    const std::vector<Line> lines = Lines(cells);
    if (lines.size() > kMostRows) return TooLarge();
    const auto place = PlaceGroup();
    const auto people = place ? PeopleOfKeys(*place) : std::vector<const Census*>();
    result.totals.people = PeopleOf(OwnPlace());
    result.totals.share_base = whole_;
    if (last_year_.wanted) result.totals.last_year = std::make_unique<Measures>();
    if (period_before_.wanted) result.totals.period_before = std::make_unique<Measures>();
    if (!plan_.groups.empty()) result.rows.reserve(lines.size());
    for (const Line& line : lines) {
      AddTo(*line.now, &result.totals.measures);
      if (last_year_.wanted) AddTo(*line.last_year, &*result.totals.last_year);
      if (period_before_.wanted) AddTo(*line.period_before, &*result.totals.period_before);
      if (plan_.groups.empty()) continue;
      ResultRow& row = result.rows.emplace_back();
      row.key = line.key;
      row.measures = *line.now;
      if (last_year_.wanted) row.last_year = std::make_unique<Measures>(*line.last_year);
      if (period_before_.wanted) row.period_before = std::make_unique<Measures>(*line.period_before);
      row.people = place ? people[line.key[*place]] : result.totals.people;
      if (shares_) row.share_base = BaseOf(line.key);
    }
    result.shares = shares_;
    result.keys = std::move(keys_);
    return result;
  }

  static absl::Status TooLarge() {
    return InvalidField("group_by", "RESULT_TOO_LARGE", absl::StrCat("结果超过", kMostRows, "行，请缩小范围或减少分组"));
  }

  // The keys of all rows that a complete table has.
  absl::Status AddAllKeys() {
    all_ = {CellKey{}};
    for (size_t i = 0; i < plan_.groups.size(); ++i) {
      std::vector<uint32_t> numbers;
      for (const std::string& key : AllKeys(plan_, plan_.groups[i], reference_)) numbers.push_back(keys_[i].NumberOf(key));
      if (numbers.empty()) {
        numbers.resize(keys_[i].size());
        std::iota(numbers.begin(), numbers.end(), 0);
      }
      if (all_.size() * numbers.size() > kMostRows) return TooLarge();
      std::vector<CellKey> longer;
      for (CellKey key : all_) {
        for (const uint32_t number : numbers) {
          key[i] = number;
          longer.push_back(key);
        }
      }
      all_ = std::move(longer);
    }
    return absl::OkStatus();
  }

  // The cells of one key now and then.
  struct Line {
    CellKey key;
    const Measures* now = &kNothing;
    const Measures* last_year = &kNothing;
    const Measures* period_before = &kNothing;
  };

  // By the texts of one group's keys; lines of the same key stay in their order. There are few keys: each gets its stretch.
  void SortByKey(size_t group, std::vector<Line>* lines) const {
    const std::vector<uint32_t> ranks = keys_[group].Ranks();
    std::vector<size_t> next(ranks.size() + 1);
    for (const Line& line : *lines) ++next[ranks[line.key[group]] + 1];
    std::partial_sum(next.begin(), next.end(), next.begin());
    std::vector<Line> sorted(lines->size());
    for (const Line& line : *lines) sorted[next[ranks[line.key[group]]]++] = line;
    *lines = std::move(sorted);
  }

  // Of all keys that have a cell at any time, in order.
  std::vector<Line> Lines(const Cells& cells) const {
    std::vector<Line> lines;
    lines.reserve(cells.size() + last_year_.cells.size() + period_before_.cells.size());
    for (const CellKey& key : all_) lines.push_back({.key = key});
    for (const auto& [key, measures] : cells) lines.push_back({.key = key, .now = &measures});
    for (const auto& [key, measures] : last_year_.cells) lines.push_back({.key = key, .last_year = &measures});
    for (const auto& [key, measures] : period_before_.cells) lines.push_back({.key = key, .period_before = &measures});
    for (size_t i = plan_.groups.size(); i-- > 0;) SortByKey(i, &lines);
    size_t kept = 0;
    for (const Line& line : lines) {
      if (kept == 0 || lines[kept - 1].key != line.key) {
        lines[kept++] = line;
        continue;
      }
      Line& same = lines[kept - 1];
      if (line.now != &kNothing) same.now = line.now;
      if (line.last_year != &kNothing) same.last_year = line.last_year;
      if (line.period_before != &kNothing) same.period_before = line.period_before;
    }
    lines.resize(kept);
    return lines;
  }

  int64_t BaseOf(const CellKey& key) const {
    const auto found = bases_.find(WholeKey(plan_, key));
    return found == bases_.end() ? 0 : found->second;
  }

  // The group by place, where there is one.
  std::optional<size_t> PlaceGroup() const {
    for (size_t i = 0; i < plan_.groups.size(); ++i) {
      if (plan_.groups[i].kind == Group::kRegion || plan_.groups[i].kind == Group::kOrganisation) return i;
    }
    return std::nullopt;
  }
  // Residents of the places that a group has as keys, by their numbers.
  std::vector<const Census*> PeopleOfKeys(size_t group) const {
    std::vector<const Census*> people;
    for (uint32_t i = 0; i < keys_[group].size(); ++i) {
      const std::string& place = keys_[group][i];
      const bool by_region = plan_.groups[group].kind == Group::kRegion;
      people.push_back(PeopleOf(by_region ? RegionCode::Parse(place).value_or(RegionCode()) : OwnRegionOf(place)));
    }
    return people;
  }
  RegionCode OwnPlace() const { return plan_.by_region() ? plan_.region : OwnRegionOf(plan_.organisation_path); }
  static RegionCode OwnRegionOf(const std::string& path) { return RegionOfPath(path).value_or(RegionCode()); }
  const Census* PeopleOf(RegionCode region) const {
    if (reference_.population == nullptr || region.IsEmpty()) return nullptr;
    return reference_.population->Find(region, static_cast<int>(plan_.period.to.year()));
  }

  Snapshot& snapshot_;
  const Reference& reference_;
  const Plan plan_;
  const Cube& cube_;
  const Query& query_;
  Remembered* const remembered_;
  KeySets keys_;
  std::vector<CellKey> all_;  // of a complete table
  Earlier last_year_, period_before_;
  absl::flat_hash_map<CellKey, int64_t> bases_;  // of shares
  int64_t whole_ = 0;                            // the sum of bases_
  bool shares_ = false;
};

}  // namespace

Period YearBefore(const Period& period) { return Shift(period, 12); }
Period MonthsBefore(const Period& period, int months) { return Shift(period, months); }
Period PeriodBefore(const Period& period) { return Shift(period, MonthsLong(period)); }

absl::StatusOr<Result> RunQuery(Snapshot& snapshot, const Cubes& cubes, const Reference& reference, const Query& query,
                                Remembered* remembered) {
  ASSIGN_OR_RETURN(Plan plan, MakePlan(snapshot, cubes, reference, query));
  return Runner(snapshot, reference, std::move(plan), query, remembered).Run();
}

}  // namespace sifa::statistics
