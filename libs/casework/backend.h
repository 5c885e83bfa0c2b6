// What the casework of one service stands on. References outlive everything made from them; all parts are thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/calendar/calendar_book.h"
#include "libs/casework/search_limit.h"
#include "libs/casework/store.h"
#include "libs/core/clock.h"
#include "libs/core/code_table.h"
#include "libs/core/region_table.h"
#include "libs/crypto/keyring.h"
#include "libs/journal/writer.h"
#include "libs/mysql/mysql.h"
#include "libs/procedure/procedure.h"

namespace sifa::casework {

class Objects;

struct Backend {
  mysql::Pool& pool;
  const crypto::Keyring& keyring;
  calendar::CalendarBook& calendars;
  const Clock& clock;
  const procedure::Parameters& parameters;
  const Objects* objects = nullptr;
  const RegionTable* regions = nullptr;
  const CodeTables* codes = nullptr;
  // Where an organisation stands in the tree, as "/33/3307/330783/"; asks identity, so it is not called inside a transaction.
  // NOT_FOUND; INVALID_ARGUMENT "ORGANISATION_DISSOLVED".
  std::function<absl::StatusOr<std::string>(const std::string& organisation)> path_of;
  // Rings after each commit that appended to the journal (wakes the sealer).
  std::function<void()> committed = [] {};
  Store store{keyring};
  std::shared_ptr<journal::Writer> writer = std::make_shared<journal::Writer>(keyring);
  std::shared_ptr<SearchLimit> searches = std::make_shared<SearchLimit>();
  uint64_t counted_by = 0;  // statistics::Cubes::definition() of the service's cubes
  // What the service has read of its own data (ServiceDefinition::own_data).
  std::shared_ptr<const void> own_data = nullptr;
  // REQUIRES: T is what own_data of the service's definition has made.
  template <class T>
  const T& Own() const {
    return *static_cast<const T*>(own_data.get());
  }
};

}  // namespace sifa::casework
