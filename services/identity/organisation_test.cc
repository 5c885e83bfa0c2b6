// Organisations: established in their division, named, moved and dissolved where nothing hangs on them; and
// requests that are repeated once the tree has changed.
#include <thread>

#include "services/identity/identity_fixture.h"

namespace sifa::identity {
namespace {

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

struct Organisations : IdentityFixture {
  rpc::Call CallOf(const std::string& method) {
    return calls.Of("/sifa.identity.v1.OrganisationService/" + method, ClaimsOf("county.system"));
  }
  absl::StatusOr<v1::Organisation> Establish(const std::string& code, const std::string& parent,
                                             int level = 4) {
    auto call = CallOf("EstablishOrganisation");
    v1::EstablishOrganisationRequest r;
    r.set_request_id("establish-" + code);
    r.set_code(code);
    r.set_parent_code(parent);
    r.set_name("横店实验区司法所");
    r.set_kind(v1::Organisation::JUSTICE_OFFICE);
    r.set_level(level);
    return identity.organisations.Establish(call, r);
  }
  absl::StatusOr<v1::Organisation> Move(const std::string& code, const std::string& parent) {
    auto call = CallOf("MoveOrganisation");
    v1::MoveOrganisationRequest r;
    r.set_request_id("move-" + code + "-" + parent);
    r.set_id(code);
    r.set_parent_code(parent);
    r.set_reason("体制调整");
    return identity.organisations.Move(call, r);
  }
  absl::StatusOr<v1::Organisation> Dissolve(const std::string& code) {
    auto call = CallOf("DissolveOrganisation");
    v1::DissolveOrganisationRequest r;
    r.set_id(code);
    r.set_reason("撤销");
    return identity.organisations.Dissolve(call, r);
  }
  // As if the other services held so many objects of every organisation.
  void Hold(int64_t objects, int64_t open) {
    identity.organisations.SetHoldings([=](const std::string&) {
      casework::v1::Holdings held;
      held.set_objects(objects);
      held.set_open(open);
      return held;
    });
  }
};

}  // namespace

TEST_CASE_METHOD(
    IdentityFixture,
    "Organisations are established inside one's reach, resolved by code, renamed, moved and dissolved") {
  const auto claims = ClaimsOf("county.system");
  const auto call_of = [&](const std::string& method) {
    return calls.Of("/sifa.identity.v1.OrganisationService/" + method, claims);
  };
  v1::EstablishOrganisationRequest establish;
  establish.set_code("zj-hengdian");
  establish.set_parent_code("330783");
  establish.set_name("横店影视文化产业实验区司法所");
  establish.set_kind(v1::Organisation::JUSTICE_OFFICE);
  establish.set_level(4);
  auto call = call_of("EstablishOrganisation");
  const auto established = identity.organisations.Establish(call, establish);
  REQUIRE_OK(established.status());
  CHECK(established->organisation_path() == "/33/3307/330783/zj-hengdian/");
  CHECK(Reason(identity.organisations.Establish(call, establish).status()) == "ORGANISATION_CODE_TAKEN");
  establish.set_code("zj-wucheng");
  establish.set_parent_code("330702");
  CHECK(Reason(identity.organisations.Establish(call, establish).status()) == "NOT_FOUND");
  establish.set_parent_code("330783118");
  establish.set_level(3);
  CHECK(Reason(identity.organisations.Establish(call, establish).status()) == "LEVEL_ABOVE_PARENT");

  // A code of digits is a division's, inside that of the organisation above: it opens the division's figures.
  const auto with_code = [&](const std::string& code, const std::string& region = "") {
    establish.set_code(code);
    establish.set_parent_code("330783");
    establish.set_level(4);
    establish.set_region(region);
    return Reason(identity.organisations.Establish(call, establish).status());
  };
  CHECK(with_code("330784") == "ORGANISATION_CODE_OUTSIDE");
  CHECK(with_code("330784-m1") == "ORGANISATION_CODE_OUTSIDE");
  CHECK(with_code("3307") == "ORGANISATION_CODE_OUTSIDE");
  CHECK(with_code("330783000") == "ORGANISATION_CODE_MALFORMED");
  CHECK(with_code("330783-m1", "330702") == "REGION_OUTSIDE");
  CHECK(with_code("330783-m1", "330783") == "");
  CHECK(with_code("zj-zone", "330702") == "REGION_OUTSIDE");
  establish.set_parent_code("zj-hengdian");
  establish.set_region("");
  establish.set_code("330784");
  CHECK(Reason(identity.organisations.Establish(call, establish).status()) == "ORGANISATION_CODE_OUTSIDE");
  CHECK(with_code("330783201") == "");

  const auto resolve = [&](const std::string& code) {
    auto service = calls.Of("/sifa.identity.v1.OrganisationService/ResolveOrganisation");
    v1::ResolveOrganisationRequest r;
    r.set_code(code);
    return identity.organisations.Resolve(service, r);
  };
  CHECK(resolve("330783118-00")->path() == "/33/3307/330783/330783118/330783118-00/");
  CHECK(resolve("330783118-00")->level() == 4);
  CHECK(resolve("330783118-00")->region() == "330783118");
  CHECK(resolve("330783118-00")->kind() == v1::Organisation::COMMITTEE);
  CHECK(Reason(resolve("330783999").status()) == "NOT_FOUND");

  v1::RenameOrganisationRequest rename;
  rename.set_id("zj-hengdian");
  rename.set_name("横店实验区司法所");
  auto renaming = call_of("RenameOrganisation");
  REQUIRE_OK(identity.organisations.Rename(renaming, rename).status());
  CHECK(resolve("zj-hengdian")->name() == "横店实验区司法所");

  v1::MoveOrganisationRequest move;
  move.set_id("zj-hengdian");
  move.set_parent_code("330783118");
  move.set_reason("体制调整");
  auto moving = call_of("MoveOrganisation");
  REQUIRE_OK(identity.organisations.Move(moving, move).status());
  CHECK(resolve("zj-hengdian")->path() == "/33/3307/330783/330783118/zj-hengdian/");

  v1::DissolveOrganisationRequest dissolve;
  dissolve.set_reason("撤销");
  dissolve.set_id("330783118");
  auto dissolving = call_of("DissolveOrganisation");
  CHECK(Reason(identity.organisations.Dissolve(dissolving, dissolve).status()) ==
        "ORGANISATION_HAS_CHILDREN");
  dissolve.set_id("330783118-00");
  CHECK(Reason(identity.organisations.Dissolve(dissolving, dissolve).status()) == "ORGANISATION_IN_USE");
  dissolve.set_id("zj-hengdian");
  REQUIRE_OK(identity.organisations.Dissolve(dissolving, dissolve).status());
  CHECK(resolve("zj-hengdian")->dissolved());
}

TEST_CASE_METHOD(Organisations, "The bureaus and offices that stood on a day are told with those above them, to services only") {
  REQUIRE_OK(Establish("zj-hengdian", "330783").status());
  const auto places = [&](const std::string& organisation, const std::string& day) {
    auto service = calls.Of("/sifa.identity.v1.OrganisationService/ListPlaces");
    v1::ListPlacesRequest r;
    r.set_organisation(organisation);
    r.set_day(day);
    const auto listed = identity.organisations.ListPlaces(service, r);
    REQUIRE_OK(listed.status());
    std::set<std::string> codes;
    for (const auto& place : listed->places()) codes.insert(place.code());
    return codes;
  };
  const std::string today = FormatDay(DayOf(base.clock.Now())), yesterday = FormatDay(DayOf(base.clock.Now()) - 1);
  CHECK(places("zj-hengdian", today) == std::set<std::string>{"33", "3307", "330783", "zj-hengdian"});
  CHECK(places("330783", today).contains("zj-hengdian"));
  CHECK_FALSE(places("330783", today).contains("330783118-00"));  // a committee
  CHECK_FALSE(places("330783", yesterday).contains("zj-hengdian"));
  REQUIRE_OK(Dissolve("zj-hengdian").status());
  CHECK(places("330783", today).contains("zj-hengdian"));  // its last day
}

TEST_CASE_METHOD(Organisations,
                 "An organisation with work in its name is not moved, one with open work not dissolved") {
  REQUIRE_OK(Establish("zj-hengdian", "330783").status());
  Hold(1, 0);
  CHECK(Reason(Move("zj-hengdian", "330783118").status()) == "ORGANISATION_HAS_WORK");
  Hold(1, 1);
  CHECK(Reason(Dissolve("zj-hengdian").status()) == "ORGANISATION_HAS_WORK");
  identity.organisations.SetHoldings([](const std::string&) { return Unavailable("AWAY", "away"); });
  CHECK(Reason(Move("zj-hengdian", "330783118").status()) == "AWAY");
  Hold(1, 0);
  CHECK(Reason(Dissolve("zj-hengdian").status()) == "");
}

TEST_CASE_METHOD(Organisations, "Of a dissolution and an establishment below it that meet, one is refused") {
  Hold(0, 0);
  for (int i = 0; i < 10; ++i) {
    const std::string parent = absl::StrCat("meet-", i), child = absl::StrCat("meet-", i, "-below");
    REQUIRE_OK(Establish(parent, "330783").status());
    bool dissolved = false, established = false;
    std::thread other([&] { dissolved = Dissolve(parent).ok(); });
    established = Establish(child, parent).ok();
    other.join();
    CHECK(dissolved != established);
  }
}

TEST_CASE_METHOD(
    Organisations,
    "What was done once is answered alike when it is asked for again, whatever the tree has become") {
  REQUIRE_OK(Establish("zj-zone", "330783").status());
  const auto office = Establish("zj-hengdian", "zj-zone");
  REQUIRE_OK(office.status());
  const auto moved = Move("zj-hengdian", "330783118");
  REQUIRE_OK(moved.status());
  REQUIRE_OK(Move("zj-hengdian", "330783").status());
  REQUIRE_OK(Dissolve("zj-zone").status());
  Hold(1, 1);
  CHECK(Reason(Establish("zj-other", "zj-zone").status()) == "ORGANISATION_DISSOLVED");
  CHECK(Establish("zj-hengdian", "zj-zone")->etag() == office->etag());
  CHECK(Move("zj-hengdian", "330783118")->etag() == moved->etag());

  v1::HandOverRequest r;
  r.set_request_id("hand-over");
  r.set_id("nanma.mediator");
  r.set_to("nanma.officer");
  r.set_reason("调离");
  auto order = As("county.system", "HandOver");
  const auto handed_over = identity.accounts.HandOver(order, r);
  REQUIRE_OK(handed_over.status());
  auto disable = As("county.system", "DisableAccount");
  REQUIRE_OK(identity.accounts.Disable(disable, ActOf("nanma.officer")).status());
  auto again = As("county.system", "HandOver");
  CHECK(identity.accounts.HandOver(again, r)->etag() == handed_over->etag());
  r.set_request_id("hand-over-2");
  CHECK(Reason(identity.accounts.HandOver(again, r).status()) == "ACCOUNT_DISABLED");
}

}  // namespace sifa::identity
