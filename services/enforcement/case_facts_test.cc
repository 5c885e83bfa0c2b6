#include "services/enforcement/case_facts.h"

#include <catch2/catch.hpp>

namespace sifa::enforcement {
namespace {

Entry Decided() {
  Entry entry;
  entry.set_decision_number("东综执罚〔2026〕1号");
  entry.set_filed_on("2026-01-05");
  entry.set_decided_on("2026-03-02");
  return entry;
}

}  // namespace

TEST_CASE("the state of a case is what its dated facts say, also where they are out of order") {
  Entry entry;
  CHECK(StateOf(entry) == Case::OPEN);
  entry = Decided();
  CHECK(StateOf(entry) == Case::DECIDED);
  entry.set_filed_on("2026-04-01");  // decided before it was filed: kept, others flag it
  CHECK(StateOf(entry) == Case::DECIDED);
  entry.set_closed_on("2026-05-06");
  CHECK(StateOf(entry) == Case::CLOSED);
  entry.set_change("1");
  entry.set_changed_on("2026-05-01");
  CHECK(StateOf(entry) == Case::CLOSED);
  entry.set_changed_on("2026-06-01");
  CHECK(StateOf(entry) == Case::CHANGED);
  for (const char* lifted : {"2", "3", "4"}) {
    entry.set_change(lifted);
    CHECK(StateOf(entry) == Case::ANNULLED);
  }
}

TEST_CASE("a case that ends without a penalty says how; one with a penalty is no such case") {
  Entry entry;
  entry.set_filed_on("2026-01-05");
  entry.set_disposal("1");
  CHECK(StateOf(entry) == Case::NO_PENALTY);
  entry.set_disposal("2");
  CHECK(StateOf(entry) == Case::DROPPED);
  entry.set_disposal("3");
  CHECK(StateOf(entry) == Case::TRANSFERRED);
  entry.set_closed_on("2026-02-05");
  CHECK(StateOf(entry) == Case::TRANSFERRED);
  entry.add_penalties("21");
  CHECK(StateOf(entry) == Case::CLOSED);
}

TEST_CASE("a case of several parties is as far as the last of them; a cancelled one counts for nothing") {
  Case c;
  *c.add_entries() = Decided();
  *c.add_entries() = Decided();
  c.mutable_entries(0)->set_closed_on("2026-05-06");
  c.mutable_entries(0)->set_fine_fen(100'00);
  c.mutable_entries(1)->set_fine_fen(250'00);
  Derive(&c);
  CHECK(StateOfCase(c) == Case::DECIDED);
  CHECK(c.fine_fen() == 350'00);
  CHECK(c.closed_on().empty());
  c.mutable_entries(1)->set_cancelled(true);
  Derive(&c);
  CHECK(StateOfCase(c) == Case::CLOSED);
  CHECK(c.fine_fen() == 100'00);
  CHECK(c.closed_on() == "2026-05-06");
  c.mutable_entries(0)->set_cancelled(true);
  CHECK(StateOfCase(c) == Case::VOIDED);
}

TEST_CASE("law §4.10: the heaviest penalty is that of the report's order, and 其他 yields to each named one") {
  Case c;
  Entry* entry = c.add_entries();
  CHECK(HeaviestOf(c).empty());
  entry->add_penalties("99");
  CHECK(HeaviestOf(c) == "99");
  entry->add_penalties("21");
  CHECK(HeaviestOf(c) == "21");
  entry->add_penalties("33");
  entry->add_penalties("42");  // 责令停产停业 is lighter than 吊销
  CHECK(HeaviestOf(c) == "33");
  c.add_entries()->add_penalties("51");
  CHECK(HeaviestOf(c) == "51");
}

TEST_CASE("a party is known by its real code, else by a document, else by its name however it is written") {
  Entry entry;
  CHECK(PartyOf(entry).empty());
  entry.set_party_name("金华（东阳）木雕 有限公司");
  Entry other;
  other.set_party_name("金华(东阳)木雕有限公司");
  CHECK(PartyOf(entry) == PartyOf(other));
  entry.set_party_credit_code("00000000000000000X");
  CHECK(PartyOf(entry) == PartyOf(other));
  entry.set_registration_number("330783000012345");
  CHECK(PartyOf(entry) == "number:330783000012345");
  entry.set_party_credit_code("91350100M000100Y43");
  CHECK(PartyOf(entry) == "code:91350100M000100Y43");
}

}  // namespace sifa::enforcement
