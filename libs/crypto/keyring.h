// Envelope encryption of stored bodies, blind indexes for exact look-up, and MACs of stored rows. A keyring file holds data keys
// wrapped by a master key, which lies in a file of its own (mode 0600) outside the database. Thread-safe
// after Open.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/crypto/suite.h"

namespace sifa::crypto {

class Keyring {
 public:
  // Creates `directory` with a fresh master key, one data key, one MAC key and one index key where `create` is set and it
  // is missing. `suite` is what is written from now on; what the other one wrote stays readable.
  // FAILED_PRECONDITION where files are missing (KEY_FILE_MISSING), readable by others (KEY_FILE_EXPOSED), or
  // do not fit together (KEYRING_MALFORMED).
  static absl::StatusOr<std::unique_ptr<Keyring>> Open(const std::string& directory, SuiteId suite,
                                                       bool create);
  virtual ~Keyring() = default;

  // suite (1 byte) + key id (4 bytes) + sealed. `context` binds the text to its place, e.g. table and object
  // id, so that a row copied over another does not decrypt.
  virtual std::string Encrypt(absl::string_view plain, absl::string_view context) const = 0;
  virtual absl::StatusOr<std::string> Decrypt(absl::string_view text, absl::string_view context) const = 0;
  // Key id inside a text; 0 where it is malformed.
  static uint32_t KeyIdOf(absl::string_view text);
  virtual uint32_t current_key() const = 0;
  // Adds a data key and a MAC key and makes them current, on disk first. Old texts stay readable; rewrap them by decrypt and
  // encrypt. Other processes on the same directory read the new key when they first meet it, and write with it
  // after their next Refresh. Nonces are random, so rotate before one key has encrypted 2^32 texts.
  virtual absl::Status Rotate() = 0;
  // Takes in what another process has changed; reads nothing where nothing has. What was read before stays good on error.
  virtual absl::Status Refresh() = 0;

  // 16 bytes: keyed hash of a normalised value under its own key, by `kind` ("phone", "id_number" …), so
  // equal values meet and nothing else shows.
  virtual std::string BlindIndex(absl::string_view kind, absl::string_view value) const = 0;

  // suite (1 byte) + key id (4 bytes) + 32 bytes: proves that `data` of this `kind` was written by a holder of the keyring. Two
  // MACs of the same data are equal as long as the key is.
  virtual std::string Mac(absl::string_view kind, absl::string_view data) const = 0;
  // False also where `mac` is malformed or of a key that is not in the keyring.
  virtual bool CheckMac(absl::string_view kind, absl::string_view data, absl::string_view mac) const = 0;

  // Signs heads of journal blocks; the private key lies in the same directory.
  virtual std::string Sign(absl::string_view data) const = 0;
  virtual bool VerifyOwn(absl::string_view data, absl::string_view signature) const = 0;
  // PEM, to give to whoever verifies elsewhere. A keyring has a signing key of each suite from the first.
  virtual std::string PublicKey(SuiteId suite) const = 0;
  // Checks what some keyring's Sign made against its public key. The first byte of a signature is its suite.
  static bool Verify(absl::string_view public_pem, absl::string_view data, absl::string_view signature);
};

}  // namespace sifa::crypto
