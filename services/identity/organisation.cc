#include "services/identity/organisation.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/casework/queries.h"
#include "libs/core/status.h"
#include "sifa/identity/v1/account.pb.h"

namespace sifa::identity {
namespace {

using O = v1::Organisation;

constexpr O::Kind kPlaces[] = {O::BUREAU, O::JUSTICE_OFFICE};
constexpr int kPlacesAtOnce = 500;

// The division that an organisation's code names before any tail ("330783118-00"); none where the code is of
// letters, as that of a development zone.
std::optional<RegionCode> DivisionOf(absl::string_view code) {
  const auto division = RegionCode::ParsePrefix(code.substr(0, code.find('-')));
  return division.ok() ? std::optional(*division) : std::nullopt;
}

// Whoever holds the code of a division reads its figures, and keeps its own bureau from having it. So a code,
// like the place, lies in the division of the organisation above; that of a zone is the one of the next
// organisation up.
absl::Status CheckDivision(absl::string_view parent_path, const O& o) {
  const std::optional<RegionCode> own = DivisionOf(o.organisation());
  if (!own && absl::ascii_isdigit(o.organisation()[0])) {
    return InvalidField("code", "ORGANISATION_CODE_MALFORMED",
                        "以数字开头的机构代码应为行政区划代码，可加短横线和后缀");
  }
  std::optional<RegionCode> above;
  for (absl::string_view code : absl::StrSplit(parent_path, '/', absl::SkipEmpty())) {
    if (const auto division = DivisionOf(code)) above = division;
  }
  const auto outside = [&](absl::string_view field, absl::string_view reason, RegionCode code) {
    return InvalidField(
        field, reason, absl::StrCat(code.ToString(), " 不在上级机构的行政区划 ", above->ToString(), " 之内"));
  };
  if (!above) return absl::OkStatus();
  if (own && !own->IsWithin(*above)) return outside("code", "ORGANISATION_CODE_OUTSIDE", *own);
  if (o.region().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const RegionCode region, RegionCode::Parse(o.region()));
  return region.IsWithin(*above) ? absl::OkStatus() : outside("region", "REGION_OUTSIDE", region);
}

// Nobody works there any more: no usable account placed there, none that holds a post there.
absl::Status CheckUnused(mysql::Connection& connection, const std::string& code) {
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(
          "SELECT (SELECT COUNT(*) FROM object WHERE type = 'Account' AND organisation = ? AND state <> ?),"
          " (SELECT COUNT(*) FROM term t JOIN object o ON o.id = t.object_id"
          "  WHERE t.type = 'Account' AND t.kind = 'post_at' AND t.value = ? AND o.state <> ?)",
          {code, static_cast<int>(v1::Account::DISABLED), code, static_cast<int>(v1::Account::DISABLED)}));
  if (rows[0].Int(0) + rows[0].Int(1) == 0) return absl::OkStatus();
  return Error(
      absl::StatusCode::kFailedPrecondition, "ORGANISATION_IN_USE",
      absl::StrCat("该机构尚有 ", rows[0].Int(0), " 个账号、", rows[0].Int(1), " 个账号的岗位，须先调整"));
}

absl::Status Project(const casework::Backend& backend, mysql::Connection& connection, const O* before, const O& after) {
  const bool leaves = before != nullptr && (before->organisation_path() != after.organisation_path() ||
                                            before->state() != after.state());
  if (leaves) RETURN_IF_ERROR(CheckUnused(connection, after.organisation()));
  return ProjectOrganisation(backend, connection, before, after);
}

v1::ResolvedOrganisation Resolved(const OrganisationRow& row) {
  v1::ResolvedOrganisation resolved;
  resolved.set_code(row.code);
  resolved.set_path(row.path);
  resolved.set_level(row.level);
  resolved.set_region(row.region);
  resolved.set_name(row.name);
  resolved.set_kind(row.kind);
  resolved.set_parent_code(row.parent_code);
  resolved.set_dissolved(row.dissolved);
  return resolved;
}

}  // namespace

O NewOrganisation(const OrganisationRow* parent, const v1::EstablishOrganisationRequest& r,
                  absl::CivilDay today) {
  O organisation;
  organisation.set_organisation(r.code());
  organisation.set_organisation_path(absl::StrCat(parent == nullptr ? "/" : parent->path, r.code(), "/"));
  if (parent != nullptr) {
    organisation.set_parent(parent->object.ToString());
    organisation.set_parent_code(parent->code);
  }
  organisation.set_region(r.region());
  organisation.set_name(r.name());
  organisation.set_kind(r.kind());
  organisation.set_level(r.level());
  organisation.set_valid_from(r.valid_from().empty() ? FormatDay(today) : r.valid_from());
  return organisation;
}

static casework::Index IndexOf(const O& o) {
  return {.terms = {{"kind", O::Kind_Name(o.kind())}, {"parent", o.parent_code()}},
          .blind = {},
          .names = {o.name()}};
}

