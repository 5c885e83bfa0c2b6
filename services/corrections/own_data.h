// What corrections reads of its own data (data/corrections): scales of psychological assessment and rules of risk.
#pragma once

#include <memory>
#include <string>

#include "libs/casework/backend.h"
#include "services/corrections/risk_rules.h"
#include "services/corrections/scales.h"

namespace sifa::corrections {

struct OwnData {
  Scales scales;
  RiskRules risk;
};

absl::StatusOr<std::shared_ptr<const void>> ReadOwnData(const std::string& data_directory);

inline const OwnData& DataOf(const casework::Backend& backend) { return backend.Own<OwnData>(); }

}  // namespace sifa::corrections
