#include "services/identity/passwords.h"

#include "libs/core/status.h"
#include "libs/crypto/password.h"
#include "libs/crypto/suite.h"
#include "services/identity/settings.h"

namespace sifa::identity {

// One of the places in which a hash may be made, held while it lives.
class Passwords::Turn {
 public:
  explicit Turn(Passwords& passwords) : passwords_(passwords) {
    std::unique_lock lock(passwords_.mutex_);
    if (passwords_.waiting_ >= kHashesWaiting) return;
    ++passwords_.waiting_;
    passwords_.free_.wait(lock, [&] { return passwords_.busy_ < kHashesAtOnce; });
    --passwords_.waiting_;
    ++passwords_.busy_;
    taken_ = true;
  }
  ~Turn() {
    if (!taken_) return;
    std::lock_guard lock(passwords_.mutex_);
    --passwords_.busy_;
    passwords_.free_.notify_one();
  }
  absl::Status status() const {
    return taken_ ? absl::OkStatus()
                  : Error(absl::StatusCode::kResourceExhausted, "LOG_IN_BUSY", "登录的人太多，请稍后再试");
  }

 private:
  Passwords& passwords_;
  bool taken_ = false;
};

Passwords::Passwords() : dummy_(crypto::HashPassword(crypto::RandomBytes(16))) {}

absl::StatusOr<std::string> Passwords::Hash(absl::string_view password) {
  const Turn turn(*this);
  RETURN_IF_ERROR(turn.status());
  return crypto::HashPassword(password);
}

absl::StatusOr<bool> Passwords::Verify(absl::string_view hash, absl::string_view password) {
  const Turn turn(*this);
  RETURN_IF_ERROR(turn.status());
  const bool matches = crypto::VerifyPassword(hash.empty() ? absl::string_view(dummy_) : hash, password);
  return matches && !hash.empty();
}

}  // namespace sifa::identity
