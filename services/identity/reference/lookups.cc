#include "services/identity/reference/lookups.h"

#include "libs/core/clock.h"
#include "libs/core/identifiers.h"
#include "libs/core/status.h"

namespace sifa::reference {
namespace {

constexpr int kSearchResults = 20;

absl::StatusOr<RegionCode> CodeIn(absl::string_view field, const std::string& text) {
  auto code = RegionCode::Parse(text);
  if (!code.ok()) return InvalidField(field, ReasonOf(code.status()), code.status().message());
  return code;
}

v1::CheckedIdentifier Checked(v1::CheckedIdentifier::Verdict verdict, absl::string_view reason,
                              absl::string_view message) {
  v1::CheckedIdentifier checked;
  checked.set_verdict(verdict);
  checked.set_reason(std::string(reason));
  checked.set_message(std::string(message));
  return checked;
}
v1::CheckedIdentifier Valid() { return Checked(v1::CheckedIdentifier::VALID, "", "有效"); }

v1::CheckedIdentifier CheckCredit(absl::string_view code) {
  switch (CheckCreditCode(code)) {
    case CreditCodeVerdict::kValid:
      return Valid();
    case CreditCodeVerdict::kSuspect:
      return Checked(v1::CheckedIdentifier::WARNING, "CREDIT_CODE_CHECKSUM",
                     "校验码、登记管理部门或者区划代码不符，请核对；确有此类登记的单位，可以使用");
    case CreditCodeVerdict::kCitizenId:
      return Checked(v1::CheckedIdentifier::REFUSED, "CREDIT_CODE_IS_CITIZEN_ID", "这是公民身份号码，不是统一社会信用代码");
    case CreditCodeVerdict::kMalformed:
      break;
  }
  return Checked(v1::CheckedIdentifier::REFUSED, "CREDIT_CODE_MALFORMED",
                 "统一社会信用代码应为 18 位，不含字母 I、O、S、V、Z");
}

}  // namespace

void RegionService::Register(rpc::DescribedService& service) {
  service.On("GetRegion", this, &RegionService::Get);
  service.On("ListProvinces", this, &RegionService::ListProvinces);
  service.On("ListRegionChildren", this, &RegionService::ListChildren);
  service.On("SearchRegions", this, &RegionService::Search);
}

// Region and RegionTime have these in common.
template <class To>
void FillTime(const Region& region, To* out) {
  out->set_name(std::string(region.name));
  if (region.valid_from) out->set_valid_from(FormatDay(*region.valid_from));
  if (region.valid_to) out->set_valid_to(FormatDay(*region.valid_to));
  for (const RegionCode& successor : region.successors) out->add_successors(successor.ToString());
}

void RegionService::Fill(const Region& region, std::optional<absl::CivilDay> day, v1::Region* out) const {
  FillTime(region, out);
  out->set_code(region.code.ToString());
  out->set_level(static_cast<uint32_t>(region.code.level()));
  if (const auto parent = regions_.ParentOf(region.code)) out->set_parent(parent->ToString());
  out->set_path(regions_.Path(region.code, day));
  out->set_is_place(region.is_place);
  for (const RegionCode predecessor : regions_.Predecessors(region.code)) out->add_predecessors(predecessor.ToString());
  const std::vector<Region> times = regions_.Times(region.code);
  if (times.size() < 2) return;
  for (const Region& time : times) FillTime(time, out->add_times());
}

v1::RegionList RegionService::ToList(const std::vector<Region>& regions, std::optional<absl::CivilDay> day) const {
  v1::RegionList list;
  for (const Region& region : regions) Fill(region, day, list.add_regions());
  return list;
}

absl::StatusOr<v1::Region> RegionService::Get(rpc::Call&, const v1::GetRegionRequest& r) {
  ASSIGN_OR_RETURN(const RegionCode code, CodeIn("code", r.code()));
  ASSIGN_OR_RETURN(Region region, regions_.Require(code));
  std::optional<absl::CivilDay> day;
  if (absl::CivilDay on; ParseDay(r.on(), &on)) {
    const auto then = regions_.Find(code, day.emplace(on));
    if (!then) return InvalidField("on", "REGION_NOT_VALID", absl::StrCat("行政区划“", region.name, "”在", r.on(), "无效"));
    region = *then;
  }
  v1::Region out;
  Fill(region, day, &out);
  return out;
}

absl::StatusOr<v1::RegionList> RegionService::ListProvinces(rpc::Call&, const v1::ListProvincesRequest&) {
  return ToList(regions_.Children(RegionCode()));
}

absl::StatusOr<v1::RegionList> RegionService::ListChildren(rpc::Call&,
                                                           const v1::ListRegionChildrenRequest& r) {
  ASSIGN_OR_RETURN(const RegionCode code, CodeIn("code", r.code()));
  RETURN_IF_ERROR(regions_.Require(code).status());
  absl::CivilDay day;
  if (ParseDay(r.on(), &day)) return ToList(regions_.Children(code, day), day);
  return ToList(regions_.Children(code));
}

absl::StatusOr<v1::RegionList> RegionService::Search(rpc::Call&, const v1::SearchRegionsRequest& r) {
  RegionCode within;
  if (!r.within().empty()) {
    ASSIGN_OR_RETURN(within, CodeIn("within", r.within()));
    if (!regions_.Require(within).ok()) {
      return InvalidField("within", "REGION_UNKNOWN", absl::StrCat("行政区划代码不存在：", r.within()));
    }
  }
  return ToList(regions_.Search(r.text(), within, r.limit() == 0 ? kSearchResults : r.limit()));
}

void CodeTableService::Register(rpc::DescribedService& service) {
  service.On("ListCodeTables", this, &CodeTableService::List);
  service.On("GetCodeTable", this, &CodeTableService::Get);
}

absl::StatusOr<v1::ListCodeTablesResponse> CodeTableService::List(rpc::Call&,
                                                                  const v1::ListCodeTablesRequest&) {
  v1::ListCodeTablesResponse response;
  for (absl::string_view name : tables_.Names()) response.add_names(std::string(name));
  return response;
}

absl::StatusOr<v1::CodeTable> CodeTableService::Get(rpc::Call&, const v1::GetCodeTableRequest& r) {
  const auto* entries = tables_.List(r.name());
  if (entries == nullptr) return NotFound("代码表");
  v1::CodeTable table;
  table.set_name(r.name());
  for (const CodeEntry& entry : *entries) {
    auto* code = table.add_codes();
    code->set_code(entry.code);
    code->set_label(entry.label);
    code->set_parent(entry.parent);
    code->set_group(entry.group);
    if (entry.valid_from) code->set_valid_from(FormatDay(*entry.valid_from));
  }
  return table;
}

void IdentifierService::Register(rpc::DescribedService& service) {
  service.On("CheckIdentifier", this, &IdentifierService::Check);
}

// The table has the divisions of the pilot provinces in five levels and the others down to counties: one that it lacks may be
// there all the same, but nobody should take it for checked.
v1::CheckedIdentifier IdentifierService::CheckRegion(const std::string& text, absl::CivilDay today) const {
  const auto code = RegionCode::Parse(text);
  if (!code.ok())
    return Checked(v1::CheckedIdentifier::REFUSED, ReasonOf(code.status()), code.status().message());
  const auto region = regions_.Find(*code);
  if (!region) {
    return Checked(v1::CheckedIdentifier::WARNING, "REGION_UNKNOWN", "代码格式正确，但区划表中没有此行政区划，请核对");
  }
  if (region->valid_to && *region->valid_to < today) {
    return Checked(v1::CheckedIdentifier::WARNING, "REGION_ABOLISHED",
                   "该行政区划已撤销或变更，只能用于在其存续期间发生的事项");
  }
  return Valid();
}

absl::StatusOr<v1::CheckedIdentifier> IdentifierService::Check(rpc::Call& call,
                                                               const v1::CheckIdentifierRequest& r) {
  const auto verdict = [](const absl::Status& status) {
    return status.ok() ? Valid()
                       : Checked(v1::CheckedIdentifier::REFUSED, ReasonOf(status), status.message());
  };
  switch (r.kind()) {
    case v1::CheckIdentifierRequest::CITIZEN_ID:
      return verdict(ParseCitizenId(r.value(), call.today()).status());
    case v1::CheckIdentifierRequest::CREDIT_CODE:
      return CheckCredit(r.value());
    case v1::CheckIdentifierRequest::ORGANISATION_CODE:
      return IsOrganisationCode(r.value())
                 ? Valid()
                 : Checked(v1::CheckedIdentifier::REFUSED, "ORGANISATION_CODE_CHECKSUM",
                           "组织机构代码格式或校验码不符");
    case v1::CheckIdentifierRequest::REGION_CODE:
      return CheckRegion(r.value(), call.today());
    default:
      return InvalidField("kind", "ENUM_UNKNOWN", "请指明证号种类");
  }
}

}  // namespace sifa::reference
