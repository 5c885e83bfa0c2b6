// What the service reads of its own data (data/enforcement): the parameters of its rules, and its column maps.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/casework/backend.h"
#include "libs/ingest/column_map.h"
#include "services/enforcement/rules/parameters.h"

namespace sifa::enforcement {

struct OwnData {
  rules::Parameters parameters;
  std::vector<ingest::ColumnMap> maps;

  // Null where there is none.
  const ingest::ColumnMap* Find(absl::string_view id, absl::string_view version) const;
};

absl::StatusOr<std::shared_ptr<const void>> ReadOwnData(const std::string& data_directory);

inline const OwnData& DataOf(const casework::Backend& backend) { return backend.Own<OwnData>(); }

}  // namespace sifa::enforcement
