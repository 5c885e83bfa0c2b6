// What a header and a row say by the maps that are shipped, and what is found in them.
#include "libs/ingest/record.h"

#include <catch2/catch.hpp>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/ingest/csv_table.h"
#include "libs/ingest/ingest_fixture.h"

using namespace sifa::ingest;

namespace {

using Fields = std::map<std::string, std::string>;

const Fields kPenalty = {{"CF_XDR_MC", "东阳市某某食品店"},
                         {"CF_XDR_LB", "个体工商户"},
                         {"CF_XDR_SHXYM", "00000000000000000X"},
                         {"CF_WSH", "东综执罚〔2024〕8号"},
                         {"CF_WFXW", "经营超过保质期的食品"},
                         {"CF_SY", "某日查获"},
                         {"CF_YJ", "《食品安全法》第一百二十四条"},
                         {"CF_CFLB", "警告;罚款"},
                         {"CF_NR", "警告，罚款5000元"},
                         {"CF_NR_FK", "0.5"},
                         {"CF_NR_WFFF", ""},
                         {"CF_JDRQ", "2024/3/5"},
                         {"CF_YXQ", "2099/12/31"},
                         {"CF_GSJZQ", "2025/3/5"},
                         {"CF_CFJG", "东阳市综合行政执法局"},
                         {"CF_CFJGDM", "11330783002607321C"},
                         {"CF_SJLY", "东阳市综合行政执法局"},
                         {"CF_SJLYDM", "11330783002607321C"},
                         {"BZ", ""}};

// A file with these columns, by their codes, and one row, in which some cells differ.
std::string File(Fields fields, const Fields& changed = {}) {
  for (const auto& [field, cell] : changed) fields[field] = cell;
  std::vector<absl::string_view> header, row;
  for (const auto& [field, cell] : fields) {
    header.push_back(field);
    row.push_back(cell);
  }
  std::string file;
  AppendCsvLine(header, ',', &file);
  file += "\n";
  AppendCsvLine(row, ',', &file);
  return file + "\n";
}

// Of a penalty of 2018 with some cells changed: REASON FIELD; …
std::string Found(const Fields& changed, absl::string_view map = "penalties-2018") {
  const ReadFile file(File(kPenalty, changed), map);
  REQUIRE(file.fault() == "");
  REQUIRE(file.records.size() == 1);
  return absl::StrJoin(file.findings(0), "; ");
}

}  // namespace

TEST_CASE("every map that is shipped is sound, and an extension has the columns of its base") {
  CHECK(Maps().size() == 6);
  CHECK(MapOf("penalties-2018").Find("CF_CFJGDM") >= 0);
  CHECK(MapOf("penalties-sifa").Find("CF_CFJGDM") == MapOf("penalties-2018").Find("CF_CFJGDM"));
  CHECK(MapOf("penalties-2018").Find("AJ_LARQ") == -1);
}

TEST_CASE("a map in which two columns share a header, or that names what is not there, is refused with a sentence") {
  const auto wrong = [](const std::string& lines) {
    return std::string(ParseColumnMap({.id = "test"}, "field,headers,type,longest,must,key,unit,codes,beside,clean\n" + lines)
                           .status()
                           .message());
  };
  const std::string keys = "O,机关,line,,,organ,,,,\nN,文号,number,,,number,,,,\n";
  CHECK(wrong(keys) == "");
  CHECK(wrong("O,机关,line,,,organ,,,,\n") == "test：没有列作为识别内容“number”");
  CHECK(wrong(keys + "X,文 号,line,,,,,,,\n") == "test：列名重复“文 号”");
  CHECK(wrong(keys + "X,日期,day,,,,,,NOWHERE,\n") == "test：没有这个字段“NOWHERE”");
  CHECK(wrong(keys + "X,金额,amount,,,,角,,,\n") == "test：金额单位应为元或者万元，不是“角”");
  CHECK(wrong(keys + "X,种类,code,,,,,NOWHERE,,\n") == "test：没有这个代码表“NOWHERE”");
  CHECK(wrong(keys + "X,种类,what,,,,,,,\n") == "test：数据文件第4行有误：没有这种类型“what”");
}

