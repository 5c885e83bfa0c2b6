// CSV as it is sent: how it is cut into cells, in which encoding, and where its header stands.
#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "libs/ingest/csv_table.h"
#include "libs/ingest/ingest_fixture.h"

using namespace sifa::ingest;
using sifa::Encoding;

namespace {

// Rows as [a|b][c|d] by the first reading, or the one of a separator.
std::string Rows(const std::string& bytes, size_t reading = 0) {
  const TextContent content(bytes);
  CsvTable table(content);
  const auto rows = table.Open(reading);
  std::string all;
  Row row;
  while (rows->Next(&row)) {
    absl::StrAppend(&all, "[");
    for (size_t i = 0; i < row.width(); ++i) absl::StrAppend(&all, i > 0 ? "|" : "", row[i].text);
    absl::StrAppend(&all, row.encoding_differs ? "!]" : "]");
  }
  if (rows->fault()) absl::StrAppend(&all, rows->fault()->rule->reason);
  return all;
}

const char kHeader[] =
    "行政处罚决定书文号,处罚机关代码,行政相对人名称,违法事实,处罚依据,处罚决定日期,行政相对人类别,违法行为类型,处罚类别,"
    "处罚内容\n";
std::string RowOf(absl::string_view number) {
  return absl::StrCat("东综执罚〔2024〕", number,
                      "号,11330783002607321C,东阳市某某食品店,超过保质期,《食品安全法》,2024/3/5,个体工商户,经营,警告,警告\n");
}

}  // namespace

TEST_CASE("RFC 4180: quotes hold separators, line ends and doubled quotes") {
  CHECK(Rows("a,b,c\n1,\"x,y\",3\n") == "[a|b|c][1|x,y|3]");
  CHECK(Rows("\"a\nb\",c\n") == "[a\nb|c]");
  CHECK(Rows("\"say \"\"hi\"\"\",\"\"\n") == "[say \"hi\"]");
  CHECK(Rows("\"\"\"\",x") == "[\"|x]");
}

TEST_CASE("a quote inside an unquoted cell, and text behind a closing quote, is text") {
  CHECK(Rows("a\"b\",c\n") == "[a\"b\"|c]");
  CHECK(Rows("\"某公司\"有限公司,x\n") == "[某公司有限公司|x]");
}

TEST_CASE("a line ends by CR LF, LF or CR, or with the file") {
  CHECK(Rows("a,b\r\nc,d\r\n") == "[a|b][c|d]");
  CHECK(Rows("a,b\rc,d") == "[a|b][c|d]");
  CHECK(Rows("a,b\n\n\r\n,,\nc") == "[a|b][c]");
  CHECK(Rows("") == "");
}

TEST_CASE("rows are numbered as a spreadsheet does, blank ones counted") {
  const TextContent content("a\n\n\"b\nc\"\nd\n");
  CsvTable table(content);
  const auto rows = table.Open(0);
  std::vector<uint64_t> numbers;
  for (Row row; rows->Next(&row);) numbers.push_back(row.number);
  CHECK(numbers == std::vector<uint64_t>{1, 3, 4});
}

TEST_CASE("a quote that never closes says where it opened") {
  const TextContent content("a,b\nc,\"d\ne,f\n");
  CsvTable table(content);
  const auto rows = table.Open(0);
  Row row;
  CHECK(rows->Next(&row));
  CHECK_FALSE(rows->Next(&row));
  REQUIRE(rows->fault());
  CHECK(rows->fault()->sentence == "文件已损坏，请重新导出（第2行第2列的引号没有结束）");
  CHECK_FALSE(rows->Next(&row));
}

TEST_CASE("cells, rows and columns have bounds, whatever is sent") {
  const TextContent content(absl::StrCat(std::string(1 << 20, 'x'), ",y\n"));
  CsvTable table(content);
  const auto rows = table.Open(0);
  Row row;
  REQUIRE(rows->Next(&row));
  CHECK(row[0].text.size() == kLongestCell);
  CHECK((row[0].marks & kCut) != 0);
  CHECK(row[1].text == "y");
  CHECK(Rows(std::string(1000000, ',')) == "");
  CHECK(Rows(absl::StrCat("a\n", std::string(300, ','), "x\n")) == "[a]TOO_MANY_COLUMNS");
  CHECK(Rows(absl::StrCat("a", std::string(300, ','), "\nb\n")) == "[a][b]");
}

TEST_CASE("a cut cell ends with a whole character") {
  std::string text;
  for (int i = 0; i < 40000; ++i) text += "罚";
  for (const std::string& bytes : {text, Gb18030(text)}) {
    const TextContent content(bytes);
    CsvTable table(content);
    const auto rows = table.Open(0);
    Row row;
    REQUIRE(rows->Next(&row));
    CHECK(row[0].text == text.substr(0, kLongestCell * 3));
    CHECK_FALSE(row.encoding_differs);
  }
}

