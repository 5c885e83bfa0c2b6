// 来电 (law §5.2, §5.5): one outcome, and what each contact counts for.
#include "services/hotline/contact.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "libs/procedure/engine.h"
#include "libs/procedure/instant.h"
#include "libs/statistics/counting.h"

namespace sifa::hotline {
namespace {

const absl::Time kQueued = absl::FromUnixMillis(1793581200000);  // a Monday of November, 9:00 in China

Contact Queued() {
  Contact c;
  c.set_target_ms(20000);
  c.set_short_ms(5000);
  c.set_national_ms(15000);
  *c.mutable_queued_at() = StampOf(kQueued);
  return c;
}
Contact Bridged(absl::Duration wait) {
  Contact c = Queued();
  *c.mutable_bridged_at() = StampOf(kQueued + wait);
  return c;
}
Contact Ended(Contact c, Contact::Outcome outcome, absl::Duration after) {
  c.set_outcome(outcome);
  *c.mutable_ended_at() = StampOf(kQueued + after);
  return c;
}

// The measures that are not zero.
std::map<std::string, int64_t> Counts(const Contact& c) {
  const statistics::Cube* cubes[] = {&kContactsCube};
  std::map<std::string, int64_t> counts;
  for (const auto& count : statistics::CountsOf(c, cubes)) {
    for (int i = 0; i < count.measures_size(); ++i) {
      if (count.measures(i) != 0) counts[std::string(kContactsCube.measures[i].name)] = count.measures(i);
    }
  }
  return counts;
}
using Map = std::map<std::string, int64_t>;

}  // namespace

TEST_CASE("law §5.5: each request is exactly one of answered, abandoned, message, callback asked, overflowed, lost, open") {
  CHECK(Counts(Contact()).empty());  // who never asked for a person is no request
  CHECK(Counts(Queued()) == Map{{"requests", 1}, {"open", 1}, {"offered", 1}});
  CHECK(Counts(Bridged(absl::Seconds(3))) == Map{{"requests", 1},
                                                 {"answered", 1},
                                                 {"within", 1},
                                                 {"within_national", 1},
                                                 {"offered", 1},
                                                 {"settled", 1},
                                                 {"settled_within", 1},
                                                 {"wait_ms", 3000}});
  for (const auto& [outcome, name] : std::map<Contact::Outcome, std::string>{{Contact::MESSAGE, "messages"},
                                                                             {Contact::CALLBACK_ASKED, "callbacks_asked"},
                                                                             {Contact::OVERFLOWED, "overflowed"},
                                                                             {Contact::LOST, "lost"}}) {
    CHECK(Counts(Ended(Queued(), outcome, absl::Seconds(40))) == Map{{"requests", 1}, {name, 1}, {"offered", 1}});
  }
}

TEST_CASE("law §5.5: within the target counts the second itself, and short abandoned is under five seconds") {
  CHECK(Counts(Bridged(absl::Seconds(20))).count("within") == 1);
  CHECK(Counts(Bridged(absl::Seconds(20) + absl::Milliseconds(1))).count("within") == 0);
  CHECK(Counts(Bridged(absl::Seconds(15))).count("within_national") == 1);
  CHECK(Counts(Bridged(absl::Seconds(16))).count("within_national") == 0);
  CHECK(Counts(Ended(Queued(), Contact::ABANDONED, absl::Milliseconds(4999))) ==
        Map{{"requests", 1}, {"abandoned", 1}, {"short", 1}, {"settled", 1}, {"settled_within", 1}});
  CHECK(Counts(Ended(Queued(), Contact::ABANDONED, absl::Seconds(5))).count("short") == 0);
  CHECK(Counts(Ended(Queued(), Contact::ABANDONED, absl::Seconds(21))).count("settled_within") == 0);
}

TEST_CASE("a contact counts in the quarter-hour in which it entered the queue, and what it talked from bridge to end") {
  const statistics::Cube* cubes[] = {&kContactsCube};
  const Contact c = Ended(Bridged(absl::Minutes(20)), Contact::ANSWERED, absl::Minutes(30));
  const auto counts = statistics::CountsOf(c, cubes);
  REQUIRE(counts.size() == 1);
  CHECK(counts[0].quarter_hour() == 36);
  CHECK(Counts(c)["talk_ms"] == 600000);
}

}  // namespace sifa::hotline
