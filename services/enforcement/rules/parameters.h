// The figures that sectors and regions set for rules (较大数额, 办案期限, 处罚人数), each between two days: data, not code
// (data/enforcement/rule-parameters.csv). Immutable.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace sifa::enforcement::rules {

// One figure. An empty `field` or `region` is any; a division's figure is that of all below it.
struct Parameter {
  std::string rule, name;
  std::string field, region;
  int64_t value = 0;
  absl::CivilDay from = absl::CivilDay::min(), to = absl::CivilDay::max();
  std::string source;
};

class Parameters {
 public:
  // DATA_FILE_MALFORMED names the line.
  static absl::StatusOr<Parameters> Load(const std::string& directory);
  static absl::StatusOr<Parameters> Parse(absl::string_view csv);

  // The figure of that day that says most of the place, then of the sector; of equals the last one. nullopt where there is none.
  std::optional<int64_t> Find(absl::string_view rule, absl::string_view name, absl::string_view field, absl::string_view region,
                              absl::CivilDay day) const;
  // These figures and then others, which win over equals.
  Parameters With(const std::vector<Parameter>& others) const;

  const std::vector<Parameter>& all() const { return all_; }

 private:
  std::vector<Parameter> all_;
};

}  // namespace sifa::enforcement::rules
