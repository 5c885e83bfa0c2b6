// AttachmentService: the files of mediation cases.
#pragma once

#include "absl/status/statusor.h"
#include "libs/casework/attachments.h"
#include "libs/rpc/described_service.h"
#include "sifa/mediation/v1/attachment.pb.h"

namespace sifa::mediation {

class AttachmentService {
 public:
  AttachmentService(const casework::Attachments& attachments, const casework::ObjectType& cases)
      : attachments_(attachments), cases_(cases) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<casework::v1::Attachment> Upload(rpc::Call& call,
                                                  rpc::Reader<v1::UploadAttachmentRequest> reader);
  absl::Status Download(rpc::Call& call, const v1::DownloadAttachmentRequest& r,
                        rpc::Writer<v1::DownloadAttachmentResponse> writer);
  absl::StatusOr<v1::ListAttachmentsResponse> List(rpc::Call& call, const v1::ListAttachmentsRequest& r);
  absl::StatusOr<casework::v1::Attachment> Withdraw(rpc::Call& call, const v1::WithdrawAttachmentRequest& r);

 private:
  const casework::Attachments& attachments_;
  const casework::ObjectType& cases_;
};

}  // namespace sifa::mediation
