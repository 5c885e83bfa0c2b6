// Watches the limits of open objects: a clock that turns yellow or red gets a row CLOCK_TURNED in the
// journal, once for each colour of each due date, by whichever process of the service holds the lease. That
// does not change the object; worklists show the colour by themselves; a right that has lapsed leaves the worklist. Where the
// table says what follows a limit (ClockKind::then), the suite does it as it announces that the limit has passed. With each
// new calendar the limits of all objects are computed again (民事诉讼法 §85: a limit follows the calendar); what has changed is
// an act CLOCK_SETTLED of its object. The database keeps by which calendar all are settled, so that what a crash cut off is done
// again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/journal/journal.h"
#include "prometheus/gauge.h"

namespace sifa::casework {

class Watcher {
 public:
  // `holder`: of the lease, unique among living processes. All references outlive the watcher.
  Watcher(const Backend& backend, std::string holder, std::vector<const ObjectType*> types, int ticks_between_looks = 30);

  // For a ticker of one second: looks once in so many ticks, and at once when a day has begun, the demonstration's clock has been
  // set to another day, or a calendar has come into force. Called by one thread. While the notices that have been imported are
  // not known yet, `calendar_known` is false and no limit is settled: the calendar of the data directory would move limits back.
  absl::Status Tick(bool calendar_known = true);

  // Announces all that is due, in batches; what a crash cut off goes on at the next look. The number of rows
  // written, 0 where another process watches.
  absl::StatusOr<int> LookOnce(bool calendar_known = true);

 private:
  const ObjectType* TypeNamed(const std::string& name) const;
  // A clock after whose end the suite acts.
  struct Passed {
    const ObjectType* type;
    Id object;
    std::string kind;
  };
  // Performs the act that follows it, once for each due date, in a transaction of its own. What cannot be done is logged and tried
  // again.
  bool Follow(const Passed& passed, absl::Time now);
  // One transaction: up to a batch of objects whose clocks may have turned, and then what follows. True where more may be left.
  absl::StatusOr<bool> Batch(absl::Time now, int* rows);
  std::vector<std::string> TypeNames() const;
  absl::Status KeepLease(bool* held);
  // With each new calendar: at once, and again when other processes of the service know it as well.
  absl::Status SettleAll(absl::CivilDay today);
  // The version by which all limits are settled; empty while that is being done.
  absl::StatusOr<std::string> SettledCalendar();
  absl::Status SetSettledCalendar(const std::string& version);
  // The next objects after *after that a notice may move; how many.
  absl::StatusOr<size_t> SettleSome(absl::CivilDay today, Id* after, int* moved);
  // Whether a limit of the object was moved.
  absl::StatusOr<bool> Settle(mysql::Connection& connection, const ObjectType& type, const Id& id, absl::CivilDay today);
  absl::StatusOr<std::optional<Stored>> Load(mysql::Connection& connection, const ObjectType& type, const Id& id);
  // The rows of one object; *look_at gets when it wants to be looked at again.
  absl::Status Look(mysql::Connection& connection, const ObjectType& type, const Id& id, absl::Time now,
                    std::vector<journal::Row>* rows, std::vector<Passed>* passed, absl::Time* look_at);
  // Whether this colour of this due date is new, and then that it is not any more.
  absl::StatusOr<bool> IsNew(mysql::Connection& connection, const Id& id, const v1::Clock& clock,
                             v1::Clock::Colour colour);
  absl::Status Note(mysql::Connection& connection, const Id& id, const v1::Clock& clock, v1::Clock::Colour colour);
  absl::Status Measure(absl::Time now);
  // Objects by type and state: the whole of an index is read, so by one process and seldom.
  absl::Status CountObjects();
  // Sets the gauges to the counts, those that are not among them to 0, and makes what is new.
  using Counts = std::map<std::pair<std::string, std::string>, int64_t>;
  using Gauges = std::map<std::pair<std::string, std::string>, prometheus::Gauge*>;
  static void Show(const Counts& counts, const std::function<prometheus::Gauge&(const Counts::key_type&)>& make, Gauges* gauges);

  const Backend& backend_;
  const std::vector<const ObjectType*> types_;
  const int ticks_between_looks_;
  mysql::Lease lease_;
  int ticks_ = 0;
  absl::CivilDay looked_on_;
  std::string looked_by_, settled_by_;  // versions of the calendar
  absl::Time known_since_;              // the calendar settled_by_
  bool settled_ = false;                // and that the database has it
  int looks_ = 0;                       // while it has the lease
  Gauges clocks_;                       // by colour and kind
  Gauges objects_;                      // by type and state
};

}  // namespace sifa::casework
