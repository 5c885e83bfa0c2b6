#include "services/enforcement/officer_code.h"

#include <qrencode.h>

#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "libs/casework/queries.h"
#include "libs/contract/json.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "sifa/identity/v1/token.pb.h"

namespace sifa::enforcement {
namespace {

constexpr char kOfficerType[] = "sifa-officer";
constexpr char kRevocationsType[] = "sifa-revocations";
// The list is read by anybody and is as fresh as this.
constexpr absl::Duration kListStays = absl::Seconds(10);

google::protobuf::Timestamp Stamp(absl::Time at) {
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(absl::ToUnixSeconds(at));
  return stamp;
}

class OfficerCodes {
 public:
  explicit OfficerCodes(const casework::Service& service)
      : backend_(service.backend()),
        type_(backend_.objects->Of<Officer>()),
        keys_(backend_, OfficerKeyTerms(), service.holder()) {}

  absl::Status Refresh() { return keys_.Refresh(); }

  absl::StatusOr<v1::OfficerCode> GetOfficerCode(rpc::Call& call, const v1::GetOfficerRequest& r) {
    ASSIGN_OR_RETURN(const auto found, casework::GetObject(backend_, type_, call, r.id()));
    if (!call.unmasked()) return InvalidField("purpose", "PURPOSE_REQUIRED", "证件码载有姓名，请说明查看的用途");
    const auto& officer = static_cast<const Officer&>(*found);
    const Certificate* certificate = CertificateOn(officer, FormatDay(call.today()));
    if (certificate == nullptr) {
      return Error(absl::StatusCode::kFailedPrecondition, "CERTIFICATE_NOT_VALID", "该人员今日没有有效的行政执法证");
    }
    v1::OfficerCode code;
    ASSIGN_OR_RETURN(*code.mutable_text(), Sign(kOfficerType, CardOf(officer, *certificate, call.now())));
    code.set_svg(QrSvg(code.text()));
    return code;
  }

  absl::StatusOr<v1::Revocations> ListRevocations(rpc::Call& call, const v1::ListRevocationsRequest&) {
    absl::MutexLock lock(&mutex_);
    if (call.now() - listed_at_ < kListStays) return list_;
    v1::RevocationList list;
    *list.mutable_issued_at() = Stamp(call.now());
    RETURN_IF_ERROR(EachWithdrawn([&](const Officer& officer) {
      for (v1::RevokedCertificate& one : RevokedOf(officer, FormatDay(call.today()))) *list.add_revoked() = std::move(one);
    }));
    ASSIGN_OR_RETURN(*list_.mutable_text(), Sign(kRevocationsType, list));
    *list_.mutable_issued_at() = list.issued_at();
    list_.set_count(list.revoked_size());
    listed_at_ = call.now();
    return list_;
  }

  absl::StatusOr<identity::v1::JsonWebKeySet> ListOfficerKeys(rpc::Call&, const v1::ListOfficerKeysRequest&) {
    RETURN_IF_ERROR(RequireKeys());
    identity::v1::JsonWebKeySet keys;
    for (const casework::SigningKey& key : keys_.Published()) casework::FillJsonWebKey(key, keys.add_keys());
    return keys;
  }

 private:
  // Another process may be making the first key while this one starts.
  absl::Status RequireKeys() { return keys_.Published().empty() ? keys_.Refresh() : absl::OkStatus(); }

  absl::StatusOr<std::string> Sign(absl::string_view type, const google::protobuf::Message& message) {
    RETURN_IF_ERROR(RequireKeys());
    return SignJws(keys_.Signing(), type, message);
  }

  absl::Status EachWithdrawn(const std::function<void(const Officer&)>& use) const {
    casework::ListQuery query;
    query.scopes = {"/"};
    query.terms = {{"withdrawn", "1"}};
    query.limit = 1000;
    return backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      for (;;) {
        ASSIGN_OR_RETURN(const auto page, backend_.store.List(connection, type_, query));
        for (const auto& stored : page) use(static_cast<const Officer&>(*stored.object));
        if (static_cast<int>(page.size()) < query.limit) return absl::OkStatus();
        query.GoOnAfter(type_, page.back());
      }
    });
  }

