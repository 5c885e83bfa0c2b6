// The figures by which contacts are routed (DESIGN: no statute sets them), read from data/hotline/routing.csv.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa::hotline::routing {

// Durations in milliseconds.
struct Parameters {
  int64_t ringing = 30'000;      // then it is queued to the fallback group
  int64_t menu = 90'000;         // likewise
  int64_t offer_phone = 20'000;  // an agent's time to take an offer
  int64_t offer_video = 30'000;
  int64_t offer_chat = 60'000;
  int64_t connecting = 10'000;  // from taking it to the bridge
  int64_t connecting_callback = 30'000;
  int64_t transferring = 30'000;    // then it goes back to the first agent
  int64_t chat_silent = 300'000;    // then it is parked
  int64_t ended_known = 3'600'000;  // how long a bridge that is told late is still understood
  int64_t chat_kept = 86'400'000;   // then it ends
  int64_t wrap_up = 60'000;
  int64_t missed = 60'000;            // after an offer that was not taken
  int64_t misses_to_away = 2;         // so many running
  int64_t pair_rest = 60'000;         // not this agent for that contact again
  int64_t heartbeat_silent = 30'000;  // no offers
  int64_t heartbeat_lost = 90'000;    // signed out
  int64_t head_start_urgent = 600'000;
  int64_t head_start_special = 120'000;
  int64_t widen_city = 10'000;        // from when agents of the whole city
  int64_t widen_grade = 20'000;       // and of the lowest grade, or of the fallback group
  int64_t widen_province = 40'000;    // and of any group, of the province
  int64_t chat_slower = 10;           // times, of chats and messages
  int64_t last_agent_wait = 30'000;   // for the agent who has the same open case
  int64_t callback_after = 5'000;     // whoever hung up after that is owed one
  int64_t callback_enters = 60'000;   // into the queue, so long after
  int64_t callback_second = 900'000;  // attempts after the first
  int64_t callback_third = 3'600'000;
  int64_t callback_from = 8 * 3'600'000;  // of the day
  int64_t callback_until = 21 * 3'600'000;
  int64_t overflow_estimate = 60'000;  // a wait beyond it, and twice the other centre's, overflows
  int64_t load_phone = 100;            // of an agent's hundred: telephone and television
  int64_t load_chat = 30;              // web, WeChat, app
  int64_t load_message = 10;
};

// "name,value" lines after a header. INVALID_ARGUMENT names the line that is no parameter, or no number.
absl::StatusOr<Parameters> ReadParameters(absl::string_view csv);

}  // namespace sifa::hotline::routing
