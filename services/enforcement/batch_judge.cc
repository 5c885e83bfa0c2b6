#include "services/enforcement/batch_judge.h"

#include "libs/core/status.h"
#include "libs/core/text.h"

namespace sifa::enforcement {
namespace {

void Find(const ingest::Rule& rule, const ReadRow& row, ingest::Record* record) {
  record->findings.push_back(
      {.rule = &rule, .severity = rule.severity, .row = row.raw.number, .sentence = std::string(rule.sentence)});
}

}  // namespace

absl::StatusOr<Agencies> Agencies::Of(const casework::Backend& backend, mysql::Connection& connection, const Batch& batch) {
  const casework::ObjectType& type = backend.objects->Of<Agency>();
  casework::ListQuery query;
  query.scopes = {batch.organisation_path()};
  query.limit = 200;
  Agencies agencies;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto page, backend.store.List(connection, type, query));
    for (const casework::Stored& stored : page) {
      const auto& agency = static_cast<const Agency&>(*stored.object);
      if (agency.state() != Agency::VOIDED) agencies.agencies_.push_back(agency);
    }
    more = static_cast<int>(page.size()) == query.limit;
    if (more) query.GoOnAfter(type, page.back());
  }
  for (size_t i = 0; i < agencies.agencies_.size(); ++i) {
    const Agency& agency = agencies.agencies_[i];
    const auto put = [&](const std::string& name, std::map<std::string, size_t>* by) {
      const auto [known, fresh] = by->emplace(name, i);
      if (!fresh && agency.state() == Agency::ANNOUNCED) known->second = i;
    };
    put(agency.credit_code(), &agencies.by_code_);
    put(FoldName(agency.name()), &agencies.by_name_);
    for (const std::string& name : agency.former_names()) agencies.by_name_.emplace(FoldName(name), i);
  }
  return agencies;
}

const Agency* Agencies::Find(const Entry& entry) const {
  const bool coded = !entry.agency_code().empty();
  const auto& by = coded ? by_code_ : by_name_;
  const auto found = by.find(coded ? entry.agency_code() : FoldName(entry.agency_name()));
  return found == by.end() ? nullptr : &agencies_[found->second];
}

const Agency* Judge(const Agencies& agencies, ReadRow* row) {
  if (row->record.kind == ingest::RecordKind::kNote) return nullptr;
  const Agency* agency = agencies.Find(row->entry);
  if (agency == nullptr && !row->record.refused()) Find(ingest::kOrganForeign, *row, &row->record);
  if (row->entry.key().empty() && !row->record.refused()) Find(ingest::kKeyMissing, *row, &row->record);
  if (row->record.refused()) return nullptr;
  row->entry.set_agency_code(agency->credit_code());
  return agency;
}

}  // namespace sifa::enforcement
