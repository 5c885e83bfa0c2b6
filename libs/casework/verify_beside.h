// What acts leave in tables beside their objects: attachments, the ledger of requests, counters of numbers, notices of limits.
// The journal says of each what is to be there.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/casework/store.h"
#include "libs/crypto/keyring.h"
#include "libs/journal/journal.h"
#include "libs/journal/verify.h"
#include "sifa/casework/v1/attachment.pb.h"
#include "sifa/casework/v1/casework.pb.h"

namespace sifa::casework {

class BesideCheck {
 public:
  BesideCheck(const crypto::Keyring& keyring, absl::Time now) : keyring_(keyring), store_(keyring), now_(now) {}

  // As journal::Look.
  absl::Status Take(mysql::Connection& connection, const std::vector<journal::Sealed>& rows, bool last);
  // The contents of the attachments that Take found in order, each read once.
  absl::Status CheckContents(mysql::Pool& pool);

  const std::vector<journal::Finding>& findings() const { return findings_; }

 private:
  struct File {
    Id act, object;
    v1::Attachment::State state;
  };
  struct Notice {
    Id act;
    std::string due_on;
    int colour;
  };
  void Take(const journal::Row& row, const v1::ActRecord& record);
  absl::Status CheckFiles(mysql::Connection& connection);
  absl::Status CheckRequests(mysql::Connection& connection);
  absl::Status CheckCounters(mysql::Connection& connection);
  absl::Status CheckNotices(mysql::Connection& connection);
  void Find(const char* kind, const Id& act, std::string text);

  const crypto::Keyring& keyring_;
  const Store store_;
  const absl::Time now_;
  std::map<Id, File> files_;
  std::map<Id, v1::Attachment> whole_;                      // whose meta is in order
  std::map<std::string, Id> requests_;                      // by key: an act that it brought about
  std::map<std::string, std::pair<Id, int64_t>> counters_;  // by name: the act with the greatest number
  std::map<std::pair<Id, std::string>, Notice> notices_;    // by object and kind of limit
  std::vector<journal::Finding> findings_;
};

}  // namespace sifa::casework