TEST_CASE("headers are one whatever their width, blanks, dashes, brackets and marks") {
  CHECK(NormalHeader(" * 行政相对人代码＿１（统一社会信用代码）：") == "行政相对人代码_1(统一社会信用代码)");
  CHECK(NormalHeader("行政相对人代码－1【统一社会信用代码】") == "行政相对人代码_1(统一社会信用代码)");
  CHECK(NormalHeader("cf_wsh") == "CF_WSH");
}

TEST_CASE("columns are found by header, never by position: codes 2 and 3 changed places between the standards") {
  const std::string common =
      "行政处罚决定书文号,行政相对人名称,处罚依据,处罚决定日期,处罚机关,处罚名称,处罚类别1,处罚事由,处罚结果,当前状态,地方编码,";
  const std::string row = "东罚2017-8,某店,法,2017/3/5,东阳市市场监督管理局,案,罚款,事,罚,0,330783,A1,B2\n";
  const ReadFile old(common + "行政相对人代码_2(组织机构代码),行政相对人代码_3(工商登记码)\n" + row);
  CHECK(old.map() == "penalties-2015");
  CHECK(old.value(0, "CF_XDR_ZDM").text == "A1");
  CHECK(old.value(0, "CF_XDR_GSDJ").text == "B2");
  const ReadFile turned(common + "行政相对人代码_3(工商登记码),行政相对人代码_2(组织机构代码)\n" + row);
  CHECK(turned.value(0, "CF_XDR_ZDM").text == "B2");
  CHECK(turned.value(0, "CF_XDR_GSDJ").text == "A1");
}

