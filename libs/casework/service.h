// The process of a service with casework: its database, keys, calendar, journal, and the threads that keep them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "libs/casework/backend.h"
#include "libs/casework/definition.h"
#include "libs/casework/objects.h"
#include "libs/core/code_table.h"
#include "libs/core/region_table.h"
#include "libs/journal/follower.h"
#include "libs/journal/sealer.h"
#include "libs/journal/verify.h"
#include "libs/redis/redis.h"
#include "libs/rpc/host.h"
#include "libs/statistics/cube.h"
#include "libs/telemetry/metrics.h"

namespace sifa::casework {

// Schema steps of one part, under its own version count.
struct SchemaPart {
  std::string name;
  absl::Span<const mysql::Migration> steps;
};

// What a service has beside journal and objects that decides who somebody is or may do what, looked through with the journal.
using OwnCheck = std::function<absl::Status(mysql::Pool& pool, const crypto::Keyring& keyring, const Objects& objects,
                                            std::vector<journal::Finding>* findings)>;

class Service;

// What a service says of itself.
struct ServiceDefinition {
  std::string name;  // "mediation"
  std::vector<AnyDefinition> objects;
  absl::Span<const mysql::Migration> schema = {};          // beyond that of journal, casework and statistics
  std::function<absl::Status(Service&)> set_up = nullptr;  // what it does beside its objects; runs before they are served
  OwnCheck own_check = nullptr;
  // Reads the service's own tables in the data directory (scales, rules) for its functions (Backend::Own). What they break stops
  // the start.
  std::function<absl::StatusOr<std::shared_ptr<const void>>(const std::string& data_directory)> own_data = nullptr;
};

// All parts of the service's schema, the frame's first.
std::vector<SchemaPart> SchemaOf(const ServiceDefinition& definition);

class Service {
 public:
  rpc::Host& host() { return *host_; }
  const rpc::Host& host() const { return *host_; }
  const Backend& backend() const { return *backend_; }
  const RegionTable& regions() const { return regions_; }
  const CodeTables& code_tables() const { return code_tables_; }
  // Code tables as validation asks for them.
  const contract::CodeTables& validation() const { return *validation_; }
  const std::string& data_directory() const { return data_; }
  const Objects& objects() const { return *objects_; }
  // What keeps the journal of this service.
  journal::Sealer& sealer() const { return *sealer_; }
  const std::vector<std::unique_ptr<journal::Follower>>& followers() const { return followers_; }

  // A proto service: casework keeps both until the process ends.
  template <class Handler>
  Handler& Keep(std::unique_ptr<Handler> handler) {
    Handler& kept = *handler;
    kept_.push_back(std::shared_ptr<void>(std::move(handler)));
    return kept;
  }
  // Serves the proto service `name` by `handlers`, which register themselves with it.
  template <class Handlers>
  void Expose(const std::string& name, Handlers& handlers) {
    host_->Expose(name, handlers);
  }
  // A follower of this service's own journal; started with the process, woken by each seal, also of another process of
  // this service (the doorbell).
  void Follow(const std::string& name, journal::Follower::Fold fold);
  // Runs every `interval` of real time on a thread of its own until the process stops.
  void Every(absl::Duration interval, const std::string& what, std::function<absl::Status()> run);
  // The service's acts say that they are counted by cubes of this definition.
  void CountBy(uint64_t definition) { backend_->counted_by = definition; }
  // Watches the limits of these types (watcher.h).
  void Watch(std::vector<const ObjectType*> types);
  // Follows identity, within seconds: what is imported into the calendar, and the orders to hand over the work of a person
  // who leaves (handover.h).
  absl::Status FollowIdentity(std::vector<const ObjectType*> types);
  // Who holds a lease: unique among the living processes of the service, also on other machines and in containers.
  std::string holder() const;

 private:
  friend int Serve(int, char**, const ServiceDefinition&);
  absl::Status FollowCalendar(grpc::Channel& identity);
  absl::Status FollowHandovers(grpc::Channel& identity, const std::vector<const ObjectType*>& types);
  static absl::StatusOr<std::unique_ptr<Service>> Open(const ServiceDefinition& definition);
  // Serves each object's proto service by its definition, the office and what other services ask.
  absl::Status ServeAll(const ServiceDefinition& definition);
  // Serves as a witness, and asks for one where the flags name it.
  absl::Status BeWitnessed();
  void Start();
  void Stop();
  void WakeFollowers();

  class Ticker;
  std::unique_ptr<rpc::Host> host_;
  std::unique_ptr<mysql::Pool> pool_;
  std::unique_ptr<crypto::Keyring> keyring_;
  std::unique_ptr<calendar::CalendarBook> calendars_;
  int notices_ = 0;  // of the calendar in force
  RegionTable regions_;
  CodeTables code_tables_;
  std::unique_ptr<contract::CodeTables> validation_;
  std::string data_;
  procedure::Parameters parameters_;
  std::unique_ptr<Objects> objects_;
  std::unique_ptr<Backend> backend_;
  redis::Address redis_;
  std::unique_ptr<redis::Bell> bell_;
  std::unique_ptr<redis::Listener> listener_;
  std::vector<std::shared_ptr<void>> kept_;
  std::vector<std::unique_ptr<journal::Follower>> followers_;
  std::vector<std::unique_ptr<Ticker>> tickers_;
  std::unique_ptr<journal::Sealer> sealer_;
  std::unique_ptr<telemetry::ScrapeHook> measuring_;
};

// The whole main of a service: flags, then `--migrate` (bring the schema up and exit), `--grants` (rights on it, and exit),
// `--rotate_keys` (add a data key and exit), `--verify_journal` (print findings and exit 0 or 3), `--print_procedures` (write the
// pages of docs/procedures and exit), or serve: the objects of the definition, its own set-up, its office.
int Serve(int argc, char** argv, const ServiceDefinition& definition);

}  // namespace sifa::casework