OrganisationService::OrganisationService(const casework::Backend& backend, const RegionTable& regions)
    : backend_(backend), regions_(regions), casework_(backend) {}

const casework::Definition<O> kOrganisation = {
    .procedure = &kOrganisationProcedure,
    .index = IndexOf,
    .project = Project,
};

void OrganisationService::Register(rpc::DescribedService& service) {
  service.On("EstablishOrganisation", this, &OrganisationService::Establish);
  service.On("GetOrganisation", this, &OrganisationService::Get);
  service.On("ListOrganisations", this, &OrganisationService::List);
  service.On("RenameOrganisation", this, &OrganisationService::Rename);
  service.On("MoveOrganisation", this, &OrganisationService::Move);
  service.On("DissolveOrganisation", this, &OrganisationService::Dissolve);
  service.On("ListOrganisationActions", this, &OrganisationService::Actions);
  service.On("GetOrganisationHistory", this, &OrganisationService::History);
  service.On("ResolveOrganisation", this, &OrganisationService::Resolve);
  service.On("ListPlaces", this, &OrganisationService::ListPlaces);
}

absl::StatusOr<Id> OrganisationService::IdOf(const std::string& text) const {
  std::optional<OrganisationRow> found;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, FindOrganisation(backend_, connection, text));
    return absl::OkStatus();
  }));
  if (found) return found->object;
  const auto id = ParseId(text);
  return id.ok() ? id : NotFound("机构");
}

absl::StatusOr<O> OrganisationService::Established(const v1::EstablishOrganisationRequest& r, absl::CivilDay today) const {
  ASSIGN_OR_RETURN(const OrganisationRow parent, KnownOrganisation(backend_, "parent_code", r.parent_code()));
  if (static_cast<int>(r.level()) < parent.level) {
    return InvalidField("level", "LEVEL_ABOVE_PARENT", "下级机构的级别不能高于上级机构");
  }
  if (!r.region().empty()) {
    ASSIGN_OR_RETURN(const RegionCode region, RegionCode::Parse(r.region()));
    RETURN_IF_ERROR(regions_.Require(region).status());
  }
  const O organisation = NewOrganisation(&parent, r, today);
  RETURN_IF_ERROR(CheckDivision(parent.path, organisation));
  return organisation;
}

absl::StatusOr<O> OrganisationService::Establish(rpc::Call& call, const v1::EstablishOrganisationRequest& r) {
  return casework_.Create(call, O::ESTABLISH, r, [&] { return Established(r, call.today()); });
}

absl::StatusOr<O> OrganisationService::Get(rpc::Call& call, const v1::GetOrganisationRequest& r) {
  ASSIGN_OR_RETURN(const Id id, IdOf(r.id()));
  return casework_.Get(call, id.ToString());
}

absl::StatusOr<v1::ListOrganisationsResponse> OrganisationService::List(
    rpc::Call& call, const v1::ListOrganisationsRequest& r) {
  casework::ListQuery query;
  if (!r.below().empty()) {
    RETURN_IF_ERROR(RequireOrganisation(backend_, "below", r.below()).status());
    query.organisation = r.below();
  }
  if (!r.parent_code().empty()) query.terms.push_back({"parent", r.parent_code()});
  if (r.kind() != O::KIND_UNSPECIFIED) query.terms.push_back({"kind", O::Kind_Name(r.kind())});
  query.name = r.name();
  if (!r.with_dissolved()) query.open = true;
  v1::ListOrganisationsResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   casework_.List(call, query, r.page_size(), r.page_token(),
                                  [&](const O& o) { *response.add_organisations() = o; }));
  return response;
}

absl::StatusOr<O> OrganisationService::Rename(rpc::Call& call, const v1::RenameOrganisationRequest& r) {
  return casework_.ActOn(call, O::RENAME, r, [&] { return IdOf(r.id()); }, [&](O& o) {
    o.add_former_names(o.name());
    o.set_name(r.name());
    return absl::OkStatus();
  });
}

// Asked before the transaction, which waits for no neighbour. What a neighbour takes in for the organisation between its answer
// and the commit is not seen; no transaction of ours could see it either, for the neighbour knows nothing of our locks. It is the
// same as what was taken in on the day before: it keeps its place, is within the reach of the organisation that stood above, and
// is seen to there.
absl::StatusOr<Id> OrganisationService::WithHoldings(const rpc::Call& call, const std::string& text,
                                                     casework::v1::Holdings* held) const {
  ASSIGN_OR_RETURN(const Id id, IdOf(text));
  ASSIGN_OR_RETURN(const casework::Answer answer, casework::LoadObject(backend_, casework_.type(), id.ToString()));
  const O& o = static_cast<const O&>(*answer);
  // To those out of reach it tells nothing of the work there.
  if (!casework::Actor::Of(call).Reaches(o.organisation_path())) return NotFound("机构");
  ASSIGN_OR_RETURN(*held, ask_holdings_(o.organisation()));
  return id;
}

