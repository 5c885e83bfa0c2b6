#include "libs/casework/table_statistics.h"

namespace sifa::casework {

absl::Status LookAtTables(mysql::Pool& pool) {
  return pool.WithConnection([](mysql::Connection& connection) {
    return connection.Query("ANALYZE TABLE object, term, request, journal, journal_seal").status();
  });
}

}  // namespace sifa::casework
