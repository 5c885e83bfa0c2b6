#include "services/identity/account_table.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/core/status.h"
#include "services/identity/organisation_table.h"
#include "services/identity/posts.h"
#include "services/identity/revocations.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

template <class Field>
bool Differ(const Field& a, const Field& b) {
  if (a.size() != b.size()) return true;
  for (int i = 0; i < a.size(); ++i) {
    if (!google::protobuf::util::MessageDifferencer::Equals(a[i], b[i])) return true;
  }
  return false;
}

// Those who act for this account hold its posts too.
absl::Status RevokeTokensOfActing(const casework::Backend& backend, mysql::Connection& connection,
                                  const A& principal) {
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(
          "SELECT object_id FROM term WHERE type = 'Account' AND kind = 'acts_for' AND value = ?",
          {principal.id()}));
  for (const auto& row : rows) RETURN_IF_ERROR(RevokeTokens(backend, connection, row.AsId(0)));
  return absl::OkStatus();
}

absl::Status AddGrants(const casework::Backend& backend, mysql::Connection& connection, const A& holder,
                       const std::string& acting_for, absl::CivilDay day, std::vector<v1::TokenGrant>* grants) {
  for (const v1::Post& post : holder.posts()) {
    if (!ValidOn(post, day) || (!acting_for.empty() && IsAdministrator(post.role()))) continue;
    ASSIGN_OR_RETURN(const auto organisation, FindOrganisation(backend, connection, post.organisation()));
    if (!organisation || organisation->dissolved) continue;
    auto& grant = grants->emplace_back();
    grant.set_role(post.role());
    grant.set_organisation(organisation->code);
    grant.set_path(organisation->path);
    grant.set_level(organisation->level);
    grant.set_descendants(post.descendants());
    grant.set_acting_for(acting_for);
    if (post.person().empty()) continue;
    // His own records, wherever in the county they are kept.
    grant.set_path(absl::StrCat(organisation->path, post.person(), "/"));
    grant.set_level(0);
    grant.set_descendants(true);
  }
  return absl::OkStatus();
}

}  // namespace

std::string NormalName(absl::string_view name) {
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(name));
}

absl::StatusOr<std::optional<A>> LoadAccount(const casework::Backend& backend, mysql::Connection& connection,
                                             const casework::ObjectType& type, const Id& id, bool lock) {
  ASSIGN_OR_RETURN(auto stored, backend.store.Load(connection, type, id, lock ? casework::Lock::kExclusive : casework::Lock::kNone));
  if (!stored) return std::nullopt;
  return std::move(static_cast<A&>(*stored->object));
}

absl::StatusOr<std::optional<Id>> FindAccountId(const casework::Backend& backend, mysql::Connection& connection,
                                                const casework::ObjectType& type, const std::string& text) {
  const std::string name = NormalName(text);
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT account_id FROM login WHERE name = ?", {name}));
  if (!rows.empty()) {
    // The account itself says what it is called.
    ASSIGN_OR_RETURN(const auto account, LoadAccount(backend, connection, type, rows[0].AsId(0)));
    if (!account || account->account() != name) return Internal(absl::StrCat("row of another account: ", name));
    return rows[0].AsId(0);
  }
  const auto id = ParseId(text);
  if (!id.ok()) return std::nullopt;
  return *id;
}

casework::Index IndexOfAccount(const A& account) {
  casework::Index index{.terms = {{"account", account.account()}},
                        .blind = {{"phone", account.phone()}},
                        .names = {account.display_name()}};
  for (const auto& post : account.posts()) {
    index.terms.push_back({"role", post.role()});
    index.terms.push_back({"post_at", post.organisation()});
  }
  for (const auto& acting : account.acting()) index.terms.push_back({"acts_for", acting.principal()});
  return index;
}

absl::Status ProjectAccount(const casework::Backend& backend, mysql::Connection& connection, const A* before,
                            const A& after) {
  ASSIGN_OR_RETURN(const Id id, ParseId(after.id()));
  if (before == nullptr) {
    const auto inserted = connection.Execute("INSERT INTO login (name, account_id) VALUES (?, ?)", {after.account(), id});
    if (absl::IsAlreadyExists(inserted.status())) {
      return Error(absl::StatusCode::kAlreadyExists, "ACCOUNT_TAKEN",
                   absl::StrCat("账号名 ", after.account(), " 已被使用"));
    }
    return inserted.status();
  }
  const bool disabled = before->state() != after.state() && after.state() == A::DISABLED;
  // A hash that was only renewed has put no former password behind it.
  const auto& former = after.credentials().former_hashes();
  const bool new_password = before->credentials().password_hash() != after.credentials().password_hash() &&
                            !former.empty() && former[0] == before->credentials().password_hash();
  const bool other_posts = Differ(before->posts(), after.posts());
  if (disabled || other_posts) RETURN_IF_ERROR(RevokeTokensOfActing(backend, connection, after));
  if (disabled || other_posts || Differ(before->acting(), after.acting()))
    RETURN_IF_ERROR(RevokeTokens(backend, connection, id));
  if (disabled || new_password) RETURN_IF_ERROR(EndSessions(backend, connection, id, Id{}).status());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::TokenGrant>> OwnGrantsOn(const casework::Backend& backend, mysql::Connection& connection,
                                                        const A& account, absl::CivilDay day) {
  std::vector<v1::TokenGrant> grants;
  RETURN_IF_ERROR(AddGrants(backend, connection, account, "", day, &grants));
  return grants;
}

absl::StatusOr<std::vector<v1::TokenGrant>> GrantsOn(const casework::Backend& backend,
                                                     mysql::Connection& connection,
                                                     const casework::ObjectType& type, const A& account,
                                                     absl::CivilDay day) {
  std::vector<v1::TokenGrant> grants;
  RETURN_IF_ERROR(AddGrants(backend, connection, account, "", day, &grants));
  for (const v1::Acting& acting : account.acting()) {
    // What an earlier version let be set against A4 gives nothing.
    if (!ValidOn(acting, day) || IsAdministratorOn(account, day)) continue;
    ASSIGN_OR_RETURN(const Id principal_id, ParseId(acting.principal()));
    ASSIGN_OR_RETURN(const auto principal, LoadAccount(backend, connection, type, principal_id));
    if (!principal || principal->state() == A::DISABLED) continue;
    RETURN_IF_ERROR(AddGrants(backend, connection, *principal, principal->id(), day, &grants));
  }
  return grants;
}

}  // namespace sifa::identity
