#include "services/identity/verify.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/casework/objects.h"
#include "libs/casework/store.h"
#include "libs/core/status.h"
#include "libs/mysql/snapshot.h"
#include "services/identity/account_procedure.h"
#include "services/identity/organisation_procedure.h"
#include "services/identity/revocations.h"
#include "services/identity/session_store.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

using Texts = std::map<std::string, std::string>;

class Check {
 public:
  Check(mysql::Connection& connection, const crypto::Keyring& keyring, const casework::Objects& objects,
        std::vector<journal::Finding>* findings)
      : connection_(connection), keyring_(keyring), objects_(objects), store_(keyring), findings_(findings) {}

  absl::Status Run() {
    Texts names, codes;
    const auto& accounts = objects_.Of<v1::Account>();
    RETURN_IF_ERROR(EachObject<v1::Account>(
        accounts, [&](const Id& id, const v1::Account& account) { names[account.account()] = std::string(id.AsBytes()); }));
    const auto& organisations = objects_.Of<v1::Organisation>();
    RETURN_IF_ERROR(EachObject<v1::Organisation>(organisations, [&](const Id& id, const v1::Organisation& o) {
      codes[o.organisation()] =
          absl::StrCat(id.AsBytes(), "/", o.parent_code(), "/", o.state() == v1::Organisation::DISSOLVED ? 1 : 0);
    }));
    RETURN_IF_ERROR(Compare("登录名 ", names, "SELECT name, account_id FROM login"));
    RETURN_IF_ERROR(
        Compare("机构代码 ", codes, "SELECT code, CONCAT(object_id, '/', parent_code, '/', dissolved) FROM organisation"));
    ASSIGN_OR_RETURN(const auto sessions, AlteredSessions(keyring_, connection_));
    for (const Id& id : sessions) Find("登录会话 ", id.ToString(), "不是系统写入的内容");
    ASSIGN_OR_RETURN(const auto revocations, AlteredRevocations(keyring_, connection_));
    for (int64_t position : revocations) Find("撤销记录 ", absl::StrCat(position), "被改动或不见了");
    ASSIGN_OR_RETURN(const auto keys, casework::AlteredKeys(TokenKeyTerms(), keyring_, connection_));
    for (const std::string& id : keys) Find("令牌密钥 ", id, "不是系统生成的密钥");
    return absl::OkStatus();
  }

 private:
  // Objects whose body cannot be read are a finding of the check of objects.
  template <class T, class F>
  absl::Status EachObject(const casework::ObjectType& type, F f) {
    ASSIGN_OR_RETURN(const auto ids, connection_.Query("SELECT id FROM object WHERE type = ?", {type.name}));
    for (const auto& row : ids) {
      const auto stored = store_.Load(connection_, type, row.AsId(0), casework::Lock::kNone);
      if (absl::IsUnavailable(stored.status())) return stored.status();
      if (stored.ok() && *stored) f(row.AsId(0), static_cast<const T&>(*(*stored)->object));
    }
    return absl::OkStatus();
  }

  absl::Status Compare(absl::string_view what, Texts right, absl::string_view select) {
    ASSIGN_OR_RETURN(const auto rows, connection_.Query(select));
    for (const auto& row : rows) {
      const auto of = right.find(row.Bytes(0));
      if (of == right.end()) {
        Find(what, row.Bytes(0), "没有对应的对象");
      } else {
        if (of->second != row.Bytes(1)) Find(what, row.Bytes(0), "与对象不符");
        right.erase(of);
      }
    }
    for (const auto& [key, value] : right) Find(what, key, "不见了");
    return absl::OkStatus();
  }

  void Find(absl::string_view what, absl::string_view which, absl::string_view text) {
    findings_->push_back({"IDENTITY_CHANGED", 0, "", absl::StrCat(what, which, "：", text)});
  }

  mysql::Connection& connection_;
  const crypto::Keyring& keyring_;
  const casework::Objects& objects_;
  const casework::Store store_;
  std::vector<journal::Finding>* findings_;
};

}  // namespace

absl::Status VerifyIdentity(mysql::Pool& pool, const crypto::Keyring& keyring, const casework::Objects& objects,
                            std::vector<journal::Finding>* findings) {
  return mysql::InSnapshot(
      pool, [&](mysql::Connection& connection) -> absl::Status { return Check(connection, keyring, objects, findings).Run(); });
}

}  // namespace sifa::identity
