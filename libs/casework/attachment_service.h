// AttachmentService: the files of one type of objects. Each service has two requests of its own, which name the object: `Upload`
// and `List` (casework/v1/attachment.proto); all else is the same everywhere.
#pragma once

#include "absl/status/statusor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "libs/casework/acts.h"
#include "libs/casework/attachments.h"
#include "libs/core/status.h"
#include "libs/rpc/described_service.h"

namespace sifa::casework {

template <class Upload, class List>
class AttachmentService {
 public:
  // Where a request has the id of its object.
  using UploadedTo = const std::string& (Upload::*)() const;
  using ListedOf = const std::string& (List::*)() const;

  AttachmentService(const Attachments& attachments, const ObjectType& type, UploadedTo uploaded_to, ListedOf listed_of)
      : attachments_(attachments), type_(type), uploaded_to_(uploaded_to), listed_of_(listed_of) {}

  void Register(rpc::DescribedService& service) {
    service.On("UploadAttachment", this, &AttachmentService::Take);
    service.On("DownloadAttachment", this, &AttachmentService::Download);
    service.On("ListAttachments", this, &AttachmentService::ListOf);
    service.On("WithdrawAttachment", this, &AttachmentService::Withdraw);
  }

  absl::StatusOr<v1::Attachment> Take(rpc::Call& call, rpc::Reader<Upload> reader) {
    Upload piece;
    if (!reader.Read(&piece)) return Error(absl::StatusCode::kInvalidArgument, "ATTACHMENT_EMPTY", "附件没有内容");
    ASSIGN_OR_RETURN(const auto upload, attachments_.Begin(call, Announced(call, piece)));
    RETURN_IF_ERROR(upload->Add(piece.data()));
    while (!piece.last()) {
      // The end of the stream is no sign of completeness: a caller who has gone looks the same.
      if (!reader.Read(&piece)) return Error(absl::StatusCode::kAborted, "ATTACHMENT_CUT_OFF", "附件上传中断，未入卷");
      RETURN_IF_ERROR(upload->Add(piece.data()));
    }
    return upload->Finish();
  }

  absl::Status Download(rpc::Call& call, const v1::DownloadAttachmentRequest& r,
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

  absl::StatusOr<v1::ListAttachmentsResponse> ListOf(rpc::Call& call, const List& r) {
    ASSIGN_OR_RETURN(auto attachments, attachments_.List(call, type_, (r.*listed_of_)()));
    v1::ListAttachmentsResponse response;
    for (auto& attachment : attachments) *response.add_attachments() = std::move(attachment);
    return response;
  }

  absl::StatusOr<v1::Attachment> Withdraw(rpc::Call& call, const v1::WithdrawAttachmentRequest& r) {
    return attachments_.Withdraw(call, r.id(), r.reason(), r.request_id());
  }

 private:
  // What the first piece of an upload says is coming.
  NewAttachment Announced(const rpc::Call& call, const Upload& first) const {
    NewAttachment what{.type = &type_,
                       .object = (first.*uploaded_to_)(),
                       .file_name = first.file_name(),
                       .content_type = first.content_type(),
                       .request_id = first.request_id(),
                       .request = KeptRequestOf(call.method().path, first)};
    if (first.document() != 0) {
      const auto* documents = google::protobuf::GetEnumDescriptor<decltype(first.document())>();
      what.document = procedure::NameOf(documents, first.document());
      what.document_label = procedure::LabelOf(documents, first.document());
    }
    return what;
  }

  const Attachments& attachments_;
  const ObjectType& type_;
  const UploadedTo uploaded_to_;
  const ListedOf listed_of_;
};

}  // namespace sifa::casework
