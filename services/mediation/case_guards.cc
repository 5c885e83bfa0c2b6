#include "services/mediation/case_guards.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/core/clock.h"
#include "libs/core/identifiers.h"
#include "libs/procedure/clocks.h"
#include "services/mediation/laws.h"

namespace sifa::mediation {
namespace {

using procedure::Facts;

constexpr int kDefaultRepresentatives = 5;
constexpr char kFromCourt[] = "31";  // case_source

bool HasPaper(const Case& c, Case::Document document) {
  return std::any_of(c.papers().begin(), c.papers().end(),
                     [&](const auto& paper) { return paper.kind() == Case::Document_Name(document); });
}

// What others bring or sign is in the dossier when its scan is: uploaded as that paper, or named by one.
bool HasScan(const Case& c, const Facts& facts, Case::Document document) {
  const std::string& kind = Case::Document_Name(document);
  return std::any_of(facts.files.begin(), facts.files.end(), [&](const procedure::File& file) {
    return file.paper == kind || std::any_of(c.papers().begin(), c.papers().end(), [&](const auto& paper) {
             return paper.kind() == kind && paper.attachment() == file.id;
           });
  });
}

bool Identified(const v1::Party& party) {
  return !party.id_number().empty() || !party.credit_code().empty() || !party.certificate_number().empty();
}

// The side of a party; who has not said stands for itself.
int SideOf(const Case& c, int party) {
  const int side = c.particulars().parties(party).side();
  return side > 0 ? side : -1 - party;
}

// Whether the certificate bears a number of the citizens' kind: an identity card, or a foreigner's of permanent residence.
bool BearsCitizenId(const v1::Party& party) {
  const std::string& type = party.certificate_type();
  return (type == kIdentityCard || type == kPermanentResidence) &&
         CheckCitizenId(party.certificate_number()) == CitizenIdVerdict::kValid;
}

// Who a party is, by its strongest number; empty where it is not identified.
std::string IdentityOf(const v1::Party& party) {
  if (!party.id_number().empty()) return party.id_number();
  if (BearsCitizenId(party)) return party.certificate_number();
  if (!party.credit_code().empty()) return party.credit_code();
  return party.certificate_number().empty() ? "" : absl::StrCat(party.certificate_type(), "/", party.certificate_number());
}

// "第1位、第2位当事人", by their places; empty where each side has its own people.
std::string OnBothSides(const Case& c, const Facts&) {
  std::map<std::string, int> seen;
  for (int i = 0; i < c.particulars().parties_size(); ++i) {
    const std::string identity = IdentityOf(c.particulars().parties(i));
    if (identity.empty()) continue;
    const auto [first, is_new] = seen.emplace(identity, i);
    if (!is_new && SideOf(c, first->second) != SideOf(c, i)) return absl::StrCat("第", first->second + 1, "位、第", i + 1, "位当事人");
  }
  return "";
}

int MostRepresentatives(const Facts& facts) {
  if (facts.parameters == nullptr) return kDefaultRepresentatives;
  const auto set = facts.parameters->find("mediation.representatives");
  return set == facts.parameters->end() ? kDefaultRepresentatives : set->second;
}

// Each party signs for itself; a representative speaks for its side and signs for nobody else.
bool Signed(const Case& c, int party) {
  return std::any_of(c.agreement().signatures().begin(), c.agreement().signatures().end(),
                     [&](const auto& signature) { return signature.party() == party; });
}

const casework::v1::Clock* LimitToConclude(const Case& c) { return procedure::FindClock(c.clocks(), "CONCLUDE"); }

// A day that a case carries, by its name.
struct Day {
  absl::string_view name;
  absl::string_view on;  // empty: not yet
};

// "调解日期2024-07-31早于受理日期2024-08-01" for the first pair of days that lie the wrong way round; empty where all is well.
// The days of the content, which acts and corrections may set in any order; that acts follow one another is the engine's rule
// (Row::aside).
std::string OutOfOrder(const Case& c, const Facts& facts) {
  const std::string act_day = FormatDay(facts.act_day);
  const v1::Agreement& a = c.agreement();
  const Day applied{"申请日期", c.applied_on()}, accepted{"受理日期", c.accepted_on()},
      assigned{"指定调解员日期", c.assigned_on()},
      agreed{"达成协议日期", a.agreed_on_derived() ? absl::string_view() : absl::string_view(a.agreed_on())},
      effective{"协议生效日期", a.effective_on()}, concluded{"办结日期", c.concluded_on()},
      performed{"履行日期", c.performed_on()}, archived{"归档日期", c.archived_on()}, act{"办理日期", act_day};
  // Since when the parties have been mediating: after a ruling they begin anew, with a limit of its own.
  const auto* limit = LimitToConclude(c);
  const bool anew = limit != nullptr && limit->started_on() > c.accepted_on();
  const Day begun = anew ? Day{"变更协议日期", limit->started_on()} : accepted;
  std::vector<std::pair<Day, Day>> order = {{applied, accepted},
                                            {accepted, assigned},
                                            {begun, agreed},
                                            {agreed, concluded},
                                            {assigned, concluded},
                                            {accepted, concluded},
                                            {concluded, performed},
                                            {effective, performed},
                                            {applied, act},
                                            {accepted, act},
                                            {assigned, act},
                                            {concluded, act},
                                            {effective, act},
                                            {performed, act},
                                            {concluded, archived},
                                            {performed, archived},
                                            {applied, concluded},
                                            {agreed, {"履行期限", a.perform_by()}},
                                            {begun, {"履行期限", a.perform_by()}}};
  for (const auto& session : c.sessions()) {
    const Day held{"调解日期", session.held_on()};
    order.insert(order.end(), {{accepted, held}, {assigned, held}, {held, concluded}});
  }
  std::vector<Day> signatures = {{"调解员签名日期", a.mediator_signed_on()}, {"盖章日期", a.sealed_on()}};
  for (const auto& signature : a.signatures()) signatures.push_back({"当事人签名日期", signature.signed_on()});
  for (const Day& signed_on : signatures) order.insert(order.end(), {{begun, signed_on}, {agreed, signed_on}});
  for (const auto& report : c.risk_reports()) order.push_back({applied, {"报告风险日期", report.reported_on()}});
  for (const auto& complaint : c.complaints()) {
    const Day made{"投诉日期", complaint.made_on()};
    order.insert(order.end(), {{accepted, made}, {made, {"处理投诉日期", complaint.decided_on()}}});
  }
  for (const auto& revisit : c.revisits()) {
    const Day visited{"回访日期", revisit.visited_on()};
    order.insert(order.end(), {{concluded, visited}, {visited, archived}});
  }
  for (const auto& [earlier, later] : order) {
    if (!earlier.on.empty() && !later.on.empty() && later.on < earlier.on) {
      return absl::StrCat(later.name, later.on, "早于", earlier.name, earlier.on);
    }
  }
  return "";
}

bool EveryPartySigned(const Case& c) {
  for (int i = 0; i < c.particulars().parties_size(); ++i) {
    if (!Signed(c, i)) return false;
  }
  return true;
}

bool ExtensionAgreed(const Case& c, const Facts&) { return c.extension_agreed(); }

bool LimitNotPast(const Case& c, const Facts& facts) {
  const auto* limit = LimitToConclude(c);
  return limit == nullptr || !procedure::IsPast(*limit, facts.act_day);
}
std::string LimitInWords(const Case& c, const Facts&) { return absl::StrCat("期限至", LimitToConclude(c)->due_on()); }

}  // namespace

std::vector<std::string> MissingPapers(const Case& c, const Facts& facts) {
  std::vector<std::string> missing;
  const auto need = [&](bool there, const char* name) {
    if (!there) missing.push_back(name);
  };
  if (c.accepted_on().empty()) return missing;  // withdrawn before there was a dossier
  need(HasPaper(c, Case::REGISTRATION) || HasScan(c, facts, Case::APPLICATION), "申请书或受理登记表");
  need(HasScan(c, facts, Case::IDENTITY_PROOF), "当事人身份证明的扫描件（附件）");
  // Withdrawn early it never came to these.
  if (c.mediators_size() > 0) need(HasPaper(c, Case::RIGHTS_NOTICE), "当事人权利义务告知书");
  if (c.sessions_size() > 0) need(HasPaper(c, Case::MINUTES), "调解记录");
  if (c.agreement().effective_on().empty()) return missing;  // at most a draft that came to nothing
  if (c.agreement().form() == "2") need(HasScan(c, facts, Case::AGREEMENT), "各方签署的调解协议书的扫描件（附件）");
  if (c.agreement().form() == "1") need(HasPaper(c, Case::ORAL_REGISTER), "口头协议登记表");
  return missing;
}

// A case that the court has filed: it makes its own paper of what the parties agree on, entrusted or invited.
static bool IsCourtsOwn(const Case& c) {
  const auto kind = c.particulars().diversion().kind();
  return kind == v1::Diversion::ENTRUSTED || kind == v1::Diversion::INVITED;
}

bool MayBeConfirmed(const Case& c) {
  return c.agreement().form() == "2" && !c.particulars().about_status() && !c.particulars().about_ownership() &&
         !IsCourtsOwn(c);
}

bool MayApplyForConfirmation(const Case& c) {
  const std::string& result = c.confirmation_result();
  return result.empty() || result == "WITHDRAWN" || result == "NOT_ACCEPTED";
}

const CaseGuard kNobodyRefuses = {
    "M1", "PARTY_REFUSED", "当事人明确拒绝调解，不得调解", {"人民调解法", "17"}, [](const Case& c, const Facts&) {
      const auto& parties = c.particulars().parties();
      return std::none_of(parties.begin(), parties.end(), [](const v1::Party& party) { return party.refuses(); });
    }};

const CaseGuard kIsCivilDispute = {
    "受理范围", "RESERVED_TO_OTHER_ORGAN", "法律、法规规定由专门机关管辖处理的纠纷，不得受理", {"人民调解工作若干规定", "22"},
    [](const Case& c, const Facts&) { return !c.particulars().reserved_to_other_organ(); }};

const CaseGuard kPartiesIdentified = {
    "M10", "PARTY_NOT_IDENTIFIED", "受理前应当核明各方当事人的身份（公民身份号码、统一社会信用代码或其他证件）", {"人民调解法", "27"},
    [](const Case& c, const Facts&) {
      const auto& parties = c.particulars().parties();
      return std::all_of(parties.begin(), parties.end(), Identified);
    }};

const CaseGuard kTwoSides = {
    "M10", "ONE_SIDE_ONLY", "纠纷应当有对立的双方当事人", {"人民调解法", "2"}, [](const Case& c, const Facts&) {
      std::set<int> sides;
      for (int i = 0; i < c.particulars().parties_size(); ++i) sides.insert(SideOf(c, i));
      return sides.size() >= 2;
    }};

const CaseGuard kSidesDiffer = {"M10", "SAME_PARTY_ON_BOTH_SIDES", "同一证件号码不能同时是双方的当事人", {"人民调解法", "2"},
                                [](const Case& c, const Facts& facts) { return OnBothSides(c, facts).empty(); }, OnBothSides};

const CaseGuard kFewRepresentatives = {
    "M11", "TOO_MANY_REPRESENTATIVES", "一方当事人共同推举的代表人超过规定人数", {"宁波市人民调解条例", "20"},
    [](const Case& c, const Facts& facts) {
      std::map<int, int> representatives;
      for (int i = 0; i < c.particulars().parties_size(); ++i) {
        if (c.particulars().parties(i).representative()) ++representatives[SideOf(c, i)];
      }
      return std::all_of(representatives.begin(), representatives.end(),
                         [&](const auto& side) { return side.second <= MostRepresentatives(facts); });
    },
    [](const Case&, const Facts& facts) { return absl::StrCat("至多", MostRepresentatives(facts), "人"); }};

const CaseGuard kImpartial = {
    "M7", "MEDIATOR_CONFLICTED", "调解员与本案有利害关系，当事人未同意其继续调解，应当回避",
    {"最高人民法院关于人民法院特邀调解的规定", "15"}, [](const Case& c, const Facts&) {
      return c.conflict_waived() || std::none_of(c.mediators().begin(), c.mediators().end(), [&](const auto& mediator) {
               return std::find(c.conflicted().begin(), c.conflicted().end(), mediator) != c.conflicted().end();
             });
    }};

const CaseGuard kExtensionAgreed = {"延长", "EXTENSION_WITHOUT_CONSENT", "延长调解期限应当经双方当事人同意",
                                    {"人民调解工作若干规定", "33"}, ExtensionAgreed};
const CaseGuard kCourtsExtensionAgreed = {"M5", "EXTENSION_WITHOUT_CONSENT", "延长调解期限应当经双方当事人同意",
                                          {kInvitedMediation, "27"}, ExtensionAgreed};

// What the parties agreed on in time may be entered later, with its true day.
const CaseGuard kLimitNotPast = {
    "延长", "EXTENSION_TOO_LATE", "调解期限届满后不能再同意延长；届满前已经同意的，按同意的日期补录",
    {"人民调解工作若干规定", "33"}, LimitNotPast, LimitInWords};
const CaseGuard kCourtsLimitNotPast = {
    "M5", "EXTENSION_TOO_LATE", "调解期限届满后不能再同意延长；届满前已经同意的，按同意的日期补录", kCourtsLimitOver, LimitNotPast, LimitInWords};

const CaseGuard kRoutesTold = {
    "告知", "ROUTES_NOT_TOLD", "终止调解的，应当告知当事人可以通过仲裁、行政、司法等途径维护权利", {"人民调解法", "26"},
    [](const Case& c, const Facts&) { return c.routes_told(); }};

const CaseGuard kInOrder = {
    "时序", "ACT_OUT_OF_ORDER", "所载日期先后有误", {"人民调解法", "27"},
    [](const Case& c, const Facts& facts) { return OutOfOrder(c, facts).empty(); }, OutOfOrder};

const CaseGuard kSessionInOrder = {
    "时序", "SESSION_OUT_OF_ORDER", "调解日期不能晚于记录日期", {"人民调解法", "27"}, [](const Case& c, const Facts& facts) {
      return c.sessions().empty() || c.sessions().rbegin()->held_on() <= FormatDay(facts.act_day);
    }};

const CaseGuard kUnsigned = {
    "签名", "SIGNED_ALREADY", "已有当事人签署协议，登记内容不能补正；应当重新拟定协议，或者申请更正", {"人民调解法", "29"},
    [](const Case& c, const Facts&) { return c.agreement().signatures().empty(); }};

const CaseGuard kPartiesConsent = {
    "邀请", "INVITATION_WITHOUT_CONSENT", "邀请他人参与调解，应当征得当事人同意", {"人民调解法", "20"}, [](const Case& c, const Facts&) {
      return std::all_of(c.invitations().begin(), c.invitations().end(),
                         [](const auto& invitation) { return invitation.parties_consent(); });
    }};

const CaseGuard kHasMediator = {
    "调解员", "MEDIATOR_MISSING", "本案没有承办的调解员，应当先指定调解员", {"人民调解法", "19"},
    [](const Case& c, const Facts&) { return !c.mediators().empty(); }};

const CaseGuard kHasSession = {
    "调解记录", "NO_SESSION", "尚无调解记录，不能作出调解结果", {"人民调解法", "27"},
    [](const Case& c, const Facts&) { return c.sessions_size() > 0; }};

const CaseGuard kDrafted = {
    "M2", "AGREEMENT_NOT_DRAFTED", "尚未拟定协议", {"人民调解法", "28"}, [](const Case& c, const Facts&) { return c.has_agreement(); }};

const CaseGuard kHasAgreement = {
    "M2", "AGREEMENT_MISSING", "达成协议应当有协议内容和日期", {"人民调解法", "28"},
    [](const Case& c, const Facts&) { return !c.agreement().content().empty() && !c.agreement().agreed_on().empty(); }};

const CaseGuard kEveryPartySigned = {
    "M3", "PARTY_SIGNATURE_MISSING", "各方当事人尚未全部签名、盖章或按指印，协议书未生效", {"人民调解法", "29"},
    [](const Case& c, const Facts&) { return EveryPartySigned(c); }};

const CaseGuard kMediatorSigned = {
    "M3", "MEDIATOR_SIGNATURE_MISSING", "人民调解员尚未签名，协议书未生效", {"人民调解法", "29"},
    [](const Case& c, const Facts&) { return !c.agreement().mediator_signed_on().empty(); }};

const CaseGuard kSealApplied = {
    "M3", "SEAL_MISSING", "尚未加盖人民调解委员会印章，协议书未生效", {"人民调解法", "29"},
    [](const Case& c, const Facts&) { return !c.agreement().sealed_on().empty(); }};

const CaseGuard kIsWritten = {
    "M2", "AGREEMENT_NOT_WRITTEN", "口头协议未制作书面协议的，不能申请司法确认", kJointApplication,
    [](const Case& c, const Facts&) { return c.agreement().form() == "2"; }};

const CaseGuard kIsOral = {"M2", "AGREEMENT_WRITTEN", "协议已经是书面协议", {"人民调解法", "28"},
                           [](const Case& c, const Facts&) { return c.agreement().form() == "1"; }};

const CaseGuard kIsConfirmable = {
    "M6", "NOT_CONFIRMABLE", "涉及身份关系确认或者物权、知识产权确权的，人民法院不予受理司法确认申请",
    kNotAccepted, [](const Case& c, const Facts&) { return MayBeConfirmed(c); }};

const CaseGuard kConfirmationInTime = {
    "M4", "CONFIRMATION_TOO_LATE", "申请司法确认应当自调解协议生效之日起三十日内共同提出", kJointApplication,
    [](const Case& c, const Facts& facts) {
      const auto* limit = procedure::FindClock(c.clocks(), "CONFIRM");
      return limit != nullptr && !procedure::IsPast(*limit, facts.act_day);
    }};

const CaseGuard kNotEntrusted = {
    "司法确认", "ENTRUSTED_BY_COURT", "人民法院立案后委托调解达成的协议，由该法院审查制作调解书，不适用司法确认", {kInvitedMediation, "20"},
    [](const Case& c, const Facts&) { return c.particulars().diversion().kind() != v1::Diversion::ENTRUSTED; }};

const CaseGuard kNotInvited = {
    "司法确认", "INVITED_BY_COURT", "人民法院在审理中邀请协助调解达成的协议，由该法院制作调解书，不适用司法确认", kInvitedToAssist,
    [](const Case& c, const Facts&) { return c.particulars().diversion().kind() != v1::Diversion::INVITED; }};

const CaseGuard kDiversionStated = {
    "M5", "DIVERSION_MISSING", "法院移送的案件应当载明移送法院和移送方式（委派、委托、邀请协助），其他来源的案件不得填写", {kInvitedMediation, "27"},
    [](const Case& c, const Facts&) { return (c.particulars().source() == kFromCourt) == c.particulars().has_diversion(); }};

const CaseGuard kConfirmationFailed = {
    "司法确认", "AGREEMENT_NOT_DISMISSED", "人民法院不予受理或者裁定驳回司法确认申请的，当事人可以通过调解方式变更原协议或者达成新的协议", kRuling,
    [](const Case& c, const Facts&) { return c.confirmation_result() == "DISMISSED" || c.confirmation_result() == "NOT_ACCEPTED"; }};

const CaseGuard kNotDismissed = {
    "司法确认", "CONFIRMATION_DISMISSED",
    "人民法院已裁定驳回司法确认申请；当事人可以通过调解方式变更原协议或者达成新的协议，也可以向人民法院提起诉讼", kRuling,
    [](const Case& c, const Facts&) { return c.confirmation_result() != "DISMISSED"; }};

const CaseGuard kNoConfirmationYet = {
    "司法确认", "CONFIRMATION_PENDING", "本协议已申请司法确认", kJointApplication,
    [](const Case& c, const Facts&) { return MayApplyForConfirmation(c); }};

const CaseGuard kAfterLastResult = {
    "时序", "ACT_OUT_OF_ORDER", "办理日期不能早于司法确认前一次有结果的日期", kRuling,
    [](const Case& c, const Facts& facts) { return FormatDay(facts.act_day) >= c.confirmation_result_on(); },
    [](const Case& c, const Facts&) { return c.confirmation_result_on(); }};

const CaseGuard kNoOpenConfirmation = {
    "司法确认", "CONFIRMATION_OPEN", "司法确认正在人民法院办理，裁定入卷后才能归档", {"人民调解法", "27"},
    [](const Case& c, const Facts&) { return c.confirmation_result() != "APPLIED" && c.confirmation_result() != "ACCEPTED"; }};

const CaseGuard kDossierComplete = {
    "M9", "DOSSIER_INCOMPLETE", "卷宗必备文书不齐，不能归档", {"人民调解法", "27"},
    [](const Case& c, const Facts& facts) { return MissingPapers(c, facts).empty(); },
    [](const Case& c, const Facts& facts) { return absl::StrCat("缺", absl::StrJoin(MissingPapers(c, facts), "、")); }};

const CaseGuard kScanBelongs = {
    "卷宗", "ATTACHMENT_UNKNOWN", "所指的附件不存在、已撤出或者不属于本案", {"人民调解法", "27"}, [](const Case& c, const Facts& facts) {
      const std::string& named = c.papers().rbegin()->attachment();  // the one that this act adds
      return named.empty() || std::any_of(facts.files.begin(), facts.files.end(),
                                          [&](const procedure::File& file) { return file.id == named; });
    }};

const CaseGuard kNotOpenedHere = {
    "导入", "CASE_OPENED_HERE", "在本系统受理的案件作废后不能再导入", {"人民调解法", "27"},
    [](const Case& c, const Facts&) { return c.applied_on().empty(); }};

}  // namespace sifa::mediation
