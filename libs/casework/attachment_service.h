// AttachmentService: the files of the objects of a service, of each type that keeps any.
#pragma once

#include "absl/status/statusor.h"
#include "libs/casework/attachments.h"
#include "libs/rpc/described_service.h"

namespace sifa::casework {

class AttachmentService {
 public:
  explicit AttachmentService(const Attachments& attachments) : attachments_(attachments) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::Attachment> Take(rpc::Call& call, rpc::Reader<v1::UploadAttachmentRequest> reader);
  absl::Status Download(rpc::Call& call, const v1::DownloadAttachmentRequest& r,
                        rpc::Writer<v1::DownloadAttachmentResponse> writer);
  absl::StatusOr<v1::ListAttachmentsResponse> ListOf(rpc::Call& call, const v1::ListAttachmentsRequest& r);
  absl::StatusOr<v1::Attachment> Withdraw(rpc::Call& call, const v1::WithdrawAttachmentRequest& r);

 private:
  const Attachments& attachments_;
};

}  // namespace sifa::casework
