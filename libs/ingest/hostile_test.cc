// Files of attackers and of accidents: refused with a sentence for the clerk, or read right.
#include <catch2/catch.hpp>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "libs/ingest/ingest_fixture.h"
#include "libs/ingest/xlsx_fixture.h"

using namespace sifa::ingest;

namespace {

constexpr char kSheet[] = "xl/worksheets/sheet1.xml";
constexpr char kMega = 20;  // as a shift

// The rows that were read, and the sentence of the fault, if any.
struct Outcome {
  uint64_t rows = 0;
  std::string first;  // cell of the last row
  std::string sentence;
};

Outcome ReadAll(const std::string& bytes) {
  Outcome outcome;
  const TextContent content(bytes);
  std::optional<Finding> fault;
  const auto table = OpenTable(content, "/tmp", &fault);
  if (table) {
    const auto rows = table->Open(0);
    Row row;
    for (; rows->Next(&row); ++outcome.rows) outcome.first = row[0].text.substr(0, 20);
    fault = rows->fault();
  }
  if (fault) outcome.sentence = fault->sentence;
  return outcome;
}

std::string Times(const std::string& unit, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += unit;
  return all;
}

std::string SheetOf(absl::string_view rows) { return absl::StrCat("<worksheet><sheetData>", rows, "</sheetData></worksheet>"); }

std::string WithSheet(absl::string_view xml) {
  ZipMaker zip = WorkbookMaker{}.WithoutSheet();
  zip.Add(kSheet, xml);
  return zip.Bytes();
}

std::string WithRepeated(absl::string_view head, const std::string& unit, uint64_t times, absl::string_view tail) {
  ZipMaker zip = WorkbookMaker{}.WithoutSheet();
  zip.AddRepeated(kSheet, head, unit, times, tail);
  return zip.Bytes();
}

}  // namespace

TEST_CASE("TOO_LARGE_INFLATED: a zip bomb of a few MB, whatever size its directory claims") {
  ZipMaker zip = WorkbookMaker{}.WithoutSheet();
  zip.AddRepeated(kSheet, "<worksheet><sheetData>", std::string(1 << kMega, ' '), 1100, "</sheetData></worksheet>");
  zip.last().size = 1000;
  const std::string bytes = zip.Bytes();
  CHECK(bytes.size() < 4 << kMega);
  CHECK(ReadAll(bytes).sentence == "文件解压以后过大，请删去多余的内容或者分成几个文件");
}

TEST_CASE("an honest part that deflates to a hundredth is read: no ratio is a bound") {
  std::string row;
  for (int i = 0; i < 100; ++i) row += "<c><v>1</v></c>";
  const Outcome outcome =
      ReadAll(WithRepeated("<worksheet><sheetData>", Times("<row>" + row + "</row>", 100), 200, "</sheetData></worksheet>"));
  CHECK(outcome.rows == 20000);
  CHECK(outcome.sentence == "");
}

TEST_CASE("one cell of 300 MB is cut, and what follows it is read") {
  const Outcome outcome =
      ReadAll(WithRepeated("<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>", std::string(1 << kMega, 'x'), 300,
                           "</t></is></c></row><row><c><v>7</v></c></row></sheetData></worksheet>"));
  CHECK(outcome.rows == 2);
  CHECK(outcome.first == "7");
  const Outcome csv = ReadAll(absl::StrCat("\"", std::string(100 << kMega, 'x'), "\",b\nc\n"));
  CHECK(csv.rows == 2);
  CHECK(csv.first == "c");
}