  const casework::Backend& backend_;
  const casework::ObjectType& type_;
  casework::SigningKeys keys_;
  absl::Mutex mutex_;
  v1::Revocations list_ ABSL_GUARDED_BY(mutex_);
  absl::Time listed_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace

absl::StatusOr<std::string> SignJws(const casework::SigningKey& key, absl::string_view type,
                                    const google::protobuf::Message& message) {
  std::string json;
  RETURN_IF_ERROR(contract::WireToJson(contract::TableOf(message.GetDescriptor()), message.SerializeAsString(), &json));
  const std::string header = absl::StrCat(R"({"alg":"EdDSA","typ":")", type, R"(","kid":")", key.id, "\"}");
  const std::string signed_part = absl::StrCat(absl::WebSafeBase64Escape(header), ".", absl::WebSafeBase64Escape(json));
  ASSIGN_OR_RETURN(const std::string signature,
                   crypto::GetSuite(crypto::SuiteId::kInternational).Sign(key.private_pem, signed_part));
  return absl::StrCat(signed_part, ".", absl::WebSafeBase64Escape(signature));
}

v1::OfficerCard CardOf(const Officer& officer, const Certificate& certificate, absl::Time now) {
  v1::OfficerCard card;
  card.set_number(certificate.number());
  card.set_name(officer.name());
  card.set_agency(certificate.agency_name());
  card.set_district(certificate.district());
  card.set_from(certificate.from());
  card.set_to(certificate.to());
  *card.mutable_issued_at() = Stamp(now);
  return card;
}

std::vector<v1::RevokedCertificate> RevokedOf(const Officer& officer, const std::string& day) {
  std::vector<v1::RevokedCertificate> revoked;
  const auto add = [&](const Certificate& certificate, const std::string& since, v1::RevokedCertificate::Why why) {
    v1::RevokedCertificate& one = revoked.emplace_back();
    one.set_number(certificate.number());
    one.set_from(certificate.from());
    one.set_since(since);
    one.set_why(why);
  };
  for (const Certificate& certificate : officer.certificates()) {
    if (certificate.to() < day) continue;
    const bool latest = &certificate == LatestCertificate(officer);
    if (!certificate.withdrawn_on().empty()) {
      add(certificate, certificate.withdrawn_on(), latest ? v1::RevokedCertificate::REVOKED : v1::RevokedCertificate::REPLACED);
    } else if (latest && officer.state() == Officer::SUSPENDED) {
      add(certificate, officer.suspensions().rbegin()->from(), v1::RevokedCertificate::SUSPENDED);
    }
  }
  return revoked;
}

std::string QrSvg(const std::string& text) {
  constexpr int kQuiet = 4;  // modules of quiet zone
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeData(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M),
      &QRcode_free);
  if (code == nullptr) return "";  // longer than the largest code holds
  const int side = code->width + 2 * kQuiet;
  std::string path;
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if ((code->data[y * code->width + x] & 1) != 0) absl::StrAppend(&path, "M", x + kQuiet, " ", y + kQuiet, "h1v1h-1z");
    }
  }
  return absl::StrCat(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )", side, " ", side,
                      R"("><path fill="#fff" d="M0 0h)", side, "v", side, "h-", side, R"(z"/><path d=")", path, R"("/></svg>)");
}

void ServeOfficerCodes(casework::Service& service, rpc::DescribedService& methods) {
  auto& codes = service.Keep(std::make_unique<OfficerCodes>(service));
  service.Every(absl::Minutes(1), "officers' keys", [&codes] { return codes.Refresh(); });
  methods.On("GetOfficerCode", &codes, &OfficerCodes::GetOfficerCode);
  methods.On("ListRevocations", &codes, &OfficerCodes::ListRevocations);
  methods.On("ListOfficerKeys", &codes, &OfficerCodes::ListOfficerKeys);
}

}  // namespace sifa::enforcement
