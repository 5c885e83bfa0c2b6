// Workbooks as Excel and others write them, cell by cell.
#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "libs/ingest/ingest_fixture.h"
#include "libs/ingest/xlsx_fixture.h"
#include "libs/ingest/xlsx_table.h"
#include "libs/ingest/xlsx_text.h"

using namespace sifa::ingest;

namespace {

// Rows as 1[a|b]3[c], with marks behind a cell: f formula, n no result, m merged, c cut, d digits lost.
std::string Rows(const std::string& bytes, size_t reading = 0) {
  const TextContent content(bytes);
  std::optional<Finding> fault;
  const auto table = OpenTable(content, "/tmp", &fault);
  if (!table) return std::string(fault->sentence);
  const auto rows = table->Open(reading);
  std::string all;
  Row row;
  while (rows->Next(&row)) {
    absl::StrAppend(&all, row.number, "[");
    for (size_t i = 0; i < row.width(); ++i) {
      absl::StrAppend(&all, i > 0 ? "|" : "", row[i].text);
      for (const auto& [mark, letter] : std::initializer_list<std::pair<int, const char*>>{
               {kFromFormula, "f"}, {kNoResult, "n"}, {kFromMergedRange, "m"}, {kCut, "c"}, {kDigitsLost, "d"}}) {
        if ((row[i].marks & mark) != 0) absl::StrAppend(&all, "^", letter);
      }
    }
    absl::StrAppend(&all, "]");
  }
  if (rows->fault()) absl::StrAppend(&all, rows->fault()->sentence);
  return all;
}

std::string RowsOf(const std::string& rows) { return Rows(WorkbookMaker{.rows = rows}.Bytes()); }

std::string CellsOf(const std::string& cell) { return RowsOf("<row r=\"1\">" + cell + "</row>"); }

}  // namespace

TEST_CASE("strings: shared, rich, inline, of formulas; phonetic text is none of the value") {
  WorkbookMaker book{
      .rows = R"(<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>)",
      .strings =
          "<si><t>罚款</t></si><si><r><t>没收</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\"> 所得</t></r></si>"
          "<si><t>東陽</t><rPh sb=\"0\" eb=\"2\"><t>トウヨウ</t></rPh><phoneticPr fontId=\"1\"/></si>"};
  CHECK(Rows(book.Bytes()) == "1[罚款|没收 所得|東陽]");
  CHECK(CellsOf("<c t=\"inlineStr\"><is><r><t>甲</t></r><r><t>乙</t></r><rPh><t>x</t></rPh></is></c>") == "1[甲乙]");
  CHECK(CellsOf("<c t=\"str\"><f>A2&amp;B2</f><v>甲&amp;乙</v></c>") == "1[甲&乙^f]");
  CHECK(CellsOf("<c t=\"inlineStr\"><is><t>a_x000A_b_x005F_x000A_</t></is></c>") == "1[a\nb_x000A_]");
}

TEST_CASE("cells and rows stand where they say, or one after the other where they do not") {
  CHECK(
      RowsOf(
          R"(<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row><row r="5"><c><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>)") ==
      "2[|1||2]5[3|4]6[5]");
}

TEST_CASE("prefixes of names are passed over, and the strict form is read") {
  const std::string sheet =
      R"(<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>)";
  ZipMaker zip = WorkbookMaker{}.WithoutSheet();
  zip.Add("xl/worksheets/sheet1.xml", sheet);
  CHECK(Rows(zip.Bytes()) == "1[7]");
}

TEST_CASE("numbers read as Excel shows them; an identifier of over 15 digits has lost some") {
  CHECK(CellsOf("<c><v>0.12345599999999999</v></c>") == "1[0.123456]");
  CHECK(CellsOf("<c><v>3.3072619800101101E+17</v></c>") == "1[330726198001011000^d]");
  CHECK(CellsOf("<c t=\"b\"><v>1</v></c><c t=\"e\"><v>#REF!</v></c>") == "1[1|#REF!]");
}

