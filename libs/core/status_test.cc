#include "libs/core/status.h"

#include <catch2/catch.hpp>
#include <vector>

#include "absl/strings/match.h"
#include "google/rpc/error_details.pb.h"

namespace sifa {

TEST_CASE("a refusal keeps reason, message and article across the wire form") {
  const absl::Status refused = Refused("PARTY_REFUSED", "当事人明确拒绝调解，不得调解", {"人民调解法", "17"});
  const absl::Status back = FromProto(ToProto(refused));
  CHECK(back == refused);
  CHECK(back.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(ReasonOf(back) == "PARTY_REFUSED");
}

TEST_CASE("an error quotes no more of a request than trailers carry, and no half of a character") {
  std::string path;
  for (int i = 0; i < 10000; ++i) path += "字";
  const absl::Status status = InvalidField(path, "FIELD_NOT_AMENDABLE", path);
  CHECK(ToProto(status).SerializeAsString().size() < 3000);
  CHECK(status.message().size() == 603);
  CHECK(absl::EndsWith(status.message(), "字…"));
}

TEST_CASE("the reason is the first detail on the wire") {
  std::vector<absl::Status> kept;  // each at an address of its own, on which Abseil's order depends
  for (int i = 0; i < 50; ++i) {
    const auto proto = ToProto(kept.emplace_back(InvalidField("name", "FIELD_REQUIRED", "不能为空")));
    REQUIRE(proto.details_size() == 2);
    CHECK(proto.details(0).Is<google::rpc::ErrorInfo>());
  }
}

TEST_CASE("field violations accumulate") {
  absl::Status status = InvalidField("parties[0].name", "FIELD_REQUIRED", "不能为空");
  AddFieldViolation(status, "type", "不能为空");
  google::rpc::BadRequest bad;
  const auto proto = ToProto(status);
  for (const auto& detail : proto.details()) {
    if (detail.Is<google::rpc::BadRequest>()) detail.UnpackTo(&bad);
  }
  REQUIRE(bad.field_violations_size() == 2);
  CHECK(bad.field_violations(1).field() == "type");
}

}  // namespace sifa
