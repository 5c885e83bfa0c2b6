// The office of a service (内勤): what it offers over all its objects, whatever they are: files, corrections, worklists, the
// auditors' journal and figures; and what runs beside it: watched limits, the calendar, handing over. A service states its types
// and its cubes:
//
//   casework::ExposeOffice(service, {
//       .types = {&cases.type(), &corrections.type()},
//       .files = casework::FilesOf(cases.type(), &v1::UploadAttachmentRequest::case_id, &v1::ListAttachmentsRequest::case_id),
//       .corrections = casework::CorrectionsOf(corrections, {CorrectableCase(cases.type())}),
//       .cubes = {&kCasesCube}});
//
// It serves the proto services of the package sifa.<service>.v1, which keep their own routes and permissions: AttachmentService,
// CorrectionService, WorkService, JournalService, StatisticsService.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libs/casework/attachment_service.h"
#include "libs/casework/correction_service.h"
#include "libs/casework/service.h"
#include "libs/statistics/cube.h"

namespace sifa::casework {

// A part of an office that is made for the service's own messages or table; empty where the service has none.
using OfficePart = std::function<void(Service&)>;

struct Office {
  std::vector<const ObjectType*> types;
  OfficePart files;        // FilesOf
  OfficePart corrections;  // CorrectionsOf
  // With cubes, the schema of main.cc has statistics::kSchema, and the types have their `counts`.
  std::vector<const statistics::Cube*> cubes;
};

// Called once, in the setup of the process. What `office` refers to outlives the service.
absl::Status ExposeOffice(Service& service, const Office& office);

// The full name of one of the office's proto services in the package of the process: "sifa.mediation.v1.WorkService".
std::string ProtoName(const Service& service, absl::string_view name);

// The files of objects of `type`; where the upload and the list have the object's id.
template <class Upload, class List>
OfficePart FilesOf(const ObjectType& type, const std::string& (Upload::*uploaded_to)() const,
                   const std::string& (List::*listed_of)() const) {
  return [&type, uploaded_to, listed_of](Service& service) {
    auto& attachments = service.Keep(std::make_unique<Attachments>(service.backend(), std::vector<const ObjectType*>{&type}));
    service.Expose(ProtoName(service, "AttachmentService"),
                   service.Keep(std::make_unique<AttachmentService<Upload, List>>(attachments, type, uploaded_to, listed_of)));
    service.Every(absl::Hours(1), "sweeping uploads", [&attachments] { return attachments.Sweep().status(); });
  };
}

// Corrections of the objects of `types`.
template <const procedure::Procedure<Correction>& kProcedure>
OfficePart CorrectionsOf(Casework<Correction, kProcedure>& corrections, std::vector<Correctable> types) {
  return [&corrections, types = std::move(types)](Service& service) {
    auto& desk = service.Keep(std::make_unique<Corrections>(service.backend(), types, &service.validation()));
    service.Expose(ProtoName(service, "CorrectionService"),
                   service.Keep(std::make_unique<CorrectionService<kProcedure>>(corrections, desk)));
  };
}

}  // namespace sifa::casework
