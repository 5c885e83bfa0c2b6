// 热线中心: where calls come in, and who takes over what it cannot answer.
#include "services/hotline/centre.h"

#include "services/hotline/hotline_fixture.h"

namespace sifa::hotline {

TEST_CASE("a number that citizens dial belongs to one centre at a time") {
  Hotline at;
  const Centre first = at.Open("12348");
  CHECK(at.Refusal<Centre>("OpenCentre", CentreJson("12348"), at.head) == "NUMBER_IN_USE");
  at.Do("CloseCentre", first, R"({"reason": "并入市中心"})", at.head);
  CHECK(at.Do<Centre>("OpenCentre", CentreJson("12348"), at.head).state() == Centre::ACTIVE);
  CHECK(at.Findings() == "");
}

TEST_CASE("a centre overflows into another one that works") {
  Hotline at;
  const Centre first = at.Open("12348"), second = at.Open("057912348");
  const auto overflow = [&](const std::string& to) { return CentreJson("12348", R"("overflowCentre": ")" + to + "\""); };
  // What an amendment says, without the office and the division.
  const auto amendment = [&](const std::string& to) {
    return R"({"name": "东阳市12348热线", "calledNumbers": ["12348"], "serves": ["330783"], "languages": ["zh"], "overflowCentre": ")" +
           to + "\"}";
  };
  CHECK(at.Refusal("AmendCentre", first, amendment(first.id()), at.head) == "OVERFLOW_TO_ITSELF");
  CHECK(at.Do("AmendCentre", first, amendment(second.id()), at.head).overflow_centre() == second.id());
  at.Do("CloseCentre", second, R"({"reason": "停用"})", at.head);
  CHECK(at.Refusal<Centre>("OpenCentre", overflow(second.id()), at.head) == "CENTRE_UNKNOWN");
}

TEST_CASE("a centre serves divisions that stand") {
  Hotline at;
  CHECK(at.Refusal<Centre>("OpenCentre",
                           R"({"office": "330783", "region": "330783", "name": "东阳市12348热线", "calledNumbers": ["12348"],
                               "serves": ["999999"], "languages": ["zh"]})",
                           at.head) == "REGION_UNKNOWN");
}

}  // namespace sifa::hotline
