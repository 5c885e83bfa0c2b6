#include "libs/casework/office.h"

#include <atomic>

#include "absl/strings/str_cat.h"
#include "libs/casework/attachment_service.h"
#include "libs/casework/correction_service.h"
#include "libs/casework/journal_reading.h"
#include "libs/casework/live.h"
#include "libs/casework/organisation_names.h"
#include "libs/casework/paper_service.h"
#include "libs/casework/recount.h"
#include "libs/casework/statistics_service.h"
#include "libs/casework/table_statistics.h"
#include "libs/casework/work.h"
#include "libs/core/status.h"
#include "libs/statistics/folder.h"
#include "libs/statistics/population.h"
#include "libs/statistics/rebuild.h"

namespace sifa::casework {
namespace {

constexpr absl::Duration kLiveEvery = absl::Milliseconds(250);  // one look into an index, and only while somebody listens

void ExposeFiles(Service& service) {
  std::vector<const ObjectType*> with_files;
  for (const ObjectType* type : service.objects().types()) {
    if (type->has_files) with_files.push_back(type);
  }
  if (with_files.empty()) return;
  auto& attachments = service.Keep(std::make_unique<Attachments>(service.backend(), std::move(with_files)));
  service.Expose("sifa.office.v1.AttachmentService", service.Keep(std::make_unique<AttachmentService>(attachments)));
  service.Every(absl::Hours(1), "sweeping uploads", [&attachments] { return attachments.Sweep().status(); });
}

absl::Status ExposePapers(Service& service) {
  ASSIGN_OR_RETURN(auto read, LoadTemplates(service.data_directory(), service.host().name(), service.objects().types()));
  ASSIGN_OR_RETURN(auto opened, papers::Press::Open());
  const auto& templates = service.Keep(std::make_unique<papers::Templates>(std::move(read)));
  auto& press = service.Keep(std::move(opened));
  const auto& papers = service.Keep(std::make_unique<IssuedPapers>(service.backend(), templates, press));
  service.Expose("sifa.office.v1.PaperService",
                 service.Keep(std::make_unique<PaperService>(service.backend(), service.host().contract(), papers)));
  return absl::OkStatus();
}

absl::Status ExposeStatistics(Service& service) {
  ASSIGN_OR_RETURN(auto census, statistics::Population::Load(service.data_directory() + "/population.csv"));
  auto& population = service.Keep(std::make_unique<statistics::Population>(std::move(census)));
  auto& cubes = service.Keep(
      std::make_unique<statistics::Cubes>(service.objects().cubes(), CountedAnew(service.backend(), service.objects().types())));
  service.CountBy(cubes.definition());
  RETURN_IF_ERROR(statistics::BeginCounting(service.backend().pool, cubes));
  ASSIGN_OR_RETURN(const auto identity, service.host().ChannelTo("identity"));
  auto& names = service.Keep(std::make_unique<OrganisationNames>(identity));
  const statistics::Reference reference{&service.code_tables(), &service.regions(), &population,
                                        [&names](const std::string& path) { return names.Of(path); }};
  const procedure::Parameters& parameters = service.backend().parameters;
  const auto smallest = parameters.find("statistics.smallest_told");
  auto& api = service.Keep(std::make_unique<statistics::StatisticsApi>(
      service.backend().pool, cubes, reference, service.backend().clock, smallest == parameters.end() ? 5 : smallest->second));
  auto& handlers = service.Keep(std::make_unique<StatisticsService>(service.backend(), api));
  service.Expose("sifa.office.v1.StatisticsService", handlers);
  service.Follow(statistics::kFollowerName, statistics::MakeFold(cubes));
  auto& stopping = service.Keep(std::make_unique<std::atomic<bool>>(false));
  service.host().OnStop([&stopping] { stopping = true; });
  service.Every(absl::Seconds(1), "rebuilding the statistics",
                [&backend = service.backend(), &cubes, &handlers, &stopping, is_current = false]() mutable -> absl::Status {
                  if (!is_current) {
                    ASSIGN_OR_RETURN(is_current, statistics::BringUpToDate(backend.pool, cubes, backend.clock));
                  }
                  return statistics::ContinueRebuild(
                      backend.pool, cubes, backend.clock,
                      [&](mysql::Connection& c, const statistics::Rebuild& rebuild) { return handlers.JournalEnd(c, rebuild); },
                      [&] { return stopping ? absl::CancelledError("the process ends") : absl::OkStatus(); });
                });
  return absl::OkStatus();
}

void ExposeLive(Service& service) {
  auto& live =
      service.Keep(std::make_unique<LiveService>(service.backend(), service.objects().types(), service.host().contract()));
  service.Expose("sifa.office.v1.LiveService", live);
  // By the clock of the machine: that of the suite may be set.
  service.Every(kLiveEvery, "telling changes", [&live, healthy = true]() mutable {
    const absl::Status status = live.feed().Tick(absl::Now());
    return std::exchange(healthy, status.ok()) ? status : absl::OkStatus();  // said once
  });
}

}  // namespace

absl::Status ExposeOffice(Service& service) {
  service.Expose("sifa.office.v1.WorkService",
                 service.Keep(std::make_unique<WorkService>(service.backend(), service.objects().types())));
  service.Expose("sifa.office.v1.JournalService",
                 service.Keep(std::make_unique<JournalService>(service.backend(), service.objects().types())));
  ExposeLive(service);
  ExposeFiles(service);
  if (service.objects().Find(Correction::descriptor()->name()) != nullptr) {
    const auto& desk = service.Keep(std::make_unique<Corrections>(service.backend(), &service.validation()));
    service.Expose("sifa.office.v1.CorrectionService",
                   service.Keep(std::make_unique<CorrectionService>(service.backend(), desk)));
  }
  RETURN_IF_ERROR(ExposePapers(service));
  if (!service.objects().cubes().empty()) RETURN_IF_ERROR(ExposeStatistics(service));
  service.Watch(service.objects().types());
  service.Every(absl::Hours(6), "looking at the tables", [&pool = service.backend().pool] { return LookAtTables(pool); });
  return service.FollowIdentity(service.objects().types());
}

}  // namespace sifa::casework
