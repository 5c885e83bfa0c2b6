// The encodings of lines and cells.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "libs/core/encoding.h"

namespace sifa::ingest {

bool IsAscii(absl::string_view bytes);
bool IsUtf8(absl::string_view bytes);

// Of the first line beyond ASCII, which decides for its file: UTF-8 where it is that.
Encoding EncodingOfFirstLine(absl::string_view bytes);
// Of a later line: what the file is in, unless the line shows that it is not. Most UTF-8 decodes as GB 18030 too, to nonsense, so
// two characters of three bytes in a line that is UTF-8 throughout say that it was meant.
Encoding EncodingOfLine(Encoding file, absl::string_view bytes);

// Cuts a text to so many characters. False where it was longer.
bool Shorten(size_t characters, std::string* utf8);

// Cells of one encoding after another. Not thread-safe.
class CellDecoder {
 public:
  // False where the bytes are not of the encoding; `utf8` then has what could be read before that, and is UTF-8 all the same.
  bool Decode(Encoding encoding, absl::string_view bytes, std::string* utf8);

 private:
  std::unique_ptr<TextDecoder> gb18030_;
};

}  // namespace sifa::ingest
