#include "services/identity/passwords.h"

#include "libs/core/status.h"
#include "libs/crypto/password.h"
#include "libs/crypto/suite.h"
#include "services/identity/settings.h"

namespace sifa::identity {

// One of the places in which a hash may be made, held while it lives.
class Passwords::Turn {
 public:
  Turn(Passwords& passwords, const Caller& caller) : turns_(passwords.turns_), caller_(caller), taken_(turns_.Take(caller)) {}
  ~Turn() {
    if (taken_) turns_.GiveBack(caller_);
  }
  absl::Status status() const {
    return taken_ ? absl::OkStatus()
                  : Error(absl::StatusCode::kResourceExhausted, "LOG_IN_BUSY", "登录的人太多，请稍后再试");
  }

 private:
  FairTurns& turns_;
  const Caller& caller_;
  const bool taken_;
};

Passwords::Passwords() : dummy_(crypto::HashPassword(crypto::RandomBytes(16))), turns_(kHashesAtOnce, kHashesWaiting) {}

absl::StatusOr<std::string> Passwords::Hash(const Caller& caller, absl::string_view password) {
  const Turn turn(*this, caller);
  RETURN_IF_ERROR(turn.status());
  return crypto::HashPassword(password);
}

absl::StatusOr<bool> Passwords::Verify(const Caller& caller, absl::string_view hash, absl::string_view password) {
  const Turn turn(*this, caller);
  RETURN_IF_ERROR(turn.status());
  const bool matches = crypto::VerifyPassword(hash.empty() ? absl::string_view(dummy_) : hash, password);
  return matches && !hash.empty();
}

}  // namespace sifa::identity
