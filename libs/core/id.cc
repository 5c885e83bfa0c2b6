#include "libs/core/id.h"

#include <sys/random.h>

#include <cstring>

#include "absl/numeric/int128.h"
#include "absl/synchronization/mutex.h"
#include "libs/core/status.h"

namespace sifa {
namespace {

constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int kTextSize = 26;

absl::uint128 ToNumber(const Id& id) {
  absl::uint128 number = 0;
  for (uint8_t byte : id.bytes) number = (number << 8) | byte;
  return number;
}

Id FromNumber(absl::uint128 number) {
  Id id;
  for (int i = 15; i >= 0; --i, number >>= 8) id.bytes[i] = static_cast<uint8_t>(number & 0xff);
  return id;
}

int DigitOf(char c) {
  if (c >= 'a' && c <= 'z') c -= 'a' - 'A';
  const char* at = c == '\0' ? nullptr : std::strchr(kAlphabet, c);
  return at == nullptr ? -1 : static_cast<int>(at - kAlphabet);
}

}  // namespace

std::string Id::ToString() const {
  std::string text(kTextSize, '0');
  absl::uint128 number = ToNumber(*this);
  for (int i = kTextSize - 1; i >= 0; --i, number >>= 5) text[i] = kAlphabet[static_cast<int>(number & 31)];
  return text;
}

absl::Time Id::MadeAt() const {
  return absl::FromUnixMillis(static_cast<int64_t>(ToNumber(*this) >> 80));
}

Id NewId(absl::Time now) {
  static absl::Mutex mutex(absl::kConstInit);
  static absl::uint128 last = 0;
  const absl::uint128 millis = static_cast<uint64_t>(absl::ToUnixMillis(now)) & 0xffffffffffffull;
  const absl::MutexLock lock(&mutex);
  if (millis == last >> 80) {
    uint32_t step = 0;
    if (getrandom(&step, sizeof step, 0) != sizeof step) step = 1;
    last += absl::uint128(step) + 1;
  } else {
    std::array<uint8_t, 10> noise{};
    size_t filled = 0;
    while (filled < noise.size()) {
      const ssize_t got = getrandom(noise.data() + filled, noise.size() - filled, 0);
      if (got > 0) filled += static_cast<size_t>(got);
    }
    last = millis;
    for (uint8_t byte : noise) last = (last << 8) | byte;
  }
  return FromNumber(last);
}

absl::StatusOr<Id> ParseId(absl::string_view text) {
  const absl::Status malformed = Error(absl::StatusCode::kInvalidArgument, "ID_MALFORMED", "标识符应为26位编码");
  if (text.size() != kTextSize || DigitOf(text[0]) > 7) return malformed;
  absl::uint128 number = 0;
  for (char c : text) {
    const int digit = DigitOf(c);
    if (digit < 0) return malformed;
    number = (number << 5) | static_cast<uint64_t>(digit);
  }
  return FromNumber(number);
}

Id IdFromBytes(absl::string_view bytes) {
  Id id;
  std::memcpy(id.bytes.data(), bytes.data(), id.bytes.size());
  return id;
}

}  // namespace sifa
