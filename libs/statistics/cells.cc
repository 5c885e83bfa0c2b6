#include "libs/statistics/cells.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/statistics/counter_snapshot.h"
#include "libs/statistics/place.h"
#include "libs/statistics/schema.h"

namespace sifa::statistics {
namespace {

// A past position within so many records of one whose counters are kept, or as large a part of all, is asked of these and of the
// contributions between; another one of the contributions known then.
constexpr int64_t kNear = 20000, kNearPart = 8;

absl::CivilDay LastDay(absl::CivilMonth month) { return absl::CivilDay(month + 1) - 1; }

// Counters of one kind, read at once.
struct Counted {
  PeriodKind kind;
  Period period;
  std::vector<int64_t> starts;
};
// What of a period is asked of counters, and what of the contributions; each in the order of time, so that what is counted hangs
// together.
struct Parts {
  std::vector<Counted> counted;
  std::vector<Period> rest;
};

// So many ranges of the key a statement.
constexpr size_t kMostStarts = 400;

void AddCounted(PeriodKind kind, const Period& period, Parts* parts) {
  const auto add = [&](const Period& day_or_month, int64_t start) {
    auto& counted = parts->counted;
    if (counted.empty() || counted.back().kind != kind || counted.back().starts.size() == kMostStarts) {
      counted.push_back({kind, day_or_month, {}});
    }
    counted.back().period.to = day_or_month.to;
    counted.back().starts.push_back(start);
  };
  if (kind == PeriodKind::kMonth) {
    for (absl::CivilMonth month(period.from); month <= absl::CivilMonth(period.to); ++month) {
      add({absl::CivilDay(month), LastDay(month)}, MonthStart(absl::CivilDay(month)));
    }
    return;
  }
  for (absl::CivilDay day = period.from; day <= period.to; ++day) {
    for (int quarter = 0; quarter < (kind == PeriodKind::kDay ? 1 : kQuarterHours); ++quarter) {
      add({day, day}, StartOf(kind, day, quarter));
    }
  }
}

// `told`: the coarsest counters of which the rows can be made; `kept` says of which kinds the plan's are.
Parts SplitPeriod(const Period& period, PeriodKind told, absl::FunctionRef<bool(PeriodKind)> kept) {
  Parts parts;
  const auto add = [&](PeriodKind kind, const Period& part) {
    if (part.from > part.to) return;
    if (kept(kind)) {
      AddCounted(kind, part, &parts);
    } else {
      parts.rest.push_back(part);
    }
  };
  if (told != PeriodKind::kMonth) {
    add(told, period);
    return parts;
  }
  const absl::CivilDay first = period.from.day() == 1 ? period.from : absl::CivilDay(absl::CivilMonth(period.from) + 1);
  const absl::CivilDay last = absl::CivilDay(absl::CivilMonth(period.to + 1)) - 1;  // of the last whole month
  if (first > last) {
    add(PeriodKind::kDay, period);
    return parts;
  }
  add(PeriodKind::kDay, {period.from, first - 1});
  add(PeriodKind::kMonth, {first, last});
  add(PeriodKind::kDay, {last + 1, period.to});
  return parts;
}

// The dimensions that a plan looks at, by groups or by filters, in order.
std::vector<int> DimensionsOf(const Plan& plan) {
  std::vector<int> dimensions;
  for (size_t i = 0; i < plan.cube->dimensions.size(); ++i) {
    const bool grouped = std::any_of(plan.groups.begin(), plan.groups.end(), [&](const Group& group) {
      return group.kind == Group::kDimension && group.dimension == static_cast<int>(i);
    });
    if (grouped || !plan.filters[i].empty()) dimensions.push_back(static_cast<int>(i));
  }
  return dimensions;
}

bool GroupsByPlace(const Plan& plan) {
  return plan.Find(Group::kRegion) != nullptr || plan.Find(Group::kOrganisation) != nullptr;
}

// How finely the counters of all places that the plan looks at are kept.
Detail DetailFor(const Plan& plan) {
  const Group* region = plan.Find(Group::kRegion);
  if (!plan.by_region()) {
    if (plan.exact || region != nullptr) return Detail::kNone;
    const int depth = DepthOf(plan.organisation_path);
    return DetailAtDepth(plan.Find(Group::kOrganisation) != nullptr ? depth + 1 : depth);
  }
  return DetailOf(region == nullptr ? plan.region.level() : std::max(region->level, plan.region.level()));
}

// Collects rows into cells.
class Collector {
 public:
  Collector(const Plan& plan, KeySets* keys, Cells cells = {})
      : plan_(plan), dimensions_(DimensionsOf(plan)), keys_(*keys), cells_(std::move(cells)) {}

