// The office of a service (内勤): what it offers over all its objects, whatever they are: files, corrections, worklists, the
// auditors' journal and figures; and what runs beside it: watched limits, the calendar, handing over.
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
  OfficePart files;  // FilesOf
};

// Called once, in the setup of the process.
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

}  // namespace sifa::casework
