#include "libs/casework/service.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "libs/casework/handover.h"
#include "libs/casework/holdings.h"
#include "libs/casework/measure.h"
#include "libs/casework/object_service.h"
#include "libs/casework/pages.h"
#include "libs/casework/prune.h"
#include "libs/casework/records.h"
#include "libs/casework/terms.h"
#include "libs/casework/verify.h"
#include "libs/casework/watcher.h"
#include "libs/casework/witness.h"
#include "libs/core/csv.h"
#include "libs/core/deadline.h"
#include "libs/core/status.h"
#include "libs/crypto/rotation.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/flags.h"
#include "libs/statistics/schema.h"
#include "libs/telemetry/disk.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/metrics.h"
#include "sifa/identity/v1/organisation.pb.h"
#include "sifa/reference/v1/calendar.pb.h"

ABSL_FLAG(std::string, mysql, "", "database: unix:/path/to.sock or host:port");
ABSL_FLAG(std::string, mysql_tls_ca, "",
          "file of the authority of the database's certificate; needed unless the database is here");
ABSL_FLAG(std::string, mysql_user, "", "database user");
ABSL_FLAG(std::string, mysql_password_file, "", "file with the database user's password");
ABSL_FLAG(std::string, mysql_database, "", "schema of this service");
ABSL_FLAG(int, mysql_connections, 12, "connections of the pool");
ABSL_FLAG(std::string, redis, "",
          "doorbell: unix socket or host:port; with --redis_sentinel those of the sentinels; empty for none");
ABSL_FLAG(std::string, redis_sentinel, "", "name by which the sentinels of --redis know the master");
ABSL_FLAG(std::string, redis_user, "", "user of Redis' ACL; empty: the default one");
ABSL_FLAG(std::string, redis_password_file, "", "file with its password");
ABSL_FLAG(std::string, keys, "", "directory of the keyring");
ABSL_FLAG(std::string, anchor, "", "file of the journal's anchor; empty: journal.anchor in --keys");
ABSL_FLAG(bool, create_keys, false, "make the keyring where it is missing and the journal has no row yet");
ABSL_FLAG(std::string, crypto_suite, "international", "international or guomi");
ABSL_FLAG(std::vector<std::string>, disks, {},
          "directories whose disks are watched, the database's among them where it is on this machine");
ABSL_FLAG(int64_t, disk_reserve_mib, 1024, "room on each of them below which /readyz warns");
ABSL_FLAG(std::string, data, "data", "directory of regions, calendar and code tables");
ABSL_FLAG(int, personal_searches_per_minute, sifa::casework::SearchLimit::kUsual,
          "how often one caller may look for records by personal data in a minute; 0: as often as he likes");
ABSL_FLAG(int, watch_seconds, 30, "seconds between two looks at the limits of open objects");
ABSL_FLAG(bool, migrate, false, "bring the schema up as the migration user, then exit");
ABSL_FLAG(std::string, grants, "",
          "give this database user, name@host, the rights of the service as a user who may pass them on, then exit");
ABSL_FLAG(bool, rotate_keys, false, "add a data key with which bodies are encrypted from now on, then exit");
ABSL_FLAG(absl::Duration, rotate_after, absl::ZeroDuration(),
          "with --rotate_keys: not from now on but after this time, by which every replica must have the keyring");
ABSL_FLAG(bool, verify_journal, false, "check the sealed journal and the objects against it, then exit");
ABSL_FLAG(std::string, print_procedures, "", "write the pages of docs/procedures to this directory, then exit");
ABSL_FLAG(std::string, witnessed, "", "with --verify_journal: file of the anchor that another service has kept of this one");
ABSL_FLAG(std::string, seen, "", "with --verify_journal: file of the end of the journal that the verifier has kept");
ABSL_FLAG(std::string, write_witnessed, "", "write the anchors kept of other services to this directory, then exit");
ABSL_FLAG(std::string, witness, "", "peer that keeps the end of this service's journal in its own; empty for none");
ABSL_FLAG(absl::Duration, witness_every, absl::Minutes(1), "how often the end is sent, where there is a new one");