  const std::vector<int>& dimensions() const { return dimensions_; }

  // `classes` begins the columns of dimensions(), then those of the measures.
  void Add(int64_t start, absl::string_view place, const mysql::Row& row, int classes, int sign) {
    AddTo(KeyOf(start, place, row, classes), row, classes, sign);
  }
  // A part of a place: it counts in its own row instead of that of the place.
  void AddPart(int64_t start, absl::string_view part, absl::string_view whole, const mysql::Row& row, int classes, int sign) {
    CellKey key = KeyOf(start, part, row, classes);
    AddTo(key, row, classes, sign);
    for (size_t i = 0; i < plan_.groups.size(); ++i) {
      if (IsPlace(plan_.groups[i])) key[i] = keys_[i].NumberOf(whole);
    }
    AddTo(key, row, classes, -sign);
  }

  Cells Take() {
    absl::erase_if(cells_, [](const auto& cell) { return cell.second == Measures{}; });
    return std::move(cells_);
  }

 private:
  static bool IsPlace(const Group& group) { return group.kind == Group::kRegion || group.kind == Group::kOrganisation; }

  CellKey KeyOf(int64_t start, absl::string_view place, const mysql::Row& row, int classes) {
    CellKey key{};
    for (size_t i = 0; i < plan_.groups.size(); ++i) key[i] = NumberOf(i, start, place, row, classes);
    return key;
  }

  uint32_t NumberOf(size_t i, int64_t start, absl::string_view place, const mysql::Row& row, int classes) {
    const Group& group = plan_.groups[i];
    if (IsPlace(group)) return keys_[i].NumberOf(place);
    if (group.kind != Group::kDimension) return NumberOfStart(i, start);
    const auto at = std::find(dimensions_.begin(), dimensions_.end(), group.dimension);
    const std::string& code = row.Bytes(classes + static_cast<int>(at - dimensions_.begin()));
    return group.roll_up ? keys_[i].NumberOf(group.roll_up(code)) : keys_[i].NumberOf(code);
  }

  // Of the period by which the rows are told, from the start of one that lies in it.
  uint32_t NumberOfStart(size_t i, int64_t start) {
    const auto [known, is_new] = starts_.try_emplace(start);
    if (is_new) known->second = keys_[i].NumberOf(TimeKey(plan_.groups[i].kind, start));
    return known->second;
  }

  void AddTo(const CellKey& key, const mysql::Row& row, int classes, int sign) {
    Measures& sum = cells_[key];
    const int first = classes + static_cast<int>(dimensions_.size());
    for (size_t i = 0; i < plan_.cube->measures.size(); ++i) sum[i] += sign * row.Int(first + static_cast<int>(i));
  }