TEST_CASE("a number is a day by its format: built in, of China, or its own; times, colours and texts are none") {
  WorkbookMaker book{
      .formats =
          "<numFmt numFmtId=\"164\" formatCode=\"[DBNum1][$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@\"/>"
          "<numFmt numFmtId=\"165\" formatCode=\"[Red]0.00\"/><numFmt numFmtId=\"166\" formatCode=\"0&quot;day&quot;\"/>"
          "<numFmt numFmtId=\"167\" formatCode=\"\\d0\"/>",
      .styles = {14, 31, 57, 164, 165, 166, 167, 20}};
  std::string row = "<row r=\"1\">";
  for (int style = 1; style <= 8; ++style) absl::StrAppend(&row, "<c s=\"", style, "\"><v>45356</v></c>");
  book.rows = row + "</row>";
  CHECK(Rows(book.Bytes()) == "1[2024-03-05|2024-03-05|2024-03-05|2024-03-05|45356|45356|45356|45356]");
}

TEST_CASE("days of workbooks that count from 1900 and from 1904, with their time of day") {
  WorkbookMaker book{
      .rows = R"(<row r="1"><c s="1"><v>45356.4375</v></c><c s="1"><v>60</v></c><c t="d"><v>2024-03-05T10:30:00</v></c></row>)",
      .styles = {14}};
  CHECK(Rows(book.Bytes()) == "1[2024-03-05 10:30:00|60|2024-03-05 10:30:00]");
  book.properties = "date1904=\"1\"";
  book.rows = R"(<row r="1"><c s="1"><v>43894</v></c></row>)";
  CHECK(Rows(book.Bytes()) == "1[2024-03-05]");
}

TEST_CASE("a text in a cell with the format of a day stays a text") {
  WorkbookMaker book{
      .rows = R"(<row r="1"><c s="1" t="s"><v>0</v></c></row>)", .strings = "<si><t>另行通知</t></si>", .styles = {14}};
  CHECK(Rows(book.Bytes()) == "1[另行通知]");
}

TEST_CASE("a formula is its saved result, or has none") {
  CHECK(CellsOf("<c><f>SUM(1,2)</f><v>3</v></c><c><f>SUM(1,2)</f></c><c><f>SUM(1,2)</f><v></v></c><c "
                "t=\"str\"><f>\"\"</f><v></v></c>") == "1[3^f|^n|^n]");
}

TEST_CASE("cells of merged ranges take the value of the first, and say so") {
  const std::string rows =
      R"(<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row><row r="2"><c r="C2"><v>3</v></c></row><row r="4"><c r="C4"><v>4</v></c></row>)";
  const auto merged = [&](const std::string& ranges) {
    return Rows(WorkbookMaker{.rows = rows, .behind_rows = "<mergeCells>" + ranges + "</mergeCells>"}.Bytes());
  };
  CHECK(merged(R"(<mergeCell ref="A1:B2"/>)") == "1[1|1^m|2]2[1^m|1^m|3]4[||4]");
  CHECK(merged(R"(<mergeCell ref="C1:D1"/><mergeCell ref="A1:A1048576"/>)") == "1[1||2|2^m]2[1^m||3]4[1^m||4]");
  CHECK(merged(R"(<mergeCell ref="nonsense"/><mergeCell ref="C2:A1"/>)") == "1[1||2]2[||3]4[||4]");
}

TEST_CASE("the first visible sheet with a header wins; hidden ones are not read") {
  const std::vector<std::string> header = {"CF_WSH",  "CF_CFJGDM", "CF_XDR_MC", "CF_SY",  "CF_YJ",
                                           "CF_JDRQ", "CF_XDR_LB", "CF_WFXW",   "CF_CFLB"};
  const auto sheet = [](const std::string& rows) { return "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"; };
  const auto numbered = [&](const std::string& number) {
    return sheet(InlineRow(1, header) +
                 InlineRow(2, {number, "11330783002607321C", "甲店", "乙", "丙", "2024/3/5", "2", "丁", "警告"}));
  };
  const WorkbookMaker book{
      .rows = InlineRow(1, {"填报说明"}),
      .sheets =
          R"(<sheet name="说明" sheetId="1" r:id="rId1"/><sheet name="隐藏" sheetId="2" state="hidden" r:id="rId2"/>)"
          R"(<sheet name="深藏" sheetId="3" state="veryHidden" r:id="rId2"/><sheet name="处罚" sheetId="4" r:id="rId4"/><sheet name="处罚2" sheetId="5" r:id="rId2"/>)",
      .further_links =
          R"(<Relationship Id="rId2" Type="http://x/worksheet" Target="worksheets/2.xml"/><Relationship Id="rId4" Type="http://x/worksheet" Target="worksheets/4.xml"/>)",
      .further_parts = {{"xl/worksheets/2.xml", numbered("隐")}, {"xl/worksheets/4.xml", numbered("显")}}};
  const ReadFile file(book.Bytes());
  REQUIRE(file.fault() == "");
  CHECK(file.reading.sheet == "处罚");
  CHECK(file.value(0, "CF_WSH").text == "显");
}