namespace sifa::casework {
namespace {

constexpr absl::Duration kNeighbourTimeout = absl::Seconds(2);
constexpr absl::Duration kGoodbye = absl::Seconds(1);  // that the last row of a process may take
constexpr int kUntold = -1;                            // identity has told no calendar since the start

// The first line of a file; empty where no file is named.
absl::StatusOr<std::string> ReadSecret(const std::string& path) {
  std::string secret;
  if (path.empty()) return secret;
  std::ifstream file(path);
  if (!std::getline(file, secret)) {
    return Error(absl::StatusCode::kFailedPrecondition, "SECRET_MISSING", absl::StrCat("cannot read ", path));
  }
  return secret;
}

absl::StatusOr<mysql::Options> DatabaseOptions() {
  mysql::Options options;
  const std::string text = absl::GetFlag(FLAGS_mysql);
  if (absl::StartsWith(text, "unix:")) {
    options.socket = text.substr(5);
  } else {
    const size_t colon = text.rfind(':');
    if (colon == std::string::npos || !absl::SimpleAtoi(text.substr(colon + 1), &options.port)) {
      return Error(absl::StatusCode::kInvalidArgument, "FLAG_INVALID", "--mysql: unix:/path or host:port");
    }
    options.host = text.substr(0, colon);
  }
  options.tls_ca = absl::GetFlag(FLAGS_mysql_tls_ca);
  options.user = absl::GetFlag(FLAGS_mysql_user);
  options.database = absl::GetFlag(FLAGS_mysql_database);
  options.connections = absl::GetFlag(FLAGS_mysql_connections);
  ASSIGN_OR_RETURN(options.password, ReadSecret(absl::GetFlag(FLAGS_mysql_password_file)));
  return options;
}

absl::StatusOr<redis::Address> RedisAddress() {
  ASSIGN_OR_RETURN(redis::Address address, redis::ParseAddress(absl::GetFlag(FLAGS_redis), absl::GetFlag(FLAGS_redis_sentinel)));
  address.user = absl::GetFlag(FLAGS_redis_user);
  ASSIGN_OR_RETURN(address.password, ReadSecret(absl::GetFlag(FLAGS_redis_password_file)));
  return address;
}

prometheus::Counter& HandoverLeft() {
  static auto& left = telemetry::Counter("sifa_handover_left_total", "Objects not handed over: out of the successor's reach");
  return left;
}

absl::Status CheckDisksOfFlags() {
  return telemetry::CheckDisks(absl::GetFlag(FLAGS_disks), absl::GetFlag(FLAGS_disk_reserve_mib) << 20);
}

std::string AnchorPath() {
  const std::string path = absl::GetFlag(FLAGS_anchor);
  return path.empty() ? absl::StrCat(absl::GetFlag(FLAGS_keys), "/journal.anchor") : path;
}

// Where it is written down when somebody last looked after this service's data: beside the anchor.
std::string RecordsDirectory() { return std::filesystem::path(AnchorPath()).parent_path().string(); }

crypto::SuiteId SuiteOfFlag() {
  return absl::GetFlag(FLAGS_crypto_suite) == "guomi" ? crypto::SuiteId::kGuomi : crypto::SuiteId::kInternational;
}

absl::Status RotateKeys() {
  if (const absl::Duration after = absl::GetFlag(FLAGS_rotate_after); after > absl::ZeroDuration()) {
    const absl::Time from = absl::Now() + after;
    RETURN_IF_ERROR(crypto::RotateFrom(absl::GetFlag(FLAGS_keys), from));
    ASSIGN_OR_RETURN(const uint32_t newest, crypto::NewestDataKey(absl::GetFlag(FLAGS_keys)));
    std::cout << "data key " << newest << ", used from " << absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", from, absl::UTCTimeZone()) << "\n";
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto keyring, crypto::Keyring::Open(absl::GetFlag(FLAGS_keys), SuiteOfFlag(), false));
  RETURN_IF_ERROR(keyring->Rotate());
  std::cout << "data key " << keyring->current_key() << "\n";
  return absl::OkStatus();
}

// A fresh keyring for an empty journal only: where there are rows the one that is missing was lost, and another would hide it.
absl::StatusOr<std::unique_ptr<crypto::Keyring>> OpenKeyring(mysql::Pool& pool) {
  const std::string directory = absl::GetFlag(FLAGS_keys);
  auto keyring = crypto::Keyring::Open(directory, SuiteOfFlag(), false);
  if (!absl::GetFlag(FLAGS_create_keys) || ReasonOf(keyring.status()) != "KEY_FILE_MISSING") return keyring;
  bool empty = false;
  RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT 1 FROM journal LIMIT 1"));
    empty = rows.empty();
    return absl::OkStatus();
  }));
  if (!empty) return keyring;
  return crypto::Keyring::Open(directory, SuiteOfFlag(), true);
}

