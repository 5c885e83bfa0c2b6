// The data files of the tree, read as the services read them.
#include <catch2/catch.hpp>

#include "libs/core/code_table.h"
#include "libs/core/csv.h"
#include "libs/core/region_table.h"
#include "libs/core/status.h"

namespace sifa {
namespace {

using Date = absl::CivilDay;

RegionCode At(absl::string_view text) { return RegionCode::Parse(text).value(); }

const RegionTable& Regions() {
  static const RegionTable table = RegionTable::Load(SIFA_DATA "/regions").value();
  return table;
}

const CodeTables& Codes() {
  static const CodeTables tables = CodeTables::Load(SIFA_DATA "/code-tables").value();
  return tables;
}

std::vector<std::string> CodesOf(const std::vector<Region>& regions) {
  std::vector<std::string> codes;
  for (const Region& region : regions) codes.push_back(region.code.ToString());
  return codes;
}

}  // namespace

// ---- divisions

TEST_CASE("东阳 has its 18 townships and 388 villages") {
  CHECK(Regions().Children(At("330783")).size() == 18);
  CHECK(Regions().Count(At("330783"), RegionLevel::kTownship) == 18);
  CHECK(Regions().Count(At("330783"), RegionLevel::kVillage) == 388);
}

TEST_CASE("the pilot provinces have their counties, development zones not among them") {
  CHECK(Regions().Count(At("370000"), RegionLevel::kCounty) == 136);
  CHECK(Regions().Count(At("150000"), RegionLevel::kCounty) == 103);
  CHECK(Regions().Count(At("330000"), RegionLevel::kCounty) == 90);
  CHECK(Regions().Children(RegionCode()).size() == 34);
}

TEST_CASE("a path names the places from the province down") {
  CHECK(Regions().Path(At("330783118")) == "浙江省金华市东阳市南马镇");
  CHECK(Regions().Path(At("110101")) == "北京市东城区");
  CHECK(Regions().Path(At("429004")) == "湖北省仙桃市");
  CHECK(Regions().NameOf(At("150000")) == "内蒙古自治区");
  CHECK(Regions().Path(At("999999")).empty());
}

TEST_CASE("children pass over rows that are no places") {
  CHECK(Regions().Children(At("110000")).front().name == "东城区");
  const auto hubei = CodesOf(Regions().Children(At("420000")));
  CHECK(std::count(hubei.begin(), hubei.end(), "429004") == 1);
  CHECK(std::count(hubei.begin(), hubei.end(), "429000") == 0);
  CHECK(*Regions().ParentOf(At("110101")) == At("110000"));
}

TEST_CASE("莱芜 was merged into 济南 at the end of 2018") {
  CHECK(CodesOf(Regions().Children(At("371200"))).empty());
  CHECK(CodesOf(Regions().Children(At("371200"), Date(2018, 12, 31))) ==
        std::vector<std::string>{"371202", "371203"});
  CHECK(Regions().ValidOn(At("371200"), Date(2019, 1, 1)) ==
        std::vector<RegionCode>{At("370116"), At("370117")});
  CHECK(Regions().ValidOn(At("371203"), Date(2024, 1, 1)) == std::vector<RegionCode>{At("370117")});
  CHECK(Regions().ValidOn(At("371203"), Date(2018, 1, 1)) == std::vector<RegionCode>{At("371203")});
  CHECK(Regions().ValidOn(At("370116"), Date(2018, 12, 31)).empty());
  const auto jinan = CodesOf(Regions().Children(At("370100"), Date(2018, 12, 31)));
  CHECK(std::count(jinan.begin(), jinan.end(), "370116") == 0);
}

TEST_CASE("names are searched within a region") {
  const auto found = Regions().Search("横店", At("330783"), 10);
  REQUIRE_FALSE(found.empty());
  CHECK(found.front().code == At("330783123"));
  CHECK(Regions().Search("村", At("330783"), 5).size() == 5);
  CHECK(Regions().Search("", RegionCode(), 5).empty());
}

TEST_CASE("110 000 divisions take a few megabytes") {
  CHECK(Regions().size() > 110'000);
  CHECK(Regions().MemoryBytes() < 6'000'000);
}

TEST_CASE("a division that is unknown is refused by its code") {
  CHECK(ReasonOf(Regions().Require(At("339999")).status()) == "REGION_UNKNOWN");
  CHECK(Regions().Require(At("330783"))->name == "东阳市");
}

TEST_CASE("region data with an error is refused with its line") {
  for (const char* bad :
       {"code\n330000\n", "code,name\n3307,金华市\n", "code,name\n330700,\n", "code,name\n330700\n",
        "code,name,valid_to\n330700,金华市,2019-02-30\n", "code,name,successor\n330700,金华市,33\n"}) {
    INFO(bad);
    CHECK(ReasonOf(RegionTable::Parse({std::string(bad)}).status()) == "DATA_FILE_MALFORMED");
  }
  CHECK(ReasonOf(RegionTable::Load("/nowhere").status()) == "DATA_FILE_MISSING");
}

// ---- code tables

TEST_CASE("there are 56 ethnic groups and 15 types of dispute in four groups") {
  CHECK(Codes().List("ethnic_group")->size() == 56);
  CHECK(Codes().LabelOf("ethnic_group", "02") == "蒙古族");
  std::map<std::string, int> groups;
  for (const CodeEntry& type : *Codes().List("dispute_type")) {
    if (type.parent.empty()) ++groups[type.group];
  }
  CHECK(groups == std::map<std::string, int>{{"A", 2}, {"B", 6}, {"C", 6}, {"D", 1}});
}

TEST_CASE("a leaf refines its type and is summed under its group") {
  const CodeEntry* leaf = Codes().Find("dispute_type", "1001");
  REQUIRE(leaf != nullptr);
  CHECK(leaf->parent == "10");
  CHECK(leaf->group == "C");
  CHECK(Codes().Find("dispute_type", "1001")->order < Codes().Find("dispute_type", "11")->order);
}

TEST_CASE("a code is checked against its table") {
  CHECK(Codes().Check("sex", "1").ok());
  CHECK(ReasonOf(Codes().Check("sex", "3")) == "CODE_UNKNOWN");
  CHECK(ReasonOf(Codes().Check("sexes", "1")) == "CODE_TABLE_UNKNOWN");
}

TEST_CASE("a code table with an error is refused") {
  const std::string header = "table,code,label,order,valid_from,parent\n";
  for (const char* bad : {"t,1,甲,1,,\nt,1,乙,2,,\n", "t,1,甲,x,,\n", "t,1,甲,1,2024-02-30,\n",
                          "t,1,甲,1,,9\n", "t,,甲,1,,\n"}) {
    INFO(bad);
    CHECK(ReasonOf(CodeTables::Parse({header + bad}).status()) == "DATA_FILE_MALFORMED");
  }
}

}  // namespace sifa
