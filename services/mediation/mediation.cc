#include "services/mediation/mediation.h"

#include "libs/casework/office.h"
#include "services/mediation/case.h"
#include "services/mediation/committee.h"
#include "services/mediation/confirmation.h"
#include "services/mediation/schema.h"
#include "services/mediation/screening.h"
#include "sifa/mediation/v1/attachment.pb.h"

namespace sifa::mediation {

casework::ServiceDefinition Definition() {
  return {.name = "mediation",
          .objects = {&kCommittee, &kCase, &kConfirmation, &kScreening},
          .schema = Schema(),
          .set_up = [](casework::Service& service) {
            return casework::ExposeOffice(
                service, {.files = casework::FilesOf(service.objects().Of<Case>(), &v1::UploadAttachmentRequest::case_id,
                                                     &v1::ListAttachmentsRequest::case_id)});
          }};
}

}  // namespace sifa::mediation
