#include "libs/calendar/instruments.h"

#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::calendar {
namespace {

using Date = absl::CivilDay;

constexpr uint32_t Of(std::initializer_list<int> amounts) {
  uint32_t bits = 0;
  for (int amount : amounts) bits |= uint32_t{1} << amount;
  return bits;
}

constexpr uint32_t kUpToTen = Of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});

constexpr Instrument kInstruments[] = {
    // General rules. The revisions renumbered the article and left the rule as it was.
    {"CVL", "民事诉讼法", Date(1991, 4, 9), Date(2012, 12, 31), {.period_article = "75"}},
    {"CVL", "民事诉讼法", Date(2013, 1, 1), Date(2021, 12, 31), {.period_article = "82"}},
    {"CVL", "民事诉讼法", Date(2022, 1, 1), Date(2023, 12, 31), {.period_article = "85"}},
    {"CVL", "民事诉讼法", Date(2024, 1, 1), kForever, {.period_article = "85"}},
    {"CPL", "刑事诉讼法", Date(1997, 1, 1), Date(2012, 12, 31), {.general = "CPL", .period_article = "79"}},
    {"CPL", "刑事诉讼法", Date(2013, 1, 1), Date(2018, 10, 25), {.general = "CPL", .period_article = "103"}},
    {"CPL", "刑事诉讼法", Date(2018, 10, 26), kForever, {.general = "CPL", .period_article = "105"}},
    {"CVI", "最高人民法院关于适用民事诉讼法的解释", Date(2015, 2, 4), kForever},
    {"CPLI", "最高人民法院关于适用刑事诉讼法的解释", Date(2021, 3, 1), kForever, {.general = "CPL"}},
    {"CL", "刑法", Date(1997, 10, 1), kForever, {.general = "CPL", .rolls_over = false}},  // terms only

    // Administrative acts.
    {"APL", "行政处罚法", Date(1996, 10, 1), Date(2021, 7, 14)},  // without a working-day clause
    {"APL", "行政处罚法", Date(2021, 7, 15), kForever, {.working_days = Of({2, 3, 5, 7}), .article = "85"}},
    {"AEL", "行政强制法", Date(2012, 1, 1), kForever, {.working_days = kUpToTen, .article = "69"}},
    {"PSL05", "治安管理处罚法", Date(2006, 3, 1), Date(2025, 12, 31)},
    {"PSL25", "治安管理处罚法", Date(2026, 1, 1), kForever},
    {"TRF", "行政执法机关移送涉嫌犯罪案件的规定", Date(2001, 7, 9), kForever},
    {"G118", "国务院办公厅关于全面推行行政执法三项制度的指导意见", Date(2018, 12, 5), kForever, {.working_days = Of({7, 20})}},
    {"GIR", "政府信息公开条例", Date(2019, 5, 15), kForever, {.working_days = Of({7, 15, 20})}},  // each says 工作日
    {"MAD", "重大行政决策程序暂行条例", Date(2019, 9, 1), kForever},  // 7 working days of review: written explicitly
    {"SDSR", "山东省行政执法监督条例", Date(2015, 5, 1), kForever},
    {"ESR", "行政执法监督条例", Date(2026, 2, 1), kForever, {.configurable = true}},

    // Reconsideration and administrative litigation.
    {"ARL", "行政复议法", Date(1999, 10, 1), Date(2023, 12, 31), {.working_days = Of({5, 7}), .article = "40"}},
    {"ARL", "行政复议法", Date(2024, 1, 1), kForever, {.working_days = Of({3, 5, 7, 10}), .article = "88"}},
    // The regulation carries out the law and counts as it does.
    {"ARR", "行政复议法实施条例", Date(2007, 8, 1), Date(2023, 12, 31), {.working_days = Of({5, 7})}},
    {"ARR", "行政复议法实施条例", Date(2024, 1, 1), kForever, {.working_days = Of({3, 5, 7, 10})}},
    {"ALL", "行政诉讼法", Date(2015, 5, 1), kForever},
    {"HCR", "最高人民法院关于行政机关负责人出庭应诉若干问题的规定", Date(2020, 7, 1), kForever},

    // Mediation.
    {"PML", "人民调解法", Date(2011, 1, 1), kForever},
    {"PMR", "人民调解工作若干规定", Date(2002, 11, 1), kForever},  // 司法部令第75号
    {"TYR", "最高人民法院关于人民法院特邀调解的规定", Date(2016, 7, 1), kForever},
    {"JCR", "最高人民法院关于人民调解协议司法确认程序的若干规定", Date(2011, 3, 30), kForever},
    {"OMR", "人民法院在线调解规则", Date(2022, 1, 1), kForever, {.working_days = Of({2, 3})}},  // where it says 工作日

    // Corrections: calendar days, but for the working days of 调查评估, which are written explicitly.
    {"CCL", "社区矫正法", Date(2020, 7, 1), kForever, {.general = "CPL"}},
    {"CCM", "社区矫正法实施办法", Date(2020, 7, 1), kForever, {.general = "CPL"}},

    // Resettlement: what the ministry's notice of 1999-03-05 and the provinces' rules set for offices; and how long somebody is
    // helped,
    // which is no limit of anybody's act.
    {"RSR", "安置帮教工作规定", Date(1999, 3, 5), kForever},
    {"RSP", "安置帮教期限规定", Date(1999, 3, 5), kForever, {.rolls_over = false}},

    // Public legal services. The regulation sets no limit for work orders; centres set them by working days, which are written
    // explicitly.
    {"PLS", "山东省公共法律服务条例", Date(2021, 1, 1), kForever},

    // Legal aid: neither text has a working-day clause, the rules before 2023 had one.
    {"LAL", "法律援助法", Date(2022, 1, 1), kForever, {.configurable = true}},
    {"LAP", "办理法律援助案件程序规定", Date(2023, 9, 1), kForever, {.configurable = true}},
};

absl::Status Unknown(absl::string_view key) {
  return Error(absl::StatusCode::kInvalidArgument, "INSTRUMENT_UNKNOWN",
               absl::StrCat("期限规则表中没有“", key, "”这一法律文件"));
}

absl::Status NotInForce(absl::string_view name, absl::CivilDay day) {
  return Error(absl::StatusCode::kInvalidArgument, "INSTRUMENT_NOT_IN_FORCE",
               absl::StrCat("《", name, "》在", FormatDay(day), "未施行，不能据以计算期限"));
}

}  // namespace

absl::StatusOr<const Instrument*> FindInstrument(absl::string_view key, absl::CivilDay day) {
  absl::string_view name;
  for (const Instrument& instrument : kInstruments) {
    if (instrument.key != key) continue;
    if (day >= instrument.valid_from && day <= instrument.valid_to) return &instrument;
    name = instrument.name;
  }
  if (name.empty()) return Unknown(key);
  return NotInForce(name, day);
}

absl::Span<const Instrument> AllInstruments() { return kInstruments; }

}  // namespace sifa::calendar
