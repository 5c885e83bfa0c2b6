// Text in the encodings in which files come: UTF-8, GB 18030, which software of the country must take (GB 18030-2022), and
// UTF-16. Decoded by ICU, strictly: what is no text of an encoding is refused, never replaced.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa {

enum class Encoding { kUtf8, kGb18030, kUtf16 };  // UTF-16 begins with a byte order mark

// By a charset label as Content-Type gives it ("utf-8", "GBK"); GB 2312 and GBK are read as GB 18030, which holds them (WHATWG
// Encoding). INVALID_ARGUMENT with reason CHARSET_UNKNOWN for any other; an empty label is UTF-8.
absl::StatusOr<Encoding> EncodingOf(absl::string_view label);

// One text, piece by piece.
class TextDecoder {
 public:
  explicit TextDecoder(Encoding encoding);
  ~TextDecoder();

  // Appends the characters that the bytes complete; at the `last` piece none may be left over. False, and for good, where the
  // bytes are not of the encoding, or a character is unassigned.
  bool Add(absl::string_view bytes, bool last, std::string* utf8);

 private:
  struct Converter;
  std::unique_ptr<Converter> converter_;
  bool whole_ = true;  // nothing was wrong so far
};

// A whole text; false where it is not of the encoding.
bool ToUtf8(Encoding encoding, absl::string_view bytes, std::string* utf8);

// Text whose encoding is not told, which may be cut off at its end: UTF-8 where it is that, or is meant to be and damaged;
// GB 18030 where it is that and does not look like UTF-8. Damaged UTF-8 is often well-formed GB 18030 too, and would be read as
// other characters.
Encoding SniffEncoding(absl::string_view text);

inline constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace sifa
