#include "libs/core/identifiers.h"

#include <catch2/catch.hpp>

#include "libs/core/status.h"

namespace sifa {

constexpr absl::CivilDay kToday(2024, 9, 27);

TEST_CASE("GB 11643: citizen IDs that are valid") {
  for (const char* id : {"11010519491231002X", "440524188001010014", "33078319900307001X",
                         "37020219851130422X", "150102197001011231"}) {
    INFO(id);
    CHECK(CheckCitizenId(id) == CitizenIdVerdict::kValid);
  }
  CHECK(*ParseCitizenId("11010519491231002x", kToday) == "11010519491231002X");
}

TEST_CASE("GB 11643: a wrong check, a date that does not exist, and what is no number at all") {
  CHECK(CheckCitizenId("110105194912310021") == CitizenIdVerdict::kBadChecksum);
  CHECK(CheckCitizenId("11010519491331002X") == CitizenIdVerdict::kBadDate);
  CHECK(CheckCitizenId("110105194904310021") == CitizenIdVerdict::kBadDate);
  for (const char* bad :
       {"", "1101051949123100", "1101051949123100X2", "11010519491231002Y", "1101051949123100201"}) {
    CHECK(CheckCitizenId(bad) == CitizenIdVerdict::kMalformed);
  }
  CHECK(ReasonOf(ParseCitizenId("110105194912310021", kToday).status()) == "CITIZEN_ID_CHECKSUM");
  CHECK(ReasonOf(ParseCitizenId("11010519491331002X", kToday).status()) == "CITIZEN_ID_DATE");
}

TEST_CASE("nobody is born after today") {
  CHECK(ParseCitizenId("330783202409270016", kToday).ok());
  CHECK(ReasonOf(ParseCitizenId("330783202409280011", kToday).status()) == "CITIZEN_ID_DATE");
  CHECK(ParseCitizenId("330783202409280011", kToday + 1).ok());
}

TEST_CASE("a number of 15 digits is converted but not accepted as current") {
  CHECK(CheckCitizenId("110105491231002") == CitizenIdVerdict::kOldForm);
  CHECK(ReasonOf(ParseCitizenId("110105491231002", kToday).status()) == "CITIZEN_ID_OLD_FORM");
  CHECK(*ConvertOldCitizenId("110105491231002") == "11010519491231002X");
  CHECK(ReasonOf(ConvertOldCitizenId("110105491331002").status()) == "CITIZEN_ID_DATE");
  CHECK(ReasonOf(ConvertOldCitizenId("11010519491231002X").status()) == "CITIZEN_ID_MALFORMED");
}

TEST_CASE("sex and birth date are read from a valid number only") {
  CHECK(*SexOf("33078319900307001X") == Sex::kMale);
  CHECK(*SexOf("11010519491231002X") == Sex::kFemale);
  CHECK(*BirthDateOf("33078319900307001X") == absl::CivilDay(1990, 3, 7));
  CHECK_FALSE(SexOf("110105194912310021"));
  CHECK_FALSE(BirthDateOf("110105491231002"));
}

TEST_CASE("an age is reached on the day after the birthday") {
  const absl::CivilDay birth(2006, 3, 7);
  CHECK(AgeOn(birth, absl::CivilDay(2024, 3, 7)) == 17);
  CHECK(AgeOn(birth, absl::CivilDay(2024, 3, 8)) == 18);
  CHECK(AgeOn(birth, absl::CivilDay(2006, 3, 7)) == 0);
}

TEST_CASE("GB 32100: credit codes; a failing checksum is a warning, since a real company has one") {
  for (const char* code :
       {"91350100M000100Y43", "113307830026090041", "31370000MA3CXY129C", "31370000ma3cxy129c"}) {
    INFO(code);
    CHECK(CheckCreditCode(code) == CreditCodeVerdict::kValid);
  }
  CHECK(CheckCreditCode("91350100M0001TGQXM") == CreditCodeVerdict::kSuspect);
  for (const char* bad :
       {"", "91350100M000100Y4", "91350100I000100Y43", "9135O100M000100Y43", "9135A100M000100Y43"}) {
    CHECK(CheckCreditCode(bad) == CreditCodeVerdict::kMalformed);
  }
}

TEST_CASE("GB/T 2260: a number begins with a province, or as residence permits do") {
  const auto with = [](const char* division) {
    static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    std::string id = std::string(division) + "19900307001";
    int sum = 0;
    for (int i = 0; i < 17; ++i) sum += (id[i] - '0') * kWeights[i];
    return CheckCitizenId(id + "10X98765432"[sum % 11]);
  };
  for (const char* issued : {"110105", "330783", "460302", "542621", "710000", "810000", "820000", "830000", "933156", "911840"}) {
    INFO(issued);
    CHECK(with(issued) == CitizenIdVerdict::kValid);
  }
  for (const char* never : {"000000", "160101", "990101", "010101", "840000", "666601", "900000", "980000"}) {
    INFO(never);
    CHECK(with(never) == CitizenIdVerdict::kBadDivision);
  }
  CHECK(CheckCitizenId("000000900307001") == CitizenIdVerdict::kBadDivision);
  CHECK(ReasonOf(ConvertOldCitizenId("000000900307001").status()) == "CITIZEN_ID_DIVISION");
}

TEST_CASE("GB 32100: a citizen's number is no credit code, and an unknown authority or province is suspect") {
  for (const char* citizen : {"33078319900307001X", "11010519491231002x", "37020219851130422X", "150102197001011231"}) {
    INFO(citizen);
    CHECK(CheckCreditCode(citizen) == CreditCodeVerdict::kCitizenId);
  }
  const auto with = [](const std::string& body) {  // the check digit that makes it right
    for (char check : std::string("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
      if (CheckCreditCode(body + check) == CreditCodeVerdict::kValid) return true;
    }
    return false;
  };
  CHECK(with("91330783MA28D1234"));
  CHECK(with("91100000MA28D1234"));  // registered by a national authority
  for (const char* body : {"01330783MA28D1234", "B1330783MA28D1234", "91990783MA28D1234"}) CHECK_FALSE(with(body));
}

TEST_CASE("GB 11714: organisation codes, alone and inside a credit code") {
  CHECK(IsOrganisationCode("D2143569-X"));
  CHECK(IsOrganisationCode("D2143569X"));
  CHECK_FALSE(IsOrganisationCode("D2143569-1"));
  CHECK_FALSE(IsOrganisationCode("D2143569"));
  CHECK(OrganisationCodeOf("91350100M000100Y43") == "M000100Y-4");
  CHECK(IsOrganisationCode(OrganisationCodeOf("91350100M000100Y43")));
}

}  // namespace sifa
