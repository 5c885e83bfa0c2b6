// All rules with their articles. Those of 2021 hold since 2021-07-15; what came before them stands where it was the same rule.
#include "services/enforcement/rules/procedure.h"
#include "services/enforcement/rules/rule.h"
#include "services/enforcement/rules/substance.h"

namespace sifa::enforcement::rules {
namespace {

using procedure::Law;
using procedure::Laws;

constexpr char kSince[] = "2021-07-15";
constexpr Law Apl(absl::string_view article) { return {"行政处罚法", article, kSince}; }
constexpr Law Apl1996(absl::string_view article) { return {"行政处罚法", article, "1996-10-01", "2021-07-14"}; }
Laws Both(absl::string_view former, absl::string_view present) { return {Apl1996(former), Apl(present)}; }

constexpr Severity kDefect = Severity::kDefect, kBreach = Severity::kBreach, kVoid = Severity::kVoid;

const Rule kRules[] = {
    {"CAM", 0, "电子监控设备经过审核并公布", 1, kBreach, Apl("41"), &Facts::decided_on, &CameraReviewed},
    {"CASH", 1, "当场收缴", 1, kBreach, Both("47", "68"), &Facts::decided_on, &CollectedOnSpot},
    {"EP7", 2, "先行登记保存的证据及时处理", 1, kBreach, Both("37", "56"), &Facts::evidence_kept_on, &EvidenceSettled},
    {"HAND2", 3, "当场收缴的罚款及时交回", 1, kDefect, Both("50", "71"), &Facts::decided_on, &HandedIn},
    {"HN7", 4, "听证七个工作日前通知", 1, kBreach, Apl("64"), &Facts::hearing_on, &HearingNoticed},
    {"HR5", 5, "听证要求期限届满前不作出决定", 1, kBreach, Apl("64"), &Facts::decided_on, &TimeToAsk},
    {"LR", 6, "法制审核", 1, kBreach, Apl("58"), &Facts::decided_on, &Reviewed},
    {"NT", 7, "决定前告知", 1, kVoid, Both("31", "44"), &Facts::decided_on, &Noticed},
    {"ORD", 8, "日期先后", 1, kDefect, Laws(Law{"行政处罚法", "54"}), nullptr, &InOrder},
    {"P1", 9, "处罚依据在违法行为发生时有效", 1, kVoid, Both("3", "37"), &Facts::conduct_from, &BasisInForce},
    {"P2", 10, "处罚时效", 1, kVoid, Both("29", "36"), &Facts::conduct_from, &FoundInTime},
    {"P3", 11, "不满十四周岁不予处罚", 1, kVoid, Both("25", "30"), &Facts::conduct_from, &OldEnough},
    {"P4", 12, "一事不再罚款", 1, kVoid, Both("24", "29"), nullptr, &FinedOnce},
    {"P6", 13, "告知听证权利", 1, kVoid, Apl("63"), &Facts::decided_on, &HearingTold},
    {"P7", 14, "执法人员人数和资格", 1, kBreach, Apl("42"), &Facts::decided_on, &OfficersCertified},
    {"P8", 15, "罚款在裁量幅度内", 1, kBreach, Apl("34"), &Facts::conduct_from, &WithinTier},
    {"P9", 16, "加处罚款", 1, kBreach, Both("51", "72"), &Facts::paid_on, &ExtraFine},
    {"SP", 17, "简易程序的适用", 1, kBreach, Both("33", "51"), &Facts::decided_on, &SimpleAllowed},
    {"SV7", 18, "七日内送达", 1, kDefect, Both("40", "61"), &Facts::decided_on, &ServedInTime},
    {"T90", 19, "九十日内决定", 1, kBreach, Apl("60"), &Facts::filed_on, &DecidedInTime},
};

}  // namespace

absl::Span<const Rule> AllRules() { return kRules; }

}  // namespace sifa::enforcement::rules
