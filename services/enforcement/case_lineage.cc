#include "services/enforcement/case_lineage.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/casework/queries.h"
#include "libs/core/status.h"
#include "services/enforcement/case.h"
#include "services/enforcement/told_content.h"

namespace sifa::enforcement {
namespace {

using google::protobuf::FieldDescriptor;

// One content of one party, and when it was first told.
struct Version {
  Telling telling;
  Entry entry;
  bool standing = false;
};

// In the order of receiving, each content once.
absl::StatusOr<std::vector<Version>> VersionsOf(mysql::Connection& connection, const Id& case_id, ToldContent* content) {
  ASSIGN_OR_RETURN(auto found, TellingsOf(connection, {case_id}));
  const std::vector<Telling>& told = found[case_id];
  std::vector<Version> versions;
  for (const Telling& telling : told) {
    const bool known = absl::c_any_of(
        versions, [&](const Version& v) { return v.telling.entry == telling.entry && v.telling.digest == telling.digest; });
    if (known) continue;
    ASSIGN_OR_RETURN(Entry entry, content->Of(connection, telling));
    const Telling* standing = Standing(told, telling.entry);
    versions.push_back({telling, std::move(entry), standing->source == telling.source && standing->row == telling.row});
  }
  return versions;
}

// The fields that tell something: not those that say which entry it is, and whence.
std::vector<const FieldDescriptor*> ContentFields() {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < Entry::descriptor()->field_count(); ++i) {
    const FieldDescriptor* field = Entry::descriptor()->field(i);
    if (field->options().ExtensionSize(v1::column) > 0) fields.push_back(field);
  }
  return fields;
}

// As people read it: a list by semicolons, amounts in fen.
std::string TextOf(const Entry& entry, const FieldDescriptor& field) {
  const auto* reflection = entry.GetReflection();
  if (field.is_repeated()) {
    std::vector<std::string> parts;
    for (int i = 0; i < reflection->FieldSize(entry, &field); ++i) {
      parts.push_back(field.cpp_type() == FieldDescriptor::CPPTYPE_STRING
                          ? reflection->GetRepeatedString(entry, &field, i)
                          : reflection->GetRepeatedMessage(entry, &field, i).ShortDebugString());
    }
    return absl::StrJoin(parts, ";");
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) return reflection->GetString(entry, &field);
  if (!reflection->HasField(entry, &field)) return "";
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) return reflection->GetBool(entry, &field) ? "1" : "0";
  return absl::StrCat(reflection->GetInt64(entry, &field));
}

// "A", "Z", "AA": as spreadsheets name columns; `column` from 0.
std::string LettersOf(int column) {
  std::string letters;
  for (int left = column + 1; left > 0; left = (left - 1) / 26) letters.insert(letters.begin(), static_cast<char>('A' + (left - 1) % 26));
  return letters;
}

// By which act a batch was taken.
absl::Status SetTaking(mysql::Connection& connection, const Id& batch, v1::ValueOrigin* origin) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT actor, recorded_at FROM journal WHERE object_id = ? AND action = 'TAKE'"
                                                     " ORDER BY id DESC LIMIT 1",
                                                     {batch}));
  if (rows.empty()) return absl::OkStatus();
  origin->set_told_by(rows[0].Bytes(0));
  origin->mutable_tell_time()->set_seconds(absl::ToUnixSeconds(rows[0].Time(1)));
  return absl::OkStatus();
}

absl::StatusOr<v1::ValueOrigin> OriginOf(mysql::Connection& connection, const Version& version, const FieldDescriptor& field,
                                         ToldContent* content) {
  v1::ValueOrigin origin;
  origin.set_value(TextOf(version.entry, field));
  origin.set_data_date(FormatDay(version.telling.data_date));
  if (!version.telling.body.empty()) {
    origin.set_told_by(version.entry.origin().recorded_by());
    *origin.mutable_tell_time() = version.entry.origin().record_time();
    return origin;
  }
  ASSIGN_OR_RETURN(const Batch* batch, content->BatchOf(connection, version.telling.source));
  ASSIGN_OR_RETURN(const BatchRows* rows, content->RowsOf(connection, version.telling.source));
  ASSIGN_OR_RETURN(const ReadRow row, content->RowOf(connection, version.telling));
  origin.set_batch(batch->id());
  origin.set_file_name(batch->file_name());
  origin.set_sheet(batch->sheet());
  origin.set_row(version.telling.row);
  origin.set_column_map(batch->column_map());
  origin.set_column_map_version(batch->column_map_version());
  RETURN_IF_ERROR(SetTaking(connection, version.telling.source, &origin));
  const int of_map = ColumnOf(*rows->header().map, field);
  const int of_file = of_map < 0 ? -1 : rows->header().columns[of_map];
  if (of_file < 0) return origin;  // the file has no such column
  origin.set_column(LettersOf(of_file));
  origin.set_header(batch->headers(of_file));
  origin.set_cell(row.raw[of_file].text);
  for (const ingest::Finding& finding : row.record.findings) {
    if (finding.column == of_file + 1) origin.add_steps(std::string(finding.rule->reason));
  }
  return origin;
}

