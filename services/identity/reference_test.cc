// Reference data as it is served, and the keys that sign tokens.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/identity/identity_fixture.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

}  // namespace

TEST_CASE_METHOD(IdentityFixture,
                 "行政处罚法 §85: seven days are working days, and the answer says why it is this day") {
  auto call = calls.Of("/sifa.reference.v1.PeriodService/ComputePeriod");
  reference::v1::ComputePeriodRequest r;
  r.set_instrument("APL");
  r.set_amount(7);
  r.set_unit(reference::v1::DAY);
  r.set_event_date("2024-09-27");
  const auto computed = identity.periods.Compute(call, r);
  REQUIRE_OK(computed.status());
  CHECK(computed->due_date() == "2024-10-12");
  CHECK(computed->unit_applied() == reference::v1::WORKING_DAY);
  CHECK(computed->steps_size() > 3);

  r.set_unit(reference::v1::HOUR);
  CHECK(Reason(identity.periods.Compute(call, r).status()) == "FIELD_REQUIRED");
  r.mutable_event_time()->set_seconds(0);
  CHECK(Reason(identity.periods.Compute(call, r).status()) == "FIELDS_CONTRADICT");
  r.clear_event_date();
  r.set_instrument("AEL");
  r.set_amount(24);
  r.mutable_event_time()->set_seconds(
      absl::ToUnixSeconds(absl::FromCivil(absl::CivilSecond(2024, 9, 30, 15, 0, 0), ChinaTime())));
  CHECK(identity.periods.Compute(call, r)->due_date() == "2024-10-01");
  r.clear_event_time();
  r.set_event_date("2035-01-01");
  r.set_unit(reference::v1::DAY);
  r.set_instrument("APL");
  r.set_amount(7);
  CHECK(Reason(identity.periods.Compute(call, r).status()) == "CALENDAR_YEAR_UNKNOWN");
}

TEST_CASE_METHOD(
    IdentityFixture,
    "The next year's notice is imported by the root's system administrator, whole or not at all") {
  auto call = calls.Of(
      "/sifa.reference.v1.CalendarService/ImportCalendar",
      testing::ClaimsOf("ROOT", "root.system", {testing::GrantOf("system_admin", "33", "/33/", 1, true)}));
  CHECK_FALSE(testing::Calls::Admitted(
      calls.Of("/sifa.reference.v1.CalendarService/ImportCalendar", ClaimsOf("county.security"))));
  auto get = calls.Of("/sifa.reference.v1.CalendarService/GetCalendarYear");
  reference::v1::GetCalendarYearRequest year;
  year.set_year(2030);
  CHECK(Reason(identity.calendar.GetYear(get, year).status()) == "CALENDAR_YEAR_UNKNOWN");

  reference::v1::ImportCalendarRequest r;
  r.set_year(2030);
  auto county = calls.Of("/sifa.reference.v1.CalendarService/ImportCalendar", ClaimsOf("county.system"));
  CHECK(Reason(identity.calendar.Import(county, r).status()) == "LEVEL_NOT_ENTITLED");
  r.set_csv("date,kind,name\n2030-01-01,holiday,元旦\n");
  CHECK(Reason(identity.calendar.Import(call, r).status()) == "CALENDAR_INCOMPLETE");
  r.set_csv("date,kind,name\n2030-01-01,holiday,元旦\n2030-02-30,holiday,春节\n");
  CHECK(Reason(identity.calendar.Import(call, r).status()) == "CALENDAR_MALFORMED");
  r.set_csv("date,kind,name\n2030-01-01,holiday,元旦\n2030-09-29,makeup,国庆节\n2030-10-01,holiday,国庆节\n");
  const auto imported = identity.calendar.Import(call, r);
  REQUIRE_OK(imported.status());
  CHECK(identity.calendar.GetYear(get, year)->days_size() == 3);
  CHECK(base.calendars->Current().version() == imported->version());

  // Other services: the text once, then only that it is still the same.
  auto service = calls.Of("/sifa.reference.v1.CalendarService/GetCalendar");
  reference::v1::GetCalendarRequest known;
  const auto text = identity.calendar.GetCalendar(service, known);
  CHECK(calendar::Calendar::Parse(text->csv())->Knows(2030));
  known.set_known_version(text->version());
  CHECK(identity.calendar.GetCalendar(service, known)->csv().empty());

  // Another process, or this one after a restart, takes it in.
  calendar::CalendarBook fresh(*calendar::Calendar::Load(SIFA_ROOT "/data/calendar/holidays.csv"));
  const casework::Backend other{*base.pool, *base.keyring, fresh, base.clock, base.parameters, base.objects.get()};
  reference::CalendarService again(other);
  REQUIRE_OK(again.Refresh());
  CHECK(fresh.Current().version() == imported->version());
}