TEST_CASE("text in brackets is optional but after the party's codes, where it alone tells which is meant") {
  const ReadFile file(
      "行政处罚决定书文号,处罚机关代码,行政相对人名称,违法事实,处罚依据,处罚决定日期,行政相对人类别,违法行为类型,处罚类别,"
      "处罚内容,罚款金额,行政相对人代码_3\n"
      "8,11330783002607321C,甲店,乙,丙,2024/3/5,2,丁,警告,戊,0.5,91330783\n");
  CHECK(file.value(0, "CF_NR_FK").fen == 500'000);
  CHECK_FALSE(file.value(0, "CF_XDR_ZZJG").known);
  const auto ambiguous =
      std::find_if(file.of_file.begin(), file.of_file.end(), [](const Finding& f) { return f.rule == &kHeaderAmbiguous; });
  REQUIRE(ambiguous != file.of_file.end());
  CHECK(ambiguous->column == 12);
}

TEST_CASE("a unit in the header counts before that of the map") {
  const ReadFile file(
      "行政处罚决定书文号,处罚机关代码,行政相对人名称,违法事实,处罚依据,处罚决定日期,行政相对人类别,违法行为类型,处罚类别,"
      "处罚内容,罚款金额（元）\n"
      "8,11330783002607321C,甲店,乙,丙,2024/3/5,2,丁,罚款,罚款5000元,5000\n");
  CHECK(file.value(0, "CF_NR_FK").fen == 500'000);
}

TEST_CASE("a title may stand above the header; totals, notes and the header again are told and not taken") {
  const std::string header =
      "序号,行政处罚决定书文号,处罚机关代码,行政相对人名称,违法事实,处罚依据,处罚决定日期,行政相对人类别,违法行为类型,处罚类别,"
      "处罚内容,罚款金额\n";
  const ReadFile file("东阳市行政处罚汇总表\n填报单位：某局,,,2024年\n" + header +
                      "文号,CF_WSH,CF_CFJGDM,CF_XDR_MC,CF_SY,CF_YJ,CF_JDRQ,CF_XDR_LB,CF_WFXW,CF_CFLB,CF_NR,CF_NR_FK\n"
                      "1,甲〔2024〕1号,11330783002607321C,甲店,乙,丙,2024/3/5,2,丁,罚款,戊,0.5\n" +
                      header +
                      "2,甲〔2024〕2号,11330783002607321C,甲店,乙,丙,2024/3/5,2,丁,罚款,戊,0.5\n"
                      "合计,,,,,,,,,,,1.0\n注：以上为本年数据\n,,,,,,填报人：张三,,,,,\n");
  CHECK(file.header.row == 3);
  CHECK(file.records.size() == 2);
  CHECK(file.notes == std::vector<uint64_t>{4, 6, 8, 9, 10});
}

TEST_CASE("HEADER_NOT_FOUND, DUPLICATE_HEADER") {
  CHECK(ReadFile("姓名,电话\n张三,1\n").fault() == "HEADER_NOT_FOUND");
  CHECK(ReadFile(File(kPenalty), "licences-2018").fault() == "HEADER_NOT_FOUND");
  std::string twice = File(kPenalty);
  twice.insert(twice.find('\n'), ",行政处罚决定书文号");
  const ReadFile duplicate(twice);
  CHECK(duplicate.fault() == "DUPLICATE_HEADER");
  CHECK(duplicate.problem->sentence == "有两列的列名相同，请删去其中一列（行政处罚决定书文号）");
}

TEST_CASE("HEADER_AMBIGUOUS: two maps fit alike and neither extends the other") {
  const ReadFile plain(File(kPenalty));
  CHECK(plain.map() == "penalties-2018");
  ColumnMap twin = MapOf("penalties-2018");
  twin.id = "twin";
  const TextContent content(File(kPenalty));
  std::optional<Finding> fault;
  const auto file = OpenTable(content, "/tmp", &fault);
  CHECK_FALSE(FindHeader(*file, {&MapOf("penalties-2018"), &twin}, &fault));
  CHECK(fault->rule == &kHeaderAmbiguous);
}

TEST_CASE("a good row has no findings, and its values are those of its types") {
  const ReadFile file(File(kPenalty));
  CHECK(file.findings(0) == std::vector<std::string>{});
  CHECK(file.value(0, "CF_WSH").text == "东综执罚（2024）8号");
  CHECK(file.value(0, "CF_XDR_LB").text == "3");
  CHECK(file.value(0, "CF_CFLB").codes == std::vector<std::string>{"11", "21"});
  CHECK(file.value(0, "CF_NR_FK").fen == 500'000);
  CHECK(file.value(0, "CF_JDRQ").day == absl::CivilDay(2024, 3, 5));
  CHECK(file.value(0, "CF_YXQ").text == "2099-12-31");
  CHECK_FALSE(file.value(0, "CF_NR_WFFF").known);
}

TEST_CASE("KEY_MISSING refuses the row, and says which part") {
  const ReadFile file(File(kPenalty, {{"CF_CFJGDM", " "}}));
  CHECK(file.records[0].refused());
  CHECK(file.Finds(0, "KEY_MISSING"));
  CHECK(absl::StrContains(Reasons(file.records[0]), "缺少识别案件所必需的内容：机关"));
}

TEST_CASE("a file without a column that must be filled says so once, not in every row") {
  Fields fields = kPenalty;
  fields.erase("CF_SY");
  const ReadFile file(File(fields));
  CHECK(file.findings(0) == std::vector<std::string>{});
  REQUIRE(file.of_file.size() == 1);
  CHECK(file.of_file[0].sentence == "缺少“违法事实”列");
}

TEST_CASE("FIELD_REQUIRED: what must be filled in depends on the party and on the penalty") {
  CHECK(Found({{"CF_SY", ""}}) == "FIELD_REQUIRED CF_SY");
  CHECK(Found({{"CF_XDR_SHXYM", ""}}) == "FIELD_REQUIRED CF_XDR_SHXYM");
  CHECK(Found({{"CF_XDR_LB", "自然人"}, {"CF_XDR_SHXYM", ""}}) == "");
  CHECK(Found({{"CF_XDR_LB", "自然人"}, {"CF_XDR_ZJLX", ""}, {"CF_XDR_ZJHM", ""}}) ==
        "FIELD_REQUIRED CF_XDR_ZJLX; FIELD_REQUIRED CF_XDR_ZJHM");
  CHECK(Found({{"CF_NR_FK", "无"}}) == "FIELD_REQUIRED CF_NR_FK");
  CHECK(Found({{"CF_NR_FK", "— —"}, {"CF_CFLB", "警告"}}) == "");
}

TEST_CASE("in Sifa's list a case without its decision needs no decision, and its filing number is its key") {
  Fields open = {{"AJ_LAH", "东综执立〔2024〕8号"}, {"AJ_LARQ", "2024/3/1"}};
  for (const auto& [field, cell] : kPenalty) open[field] = field == "CF_CFJGDM" || field == "CF_XDR_MC" ? cell : "";
  const ReadFile file(File(open));
  CHECK(file.map() == "penalties-sifa");
  CHECK(file.findings(0) == std::vector<std::string>{});
  CHECK(file.value(0, "AJ_LAH").text == "东综执立（2024）8号");
}

TEST_CASE("NUMBER_PRECISION_LOST refuses a key, and warns elsewhere") {
  CHECK(Found({{"CF_XDR_SHXYM", "9.13308E+17"}}) == "NUMBER_PRECISION_LOST CF_XDR_SHXYM");
  const ReadFile key(File(kPenalty, {{"CF_CFJGDM", "1.13308E+17"}}));
  CHECK(key.records[0].refused());
  CHECK(key.Finds(0, "NUMBER_PRECISION_LOST CF_CFJGDM"));
}

TEST_CASE("CELL_ERROR, CELL_TOO_LONG: the value is unknown") {
  CHECK(Found({{"CF_SY", "#REF!"}}) == "CELL_ERROR CF_SY");
  CHECK(Found({{"CF_SY", std::string(40000, 'x')}}) == "CELL_TOO_LONG CF_SY");
  CHECK(ReadFile(File(kPenalty, {{"CF_WSH", "#N/A"}})).records[0].refused());
}

TEST_CASE("FIELD_TOO_LONG keeps the value") {
  const ReadFile file(File(kPenalty, {{"CF_WSH", std::string(129, '8')}}));
  CHECK(file.findings(0) == std::vector<std::string>{"FIELD_TOO_LONG CF_WSH"});
  CHECK(file.value(0, "CF_WSH").text.size() == 129);
}

TEST_CASE("days: invalid, in the future, unformatted, out of order, without end") {
  CHECK(Found({{"CF_JDRQ", "2024/2/30"}}) == "DATE_INVALID CF_JDRQ");
  CHECK(Found({{"CF_JDRQ", "2025/1/1"}}) == "DATE_IN_FUTURE CF_JDRQ");
  CHECK(Found({{"CF_JDRQ", "45356"}}) == "DATE_UNFORMATTED CF_JDRQ");
  CHECK(Found({{"CF_JDRQ", "20240305"}}) == "");
  CHECK(Found({{"CF_GSJZQ", "2024/3/4"}}) == "DATES_OUT_OF_ORDER CF_GSJZQ");
  CHECK(Found({{"CF_YXQ", "长期"}}) == "VALUE_CLEANED CF_YXQ");
}

TEST_CASE("amounts: invalid, negative, of another unit, a hundred times what is written") {
  CHECK(Found({{"CF_NR_FK", "约五千"}}) == "AMOUNT_INVALID CF_NR_FK");
  CHECK(Found({{"CF_NR_FK", "-0.5"}}) == "AMOUNT_NEGATIVE CF_NR_FK");
  CHECK(Found({{"CF_NR_FK", "5000元"}}) == "VALUE_CLEANED CF_NR_FK");
  CHECK(Found({{"CF_NR_FK", "5000"}}) == "UNIT_SUSPECT CF_NR_FK");
  CHECK(Found({{"CF_NR_FK", "5000"}, {"CF_NR", "罚款伍仟元整"}}) == "UNIT_SUSPECT CF_NR_FK");
}

TEST_CASE("codes: by code or word, several by semicolon, words of their time") {
  CHECK(Found({{"CF_CFLB", "罚款；其他-责令改正"}}) == "");
  CHECK(Found({{"CF_CFLB", "罚款;训诫"}}) == "CODE_UNKNOWN CF_CFLB");
  CHECK(Found({{"CF_XDR_LB", "公司"}}) == "CODE_UNKNOWN CF_XDR_LB");
  CHECK(Found({{"CF_CFLB", "罚款;限制从业"}}) == "");
  CHECK(Found({{"CF_CFLB", "罚款;限制从业"}, {"CF_JDRQ", "2021/7/14"}}) == "CODE_UNKNOWN CF_CFLB");
  const ReadFile file(File(kPenalty, {{"CF_CFLB", "没收违法所得、没收非法财物"}}));
  CHECK(file.value(0, "CF_CFLB").text == "22;23");
}

TEST_CASE("GB 32100, GB 11643: a wrong check only warns, and 17 zeros and X stand for no code") {
  CHECK(Found({{"CF_XDR_SHXYM", "91350100M000100Y44"}}) == "CREDIT_CODE_CHECKSUM CF_XDR_SHXYM");
  CHECK(Found({{"CF_XDR_SHXYM", "91350100M000100Y43"}}) == "");
  const Fields person = {
      {"CF_XDR_LB", "自然人"}, {"CF_XDR_SHXYM", ""}, {"CF_XDR_ZJLX", "身份证"}, {"CF_XDR_ZJHM", "11010519491231002X"}};
  CHECK(Found(person) == "");
  Fields wrong = person;
  wrong["CF_XDR_ZJHM"] = "110105194912310021";
  CHECK(Found(wrong) == "CITIZEN_ID_CHECKSUM CF_XDR_ZJHM");
  wrong["CF_XDR_ZJLX"] = "护照";
  CHECK(Found(wrong) == "");
}

TEST_CASE("NAME_SUSPECT: begins with the sign of a formula, or has no letter") {
  CHECK(Found({{"CF_XDR_MC", "=cmd|' /C calc'!A0"}}) == "NAME_SUSPECT CF_XDR_MC");
  CHECK(Found({{"CF_XDR_MC", "＝1+1公司"}}) == "NAME_SUSPECT CF_XDR_MC");
  CHECK(Found({{"CF_XDR_MC", "12345"}}) == "NAME_SUSPECT CF_XDR_MC");
  CHECK(Found({{"CF_XDR_MC", "7天酒店"}}) == "");
}

TEST_CASE("VALUE_CLEANED: quotes by which a spreadsheet keeps a text are dropped") {
  const ReadFile file(File(kPenalty, {{"CF_XDR_SHXYM", "=\"91350100M000100Y43\""}}));
  CHECK(file.findings(0) == std::vector<std::string>{"VALUE_CLEANED CF_XDR_SHXYM"});
  CHECK(file.value(0, "CF_XDR_SHXYM").text == "91350100M000100Y43");
  CHECK(file.value(0, "CF_XDR_SHXYM").cell == "=\"91350100M000100Y43\"");
  CHECK(Found({{"CF_XDR_SHXYM", "\t91350100M000100Y43 "}}) == "");
}

TEST_CASE("a finding names row, column, cell as sent, value as read, rule and severity") {
  const ReadFile file(File(kPenalty, {{"CF_JDRQ", "45356"}}));
  const Finding& finding = file.records[0].findings[0];
  CHECK(finding.row == 2);
  CHECK(file.header.names[finding.column - 1] == "CF_JDRQ");
  CHECK(finding.cell == "45356");
  CHECK(finding.value == "2024-03-05");
  CHECK(finding.severity == Severity::kWarned);
  CHECK(finding.sentence == "“CF_JDRQ”：日期单元格没有设为日期格式（按2024-03-05读取）");
}