absl::StatusOr<Id> ReadCase(const casework::Backend& backend, rpc::Call& call, const std::string& id) {
  RETURN_IF_ERROR(casework::GetObject(backend, backend.objects->Of<Case>(), call, id).status());
  return ParseId(id);
}

// The lineage of one field of one party, from its versions, the latest received last.
absl::StatusOr<v1::FieldLineage> LineageOf(mysql::Connection& connection, const std::vector<const Version*>& versions,
                                           const FieldDescriptor& field, ToldContent* content) {
  v1::FieldLineage lineage;
  lineage.set_entry_key(absl::BytesToHexString(versions[0]->telling.entry));
  lineage.set_field(field.name());
  lineage.set_label(field.options().GetExtension(options::v1::field).label());
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if ((*version)->standing) {
      ASSIGN_OR_RETURN(*lineage.mutable_standing(), OriginOf(connection, **version, field, content));
    } else {
      ASSIGN_OR_RETURN(*lineage.add_earlier(), OriginOf(connection, **version, field, content));
    }
  }
  return lineage;
}

std::map<std::string, std::vector<const Version*>> ByParty(const std::vector<Version>& versions) {
  std::map<std::string, std::vector<const Version*>> by_party;
  for (const Version& version : versions) by_party[version.telling.entry].push_back(&version);
  return by_party;
}

}  // namespace

absl::StatusOr<v1::ListCaseVersionsResponse> ListVersions(const casework::Backend& backend, rpc::Call& call,
                                                          const v1::ListCaseVersionsRequest& r) {
  ASSIGN_OR_RETURN(const Id id, ReadCase(backend, call, r.id()));
  v1::ListCaseVersionsResponse response;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ToldContent content(backend);
    ASSIGN_OR_RETURN(const std::vector<Version> versions, VersionsOf(connection, id, &content));
    std::map<std::string, const Entry*> before;
    response.Clear();
    for (const Version& version : versions) {
      v1::CaseVersion* told = response.add_versions();
      *told->mutable_entry() = version.entry;
      told->set_standing(version.standing);
      const Entry*& last = before[version.telling.entry];
      for (const FieldDescriptor* field : ContentFields()) {
        if (last != nullptr && TextOf(*last, *field) != TextOf(version.entry, *field)) told->add_changed(field->name());
      }
      last = &version.entry;
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::CaseLineage> GetLineage(const casework::Backend& backend, rpc::Call& call, const v1::GetCaseLineageRequest& r) {
  ASSIGN_OR_RETURN(const Id id, ReadCase(backend, call, r.id()));
  v1::CaseLineage lineage;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ToldContent content(backend);
    ASSIGN_OR_RETURN(const std::vector<Version> versions, VersionsOf(connection, id, &content));
    lineage.Clear();
    for (const auto& [party, of_party] : ByParty(versions)) {
      for (const FieldDescriptor* field : ContentFields()) {
        if (!r.field().empty() && field->name() != r.field()) continue;
        const bool told = absl::c_any_of(of_party, [&](const Version* version) { return !TextOf(version->entry, *field).empty(); });
        if (!told) continue;
        ASSIGN_OR_RETURN(*lineage.add_fields(), LineageOf(connection, of_party, *field, &content));
      }
    }
    return absl::OkStatus();
  }));
  return lineage;
}

void ServeLineage(casework::Service& service, rpc::DescribedService& methods) {
  methods.On("ListCaseVersions", service.backend(), &ListVersions);
  methods.On("GetCaseLineage", service.backend(), &GetLineage);
}

}  // namespace sifa::enforcement
