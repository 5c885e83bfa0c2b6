#include "libs/telemetry/trace.h"

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"

namespace sifa::telemetry {
namespace {

constexpr size_t kVersion00Size = 55;  // 2 + 1 + 32 + 1 + 16 + 1 + 2

thread_local const TraceContext* current = nullptr;

bool IsLowerHex(absl::string_view text) {
  for (char c : text) {
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

bool IsZero(absl::string_view text) { return text.find_first_not_of('0') == absl::string_view::npos; }

// Sixteen hex digits, never all zero: the standard takes zeros for "no id".
std::string RandomSpanId() {
  thread_local absl::BitGen bits;
  return absl::StrCat(
      absl::Hex(absl::Uniform<uint64_t>(absl::IntervalClosed, bits, 1, UINT64_MAX), absl::kZeroPad16));
}

bool IsWellFormed(absl::string_view header) {
  if (header.size() < kVersion00Size) return false;
  if (header[2] != '-' || header[35] != '-' || header[52] != '-') return false;
  const absl::string_view version = header.substr(0, 2);
  if (!IsLowerHex(version) || version == "ff") return false;
  if (!IsLowerHex(header.substr(3, 32)) || !IsLowerHex(header.substr(36, 16)) ||
      !IsLowerHex(header.substr(53, 2))) {
    return false;
  }
  if (IsZero(header.substr(3, 32)) || IsZero(header.substr(36, 16))) return false;
  // A later version may say more, after another dash.
  return header.size() == kVersion00Size || (version != "00" && header[kVersion00Size] == '-');
}

}  // namespace

std::string TraceContext::ToTraceparent() const {
  return absl::StrCat("00-", trace_id, "-", span_id, sampled ? "-01" : "-00");
}

TraceContext TraceContext::Child() const { return {trace_id, RandomSpanId(), sampled}; }

TraceContext NewTrace() { return {absl::StrCat(RandomSpanId(), RandomSpanId()), RandomSpanId(), true}; }

TraceContext ParseTraceparent(absl::string_view header) {
  if (!IsWellFormed(header)) return NewTrace();
  const char flags = header[54];
  const bool sampled = (flags <= '9' ? flags - '0' : flags - 'a' + 10) & 1;
  return {std::string(header.substr(3, 32)), std::string(header.substr(36, 16)), sampled};
}

TraceScope::TraceScope(const TraceContext& context) : context_(context), previous_(current) {
  current = &context_;
}
TraceScope::~TraceScope() { current = previous_; }

const TraceContext* CurrentTrace() { return current; }

}  // namespace sifa::telemetry
