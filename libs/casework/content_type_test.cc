#include "libs/casework/content_type.h"

#include <catch2/catch.hpp>

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

constexpr char kRefused[] = "ATTACHMENT_TYPE_REFUSED";
constexpr char kDocx[] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const std::string kWord = std::string("PK\x03\x04") + "....[Content_Types].xml....word/document.xml....";

}  // namespace

TEST_CASE("types are told from the content, not from names") {
  CHECK(TypeOf("%PDF-1.7 ...") == "application/pdf");
  CHECK(TypeOf("\x89PNG\r\n\x1a\n") == "image/png");
  CHECK(TypeOf("\xff\xd8\xff\xe0 JFIF") == "image/jpeg");
  CHECK(TypeOf(absl::string_view("II*\0....", 8)) == "image/tiff");
  CHECK(TypeOf(kWord) == kDocx);
  CHECK(TypeOf(std::string("PK\x03\x04") + "....OFD.xml") == "application/ofd");
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
  const std::string macro = kWord + std::string(1000, ' ') + "word/vbaProject.bin";
  CHECK(TypeOf(macro) == kRefused);
  CHECK(TypeOf(macro, "", "", kWord.size() + 1010) == kRefused);  // the name lies across two pieces
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
  CHECK(TypeOf("\xd5\xc5\xc8\xfd\xb5\xc8") == kRefused);  // GBK
}

}  // namespace sifa::casework
