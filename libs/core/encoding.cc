#include "libs/core/encoding.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "libs/core/status.h"
#include "unicode/ucnv.h"
#include "unicode/ucnv_err.h"
#include "unicode/uchar.h"
#include "unicode/utf16.h"
#include "unicode/utf8.h"

namespace sifa {
namespace {

const char* NameOf(Encoding encoding) {
  switch (encoding) {
    case Encoding::kGb18030:
      return "GB18030";
    case Encoding::kUtf16:
      return "UTF-16";
    case Encoding::kUtf8:
      break;
  }
  return "UTF-8";
}

// How many bytes of the text are beyond ASCII, and how many of these are whole characters of UTF-8.
void CountUtf8(absl::string_view text, size_t* beyond_ascii, size_t* well_formed) {
  *beyond_ascii = *well_formed = 0;
  for (int32_t at = 0; at < static_cast<int32_t>(text.size());) {
    const int32_t from = at;
    UChar32 c;
    U8_NEXT(text.data(), at, static_cast<int32_t>(text.size()), c);
    if (c >= 0 && c < 0x80) continue;
    *beyond_ascii += at - from;
    if (c >= 0) *well_formed += at - from;
  }
}

}  // namespace

absl::StatusOr<Encoding> EncodingOf(absl::string_view label) {
  std::string name = absl::AsciiStrToLower(absl::StripAsciiWhitespace(label));
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
  if (name.empty() || name == "utf-8" || name == "utf8" || name == "us-ascii") return Encoding::kUtf8;
  for (const char* chinese : {"gb18030", "gbk", "gb2312", "gb_2312-80", "x-gbk", "cp936", "chinese"}) {
    if (name == chinese) return Encoding::kGb18030;
  }
  return Error(absl::StatusCode::kInvalidArgument, "CHARSET_UNKNOWN", "不支持所注明的字符编码，可用UTF-8或GB 18030");
}

struct TextDecoder::Converter {
  UConverter* ucnv = nullptr;
  ~Converter() { ucnv_close(ucnv); }
};

TextDecoder::TextDecoder(Encoding encoding) : converter_(std::make_unique<Converter>()) {
  UErrorCode status = U_ZERO_ERROR;
  converter_->ucnv = ucnv_open(NameOf(encoding), &status);
  ucnv_setToUCallBack(converter_->ucnv, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  whole_ = U_SUCCESS(status);
}

TextDecoder::~TextDecoder() = default;

bool TextDecoder::Add(absl::string_view bytes, bool last, std::string* utf8) {
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  UChar32 lead = 0;  // of a pair that lies across two turns
  for (bool more = whole_; more;) {
    UChar units[1024];
    UChar* to = units;
    UErrorCode status = U_ZERO_ERROR;
    ucnv_toUnicode(converter_->ucnv, &to, std::end(units), &from, end, nullptr, last, &status);
    more = status == U_BUFFER_OVERFLOW_ERROR;
    whole_ = more || U_SUCCESS(status);
    for (const UChar* unit = units; unit < to && whole_; ++unit) {
      UChar32 c = *unit;
      if (U16_IS_LEAD(c)) {
        lead = c;
        continue;
      }
      if (U16_IS_TRAIL(c)) c = U16_GET_SUPPLEMENTARY(lead, c);
      whole_ = u_isdefined(c);
      char encoded[U8_MAX_LENGTH];
      int32_t size = 0;
      U8_APPEND_UNSAFE(encoded, size, c);
      utf8->append(encoded, size);
    }
    more = more && whole_;
  }
  return whole_;
}

bool ToUtf8(Encoding encoding, absl::string_view bytes, std::string* utf8) {
  utf8->clear();
  return TextDecoder(encoding).Add(bytes, /*last=*/true, utf8);
}

Encoding SniffEncoding(absl::string_view text) {
  size_t beyond_ascii, well_formed;
  CountUtf8(text, &beyond_ascii, &well_formed);
  if (well_formed == beyond_ascii || well_formed * 2 > beyond_ascii) return Encoding::kUtf8;
  std::string ignored;
  return TextDecoder(Encoding::kGb18030).Add(text, /*last=*/false, &ignored) ? Encoding::kGb18030 : Encoding::kUtf8;
}

}  // namespace sifa
