// What the service reads of its own data directory, data/hotline (casework::ServiceDefinition::own_data).
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/hotline/circle/travel.h"
#include "services/hotline/routing/parameters.h"

namespace sifa::hotline {

struct HotlineData {
  routing::Parameters routing;
  circle::Travel travel;
};

absl::StatusOr<std::shared_ptr<const void>> ReadHotlineData(const std::string& data_directory);

}  // namespace sifa::hotline
