#include "libs/rpc/stream_seats.h"

#include <catch2/catch.hpp>
#include <optional>

namespace sifa::rpc {

TEST_CASE("a caller has so many streams at once and no more, whatever others have") {
  StreamSeats seats(2);
  const StreamSeats::Seat first(seats, "a");
  std::optional<StreamSeats::Seat> second(std::in_place, seats, "a");
  CHECK(first);
  CHECK(*second);
  CHECK_FALSE(StreamSeats::Seat(seats, "a"));
  CHECK(StreamSeats::Seat(seats, "b"));
  second.reset();
  CHECK(StreamSeats::Seat(seats, "a"));
}

}  // namespace sifa::rpc