TEST_CASE("by the map: FORMULA, FORMULA_WITHOUT_VALUE, CELL_ERROR, DATE_UNFORMATTED, NUMBER_PRECISION_LOST, VALUE_CLEANED") {
  const std::vector<std::string> header = {"CF_WSH",    "CF_CFJGDM", "CF_XDR_MC", "CF_SY",    "CF_YJ",       "CF_JDRQ",
                                           "CF_XDR_LB", "CF_WFXW",   "CF_CFLB",   "CF_NR_FK", "CF_XDR_SHXYM"};
  const auto text = [](const std::string& value) { return "<c t=\"inlineStr\"><is><t>" + value + "</t></is></c>"; };
  const std::string good = text("甲1号") + text("11330783002607321C");
  WorkbookMaker book{.rows = InlineRow(1, header) +  //
                             "<row r=\"2\">" + good + text("甲店") + "<c t=\"e\"><v>#REF!</v></c>" + text("丙") +
                             "<c><v>45356</v></c><c><v>2</v></c>" + text("丁") + text("罚款") +
                             "<c><f>1/2</f><v>0.5</v></c><c><v>9.1330783002607002E+17</v></c></row>" +  //
                             "<row r=\"3\"><c><f>A2</f></c>" + text("11330783002607321C") + "</row>",
                     .behind_rows = "<mergeCells><mergeCell ref=\"B2:B3\"/></mergeCells>"};
  const ReadFile file(book.Bytes());
  REQUIRE(file.fault() == "");
  CHECK(file.findings(0) == std::vector<std::string>{"DATE_UNFORMATTED CF_JDRQ", "NUMBER_PRECISION_LOST CF_XDR_SHXYM",
                                                     "CELL_ERROR CF_SY", "FORMULA CF_NR_FK"});
  CHECK(file.value(0, "CF_NR_FK").fen == 500'000);
  CHECK(file.value(0, "CF_XDR_LB").text == "2");
  CHECK_FALSE(file.records[0].refused());
  CHECK(file.Finds(1, "FORMULA_WITHOUT_VALUE CF_WSH"));
  CHECK(file.records[1].refused());
}

TEST_CASE("the strings of a workbook are found again where they were spilled") {
  std::string strings, rows;
  const std::string filler(5000, 'x');
  constexpr int kStrings = 5000;  // 25 MB
  for (int i = 0; i < kStrings; ++i) absl::StrAppend(&strings, "<si><t>", i, filler, "</t></si>");
  const std::vector<int> asked = {0, 1, 2, 4999, 63, 64, 65, 2500, 2501, 2499, 3300, 17};
  for (size_t i = 0; i < asked.size(); ++i)
    absl::StrAppend(&rows, "<row r=\"", i + 1, "\"><c t=\"s\"><v>", asked[i], "</v></c></row>");
  const TextContent content(WorkbookMaker{.rows = rows, .strings = strings}.Bytes());
  std::optional<Finding> fault;
  const auto table = OpenTable(content, "/tmp", &fault);
  REQUIRE(table);
  const auto source = table->Open(0);
  Row row;
  for (const int number : asked) {
    REQUIRE(source->Next(&row));
    CHECK(row[0].text == absl::StrCat(number, filler));
  }
  CHECK_FALSE(source->Next(&row));
}

TEST_CASE("a place of a cell is letters and a row") {
  uint64_t column, row;
  CHECK((ReadPlace("A1", &column, &row) && column == 0 && row == 1));
  CHECK((ReadPlace("XFD1048576", &column, &row) && column == 16383 && row == 1048576));
  for (const char* none : {"", "A", "1", "A0", "a1", "ABCDE1", "A-1", "A99999999"}) CHECK_FALSE(ReadPlace(none, &column, &row));
}
