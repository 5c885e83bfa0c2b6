#include "libs/casework/watcher.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/acts.h"
#include "libs/casework/where.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/metrics.h"

namespace sifa::casework {
namespace {

constexpr int kBatch = 50;
constexpr int kLooksBetweenCounts = 10;
constexpr int kLongestWarning = 90;  // days; no procedure warns earlier
const absl::Duration kLeaseLength = absl::Seconds(20);  // renewed before each batch; another goes on soon after a crash
// Every process of a service asks for the calendar more often than that; until then one may have computed by the one before.
const absl::Duration kUntilAllKnow = absl::Minutes(1);
const absl::Duration kUntilTriedAgain = absl::Minutes(10);  // an act that follows a limit and was refused
const absl::Time kNever = absl::FromCivil(absl::CivilDay(9999, 12, 31), ChinaTime());

absl::CivilDay DueOf(const v1::Clock& clock) {
  absl::CivilDay day(9999, 12, 31);
  ParseDay(clock.due_on(), &day);
  return day;
}

// When a running clock changes its colour next.
absl::Time NextTurn(const v1::Clock& clock, v1::Clock::Colour colour, int warn_days) {
  if (colour == v1::Clock::RED || colour == v1::Clock::COLOUR_UNSPECIFIED) return kNever;  // overdue, or lapsed
  const bool warned = colour == v1::Clock::YELLOW;
  if (const auto due_at = procedure::DueAt(clock)) return warned ? *due_at : *due_at - procedure::WarningAhead(warn_days);
  return absl::FromCivil(warned ? procedure::LastDay(clock) + 1 : DueOf(clock) - warn_days, ChinaTime());
}

journal::Row TurnRow(const Backend& backend, const ObjectType& type, const Id& object_id,
                     const Message& object, const v1::Clock& clock, v1::Clock::Colour colour) {
  const Common common = type.common(object);
  v1::ActRecord record;
  record.add_clocks(absl::StrCat(clock.label(), "：", procedure::LabelOf(v1::Clock::Colour_descriptor(), colour), "，",
                                 procedure::EndInWords(clock), " 届满"));
  record.mutable_notice()->set_kind(clock.kind());
  record.mutable_notice()->set_due_on(FormatDay(DueOf(clock)));
  record.mutable_notice()->set_colour(colour);
  record.set_rule_version(clock.rule_version());
  record.set_actor_account("system");
  const std::string state = procedure::NameOf(type.states, common.state);
  const absl::Time now = backend.clock.Now();
  return {NewId(now),
          object_id,
          type.name,
          0,
          common.organisation,
          common.organisation_path,
          common.region,
          "system",
          "CLOCK_TURNED",
          state,
          state,
          DayOf(now),
          now,
          record.SerializeAsString()};
}

}  // namespace

Watcher::Watcher(const Backend& backend, std::string holder, std::vector<const ObjectType*> types, int ticks_between_looks)
    : backend_(backend),
      types_(std::move(types)),
      ticks_between_looks_(ticks_between_looks),
      lease_{"watcher", std::move(holder), 0} {}

absl::Status Watcher::Tick(bool calendar_known) {
  const absl::CivilDay today = backend_.clock.Today();
  const std::string calendar = backend_.calendars.Current().version();
  if (ticks_++ % ticks_between_looks_ != 0 && today == looked_on_ && calendar == looked_by_) return absl::OkStatus();
  looked_on_ = today;
  looked_by_ = calendar;
  return LookOnce(calendar_known).status();
}

absl::StatusOr<int> Watcher::LookOnce(bool calendar_known) {
  const absl::Time now = backend_.clock.Now();
  const absl::CivilDay today = DayOf(now);
  RETURN_IF_ERROR(Measure(now));
  bool held = false;
  RETURN_IF_ERROR(KeepLease(&held));
  if (!held) {
    looks_ = 0;
    Show({}, nullptr, &objects_);
    return 0;
  }
  if (looks_++ % kLooksBetweenCounts == 0) RETURN_IF_ERROR(CountObjects());
  if (calendar_known) RETURN_IF_ERROR(SettleAll(today));
  int rows = 0;
  bool more = true;
  while (more) {
    RETURN_IF_ERROR(KeepLease(&held));
    if (!held) return rows;
    ASSIGN_OR_RETURN(more, Batch(now, &rows));
  }
  if (rows > 0) telemetry::Info("clocks turned", {{"rows", absl::StrCat(rows)}});
  return rows;
}

const ObjectType* Watcher::TypeNamed(const std::string& name) const {
  const auto found =
      std::find_if(types_.begin(), types_.end(), [&](const ObjectType* type) { return type->name == name; });
  return found == types_.end() ? nullptr : *found;
}

std::vector<std::string> Watcher::TypeNames() const {
  std::vector<std::string> names;
  for (const ObjectType* type : types_) names.push_back(type->name);
  return names;
}

absl::Status Watcher::KeepLease(bool* held) {
  return backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(*held, mysql::AcquireLease(connection, lease_, kLeaseLength));
    return absl::OkStatus();
  });
}

