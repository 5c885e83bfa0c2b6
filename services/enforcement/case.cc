#include "services/enforcement/case.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "services/enforcement/case_lineage.h"
#include "services/enforcement/duplicate.h"
#include "services/enforcement/findings.h"
#include "services/enforcement/likeness.h"
#include "services/enforcement/tellings.h"

namespace sifa::enforcement {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Row;

// Governments supervise penalties; for that their agencies tell them.
constexpr procedure::Law kSupervision = {"行政处罚法", "75"};

// A record is told from any state: what is unlawful about it is found, not refused.
constexpr procedure::States kAny = {Case::OPEN,        Case::DECIDED, Case::CLOSED,   Case::NO_PENALTY, Case::DROPPED,
                                    Case::TRANSFERRED, Case::CHANGED, Case::ANNULLED, Case::DUPLICATE,  Case::VOIDED};
constexpr procedure::States kNew = {Case::STATE_UNSPECIFIED};

Entry* FindEntry(const std::string& key, Case* c) {
  const auto found = absl::c_find_if(*c->mutable_entries(), [&](const Entry& entry) { return entry.key() == key; });
  return found == c->mutable_entries()->end() ? nullptr : &*found;
}

absl::Status NoSuchEntry() { return InvalidField("entry_key", "ENTRY_UNKNOWN", "案件中没有这条当事人记录"); }

// What was typed by hand, as its entry.
absl::StatusOr<Entry> Typed(const Entry& told, const Act& act) {
  Entry entry = told;
  ASSIGN_OR_RETURN(*entry.mutable_key(), EntryKey(act.backend().keyring, entry));
  entry.mutable_origin()->set_data_date(FormatDay(act.facts().today));
  entry.mutable_origin()->set_recorded_by(act.actor().id());
  entry.mutable_origin()->mutable_record_time()->set_seconds(absl::ToUnixSeconds(act.now()));
  return entry;
}

// An entry stays with its case; the first one that names the decision makes a filing a decided case.
absl::Status CheckBelongs(const Case& c, const Entry& entry) {
  const bool other_decision = !c.decision_number().empty() && entry.decision_number() != c.decision_number();
  const bool other_filing = c.decision_number().empty() && entry.filing_number() != c.filing_number();
  if (entry.agency_code() == c.agency_code() && !other_decision && !other_filing) return absl::OkStatus();
  return InvalidField("entry", "CASE_KEY_DIFFERENT", "处罚机关和文号（决定前为立案号）应当与案件一致；写错的，作废后重新录入");
}

absl::Status Put(Entry entry, const Act& act, Case* c) {
  ASSIGN_OR_RETURN(const Id id, ParseId(c->id()));
  RETURN_IF_ERROR(TellTyped(act.backend(), act.connection(), id, entry));
  PutEntry(std::move(entry), c);
  Case told = *c;
  told.set_state(static_cast<Case::State>(StateOfCase(told)));
  const casework::ActInput cause{.method = "system", .act_day = act.facts().today, .part_of = act.self()};
  return FindDuplicates(act.backend(), act.connection(), cause, {told});
}

absl::Status Cancel(Entry entry, const Act& act, Case* c) {
  entry.set_cancelled(true);
  return Put(std::move(entry), act, c);
}

absl::StatusOr<Case> RecordedCase(const v1::RecordCaseRequest& r, const Act& act) {
  RETURN_IF_ERROR(CheckKey(r.entry()));
  ASSIGN_OR_RETURN(const Agency agency, AgencyOf(act.backend(), act.connection(), act.actor(), r.entry().agency_code()));
  return NewCase(agency);
}

absl::Status RecordFirst(Case& c, const v1::RecordCaseRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(Entry entry, Typed(r.entry(), act));
  return Put(std::move(entry), act, &c);
}

absl::Status AddParty(Case& c, const v1::AddPartyRequest& r, const Act& act) {
  RETURN_IF_ERROR(CheckBelongs(c, r.entry()));
  ASSIGN_OR_RETURN(Entry entry, Typed(r.entry(), act));
  if (const Entry* standing = FindEntry(entry.key(), &c); standing != nullptr && !standing->cancelled()) {
    return Error(absl::StatusCode::kAlreadyExists, "PARTY_RECORDED", "案件中已有该当事人的记录，内容有变的请修订");
  }
  return Put(std::move(entry), act, &c);
}

// An entry that was of somebody else is cancelled beside the right one.
absl::Status Revise(Case& c, const v1::ReviseCaseRequest& r, const Act& act) {
  RETURN_IF_ERROR(CheckBelongs(c, r.entry()));
  ASSIGN_OR_RETURN(Entry entry, Typed(r.entry(), act));
  Entry* revised = FindEntry(r.entry_key(), &c);
  if (revised == nullptr) return NoSuchEntry();
  if (entry.key() != revised->key() && FindEntry(entry.key(), &c) != nullptr) {
    return Error(absl::StatusCode::kAlreadyExists, "PARTY_RECORDED", "案件中已有该当事人的记录，内容有变的请修订");
  }
  if (entry.key() != revised->key()) RETURN_IF_ERROR(Cancel(*revised, act, &c));
  return Put(std::move(entry), act, &c);
}

absl::Status CancelParty(Case& c, const v1::CancelPartyRequest& r, const Act& act) {
  const Entry* entry = FindEntry(r.entry_key(), &c);
  return entry == nullptr ? NoSuchEntry() : Cancel(*entry, act, &c);
}

absl::Status Void(Case& c, const v1::VoidCaseRequest&, const Act& act) {
  c.set_voided_on(act.occurred_on());
  return absl::OkStatus();
}

// 行政处罚法 §60. It warns of a case that was told while it could still be decided in time: what had passed before is a finding,
// and no alarm.
constexpr procedure::Law kNinetyDays = {"行政处罚法", "60", "2021-07-15"};
constexpr int kDaysToDecide = 90;

absl::CivilDay FiledOn(const Case& c) {
  absl::CivilDay day;
  return ParseDay(c.filed_on(), &day) ? day : absl::CivilDay();
}

bool AwaitsDecision(const Case& c) {
  const auto standing = StandingEntries(c);
  if (c.state() != Case::OPEN || !kNinetyDays.HoldsOn(FiledOn(c)) || standing.empty()) return false;
  const absl::CivilDay told = DayOf(absl::FromUnixSeconds(standing.front()->origin().record_time().seconds()));
  return told <= FiledOn(c) + kDaysToDecide;
}

const procedure::List<procedure::Start<Case>, 6> kUntilDecided = {{.clock = Case::DECISION,
                                                                   .period = calendar::Days("APL", kDaysToDecide),
                                                                   .article = "60",
                                                                   .from = FiledOn,
                                                                   .when = AwaitsDecision}};

const Row<Case> kRows[] = {
    {.act = Case::RECORD,
     .from = kNew,
     .create = Create<RecordedCase>,
     .apply = Apply<RecordFirst>,
     .starts = kUntilDecided,
     .stops = {Case::DECISION},
     .law = kSupervision},
    {.act = Case::ADD,
     .from = kAny,
     .apply = Apply<AddParty>,
     .starts = kUntilDecided,
     .stops = {Case::DECISION},
     .law = kSupervision},
    {.act = Case::REVISE,
     .from = kAny,
     .apply = Apply<Revise>,
     .starts = kUntilDecided,
     .stops = {Case::DECISION},
     .law = kSupervision},
    {.act = Case::CANCEL,
     .from = kAny,
     .apply = Apply<CancelParty>,
     .starts = kUntilDecided,
     .stops = {Case::DECISION},
     .law = kSupervision},
    {.act = Case::VOID,
     .from = kAny,
     .apply = Apply<Void>,
     .starts = kUntilDecided,
     .stops = {Case::DECISION},
     .law = kSupervision},
    {.act = Case::TAKE, .from = kNew, .indirect = true, .starts = kUntilDecided, .stops = {Case::DECISION}, .law = kSupervision},
    {.act = Case::TAKE, .from = kAny, .indirect = true, .starts = kUntilDecided, .stops = {Case::DECISION}, .law = kSupervision},
    {.act = Case::RESTORE,
     .from = kAny,
     .indirect = true,
     .starts = kUntilDecided,
     .stops = {Case::DECISION},
     .law = kSupervision},
    {.act = Case::JOIN, .from = kAny, .indirect = true, .starts = kUntilDecided, .stops = {Case::DECISION}, .law = kSupervision},
    {.act = Case::SETTLE, .from = kAny, .indirect = true, .law = kSupervision},
};

absl::Status Recorded() {
  return Error(absl::StatusCode::kAlreadyExists, "CASE_RECORDED",
               "该机关的这个文号（决定前为立案号）已有案件，请在该案件中增录或者修订");
}

casework::Index IndexOf(const Case& c) {
  casework::Index index{.day = c.decided_on().empty() ? c.filed_on() : c.decided_on(),
                        .terms = {{"agency_code", c.agency_code()}, {"field", c.field()}, {"heaviest", c.heaviest()}}};
  if (!c.decision_number().empty()) {
    index.terms.push_back({"decision", KeyOf("", c.decision_number())});
    index.unique.push_back({"decision", KeyOf(c.agency_code(), c.decision_number()), Recorded()});
  } else if (c.joined().empty()) {
    index.unique.push_back({"filing", KeyOf(c.agency_code(), c.filing_number()), Recorded()});
  }
  if (!c.filing_number().empty()) {
    index.terms.push_back({"filing", KeyOf("", c.filing_number())});
    index.terms.push_back({"filed", KeyOf(c.agency_code(), c.filing_number())});
  }
  for (const Entry* entry : StandingEntries(c)) {
    index.terms.push_back({"batch", entry->origin().batch()});
    index.names.push_back(entry->party_name());
    for (const std::string* code : {&entry->party_credit_code(), &entry->party_id_number()}) {
      if (!IsPlaceholder(*code)) index.blind.push_back({"party_code", *code});
    }
  }
  for (const std::string& block : PartyBlocks(c)) index.blind.push_back({"block", block});
  return index;
}

absl::Status Narrow(const v1::ListCasesRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.decision_number().empty()) query->terms.push_back({"decision", KeyOf("", r.decision_number())});
  if (!r.filing_number().empty()) query->terms.push_back({"filing", KeyOf("", r.filing_number())});
  for (const auto& [kind, value] :
       {std::pair{"agency_code", &r.agency_code()}, {"field", &r.field()}, {"heaviest", &r.heaviest()}, {"batch", &r.batch()}}) {
    if (!value->empty()) query->terms.push_back({kind, *value});
  }
  query->day_from = r.decided_from();
  query->day_to = r.decided_to();
  query->name = r.party_name();
  query->name_field = "party_name";
  if (!r.party_code().empty()) query->blind.push_back({"party_code", r.party_code()});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Agency> AgencyOf(const casework::Backend& backend, mysql::Connection& connection, const casework::Actor& actor,
                                const std::string& credit_code) {
  casework::ListQuery query;
  query.scopes = {"/"};
  query.terms = {{"credit_code", credit_code}};
  query.limit = 10;  // the same one, ended and registered again
  ASSIGN_OR_RETURN(const auto found, backend.store.List(connection, backend.objects->Of<Agency>(), query));
  const Agency* best = nullptr;
  for (const casework::Stored& stored : found) {
    const auto& agency = static_cast<const Agency&>(*stored.object);
    if (agency.state() == Agency::VOIDED || !actor.Reaches(agency.organisation_path())) continue;
    if (best == nullptr || agency.state() == Agency::ANNOUNCED) best = &agency;
  }
  if (best != nullptr) return *best;
  return InvalidField("agency_code", "ORGAN_FOREIGN", "处罚机关不是您管辖范围内登记的执法主体，请核对其统一社会信用代码");
}

Case NewCase(const Agency& agency) {
  Case c;
  c.set_organisation(agency.organisation());
  c.set_organisation_path(agency.organisation_path());
  c.set_region(agency.region());
  c.set_agency_code(agency.credit_code());
  c.set_agency_name(agency.name());
  c.set_field(agency.field());
  return c;
}

absl::StatusOr<std::string> EntryKey(const crypto::Keyring& keyring, const Entry& entry) {
  const std::string party = PartyOf(entry);
  if (party.empty()) return InvalidField("party_name", "KEY_MISSING", "应当写明行政相对人的名称、代码或者证件号码之一");
  return crypto::Hex(keyring.BlindIndex("party", party));
}

absl::Status CheckKey(const Entry& entry) {
  if (entry.agency_code().empty()) return InvalidField("agency_code", "KEY_MISSING", "应当写明处罚机关的统一社会信用代码");
  if (!entry.decision_number().empty() || !entry.filing_number().empty()) return absl::OkStatus();
  return InvalidField("decision_number", "KEY_MISSING", "应当写明行政处罚决定书文号；尚未决定的，写明立案号");
}

void PutEntry(Entry entry, Case* c) {
  if (Entry* standing = FindEntry(entry.key(), c)) {
    *standing = std::move(entry);
  } else {
    *c->add_entries() = std::move(entry);
  }
  c->clear_voided_on();
  Derive(c);
}

const procedure::ClockKind kClocks[] = {{.clock = Case::DECISION, .warn_days = 15}};

const procedure::Procedure<Case> kCaseProcedure = {
    .name = "行政处罚案件",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Case::CLOSED, Case::NO_PENALTY, Case::DROPPED, Case::TRANSFERRED, Case::ANNULLED, Case::DUPLICATE, Case::VOIDED},
    .states = Case::State_descriptor,
    .acts = Case::Act_descriptor,
    .clock_kinds = Case::Limit_descriptor,
    .papers = Case::Document_descriptor,
    .state_of = StateOfCase,
};

const casework::Definition<Case> kCase = {
    .procedure = &kCaseProcedure,
    .index = IndexOf,
    .cubes = {&kFilingsCube, &kDecisionsCube, &kServicesCube, &kPaymentsCube, &kClosingsCube},
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .project = JudgeAfterAct,
    .handlers = ServeLineage,
};

}  // namespace sifa::enforcement
