#include "libs/rpc/stream_seats.h"

#include <catch2/catch.hpp>
#include <optional>

namespace sifa::rpc {

TEST_CASE("a caller has so many streams at once and no more, whatever others have") {
  StreamSeats seats(2, 100);
  const StreamSeats::Seat first(seats, "a", "10.0.0.1");
  std::optional<StreamSeats::Seat> second(std::in_place, seats, "a", "10.0.0.1");
  CHECK(first);
  CHECK(*second);
  CHECK_FALSE(StreamSeats::Seat(seats, "a", "10.0.0.2"));
  CHECK(StreamSeats::Seat(seats, "b", "10.0.0.1"));
  second.reset();
  CHECK(StreamSeats::Seat(seats, "a", "10.0.0.1"));
}

TEST_CASE("F9: accounts of one address do not take the seats of the others") {
  StreamSeats seats(2, 3);
  const StreamSeats::Seat first(seats, "a", "10.0.0.1"), second(seats, "b", "10.0.0.1");
  std::optional<StreamSeats::Seat> third(std::in_place, seats, "c", "10.0.0.1");
  CHECK_FALSE(StreamSeats::Seat(seats, "d", "10.0.0.1"));
  CHECK(StreamSeats::Seat(seats, "d", "10.0.0.2"));
  CHECK(StreamSeats::Seat(seats, "d", ""));
  third.reset();
  CHECK(StreamSeats::Seat(seats, "d", "10.0.0.1"));
}

}  // namespace sifa::rpc
