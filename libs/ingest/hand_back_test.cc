#include "libs/ingest/hand_back.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/ingest/ingest_fixture.h"
#include "libs/ingest/xlsx_fixture.h"

using namespace sifa::ingest;

namespace {

const char kHeader[] =
    "序号,行政处罚决定书文号,处罚机关代码,行政相对人名称,违法事实,处罚依据,处罚决定日期,行政相对人类别,违法行为类型,处罚类别,"
    "处罚内容,内部备注\r\n";
const char kGood[] = "1,甲1号,11330783002607321C,甲店,事,法,2024/3/5,2,类,警告,警告,留着\r\n";
const char kBad[] = "2,甲2号,11330783002607321C,\"甲,\"\"店\"\"\",事,法,2024/2/30,2,类,警告,警告,\"=1+1\"\r\n";

// The rows of a file in which something was found, as the file to hand back.
std::string HandedBack(const std::string& bytes) {
  const TextContent content(bytes);
  std::optional<Finding> fault;
  const auto file = OpenTable(content, "/tmp", &fault);
  std::vector<const ColumnMap*> maps;
  for (const ColumnMap& map : Maps()) maps.push_back(&map);
  auto found = FindHeader(*file, maps, &fault);
  REQUIRE(found);
  const std::string path = std::filesystem::temp_directory_path() / absl::StrCat("hand-back-", getpid());
  Row row;
  Record record;
  const RecordReader reader(found->header, absl::CivilDay(2024, 12, 31));
  std::unique_ptr<HandBack> back;
  while (found->rows->Next(&row)) {
    if (!back) back = StartHandBack(path, "/tmp", found->reading, found->rows->encoding(), found->header);
    REQUIRE(back);
    reader.Read(row, &record);
    if (record.kind == RecordKind::kRow && !record.findings.empty()) back->Add(row, Reasons(record));
  }
  REQUIRE(back->Finish());
  std::ifstream written(path, std::ios::binary);
  std::string all{std::istreambuf_iterator<char>(written), {}};
  std::filesystem::remove(path);
  return all;
}

}  // namespace

TEST_CASE("CSV goes back with the sender's own columns and one of reasons, in its encoding and with its separator") {
  const std::string expected = absl::StrCat(absl::StrReplaceAll(kHeader, {{"\r\n", ",退回原因\r\n"}}),
                                            "2,甲2号,11330783002607321C,\"甲,\"\"店\"\"\",事,法,2024/2/30,2,类,警告,警告,=1+1,"
                                            "“处罚决定日期”：不是有效的日期，可写作2024/03/05\r\n");
  const std::string sent = absl::StrCat("汇总表\r\n", kHeader, kGood, kBad);
  CHECK(HandedBack(sent) == expected);
  CHECK(HandedBack(Gb18030(sent)) == Gb18030(expected));
  CHECK(HandedBack(absl::StrCat(sifa::kByteOrderMark, sent)) == absl::StrCat(sifa::kByteOrderMark, expected));
}

TEST_CASE("a file that was handed back loads as it is once it is mended; the reasons of an earlier time give way") {
  const std::string back = HandedBack(Gb18030(absl::StrCat(kHeader, kGood, kBad)));
  const ReadFile again(back);
  REQUIRE(again.records.size() == 1);
  CHECK(again.findings(0) == std::vector<std::string>{"DATE_INVALID CF_JDRQ"});
  CHECK(HandedBack(back) == back);
  const ReadFile mended(absl::StrReplaceAll(back, {{"2024/2/30", "2024/2/29"}}));
  CHECK(mended.findings(0) == std::vector<std::string>{});
  CHECK(mended.value(0, "CF_XDR_MC").text == "甲,\"店\"");
}

TEST_CASE("XLSX goes back with days as days, numbers as numbers and texts as texts") {
  const auto text = [](const std::string& value) { return "<c t=\"inlineStr\"><is><t>" + value + "</t></is></c>"; };
  const WorkbookMaker book{
      .rows = InlineRow(1, {"汇总表"}) +
              InlineRow(2, {"CF_WSH", "CF_CFJGDM", "CF_XDR_MC", "CF_SY", "CF_YJ", "CF_JDRQ", "CF_XDR_LB", "CF_WFXW", "CF_CFLB",
                            "CF_NR_FK", "CF_XDR_SHXYM", "CF_GSJZQ", "备注列", ""}) +
              "<row r=\"3\">" + text("甲1号") + text("11330783002607321C") + text("甲店") + text("=1+1") + text("法") +
              "<c s=\"1\"><v>43894.5</v></c><c><v>9</v></c>" + text("类") + text("罚款") +
              "<c><f>1/8</f><v>0.125</v></c><c><v>9.1330783002607002E+17</v></c><c><v>43894</v></c><c t=\"b\"><v>1</v></c></row>",
      .styles = {14},
      .properties = "date1904=\"1\""};
  const ReadFile sent(book.Bytes());
  REQUIRE(sent.fault() == "");
  const ReadFile back(HandedBack(book.Bytes()));
  REQUIRE(back.fault() == "");
  REQUIRE(back.records.size() == 1);
  CHECK(back.header.names.back() == "退回原因");
  CHECK(sent.value(0, "CF_JDRQ").day == absl::CivilDay(2024, 3, 5));
  for (const char* field : {"CF_WSH", "CF_SY", "CF_JDRQ", "CF_NR_FK", "CF_GSJZQ"}) {
    INFO(field);
    CHECK(back.value(0, field).text == sent.value(0, field).text);
  }
  CHECK(back.value(0, "CF_SY").text == "=1+1");
  CHECK(back.value(0, "CF_JDRQ").cell == "2024-03-05 12:00:00");
  CHECK(back.Finds(0, "NUMBER_PRECISION_LOST CF_XDR_SHXYM"));
  CHECK(back.Finds(0, "CODE_UNKNOWN CF_XDR_LB"));
  CHECK_FALSE(back.Finds(0, "DATE_UNFORMATTED CF_GSJZQ"));
}

TEST_CASE("of a cell that was cut nothing goes back, lest a part be taken for the whole") {
  const std::string row = absl::StrReplaceAll(kGood, {{"事", std::string(40000, 'x')}});
  const ReadFile back(HandedBack(absl::StrCat(kHeader, row)));
  CHECK(back.findings(0) == std::vector<std::string>{"FIELD_REQUIRED CF_SY"});
}
