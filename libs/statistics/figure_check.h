// Whether the figures are what the journal says: every contribution, and the counters that are their sums.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/journal/verify.h"
#include "libs/statistics/contribution.h"
#include "libs/statistics/counters.h"
#include "libs/statistics/cube.h"

namespace sifa::statistics {

class FigureCheck {
 public:
  // `cubes` outlive the check. What an act counted for by other cubes than these (an earlier version of the service, which the
  // journal keeps and this check does not count again) is taken from the contributions as it stands.
  explicit FigureCheck(const Cubes& cubes);

  // As journal::Look.
  absl::Status Take(mysql::Connection& connection, const std::vector<journal::Sealed>& rows, bool last);
  const std::vector<journal::Finding>& findings() const { return findings_; }

 private:
  // The contributions of one row of the journal, as texts; sorted.
  struct Counted {
    Id act;
    bool known = true;  // false: by other cubes
    std::vector<std::string> texts;
    std::vector<Contribution> contributions;
  };
  using ByPosition = std::map<int64_t, Counted>;

  absl::StatusOr<ByPosition> Stored(mysql::Connection& connection, int64_t generation, int64_t first, int64_t last) const;
  // The rows up to `counted`, against what is stored of them.
  absl::Status Compare(mysql::Connection& connection, int64_t generation, int64_t counted);
  absl::Status CompareCounters(mysql::Connection& connection, int64_t generation, int64_t counted);
  void Find(int64_t position, const Id& act, std::string text);

  const Cubes& cubes_;
  std::map<const Cube*, CounterSums> sums_;
  ByPosition waiting_;  // sealed and not yet compared
  std::vector<journal::Finding> findings_;
};

}  // namespace sifa::statistics