absl::Status Watcher::SettleAll(absl::CivilDay today) {
  const std::string calendar = backend_.calendars.Current().version();
  const bool again = calendar == settled_by_;
  if (again && (settled_ || backend_.clock.Now() < known_since_ + kUntilAllKnow)) return absl::OkStatus();
  if (!again) {
    ASSIGN_OR_RETURN(const std::string known, SettledCalendar());
    settled_ = known == calendar;
    // First, so that one that comes back before the other was settled is not taken for settled.
    if (!settled_ && !known.empty()) RETURN_IF_ERROR(SetSettledCalendar(""));
  }
  int moved = 0;
  Id after{};
  for (size_t found = settled_ ? 0 : kBatch; found == kBatch;) {
    bool held = false;
    RETURN_IF_ERROR(KeepLease(&held));
    if (!held) return absl::OkStatus();
    ASSIGN_OR_RETURN(found, SettleSome(today, &after, &moved));
  }
  if (moved > 0) telemetry::Info("limits moved by a notice", {{"objects", absl::StrCat(moved)}, {"calendar", calendar}});
  if (again) {
    RETURN_IF_ERROR(SetSettledCalendar(calendar));
    settled_ = true;
  } else {
    settled_by_ = calendar;
    known_since_ = backend_.clock.Now();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Watcher::SettledCalendar() {
  std::string version;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT version FROM settled_calendar WHERE id = 1"));
    version = rows.empty() ? "" : rows[0].Bytes(0);
    return absl::OkStatus();
  }));
  return version;
}

absl::Status Watcher::SetSettledCalendar(const std::string& version) {
  return backend_.pool.WithConnection([&](mysql::Connection& connection) {
    return connection
        .Execute("INSERT INTO settled_calendar (id, version) VALUES (1, ?) ON DUPLICATE KEY UPDATE version = VALUES(version)",
                 {version})
        .status();
  });
}

absl::StatusOr<size_t> Watcher::SettleSome(absl::CivilDay today, Id* after, int* moved) {
  Where where;
  where.And("o.unsettled = 1");
  where.And("o.id > ?", *after);
  where.AndIn("o.type", TypeNames());
  size_t found = 0;
  Id last;
  int changed = 0;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query(absl::StrCat("SELECT o.id, o.type FROM object o FORCE INDEX (by_unsettled)", where.sql(),
                                                   " ORDER BY o.id LIMIT ?"),
                                      where.Values({kBatch})));
    found = rows.size();
    last = *after;
    changed = 0;
    for (const auto& row : rows) {
      last = row.AsId(0);
      ASSIGN_OR_RETURN(const bool one, Settle(connection, *TypeNamed(row.Bytes(1)), last, today));
      changed += one;
    }
    return absl::OkStatus();
  }));
  if (changed > 0) backend_.committed();
  *moved += changed;
  *after = last;
  return found;
}

absl::StatusOr<bool> Watcher::Batch(absl::Time now, int* rows) {
  const absl::CivilDay today = DayOf(now);
  Where where;
  where.And("o.open IN (1, 2)");
  where.And("o.due_end <= ?", mysql::Value(absl::FromCivil(today + kLongestWarning + 1, ChinaTime())));
  where.And("(w.object_id IS NULL OR w.version <> o.version OR w.look_at <= ?)", mysql::Value(now));
  where.AndIn("o.type", TypeNames());
  std::vector<journal::Row> turned;
  std::vector<Passed> passed;
  size_t found = 0;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    turned.clear();
    passed.clear();
    RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
    ASSIGN_OR_RETURN(const auto due,
                     connection.Query(absl::StrCat("SELECT o.id, o.type, o.version FROM object o FORCE INDEX (by_due)"
                                                   " LEFT JOIN clock_watch w ON w.object_id = o.id",
                                                   where.sql(), " ORDER BY o.due_end, o.id LIMIT ?"),
                                      where.Values({kBatch})));
    found = due.size();
    for (const auto& row : due) {
      const Id id = row.AsId(0);
      absl::Time look_at = absl::FromCivil(today + 1, ChinaTime());
      RETURN_IF_ERROR(Look(connection, *TypeNamed(row.Bytes(1)), id, now, &turned, &passed, &look_at));
      RETURN_IF_ERROR(connection
                          .Execute("INSERT INTO clock_watch (object_id, version, look_at) VALUES (?,?,?)"
                                   " ON DUPLICATE KEY UPDATE version = VALUES(version), look_at = VALUES(look_at)",
                                   {id, row.Int(2), look_at})
                          .status());
    }
    return turned.empty() ? absl::OkStatus() : backend_.writer->Append(connection, turned);
  }));
  if (!turned.empty()) backend_.committed();
  *rows += static_cast<int>(turned.size());
  bool followed = false;
  for (const Passed& clock : passed) followed |= Follow(clock, now);
  return found == kBatch || followed;
}