absl::Status RequireSchema(mysql::Pool& pool, const ServiceDefinition& definition) {
  return pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    for (const SchemaPart& part : SchemaOf(definition)) RETURN_IF_ERROR(mysql::RequireSchema(connection, part.name, part.steps));
    return absl::OkStatus();
  });
}

// What comes by itself while a suite starts: the database, the schema that a migration makes with its rights, keys that are
// mounted.
bool MayCome(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) || reason == "SCHEMA_MISSING" ||
         reason == mysql::kNotSetUp || reason == "KEY_FILE_MISSING";
}

absl::Status MigrateAll(const ServiceDefinition& definition) {
  ASSIGN_OR_RETURN(const mysql::Options options, DatabaseOptions());
  for (const SchemaPart& part : SchemaOf(definition)) {
    RETURN_IF_ERROR(mysql::Migrate(options, part.name, part.steps));
    std::cout << options.database << ": " << part.name << " at version " << part.steps.size() << "\n";
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Objects>> ObjectsOf(const ServiceDefinition& definition, const contract::Contract& contract) {
  return Objects::Of(definition.name, definition.objects, contract);
}

absl::StatusOr<bool> VerifyAndPrint(const ServiceDefinition& definition) {
  ASSIGN_OR_RETURN(const contract::Contract contract, contract::Contract::Load());
  ASSIGN_OR_RETURN(const auto objects, ObjectsOf(definition, contract));
  const statistics::Cubes cubes(objects->cubes());
  ASSIGN_OR_RETURN(const mysql::Options options, DatabaseOptions());
  mysql::Pool pool(options);
  RETURN_IF_ERROR(RequireSchema(pool, definition));
  ASSIGN_OR_RETURN(const auto keyring, OpenKeyring(pool));
  ASSIGN_OR_RETURN(journal::Report report,
                   VerifyAll(pool, *keyring, objects->types(), SystemClock(absl::GetFlag(FLAGS_clock)).Now(),
                             {AnchorPath(), absl::GetFlag(FLAGS_witnessed), absl::GetFlag(FLAGS_seen)},
                             cubes.all().empty() ? nullptr : &cubes));
  if (definition.own_check) RETURN_IF_ERROR(definition.own_check(pool, *keyring, *objects, &report.findings));
  std::cout << "rows " << report.rows << ", head " << report.head << ", pending " << report.pending << ", open "
            << report.open.size() << ", findings " << report.findings.size() << "\n";
  for (const auto& open : report.open) std::cout << "OPEN\t" << open << "\n";
  for (const auto& finding : report.findings) {
    std::cout << finding.kind << "\tposition " << finding.position << "\trow " << finding.journal_id << "\t" << finding.text
              << "\n";
  }
  RecordVerified(RecordsDirectory(), static_cast<int64_t>(report.findings.size()));
  return report.findings.empty();
}

absl::Status WriteAllWitnessed(const std::string& directory) {
  ASSIGN_OR_RETURN(const mysql::Options options, DatabaseOptions());
  mysql::Pool pool(options);
  return WriteWitnessed(pool, directory);
}

absl::Status PrintProcedures(const ServiceDefinition& definition, const std::string& directory) {
  ASSIGN_OR_RETURN(const contract::Contract contract, contract::Contract::Load());
  ASSIGN_OR_RETURN(const auto objects, ObjectsOf(definition, contract));
  for (const auto& [file, text] : ProcedurePages(*objects)) {
    std::ofstream out(absl::StrCat(directory, "/", file));
    out << text;
    if (!out.flush())
      return Error(absl::StatusCode::kFailedPrecondition, "CANNOT_WRITE", absl::StrCat("cannot write ", directory, "/", file));
  }
  return absl::OkStatus();
}

absl::StatusOr<procedure::Parameters> LoadParameters(const std::string& path) {
  procedure::Parameters parameters;
  ASSIGN_OR_RETURN(const std::string text, ReadDataFile(path));
  RETURN_IF_ERROR(ReadCsv(text, {"name", "value"}, 2, [&](absl::Span<const absl::string_view> fields) -> absl::Status {
    int value = 0;
    if (!absl::SimpleAtoi(fields[1], &value)) return Internal(absl::StrCat("parameter is not a number: ", fields[0]));
    parameters[std::string(fields[0])] = value;
    return absl::OkStatus();
  }));
  return parameters;
}

// Code tables as validation asks for them.
class Validation : public contract::CodeTables {
 public:
  explicit Validation(const sifa::CodeTables& tables) : tables_(tables) {}
  bool Has(absl::string_view table, absl::string_view code) const override { return tables_.Find(table, code) != nullptr; }

 private:
  const sifa::CodeTables& tables_;
};

// Asks identity where organisations stand in the tree.
auto PathsThrough(std::shared_ptr<grpc::Channel> identity) {
  return [identity](const std::string& organisation) -> absl::StatusOr<std::string> {
    identity::v1::ResolveOrganisationRequest request;
    request.set_code(organisation);
    identity::v1::ResolvedOrganisation response;
    RETURN_IF_ERROR(rpc::Invoke(*identity, "/sifa.identity.v1.OrganisationService/ResolveOrganisation", request, &response,
                                kNeighbourTimeout));
    if (response.dissolved()) return InvalidField("organisation", "ORGANISATION_DISSOLVED", "该单位已撤销");
    return response.path();
  };
}

}  // namespace

std::vector<SchemaPart> SchemaOf(const ServiceDefinition& definition) {
  std::vector<SchemaPart> parts = {{"journal", absl::MakeConstSpan(journal::kSchema, journal::kSchemaSteps)},
                                   {"casework", absl::MakeConstSpan(kSchema, kSchemaSteps)}};
  const bool counts = std::any_of(definition.objects.begin(), definition.objects.end(),
                                  [&](const AnyDefinition& object) { return !object.MakeType(definition.name)->cubes.empty(); });
  if (counts) parts.push_back({"statistics", absl::MakeConstSpan(statistics::kSchema, statistics::kSchemaSteps)});
  if (!definition.schema.empty()) parts.push_back({definition.name, definition.schema});
  return parts;
}

// Runs one function at intervals.
class Service::Ticker {
 public:
  Ticker(absl::Duration interval, std::string what, std::function<absl::Status()> run)
      : thread_([this, interval, what = std::move(what), run = std::move(run)] {
          auto& failures =
              telemetry::Counter("sifa_task_failures_total", "Runs of a background task that failed", {{"task", what}});
          while (!Stopped(interval)) {
            const absl::Status status = run();
            if (!status.ok()) failures.Increment();
            telemetry::ReportIf(what, status);
          }
        }) {}
  ~Ticker() {
    {
      const absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }

 private:
  // After so long, or sooner where it is to stop.
  bool Stopped(absl::Duration after) {
    const absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&stopping_), after);
  }

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<Service>> Service::Open(const ServiceDefinition& definition) {
  const std::string name = definition.name;
  std::unique_ptr<Service> service(new Service);
  ASSIGN_OR_RETURN(service->host_, rpc::Host::Create(name));
  ASSIGN_OR_RETURN(service->objects_, ObjectsOf(definition, service->host_->contract()));
  ASSIGN_OR_RETURN(const mysql::Options options, DatabaseOptions());
  service->pool_ = std::make_unique<mysql::Pool>(options);
  RETURN_IF_ERROR(service->host_->Await(
      [&]() -> absl::Status {
        RETURN_IF_ERROR(RequireSchema(*service->pool_, definition));
        ASSIGN_OR_RETURN(service->keyring_, OpenKeyring(*service->pool_));
        return absl::OkStatus();
      },
      MayCome));
  service->data_ = absl::GetFlag(FLAGS_data);
  ASSIGN_OR_RETURN(auto calendar, calendar::Calendar::Load(service->data_ + "/calendar/holidays.csv"));
  service->notices_ = kUntold;
  service->calendars_ = std::make_unique<calendar::CalendarBook>(std::move(calendar));
  ASSIGN_OR_RETURN(service->regions_, RegionTable::Load(service->data_ + "/regions"));
  ASSIGN_OR_RETURN(service->code_tables_, CodeTables::Load(service->data_ + "/code-tables"));
  ASSIGN_OR_RETURN(service->parameters_, LoadParameters(service->data_ + "/parameters.csv"));
  service->validation_ = std::make_unique<Validation>(service->code_tables_);
  service->host_->SetCodeTables(service->validation_.get());
  service->backend_ = std::make_unique<Backend>(
      Backend{*service->pool_, *service->keyring_, *service->calendars_, service->host_->clock(), service->parameters_});
  service->backend_->objects = service->objects_.get();
  service->backend_->regions = &service->regions_;
  service->backend_->codes = &service->code_tables_;
  if (definition.own_data) {
    ASSIGN_OR_RETURN(service->backend_->own_data, definition.own_data(service->data_));
  }
  service->backend_->searches->set_per_minute(absl::GetFlag(FLAGS_personal_searches_per_minute));
  ASSIGN_OR_RETURN(service->redis_, RedisAddress());
  service->bell_ = std::make_unique<redis::Bell>(service->redis_);

  journal::Sealer::Options sealing;
  sealing.holder = service->holder();
  sealing.anchor_path = AnchorPath();
  sealing.on_sealed = [s = service.get(), name](int64_t position) {
    s->WakeFollowers();
    s->bell_->Ring(name, position);
  };
  service->sealer_ = std::make_unique<journal::Sealer>(*service->pool_, *service->keyring_, service->host_->clock(), sealing);
  service->backend_->committed = [sealer = service->sealer_.get()] { sealer->Wake(); };
  service->host_->AddCheck("database", [pool = service->pool_.get()] { return pool->Ping(); });
  // Calls go on: whoever could cut the journal could otherwise end the service.
  service->host_->AddWarning("disk", CheckDisksOfFlags);
  telemetry::OnScrape([] { CheckDisksOfFlags().IgnoreError(); });
  service->host_->AddWarning("journal", [sealer = service->sealer_.get()] { return sealer->state(); });
  service->host_->AddWarning("anchor", [sealer = service->sealer_.get()] { return sealer->anchor_state(); });
  service->host_->AddWarning("quarantine", [sealer = service->sealer_.get()]() -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t rows, sealer->Quarantined());
    if (rows == 0) return absl::OkStatus();
    return Error(absl::StatusCode::kDataLoss, "JOURNAL_ROWS_FORGED",
                 absl::StrCat(rows, " journal rows bear no right MAC: verify it"));
  });
  return service;
}

