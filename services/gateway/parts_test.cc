#include <catch2/catch.hpp>

#include "gatewaytest.pb.h"
#include "services/gateway/http_parser.h"
#include "services/gateway/route_metrics.h"
#include "services/gateway/upstream.h"
#include "services/gateway/wire_fields.h"

namespace sifa::gateway {

TEST_CASE("a proxy is trusted by its address or by its network") {
  const auto networks = Networks::Parse("192.168.1.7, 10.42.7.1/16,fd00::/8,2001:db8::1");
  REQUIRE(networks.ok());
  for (const char* trusted : {"192.168.1.7", "10.42.0.0", "10.42.255.255", "::ffff:10.42.3.4", "fd12::1", "2001:db8::1"}) {
    CHECK(networks->Contain(trusted));
  }
  for (const char* stranger : {"192.168.1.8", "10.43.0.0", "::ffff:10.43.0.1", "fe80::1", "2001:db8::2", "", "nonsense"}) {
    CHECK_FALSE(networks->Contain(stranger));
  }
  CHECK_FALSE(Networks().Contain("127.0.0.1"));
  for (const char* bad : {"proxy.local", "10.0.0.0/33", "10.0.0", "10.0.0.0/8/8"}) CHECK_FALSE(Networks::Parse(bad).ok());
}

TEST_CASE("single fields are read from and added to wire form as protobuf would") {
  gatewaytest::v1::EchoRequest message;
  message.set_text("文");
  message.set_number(-1);
  std::string wire = message.SerializeAsString();
  CHECK_FALSE(FindBytes(wire, 1).has_value());
  AppendBytes(&wire, 1, std::string(300, 'k'));
  AppendVarint(&wire, 3, 1'000'000);
  CHECK(FindBytes(wire, 1) == absl::string_view(std::string(300, 'k')));
  CHECK(FindBytes(wire, 2) == absl::string_view("文"));
  REQUIRE(message.ParseFromString(wire));
  CHECK(message.request_id() == std::string(300, 'k'));
  CHECK(message.number() == 1'000'000);
  CHECK_FALSE(FindBytes(absl::string_view("\x0a\xff", 2), 1).has_value());  // cut off
}

TEST_CASE("a route that fails all the time is logged a few times a second, with the number left out") {
  RouteMetrics metrics("GET /v1/gatewaytest/logged");
  int64_t skipped = 0;
  int lines = 0;
  for (int i = 0; i < 100; ++i) lines += metrics.MayLog(5000, &skipped);
  CHECK(lines == 5);
  CHECK(metrics.MayLog(6000, &skipped));
  CHECK(skipped == 95);
}

TEST_CASE("a buffer in several pieces is one text") {
  std::string a = "ab", b = "cd";
  const grpc::Slice slices[] = {grpc::Slice(a), grpc::Slice(b)};
  grpc::ByteBuffer pieces(slices, 2);
  CHECK(WireView(pieces).bytes() == "abcd");
  grpc::ByteBuffer large = ToByteBuffer(std::string(100'000, 'x'));
  CHECK(WireView(large).bytes() == std::string(100'000, 'x'));
  grpc::ByteBuffer none;
  CHECK(WireView(none).bytes().empty());
}

TEST_CASE("the parser stops at the head and hands on a body in any pieces") {
  std::string body;
  HttpParser parser({1000, 100}, [&](absl::string_view piece) { body.append(piece.data(), piece.size()); });
  const std::string text = "POST /a/b?c=d HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nAccept: x\r\nAccept: y\r\n\r\nhelloGET";
  for (size_t step = 1; step < text.size(); ++step) {
    parser.Reset();
    body.clear();
    size_t begin = 0, end = 0;
    bool head = false, done = false;
    while (!done) {
      if (begin == end || !head) end = std::min(end + step, text.size());
      size_t used = 0;
      const auto state = parser.Parse(absl::string_view(text).substr(begin, end - begin), &used);
      begin += used;
      REQUIRE(state != HttpParser::State::kBad);
      head = head || state == HttpParser::State::kHeadDone;
      done = state == HttpParser::State::kDone;
    }
    CHECK(body == "hello");
    CHECK(text.substr(begin) == "GET");
    CHECK(parser.head().path == "/a/b");
    CHECK(parser.head().query == "c=d");
    CHECK(parser.head().accept == "x,y");
  }
}

}  // namespace sifa::gateway
