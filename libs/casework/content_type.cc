#include "libs/casework/content_type.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

constexpr char kText[] = "text/plain";
constexpr absl::string_view kMacro = "vbaProject.bin";
constexpr size_t kLongestCharacter = 4;

struct Type {
  absl::string_view name;
  std::vector<absl::string_view> endings;
  std::vector<absl::string_view> aliases;
};

const std::vector<Type>& Allowed() {
  static const auto* const types = new std::vector<Type>{
      {"application/pdf", {"pdf"}, {"application/x-pdf"}},
      {"image/png", {"png"}, {}},
      {"image/jpeg", {"jpg", "jpeg"}, {"image/jpg", "image/pjpeg"}},
      {"image/gif", {"gif"}, {}},
      {"image/tiff", {"tif", "tiff"}, {}},
      {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", {"docx"}, {}},
      {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {"xlsx"}, {}},
      {"application/ofd", {"ofd"}, {}},  // GB/T 33190, the national layout format
      {"video/mp4", {"mp4", "m4a", "m4v"}, {"audio/mp4", "audio/x-m4a"}},
      {"audio/mpeg", {"mp3"}, {"audio/mp3"}},
      {"audio/wav", {"wav"}, {"audio/x-wav", "audio/wave"}},
      {kText, {"txt", "csv"}, {"text/csv"}},
  };
  return *types;
}

// The type that an Office Open XML or OFD package is, by the names of its parts; "" for other archives.
absl::string_view TypeOfPackage(absl::string_view head) {
  if (absl::StrContains(head, "OFD.xml")) return "application/ofd";
  if (!absl::StrContains(head, "[Content_Types].xml")) return "";
  if (absl::StrContains(head, "word/"))
    return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  if (absl::StrContains(head, "xl/"))
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  return "";
}

bool IsMp3(absl::string_view head) {
  if (absl::StartsWith(head, "ID3")) return true;
  if (head.size() < 3) return false;
  const auto byte = [&](int i) { return static_cast<unsigned char>(head[i]); };
  // A frame: sync, MPEG 1 or 2, layer III, a bit rate that exists.
  return byte(0) == 0xff && ((byte(1) & 0xfe) == 0xfa || (byte(1) & 0xfe) == 0xf2) &&
         (byte(2) & 0xf0) != 0xf0;
}

// By the marks at the beginning (RFC 2046 types as IANA names them); "" where none fits.
absl::string_view TypeByMark(absl::string_view head) {
  using absl::StartsWith;
  if (StartsWith(head, "%PDF-")) return "application/pdf";
  if (StartsWith(head, "\x89PNG\r\n\x1a\n")) return "image/png";
  if (StartsWith(head, "\xff\xd8\xff")) return "image/jpeg";
  if (StartsWith(head, "GIF87a") || StartsWith(head, "GIF89a")) return "image/gif";
  if (StartsWith(head, absl::string_view("II*\0", 4)) || StartsWith(head, absl::string_view("MM\0*", 4)))
    return "image/tiff";
  if (StartsWith(head, "PK\x03\x04")) return TypeOfPackage(head);
  if (head.size() >= 12 && head.substr(4, 4) == "ftyp") return "video/mp4";
  if (StartsWith(head, "RIFF") && head.size() >= 12 && head.substr(8, 4) == "WAVE") return "audio/wav";
  if (IsMp3(head)) return "audio/mpeg";
  return "";
}

// Bytes of the character that a byte of UTF-8 begins; 0 for none.
size_t LengthOf(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

// How many bytes of `text` are whole characters of plain text, the rest being the beginning of one; npos
// where it is no text.
size_t WholeCharacters(absl::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t length = LengthOf(lead);
    const bool control = lead < 0x20 && lead != '\t' && lead != '\n' && lead != '\r' && lead != '\f';
    if (length == 0 || control || lead == 0x7f) return absl::string_view::npos;
    for (size_t i = 1; i < length && at + i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80) return absl::string_view::npos;
    }
    if (at + length > text.size()) break;
    at += length;
  }
  return at;
}