void Service::Follow(const std::string& name, journal::Follower::Fold fold) {
  followers_.push_back(std::make_unique<journal::Follower>(*pool_, name, std::move(fold)));
}

void Service::Every(absl::Duration interval, const std::string& what, std::function<absl::Status()> run) {
  tickers_.push_back(std::make_unique<Ticker>(interval, what, std::move(run)));
}

void Service::Watch(std::vector<const ObjectType*> types) {
  auto& watcher =
      Keep(std::make_unique<Watcher>(*backend_, holder(), std::move(types), std::max(1, absl::GetFlag(FLAGS_watch_seconds))));
  Every(absl::Seconds(1), "watching clocks", [this, &watcher] { return watcher.Tick(std::atomic_ref(notices_) != kUntold); });
}

absl::Status Service::FollowCalendar(grpc::Channel& identity) {
  reference::v1::GetCalendarRequest request;
  request.set_known_version(calendars_->Current().version());
  reference::v1::CalendarText text;
  RETURN_IF_ERROR(rpc::Invoke(identity, "/sifa.reference.v1.CalendarService/GetCalendar", request, &text, kNeighbourTimeout));
  std::atomic_ref<int> notices(notices_);
  const bool behind = text.notices() < notices;  // asked of a replica that has not read the latest notice yet
  if (behind) return absl::OkStatus();
  if (text.version() != request.known_version()) {
    ASSIGN_OR_RETURN(auto calendar, calendar::Calendar::Parse(text.csv()));
    telemetry::Info("calendar replaced", {{"version", calendar.version()}});
    calendars_->Replace(std::move(calendar));
  }
  notices = text.notices();
  return absl::OkStatus();
}

