// Workbooks that others write: openpyxl, LibreOffice and exceljs (tools/generators/tables.py, tables.mjs).
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "libs/ingest/ingest_fixture.h"

using namespace sifa::ingest;

namespace {

ReadFile Read(const std::string& name) {
  std::ifstream file(std::string(SIFA_INGEST_TESTDATA "/") + name, std::ios::binary);
  return ReadFile(std::string{std::istreambuf_iterator<char>(file), {}});
}

}  // namespace

TEST_CASE("what openpyxl, LibreOffice and exceljs write reads alike") {
  for (const char* name : {"openpyxl.xlsx", "libreoffice.xlsx", "exceljs.xlsx"}) {
    INFO(name);
    const ReadFile file = Read(name);
    REQUIRE(file.fault() == "");
    CHECK(file.map() == "penalties-2018");
    CHECK(file.reading.sheet == "行政处罚");
    CHECK(file.header.row == 2);
    CHECK(file.notes == std::vector<uint64_t>{6, 7});
    REQUIRE(file.records.size() == 3);
    CHECK(file.value(0, "CF_WSH").text == "东综执罚（2024）1号");
    CHECK(file.value(0, "CF_XDR_MC").text == "东阳市甲食品店");
    CHECK(file.value(1, "CF_XDR_MC").text == "东阳市甲食品店");
    CHECK(file.Finds(1, "VALUE_CLEANED CF_XDR_MC"));
    CHECK(file.value(0, "CF_NR_FK").fen == 500'000);
    CHECK(file.value(1, "CF_NR_FK").fen == 123'456);
    for (size_t i = 0; i < 3; ++i) {
      CHECK(file.value(i, "CF_JDRQ").day == absl::CivilDay(2024, 3, 5 + static_cast<int>(i)));
      CHECK(file.value(i, "CF_GSJZQ").day == absl::CivilDay(2025, 3, 5 + static_cast<int>(i)));
      CHECK_FALSE(file.records[i].refused());
    }
    if (std::string(name) == "openpyxl.xlsx") {  // which computes nothing
      CHECK(file.findings(2) == std::vector<std::string>{"FORMULA_WITHOUT_VALUE CF_NR_FK"});
    } else {
      CHECK(file.findings(2) == std::vector<std::string>{"FORMULA CF_NR_FK"});
      CHECK(file.value(2, "CF_NR_FK").fen == 20'000);
    }
  }
}
