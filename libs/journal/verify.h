// Proves that the journal is as it was written, or names what is not.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/crypto/keyring.h"
#include "libs/journal/journal.h"
#include "libs/mysql/mysql.h"

namespace sifa::journal {

struct Finding {
  std::string kind;  // as docs/operations/journal.md lists them
  int64_t position = 0;
  std::string journal_id;
  std::string text;
};

struct Report {
  int64_t rows = 0;       // sealed rows checked
  int64_t pending = 0;    // committed, not yet sealed
  int64_t head = 0;       // last position
  // Numbers that their writer gave out and that are not in the journal: of transactions that were under way when the process was
  // killed, or are. No sign of tampering.
  std::vector<std::string> open;
  std::vector<Finding> findings;
};

// The ends of this journal as they were kept outside its database, by path; each may be missing.
struct Anchors {
  std::string own;        // beside the keys
  std::string witnessed;  // in another service's journal
  std::string seen;       // by whoever verified last
};

// What a check of other tables takes of the journal: its genuine rows in the order of their sealing, batch by batch; with the
// last batch also those that wait to be sealed, position 0. `connection` is at the moment at which these were read.
using Look = std::function<absl::Status(mysql::Connection& connection, const std::vector<Sealed>& rows, bool last)>;

// Reads the whole journal once, in batches; changes nothing. Stops after 100 findings. A sealer may work meanwhile.
absl::StatusOr<Report> Verify(mysql::Pool& pool, const crypto::Keyring& keyring, const Anchors& anchors,
                              const Look& look = nullptr);

}  // namespace sifa::journal
