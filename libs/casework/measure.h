// What /metrics shows of a service's process beside its calls: database, journal, followers, calendar, schema.
#pragma once

#include "libs/casework/service.h"

namespace sifa::casework {

// Sets the gauges, at each scrape. `records`: the directory of records.h; `keys`: that of the keyring.
void MeasureService(const Service& service, const std::string& records, const std::string& keys);

// Once, at the start: the versions of the schema that the program is of.
void MeasureSchema(const std::vector<SchemaPart>& parts);

}  // namespace sifa::casework