absl::Status Service::FollowHandovers(grpc::Channel& identity, const std::vector<const ObjectType*>& types) {
  ASSIGN_OR_RETURN(int64_t position, HandoverPosition(*backend_));
  for (;;) {
    identity::v1::ListHandoversRequest request;
    request.set_after_position(position);
    identity::v1::ListHandoversResponse orders;
    RETURN_IF_ERROR(
        rpc::Invoke(identity, "/sifa.identity.v1.HandoverService/ListHandovers", request, &orders, kNeighbourTimeout));
    if (orders.position() <= position) return absl::OkStatus();
    ASSIGN_OR_RETURN(const CarriedOut done, CarryOut(*backend_, host_->authority(), types, orders));
    if (done.handed_over > 0) telemetry::Info("work handed over", {{"objects", absl::StrCat(done.handed_over)}});
    if (done.left > 0) {
      HandoverLeft().Increment(done.left);
      telemetry::Warn("work not handed over", {{"objects", absl::StrCat(done.left)}, {"reason", "SUCCESSOR_NOT_ENTITLED"}});
    }
    position = orders.position();
  }
}

absl::Status Service::FollowIdentity(std::vector<const ObjectType*> types) {
  HandoverLeft();  // 0 from the start
  ASSIGN_OR_RETURN(const auto identity, host_->ChannelTo("identity"));
  // At once, so that no act is judged by the calendar that lies in the data directory; without identity by that, for now.
  telemetry::ReportIf("following the calendar", FollowCalendar(*identity));
  Every(absl::Seconds(1), "following the calendar", [this, identity] { return FollowCalendar(*identity); });
  Every(absl::Seconds(5), "handing over",
        [this, identity, types = std::move(types)] { return FollowHandovers(*identity, types); });
  return absl::OkStatus();
}

