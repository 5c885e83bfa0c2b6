#include "services/enforcement/rules/procedure.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "services/enforcement/rules/judgements.h"

namespace sifa::enforcement::rules {
namespace {

using calendar::Days;

// Of a sole trader, where sectors see a person in him and where an organisation.
std::optional<bool> IsPerson(const Facts& f, const Bench& bench, const Rule& rule, CivilDay day) {
  if (!f.party_kind) return std::nullopt;
  if (*f.party_kind != PartyKind::kSoleTrader) return *f.party_kind == PartyKind::kPerson;
  return rule.Figure("sole_trader_is_person", f, bench, day).value_or(1) != 0;
}

// The day by which figures are chosen: of the decision, or today's while there is none.
CivilDay ActDay(const Facts& f, const Bench& bench) { return f.decided_on ? *f.decided_on : bench.today; }

// Whether the party has a right to a hearing (§63), and why: PASS means that it has, FAIL that it has not.
Judgement MayAskForHearing(const Facts& f, const Bench& bench) {
  const Rule& rule = *FindRule("P6");
  if (auto missing = Untold({&f.penalties})) return *missing;
  for (const absl::string_view heavy :
       {penalty::kDegraded, penalty::kLicence, penalty::kStopped, penalty::kClosed, penalty::kBarred}) {
    if (f.Punishes(heavy)) return Pass("降低资质等级、吊销许可证件、责令停产停业、责令关闭、限制从业");
  }
  const CivilDay day = ActDay(f, bench);
  std::optional<Judgement> unknown;
  const auto reaches = [&](const Fact<int64_t>& amount, const char* person,
                           const char* organisation) -> std::optional<std::string> {
    const std::optional<bool> is_person = IsPerson(f, bench, rule, day);
    if (!amount.told || !is_person) {
      unknown = Unknown(amount.told ? f.party_kind.field : amount.field);
      return std::nullopt;
    }
    const auto least = rule.Figure(*is_person ? person : organisation, f, bench, day);
    if (!least) {
      unknown = Unknown(rule.id, "该领域没有设定听证的数额");
      return std::nullopt;
    }
    if (*amount < *least * 100) return std::nullopt;
    return absl::StrCat(Yuan(*amount), "，达到较大数额", Yuan(*least * 100));
  };
  if (f.Punishes(penalty::kFine)) {
    if (const auto large = reaches(f.fine_fen, "fine_person", "fine_organisation")) return Pass("罚款" + *large);
  }
  if (f.Punishes(penalty::kIncome) || f.Punishes(penalty::kGoods)) {
    if (const auto large = reaches(f.confiscated_fen, "confiscation_person", "confiscation_organisation"))
      return Pass("没收" + *large);
  }
  if (unknown) return *unknown;
  if (f.Punishes(penalty::kRestricted) || f.Punishes(penalty::kOther)) {
    return Unknown("penalties", "限制开展生产经营活动或者其他处罚是否属于较重的行政处罚，由个案认定");
  }
  return Fail("处罚种类和数额不在听证范围内");
}

std::vector<calendar::Excluded> Excluded(const Fact<std::vector<Stretch>>& stretches, CivilDay until) {
  std::vector<calendar::Excluded> all;
  if (!stretches) return all;
  for (const Stretch& one : *stretches) all.push_back({one.from, one.to.value_or(until), one.reason});
  return all;
}

// The days after `from` and up to `to` that lie in none of the stretches.
int64_t DaysOutside(CivilDay from, CivilDay to, const std::vector<calendar::Excluded>& stretches) {
  int64_t days = 0;
  for (CivilDay day = from + 1; day <= to; ++day) {
    days += std::none_of(stretches.begin(), stretches.end(),
                         [&](const calendar::Excluded& one) { return one.from <= day && day <= one.to; });
  }
  return days;
}

}  // namespace

Judgement SimpleAllowed(const Facts& f, const Bench& bench, const Rule& rule) {
  if (auto missing = Untold({&f.procedure})) return *missing;
  if (!f.simple()) return NotApplicable("不是简易程序");
  if (auto missing = Untold({&f.penalties})) return *missing;
  for (const std::string& code : *f.penalties) {
    if (code != penalty::kWarning && code != penalty::kFine) return Fail("简易程序只能给予警告或者罚款");
  }
  if (!f.Punishes(penalty::kFine)) return Pass("简易程序给予警告");
  const CivilDay day = ActDay(f, bench);
  if (auto missing = Untold({&f.fine_fen})) return *missing;
  const auto is_person = IsPerson(f, bench, rule, day);
  if (!is_person) return Unknown(f.party_kind.field);
  const auto most = rule.Figure(*is_person ? "fine_person" : "fine_organisation", f, bench, day);
  if (!most) return Unknown(rule.id, "没有设定简易程序的数额");
  return Is(*f.fine_fen <= *most * 100, absl::StrCat("简易程序罚款", Yuan(*f.fine_fen), "，以", Yuan(*most * 100), "为限"));
}

Judgement OfficersCertified(const Facts& f, const Bench& bench, const Rule& rule) {
  if (!f.decided_on) return NotApplicable("尚未作出决定");
  if (auto missing = Missing({&f.officers})) return *missing;
  if (auto missing = Untold({&f.procedure})) return *missing;
  const int64_t least = rule.Figure(f.simple() ? "officers_simple" : "officers_ordinary", f, bench, ActDay(f, bench)).value_or(2);
  const size_t named = f.officers ? f.officers.value.size() : 0;
  if (static_cast<int64_t>(named) < least) return Fail(absl::StrCat("执法人员", named, "人，不得少于", least, "人"));
  if (!f.investigated_on && !f.simple()) return Unknown(f.investigated_on.field);
  std::string unregistered;
  for (const OfficerFact& officer : *f.officers) {
    if (!officer.registered) {
      absl::StrAppend(&unregistered, unregistered.empty() ? "" : "、", officer.certificate);
      continue;
    }
    if (!officer.valid) return Fail(absl::StrCat("执法证", officer.certificate, "在办案之日无效"));
    if (!officer.own_agency) return Fail(absl::StrCat("执法证", officer.certificate, "不是本机关的证件"));
    if (!officer.own_district) return Fail(absl::StrCat("执法证", officer.certificate, "的执法地域不包括本地"));
  }
  if (!unregistered.empty()) return Unknown(f.officers.field, absl::StrCat("执法证", unregistered, "未登记"));
  return Pass(absl::StrCat("执法人员", named, "人，证件有效"));
}

Judgement CameraReviewed(const Facts& f, const Bench&, const Rule&) {
  if (auto missing = Untold({&f.by_camera})) return *missing;
  if (!*f.by_camera) return NotApplicable("没有使用电子技术监控设备");
  if (auto missing = Untold({&f.camera_reviewed, &f.camera_announced})) return *missing;
  if (!*f.camera_reviewed) return Fail("监控设备没有经过法制和技术审核");
  return Is(*f.camera_announced, *f.camera_announced ? "监控设备经过审核，设置地点已经公布" : "监控设备的设置地点没有公布");
}

Judgement EvidenceSettled(const Facts& f, const Bench& bench, const Rule&) {
  if (auto missing = Missing({&f.evidence_kept_on, &f.evidence_settled_on})) return *missing;
  if (!f.evidence_kept_on) return NotApplicable("没有先行登记保存证据");
  return Within(bench, LimitOf(bench, Days("APL", 7), *f.evidence_kept_on), f.evidence_settled_on, "作出处理决定");
}

Judgement Noticed(const Facts& f, const Bench&, const Rule&) {
  if (auto missing = Missing({&f.noticed_on})) return *missing;
  if (!f.decided_on) return NotApplicable("尚未作出决定");
  if (!f.noticed_on) return Fail("作出决定前没有告知");
  return Is(*f.noticed_on <= *f.decided_on, absl::StrCat(FormatDay(*f.noticed_on), "告知，", FormatDay(*f.decided_on), "决定"));
}

Judgement HearingTold(const Facts& f, const Bench& bench, const Rule&) {
  if (f.simple()) return NotApplicable("简易程序");
  const Judgement may = MayAskForHearing(f, bench);
  if (may.verdict == Verdict::kUnknown) return may;
  if (may.verdict == Verdict::kFail) return NotApplicable(may.text);
  if (auto missing = Untold({&f.hearing_told})) return *missing;
  return Is(*f.hearing_told, absl::StrCat(may.text, *f.hearing_told ? "，已告知听证权利" : "，没有告知听证权利"));
}

Judgement TimeToAsk(const Facts& f, const Bench& bench, const Rule&) {
  if (f.simple()) return NotApplicable("简易程序");
  if (auto missing = Missing({&f.hearing_on, &f.noticed_on})) return *missing;
  if (f.hearing_on) return NotApplicable("已经举行听证");
  if (!f.noticed_on || !f.decided_on) return NotApplicable("没有告知，或者尚未决定");
  const Judgement may = MayAskForHearing(f, bench);
  if (may.verdict == Verdict::kUnknown) return may;
  if (may.verdict == Verdict::kFail) return NotApplicable(may.text);
  const auto limit = LimitOf(bench, Days("APL", 5), *f.noticed_on);
  if (!limit) return CalendarUnknown();
  const std::string text = absl::StrCat("听证要求期限", limit->text, "；", FormatDay(*f.decided_on), "决定");
  if (*f.decided_on > limit->due) return Pass(text);
  if (auto missing = Untold({&f.waived})) return *missing;
  return Is(*f.waived, *f.waived ? absl::StrCat(text, "，当事人已放弃") : text);
}

Judgement HearingNoticed(const Facts& f, const Bench& bench, const Rule& rule) {
  if (auto missing = Missing({&f.hearing_on})) return *missing;
  if (!f.hearing_on) return NotApplicable("没有举行听证");
  if (auto missing = Missing({&f.hearing_noticed_on})) return *missing;
  if (!f.hearing_noticed_on) return Fail("举行听证前没有通知");
  const auto limit = LimitOf(bench, Days("APL", 7), *f.hearing_noticed_on);
  if (!limit) return CalendarUnknown();
  const bool clear = rule.Figure("clear_days", f, bench, *f.hearing_on).value_or(0) != 0;
  return Is(clear ? *f.hearing_on > limit->due : *f.hearing_on >= limit->due,
            absl::StrCat("通知", limit->text, "；", FormatDay(*f.hearing_on), "举行听证"));
}

Judgement Reviewed(const Facts& f, const Bench&, const Rule&) {
  if (f.simple()) return NotApplicable("简易程序");
  if (!f.decided_on) return NotApplicable("尚未作出决定");
  if (auto missing = Missing({&f.hearing_on, &f.reviewed_on})) return *missing;
  if (!f.reviewed_on) {
    if (f.hearing_on) return Fail("经过听证的案件，作出决定前没有法制审核");
    return NotApplicable("没有经过听证；是否属于其他应当法制审核的情形，由个案认定");
  }
  const std::string text = absl::StrCat(FormatDay(*f.reviewed_on), "法制审核，", FormatDay(*f.decided_on), "决定");
  if (*f.reviewed_on > *f.decided_on) return Fail(text);
  if (f.hearing_on && *f.reviewed_on < *f.hearing_on)
    return Fail(absl::StrCat(text, "，", FormatDay(*f.hearing_on), "才举行听证"));
  if (auto missing = Untold({&f.review_passed})) return *missing;
  return Is(*f.review_passed, absl::StrCat(text, *f.review_passed ? "，审核通过" : "，审核未通过"));
}

Judgement DecidedInTime(const Facts& f, const Bench& bench, const Rule& rule) {
  if (f.simple()) return NotApplicable("简易程序");
  if (auto missing = Untold({&f.filed_on})) return *missing;
  if (f.disposed_on) return Is(true, absl::StrCat(FormatDay(*f.disposed_on), "已作其他处理"));
  if (auto missing = Missing({&f.decided_on})) return *missing;
  const int days = static_cast<int>(rule.Figure("days", f, bench, *f.filed_on).value_or(90));
  std::vector<calendar::Excluded> excluded;
  if (rule.Figure("exclusions", f, bench, *f.filed_on).value_or(1) != 0) {
    excluded = Excluded(f.exclusions, f.decided_on ? *f.decided_on : bench.today);
  }
  return Within(bench, LimitOf(bench, Days("APL", days), *f.filed_on, std::move(excluded)), f.decided_on, "作出决定");
}

Judgement ServedInTime(const Facts& f, const Bench& bench, const Rule&) {
  if (!f.decided_on) return NotApplicable("尚未作出决定");
  if (auto missing = Missing({&f.served_on})) return *missing;
  if (f.served_by && absl::StrContains(*f.served_by, "公告")) return NotApplicable("公告送达另有期间");
  return Within(bench, LimitOf(bench, Days("APL", 7), *f.decided_on), f.served_on, "送达");
}

Judgement ExtraFine(const Facts& f, const Bench& bench, const Rule&) {
  if (auto missing = Missing({&f.extra_fine_fen})) return *missing;
  if (!f.extra_fine_fen || *f.extra_fine_fen == 0) return NotApplicable("没有加处罚款");
  if (auto missing = Untold({&f.fine_fen, &f.served_on, &f.paid_on})) return *missing;
  const auto limit = LimitOf(bench, Days("APL", 15), *f.served_on);
  if (!limit) return CalendarUnknown();
  const int64_t late = DaysOutside(limit->due, *f.paid_on, Excluded(f.challenges, *f.paid_on));
  const int64_t owed = std::min(*f.fine_fen, (*f.fine_fen * 3 * late + 50) / 100);
  return Is(*f.extra_fine_fen == owed, absl::StrCat("缴款期限", limit->text, "，逾期", late, "日；每日百分之三，不超过罚款",
                                                    Yuan(*f.fine_fen), "，应为", Yuan(owed), "，加处", Yuan(*f.extra_fine_fen)));
}

Judgement CollectedOnSpot(const Facts& f, const Bench& bench, const Rule& rule) {
  if (auto missing = Untold({&f.collected_on_spot})) return *missing;
  if (!*f.collected_on_spot) return NotApplicable("没有当场收缴");
  if (auto missing = Untold({&f.fine_fen})) return *missing;
  const auto most = rule.Figure("fine", f, bench, ActDay(f, bench));
  if (!most) return Unknown(rule.id, "没有设定当场收缴的数额");
  const std::string text = absl::StrCat("当场收缴", Yuan(*f.fine_fen), "，以", Yuan(*most * 100), "为限");
  if (*f.fine_fen <= *most * 100) return Pass(text);
  if (auto missing = Untold({&f.spot_ground})) {
    missing->text = absl::StrCat(text, "；未说明是否属于事后难以执行，或者边远、水上、交通不便地区当事人要求的情形");
    return *missing;
  }
  return Is(*f.spot_ground, text);
}

Judgement HandedIn(const Facts& f, const Bench& bench, const Rule&) {
  if (auto missing = Untold({&f.collected_on_spot})) return *missing;
  if (!*f.collected_on_spot) return NotApplicable("没有当场收缴");
  if (auto missing = Untold({&f.paid_on})) return *missing;
  if (auto missing = Missing({&f.handed_in_on})) return *missing;
  return Within(bench, LimitOf(bench, Days("APL", 2), *f.paid_on), f.handed_in_on, "交至机关");
}

Judgement InOrder(const Facts& f, const Bench&, const Rule&) {
  struct Pair {
    const Fact<CivilDay>& first;
    const char* first_name;
    const Fact<CivilDay>& second;
    const char* second_name;
  };
  const Pair pairs[] = {{f.conduct_from, "违法行为发生", f.conduct_to, "违法行为终了"},
                        {f.conduct_from, "违法行为发生", f.found_on, "发现"},
                        {f.found_on, "发现", f.filed_on, "立案"},
                        {f.filed_on, "立案", f.noticed_on, "告知"},
                        {f.filed_on, "立案", f.decided_on, "决定"},
                        {f.investigated_on, "调查", f.decided_on, "决定"},
                        {f.noticed_on, "告知", f.hearing_on, "听证"},
                        {f.hearing_on, "听证", f.decided_on, "决定"},
                        {f.decided_on, "决定", f.served_on, "送达"},
                        {f.decided_on, "决定", f.published_on, "公示"},
                        {f.decided_on, "决定", f.closed_on, "结案"}};
  std::string reversed;
  bool compared = false;
  for (const Pair& pair : pairs) {
    if (!pair.first || !pair.second) continue;
    compared = true;
    if (*pair.first <= *pair.second) continue;
    absl::StrAppend(&reversed, reversed.empty() ? "" : "；", pair.second_name, FormatDay(*pair.second), "早于", pair.first_name,
                    FormatDay(*pair.first));
  }
  if (!compared) return NotApplicable("没有可以比较的日期");
  return Is(reversed.empty(), reversed.empty() ? "日期先后一致" : reversed);
}

}  // namespace sifa::enforcement::rules
