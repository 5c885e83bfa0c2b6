// 行政执法人员: who holds a certificate on a day, and how anybody checks it.
#include "services/enforcement/officer.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "libs/crypto/suite.h"
#include "services/enforcement/enforcement_fixture.h"
#include "services/enforcement/officer_code.h"

namespace sifa::enforcement {
namespace {

class Officers : public Enforcement {
 public:
  const Agency agency = Announced();

  Officer Registered() {
    return Do<Officer>("RegisterOfficer",
                       absl::StrCat(R"({"agency": ")", agency.id(), R"(", "name": "王建国", "idNumber": "33078319900307001X"})"),
                       clerk);
  }
  Officer Certified(const std::string& number = "11070123001") {
    Officer o = Do("TrainOfficer", Registered(), R"({"subject": "行政处罚法", "hours": 40})", clerk);
    return Do("CertifyOfficer", o, Card(number, "2026-11-02", "2027-11-01"), officer);
  }
  static std::string Card(const std::string& number, const std::string& from, const std::string& to) {
    return absl::StrCat(R"({"certificate": ")", number, R"(", "district": "330783", "from": ")", from, R"(", "to": ")", to,
                        "\"}");
  }
};

std::vector<std::string> WhyRevoked(const Officer& officer, const std::string& day) {
  std::vector<std::string> all;
  for (const auto& one : RevokedOf(officer, day))
    all.push_back(absl::StrCat(one.number(), " ", one.since(), " ", v1::RevokedCertificate::Why_Name(one.why())));
  return all;
}

}  // namespace

TEST_CASE("行政处罚法 §42: nobody is certified who has passed no examination; a number is one person's") {
  Officers at;
  const Officer untrained = at.Registered();
  CHECK(at.Refusal("CertifyOfficer", untrained, at.Card("11070123001", "2026-11-02", "2027-11-01"), at.officer) ==
        "TRAINING_MISSING");
  Officer o = at.Certified();
  CHECK(o.state() == Officer::CERTIFIED);
  CHECK(o.papers_size() == 1);
  Officer other = at.Do("TrainOfficer", untrained, R"({"subject": "行政处罚法", "hours": 40})", at.clerk);
  CHECK(at.Refusal("CertifyOfficer", other, at.Card("11070123001", "2026-11-02", "2027-11-01"), at.officer) ==
        "CERTIFICATE_IN_USE");
  CHECK(at.Refusal("CertifyOfficer", other, at.Card("11070123002", "2026-11-02", "2026-11-01"), at.officer) ==
        "CERTIFICATE_REVERSED");
  CHECK(at.Findings() == "");
}

TEST_CASE("a certificate counts between its days, and not while it is suspended") {
  Officers at;
  Officer o = at.Certified();
  CHECK(CertificateOn(o, "2026-11-01") == nullptr);
  CHECK(CertificateOn(o, "2027-11-01") != nullptr);
  CHECK(CertificateOn(o, "2027-11-02") == nullptr);
  at.GoTo("2026-12-01");
  o = at.Do("SuspendOfficer", o, R"({"reason": "被投诉，调查期间"})", at.officer);
  CHECK(WhyRevoked(o, "2026-12-01") == std::vector<std::string>{"11070123001 2026-12-01 SUSPENDED"});
  at.GoTo("2026-12-08");
  o = at.Do("ResumeOfficer", o, "{}", at.officer);
  CHECK(CertificateOn(o, "2026-11-30") != nullptr);
  CHECK(CertificateOn(o, "2026-12-01") == nullptr);
  CHECK(CertificateOn(o, "2026-12-07") == nullptr);
  CHECK(CertificateOn(o, "2026-12-08") != nullptr);
  CHECK(WhyRevoked(o, "2026-12-08").empty());
}