TEST_CASE("the encoding is the one in which the header is recognised") {
  const std::string text = absl::StrCat(kHeader, RowOf("1"), RowOf("2"));
  const ReadFile utf8(text), marked(absl::StrCat(sifa::kByteOrderMark, text)), national(Gb18030(text));
  for (const ReadFile* file : {&utf8, &marked, &national}) {
    REQUIRE(file->fault() == "");
    REQUIRE(file->records.size() == 2);
    CHECK(file->value(1, "CF_WSH").text == "东综执罚（2024）2号");
    CHECK(file->findings(0) == std::vector<std::string>{});
  }
  CHECK(utf8.encoding == Encoding::kUtf8);
  CHECK(marked.reading.byte_order_mark);
  CHECK(national.encoding == Encoding::kGb18030);
}

TEST_CASE("a title that happens to be UTF-8 does not decide: its header does") {
  const std::string title = "\xd5\xbe\xc9\xbd\xca\xaf";  // in GB 18030 three characters, in UTF-8 three as well
  const ReadFile file(absl::StrCat(title, "\n", Gb18030(kHeader), Gb18030(RowOf("1"))));
  CHECK(file.fault() == "");
  CHECK(file.encoding == Encoding::kGb18030);
  CHECK(file.records.size() == 1);
}

TEST_CASE("where the header is plain ASCII the first line beyond it decides") {
  const std::string header = "CF_WSH,CF_CFJGDM,CF_XDR_MC,CF_SY,CF_YJ,CF_JDRQ,CF_XDR_LB,CF_WFXW,CF_CFLB,CF_NR\n";
  const ReadFile national(header + Gb18030(RowOf("1") + RowOf("2")));
  CHECK(national.encoding == Encoding::kGb18030);
  REQUIRE(national.records.size() == 2);
  CHECK(national.value(0, "CF_XDR_MC").text == "东阳市某某食品店");
  const ReadFile utf8(header + RowOf("1"));
  CHECK(utf8.value(0, "CF_XDR_MC").text == "东阳市某某食品店");
}

TEST_CASE("ENCODING_MIXED: a line that is not in the encoding of the header is refused, and it alone") {
  const ReadFile file(absl::StrCat(Gb18030(kHeader), Gb18030(RowOf("1")), RowOf("2"), Gb18030(RowOf("3"))));
  REQUIRE(file.records.size() == 3);
  CHECK_FALSE(file.records[0].refused());
  CHECK(file.findings(1) == std::vector<std::string>{"ENCODING_MIXED"});
  CHECK(file.records[1].refused());
  CHECK_FALSE(file.records[2].refused());
  const ReadFile other(absl::StrCat(kHeader, Gb18030(RowOf("1")), RowOf("2")));
  CHECK(other.findings(0) == std::vector<std::string>{"ENCODING_MIXED"});
  CHECK_FALSE(other.records[1].refused());
}

TEST_CASE("comma, tab and semicolon separate, and which is told by the header") {
  for (const char* separator : {",", "\t", ";"}) {
    const ReadFile file(absl::StrReplaceAll(absl::StrCat(kHeader, RowOf("1")), {{",", separator}}));
    CHECK(file.fault() == "");
    CHECK(file.reading.separator == separator[0]);
    CHECK(file.records.size() == 1);
  }
}

TEST_CASE("ENCODING_UNKNOWN: what is text in none of the encodings") {
  CHECK(ReadFile(std::string("\xff\xfe") + std::string("a\0b\0", 4)).fault() == "ENCODING_UNKNOWN");
  CHECK(ReadFile("\x81\xff,\x81\xff\n").fault() == "ENCODING_UNKNOWN");
}

TEST_CASE("FORMAT_UNSUPPORTED: other files say what they are") {
  CHECK(ReadFile("<html><table></table>").problem->sentence ==
        "不支持这种文件，请另存为.xlsx或者.csv（这是网页，虽然可能名为.xls）");
  CHECK(ReadFile("%PDF-1.7").fault() == "FORMAT_UNSUPPORTED");
  CHECK(ReadFile(std::string("a\0b", 3)).fault() == "FORMAT_UNSUPPORTED");
  CHECK(ReadFile("").fault() == "FILE_BROKEN");
}

TEST_CASE("a line of CSV reads as it was written") {
  std::string line;
  AppendCsvLine({"a", "x,y", "say \"hi\"", "two\nlines", "", " b "}, ',', &line);
  CHECK(line == "a,\"x,y\",\"say \"\"hi\"\"\",\"two\nlines\",, b ");
  CHECK(Rows(line) == "[a|x,y|say \"hi\"|two\nlines|| b ]");
}
