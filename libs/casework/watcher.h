// Watches the limits of open objects: a clock that turns yellow or red gets a row CLOCK_TURNED in the
// journal, once for each colour of each due date, by whichever process of the service holds the lease. That
// does not change the object; worklists show the colour by themselves. A last day that was provisional is
// settled by an act CLOCK_SETTLED once the calendar knows its year; a right that has lapsed leaves the worklist.
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
  Watcher(const Backend& backend, std::string holder, std::vector<const ObjectType*> types);

  // For a ticker of one second: looks every half minute, and at once when a day has begun, the demonstration's clock has been set
  // to another day, or a calendar has come into force. Called by one thread.
  absl::Status Tick();

  // Announces all that is due, in batches; what a crash cut off goes on at the next look. The number of rows
  // written, 0 where another process watches.
  absl::StatusOr<int> LookOnce();

 private:
  const ObjectType* TypeNamed(const std::string& name) const;
  // One transaction: up to a batch of objects whose clocks may have turned. True where more may be left.
  absl::StatusOr<bool> Batch(absl::CivilDay today, int* rows);
  std::vector<std::string> TypeNames() const;
  // CLOCK_SETTLED, where the calendar has come to know the year of a provisional limit, of all objects: once a day and with each
  // new calendar.
  absl::Status SettleAll(absl::CivilDay today);
  absl::Status Settle(mysql::Connection& connection, const ObjectType& type, const Id& id, absl::CivilDay today);
  absl::StatusOr<std::optional<Stored>> Load(mysql::Connection& connection, const ObjectType& type, const Id& id);
  // The rows of one object; *look_on gets the day on which it wants to be looked at again.
  absl::Status Look(mysql::Connection& connection, const ObjectType& type, const Id& id, absl::CivilDay today,
                    std::vector<journal::Row>* rows, absl::CivilDay* look_on);
  // Whether this colour of this due date is new; if so, notes it.
  absl::StatusOr<bool> IsNew(mysql::Connection& connection, const Id& id, const v1::Clock& clock,
                             v1::Clock::Colour colour);
  absl::Status Measure(absl::CivilDay today);

  const Backend& backend_;
  const std::vector<const ObjectType*> types_;
  mysql::Lease lease_;
  int ticks_ = 0;
  absl::CivilDay looked_on_, settled_on_;
  std::string looked_by_, settled_by_;  // versions of the calendar
  std::map<std::pair<std::string, std::string>, prometheus::Gauge*> gauges_;  // by colour and kind
};

}  // namespace sifa::casework
