// Proves that the journal is as it was written, or names what is not.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/crypto/keyring.h"
#include "libs/mysql/mysql.h"

namespace sifa::journal {

struct Finding {
  std::string kind;  // CHANGED, DELETED, INSERTED, REORDERED, CUT_OFF, HEAD_FORGED, ANCHOR_FORGED, ANCHOR_MISSING
  int64_t position = 0;
  std::string journal_id;
  std::string text;
};

struct Report {
  int64_t rows = 0;       // sealed rows checked
  int64_t pending = 0;    // committed, not yet sealed
  int64_t head = 0;       // last position
  std::vector<Finding> findings;
};

// Reads the whole journal once, in batches; changes nothing. Stops after 100 findings. A sealer may work meanwhile.
// `witnessed_path`: the anchor that another service has kept, a file as that of `anchor_path`; may be missing.
absl::StatusOr<Report> Verify(mysql::Pool& pool, const crypto::Keyring& keyring, const std::string& anchor_path,
                              const std::string& witnessed_path = "");

}  // namespace sifa::journal
