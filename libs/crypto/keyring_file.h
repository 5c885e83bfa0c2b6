// A keyring on disk: two text files, both mode 0600.
//
//   master.key   sifa-master-key 1 <32 bytes in hex>
//
//   keyring      sifa-keyring 2 <suite>        version of this format; suite that wraps, seals and indexes
//                data 1 <base64>               data keys by number, each wrapped under the master key
//                data 2 <base64> <from>       with the Unix time from which it is used, where that was not at once
//                mac 1 <base64>                MAC keys by number, likewise
//                index 1 <base64>              key of blind indexes
//                signing 1 <base64>            private key (PEM) of each suite, by its number
//                signing 2 <base64>
//                seal <hex>                    HMAC of all bytes before this line, under the master key
//
// A wrapped key is sealed by the suite with "<name> <number>" as its context, so that no two can be
// exchanged; the wrapping and the sealing key are derived from the master key (HKDF). The greatest data key
// and the greatest MAC key whose time has come are the current ones. Without master.key everything is lost: its back-up belongs in a safe, away from
// those of the database and of the keyring. Not for use outside libs/crypto.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/crypto/openssl.h"
#include "libs/crypto/suite.h"

namespace sifa::crypto::internal {

struct KeyringFile {
  SuiteId home = SuiteId::kInternational;
  std::map<uint32_t, Secret> data_keys;  // never empty, numbers from 1
  std::map<uint32_t, Secret> mac_keys;   // likewise
  std::map<uint32_t, int64_t> data_from;  // Unix seconds from which a key is used; those that are missing: at once
  std::map<uint32_t, int64_t> mac_from;   // likewise
  Secret index_key;
  std::map<SuiteId, Secret> signing_keys;  // one of each suite
};

std::string MasterPath(const std::string& directory);
std::string KeyringPath(const std::string& directory);

KeyringFile NewKeyring(SuiteId home);
Secret NewKey();
// One data key and one MAC key more, used from `from` on; 0: at once.
void AddKeys(KeyringFile& keyring, int64_t from);

// The text of the file, and back. FAILED_PRECONDITION with KEYRING_MALFORMED for anything that `master` did
// not seal.
std::string FormatKeyring(const KeyringFile& keyring, absl::string_view master);
absl::StatusOr<KeyringFile> ParseKeyring(absl::string_view text, absl::string_view master);

std::string FormatMaster(absl::string_view master);
absl::StatusOr<Secret> ParseMaster(absl::string_view text);

}  // namespace sifa::crypto::internal