TEST_CASE("FILE_BROKEN: a tag, a name, a comment or a nesting that is kept whole needs no more memory than there is for it") {
  const std::string mega(1 << kMega, 'x');
  const std::string sentence = "文件已损坏，请重新导出（工作表中有过长的标记）";
  CHECK(ReadAll(WithRepeated("<worksheet><sheetData><row><c r=\"", mega, 300, "\"/></row></sheetData></worksheet>")).sentence ==
        sentence);
  CHECK(ReadAll(WithRepeated("<worksheet><", mega, 300, "/></worksheet>")).sentence == sentence);
  CHECK(ReadAll(WithRepeated("<worksheet><!-- ", mega, 300, "--></worksheet>")).sentence == sentence);
  CHECK(ReadAll(WithRepeated("<worksheet>", Times("<a>", 100'000), 100, "</worksheet>")).sentence == sentence);
  std::string names;
  for (int i = 0; i < 500'000; ++i) absl::StrAppend(&names, "<a", i, "/>");
  CHECK(ReadAll(WithSheet("<worksheet>" + names + "</worksheet>")).sentence == sentence);
}

TEST_CASE("FILE_BROKEN: a document type, with the entities that it may bring") {
  const std::string sentence = "文件已损坏，请重新导出（工作表中有文档类型声明）";
  CHECK(ReadAll(
            WithSheet("<!DOCTYPE worksheet [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><worksheet>&b;</worksheet>"))
            .sentence == sentence);
  CHECK(ReadAll(WithSheet("<!DOCTYPE worksheet SYSTEM \"file:///etc/passwd\"><worksheet/>")).sentence == sentence);
  CHECK(ReadAll(WithSheet("<worksheet>&undefined;</worksheet>")).sentence == "文件已损坏，请重新导出（工作表的内容有误）");
}

TEST_CASE("TOO_MANY_COLUMNS: a million columns") {
  std::string row = "<row r=\"1\">";
  for (int i = 0; i < 1'000'000; ++i) row += "<c><v>1</v></c>";
  CHECK(ReadAll(WithSheet(SheetOf(row + "</row>"))).sentence == "列数超过256列，请删去多余的列（第1行）");
  std::string csv;
  for (int i = 0; i < 1'000'000; ++i) csv += "a,";
  CHECK(ReadAll(csv).sentence == "列数超过256列，请删去多余的列（第1行）");
}

TEST_CASE("a million styled empty rows and a stray cell in the last row are no rows") {
  const Outcome outcome =
      ReadAll(WithRepeated("<worksheet><sheetData>", Times("<row><c s=\"1\"/><c s=\"1\"/></row>", 1000), 1000,
                           "<row r=\"1048576\"><c r=\"A1048576\"><v>9</v></c></row></sheetData></worksheet>"));
  CHECK(outcome.rows == 1);
  CHECK(outcome.sentence == "");
}

TEST_CASE("FILE_BROKEN: two parts of one name, of which nobody can say which is meant") {
  ZipMaker zip = WorkbookMaker{}.WithoutSheet();
  zip.Add(kSheet, SheetOf(InlineRow(1, {"one"})));
  zip.Add("xl/worksheets/Sheet1.xml", SheetOf(InlineRow(1, {"two"})));
  CHECK(ReadAll(zip.Bytes()).sentence == "文件已损坏，请重新导出（压缩包内有两个同名文件）");
}

TEST_CASE("directories of a zip that lie") {
  ZipMaker zip = WorkbookMaker{}.WithoutSheet();
  zip.Add(kSheet, SheetOf(InlineRow(1, {"one"})));
  const std::string honest = zip.Bytes();
  CHECK(ReadAll(honest).rows == 1);
  for (const int claimed : {0, 1, 3, 900, 60000, 65535}) {
    INFO(claimed);
    const Outcome outcome = ReadAll(zip.Bytes(claimed));
    CHECK((outcome.rows == 1 || !outcome.sentence.empty()));
  }
  zip.last().crc ^= 1;
  CHECK(ReadAll(zip.Bytes()).sentence == "文件已损坏，请重新导出（压缩包内的文件不完整）");
  zip.last().crc ^= 1;
  zip.last().deflated.resize(zip.last().deflated.size() / 2);
  CHECK(ReadAll(zip.Bytes()).sentence == "文件已损坏，请重新导出（压缩包内的文件不完整）");
  CHECK(ReadAll(honest.substr(0, honest.size() / 2)).sentence == "文件已损坏，请重新导出（压缩包不完整）");
  ZipMaker many;
  for (int i = 0; i < 1001; ++i) many.Add(absl::StrCat("part", i), "");
  CHECK(ReadAll(many.Bytes()).sentence == "文件解压以后过大，请删去多余的内容或者分成几个文件（压缩包内的文件过多）");
  CHECK(ReadAll(many.Bytes(2)).sentence != "");
}

TEST_CASE("FILE_BROKEN: rows and cells out of order, twice, or out of the sheet; strings that are not there") {
  for (const char* rows :
       {R"(<row r="2"/><row r="2"/>)", R"(<row r="2"/><row r="1"/>)", R"(<row r="1048577"/>)", R"(<row r="x"/>)",
        R"(<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>)",
        R"(<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>)", R"(<row r="1"><c r="A2"><v>1</v></c></row>)",
        R"(<row r="1"><c t="s"><v>0</v></c></row>)", R"(<row r="1"><c><v>one</v></c></row>)",
        R"(<row r="1"><c t="s"><v>-1</v></c></row>)", R"(<row r="1"><c>)", "</row>"}) {
    INFO(rows);
    const Outcome outcome = ReadAll(WithSheet(SheetOf(rows)));
    CHECK(outcome.rows == 0);
    CHECK(outcome.sentence.substr(0, 27) == "文件已损坏，请重新");
  }
}

TEST_CASE("FILE_BROKEN: merged ranges that lie over each other") {
  std::string ranges;
  for (int i = 0; i < 300; ++i) ranges += R"(<mergeCell ref="A1:IV9"/>)";
  const WorkbookMaker book{.rows = InlineRow(1, {"a"}), .behind_rows = "<mergeCells>" + ranges + "</mergeCells>"};
  CHECK(ReadAll(book.Bytes()).sentence == "文件已损坏，请重新导出（合并单元格相互重叠）");
}

TEST_CASE("FORMAT_UNSUPPORTED: a password, an old workbook, a web page named .xls, other packages") {
  std::string compound("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
  compound.resize(1024);
  compound[30] = 9;  // sectors of 512 bytes, of which the directory has the first
  CHECK(ReadAll(compound).sentence == "不支持这种文件，请另存为.xlsx或者.csv（这是旧版的.xls）");
  size_t at = 512;
  for (const char c : std::string("EncryptedPackage")) compound[at] = c, at += 2;
  CHECK(ReadAll(compound).sentence == "不支持这种文件，请另存为.xlsx或者.csv（文件设有密码，请取消密码）");
  CHECK(ReadAll("  \n<HTML><body><table>").sentence == "不支持这种文件，请另存为.xlsx或者.csv（这是网页，虽然可能名为.xls）");

  ZipMaker encrypted = WorkbookMaker{}.WithoutSheet();
  encrypted.last().flags = 1;
  CHECK(ReadAll(encrypted.Bytes()).sentence == "不支持这种文件，请另存为.xlsx或者.csv（文件设有密码，请取消密码）");
  ZipMaker calc;
  calc.Add("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
  CHECK(ReadAll(calc.Bytes()).sentence == "不支持这种文件，请另存为.xlsx或者.csv（这是OpenDocument文件）");
  ZipMaker plain;
  plain.Add("处罚.csv", "a,b");
  CHECK(ReadAll(plain.Bytes()).sentence == "不支持这种文件，请另存为.xlsx或者.csv（这是压缩包，请解压后上传其中的表格）");
}

TEST_CASE("a file is refused above 200 MB before anything of it is read") {
  struct Large : Content {
    uint64_t size() const override { return kLargestFile + 1; }
    size_t Read(uint64_t, char*, size_t) const override { throw std::logic_error("read"); }
  } content;
  std::optional<Finding> fault;
  CHECK_FALSE(OpenTable(content, "/tmp", &fault));
  CHECK(fault->rule == &kFileTooLarge);
}
