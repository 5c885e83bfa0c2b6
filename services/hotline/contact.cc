#include "services/hotline/contact.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/procedure/instant.h"
#include "services/hotline/laws.h"

namespace sifa::hotline {
namespace {

using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::States kOpen = {Contact::RINGING, Contact::QUEUED, Contact::TALKING, Contact::PARKED};

const Guard<Contact> kOneOutcome = {"结束", "OUTCOME_MISSING", "通话结束应当有且只有一个结果", kPlatform,
                                    [](const Contact& c, const Facts&) { return c.outcome() != Contact::OUTCOME_UNSPECIFIED; }};
// All are aside: the switch's times settle their order, and a bridge may be told after the end.

// 接通 is what a bridge made, and nothing else is.
const Guard<Contact> kAnsweredByBridge = {
    "结束", "ANSWERED_WITHOUT_BRIDGE", "接通的通话应当有接通时间", kPlatform, [](const Contact& c, const Facts&) {
      return (c.outcome() == Contact::ANSWERED) == c.has_bridged_at() || c.outcome() == Contact::LOST;
    }};

const Row<Contact> kRows[] = {
    {.act = Contact::ARRIVE,
     .from = {Contact::STATE_UNSPECIFIED},
     .to = Contact::RINGING,
     .aside = true,
     .level = Level::kSystem,
     .law = kPlatform},
    {.act = Contact::QUEUE,
     .from = {Contact::RINGING, Contact::TALKING, Contact::PARKED},
     .to = Contact::QUEUED,
     .aside = true,
     .level = Level::kSystem,
     .law = kPlatform},
    {.act = Contact::BRIDGE,
     .from = {Contact::RINGING, Contact::QUEUED, Contact::PARKED, Contact::TALKING},
     .to = Contact::TALKING,
     .aside = true,
     .level = Level::kSystem,
     .law = kPlatform},
    {.act = Contact::PARK,
     .from = {Contact::TALKING},
     .to = Contact::PARKED,
     .aside = true,
     .level = Level::kSystem,
     .law = kPlatform},
    // Recorded whenever it is told: a recording is, long after the end.
    {.act = Contact::STEP,
     .from = {Contact::RINGING, Contact::QUEUED, Contact::TALKING, Contact::PARKED, Contact::ENDED},
     .aside = true,
     .level = Level::kSystem,
     .law = kPlatform},
    // Also of one that has ended: a bridge told late shows that it was answered.
    {.act = Contact::END,
     .from = {Contact::RINGING, Contact::QUEUED, Contact::TALKING, Contact::PARKED, Contact::ENDED},
     .to = Contact::ENDED,
     .aside = true,
     .level = Level::kSystem,
     .checks = {&kOneOutcome, &kAnsweredByBridge},
     .law = kPlatform},
};

casework::Index IndexOf(const Contact& contact) {
  casework::Index index{.terms = {{"centre", contact.centre()}, {"channel", contact.channel()}}};
  if (contact.has_arrived_at()) index.day = FormatDay(DayOf(TimeOf(contact.arrived_at())));
  if (!contact.agent().empty()) index.terms.push_back({"agent", contact.agent()});
  if (!contact.caller().empty()) index.blind.push_back({"caller", contact.caller()});
  index.blind.push_back({"call", CallOf(contact.switch_(), contact.boot(), contact.call())});
  if (kOpen.Has(contact.state())) index.terms.push_back({"open", contact.centre()});
  return index;
}

absl::Status Narrow(const v1::ListContactsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.centre().empty()) query->terms.push_back({"centre", r.centre()});
  if (!r.agent().empty()) query->terms.push_back({"agent", r.agent()});
  if (!r.caller().empty()) query->blind.push_back({"caller", r.caller()});
  query->day_from = r.day_from();
  query->day_to = r.day_to();
  return absl::OkStatus();
}

}  // namespace

std::string CallOf(const std::string& switch_id, const std::string& boot, const std::string& call) {
  return absl::StrCat(switch_id, "/", boot, "/", call);
}

const procedure::Procedure<Contact> kContactProcedure = {
    .name = "来电",
    .rows = kRows,
    .terminal = {Contact::ENDED, Contact::VOIDED},
    .states = Contact::State_descriptor,
    .acts = Contact::Act_descriptor,
    .clock_kinds = Contact::Limit_descriptor,
    .papers = Contact::Document_descriptor,
};

const casework::Definition<Contact> kContact = {
    .procedure = &kContactProcedure,
    .index = IndexOf,
    .cubes = {&kContactsCube, &kWaitingCube},
    .list = casework::ListOf<Narrow>,
    .references = {{"centre", "Centre", "CENTRE_HAS_CONTACTS", "该中心已有来电记录，不能作废"}},
};

}  // namespace sifa::hotline
