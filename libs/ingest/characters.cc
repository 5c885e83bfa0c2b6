#include "libs/ingest/characters.h"

#include <cstring>

#include "unicode/utf8.h"

namespace sifa::ingest {
namespace {

// How many bytes from the beginning are whole characters of UTF-8; counts those of three bytes.
size_t WholeUtf8(absl::string_view bytes, size_t* of_three) {
  const auto size = static_cast<int32_t>(bytes.size());
  int32_t at = 0;
  *of_three = 0;
  while (at < size) {
    if (static_cast<uint8_t>(bytes[at]) < 0x80) {
      ++at;
      continue;
    }
    const int32_t from = at;
    UChar32 c;
    U8_NEXT(bytes.data(), at, size, c);
    if (c < 0) return static_cast<size_t>(from);
    if (at - from == 3) ++*of_three;
  }
  return bytes.size();
}

}  // namespace

bool IsAscii(absl::string_view bytes) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  uint64_t all = 0;
  for (; end - at >= 8; at += 8) {
    uint64_t eight;
    std::memcpy(&eight, at, 8);
    all |= eight;
  }
  for (; at < end; ++at) all |= static_cast<uint8_t>(*at);
  return (all & 0x8080808080808080u) == 0;
}

bool IsUtf8(absl::string_view bytes) {
  size_t of_three;
  return WholeUtf8(bytes, &of_three) == bytes.size();
}

Encoding EncodingOfFirstLine(absl::string_view bytes) { return IsUtf8(bytes) ? Encoding::kUtf8 : Encoding::kGb18030; }

Encoding EncodingOfLine(Encoding file, absl::string_view bytes) {
  size_t of_three;
  const bool utf8 = WholeUtf8(bytes, &of_three) == bytes.size();
  if (file == Encoding::kUtf8) return utf8 ? Encoding::kUtf8 : Encoding::kGb18030;
  return utf8 && of_three >= 2 ? Encoding::kUtf8 : Encoding::kGb18030;
}

bool Shorten(size_t characters, std::string* utf8) {
  if (utf8->size() <= characters) return true;
  const auto size = static_cast<int32_t>(utf8->size());
  int32_t at = 0;
  U8_FWD_N(utf8->data(), at, size, static_cast<int32_t>(characters));
  if (at == size) return true;
  utf8->resize(static_cast<size_t>(at));
  return false;
}

bool CellDecoder::Decode(Encoding encoding, absl::string_view bytes, std::string* utf8) {
  if (encoding == Encoding::kGb18030 && !IsAscii(bytes)) {
    if (!gb18030_) gb18030_ = std::make_unique<TextDecoder>(Encoding::kGb18030);
    utf8->clear();
    const bool whole = gb18030_->Add(bytes, /*last=*/true, utf8);
    if (!whole) gb18030_.reset();  // a decoder that has failed reads no more
    return whole;
  }
  size_t of_three;
  const size_t whole = WholeUtf8(bytes, &of_three);
  utf8->assign(bytes.data(), whole);
  return whole == bytes.size();
}

}  // namespace sifa::ingest
