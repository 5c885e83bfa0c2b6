// What the casework of one service stands on. References outlive everything made from them; all parts are thread-safe.
#pragma once

#include <functional>
#include <memory>

#include "libs/calendar/calendar_book.h"
#include "libs/casework/search_limit.h"
#include "libs/casework/store.h"
#include "libs/core/clock.h"
#include "libs/crypto/keyring.h"
#include "libs/journal/writer.h"
#include "libs/mysql/mysql.h"
#include "libs/procedure/procedure.h"

namespace sifa::casework {

struct Backend {
  mysql::Pool& pool;
  const crypto::Keyring& keyring;
  calendar::CalendarBook& calendars;
  const Clock& clock;
  const procedure::Parameters& parameters;
  // Rings after each commit that appended to the journal (wakes the sealer).
  std::function<void()> committed = [] {};
  Store store{keyring};
  std::shared_ptr<journal::Writer> writer = std::make_shared<journal::Writer>(keyring);
  std::shared_ptr<SearchLimit> searches = std::make_shared<SearchLimit>();
  uint64_t counted_by = 0;  // statistics::Cubes::definition() of the service's cubes
};

}  // namespace sifa::casework
