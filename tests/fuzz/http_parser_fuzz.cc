// Bytes of a connection as HTTP/1.1 requests, one after the other. However they arrive, in one piece or byte by byte, they are
// the same requests: a difference is how requests are smuggled past a proxy.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/gateway/http_parser.h"

namespace {

using sifa::gateway::HttpParser;
using sifa::gateway::RequestHead;

constexpr size_t kBuffer = 20 << 10;  // what a connection gives the parser at once
constexpr HttpParser::Limits kLimits{16 << 10, 8 << 10};

// The requests that the parser finds in `data`, which it gets in pieces of `piece` bytes. What follows the last one is refused or
// waited for: which of both may depend on the pieces, and harms nobody.
std::string Read(absl::string_view data, size_t piece) {
  std::string seen, body;
  HttpParser parser(kLimits, [&](absl::string_view part) { body.append(part.data(), part.size()); });
  std::string buffer;
  while (true) {
    size_t used = 0;
    const auto state = parser.Parse(buffer, &used);
    if (used > buffer.size()) std::abort();
    buffer.erase(0, used);
    if (state == HttpParser::State::kBad) {
      if (parser.bad_status() < 400 || parser.bad_reason().empty()) std::abort();
      return seen;
    }
    if (state == HttpParser::State::kHeadDone) {
      const RequestHead& head = parser.head();
      absl::StrAppend(&seen, head.method, " ", head.path, "?", head.query, " ", head.host, " ", head.authorization, "\n");
    } else if (state == HttpParser::State::kDone) {
      absl::StrAppend(&seen, body, "\n");
      body.clear();
      parser.Reset();
    } else if (used == 0) {
      if (buffer.size() >= kBuffer) std::abort();  // the connection would wait for ever
      if (data.empty()) return seen;
      const size_t room = std::min(piece, kBuffer - buffer.size());
      buffer.append(data.data(), std::min(room, data.size()));
      data.remove_prefix(std::min(room, data.size()));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const absl::string_view data(reinterpret_cast<const char*>(bytes), size);
  const std::string at_once = Read(data, kBuffer), slowly = Read(data, 1);
  if (at_once != slowly) {
    std::fprintf(stderr, "at once:\n%s\nbyte by byte:\n%s\n", at_once.c_str(), slowly.c_str());
    std::abort();
  }
  return 0;
}
