// The rules of identity that need no database: passwords, periods of posts, the tables of the procedures, and
// the roles as they are configured.
#include <catch2/catch.hpp>
#include <set>

#include "libs/core/status.h"
#include "libs/procedure/engine.h"
#include "libs/rpc/authority.h"
#include "services/identity/account_procedure.h"
#include "services/identity/organisation_procedure.h"
#include "services/identity/password_rules.h"
#include "services/identity/posts.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

std::string Verdict(absl::string_view password, absl::string_view account = "wang.jianguo") {
  return ReasonOf(CheckPassword("new_password", password, account));
}

v1::Post PostOf(const std::string& role, const std::string& from = "2024-01-01", const std::string& to = "") {
  v1::Post post;
  post.set_role(role);
  post.set_valid_from(from);
  post.set_valid_to(to);
  return post;
}

// The reason for which an act is refused to `actor`; "" where it is allowed.
std::string Refusal(int act, A account, const std::string& actor,
                    const std::function<absl::Status(A&)>& change = {}) {
  static const calendar::Calendar calendar;
  procedure::Facts facts;
  facts.act_day = facts.today = absl::CivilDay(2026, 3, 2);
  facts.calendar = &calendar;
  facts.actor = actor;
  const auto row = procedure::FindRow(kAccountProcedure, act, account, facts.act_day);
  if (!row.ok()) return ReasonOf(row.status());
  return ReasonOf(procedure::Perform<A>(kAccountProcedure, **row, facts, change, &account).status());
}

A Holding(std::initializer_list<v1::Post> posts) {
  A account;
  account.set_id("ME");
  account.set_state(A::ACTIVE);
  for (const auto& post : posts) *account.add_posts() = post;
  return account;
}

}  // namespace

TEST_CASE(
    "A password has ten characters of three classes, not the account's name, and is not one that everybody "
    "tries") {
  CHECK(Verdict("Kw7-tmxdrp") == "");
  CHECK(Verdict("Kw7-tmxdr") == "PASSWORD_TOO_SHORT");
  CHECK(Verdict("abcdefghij1") == "PASSWORD_TOO_SIMPLE");
  CHECK(Verdict("人民调解人民调解人民Aa") == "");
  CHECK(Verdict("Wang.Jianguo2024") == "PASSWORD_HAS_ACCOUNT");
  CHECK(Verdict("wang-jianGuo-77") == "PASSWORD_HAS_ACCOUNT");
  CHECK(Verdict("Password123!") == "PASSWORD_COMMON");
  CHECK(Verdict("12345-67890-!a", "x") == "");
  CHECK(Verdict("Admin@2024-888") == "PASSWORD_COMMON");
}

TEST_CASE("A one-time password keeps the rules, whatever it is made from") {
  for (int seed = 0; seed < 256; ++seed) {
    const std::string password = OneTimePassword(std::string(16, static_cast<char>(seed)));
    CHECK(Verdict(password) == "");
  }
}

TEST_CASE("Both ends of a post belong to it") {
  const v1::Post post = PostOf("mediator", "2024-03-01", "2024-03-31");
  CHECK_FALSE(ValidOn(post, absl::CivilDay(2024, 2, 29)));
  CHECK(ValidOn(post, absl::CivilDay(2024, 3, 1)));
  CHECK(ValidOn(post, absl::CivilDay(2024, 3, 31)));
  CHECK_FALSE(ValidOn(post, absl::CivilDay(2024, 4, 1)));
  CHECK(Overlap(post, PostOf("auditor", "2024-03-31")));
  CHECK_FALSE(Overlap(post, PostOf("auditor", "2024-04-01")));
}

