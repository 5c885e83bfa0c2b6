#include "services/hotline/routing/parameters.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"

namespace sifa::hotline::routing {
namespace {

constexpr std::pair<absl::string_view, int64_t Parameters::*> kNames[] = {
    {"ringing", &Parameters::ringing},
    {"menu", &Parameters::menu},
    {"offer_phone", &Parameters::offer_phone},
    {"offer_video", &Parameters::offer_video},
    {"offer_chat", &Parameters::offer_chat},
    {"connecting", &Parameters::connecting},
    {"connecting_callback", &Parameters::connecting_callback},
    {"transferring", &Parameters::transferring},
    {"chat_silent", &Parameters::chat_silent},
    {"ended_known", &Parameters::ended_known},
    {"chat_kept", &Parameters::chat_kept},
    {"wrap_up", &Parameters::wrap_up},
    {"missed", &Parameters::missed},
    {"misses_to_away", &Parameters::misses_to_away},
    {"pair_rest", &Parameters::pair_rest},
    {"heartbeat_silent", &Parameters::heartbeat_silent},
    {"heartbeat_lost", &Parameters::heartbeat_lost},
    {"head_start_urgent", &Parameters::head_start_urgent},
    {"head_start_special", &Parameters::head_start_special},
    {"widen_city", &Parameters::widen_city},
    {"widen_grade", &Parameters::widen_grade},
    {"widen_province", &Parameters::widen_province},
    {"chat_slower", &Parameters::chat_slower},
    {"last_agent_wait", &Parameters::last_agent_wait},
    {"callback_after", &Parameters::callback_after},
    {"callback_enters", &Parameters::callback_enters},
    {"callback_second", &Parameters::callback_second},
    {"callback_third", &Parameters::callback_third},
    {"callback_from", &Parameters::callback_from},
    {"callback_until", &Parameters::callback_until},
    {"overflow_estimate", &Parameters::overflow_estimate},
    {"load_phone", &Parameters::load_phone},
    {"load_chat", &Parameters::load_chat},
    {"load_message", &Parameters::load_message},
};

}  // namespace

absl::StatusOr<Parameters> ReadParameters(absl::string_view csv) {
  Parameters parameters;
  int line_number = 0;
  for (absl::string_view line : absl::StrSplit(csv, '\n')) {
    ++line_number;
    line = absl::StripAsciiWhitespace(line);
    if (line_number == 1 || line.empty()) continue;
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(',', 1));
    int64_t value = 0;
    const auto* named =
        std::find_if(std::begin(kNames), std::end(kNames), [&](const auto& name) { return name.first == parts.first; });
    if (named == std::end(kNames) || !absl::SimpleAtoi(parts.second, &value) || value < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("routing.csv line ", line_number, ": not a parameter with a number: ", line));
    }
    parameters.*named->second = value;
  }
  return parameters;
}

}  // namespace sifa::hotline::routing
