#include "services/enforcement/own_data.h"

#include "absl/algorithm/container.h"
#include "libs/core/status.h"

namespace sifa::enforcement {

const ingest::ColumnMap* OwnData::Find(absl::string_view id, absl::string_view version) const {
  const auto found = absl::c_find_if(maps, [&](const ingest::ColumnMap& map) { return map.id == id && map.version == version; });
  return found == maps.end() ? nullptr : &*found;
}

absl::StatusOr<std::shared_ptr<const void>> ReadOwnData(const std::string& data_directory) {
  auto data = std::make_shared<OwnData>();
  ASSIGN_OR_RETURN(data->parameters, rules::Parameters::Load(data_directory + "/enforcement"));
  ASSIGN_OR_RETURN(data->maps, ingest::LoadColumnMaps(data_directory + "/enforcement/maps"));
  return data;
}

}  // namespace sifa::enforcement
