#include "services/mediation/attachment.h"

#include "libs/core/status.h"
#include "libs/procedure/procedure.h"

namespace sifa::mediation {

using v1::Case;

void AttachmentService::Register(rpc::DescribedService& service) {
  service.On("UploadAttachment", this, &AttachmentService::Upload);
  service.On("DownloadAttachment", this, &AttachmentService::Download);
  service.On("ListAttachments", this, &AttachmentService::List);
  service.On("WithdrawAttachment", this, &AttachmentService::Withdraw);
}

absl::StatusOr<casework::v1::Attachment> AttachmentService::Upload(
    rpc::Call& call, rpc::Reader<v1::UploadAttachmentRequest> reader) {
  v1::UploadAttachmentRequest r;
  if (!reader.Read(&r)) return Error(absl::StatusCode::kInvalidArgument, "ATTACHMENT_EMPTY", "附件没有内容");
  if (r.case_id().empty()) return InvalidField("case_id", "FIELD_REQUIRED", "应指明附件所属的案件");
  casework::NewAttachment what{.type = &cases_,
                               .object = r.case_id(),
                               .file_name = r.file_name(),
                               .content_type = r.content_type(),
                               .request_id = r.request_id()};
  if (r.document() != Case::DOCUMENT_UNSPECIFIED) {
    what.document = procedure::NameOf(Case::Document_descriptor(), r.document());
    what.document_label = procedure::LabelOf(Case::Document_descriptor(), r.document());
  }
  ASSIGN_OR_RETURN(const auto upload, attachments_.Begin(call, what));
  RETURN_IF_ERROR(upload->Add(r.data()));
  while (!r.last()) {
    // The end of the stream is no sign of completeness: a caller who has gone looks the same.
    if (!reader.Read(&r))
      return Error(absl::StatusCode::kAborted, "ATTACHMENT_CUT_OFF", "附件上传中断，未入卷");
    RETURN_IF_ERROR(upload->Add(r.data()));
  }
  return upload->Finish();
}

absl::Status AttachmentService::Download(rpc::Call& call, const v1::DownloadAttachmentRequest& r,
                                         rpc::Writer<v1::DownloadAttachmentResponse> writer) {
  bool first = true;
  return attachments_.Download(call, r.id(), [&](const casework::v1::Attachment& meta, std::string piece) {
    v1::DownloadAttachmentResponse part;
    if (first) {
      part.set_content_type(meta.content_type());
      part.set_file_name(meta.file_name());
      part.set_size(meta.size());
    }
    first = false;
    part.set_data(std::move(piece));
    return writer.Write(part);
  });
}

absl::StatusOr<v1::ListAttachmentsResponse> AttachmentService::List(rpc::Call& call,
                                                                    const v1::ListAttachmentsRequest& r) {
  ASSIGN_OR_RETURN(auto attachments, attachments_.List(call, cases_, r.case_id()));
  v1::ListAttachmentsResponse response;
  for (auto& attachment : attachments) *response.add_attachments() = std::move(attachment);
  return response;
}

absl::StatusOr<casework::v1::Attachment> AttachmentService::Withdraw(rpc::Call& call,
                                                                     const v1::WithdrawAttachmentRequest& r) {
  return attachments_.Withdraw(call, r.id(), r.reason(), r.request_id());
}

}  // namespace sifa::mediation