TEST_CASE("GB/T 22239 三员分立: no account holds two administrators' roles at the same time") {
  const auto grant = [](const std::string& role, const std::string& from = "2024-01-01") {
    return [=](A& account) {
      *account.add_posts() = PostOf(role, from);
      return absl::OkStatus();
    };
  };
  for (const char* held : {"system_admin", "security_admin", "auditor"}) {
    for (const char* other : {"system_admin", "security_admin", "auditor"}) {
      CAPTURE(held, other);
      const std::string expected = std::string(held) == other ? "" : "ADMINISTRATORS_NOT_SEPARATE";
      CHECK(Refusal(A::GRANT_POST, Holding({PostOf(held)}), "OTHER", grant(other)) == expected);
    }
    CHECK(Refusal(A::GRANT_POST, Holding({PostOf(held)}), "OTHER", grant("mediator")) ==
          "ADMINISTRATOR_WITH_OTHER_POST");
  }
  // One after the other is no conflict.
  CHECK(Refusal(A::GRANT_POST, Holding({PostOf("system_admin", "2024-01-01", "2024-12-31")}), "OTHER",
                grant("auditor", "2025-01-01")) == "");
}

TEST_CASE("Nobody grants to himself, and nobody but oneself changes a password") {
  CHECK(Refusal(A::GRANT_POST, Holding({}), "ME") == "OWN_ACCOUNT");
  CHECK(Refusal(A::SET_ACTING, Holding({}), "ME") == "OWN_ACCOUNT");
  CHECK(Refusal(A::RESET_PASSWORD, Holding({}), "ME") == "OWN_ACCOUNT");
  CHECK(Refusal(A::DISABLE, Holding({}), "ME") == "OWN_ACCOUNT");
  CHECK(Refusal(A::CHANGE_PASSWORD, Holding({}), "OTHER") == "NOT_OWN_ACCOUNT");
  CHECK(Refusal(A::CHANGE_PASSWORD, Holding({}), "ME") == "");
}

TEST_CASE("An act is allowed in its states only") {
  A disabled = Holding({});
  disabled.set_state(A::DISABLED);
  CHECK(Refusal(A::GRANT_POST, disabled, "OTHER") == "ACTION_NOT_ALLOWED");
  CHECK(Refusal(A::CHANGE_PASSWORD, disabled, "ME") == "ACTION_NOT_ALLOWED");
  CHECK(Refusal(A::UNLOCK, Holding({}), "OTHER") == "ACTION_NOT_ALLOWED");
  CHECK(Refusal(A::CONFIRM_TOTP, Holding({}), "ME") == "TOTP_NOT_ENROLLED");
}

TEST_CASE("An organisation with others below it is neither moved nor dissolved, and the root never") {
  using O = v1::Organisation;
  O organisation;
  organisation.set_state(O::ESTABLISHED);
  organisation.set_organisation("330783001");
  organisation.set_parent_code("330783");
  const std::vector<std::string> child = {"Organisation"};
  procedure::Facts facts;
  for (int act : {O::MOVE, O::DISSOLVE}) {
    const auto row =
        *procedure::FindRow(kOrganisationProcedure, act, organisation, O::ESTABLISHED, absl::CivilDay(2026, 3, 2));
    facts.open_children = child;
    CHECK(ReasonOf(procedure::CheckAll(row->guards, organisation, facts)) == "ORGANISATION_HAS_CHILDREN");
    facts.open_children.emplace();
    CHECK(procedure::CheckAll(row->guards, organisation, facts).ok());
    O root = organisation;
    root.clear_parent_code();
    CHECK(ReasonOf(procedure::CheckAll(row->guards, root, facts)) == "ORGANISATION_IS_ROOT");
  }
}

TEST_CASE("No administrator's role holds a permission of another one, nor any of a case") {
  const auto authority = rpc::Authority::Load(std::string(SIFA_ROOT) + "/config");
  REQUIRE(authority.ok());
  std::set<std::string> changing[3];
  int i = 0;
  for (const char* role : {"system_admin", "security_admin", "auditor"}) {
    REQUIRE(authority->FindRole(role) != nullptr);
    for (const auto& permission : authority->FindRole(role)->permissions()) {
      CAPTURE(role, permission);
      CHECK(permission.find('*') == std::string::npos);
      CHECK(permission.rfind("mediation.case", 0) != 0);
      if (permission.size() < 5 || permission.substr(permission.size() - 5) != ".read")
        changing[i].insert(permission);
    }
    ++i;
  }
  CHECK(changing[2].empty());  // who audits changes nothing
  for (const auto& permission : changing[0]) CHECK(changing[1].count(permission) == 0);
}

}  // namespace sifa::identity
