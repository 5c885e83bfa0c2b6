// 亮证码 and 失效证件名录: what is signed so that anybody checks a certificate off line, and how it is published.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/service.h"
#include "libs/casework/signing_keys.h"
#include "services/enforcement/officer.h"

namespace sifa::enforcement {

// A key signs for a year, after a month in which it was published only, and stays published as long as certificates run.
inline casework::KeyTerms OfficerKeyTerms() {
  return {.table = "officer_key",
          .life = absl::Hours(24 * 365),
          .published_first = absl::Hours(24 * 30),
          .stays = absl::Hours(24 * 3653)};
}

// A JWS in its compact form (RFC 7515) of the message in JSON. `type` keeps one kind of text from being taken for another.
absl::StatusOr<std::string> SignJws(const casework::SigningKey& key, absl::string_view type,
                                    const google::protobuf::Message& message);
v1::OfficerCard CardOf(const Officer& officer, const Certificate& certificate, absl::Time now);
// Those of his certificates that say that they count on the day or later, and do not.
std::vector<v1::RevokedCertificate> RevokedOf(const Officer& officer, const std::string& day);
// A QR code (GB/T 18284) as SVG, with its quiet zone.
std::string QrSvg(const std::string& text);

void ServeOfficerCodes(casework::Service& service, rpc::DescribedService& methods);

}  // namespace sifa::enforcement