bool Watcher::Follow(const Passed& passed, absl::Time now) {
  const ObjectType& type = *passed.type;
  const int act = type.then.at(passed.kind);
  const ActInput input{.object = passed.object, .act_day = DayOf(now), .occurred_at = now, .action = type.NameOf(act)};
  const auto has_passed = [&](Message* object) {
    const auto* clock = procedure::FindClock(type.clocks(object), passed.kind);
    return !type.terminal.Has(type.common(*object).state) && clock != nullptr && clock->state() == v1::Clock::RUNNING &&
           procedure::IsPast(*clock, now);
  };
  bool met_since = false;
  const auto follow = [&](Message* object, const Act& running) -> absl::StatusOr<procedure::Applied> {
    met_since = !has_passed(object);
    if (met_since) return absl::FailedPreconditionError("the limit has been met since");
    const v1::Clock clock = *procedure::FindClock(type.clocks(object), passed.kind);
    RETURN_IF_ERROR(Note(running.connection(), passed.object, clock, v1::Clock::RED));
    std::vector<journal::Row> turned = {TurnRow(backend_, type, passed.object, *object, clock, v1::Clock::RED)};
    RETURN_IF_ERROR(backend_.writer->Append(running.connection(), turned));
    return type.course->Perform(act, type.PermissionOf(act), nullptr, nullptr, running, object);
  };
  const absl::Status status = RunAct(backend_, type, Actor::System(), input, nullptr, follow).status();
  if (!met_since) telemetry::ErrorIf(absl::StrCat("cannot ", input.action, " ", type.name, " ", passed.object.ToString()), status);
  return status.ok();
}

// Locked, so that no act stops a clock while its turning is being written. One that cannot be read is looked at again tomorrow.
absl::StatusOr<std::optional<Stored>> Watcher::Load(mysql::Connection& connection, const ObjectType& type, const Id& id) {
  auto stored = backend_.store.Load(connection, type, id, Lock::kExclusive);
  if (stored.ok() || !absl::IsDataLoss(stored.status())) return stored;
  telemetry::ErrorIf("cannot read the clocks of an object", stored.status());
  return std::nullopt;
}

