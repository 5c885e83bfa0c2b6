// 再犯罪 and the rates of law §2.8 whose parts stand in several tables, over a database.
#include "libs/testing/procedure_checks.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

std::string Reoffence(const std::string& committed_on) {
  return absl::StrCat(R"({"reoffence": {"committedOn": ")", committed_on,
                      R"(", "court": "东阳市人民法院", "document": "（2024）浙0783刑初99号", "offence": "05"}})");
}

template <class T>
std::vector<int64_t> CountedIn(const statistics::Cube& cube, const casework::Definition<T>& definition, const T& object) {
  for (const auto& count : testing::CountsOf(definition, object)) {
    if (count.cube() == cube.name) return {count.measures().begin(), count.measures().end()};
  }
  return {};
}

}  // namespace

TEST_CASE("law §2.8: whoever offends while in corrections is counted when he is sentenced, also after his term, and once") {
  Course at;
  const Subject s = at.Active();
  CHECK(at.Refusal("RecordSubjectReoffence", s, Reoffence("2024-09-01"), at.county) == "REOFFENCE_OUTSIDE_TERM");
  CHECK_FALSE(at.Refusal("RecordSubjectReoffence", s, Reoffence("2024-09-02"), at.office).empty());
  at.GoTo("2024-09-20");
  at.Do("RecordSubjectRevoked", s, R"({"end": "PROBATION_REVOKED", "document": "（2024）浙0783刑更1号"})", at.county);
  at.GoTo("2024-10-10");
  CHECK(at.Refusal("RecordSubjectReoffence", s, Reoffence("2024-09-21"), at.county) == "REOFFENCE_OUTSIDE_TERM");
  const Subject sentenced = at.Do("RecordSubjectReoffence", s, Reoffence("2024-09-10"), at.county);
  CHECK(sentenced.state() == Subject::TERMINATED);
  CHECK(sentenced.reoffence().sentenced_on() == "2024-10-10");
  CHECK(CountedIn(kReoffencesCube, kSubject, sentenced) == std::vector<int64_t>{1});
  CHECK(at.Refusal("RecordSubjectReoffence", s, Reoffence("2024-09-10"), at.county) == "REOFFENCE_RECORDED");
  CHECK(at.Findings().empty());
}

TEST_CASE("law §2.8: 脱管 is who is lost after his reception, 漏管 who never came; each until he is found") {
  Course at;
  const Subject lost = at.Active(), never = at.Notice();
  at.GoTo("2024-09-13");
  const auto search = at.Make<Search>("StartSearch", lost, R"({"absentAfter": "2024-09-10"})", at.office);
  const auto of = [](const Search& s) { return CountedIn(kMissingCube, kSearch, s); };
  CHECK(of(at.Now(search)) == std::vector<int64_t>{1, 0});
  CHECK(of(at.OneOf<Search>(never)) == std::vector<int64_t>{0, 1});
  at.Do("FindSearch", search, R"({"foundHow": "在家"})", at.office);
  CHECK(of(at.Now(search)) == std::vector<int64_t>{0, 0});
}

}  // namespace sifa::corrections