TEST_CASE_METHOD(IdentityFixture, "A year's notice settles its own days, those before its New Year among them, and no others") {
  auto call = calls.Of(
      "/sifa.reference.v1.CalendarService/ImportCalendar",
      testing::ClaimsOf("ROOT", "root.system", {testing::GrantOf("system_admin", "33", "/33/", 1, true)}));
  const auto import = [&](int year, const std::string& rows) {
    reference::v1::ImportCalendarRequest r;
    r.set_year(year);
    r.set_csv(absl::StrCat("date,kind,name\n", year, "-01-01,holiday,元旦\n", year, "-10-01,holiday,国庆节\n", rows));
    return identity.calendar.Import(call, r).status();
  };
  const auto works = [&](int year, int month, int day) {
    return *base.calendars->Current().IsWorkingDay(absl::CivilDay(year, month, day));
  };
  const std::string version = base.calendars->Current().version();
  const absl::Status stray = import(2027, "2025-06-10,holiday,端午节\n");
  CHECK(Reason(stray) == "CALENDAR_OTHER_YEAR");
  CHECK(absl::StrContains(stray.message(), "2025-06-10"));
  for (const char* row : {"2026-12-31,holiday,春节\n", "2026-11-30,holiday,元旦\n", "2028-01-01,holiday,元旦\n", "2027-12-31,holiday,元旦\n"}) {
    CHECK(Reason(import(2027, row)) == "CALENDAR_OTHER_YEAR");
  }
  CHECK(base.calendars->Current().version() == version);

  REQUIRE_OK(import(2027, "2026-12-27,makeup,元旦\n2026-12-31,holiday,元旦\n"));
  CHECK(works(2026, 12, 27));
  CHECK_FALSE(works(2026, 12, 31));
  CHECK_FALSE(works(2026, 10, 2));
  reference::v1::GetCalendarYearRequest whole;
  whole.set_year(2026);
  const auto listed = identity.calendar.GetYear(call, whole);
  REQUIRE_OK(listed.status());
  for (const auto& day : listed->days()) {
    CHECK(day.notice_year() == (day.date() == "2026-12-27" || day.date() == "2026-12-31" ? 2027 : 2026));
  }
  // Each year is corrected by itself.
  CHECK(Reason(import(2026, "2026-12-31,holiday,补休\n")) == "CALENDAR_DAY_SETTLED");
  REQUIRE_OK(import(2026, "2026-12-30,holiday,补休\n"));
  CHECK(works(2026, 10, 2));
  CHECK_FALSE(works(2026, 12, 31));
  CHECK(Reason(import(2027, "2026-12-30,holiday,元旦\n")) == "CALENDAR_DAY_SETTLED");
  REQUIRE_OK(import(2027, ""));
  CHECK(works(2026, 12, 31));
  CHECK_FALSE(works(2026, 12, 30));
}

TEST_CASE_METHOD(IdentityFixture,
                 "A citizen number that fails is refused, a credit code that fails is a warning") {
  auto call = calls.Of("/sifa.reference.v1.IdentifierService/CheckIdentifier");
  const auto check = [&](auto kind, const std::string& value) {
    reference::v1::CheckIdentifierRequest r;
    r.set_kind(kind);
    r.set_value(value);
    const auto checked = *identity.identifiers.Check(call, r);
    return std::make_pair(checked.verdict(), checked.reason());
  };
  using R = reference::v1::CheckIdentifierRequest;
  using C = reference::v1::CheckedIdentifier;
  CHECK(check(R::CITIZEN_ID, "11010519491231002X") == std::make_pair(C::VALID, std::string()));
  CHECK(check(R::CITIZEN_ID, "110105194912310021") ==
        std::make_pair(C::REFUSED, std::string("CITIZEN_ID_CHECKSUM")));
  CHECK(check(R::CREDIT_CODE, "91350100M000100Y43").first == C::VALID);
  CHECK(check(R::CREDIT_CODE, "91350100M0001TGQXM").first == C::WARNING);
  CHECK(check(R::ORGANISATION_CODE, "D2143569-X").first == C::VALID);
  CHECK(check(R::CITIZEN_ID, "330783203001010012") == std::make_pair(C::REFUSED, std::string("CITIZEN_ID_DATE")));
}

