#include "services/corrections/own_data.h"

#include "libs/core/status.h"

namespace sifa::corrections {

absl::StatusOr<std::shared_ptr<const void>> ReadOwnData(const std::string& data_directory) {
  auto data = std::make_shared<OwnData>();
  ASSIGN_OR_RETURN(data->scales, Scales::Load(data_directory + "/corrections"));
  ASSIGN_OR_RETURN(data->risk, RiskRules::Load(data_directory + "/corrections"));
  return data;
}

}  // namespace sifa::corrections