TEST_CASE("a certificate expires by itself, and is renewed after another examination, also under its number") {
  Officers at;
  Officer o = at.Certified();
  at.GoTo("2027-11-02");
  o = at.Now(o, at.officer);
  CHECK(o.state() == Officer::EXPIRED);
  const std::string card = at.Card("11070123001", "2027-11-03", "2032-11-02");
  at.GoTo("2027-11-03");
  o = at.Do("RenewOfficer", o, card, at.officer);
  CHECK(o.state() == Officer::CERTIFIED);
  CHECK(CertificateOn(o, "2027-11-02") == nullptr);
  CHECK(CertificateOn(o, "2027-11-03") != nullptr);
  CHECK(at.Refusal("RenewOfficer", o, at.Card("11070123001", "2028-01-01", "2033-01-01"), at.officer) == "TRAINING_MISSING");
  o = at.Do("RevokeOfficer", o, R"({"reason": "调离执法岗位"})", at.officer);
  CHECK(WhyRevoked(o, "2027-11-03") == std::vector<std::string>{"11070123001 2027-11-03 REVOKED"});
  CHECK(WhyRevoked(o, "2032-11-03").empty());
  CHECK(at.Findings() == "");
}

TEST_CASE("who moves to another agency acts there by a new certificate, and by the former one no more") {
  Officers at;
  Officer o = at.Certified();
  const Agency market = at.Announced(R"("ORGAN")", "113307830025861215", "330783-ms");
  at.GoTo("2026-12-01");
  o = at.Do("MoveOfficer", o,
            absl::StrCat(R"({"agency": ")", market.id(), R"(", )", at.Card("11070123009", "2026-12-01", "2031-11-30").substr(1)),
            at.officer);
  CHECK(o.organisation() == "330783-ms");
  CHECK(CertificateOn(o, "2026-11-30")->agency() == at.agency.id());
  CHECK(CertificateOn(o, "2026-12-01")->agency() == market.id());
  CHECK(WhyRevoked(o, "2026-12-01") == std::vector<std::string>{"11070123001 2026-12-01 REPLACED"});
  CHECK(!at.Sees(o, at.clerk));
  CHECK(at.Sees(o, at.other_clerk));
  CHECK(at.Findings() == "");
}

TEST_CASE("RFC 7515, 8037: a code is signed with a key that is published, and says what the certificate says") {
  Officers at;
  const Officer o = at.Certified();
  casework::SigningKeys keys(*at.backend.backend, OfficerKeyTerms(), "test");
  REQUIRE(keys.Refresh().ok());
  const std::string jws =
      at.Must(SignJws(keys.Signing(), "sifa-officer", CardOf(o, *CertificateOn(o, "2026-11-02"), at.backend.clock.Now())));
  const std::vector<std::string> parts = absl::StrSplit(jws, '.');
  REQUIRE(parts.size() == 3);
  std::string header, payload, signature;
  REQUIRE((absl::WebSafeBase64Unescape(parts[0], &header) && absl::WebSafeBase64Unescape(parts[1], &payload) &&
           absl::WebSafeBase64Unescape(parts[2], &signature)));
  CHECK(header == absl::StrCat(R"({"alg":"EdDSA","typ":"sifa-officer","kid":")", keys.Published()[0].id, "\"}"));
  CHECK(payload ==
        R"({"number":"11070123001","name":"王建国","agency":"东阳市综合行政执法局","district":"330783","from":"2026-11-02",)"
        R"("to":"2027-11-01","issuedAt":"2026-11-02T01:00:00Z"})");
  const auto& suite = crypto::GetSuite(crypto::SuiteId::kInternational);
  const std::string signed_part = absl::StrCat(parts[0], ".", parts[1]);
  CHECK(suite.Verify(keys.Published()[0].public_pem, signed_part, signature));
  CHECK(!suite.Verify(keys.Published()[0].public_pem, absl::StrCat(signed_part, "A"), signature));
  CHECK(absl::StrContains(QrSvg(jws), "<svg"));
}

}  // namespace sifa::enforcement