TEST_CASE_METHOD(IdentityFixture, "A division code that is none, is in no table, or is no more is not VALID") {
  auto call = calls.Of("/sifa.reference.v1.IdentifierService/CheckIdentifier");
  const auto check = [&](const std::string& code) {
    reference::v1::CheckIdentifierRequest r;
    r.set_kind(reference::v1::CheckIdentifierRequest::REGION_CODE);
    r.set_value(code);
    const auto checked = *identity.identifiers.Check(call, r);
    return std::make_pair(checked.verdict(), checked.reason());
  };
  using C = reference::v1::CheckedIdentifier;
  CHECK(check("330783118") == std::make_pair(C::VALID, std::string()));
  CHECK(check("999999") == std::make_pair(C::WARNING, std::string("REGION_UNKNOWN")));
  CHECK(check("371200") == std::make_pair(C::WARNING, std::string("REGION_ABOLISHED")));
  CHECK(check("33078").first == C::REFUSED);
}

TEST_CASE_METHOD(IdentityFixture, "Regions have names, parents, validity and successors") {
  auto call = calls.Of("/sifa.reference.v1.RegionService/GetRegion");
  reference::v1::GetRegionRequest r;
  r.set_code("330783118");
  const auto region = identity.regions.Get(call, r);
  CHECK(region->path() == "浙江省金华市东阳市南马镇");
  CHECK(region->parent() == "330783");
  CHECK(region->level() == 4);
  r.set_code("371200");
  const auto abolished = identity.regions.Get(call, r);
  CHECK(abolished->valid_to() == "2018-12-31");
  CHECK(abolished->successors_size() == 2);
  r.set_code("320602");
  const auto renamed = identity.regions.Get(call, r);
  CHECK(renamed->name() == "崇川区");
  CHECK(renamed->valid_from() == "1991-01-01");
  CHECK(renamed->successors(0) == "320613");
  REQUIRE(renamed->times_size() == 2);
  CHECK(renamed->times(0).name() == "城区");
  r.set_on("1985-05-05");
  CHECK(identity.regions.Get(call, r)->path() == "江苏省南通市城区");
  r.set_on("2021-01-01");
  CHECK(Reason(identity.regions.Get(call, r).status()) == "REGION_NOT_VALID");
  r.clear_on();
  r.set_code("320613");
  CHECK(identity.regions.Get(call, r)->predecessors_size() == 2);
  r.set_code("999999");
  CHECK(Reason(identity.regions.Get(call, r).status()) == "REGION_UNKNOWN");
  reference::v1::ListRegionChildrenRequest children;
  children.set_code("330783");
  auto list = calls.Of("/sifa.reference.v1.RegionService/ListRegionChildren");
  CHECK(identity.regions.ListChildren(list, children)->regions_size() == 18);
}

TEST_CASE_METHOD(IdentityFixture, "Signing keys rotate daily, and no living token loses its key") {
  const std::string first_key = identity.keys.Signing().id;
  base.clock.Advance(TokenKeyTerms().life);
  const auto tokens = LogIn("nanma.officer");
  REQUIRE_OK(identity.Refresh());
  CHECK(identity.keys.Published().size() == 2);
  // The new one is known to all before it signs.
  CHECK(identity.keys.Signing().id == first_key);
  CHECK(Verify(tokens.access_token()).ok());
  base.clock.Advance(TokenKeyTerms().published_first);
  const std::string second_key = identity.keys.Signing().id;
  CHECK(second_key != first_key);
  const auto later = LogIn("nanma.officer");
  CHECK(Verify(tokens.access_token()).ok());
  CHECK(Verify(later.access_token()).ok());
  base.clock.Advance(TokenKeyTerms().stays);
  REQUIRE_OK(identity.Refresh());
  CHECK(identity.keys.Published().size() == 1);
  CHECK(identity.keys.Signing().id == second_key);
}

TEST_CASE_METHOD(
    IdentityFixture,
    "A second replica signs with the same keys, and follows from the start where the position is not ours") {
  Identity replica(*base.backend, calls.authority(), regions, tables, "identity:replica", false);
  REQUIRE_OK(replica.Refresh());
  CHECK(replica.keys.Signing().id == identity.keys.Signing().id);
  v1::RevokeSessionsRequest r;
  r.set_id("nanma.officer");
  r.set_reason("测试");
  auto call = calls.Of("/sifa.identity.v1.SessionService/RevokeSessions", ClaimsOf("county.security"));
  REQUIRE_OK(identity.sessions.RevokeSessions(call, r).status());
  const auto sync = replica.tokens.Sync(1000000);
  REQUIRE_OK(sync.status());
  CHECK(sync->revocations_size() == 1);
  CHECK(sync->position() == 1);
  CHECK(replica.tokens.Sync(1)->revocations_size() == 0);
}

}  // namespace sifa::identity