absl::Status Watcher::Look(mysql::Connection& connection, const ObjectType& type, const Id& id, absl::Time now,
                           std::vector<journal::Row>* rows, std::vector<Passed>* passed, absl::Time* look_at) {
  ASSIGN_OR_RETURN(const auto stored, Load(connection, type, id));
  if (!stored) return absl::OkStatus();
  RETURN_IF_ERROR(backend_.store.UpdateDue(connection, type, *stored, DayOf(now)));
  *look_at = kNever;
  const Message& object = *stored->object;
  for (const v1::Clock& clock : type.ClocksOf(object)) {
    if (clock.state() != v1::Clock::RUNNING) continue;
    const int warn_days = type.WarnDays(clock.kind());
    const auto colour = procedure::ColourAt(clock, now, warn_days);
    *look_at = std::min(*look_at, NextTurn(clock, colour, warn_days));
    if (type.then.contains(clock.kind()) && procedure::IsPast(clock, now)) {
      ASSIGN_OR_RETURN(const bool follows, IsNew(connection, id, clock, v1::Clock::RED));
      if (!follows) continue;
      *look_at = std::min(*look_at, now + kUntilTriedAgain);
      passed->push_back({&type, id, clock.kind()});
      continue;
    }
    if (colour != v1::Clock::YELLOW && colour != v1::Clock::RED) continue;
    ASSIGN_OR_RETURN(const bool fresh, IsNew(connection, id, clock, colour));
    if (!fresh) continue;
    RETURN_IF_ERROR(Note(connection, id, clock, colour));
    rows->push_back(TurnRow(backend_, type, id, object, clock, colour));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Watcher::Settle(mysql::Connection& connection, const ObjectType& type, const Id& id, absl::CivilDay today) {
  ASSIGN_OR_RETURN(auto stored, Load(connection, type, id));
  if (!stored) return false;
  auto clocks = type.ClocksOf(*stored->object);
  ASSIGN_OR_RETURN(const auto words, procedure::SettleClocks(&clocks, backend_.calendars.Current(), today));
  if (words.empty()) return false;
  const ActInput input{.object = stored->id, .act_day = today, .occurred_at = backend_.clock.Now(), .action = "CLOCK_SETTLED"};
  const auto settle = [&](Message* object, const Act&) -> absl::StatusOr<procedure::Applied> {
    *type.clocks(object) = clocks;
    procedure::Applied applied;
    applied.from = applied.to = type.common(*object).state;
    applied.clocks = words;
    return applied;
  };
  RETURN_IF_ERROR(ApplyInTransaction(backend_, type, Actor::System(), input, &*stored, settle, connection).status());
  return true;
}

absl::StatusOr<bool> Watcher::IsNew(mysql::Connection& connection, const Id& id, const v1::Clock& clock,
                                    v1::Clock::Colour colour) {
  const absl::CivilDay due = DueOf(clock);
  const auto due_at = procedure::DueAt(clock);
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query("SELECT due_on, due_at, colour FROM clock_notice WHERE object_id = ? AND kind = ?", {id, clock.kind()}));
  return rows.empty() || rows[0].Day(0) != due || rows[0].TimeOrNone(1) != due_at || rows[0].Int(2) < colour;
}

absl::Status Watcher::Note(mysql::Connection& connection, const Id& id, const v1::Clock& clock, v1::Clock::Colour colour) {
  return connection
      .Execute("INSERT INTO clock_notice (object_id, kind, due_on, due_at, colour) VALUES (?,?,?,?,?)"
               " ON DUPLICATE KEY UPDATE due_on = VALUES(due_on), due_at = VALUES(due_at), colour = VALUES(colour)",
               {id, clock.kind(), DueOf(clock), procedure::DueAt(clock), static_cast<int>(colour)})
      .status();
}

void Watcher::Show(const Counts& counts, const std::function<prometheus::Gauge&(const Counts::key_type&)>& make, Gauges* gauges) {
  for (auto& [key, gauge] : *gauges) {
    if (!counts.contains(key)) gauge->Set(0);
  }
  for (const auto& [key, count] : counts) {
    auto*& gauge = (*gauges)[key];
    if (gauge == nullptr) gauge = &make(key);
    gauge->Set(static_cast<double>(count));
  }
}

absl::Status Watcher::Measure(absl::Time now) {
  Counts counts;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    counts.clear();
    ASSIGN_OR_RETURN(
        const auto rows,
        connection.Query(
            "SELECT type, due_clock, due_on, due_at, provisional, COUNT(*) FROM object WHERE open IN (1, 2) AND due_end <= ?"
            " GROUP BY type, due_clock, due_on, due_at, provisional",
            {absl::FromCivil(DayOf(now) + kLongestWarning + 1, ChinaTime())}));
    for (const auto& row : rows) {
      const ObjectType* type = TypeNamed(row.Bytes(0));
      if (type == nullptr) continue;
      const auto colour = procedure::ColourAt(row.Day(2), row.TimeOrNone(3), row.Int(4) != 0, now, type->WarnDays(row.Bytes(1)));
      if (colour == v1::Clock::GREEN) continue;
      counts[{colour == v1::Clock::RED ? "red" : "yellow", row.Bytes(1)}] += row.Int(5);
    }
    return absl::OkStatus();
  }));
  Show(
      counts,
      [](const Counts::key_type& key) -> prometheus::Gauge& {
        return telemetry::Gauge("sifa_clocks", "Open objects by the colour of their next limit",
                                {{"colour", key.first}, {"kind", key.second}});
      },
      &clocks_);
  return absl::OkStatus();
}

absl::Status Watcher::CountObjects() {
  Counts counts;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    counts.clear();
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT type, state, COUNT(*) FROM object GROUP BY type, state"));
    for (const auto& row : rows) {
      const ObjectType* type = TypeNamed(row.Bytes(0));
      if (type != nullptr) counts[{type->name, procedure::NameOf(type->states, static_cast<int>(row.Int(1)))}] = row.Int(2);
    }
    return absl::OkStatus();
  }));
  Show(
      counts,
      [](const Counts::key_type& key) -> prometheus::Gauge& {
        return telemetry::Gauge("sifa_objects",
                                "Objects by their state, counted by the one process that watches limits, every few minutes",
                                {{"type", key.first}, {"state", key.second}});
      },
      &objects_);
  return absl::OkStatus();
}

}  // namespace sifa::casework
