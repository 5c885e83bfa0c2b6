// 服务站点 and 服务圈: where citizens are served, when, and which point is reached first.
#include "services/hotline/service_point.h"

#include "absl/strings/str_replace.h"
#include "services/hotline/hotline_fixture.h"
#include "services/hotline/nearest.h"

namespace sifa::hotline {
namespace {

// 南马镇 lies at 29.14° north, 120.29° east; `more`: further fields, in JSON.
std::string PointJson(const std::string& name, double latitude, double longitude, const std::string& more = "") {
  return absl::StrCat(R"({"office": "330783", "region": "330783118", "name": ")", name, R"(", "kind": "02", "placeClass": "TOWN", "latitude": )",
                      latitude, R"(, "longitude": )", longitude, R"(, "address": "南马镇", "languages": ["zh"],
                      "openings": [{"days": "WORKING_DAY", "from": "08:30", "to": "17:30"}])", more.empty() ? "" : ", ", more, "}");
}

class Circle : public Hotline {
 public:
  Circle() : calls_("hotline", SIFA_ROOT "/config", backend.clock) {}

  absl::StatusOr<v1::FindNearestResponse> Ask(const std::string& json) {
    v1::FindNearestRequest request;
    REQUIRE(google::protobuf::util::JsonStringToMessage(json, &request).ok());
    auto call = calls_.Of("/sifa.hotline.v1.ServicePointService/FindNearest", {});
    return FindNearest(*backend.backend, call, request);
  }
  v1::FindNearestResponse Near(const std::string& json) { return Must(Ask(json)); }
  std::string Names(const v1::FindNearestResponse& near) {
    std::string names;
    for (const auto& point : near.points()) absl::StrAppend(&names, names.empty() ? "" : " ", point.name());
    return names;
  }
  v1::ListCircleGapsResponse Gaps(const std::string& region) {
    v1::ListCircleGapsRequest request;
    request.set_region(region);
    auto call = calls_.Of("/sifa.hotline.v1.ServicePointService/ListCircleGaps", head);
    return Must(ListCircleGaps(*backend.backend, call, request));
  }

 private:
  testing::Calls calls_;
};

}  // namespace

TEST_CASE("服务圈: of points that serve at the same time the nearer comes first, and each says whether it lies in the circle") {
  Circle at;  // Monday 2026-11-02 09:00
  at.Do<ServicePoint>("OpenServicePoint", PointJson("远", 29.34, 120.29), at.head);
  at.Do<ServicePoint>("OpenServicePoint", PointJson("近", 29.15, 120.29), at.head);
  const auto near = at.Near(R"({"latitude": 29.14, "longitude": 120.29})");
  CHECK(at.Names(near) == "近 远");
  CHECK(near.limit_minutes() == 30);
  CHECK(near.points(0).within_circle());
  CHECK(near.points(0).kilometres() == Approx(1.112).margin(0.001));
  CHECK(near.points(0).minutes() == 9);  // 5 + 60 · 1.112 · 1.3 / 25
  CHECK(TimeOf(near.points(0).served_at()) == absl::FromCivil(absl::CivilMinute(2026, 11, 2, 9, 9), ChinaTime()));
  CHECK_FALSE(near.points(1).within_circle());
}

TEST_CASE("who serves sooner goes before who is nearer") {
  Circle at;
  at.Do<ServicePoint>("OpenServicePoint", PointJson("近而未开", 29.141, 120.29, R"("exceptions": [{"day": "2026-11-02"}])"), at.head);
  at.Do<ServicePoint>("OpenServicePoint", PointJson("稍远", 29.18, 120.29), at.head);
  CHECK(at.Names(at.Near(R"({"latitude": 29.14, "longitude": 120.29})")) == "稍远 近而未开");
  CHECK(at.Names(at.Near(R"({"latitude": 29.14, "longitude": 120.29, "leaveAt": "2026-11-03T08:00:00+08:00"})")) == "近而未开 稍远");
}

TEST_CASE("languages and kinds are asked for; a closed point is none; another datum is brought to the same place") {
  Circle at;
  const ServicePoint chinese = at.Do<ServicePoint>("OpenServicePoint", PointJson("汉语", 29.15, 120.29), at.head);
  at.Do<ServicePoint>("OpenServicePoint", absl::StrReplaceAll(PointJson("蒙古语", 29.16, 120.29), {{R"(["zh"])", R"(["zh", "mn"])"}, {R"("02")", R"("05")"}}),
                      at.head);
  CHECK(at.Names(at.Near(R"({"latitude": 29.14, "longitude": 120.29, "language": "mn"})")) == "蒙古语");
  CHECK(at.Names(at.Near(R"({"latitude": 29.14, "longitude": 120.29, "kind": "02"})")) == "汉语");
  at.Do("CloseServicePoint", chinese, R"({"reason": "撤并"})", at.head);
  CHECK(at.Names(at.Near(R"({"latitude": 29.14, "longitude": 120.29})")) == "蒙古语");
  const ServicePoint shifted =
      at.Do<ServicePoint>("OpenServicePoint", PointJson("图上所取", 29.15, 120.29, R"("datum": "GCJ02")"), at.head);
  CHECK(circle::Kilometres({shifted.latitude(), shifted.longitude()}, {29.15, 120.29}) == Approx(0.5).margin(0.3));
}

TEST_CASE("a place outside the country and hours that are none are refused") {
  Circle at;
  CHECK(at.Refusal<ServicePoint>("OpenServicePoint", PointJson("错", 120.29, 29.14), at.head) == "PLACE_OUTSIDE");
  CHECK(at.Refusal<ServicePoint>("OpenServicePoint",
                                 absl::StrReplaceAll(PointJson("错", 29.14, 120.29), {{R"("17:30")", R"("08:30")"}}), at.head) == "HOURS_MALFORMED");
  CHECK(at.Refusal<ServicePoint>("OpenServicePoint", PointJson("错", 29.14, 120.29, R"("exceptions": [{"day": "2026-11-02", "from": "09:00"}])"),
                                 at.head) == "HOURS_MALFORMED");
  CHECK(ReasonOf(at.Ask(R"({"latitude": 0, "longitude": 0})").status()) == "PLACE_OUTSIDE");
}

TEST_CASE("gaps are the divisions one step below in which no point is open") {
  Circle at;
  const auto all = at.Gaps("330783");
  CHECK(all.gaps_size() == all.divisions());
  at.Do<ServicePoint>("OpenServicePoint", PointJson("南马工作站", 29.15, 120.29), at.head);
  const auto left = at.Gaps("330783");
  CHECK(left.gaps_size() == all.gaps_size() - 1);
  for (const auto& gap : left.gaps()) CHECK(gap.region() != "330783118000");
  CHECK(at.Gaps("330783118").gaps_size() == at.Gaps("330783118").divisions());
}

}  // namespace sifa::hotline
