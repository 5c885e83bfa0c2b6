// Every figure of log-in and tokens, in one place. Those that GB/T 22239-2019 asks for without a number are
// set as is usual for systems of its third level.
#pragma once

#include "absl/time/time.h"
#include "libs/casework/signing_keys.h"

namespace sifa::identity {

// 登录失败处理: so many failures within the window lock the name for the network from which they came, until the window has
// passed over the first of them. From networks from which the holder has never signed in so many together slow each further
// attempt by the pause.
inline constexpr int kFailuresToLock = 5;
inline constexpr absl::Duration kFailureWindow = absl::Minutes(15);
inline constexpr int kFailuresToSlow = 10;
inline constexpr absl::Duration kStrangersPause = absl::Minutes(1);
// A network counts as the holder's for so long after a log-in from there.
inline constexpr absl::Duration kNetworkKnown = absl::Hours(24 * 90);

// 口令复杂度
inline constexpr int kPasswordLength = 10;  // characters
inline constexpr int kPasswordClasses = 3;  // of upper, lower, digits and others
inline constexpr int kPasswordsRemembered = 5;
// 重置码: so long both halves have to be redeemed from when the first was asked for.
inline constexpr absl::Duration kResetLife = absl::Hours(24);

// Password hashing takes 64 MiB and a core each time: this many at once, and so many that wait for their
// turn.
inline constexpr int kHashesAtOnce = 2;
inline constexpr int kHashesWaiting = 8;

inline constexpr absl::Duration kTokenLife = absl::Minutes(5);
inline constexpr absl::Duration kSessionIdle = absl::Hours(2);
inline constexpr absl::Duration kSessionLife = absl::Hours(12);

// A ticket of a stream of changes opens it within its life, and resumes it so long after it broke. A gateway holds it so long
// unless it renews; an account holds so many at once.
inline constexpr absl::Duration kTicketLife = absl::Minutes(5);
inline constexpr absl::Duration kTicketHeld = absl::Seconds(30);
inline constexpr int kTicketsHeld = 8;

// A signing key is used for a day; the next one is published so long before it signs, and the former one
// stays published while a token that it signed may live.
inline casework::KeyTerms TokenKeyTerms() {
  return {.table = "token_key", .life = absl::Hours(24), .published_first = absl::Seconds(10), .stays = absl::Minutes(6)};
}

}  // namespace sifa::identity
