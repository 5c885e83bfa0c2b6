#include "libs/core/encoding.h"

#include <catch2/catch.hpp>

#include "libs/core/status.h"

namespace sifa {
namespace {

constexpr char kGbk[] = "\xd5\xc5\xc8\xfd\xcb\xb5\xa3\xba";  // 张三说：
constexpr char kFour[] = "\x95\x32\x82\x36";                 // 𠀀, four bytes of GB 18030

}  // namespace

TEST_CASE("GB 18030 is decoded strictly, also in pieces that cut its characters") {
  std::string text;
  CHECK(ToUtf8(Encoding::kGb18030, kGbk, &text));
  CHECK(text == "张三说：");
  CHECK(ToUtf8(Encoding::kGb18030, kFour, &text));
  CHECK(text == "\U00020000");
  CHECK_FALSE(ToUtf8(Encoding::kGb18030, "\xd5", &text));          // half a character
  CHECK_FALSE(ToUtf8(Encoding::kGb18030, "\xff\xd8\xff", &text));  // no byte of it
  for (const Encoding encoding : {Encoding::kGb18030, Encoding::kUtf8}) {
    const std::string bytes = encoding == Encoding::kUtf8 ? "张三\U00020000说" : std::string(kGbk) + kFour;
    TextDecoder decoder(encoding);
    std::string pieces;
    for (char c : bytes) CHECK(decoder.Add(absl::string_view(&c, 1), false, &pieces));
    CHECK(decoder.Add("", true, &pieces));
    CHECK(pieces == (encoding == Encoding::kUtf8 ? bytes : "张三说：\U00020000"));
  }
}

TEST_CASE("long texts with characters beyond the basic plane come out whole") {
  std::string bytes, text, wanted;
  for (int i = 0; i < 3000; ++i) {
    bytes += i % 3 == 0 ? "\x95\x32\x82\x36" : "a";
    wanted += i % 3 == 0 ? "\U00020000" : "a";
  }
  CHECK(ToUtf8(Encoding::kGb18030, bytes, &text));
  CHECK(text == wanted);
}

TEST_CASE("UTF-16 as Notepad writes it begins with its mark") {
  std::string text;
  CHECK(ToUtf8(Encoding::kUtf16, absl::string_view("\xff\xfe\x20\x5f\x09\x4e", 6), &text));
  CHECK(text == "张三");
  CHECK_FALSE(ToUtf8(Encoding::kUtf16, absl::string_view("\xff\xfe\x20\x5f\x09", 5), &text));
}

TEST_CASE("an encoding that is not told is GB 18030 only where the text cannot be damaged UTF-8") {
  CHECK(SniffEncoding("abc") == Encoding::kUtf8);
  CHECK(SniffEncoding("张三说：") == Encoding::kUtf8);
  CHECK(SniffEncoding(kGbk) == Encoding::kGb18030);
  CHECK(SniffEncoding(std::string("张三李四王五").substr(0, 17)) == Encoding::kUtf8);  // cut
  CHECK(SniffEncoding("\xff\xd8\xff\xe0") == Encoding::kUtf8);                        // neither
}

TEST_CASE("charsets by their labels") {
  for (const char* label : {"GBK", "gb2312", "GB18030", "\"gbk\"", " cp936"}) CHECK(*EncodingOf(label) == Encoding::kGb18030);
  for (const char* label : {"", "UTF-8", "utf8"}) CHECK(*EncodingOf(label) == Encoding::kUtf8);
  CHECK(ReasonOf(EncodingOf("big5").status()) == "CHARSET_UNKNOWN");
}

}  // namespace sifa
