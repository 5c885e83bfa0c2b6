#include "services/identity/demo.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"

namespace sifa::identity {
namespace {

using O = v1::Organisation;

// Old enough for the cases of past years that are imported.
constexpr char kSince[] = "2011-01-01";
constexpr absl::string_view kCounty = "330783";

// "白云社区居委会" → "白云社区人民调解委员会"
std::string CommitteeOf(absl::string_view village) {
  for (absl::string_view tail : {"村民委员会", "居民委员会", "村委会", "居委会"}) {
    if (!absl::ConsumeSuffix(&village, tail)) continue;
    return absl::StrCat(village, absl::StartsWith(tail, "村") ? "村" : "", "人民调解委员会");
  }
  return absl::StrCat(village, "人民调解委员会");
}

std::vector<SeedOrganisation> Organisations(const RegionTable& regions) {
  std::vector<SeedOrganisation> seeds = {
      {"33", "", "浙江省司法厅", O::BUREAU, 1, "330000"},
      {"3307", "33", "金华市司法局", O::BUREAU, 2, "330700"},
      {std::string(kCounty), "3307", "东阳市司法局", O::BUREAU, 3, std::string(kCounty)},
      {"330783-m1", "330783", "东阳市医疗纠纷人民调解委员会", O::COMMITTEE, 3, "330783"},
      {"330783-m2", "330783", "东阳市道路交通事故纠纷人民调解委员会", O::COMMITTEE, 3, "330783"},
      {"330783-m3", "330783", "东阳市劳动争议人民调解委员会", O::COMMITTEE, 3, "330783"},
      {"330783-m4", "330783", "东阳市物业纠纷人民调解委员会", O::COMMITTEE, 3, "330783"},
      {"330783-court", "330783", "东阳市人民法院", O::COURT, 3, "330783"},
      {"330783-proc", "330783", "东阳市人民检察院", O::PROCURATORATE, 3, "330783"},
      {"330783-police", "330783", "东阳市公安局", O::POLICE, 3, "330783"},
      {"330783-cm", "330783", "东阳市综合行政执法局", O::ENFORCEMENT_AGENCY, 3, "330783"},
      {"330783-ms", "330783", "东阳市市场监督管理局", O::ENFORCEMENT_AGENCY, 3, "330783"},
      {"330783-tr", "330783", "东阳市交通运输局", O::ENFORCEMENT_AGENCY, 3, "330783"},
      // The neighbour to which people in corrections move.
      {"330782", "3307", "义乌市司法局", O::BUREAU, 3, "330782"},
      {"330782001", "330782", "义乌市司法局稠城街道司法所", O::JUSTICE_OFFICE, 4, "330782001"},
      {"330782002", "330782", "义乌市司法局江东街道司法所", O::JUSTICE_OFFICE, 4, "330782002"},
  };
  for (const Region& township : regions.Children(*RegionCode::Parse(kCounty))) {
    const std::string code = township.code.ToString();
    seeds.push_back({code, std::string(kCounty), absl::StrCat("东阳市司法局", township.name, "司法所"),
                     O::JUSTICE_OFFICE, 4, code});
    seeds.push_back(
        {code + "-00", code, absl::StrCat("东阳市", township.name, "人民调解委员会"), O::COMMITTEE, 4, code});
    for (const Region& village : regions.Children(township.code)) {
      const std::string village_code = village.code.ToString();
      seeds.push_back({village_code, code, absl::StrCat(township.name, CommitteeOf(village.name)),
                       O::COMMITTEE, 5, village_code});
    }
  }
  return seeds;
}

// A shift of the hotline.
constexpr int kAgents = 30;
constexpr absl::string_view kAgentNames[] = {"方晓燕", "葛文静", "虞美华", "骆春兰", "斯丽萍", "俞桂香", "包雅琴", "史惠芳",
                                             "潘彩娟", "叶玉珠", "朱婷婷", "周佳怡", "吕梦洁", "华雪梅", "应素贞", "孙云仙",
                                             "黄巧玲", "董银花", "任思源", "严志强", "程伟民", "施国平", "钱永康", "龚海军",
                                             "贾春林", "盛晓东", "倪立新", "傅向阳", "沈文龙", "韩俊杰"};
static_assert(std::size(kAgentNames) == kAgents);

std::vector<SeedAccount> Accounts(const RegionTable& regions) {
  const std::string village = regions.Children(*RegionCode::Parse("330783118")).front().code.ToString();
  std::vector<SeedAccount> seeds = {
      {"nanma.mediator", "王建国", "mediator", "330783118-00"},
      {"nanma.mediator2", "李秀英", "mediator", "330783118-00"},
      {"nanma.head", "吴国平", "committee_head", "330783118-00"},
      {.account = "nanma.officer",
       .display_name = "陈志强",
       .role = "justice_officer",
       .organisation = "330783118",
       .descendants = true,
       .also = "minors_officer"},
      {"nanma.village", "马小红", "mediator", village},
      {"hengdian.mediator", "徐文华", "mediator", "330783123-00"},
      {"hengdian.officer", "金丽萍", "justice_officer", "330783123", true},
      {"dongyang.mediator", "何建军", "mediator", "330783-m1"},
      {.account = "dongyang.officer",
       .display_name = "张晓明",
       .role = "county_officer",
       .organisation = "330783",
       .descendants = true,
       .also = "minors_officer"},
      {"dongyang.head", "楼卫东", "county_head", "330783", true},
      {"dongyang.counsellor", "陆思远", "psychological_counsellor", "330783", true},
      {"dongyang.procurator", "胡正义", "procurator", "330783", true},
      {"dongyang.switch", "东阳市12348交换机", "hotline_switch", "330783", true},
      {"dongyang.supervisor", "严丽华", "hotline_supervisor", "330783", true},
      {"dongyang.messenger", "短信平台", "hotline_messenger", "330783", true},
      {"chengguan.clerk", "申屠敏", "enforcement_clerk", "330783-cm", true},
      {"shichang.clerk", "韦建华", "enforcement_clerk", "330783-ms", true},
      {"jiaotong.clerk", "杜国荣", "enforcement_clerk", "330783-tr", true},
      {"dongyang.system", "卢云飞", "system_admin", "330783", true},
      {"dongyang.security", "蒋海燕", "security_admin", "330783", true},
      {"dongyang.auditor", "许静", "auditor", "330783", true},
      {"dongyang.operator", "厉鹏", "operator", "330783", true},
      {"yiwu.officer", "何强", "county_officer", "330782", true},
      {"yiwu.head", "龚建平", "county_head", "330782", true},
      {"choucheng.officer", "骆晓燕", "justice_officer", "330782001", true},
      {"jiangdong.officer", "朱立新", "justice_officer", "330782002", true},
      {"jinhua.supervisor", "赵敏", "city_supervisor", "3307", true},
      {"zhejiang.supervisor", "周立新", "province_supervisor", "33", true},
      {"zhejiang.system", "沈超", "system_admin", "33", true},
      {"zhejiang.security", "钱莉", "security_admin", "33", true},
      // With a second factor, to try it.
      {.account = "zhejiang.auditor",
       .display_name = "孙明",
       .role = "auditor",
       .organisation = "33",
       .descendants = true,
       .totp = true},
  };
  for (int i = 0; i < kAgents; ++i) {
    seeds.push_back({i == 0 ? "dongyang.agent" : absl::StrCat("dongyang.agent", i + 1), std::string(kAgentNames[i]),
                     "hotline_agent", std::string(kCounty), true});
  }
  return seeds;
}

}  // namespace

absl::Status SeedDemonstration(Seeder& seeder, const RegionTable& regions, const std::string& accounts_file) {
  ASSIGN_OR_RETURN(const bool may, seeder.MaySeed());
  if (!may) return absl::OkStatus();
  RETURN_IF_ERROR(seeder.AddOrganisations(Organisations(regions), kSince));
  return seeder.AddAccounts(Accounts(regions), kSince, accounts_file);
}

}  // namespace sifa::identity