std::string Service::holder() const {
  char machine[256] = "";
  gethostname(machine, sizeof machine - 1);
  return absl::StrCat(host_->name(), ":", machine, ":", getpid());
}

absl::Status Service::BeWitnessed() {
  Expose("sifa.casework.v1.WitnessService", Keep(std::make_unique<WitnessService>(*backend_)));
  const std::string witness = absl::GetFlag(FLAGS_witness);
  if (witness.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto channel, host_->ChannelTo(witness));
  auto& sender = Keep(std::make_unique<AnchorSender>(*backend_, AnchorPath(), [channel](const v1::Anchor& anchor) {
    google::protobuf::Empty nothing;
    return rpc::Invoke(*channel, "/sifa.casework.v1.WitnessService/WitnessAnchor", anchor, &nothing, absl::Seconds(5));
  }));
  Every(absl::GetFlag(FLAGS_witness_every), "sending the journal's end",
        [this, &sender] { return sealer_->holds() ? sender.Tick() : absl::OkStatus(); });
  return absl::OkStatus();
}

void Service::Start() {
  Every(absl::Seconds(5), "reading the keyring", [this] { return keyring_->Refresh(); });
  Every(absl::Hours(1), "pruning requests", [this] { return PruneRequests(*backend_).status(); });
  measuring_ = std::make_unique<telemetry::ScrapeHook>([this] { MeasureService(*this, RecordsDirectory(), absl::GetFlag(FLAGS_keys)); });
  for (const auto& follower : followers_) follower->Start();
  sealer_->Start();
  if (!followers_.empty() && !redis_.empty()) {
    listener_ = std::make_unique<redis::Listener>(redis_, std::vector<std::string>{host_->name()},
                                                  [this](absl::string_view, int64_t) { WakeFollowers(); });
  }
}

