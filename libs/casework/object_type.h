// What casework knows of a statutory object type: where its common fields are, what of it is searched, numbered and counted, and
// its procedure. Made of the type's definition (definition.h) when the process starts, and bound to the contract (objects.h);
// lives as long as the process.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "libs/contract/contract.h"
#include "libs/mysql/mysql.h"
#include "libs/procedure/engine.h"
#include "libs/statistics/cube.h"
#include "sifa/casework/v1/casework.pb.h"

namespace sifa::casework {

using google::protobuf::Message;
using google::protobuf::RepeatedPtrField;

// What an object is found by. Rebuildable from the object at any time.
struct Term {
  std::string kind;   // "type", "source"
  std::string value;  // at most 64 bytes
  friend auto operator<=>(const Term&, const Term&) = default;
};
// The terms of a code whose leaves begin with it, each `step` characters longer (1001 of 10): it is found by all that it refines.
std::vector<Term> CodeTerms(const std::string& kind, absl::string_view code, size_t step);
// What only one object of the type may have at a time, and what the clerk is told who asks for it a second time. Stored as it
// is: nothing personal.
struct Unique {
  std::string kind;   // "organisation"
  std::string value;  // at most 64 bytes
  absl::Status taken;
  std::string holder = {};  // whose objects may have it one after another, at most 64 bytes; empty: the object alone
};
struct Index {
  std::string day;           // the day (YYYY-MM-DD) by whose bounds lists are narrowed: of acceptance, of screening; may be empty
  std::vector<Term> terms;   // found by exact value
  std::vector<Term> blind;   // personal: found by exact value only, stored as a keyed hash ("phone", "id_number")
  std::vector<Unique> unique;      // kept by the database, also among acts that meet
  std::vector<std::string> names;  // personal: found by any two neighbouring characters, each pair stored as a keyed hash
};

// A number that the object is to get now (law §1.4 案号): the next of `counter`, written by `format`.
struct Numbering {
  std::string counter;  // "330783001/2026/人调"
  std::function<std::string(int64_t)> format;
};

// The fields that every object has (casework.proto), read and written in one go.
struct Common {
  std::string id, organisation, organisation_path, region, number, assignee, parent;
  int state = 0;
  absl::Time created;
};
struct Stamp {
  std::string id, etag, organisation, organisation_path;
  absl::Time created, updated;
};

// Another object of the service that an object stands on, in a field with its id. The database keeps who stands on whom among the
// search terms, so that what a rule asks of it is one look into an index, however many there are.
struct Reference {
  std::string field;  // "committee"
  std::string to;     // "Committee"
  // What the clerk is told who would void the other one while this one stands; empty: it may be voided.
  std::string reason = {};
  std::string sentence = {};
  bool looked_at = false;  // its rules look at that one (Facts::One), and at others that stand on it (Definition::looks_at)
  int ended_by = 0;        // the act that ends this one, where it is open, with that one; 0: it goes on. It does not act on that one.
};
// What is told of an object in its field `flags` while another one stands on it, open and in one of the states.
struct Flag {
  int value = 0;     // of the enum
  std::string type;  // "Leave"
  procedure::States states;
};
// An organisation besides its own that an object concerns, with the acts that are its to do: the county to which somebody moves.
struct Further {
  std::string path;
  std::vector<int> acts;
  bool also = false;  // they are the object's own organisation's too
};
// How an object stands on another one.
enum class Standing {
  kOpen,  // something is still to be done
  kDone,
  kVoided,  // but its number stays used; of a voided object without a number nothing is kept
};

class Act;
class Asking;
class Together;
struct Backend;
struct Correctable;
struct ListQuery;

// What an act does to an object, whatever its type.
using Change = std::function<absl::Status(Message&, const Act&)>;

// The procedure of a type as casework uses it, whatever the type (definition.h makes it). Thread-safe.
class Course {
 public:
  // One row, without its rules.
  struct Step {
    int act = 0;
    procedure::States from;
    bool creates = false;
    bool asks = false;  // its `create` asks another service
    bool indirect = false;
    bool system = false;
    bool cites = false;                                         // its law
    std::vector<const google::protobuf::Descriptor*> requests;  // of its functions
  };

  virtual ~Course() = default;
  virtual const std::vector<Step>& steps() const = 0;

  // The object that the act creates. REQUIRES: the step has a `create`.
  virtual absl::StatusOr<std::unique_ptr<Message>> Create(int act, const Message& request,
                                                          const procedure::Circumstances&) const = 0;
  // The row of the act on its day, performed: entitlement of the actor under the act's permission, guards, `change`, checks,
  // clocks. Where the change is empty, the row's own function with `request`.
  virtual absl::StatusOr<procedure::Applied> Perform(int act, const std::string& permission, const Change& change,
                                                     const Message* request, const Act& running, Message* object) const = 0;

