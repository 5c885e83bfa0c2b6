// Remote inspections of offices (社区矫正法 §8; mission 31).
#include "services/corrections/inspection.h"

#include "services/corrections/course_fixture.h"

namespace sifa::corrections {
namespace {

absl::StatusOr<Inspection> Inspect(Course& at, const Course::Claims& who, const std::string& inspector,
                                   const std::string& more = "", const std::string& office = "330783118") {
  return at.Try<Inspection>(
      "RecordInspection",
      absl::StrCat(R"({"office": ")", office, R"(", "region": "330783118", "topics": ["01", "04"], "viewed": "视频查看值守情况",
                                         "inspector": ")",
                   inspector, "\"", more, "}"),
      who);
}
constexpr char kFindings[] = R"(, "findings": ["值守台账缺三日"])";

}  // namespace

TEST_CASE("远程督察: of an office by who is above it; without findings it is closed at once") {
  Course at;
  CHECK(ReasonOf(Inspect(at, at.office, "330783118").status()) == "INSPECTOR_UNKNOWN");
  CHECK(ReasonOf(Inspect(at, at.county, "330783118").status()) == "INSPECTOR_NOT_ABOVE");
  CHECK(ReasonOf(Inspect(at, at.neighbour, "330783").status()) == "INSPECTOR_UNKNOWN");
  const auto clean = Course::Must(Inspect(at, at.county, "330783"));
  CHECK(clean.state() == Inspection::CLOSED);
  CHECK(clean.clocks().empty());
  CHECK(at.Findings().empty());
}

TEST_CASE("远程督察: the office answers within five working days, who inspected returns or closes it") {
  Course at;
  at.GoTo("2024-09-27");  // a Friday; 2024-09-29 is worked, the first week of October is not
  auto inspection = Course::Must(Inspect(at, at.county, "330783", kFindings));
  CHECK(inspection.state() == Inspection::OPEN);
  CHECK(inspection.clocks(0).due_on() == "2024-10-10");
  CHECK(at.Refusal<Inspection>("CloseInspection", inspection, R"({"conclusion": "已整改"})", at.county) == "ACTION_NOT_ALLOWED");
  inspection = at.Do("ReplyToInspection", inspection, R"({"measures": "补记台账"})", at.office);
  CHECK(at.Refusal<Inspection>("CloseInspection", inspection, R"({"conclusion": "已整改"})", at.office) != "");
  inspection = at.Do("ReturnInspection", inspection, R"({"reason": "未说明原因"})", at.county);
  CHECK(inspection.state() == Inspection::OPEN);
  CHECK(inspection.returns() == 1);
  CHECK(inspection.clocks(0).state() == casework::v1::Clock::RUNNING);
  inspection = at.Do("ReplyToInspection", inspection, R"({"measures": "补记台账，落实专人"})", at.office);
  CHECK(at.Do("CloseInspection", inspection, R"({"conclusion": "已整改"})", at.county).state() == Inspection::CLOSED);
  CHECK(at.Findings().empty());
}

TEST_CASE("远程督察: what a city has inspected the county does not close") {
  Course at;
  at.backend.backend->path_of = [](const std::string& code) -> absl::StatusOr<std::string> {
    if (code == "3307") return "/33/3307/";
    if (code == "330783118") return "/33/3307/330783/330783118/";
    return absl::NotFoundError(code);
  };
  CHECK(ReasonOf(Inspect(at, at.county, "3307").status()) == "INSPECTOR_UNKNOWN");
  auto inspection = Course::Must(Inspect(at, at.city, "3307", kFindings));
  inspection = at.Do("ReplyToInspection", inspection, R"({"measures": "补记台账"})", at.office);
  CHECK(at.Refusal<Inspection>("CloseInspection", inspection, R"({"conclusion": "已整改"})", at.county) != "");
  CHECK(at.Do("CloseInspection", inspection, R"({"conclusion": "已整改"})", at.city).state() == Inspection::CLOSED);
}

}  // namespace sifa::corrections
