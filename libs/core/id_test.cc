#include "libs/core/id.h"

#include <catch2/catch.hpp>

#include "libs/core/status.h"

namespace sifa {

TEST_CASE("ids rise within a process, even within a millisecond") {
  const absl::Time now = absl::FromUnixMillis(1700000000123);
  Id last = NewId(now);
  CHECK(last.MadeAt() == now);
  for (int i = 0; i < 10000; ++i) {
    const Id next = NewId(now);
    REQUIRE(last < next);
    last = next;
  }
}

TEST_CASE("an id survives its text and its bytes") {
  const Id id = NewId(absl::FromUnixMillis(1700000000123));
  CHECK(id.ToString().size() == 26);
  CHECK(*ParseId(id.ToString()) == id);
  CHECK(IdFromBytes(id.AsBytes()) == id);
}

TEST_CASE("what is not an id is refused with its reason") {
  for (const char* bad : {"", "short", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "0000000000000000000000000U"}) {
    CHECK(ReasonOf(ParseId(bad).status()) == "ID_MALFORMED");
  }
}

}  // namespace sifa
