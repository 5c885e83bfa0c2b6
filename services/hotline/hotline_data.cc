#include "services/hotline/hotline_data.h"

#include <fstream>
#include <sstream>

#include "libs/core/status.h"

namespace sifa::hotline {
namespace {

std::string Text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const void>> ReadHotlineData(const std::string& data_directory) {
  auto data = std::make_shared<HotlineData>();
  ASSIGN_OR_RETURN(data->routing, routing::ReadParameters(Text(data_directory + "/hotline/routing.csv")));
  ASSIGN_OR_RETURN(data->travel, circle::Travel::Parse(Text(data_directory + "/hotline/travel.csv")));
  return data;
}

}  // namespace sifa::hotline