  // An act that people may do by itself from the object's state, and whether its guards allow it now.
  struct Option {
    int act = 0;
    procedure::Level level = procedure::Level::kOwner;
    std::string law;
    absl::Status status;
  };
  virtual std::vector<Option> Options(const Message& object, const procedure::Facts& facts) const = 0;

  // A past act: moves the object's clocks and the day of its course as the act did. False where the table has no such act on that
  // day.
  virtual absl::StatusOr<bool> MoveOn(int act, int from_state, const procedure::Facts& facts, Message* object) const = 0;
  // Rules that the act would not meet, in words.
  virtual std::vector<std::string> BrokenRules(int act, int from_state, const procedure::Facts& facts, const Message& before,
                                               const Message& after) const = 0;
  // The page of docs/procedures.
  virtual std::string Page(const std::function<std::string(int act)>& permission) const = 0;
};

struct ObjectType {
  std::string service;  // "mediation"
  std::string name;     // "Case"
  std::string label;    // "人民调解案件"
  std::string proto_service;  // "sifa.mediation.v1.CaseService"
  const Message* prototype = nullptr;
  procedure::States terminal;
  const google::protobuf::EnumDescriptor* states = nullptr;
  const google::protobuf::EnumDescriptor* acts = nullptr;
  const google::protobuf::EnumDescriptor* documents = nullptr;  // null where its procedure has none
  std::shared_ptr<const Course> course;

  // The path of the organisation is that of its compartment where the object is sealed (organisation_path.h).
  std::function<Common(const Message&)> common;
  std::function<void(Message*, const Stamp&)> stamp;
  void (*set_number)(Message*, const std::string&) = nullptr;
  RepeatedPtrField<v1::Clock>* (*clocks)(Message*) = nullptr;
  RepeatedPtrField<v1::Paper>* (*papers)(Message*) = nullptr;
  std::map<std::string, int> warning;  // days by the kind of clock
  std::map<std::string, int> then;     // the act of the suite that follows when a clock of that kind has passed

  // Of its definition; empty where it has none.
  std::vector<std::string> files_for;
  std::function<Index(const Message&)> index;
  std::vector<const statistics::Cube*> cubes;
  std::function<std::vector<v1::Count>(const Message&)> counts;  // in its cubes
  std::function<absl::Status(const Backend&, mysql::Connection&, const Message* before, const Message& after)> project;
  std::function<absl::Status(const Act&, const std::string& from, Message*)> hand_over;
  std::vector<std::string> held_in;
  std::vector<Reference> references;
  std::vector<std::string> looks_at;
  std::vector<Flag> flags;
  std::function<std::vector<Further>(const Message&)> further;
  std::shared_ptr<Together> together;
  std::function<std::optional<Numbering>(const Message&, absl::CivilDay act_day)> numbering;
  std::shared_ptr<const Correctable> correctable;
  const google::protobuf::Descriptor* list_request = nullptr;
  std::function<absl::Status(const Backend&, const Message& request, ListQuery*)> narrow;
  bool has_files = false;

  // By act the method of the contract that performs it; acts of the suite itself have none.
  std::map<int, const contract::Method*> methods;

  // The paths of all organisations that see an object, its own first.
  std::vector<std::string> PathsOf(const Message& object) const;
  // The first of them that `reaches` holds of; nullopt where there is none.
  std::optional<std::string> PathReached(const Message& object, const std::function<bool(absl::string_view path)>& reaches) const;
  // The paths of the organisations whose act it is.
  std::vector<std::string> PathsOfAct(int act, const Message& object) const;

  // The permission of an act; empty: nobody's, or any account's (a guard of the row says whose).
  const std::string& PermissionOf(int act) const;
  // The permissions of what people may do with an object in this state.
  std::vector<std::string> WorkIn(int state) const;
  int WarnDays(const std::string& clock_kind) const;
  std::string NameOf(int act) const { return procedure::NameOf(acts, act); }
  // The permission to read its personal data unmasked.
  std::string personal_read() const { return service + ".personal.read"; }
  const RepeatedPtrField<v1::Clock>& ClocksOf(const Message& object) const { return *clocks(const_cast<Message*>(&object)); }
};

// The names of those types of which organisations besides the object's own see objects.
std::vector<std::string> SeenFurther(const std::vector<const ObjectType*>& types);

}  // namespace sifa::casework
