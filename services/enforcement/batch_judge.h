// The verdict of a row, as far as the row alone and the agencies of its sender tell it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libs/casework/backend.h"
#include "services/enforcement/agency.h"
#include "services/enforcement/batch_rows.h"

namespace sifa::enforcement {

// The agencies within the sender's organisation, whatever their state. Immutable.
class Agencies {
 public:
  static absl::StatusOr<Agencies> Of(const casework::Backend& backend, mysql::Connection& connection, const Batch& batch);

  // Whose decision an entry is: of its code, or where the list has none (2015) of the name that the agency has or had. Null: of none of these.
  const Agency* Find(const Entry& entry) const;

 private:
  std::vector<Agency> agencies_;
  std::map<std::string, size_t> by_code_, by_name_;
};

// Adds to the findings of the row what reading could not know: ORGAN_FOREIGN, and KEY_MISSING where nothing tells the party. Sets the agency's
// code where its name told it. Null where the row is refused or is a note.
const Agency* Judge(const Agencies& agencies, ReadRow* row);

}  // namespace sifa::enforcement
