#include "services/hotline/hotline_data.h"

#include <fstream>
#include <sstream>

#include "libs/core/status.h"

namespace sifa::hotline {

absl::StatusOr<std::shared_ptr<const void>> ReadHotlineData(const std::string& data_directory) {
  auto data = std::make_shared<HotlineData>();
  std::ostringstream routing;
  routing << std::ifstream(data_directory + "/hotline/routing.csv").rdbuf();
  ASSIGN_OR_RETURN(data->routing, routing::ReadParameters(routing.str()));
  return data;
}

}  // namespace sifa::hotline