// Text that a browser or a shell would run.
bool IsActiveText(absl::string_view head) {
  const std::string lower = absl::AsciiStrToLower(head.substr(0, 4096));
  const absl::string_view start = absl::StripLeadingAsciiWhitespace(
      absl::StartsWith(lower, "\xef\xbb\xbf") ? absl::string_view(lower).substr(3) : lower);
  for (absl::string_view mark : {"#!", "<?", "<!doctype", "<html", "<svg", "@echo", "{\\rtf"}) {
    if (absl::StartsWith(start, mark)) return true;
  }
  for (absl::string_view mark : {"<script", "<html", "<body", "<iframe", "javascript:"}) {
    if (absl::StrContains(lower, mark)) return true;
  }
  return false;
}

// "pdf"; "" where what follows the last dot is no ending, as in "谈话记录2024.10.08".
std::string EndingOf(absl::string_view file_name) {
  const size_t dot = file_name.rfind('.');
  if (dot == absl::string_view::npos) return "";
  const std::string ending = absl::AsciiStrToLower(file_name.substr(dot + 1));
  const bool plain = std::all_of(ending.begin(), ending.end(), absl::ascii_isalnum);
  const bool has_letter = std::any_of(ending.begin(), ending.end(), absl::ascii_isalpha);
  return plain && has_letter && ending.size() <= 5 ? ending : "";
}

absl::Status TypeRefused(absl::string_view text) {
  return InvalidField("content_type", "ATTACHMENT_TYPE_REFUSED", text);
}

}  // namespace

ContentInspector::ContentInspector(absl::string_view declared, absl::string_view file_name) {
  declared_ = absl::AsciiStrToLower(absl::StripAsciiWhitespace(declared.substr(0, declared.find(';'))));
  if (declared_ == "application/octet-stream") declared_.clear();  // says nothing
  ending_ = EndingOf(file_name);
}

absl::Status ContentInspector::Take(absl::string_view piece) {
  if (type_.empty()) RETURN_IF_ERROR(Recognise(piece));
  if (type_ == kText) return TakeText(piece);
  if (!absl::StartsWith(type_, "application/vnd.openxml")) return absl::OkStatus();
  const std::string joined = absl::StrCat(tail_, piece);
  if (absl::StrContains(joined, kMacro)) return TypeRefused("含有宏的文档不能作为附件");
  tail_ = joined.substr(joined.size() - std::min(joined.size(), kMacro.size()));
  return absl::OkStatus();
}

absl::Status ContentInspector::Recognise(absl::string_view head) {
  absl::string_view found = TypeByMark(head);
  if (found.empty() && WholeCharacters(head) != absl::string_view::npos && !IsActiveText(head)) found = kText;
  const auto& types = Allowed();
  const auto type = std::find_if(types.begin(), types.end(), [&](const Type& t) { return t.name == found; });
  if (type == types.end())
    return TypeRefused("不能接收此类文件；可用PDF、OFD、Word、Excel、图片、录音录像和纯文本");
  const bool as_declared =
      declared_.empty() || declared_ == type->name ||
      std::find(type->aliases.begin(), type->aliases.end(), declared_) != type->aliases.end();
  if (!as_declared) return TypeRefused(absl::StrCat("文件内容（", type->name, "）与声明的类型不符"));
  const bool ends_so = ending_.empty() ||
                       std::find(type->endings.begin(), type->endings.end(), ending_) != type->endings.end();
  if (!ends_so) return TypeRefused(absl::StrCat("文件内容（", type->name, "）与文件扩展名不符"));
  type_ = std::string(type->name);
  return absl::OkStatus();
}

absl::Status ContentInspector::TakeText(absl::string_view piece) {
  const std::string joined = absl::StrCat(tail_, piece);
  const size_t whole = WholeCharacters(joined);
  if (whole == absl::string_view::npos || joined.size() - whole >= kLongestCharacter) {
    return TypeRefused("文件不是UTF-8编码的纯文本");
  }
  tail_ = joined.substr(whole);
  return absl::OkStatus();
}

absl::Status ContentInspector::Finish() {
  if (type_ == kText && !tail_.empty()) return TypeRefused("文件不是UTF-8编码的纯文本");
  return absl::OkStatus();
}

}  // namespace sifa::casework