absl::StatusOr<O> OrganisationService::Move(rpc::Call& call, const v1::MoveOrganisationRequest& r) {
  casework::v1::Holdings held;
  const auto prepare = [&] { return WithHoldings(call, r.id(), &held); };
  return casework_.ActOn(call, O::MOVE, r, prepare, [&](O& o, const casework::Act& act) -> absl::Status {
    ASSIGN_OR_RETURN(const OrganisationRow parent,
                     RequireOrganisation(backend_, act.connection(), "parent_code", r.parent_code()));
    if (!call.MayAct(call.method().access.permission(), parent.path)) return NotFound("机构");
    if (static_cast<int>(o.level()) < parent.level) {
      return InvalidField("parent_code", "LEVEL_ABOVE_PARENT", "下级机构的级别不能高于上级机构");
    }
    RETURN_IF_ERROR(CheckDivision(parent.path, o));
    o.set_parent(parent.object.ToString());
    o.set_parent_code(parent.code);
    o.set_organisation_path(absl::StrCat(parent.path, o.organisation(), "/"));
    // They would stay where they are: out of its own reach, and within that of the organisation above that it
    // leaves.
    if (held.objects() > 0) {
      return Error(absl::StatusCode::kFailedPrecondition, "ORGANISATION_HAS_WORK",
                   absl::StrCat("该机构名下有 ", held.objects(), " 件业务记录，不能改变隶属，应当另设机构"));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<O> OrganisationService::Dissolve(rpc::Call& call, const v1::DissolveOrganisationRequest& r) {
  casework::v1::Holdings held;
  const auto prepare = [&] { return WithHoldings(call, r.id(), &held); };
  return casework_.ActOn(call, O::DISSOLVE, r, prepare, [&](O& o, const casework::Act& act) -> absl::Status {
    if (held.open() > 0) {
      return Error(absl::StatusCode::kFailedPrecondition, "ORGANISATION_HAS_WORK",
                   absl::StrCat("该机构尚有 ", held.open(), " 件未结的业务记录，须先办结"));
    }
    o.set_valid_to(act.occurred_on());
    return absl::OkStatus();
  });
}

absl::StatusOr<casework::v1::AvailableActions> OrganisationService::Actions(rpc::Call& call,
                                                                           const v1::GetOrganisationRequest& r) {
  ASSIGN_OR_RETURN(const Id id, IdOf(r.id()));
  return casework_.Actions(call, id.ToString());
}

absl::StatusOr<casework::v1::History> OrganisationService::History(rpc::Call& call,
                                                                   const casework::v1::GetHistoryRequest& r) {
  casework::v1::GetHistoryRequest by_id = r;
  ASSIGN_OR_RETURN(const Id id, IdOf(r.id()));
  by_id.set_id(id.ToString());
  return casework::History(backend_, casework_.type(), call, by_id);
}

absl::StatusOr<v1::ResolvedOrganisation> OrganisationService::Resolve(
    rpc::Call&, const v1::ResolveOrganisationRequest& r) {
  std::optional<OrganisationRow> found;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, FindOrganisation(backend_, connection, r.code()));
    return absl::OkStatus();
  }));
  if (!found) return NotFound("机构");
  return Resolved(*found);
}

absl::StatusOr<v1::ListPlacesResponse> OrganisationService::ListPlaces(rpc::Call&, const v1::ListPlacesRequest& r) {
  v1::ListPlacesResponse response;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const auto root, FindOrganisation(backend_, connection, r.organisation()));
    if (!root) return NotFound("机构");
    const auto add = [&](const OrganisationRow& place) {
      const bool stood = place.valid_from <= r.day() && (place.valid_to.empty() || r.day() <= place.valid_to);
      if (stood && absl::c_linear_search(kPlaces, place.kind)) *response.add_places() = Resolved(place);
    };
    for (const absl::string_view code : absl::StrSplit(root->path, '/', absl::SkipEmpty())) {
      if (code == root->code) break;
      ASSIGN_OR_RETURN(const auto above, FindOrganisation(backend_, connection, std::string(code)));
      if (above) add(*above);
    }
    for (const O::Kind kind : kPlaces) {
      casework::ListQuery query;
      query.scopes = {root->path};
      query.terms = {{"kind", O::Kind_Name(kind)}};
      query.limit = kPlacesAtOnce;
      for (;;) {
        ASSIGN_OR_RETURN(const auto page, backend_.store.List(connection, casework_.type(), query));
        for (const auto& stored : page) add(RowOf(stored.id, static_cast<const O&>(*stored.object)));
        if (static_cast<int>(page.size()) < query.limit) break;
        query.GoOnAfter(casework_.type(), page.back());
      }
    }
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace sifa::identity
