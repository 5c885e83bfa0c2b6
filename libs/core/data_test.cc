// The data files of the tree, read as the services read them.
#include <catch2/catch.hpp>
#include <set>

#include "absl/strings/str_split.h"
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

TEST_CASE("莱芜 was merged into 济南 in 2018: the year's papers bear the codes of before and after") {
  CHECK(CodesOf(Regions().Children(At("371200"))).empty());
  CHECK(CodesOf(Regions().Children(At("371200"), Date(2018, 12, 31))) ==
        std::vector<std::string>{"371202", "371203"});
  CHECK(Regions().ValidOn(At("371200"), Date(2019, 1, 1)) ==
        std::vector<RegionCode>{At("370116"), At("370117")});
  CHECK(Regions().ValidOn(At("371203"), Date(2024, 1, 1)) == std::vector<RegionCode>{At("370117")});
  CHECK(Regions().ValidOn(At("371203"), Date(2018, 1, 1)) == std::vector<RegionCode>{At("371203")});
  CHECK(Regions().ValidOn(At("370116"), Date(2017, 12, 31)).empty());
  const auto jinan = CodesOf(Regions().Children(At("370100"), Date(2017, 12, 31)));
  CHECK(std::count(jinan.begin(), jinan.end(), "370116") == 0);
}

TEST_CASE("divisions that were changed are known with their last year and what came after (GB/T 2260)") {
  const struct {
    const char *code, *name;
    int last;
    const char *successor, *named;
  } changes[] = {
      {"370282", "即墨市", 2017, "370215", "即墨区"}, {"320602", "崇川区", 2020, "320613", "崇川区"},
      {"330183", "富阳市", 2014, "330111", "富阳区"}, {"330185", "临安市", 2017, "330112", "临安区"},
      {"330682", "上虞市", 2013, "330604", "上虞区"}, {"370181", "章丘市", 2016, "370114", "章丘区"},
      {"370882", "兖州市", 2013, "370812", "兖州区"}, {"330283", "奉化市", 2016, "330213", "奉化区"},
      {"331021", "玉环县", 2017, "331083", "玉环市"}, {"371421", "陵县", 2014, "371403", "陵城区"},
      {"370205", "四方区", 2012, "370203", "市北区"}, {"370284", "胶南市", 2012, "370211", "黄岛区"},
      {"330204", "江东区", 2016, "330212", "鄞州区"},
  };
  for (const auto& change : changes) {
    INFO(change.code << change.name);
    const auto region = Regions().Find(At(change.code), Date(change.last, 1, 1));
    REQUIRE(region);
    CHECK(region->name == change.name);
    CHECK(region->valid_to == Date(change.last, 12, 31));
    CHECK(region->successors == std::vector<RegionCode>{At(change.successor)});
    CHECK_FALSE(Regions().Find(At(change.code), Date(change.last + 1, 1, 1)));
    CHECK(Regions().ValidOn(At(change.code), Date(2024, 12, 31)) == std::vector<RegionCode>{At(change.successor)});
    CHECK(Regions().NameOf(At(change.successor)) == change.named);
    const auto before = Regions().Predecessors(At(change.successor));
    CHECK(std::count(before.begin(), before.end(), At(change.code)) == 1);
  }
  CHECK(Regions().Find(At("370215"))->valid_from == Date(2017, 1, 1));
  CHECK_FALSE(Regions().Find(At("370215"), Date(2016, 12, 31)));
  for (const char* made : {"460302", "460303", "653228", "653229"}) CHECK(Regions().Find(At(made)));
}

TEST_CASE("a code that was renamed has the name of the day, and so have those above it") {
  CHECK(Regions().NameOf(At("320602"), Date(1985, 5, 5)) == "城区");
  CHECK(Regions().NameOf(At("320602"), Date(2005, 5, 5)) == "崇川区");
  CHECK(Regions().Times(At("320602")).size() == 2);
  CHECK(Regions().Path(At("320802"), Date(1990, 1, 1)) == "江苏省淮阴市清河区");
  CHECK(Regions().Path(At("370282")) == "山东省青岛市即墨市");
  CHECK(Regions().Search("城区", At("320602"), 5).front().valid_to == Date(1991, 12, 31));
  // 涪陵市 of 1995 went to 重庆; its code was given to 眉山 in 2000.
  CHECK(Regions().NameOf(At("511400"), Date(1996, 1, 1)) == "涪陵市");
  CHECK_FALSE(Regions().Find(At("511400"), Date(1998, 6, 1)));
  CHECK(Regions().ValidOn(At("511402"), Date(1999, 1, 1)) == std::vector<RegionCode>{At("500102")});
  CHECK(Regions().NameOf(At("511400")) == "眉山市");
}

// The names and years of each code, as the file has them.
struct Time {
  std::string name;
  int first, last;  // 9999: it stands
  std::vector<RegionCode> successors;
};

TEST_CASE("every row of the history holds: a code stands in exactly its years, and what ended has a successor that took over") {
  const char* const kColumns[] = {"code", "name", "valid_from", "valid_to", "successor"};
  const std::vector<absl::string_view> columns(std::begin(kColumns), std::end(kColumns));
  std::map<RegionCode, std::vector<Time>> history;
  const std::string text = *ReadDataFile(SIFA_DATA "/regions/history.csv");
  REQUIRE(ReadCsv(text, columns, columns.size(), [&](absl::Span<const absl::string_view> fields) {
            Time time{std::string(fields[1]),
                      std::stoi(std::string(fields[2].substr(0, 4))),
                      fields[3].empty() ? 9999 : std::stoi(std::string(fields[3].substr(0, 4))),
                      {}};
            for (absl::string_view code : absl::StrSplit(fields[4], '/', absl::SkipEmpty())) time.successors.push_back(At(code));
            history[At(fields[0])].push_back(time);
            return absl::OkStatus();
          }).ok());
  CHECK(history.size() == 6450);
  constexpr int kLast = 2025;
  int wrong = 0;
  const auto hold = [&](bool right, RegionCode code, int year) {
    if (!right) UNSCOPED_INFO(code.ToString() << " " << year);
    wrong += !right;
  };
  for (const auto& [code, times] : history) {
    for (int year = 1981; year <= kLast; ++year) {
      std::set<std::string> names;
      for (const Time& time : times) {
        if (time.first <= year && year <= time.last) names.insert(time.name);
      }
      const auto region = Regions().Find(code, Date(year, 7, 1));
      hold(region.has_value() == !names.empty(), code, year);
      if (region) hold(names.count(std::string(region->name)) == 1, code, year);
      // Whatever it was by then, it is something that stands.
      if (year < times.front().first) continue;
      const auto heirs = Regions().ValidOn(code, Date(year, 7, 1));
      hold(!heirs.empty(), code, year);
      for (const RegionCode heir : heirs) hold(Regions().Find(heir, Date(year, 7, 1)).has_value(), heir, year);
    }
    for (const Time& time : times) {
      hold(time.successors.empty() == (time.last == 9999), code, time.last);
      hold(time.first <= time.last, code, time.first);
      for (const RegionCode successor : time.successors) {
        const auto& after = history[successor];
        hold(std::any_of(after.begin(), after.end(),
                         [&](const Time& next) {
                           return (successor != code || next.first > time.first) && next.first <= time.last &&
                                  time.last <= next.last;
                         }),
             successor, time.last);
      }
    }
  }
  CHECK(wrong == 0);
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
