#include "services/identity/account_procedure.h"

#include "services/identity/posts.h"

namespace sifa::identity {
namespace {

using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;
using A = v1::Account;

// 网络安全等级保护基本要求, level three: 身份鉴别、访问控制、安全管理中心.
constexpr procedure::Law kAuthentication = {"网络安全等级保护基本要求（GB/T 22239-2019）", "8.1.4.1"};
constexpr procedure::Law kAccess = {"网络安全等级保护基本要求（GB/T 22239-2019）", "8.1.4.2"};
constexpr procedure::Law kAdministrators = {"网络安全等级保护基本要求（GB/T 22239-2019）", "8.1.5"};

constexpr Guard<A> kNotOneself = {"A1", "OWN_ACCOUNT", "不能对自己的账号办理此事项", kAccess,
                                  [](const A& a, const Facts& facts) { return facts.actor != a.id(); }};
constexpr Guard<A> kOneself = {"A2", "NOT_OWN_ACCOUNT", "只能对自己的账号办理此事项", kAuthentication,
                               [](const A& a, const Facts& facts) { return facts.actor == a.id(); }};

// A3. 系统管理员、安全管理员、审计管理员三员分立: no two of the three roles in one account at the same time.
bool AdministratorsApart(const A& account, const Facts&) {
  for (const auto& one : account.posts()) {
    if (!IsAdministrator(one.role())) continue;
    for (const auto& other : account.posts()) {
      if (IsAdministrator(other.role()) && other.role() != one.role() && Overlap(one, other)) return false;
    }
  }
  return true;
}
constexpr Guard<A> kAdministratorsApart = {
    "A3", "ADMINISTRATORS_NOT_SEPARATE",
    "系统管理员、安全管理员、审计管理员应当分设，同一账号不能同时担任其中两种", kAdministrators,
    &AdministratorsApart};
// A4. Administrators work on no cases, nor for another one (代理): they could hide what they did there.
bool AdministratorsOnlyAdminister(const A& account, const Facts&) {
  for (const auto& one : account.posts()) {
    if (!IsAdministrator(one.role())) continue;
    for (const auto& other : account.posts()) {
      if (!IsAdministrator(other.role()) && Overlap(one, other)) return false;
    }
    for (const auto& acting : account.acting()) {
      if (Overlap(one, acting)) return false;
    }
  }
  return true;
}
constexpr Guard<A> kAdministratorsOnlyAdminister = {"A4", "ADMINISTRATOR_WITH_OTHER_POST",
                                                    "管理员账号不能同时担任或代理业务岗位", kAdministrators,
                                                    &AdministratorsOnlyAdminister};
constexpr Guard<A> kNotForOneself = {"A5", "ACTING_FOR_ONESELF", "不能代理自己或移交给自己", kAccess,
                                     [](const A& a, const Facts&) {
                                       for (const auto& acting : a.acting()) {
                                         if (acting.principal() == a.id()) return false;
                                       }
                                       for (const auto& handover : a.handovers()) {
                                         if (handover.to() == a.id()) return false;
                                       }
                                       return true;
                                     }};
constexpr Guard<A> kTotpPending = {
    "A6", "TOTP_NOT_ENROLLED", "请先登记动态口令", kAuthentication,
    [](const A& a, const Facts&) { return !a.credentials().pending_totp_secret().empty(); }};
constexpr Guard<A> kTotpEnabled = {"A7", "TOTP_NOT_ENABLED", "该账号未启用动态口令", kAuthentication,
                                   [](const A& a, const Facts&) { return a.totp_enabled(); }};

// Else a stolen session could put its own second factor in the place of the owner's.
constexpr Guard<A> kTotpNotEnabled = {"A8", "TOTP_ENABLED_ALREADY", "已启用动态口令，更换前须由两名管理员办理解除",
                                      kAuthentication, [](const A& a, const Facts&) { return !a.totp_enabled(); }};

// A reset needs two administrators: neither alone ever holds the code (三员分立、双人控制).
constexpr Guard<A> kResetAsked = {"A9", "RESET_NOT_ASKED", "该账号没有待复核的重置申请", kAdministrators,
                                  [](const A& a, const Facts&) { return a.has_reset() && a.reset().confirmed_by().empty(); }};
constexpr Guard<A> kAnotherAdministrator = {"A10", "SAME_ADMINISTRATOR", "申请和复核应由两名管理员分别办理", kAdministrators,
                                            [](const A& a, const Facts& facts) { return facts.actor != a.reset().asked_by(); }};
constexpr Guard<A> kResetConfirmed = {"A11", "RESET_NOT_CONFIRMED", "该账号的重置尚未经另一名管理员复核", kAdministrators,
                                      [](const A& a, const Facts&) { return !a.reset().confirmed_by().empty(); }};

constexpr procedure::States kUsable = {A::ACTIVE, A::LOCKED};
constexpr procedure::States kAny = {A::ACTIVE, A::LOCKED, A::DISABLED};

constexpr Row<A> kRows[] = {
    {.act = A::CREATE,
     .from = {A::STATE_UNSPECIFIED},
     .to = A::ACTIVE,
     .checks = {&kAdministratorsApart, &kAdministratorsOnlyAdminister},
     .law = kAuthentication},
    {.act = A::EDIT, .from = kAny, .law = kAuthentication},
    {.act = A::DISABLE, .from = kUsable, .to = A::DISABLED, .guards = {&kNotOneself}, .law = kAccess},
    {.act = A::ENABLE, .from = {A::DISABLED}, .to = A::ACTIVE, .guards = {&kNotOneself}, .law = kAccess},
    {.act = A::HAND_OVER, .from = kAny, .checks = {&kNotForOneself}, .law = kAccess},

    {.act = A::GRANT_POST,
     .from = kUsable,
     .guards = {&kNotOneself},
     .checks = {&kAdministratorsApart, &kAdministratorsOnlyAdminister},
     .law = kAdministrators},
    // Only ever shortens a post, so that no rule of what may meet can be broken by it.
    {.act = A::END_POST, .from = kAny, .guards = {&kNotOneself}, .law = kAccess},
    {.act = A::SET_ACTING,
     .from = kUsable,
     .guards = {&kNotOneself},
     .checks = {&kNotForOneself, &kAdministratorsOnlyAdminister},
     .law = kAccess},
    {.act = A::END_ACTING, .from = kAny, .guards = {&kNotOneself}, .law = kAccess},

    {.act = A::RESET_PASSWORD, .from = kUsable, .guards = {&kNotOneself}, .law = kAuthentication},
    {.act = A::REMOVE_TOTP, .from = kUsable, .guards = {&kNotOneself, &kTotpEnabled}, .law = kAuthentication},
    {.act = A::CONFIRM_RESET,
     .from = kUsable,
     .guards = {&kNotOneself, &kResetAsked, &kAnotherAdministrator},
     .law = kAdministrators},
    {.act = A::UNLOCK, .from = {A::LOCKED}, .to = A::ACTIVE, .guards = {&kNotOneself}, .law = kAuthentication},

    {.act = A::CHANGE_PASSWORD, .from = kUsable, .guards = {&kOneself}, .law = kAuthentication},
    {.act = A::ENROL_TOTP, .from = kUsable, .guards = {&kOneself, &kTotpNotEnabled}, .law = kAuthentication},
    {.act = A::CONFIRM_TOTP, .from = kUsable, .guards = {&kOneself, &kTotpPending}, .law = kAuthentication},

    // By the holder, who has the code instead of a session.
    {.act = A::REDEEM_RESET, .from = kUsable, .level = Level::kSystem, .guards = {&kResetConfirmed}, .law = kAuthentication},
    {.act = A::RENEW_HASH, .from = kUsable, .level = Level::kSystem, .law = kAuthentication},
    {.act = A::LOCK, .from = {A::ACTIVE}, .to = A::LOCKED, .level = Level::kSystem, .law = kAuthentication},
    {.act = A::RELEASE, .from = {A::LOCKED}, .to = A::ACTIVE, .level = Level::kSystem, .law = kAuthentication},
};

}  // namespace

constexpr procedure::Procedure<v1::Account> kAccountProcedure = {
    .name = "账号",
    .rows = kRows,
    .states = &v1::Account::State_descriptor,
    .acts = &v1::Account::Act_descriptor,
};

}  // namespace sifa::identity