  const Plan& plan_;
  const std::vector<int> dimensions_;
  KeySets& keys_;
  absl::flat_hash_map<int64_t, uint32_t> starts_;  // a table is told by one kind of period
  Cells cells_;
};

std::string ClassColumns(const std::vector<int>& dimensions) {
  std::string columns;
  for (const int dimension : dimensions) absl::StrAppend(&columns, ", d", dimension);
  return columns;
}

void AddFilters(const Plan& plan, Statement* statement) {
  for (size_t i = 0; i < kMostDimensions; ++i) {
    if (!plan.filters[i].empty()) statement->AddList(absl::StrCat("d", i), plan.filters[i]);
  }
}

// The contributions of a period: by month, which their key begins with, and by day where it cuts a month.
void AddDays(const Period& period, Statement* statement) {
  statement->AddList("month", MonthsTouched(period));
  if (!IsWholeMonths(period)) statement->AddDay(" AND day >= ?", period.from).AddDay(" AND day <= ?", period.to);
}

// The start of a contribution's period, and what to group by for it.
struct StartColumns {
  absl::string_view value, grouped;
};
StartColumns StartColumnsOf(PeriodKind kind) {
  if (kind == PeriodKind::kMonth) return {"month * 1000000 + 10000", "month"};
  if (kind == PeriodKind::kDay) return {"(month * 100 + DAYOFMONTH(day)) * 10000", "month, day"};
  return {"(month * 100 + DAYOFMONTH(day)) * 10000 + quarter_hour DIV 4 * 100 + quarter_hour MOD 4 * 15", "month, day, quarter_hour"};
}

// The coarsest periods of which the plan's rows can be made.
PeriodKind ToldBy(const Plan& plan) {
  if (plan.Find(Group::kQuarterHour) != nullptr) return PeriodKind::kQuarterHour;
  return plan.Find(Group::kDay) != nullptr ? PeriodKind::kDay : PeriodKind::kMonth;
}

// Whether there are counters of a kind, for places of that detail and these dimensions.
bool IsKept(const Plan& plan, PeriodKind kind, Detail detail, const std::vector<int>& dimensions) {
  if (kind > plan.cube->finest || !KeepsPeriods(kind, detail)) return false;
  if (plan.base > 0 && (kind != PeriodKind::kMonth || detail == Detail::kMonths)) return false;  // counter_snapshot.h
  return dimensions.size() <= 1 || KeepsCombinations(kind, detail);
}

// Counters of a place and of the places whose keys begin with `below`; either may be empty.
Statement Counters(const Snapshot& snapshot, const Plan& plan, const std::vector<int>& dimensions, const Counted& counted,
                   const std::string& place, const std::string& below) {
  const int shape = dimensions.empty()       ? kTotalShape
                    : dimensions.size() == 1 ? SingleShape(dimensions[0])
                                             : kFullShape;
  const std::string classes = ClassColumns(dimensions);
  Statement statement("SELECT period_start, place");
  statement.Add(classes);
  if (shape == kFullShape) {
    statement.Add(SumColumns(*plan.cube));
  } else {
    for (size_t i = 0; i < plan.cube->measures.size(); ++i) statement.Add(absl::StrCat(", m", i));
  }
  statement.Add(plan.base > 0 ? " FROM statistics_snapshot_counter WHERE" : " FROM statistics_counter WHERE");
  if (plan.base > 0) statement.Add(" position = ? AND", {plan.base});
  statement.Add(" generation = ? AND cube_number = ? AND shape = ? AND period_kind = ?",
                {snapshot.generation, plan.cube->id, shape, static_cast<int64_t>(counted.kind)});
  statement.AddList("period_start", counted.starts).AddText(" AND (place = ?", place);
  if (!below.empty()) statement.Add(" OR (TRUE").AddPrefix("place", below).Add(")");
  statement.Add(")");
  AddFilters(plan, &statement);
  if (shape == kFullShape) statement.Add(absl::StrCat(" GROUP BY period_start, place", classes));
  return statement;
}

// The key that stands for the plan's own place where its rows are broken down by place.
std::string OwnKey(const Plan& plan) {
  if (plan.Find(Group::kOrganisation) != nullptr) return plan.organisation_path;
  return plan.region.ToString();
}

// The row into which a division falls.
std::string KeyOf(const Plan& plan, RegionCode code) {
  const Group* group = plan.Find(Group::kRegion);
  const auto region = group != nullptr ? RegionAt(code, group->level) : std::nullopt;
  return region ? region->ToString() : OwnKey(plan);
}

// The counters of a place in the row of `own`, and of the places below it in rows of theirs. One statement reads both: to begin
// one costs as much as three hundred rows.
absl::Status CollectPlaces(Snapshot& snapshot, const Plan& plan, const Counted& counted, const std::string& place,
                           const std::string& below, const std::string& own, int sign, Collector* collector) {
  const Statement statement = Counters(snapshot, plan, collector->dimensions(), counted, place, below);
  return statement.Each(snapshot.connection, [&](const mysql::Row& row) {
    if (row.Bytes(1) == place) return collector->Add(row.Int(0), own, row, 2, sign);
    std::string part = row.Bytes(1).substr(1);
    if (plan.by_region() && part.size() < 6) part.resize(6, '0');
    collector->AddPart(row.Int(0), part, own, row, 2, sign);  // the rest stays with the place itself
  });
}

// Below which places of a division its rows are; empty where it is in one row.
std::string RowsWithin(const Plan& plan, RegionCode region) {
  const Group* group = plan.Find(Group::kRegion);
  return group == nullptr || group->level <= region.level() ? "" : PlacesWithin(region, group->level);
}

// What was recorded in an abolished division, in the form of its counters. Of townships and villages there are none of
// combinations.
absl::StatusOr<mysql::Rows> ReadRecorded(Snapshot& snapshot, const Plan& plan, const std::vector<int>& dimensions,
                                         const Counted& counted, RegionCode region) {
  const Detail detail = DetailOf(region.level());
  if (IsKept(plan, counted.kind, detail, dimensions)) {
    return Counters(snapshot, plan, dimensions, counted, PlaceKey(region), "").Query(snapshot.connection);
  }
  const std::string classes = ClassColumns(dimensions);
  const StartColumns start = StartColumnsOf(counted.kind);
  Statement statement(absl::StrCat("SELECT ", start.value, ", ''", classes, SumColumns(*plan.cube), ContributionTable(plan)));
  statement.Add(" WHERE generation = ? AND cube_number = ?", {snapshot.generation, plan.cube->id});
  AddDays(counted.period, &statement);
  statement.Add(" AND region >= ? AND region < ?", {static_cast<int64_t>(region.packed()), static_cast<int64_t>(region.packed_end())});
  if (plan.base > 0) statement.Add(" AND position <= ?", {plan.base});
  AddFilters(plan, &statement);
  statement.Add(absl::StrCat(" GROUP BY ", start.grouped, classes));
  return statement.Query(snapshot.connection);
}

bool WasIn(const Plan& plan, const Divisions::Move& move) { return move.with.value_or(move.from).IsWithin(plan.region); }

// The moves into, out of and within the plan's division of what has anything in these periods: of all that were ever abolished
// few have. One statement looks for them.
absl::StatusOr<std::vector<Divisions::Move>> MovesWithRecords(Snapshot& snapshot, const Plan& plan, const Counted& counted) {
  std::vector<Divisions::Move> moves = plan.divisions.Moves();
  std::erase_if(moves, [&](const auto& move) { return !WasIn(plan, move) && !move.to.IsWithin(plan.region); });
  const auto is_kept = [&](const auto& move) { return IsKept(plan, counted.kind, DetailOf(move.from.level()), {}); };
  std::vector<std::string> places;
  for (const auto& move : moves) {
    if (is_kept(move)) places.push_back(PlaceKey(move.from));
  }
  if (places.empty()) return moves;
  Statement statement("SELECT DISTINCT place FROM statistics_counter");
  statement.Add(" WHERE generation = ? AND cube_number = ? AND shape = ? AND period_kind = ?",
                {snapshot.generation, plan.cube->id, kTotalShape, static_cast<int64_t>(counted.kind)});
  statement.AddList("period_start", counted.starts).AddList("place", places);
  absl::flat_hash_set<std::string> recorded;
  RETURN_IF_ERROR(statement.Each(snapshot.connection, [&](const mysql::Row& row) { recorded.insert(row.Bytes(0)); }));
  std::erase_if(moves, [&](const auto& move) { return is_kept(move) && !recorded.contains(PlaceKey(move.from)); });
  return moves;
}

// Puts what was recorded in abolished divisions from the rows that have it into those where it counts now.
absl::Status CollectMoves(Snapshot& snapshot, const Plan& plan, const Counted& counted, Collector* collector) {
  ASSIGN_OR_RETURN(const auto moves, MovesWithRecords(snapshot, plan, counted));
  for (const Divisions::Move& move : moves) {
    const bool was_in = WasIn(plan, move), is_in = move.to.IsWithin(plan.region);
    ASSIGN_OR_RETURN(const auto whole, ReadRecorded(snapshot, plan, collector->dimensions(), counted, move.from));
    if (whole.empty()) continue;
    const std::string from = KeyOf(plan, move.with.value_or(move.from)), to = KeyOf(plan, move.to);
    for (const auto& row : whole) {
      if (is_in) collector->Add(row.Int(0), to, row, 2, 1);
      if (was_in) collector->Add(row.Int(0), from, row, 2, -1);
    }
    const std::string below = was_in && !move.with ? RowsWithin(plan, move.from) : "";
    if (!below.empty()) RETURN_IF_ERROR(CollectPlaces(snapshot, plan, counted, "", below, from, -1, collector));
  }
  return absl::OkStatus();
}

absl::Status CollectCounters(Snapshot& snapshot, const Plan& plan, const Counted& counted, Collector* collector) {
  const std::string place = plan.by_region() ? PlaceKey(plan.region) : PlaceKey(plan.organisation_path);
  const std::string below = !GroupsByPlace(plan) ? ""
                            : plan.by_region()   ? RowsWithin(plan, plan.region)
                                                 : PlacesBelow(plan.organisation_path);
  RETURN_IF_ERROR(CollectPlaces(snapshot, plan, counted, place, below, OwnKey(plan), 1, collector));
  return CollectMoves(snapshot, plan, counted, collector);
}

std::string PlaceOfContribution(const Plan& plan, const mysql::Row& row) {
  if (plan.Find(Group::kRegion) != nullptr) {
    return KeyOf(plan, plan.divisions.Of(RegionCode::FromPacked(static_cast<uint64_t>(row.Int(1)))));
  }
  if (plan.Find(Group::kOrganisation) == nullptr) return "";
  return std::string(AncestorAt(row.Bytes(1), DepthOf(plan.organisation_path) + 1));
}

absl::Status CollectContributions(Snapshot& snapshot, const Plan& plan, const Period& period, Known known, int sign,
                                  Collector* collector) {
  const bool by_place = GroupsByPlace(plan);
  const absl::string_view place = !by_place                              ? "''"
                                  : plan.Find(Group::kRegion) != nullptr ? "region"
                                                                         : "organisation_path";
  const std::string classes = ClassColumns(collector->dimensions());
  const StartColumns start = StartColumnsOf(ToldBy(plan));
  Statement statement(absl::StrCat("SELECT ", start.value, ", ", place, classes, SumColumns(*plan.cube)));
  statement.Add(ContributionTable(plan, known));
  AddContributionConditions(snapshot, plan, period, &statement, known);
  statement.Add(absl::StrCat(" GROUP BY ", start.grouped, by_place ? absl::StrCat(", ", place) : "", classes));
  return statement.Each(snapshot.connection, [&](const mysql::Row& row) {
    collector->Add(row.Int(0), PlaceOfContribution(plan, row), row, 2, sign);
  });
}

}  // namespace

std::vector<int64_t> MonthsTouched(const Period& period) {
  std::vector<int64_t> months;
  for (absl::CivilMonth month(period.from); month <= absl::CivilMonth(period.to); ++month) {
    months.push_back(month.year() * 100 + month.month());
  }
  return months;
}

bool IsWholeMonths(const Period& period) { return period.from.day() == 1 && (period.to + 1).day() == 1; }

absl::string_view ContributionTable(const Plan& plan, Known known) {
  // The server's statistics lag behind an import, so the index is named.
  if (known != Known::kThen) return " FROM statistics_contribution FORCE INDEX (by_position)";
  return plan.by_region() ? " FROM statistics_contribution FORCE INDEX (PRIMARY)"
                          : " FROM statistics_contribution FORCE INDEX (by_organisation)";
}

void AddContributionConditions(const Snapshot& snapshot, const Plan& plan, const Period& period,
                               Statement* statement, Known known) {
  statement->Add(" WHERE generation = ? AND cube_number = ?", {snapshot.generation, plan.cube->id});
  AddDays(period, statement);
  if (plan.by_region()) {
    absl::string_view joined = " AND (";
    for (const auto& [begin, end] : plan.divisions.CountedIn(plan.region)) {
      statement->Add(joined).Add("region >= ? AND region < ?", {static_cast<int64_t>(begin), static_cast<int64_t>(end)});
      joined = " OR ";
    }
    statement->Add(")");
  } else if (plan.exact) {
    statement->AddText(" AND organisation_path = ?", plan.organisation_path);
  } else {
    statement->AddPrefix("organisation_path", plan.organisation_path);
  }
  if (known == Known::kBetween) {
    statement->Add(" AND position > ? AND position <= ?", {std::min(plan.as_of, plan.base), std::max(plan.as_of, plan.base)});
  } else if (plan.as_of > 0) {
    statement->Add(known == Known::kThen ? " AND position <= ?" : " AND position > ?", {plan.as_of});
  }
  AddFilters(plan, statement);
}

absl::StatusOr<Cells> ReadCells(Snapshot& snapshot, const Plan& asked_for, const Period& asked, KeySets* keys) {
  Plan plan = asked_for;
  const Period period = plan.Summed(asked);
  Collector collector(plan, keys);
  const Detail detail = DetailFor(plan);
  int64_t base = snapshot.position;
  if (plan.as_of > 0) {
    ASSIGN_OR_RETURN(base, NearestKept(snapshot, plan.as_of));
    if (base != snapshot.position) plan.base = base;
  }
  const bool near = plan.as_of == 0 || std::abs(base - plan.as_of) <= std::max(kNear, plan.as_of / kNearPart);
  const Parts parts = SplitPeriod(period, ToldBy(plan),
                                  [&](PeriodKind kind) { return near && IsKept(plan, kind, detail, collector.dimensions()); });
  for (const Counted& counted : parts.counted) RETURN_IF_ERROR(CollectCounters(snapshot, plan, counted, &collector));
  if (!parts.counted.empty() && plan.as_of > 0) {
    const Period counted{parts.counted.front().period.from, parts.counted.back().period.to};
    if (plan.base == 0) plan.base = snapshot.position;
    RETURN_IF_ERROR(CollectContributions(snapshot, plan, counted, Known::kBetween, base < plan.as_of ? 1 : -1, &collector));
  }
  for (const Period& part : parts.rest) {
    RETURN_IF_ERROR(CollectContributions(snapshot, plan, part, Known::kThen, 1, &collector));
  }
  return collector.Take();
}

absl::Status AddSince(Snapshot& snapshot, const Plan& plan, const Period& asked, int64_t position, KeySets* keys, Cells* cells) {
  Plan then = plan;
  then.as_of = position;
  Collector collector(then, keys, std::move(*cells));
  RETURN_IF_ERROR(CollectContributions(snapshot, then, then.Summed(asked), Known::kSince, 1, &collector));
  *cells = collector.Take();
  return absl::OkStatus();
}

}  // namespace sifa::statistics