void Service::WakeFollowers() {
  for (const auto& follower : followers_) follower->Wake();
}

void Service::Stop() {
  measuring_.reset();  // it asks all that follows
  tickers_.clear();
  listener_.reset();  // first: these wake the followers
  {
    const DeadlineScope bounded(absl::Now() + kGoodbye);
    telemetry::ReportIf("cannot end the journal's writer", backend_->writer->End(*pool_, backend_->clock));
  }
  sealer_->Stop();  // the inner port may still ask how it is
  followers_.clear();
}

absl::Status Service::ServeAll(const ServiceDefinition& definition) {
  if (const auto identity = host_->ChannelTo("identity"); identity.ok()) backend_->path_of = PathsThrough(*identity);
  if (definition.set_up) RETURN_IF_ERROR(definition.set_up(*this));
  for (const AnyDefinition& object : definition.objects) {
    const ObjectType& type = objects_->Require(object.name());
    if (host_->Serves(type.proto_service)) continue;  // by the set-up
    auto methods = host_->Describe(type.proto_service);
    object.Handle(*this, *methods);
    ServeObject(*backend_, type, host_->contract(), *methods);
    host_->Add(std::move(methods));
  }
  std::vector<std::string> names;
  for (const ObjectType* type : objects_->types()) names.push_back(type->name);
  Expose("sifa.casework.v1.HoldingsService", Keep(std::make_unique<HoldingsService>(*backend_, std::move(names))));
  return BeWitnessed();
}

namespace {

// What a flag asks for instead of serving; nullopt where none does. 3: the journal is not whole.
absl::StatusOr<std::optional<int>> RunOnce(const ServiceDefinition& definition) {
  if (absl::GetFlag(FLAGS_migrate)) {
    RETURN_IF_ERROR(MigrateAll(definition));
  } else if (const std::string account = absl::GetFlag(FLAGS_grants); !account.empty()) {
    ASSIGN_OR_RETURN(const mysql::Options options, DatabaseOptions());
    ASSIGN_OR_RETURN(const int tables, mysql::Grant(options, account, journal::kAppendOnly));
    std::cout << options.database << ": rights on " << tables << " tables\n";
  } else if (absl::GetFlag(FLAGS_rotate_keys)) {
    RETURN_IF_ERROR(RotateKeys());
  } else if (absl::GetFlag(FLAGS_verify_journal)) {
    ASSIGN_OR_RETURN(const bool whole, VerifyAndPrint(definition));
    return whole ? 0 : 3;
  } else if (const std::string directory = absl::GetFlag(FLAGS_write_witnessed); !directory.empty()) {
    RETURN_IF_ERROR(WriteAllWitnessed(directory));
  } else if (const std::string pages = absl::GetFlag(FLAGS_print_procedures); !pages.empty()) {
    RETURN_IF_ERROR(PrintProcedures(definition, pages));
  } else {
    return std::nullopt;
  }
  return 0;
}

}  // namespace

int Serve(int argc, char** argv, const ServiceDefinition& definition) {
  rpc::ParseFlags(argc, argv, absl::StrCat("sifa-", definition.name, ": see docs/operations/flags.md"));
  const auto serve = [&]() -> absl::StatusOr<int> {
    ASSIGN_OR_RETURN(const std::optional<int> done, RunOnce(definition));
    if (done) return *done;
    ASSIGN_OR_RETURN(const auto service, Service::Open(definition));
    const Backend& backend = service->backend();
    MeasureSchema(SchemaOf(definition));
    RETURN_IF_ERROR(RefreshTerms(backend.pool, backend.store, service->objects().types()));
    RETURN_IF_ERROR(service->ServeAll(definition));
    service->Start();
    service->host().OnStop([&] { service->Stop(); });
    return service->host().Run();
  };
  const absl::StatusOr<int> code = serve();
  if (code.ok()) return *code;
  std::cerr << code.status().message() << "\n";
  return 1;
}

}  // namespace sifa::casework
