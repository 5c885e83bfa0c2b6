#include "libs/casework/paper_service.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/attachments.h"
#include "libs/casework/objects.h"
#include "libs/casework/queries.h"
#include "libs/contract/mask.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

// The permission under which objects of the type are read.
std::string ReadPermissionOf(const contract::Contract& contract, const ObjectType& type) {
  const auto* method = contract.Find(absl::StrCat("/", type.proto_service, "/Get", type.name));
  return method == nullptr ? "" : method->access.permission();
}

// 本人账号: what the office keeps for itself stands on no paper that the person is given.
void ClearOfficeOnly(Wording* wording) {
  const auto cleared = [](const std::shared_ptr<const Message>& message) {
    std::shared_ptr<Message> copy(message->New());
    copy->CopyFrom(*message);
    contract::ClearOfficeOnly(copy.get());
    return copy;
  };
  wording->image = cleared(wording->image);
  for (auto& [field, message] : wording->related) message = cleared(message);
}

}  // namespace

void PaperService::Register(rpc::DescribedService& service) {
  service.On("ListPapers", this, &PaperService::ListOf);
  service.On("DownloadPaper", this, &PaperService::Download);
}

absl::Status PaperService::RequireReach(const rpc::Call& call, const ObjectType& type, const std::string& id) const {
  ASSIGN_OR_RETURN(const Answer object, LoadObject(backend_, type, id));
  const std::string permission = ReadPermissionOf(contract_, type);
  const auto reaches = [&](absl::string_view path) { return call.MayAct(permission, path); };
  return !permission.empty() && type.PathReached(*object, reaches) ? absl::OkStatus() : NotFound(type.label);
}

absl::StatusOr<v1::ListPapersResponse> PaperService::ListOf(rpc::Call& call, const v1::ListPapersRequest& r) {
  const ObjectType* type = backend_.objects->Find(r.object_type());
  if (type == nullptr || type->documents == nullptr)
    return InvalidField("object_type", "OBJECT_TYPE_UNKNOWN", "没有这种对象，或者没有文书");
  RETURN_IF_ERROR(RequireReach(call, *type, r.object()));
  ASSIGN_OR_RETURN(const Id id, ParseId(r.object()));
  ASSIGN_OR_RETURN(auto wordings, papers_.Of(*type, id));
  v1::ListPapersResponse response;
  for (Wording& wording : wordings) *response.add_papers() = std::move(wording.paper);
  return response;
}

absl::Status PaperService::Download(rpc::Call& call, const v1::DownloadPaperRequest& r,
                                    rpc::Writer<v1::DownloadPaperResponse> writer) {
  ASSIGN_OR_RETURN(const Id id, ParseId(r.act()));
  std::optional<journal::Row> act;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query(absl::StrCat("SELECT ", journal::kColumns, " FROM journal j WHERE j.id = ?"), {id}));
    act = rows.empty() ? std::nullopt : std::optional(journal::ReadRow(rows[0], 0));
    return absl::OkStatus();
  }));
  const ObjectType* type = act ? backend_.objects->Find(act->object_type) : nullptr;
  if (type == nullptr || type->documents == nullptr) return NotFound("该文书");
  RETURN_IF_ERROR(RequireReach(call, *type, act->object_id.ToString()));
  ASSIGN_OR_RETURN(auto wordings, papers_.Of(*type, act->object_id));
  const auto found = std::find_if(wordings.begin(), wordings.end(), [&](const Wording& wording) {
    return wording.paper.act() == r.act() && wording.paper.document() == r.document() &&
           wording.paper.wording() == std::max(1, r.wording());
  });
  if (found == wordings.end()) return NotFound("该文书");
  // Journals the reading of who may see personal data and says why, as any reading of the object.
  RETURN_IF_ERROR(GetObject(backend_, *type, call, act->object_id.ToString()).status());
  if (call.of_person()) ClearOfficeOnly(&*found);
  ASSIGN_OR_RETURN(const std::string pdf, papers_.Print(*type, *found, /*masked=*/!call.unmasked()));
  v1::DownloadPaperResponse piece;
  piece.set_content_type("application/pdf");
  piece.set_file_name(absl::StrCat(found->paper.label(), found->paper.number(), ".pdf"));
  piece.set_size(static_cast<int64_t>(pdf.size()));
  for (size_t at = 0; at < pdf.size(); at += kChunkBytes) {
    piece.set_data(pdf.substr(at, kChunkBytes));
    if (!writer.Write(piece)) break;
    piece.Clear();
  }
  return absl::OkStatus();
}

}  // namespace sifa::casework
