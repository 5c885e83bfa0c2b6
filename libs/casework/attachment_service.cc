#include "libs/casework/attachment_service.h"

#include "libs/casework/acts.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

// What the first piece of an upload says is coming.
absl::StatusOr<NewAttachment> Announced(const rpc::Call& call, const Attachments& attachments,
                                        const v1::UploadAttachmentRequest& first) {
  ASSIGN_OR_RETURN(const ObjectType* type, attachments.TypeOf(first.object_type()));
  NewAttachment what{.type = type,
                     .object = first.object(),
                     .file_name = first.file_name(),
                     .content_type = first.content_type(),
                     .request_id = first.request_id(),
                     .request = KeptRequestOf(call.method().path, first)};
  if (first.document().empty()) return what;
  const auto* document = type->documents == nullptr ? nullptr : type->documents->FindValueByName(first.document());
  if (document == nullptr || document->number() == 0) {
    return InvalidField("document", "DOCUMENT_UNKNOWN", absl::StrCat(type->label, "没有这种文书"));
  }
  what.document = document->name();
  what.document_label = procedure::LabelOf(type->documents, document->number());
  return what;
}

}  // namespace

void AttachmentService::Register(rpc::DescribedService& service) {
  service.On("UploadAttachment", this, &AttachmentService::Take);
  service.On("DownloadAttachment", this, &AttachmentService::Download);
  service.On("ListAttachments", this, &AttachmentService::ListOf);
  service.On("WithdrawAttachment", this, &AttachmentService::Withdraw);
}

absl::StatusOr<v1::Attachment> AttachmentService::Take(rpc::Call& call, rpc::Reader<v1::UploadAttachmentRequest> reader) {
  v1::UploadAttachmentRequest piece;
  if (!reader.Read(&piece)) return Error(absl::StatusCode::kInvalidArgument, "ATTACHMENT_EMPTY", "附件没有内容");
  ASSIGN_OR_RETURN(const NewAttachment what, Announced(call, attachments_, piece));
  ASSIGN_OR_RETURN(const auto upload, attachments_.Begin(call, what));
  RETURN_IF_ERROR(upload->Add(piece.data()));
  while (!piece.last()) {
    // The end of the stream is no sign of completeness: a caller who has gone looks the same.
    if (!reader.Read(&piece)) return Error(absl::StatusCode::kAborted, "ATTACHMENT_CUT_OFF", "附件上传中断，未入卷");
    RETURN_IF_ERROR(upload->Add(piece.data()));
  }
  return upload->Finish();
}

absl::Status AttachmentService::Download(rpc::Call& call, const v1::DownloadAttachmentRequest& r,
                                         rpc::Writer<v1::DownloadAttachmentResponse> writer) {
  bool first = true;
  return attachments_.Download(call, r.id(), [&](const v1::Attachment& meta, std::string bytes) {
    v1::DownloadAttachmentResponse piece;
    if (first) {
      piece.set_content_type(meta.content_type());
      piece.set_file_name(meta.file_name());
      piece.set_size(meta.size());
    }
    first = false;
    piece.set_data(std::move(bytes));
    return writer.Write(piece);
  });
}

absl::StatusOr<v1::ListAttachmentsResponse> AttachmentService::ListOf(rpc::Call& call, const v1::ListAttachmentsRequest& r) {
  ASSIGN_OR_RETURN(const ObjectType* type, attachments_.TypeOf(r.object_type()));
  ASSIGN_OR_RETURN(auto attachments, attachments_.List(call, *type, r.object()));
  v1::ListAttachmentsResponse response;
  for (auto& attachment : attachments) *response.add_attachments() = std::move(attachment);
  return response;
}

absl::StatusOr<v1::Attachment> AttachmentService::Withdraw(rpc::Call& call, const v1::WithdrawAttachmentRequest& r) {
  return attachments_.Withdraw(call, r.id(), r.reason(), r.request_id());
}

}  // namespace sifa::casework
