#include "libs/casework/content_type.h"

#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "libs/core/status.h"

namespace sifa::casework {
namespace {

// The type recognised, or the reason of the refusal.
std::string TypeOf(absl::string_view content, absl::string_view declared = "", absl::string_view name = "",
                   size_t piece = 1 << 20) {
  ContentInspector inspector(declared, name);
  absl::Status status;
  for (size_t at = 0; status.ok() && at < content.size(); at += piece)
    status = inspector.Take(content.substr(at, piece));
  if (status.ok()) status = inspector.Finish();
  return status.ok() ? inspector.content_type() : ReasonOf(status);
}

// What the refusal says.
std::string Refusal(absl::string_view content, absl::string_view name = "") {
  ContentInspector inspector("", name);
  absl::Status status = inspector.Take(content);
  if (status.ok()) status = inspector.Finish();
  return std::string(status.message());
}

constexpr char kRefused[] = "ATTACHMENT_TYPE_REFUSED";
constexpr char kDocx[] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

void Put(uint64_t value, int bytes, std::string* out) {
  for (int i = 0; i < bytes; ++i) out->push_back(static_cast<char>(value >> (8 * i)));
}

// A zip package of these parts, stored, in this order; `comment` after its directory.
std::string Zip(const std::vector<std::pair<std::string, std::string>>& parts, const std::string& comment = "") {
  std::string file, directory;
  for (const auto& [name, content] : parts) {
    std::string sizes;
    for (const uint64_t size : {content.size(), content.size()}) Put(size, 4, &sizes);
    Put(name.size(), 2, &sizes);
    Put(0, 2, &sizes);
    directory += "PK\x01\x02";
    Put(0x00140014, 4, &directory);
    Put(0, 12, &directory);  // stored, no time, no sum
    directory += sizes;
    Put(0, 10, &directory);
    Put(file.size(), 4, &directory);
    directory += name;
    file += "PK\x03\x04";
    Put(20, 2, &file);
    Put(0, 12, &file);
    file += sizes + name + content;
  }
  std::string end("PK\x05\x06");
  Put(0, 4, &end);
  for (int i = 0; i < 2; ++i) Put(parts.size(), 2, &end);
  Put(directory.size(), 4, &end);
  Put(file.size(), 4, &end);
  Put(comment.size(), 2, &end);
  return file + directory + end + comment;
}

const std::string kWord = Zip({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w/>"}});

// An entry of a compound file's directory: 1 a storage, 2 a stream, 5 the root.
std::string Entry(const std::string& name, char kind, const std::string& its_class = std::string(16, '\0')) {
  std::string entry;
  for (char c : name) entry += {c, '\0'};
  entry.resize(64);
  Put(2 * name.size() + 2, 2, &entry);
  entry.push_back(kind);
  entry.resize(80);
  entry += its_class;
  entry.resize(128);
  return entry;
}

// A compound file whose directory lies after `before` sectors.
std::string Compound(const std::vector<std::string>& entries, size_t before = 3) {
  std::string file = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
  file.resize(512 * (before + 1), '\x7f');
  for (const std::string& entry : entries) file += entry;
  return file + std::string(700, '\0');
}

std::string Brand(const std::string& first, const std::string& others = "") {
  std::string box;
  for (int i = 3; i >= 0; --i) box.push_back(static_cast<char>((16 + others.size()) >> (8 * i)));
  return box + "ftyp" + first + std::string(4, '\0') + others + std::string(400, '\0');
}

}  // namespace

TEST_CASE("types are told from the content, not from names") {
  CHECK(TypeOf("%PDF-1.7 ...") == "application/pdf");
  CHECK(TypeOf("\x89PNG\r\n\x1a\n") == "image/png");
  CHECK(TypeOf("\xff\xd8\xff\xe0 JFIF") == "image/jpeg");
  CHECK(TypeOf(absl::string_view("II*\0....", 8)) == "image/tiff");
  CHECK(TypeOf(kWord) == kDocx);
  CHECK(TypeOf(Zip({{"OFD.xml", "<OFD/>"}, {"Doc_0/Document.xml", ""}})) == "application/ofd");
  CHECK(TypeOf(absl::string_view("\0\0\0\x18"
                                 "ftypmp42",
                                 12)) == "video/mp4");
  CHECK(TypeOf("ID3\x04") == "audio/mpeg");
  CHECK(TypeOf(absl::string_view("RIFF\x24\0\0\0WAVEfmt ", 16)) == "audio/wav");
  CHECK(TypeOf("调解笔录\n当事人：") == "text/plain");
}

TEST_CASE("programs, scripts, web pages and plain archives are refused") {
  for (const char* content : {"MZ\x90",
                              "\x7f"
                              "ELF",
                              "#!/bin/sh\nrm", "<!DOCTYPE html>", "  <HTML>", "a<script>b", "<?php",
                              "PK\x03\x04 setup.exe", "{\\rtf1", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}) {
    CHECK(TypeOf(content) == kRefused);
  }
}

TEST_CASE("a document with macros is refused wherever its macro begins") {
  const std::string macro = Zip({{"[Content_Types].xml", ""}, {"word/document.xml", std::string(1000, ' ')}, {"word/vbaProject.bin", ""}});
  CHECK(TypeOf(macro) == kRefused);
  CHECK(TypeOf(macro, "", "", 100) == kRefused);
  CHECK(TypeOf(Compound({Entry("Root Entry", 5), Entry("WordDocument", 2), Entry("Macros", 1)})) == kRefused);
  CHECK(TypeOf(Compound({Entry("Root Entry", 5), Entry("Workbook", 2), Entry("_VBA_PROJECT_CUR", 1)})) == kRefused);
}

TEST_CASE("content that is not what was declared, or not what its name says, is refused") {
  CHECK(TypeOf("%PDF-1.7", "image/png") == kRefused);
  CHECK(TypeOf("%PDF-1.7", "application/pdf", "笔录.exe") == kRefused);
  CHECK(TypeOf("%PDF-1.7", "application/pdf", "笔录.PDF") == "application/pdf");
  CHECK(TypeOf("%PDF-1.7", "application/octet-stream", "谈话记录2024.10.08") == "application/pdf");
  CHECK(TypeOf("\xff\xd8\xff\xe0", "image/jpg; q=1", "a.jpeg") == "image/jpeg");
}

TEST_CASE("plain text is UTF-8 to its last byte") {
  const std::string text = "当事人双方";
  CHECK(TypeOf(text, "text/plain; charset=utf-8", "a.txt", 4) ==
        "text/plain");  // characters lie across pieces
  CHECK(TypeOf(text.substr(0, text.size() - 1)) == kRefused);
  CHECK(TypeOf(text + std::string(1, '\0')) == kRefused);
}

TEST_CASE("GB 18030-2022: text as Notepad and Excel save it is plain text, to its last byte") {
  const std::string gbk = "\xb5\xf7\xbd\xe2\xb1\xca\xc2\xbc\r\n\xd5\xc5\xc8\xfd\xcb\xb5\xa3\xba\x95\x32\x82\x36";  // 调解笔录 张三说：𠀀
  CHECK(TypeOf(gbk, "", "笔录.txt") == "text/plain");
  CHECK(TypeOf(gbk, "application/vnd.ms-excel", "台账.csv", 5) == "text/plain");
  CHECK(TypeOf("no,name\n" + gbk, "", "", 8) == "text/plain");  // what tells the encoding comes in the second piece
  CHECK(TypeOf(gbk.substr(0, gbk.size() - 1)) == kRefused);
  CHECK(TypeOf(gbk + std::string(1, '\0')) == kRefused);
  CHECK(TypeOf("<html>" + gbk) == kRefused);
  CHECK(TypeOf(absl::string_view("\xff\xfe\x20\x5f\x09\x4e", 6)) == "text/plain");           // UTF-16
  CHECK(TypeOf(absl::string_view("\xff\xfe<\0?\0p\0h\0p\0", 12)) == kRefused);  // active in any encoding
}

TEST_CASE("ISO/IEC 29500-2: a package is what its parts are, in whatever order they stand") {
  const std::string image(600 << 10, '\xd8');
  const std::pair<std::string, std::string> types{"[Content_Types].xml", "<Types/>"};
  CHECK(TypeOf(Zip({{"_rels/.rels", ""}, {"word/media/1.jpeg", image}, {"word/document.xml", ""}, types}), "", "协议.docx", 64 << 10) ==
        kDocx);
  CHECK(TypeOf(Zip({{"xl/media/1.jpeg", image}, {"xl/workbook.xml", ""}, types}), "", "台账.xlsx") ==
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  CHECK(TypeOf(Zip({{"ppt/presentation.xml", ""}, {"[CONTENT_TYPES].XML", ""}}), "", "a.pptx") ==
        "application/vnd.openxmlformats-officedocument.presentationml.presentation");
  CHECK(TypeOf(Zip({{"Doc_0/Res/1.jpg", image}, {"OFD.xml", ""}}), "", "公文.ofd") == "application/ofd");
  CHECK(TypeOf(Zip({types, {"word/document.xml", ""}}, "a comment after the directory")) == kDocx);
  // Names within parts are no parts.
  CHECK(TypeOf(Zip({{"a.txt", "[Content_Types].xml word/document.xml OFD.xml"}})) == kRefused);
  CHECK(TypeOf(Zip({{"word/document.xml", ""}})) == kRefused);
  CHECK(TypeOf(kWord.substr(0, kWord.size() - 30)) == kRefused);  // cut off
  CHECK(Refusal(Zip({{"setup.exe", ""}})).find("压缩包") != std::string::npos);
  CHECK(Refusal(kWord, "协议.pdf") == "文件内容是Word文档（" + std::string(kDocx) + "），与文件扩展名.pdf不符");
}

TEST_CASE("a package of very many parts, or one that claims them, costs little and is refused") {
  std::vector<std::pair<std::string, std::string>> parts = {{"[Content_Types].xml", ""}, {"word/document.xml", ""}};
  for (int i = 0; i < 60000; ++i) parts.emplace_back("word/" + std::to_string(i), "");
  CHECK(TypeOf(Zip(parts)) == kRefused);
  std::string claims = kWord;
  claims.replace(claims.size() - 14, 4, "\xff\xff\xff\xff");
  CHECK(TypeOf(claims) == kRefused);
}

TEST_CASE("[MS-CFB]: Office before 2007 and WPS are told apart by the streams of the compound file") {
  const std::string root = Entry("Root Entry", 5);
  CHECK(TypeOf(Compound({root, Entry("1Table", 2), Entry("WordDocument", 2)}), "", "旧笔录.doc") == "application/msword");
  CHECK(TypeOf(Compound({root, Entry("WordDocument", 2)}), "application/kswps", "协议.wps") == "application/msword");
  CHECK(TypeOf(Compound({root, Entry("Workbook", 2)}), "", "台账.xls", 1000) == "application/vnd.ms-excel");
  CHECK(TypeOf(Compound({root, Entry("Book", 2)}, 1000), "", "台账.et", 64 << 10) == "application/vnd.ms-excel");
  CHECK(TypeOf(Compound({root, Entry("PowerPoint Document", 2)}), "", "a.ppt") == "application/vnd.ms-powerpoint");
  CHECK(TypeOf(Compound({root, Entry("WordDocument", 2)}), "", "旧笔录.xls") == kRefused);
  // A table with a document embedded in it.
  const std::string excel_class("\x20\x08\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", 16);
  CHECK(TypeOf(Compound({Entry("Root Entry", 5, excel_class), Entry("WordDocument", 2), Entry("Workbook", 2)})) ==
        "application/vnd.ms-excel");
  CHECK(TypeOf(Compound({root, Entry("EncryptedPackage", 2)})) == kRefused);
  CHECK(Refusal("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + std::string(600, '\0'), "旧笔录.doc").find(".doc") != std::string::npos);
}

TEST_CASE("ISO/IEC 23008-12 and 14496-12: pictures, recordings and films are told apart by their brands") {
  CHECK(TypeOf(Brand("heic", "mif1heic"), "", "现场照片") == "image/heic");
  CHECK(TypeOf(Brand("heix"), "image/heif", "IMG_1.HEIC") == "image/heic");
  CHECK(TypeOf(Brand("mif1", "mif1heic")) == "image/heic");
  CHECK(TypeOf(Brand("mif1", "mif1miaf")) == "image/heif");
  CHECK(TypeOf(Brand("avif", "mif1")) == "image/avif");
  CHECK(TypeOf(Brand("mif1", "avif")) == "image/avif");
  CHECK(TypeOf(Brand("qt  "), "", "现场.MOV") == "video/quicktime");
  CHECK(TypeOf(Brand("M4A ", "mp42"), "", "谈话.m4a") == "audio/mp4");
  CHECK(TypeOf(Brand("3gp5"), "", "a.3gp") == "video/3gpp");
  for (const char* brand : {"isom", "mp42", "avc1", "MSNV", "XAVC", "iso5"}) CHECK(TypeOf(Brand(brand), "", "a.mp4") == "video/mp4");
  CHECK(TypeOf(Brand("abcd", "isom")) == "video/mp4");
  for (const char* name : {"a.mp4", "a.jpg"}) CHECK(TypeOf(Brand("heic"), "", name) == kRefused);
  CHECK(Refusal(Brand("heic"), "a.jpg") == "文件内容是HEIC图片（image/heic），与文件扩展名.jpg不符");
  for (const char* brand : {"jp2 ", "crx ", "abcd"}) CHECK(TypeOf(Brand(brand)) == kRefused);
  CHECK(TypeOf("#!AMR\n\x3c\x91\x17", "", "谈话.amr") == "audio/amr");
}

TEST_CASE("what is refused is told what it is") {
  CHECK(Refusal("<!DOCTYPE html><html>").find("网页") != std::string::npos);
  CHECK(Refusal("#!/bin/sh\nrm").find("脚本") != std::string::npos);
  CHECK(Refusal("{\\rtf1 a}").find("RTF") != std::string::npos);
  CHECK(Refusal(absl::string_view("RIFF\x24\0\0\0WEBPVP8 ", 16)).find("WebP") != std::string::npos);
}

}  // namespace sifa::casework
