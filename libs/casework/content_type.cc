#include "libs/casework/content_type.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

constexpr char kText[] = "text/plain";

struct Type {
  absl::string_view name;
  absl::string_view label;
  std::vector<absl::string_view> endings;
  std::vector<absl::string_view> aliases;  // as browsers and libmagic say it
};

const std::vector<Type>& Allowed() {
  static const auto* const types = new std::vector<Type>{
      {"application/pdf", "PDF文档", {"pdf"}, {"application/x-pdf"}},
      {"application/ofd", "OFD文档", {"ofd"}, {}},  // GB/T 33190, the national layout format
      {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word文档", {"docx"},
       {"application/wps-office.docx"}},
      {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel表格", {"xlsx"}, {"application/wps-office.xlsx"}},
      {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "演示文稿", {"pptx"},
       {"application/wps-office.pptx"}},
      // Before 2007; WPS saves the same under endings of its own.
      {"application/msword", "Word文档", {"doc", "dot", "wps", "wpt"}, {"application/wps-office.doc", "application/kswps"}},
      {"application/vnd.ms-excel", "Excel表格", {"xls", "xlt", "et", "ett"}, {"application/wps-office.xls", "application/kset"}},
      {"application/vnd.ms-powerpoint", "演示文稿", {"ppt", "pps", "dps"}, {"application/wps-office.ppt", "application/ksdps"}},
      {"image/png", "PNG图片", {"png"}, {}},
      {"image/jpeg", "JPEG图片", {"jpg", "jpeg"}, {"image/jpg", "image/pjpeg"}},
      {"image/gif", "GIF图片", {"gif"}, {}},
      {"image/tiff", "TIFF图片", {"tif", "tiff"}, {}},
      {"image/heic", "HEIC图片", {"heic", "heif", "hif"}, {"image/heif"}},
      {"image/heif", "HEIF图片", {"heif", "heic", "hif"}, {"image/heic"}},
      {"image/avif", "AVIF图片", {"avif"}, {"image/heif"}},
      {"video/mp4", "MP4录像", {"mp4", "m4a", "m4v"}, {"audio/mp4", "audio/x-m4a", "audio/m4a", "video/x-m4v"}},
      {"video/quicktime", "MOV录像", {"mov", "qt"}, {}},
      {"video/3gpp", "3GP录像", {"3gp", "3gpp", "mp4"}, {"audio/3gpp"}},
      {"audio/mp4", "M4A录音", {"m4a", "m4b", "mp4"}, {"audio/x-m4a", "audio/m4a", "video/mp4"}},
      {"audio/mpeg", "MP3录音", {"mp3"}, {"audio/mp3"}},
      {"audio/wav", "WAV录音", {"wav"}, {"audio/x-wav", "audio/wave"}},
      {"audio/amr", "AMR录音", {"amr"}, {"audio/3gpp"}},
      {kText, "纯文本", {"txt", "csv"}, {"text/csv", "application/vnd.ms-excel"}},  // as Excel has Windows say of CSV
  };
  return *types;
}

// What is refused, in words; others are named by their media type.
absl::string_view LabelOf(absl::string_view type) {
  static constexpr std::pair<absl::string_view, absl::string_view> kLabels[] = {
      {kZip, "压缩包，或者目录损坏、过大的文档"},
      {kCompound, "不能识别、损坏或者加密的Office文档（.doc、.xls、.wps）"},
      {"image/jp2", "JPEG 2000图片"},
      {"image/webp", "WebP图片"},
      {"text/html", "网页"},
      {"text/rtf", "RTF文档"},
      {"image/svg+xml", "SVG图片"},
      {"text/x-shellscript", "脚本"},
      {"text/x-msdos-batch", "脚本"},
      {"application/x-dosexec", "程序"},
      {"application/vnd.oasis.opendocument.text", "ODF文档"},
  };
  for (const auto& [name, label] : kLabels) {
    if (name == type) return label;
  }
  return type;
}

bool Contains(const std::vector<absl::string_view>& list, absl::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

const Type* FindType(absl::string_view name) {
  const auto find = [](auto is) -> const Type* {
    const auto type = std::find_if(Allowed().begin(), Allowed().end(), is);
    return type == Allowed().end() ? nullptr : &*type;
  };
  if (const Type* type = find([&](const Type& t) { return t.name == name; })) return type;
  return find([&](const Type& t) { return t.name != kText && Contains(t.aliases, name); });
}

// Text that a browser or a shell would run.
bool IsActiveText(absl::string_view head) {
  const std::string lower = absl::AsciiStrToLower(head.substr(0, 4096));
  const absl::string_view start = absl::StripLeadingAsciiWhitespace(lower);
  for (absl::string_view mark : {"#!", "<?", "<!doctype", "<html", "<svg", "@echo", "{\\rtf"}) {
    if (absl::StartsWith(start, mark)) return true;
  }
  for (absl::string_view mark : {"<script", "<html", "<body", "<iframe", "javascript:"}) {
    if (absl::StrContains(lower, mark)) return true;
  }
  return false;
}

bool IsControl(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\v' && c != '\f') || c == 0x7f;
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

absl::Status NoText() { return TypeRefused("文件不是UTF-8或者GB 18030编码的纯文本"); }

}  // namespace

ContentInspector::ContentInspector(absl::string_view declared, absl::string_view file_name) {
  declared_ = absl::AsciiStrToLower(absl::StripAsciiWhitespace(declared.substr(0, declared.find(';'))));
  if (declared_ == "application/octet-stream") declared_.clear();  // says nothing
  ending_ = EndingOf(file_name);
}

absl::Status ContentInspector::Take(absl::string_view piece) {
  const bool first = found_.empty();
  if (first) RETURN_IF_ERROR(Recognise(piece));
  if (found_ == kZip) package_.Take(piece);
  if (found_ == kCompound) compound_.Take(piece);
  return found_ == kText && !first ? TakeText(piece, /*last=*/false) : absl::OkStatus();
}

absl::Status ContentInspector::Finish() {
  if (found_ == kText) RETURN_IF_ERROR(TakeText("", /*last=*/true));
  if (found_ == kZip) return Settle(package_.Finish());
  if (found_ == kCompound) return Settle(compound_.Finish());
  return absl::OkStatus();
}

absl::Status ContentInspector::Recognise(absl::string_view head) {
  found_ = MediaTypeOf(head);
  if (found_ == kZip || found_ == kCompound) return absl::OkStatus();
  const Type* const type = FindType(found_);
  if (type != nullptr && type->name != kText) return Settle(found_);
  // libmagic takes any bytes without control characters for text, and text for many things.
  const std::string other = std::exchange(found_, kText);
  if (TakeText(head, /*last=*/false).ok()) return Settle(kText);
  return Settle(other == kText ? "" : other);
}

absl::Status ContentInspector::TakeText(absl::string_view piece, bool last) {
  const bool head = std::exchange(text_seen_, text_seen_ + piece.size()) == 0;
  const bool utf16 = head && (absl::StartsWith(piece, "\xff\xfe") || absl::StartsWith(piece, "\xfe\xff"));
  if (utf16) decoder_ = std::make_unique<TextDecoder>(Encoding::kUtf16);
  if (!decoder_ && !std::all_of(piece.begin(), piece.end(), absl::ascii_isascii)) {
    decoder_ = std::make_unique<TextDecoder>(SniffEncoding(piece));
  }
  std::string text;
  if (!decoder_) {
    text = std::string(piece);
  } else if (!decoder_->Add(piece, last, &text)) {
    return NoText();
  }
  absl::string_view seen(text);
  absl::ConsumePrefix(&seen, kByteOrderMark);
  if (std::any_of(seen.begin(), seen.end(), &IsControl) || (head && IsActiveText(seen))) return NoText();
  return absl::OkStatus();
}

absl::Status ContentInspector::Settle(absl::string_view found) {
  if (found == kWithMacros) return TypeRefused("含有宏的文档不能作为附件");
  const Type* const type = FindType(found);
  if (type == nullptr) {
    const absl::string_view what = found.empty() ? "未知格式" : LabelOf(found);
    return TypeRefused(absl::StrCat("不能接收此类文件（", what, "）；可用PDF、OFD、Word、Excel、演示文稿、图片、录音录像和纯文本"));
  }
  if (!declared_.empty() && declared_ != type->name && !Contains(type->aliases, declared_)) {
    return TypeRefused(absl::StrCat("文件内容是", type->label, "（", type->name, "），与声明的类型不符"));
  }
  if (!ending_.empty() && !Contains(type->endings, ending_)) {
    return TypeRefused(absl::StrCat("文件内容是", type->label, "（", type->name, "），与文件扩展名.", ending_, "不符"));
  }
  type_ = std::string(type->name);
  return absl::OkStatus();
}

}  // namespace sifa::casework
