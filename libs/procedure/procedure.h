// A statutory procedure as a table: what may be done from which state, who decides, on what terms, with which limits and
// documents, under which article. Tables are constexpr; guards are plain functions. Everything here is pure: values in,
// values out.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "libs/calendar/periods.h"
#include "libs/core/clock.h"

namespace sifa::procedure {

// Which organisation decides (law §1.1).
enum class Level : uint8_t {
  kOwner = 0,  // the organisation that has the object, or whoever acts for it with the permission
  kProvince = 1,
  kCity = 2,
  kCounty = 3,
  kTownship = 4,
  kVillage = 5,
  kSystem = 9,  // the suite itself: a limit has passed
};
absl::string_view LevelName(Level level);

// An article and the days between which this rule holds; empty: no bound. Dates as "2020-07-01".
struct Law {
  absl::string_view instrument;
  absl::string_view article;
  absl::string_view valid_from = "";
  absl::string_view valid_to = "";

  bool HoldsOn(absl::CivilDay day) const;
  std::string ToString() const;  // "《人民调解法》第17条"
};

// A short list that can stand in a constexpr table. One item too many is an error of the compiler there, and in a table that
// is made at the start of the program its end: never a rule left out.
template <class T, size_t kCapacity>
class List {
 public:
  constexpr List() = default;
  constexpr List(std::initializer_list<T> items) {
    if (items.size() > kCapacity) std::abort();
    for (const T& item : items) items_[size_++] = item;
  }
  constexpr const T* begin() const { return items_.data(); }
  constexpr const T* end() const { return items_.data() + size_; }
  constexpr bool empty() const { return size_ == 0; }

 private:
  std::array<T, kCapacity> items_{};
  size_t size_ = 0;
};

// Where one rule stands: its article, or the articles that it has had one after another, the present one last.
class Laws {
 public:
  constexpr Laws() = default;
  constexpr Laws(const char* article) : versions_{{"", article}} {}  // of an instrument that is told beside it
  constexpr Laws(const Law& law) : versions_{law} {}
  constexpr Laws(absl::string_view instrument, absl::string_view article, absl::string_view valid_from = "",
                 absl::string_view valid_to = "")
      : versions_{{instrument, article, valid_from, valid_to}} {}
  constexpr Laws(std::initializer_list<Law> versions) : versions_(versions) {}

  bool HoldOn(absl::CivilDay day) const;
  // The one in force on the day; the present one where none was.
  const Law& On(absl::CivilDay day) const;
  const Law& Present() const { return *(versions_.end() - 1); }
  // Its article, of the instrument of today's; "《人民调解法》第33条" where the rule stood in another one. Empty where there is none.
  std::string ArticleOn(absl::CivilDay day) const;
  constexpr bool empty() const { return versions_.empty(); }
  constexpr const Law* begin() const { return versions_.begin(); }
  constexpr const Law* end() const { return versions_.end(); }

 private:
  List<Law, 4> versions_;
};

// States of one procedure, by their enum numbers (0 to 63).
class States {
 public:
  constexpr States() = default;
  constexpr States(std::initializer_list<int> states) {
    for (int state : states) bits_ |= uint64_t{1} << state;
  }
  constexpr bool Has(int state) const { return (bits_ >> state & 1) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  uint64_t bits_ = 0;
};

// Figures that local rules set (law §12), by name; the table's own figure where none is set.
using Parameters = std::map<std::string, int>;

// A file that belongs to the object (附件), and the kind of paper that it is a scan of; empty: of none.
struct File {
  std::string id;
  std::string paper;
};

// Other objects that the rules of one look at, as they are. Immutable once the rules see it.
class Relatives {
 public:
  void Add(std::unique_ptr<const google::protobuf::Message> object) { objects_.push_back(std::move(object)); }

  // Those of a type, the oldest first.
  template <class T>
  std::vector<const T*> All() const {
    std::vector<const T*> all;
    for (const auto& object : objects_) {
      if (object->GetDescriptor() == T::descriptor()) all.push_back(static_cast<const T*>(object.get()));
    }
    return all;
  }

 private:
  std::vector<std::unique_ptr<const google::protobuf::Message>> objects_;
};

// What a guard may know besides the object.
struct Facts {
  absl::CivilDay today;
  absl::CivilDay act_day;  // true date of the act; earlier than today for acts first done on paper
  const calendar::Calendar* calendar = nullptr;
  const Parameters* parameters = nullptr;
  std::optional<std::vector<std::string>> open_children;  // types of child objects that are still open, where looked up
  // What stands on the object (casework::Reference), where looked up: "Case:open", "Case:done", "Case:void".
  std::optional<std::set<std::string>> standing = {};
  std::string actor;                       // account id of who acts; "system" for the suite itself
  std::vector<File> files;
  std::string acting_for = {};             // account id of the person in whose name (代理); empty: in his own
  std::optional<absl::Time> occurred_at = {};  // true instant of the act, where it is known
  std::shared_ptr<const Relatives> relatives = {};  // those that its definition names (casework::Definition), where looked up

  // The objects of a type that stand on the same one as this one does, itself not among them; or on this one.
  template <class T>
  std::vector<const T*> All() const {
    return relatives == nullptr ? std::vector<const T*>() : relatives->All<T>();
  }
  // The one on which this one stands. Null where it was not looked up, so that a guard refuses rather than overlooks.
  template <class T>
  const T* One() const {
    const auto all = All<T>();
    return all.size() == 1 ? all[0] : nullptr;
  }
  bool NothingOpenBelow() const { return open_children.has_value() && open_children->empty(); }
  // False where it was not looked up, so that a guard refuses rather than overlooks.
  bool NothingStands(const std::string& what) const { return standing.has_value() && !standing->contains(what); }
};

// The circumstances of an act, as the function of its row is told them. The floor that runs acts tells more
// (libs/casework/act.h).
class Circumstances {
 public:
  explicit Circumstances(Facts facts) : facts_(std::move(facts)) {}
  virtual ~Circumstances() = default;

  const Facts& facts() const { return facts_; }
  // The true date of the act, and as a field of an object holds it.
  absl::CivilDay day() const { return facts_.act_day; }
  std::string occurred_on() const { return FormatDay(facts_.act_day); }
  // Its true instant, where it is known.
  std::optional<absl::Time> occurred_at() const { return facts_.occurred_at; }

 private:
  const Facts facts_;
};

// What an act does to its object by what was asked, or refuses. casework::Apply makes it of a plain function.
template <class T>
struct Function {
  const google::protobuf::Descriptor* (*request)() = nullptr;  // of the message that it takes; null where it takes none
  absl::Status (*run)(T&, const google::protobuf::Message& request, const Circumstances&) = nullptr;
};
// Makes the object that an act creates, with organisation and organisation_path set. casework::Create makes it of a plain
// function.
template <class T>
struct Maker {
  const google::protobuf::Descriptor* (*request)() = nullptr;
  absl::StatusOr<T> (*run)(const google::protobuf::Message& request, const Circumstances&) = nullptr;
  bool asks = false;  // another service, so it runs before the transaction
};

// A rule of law that must hold. `rule` is its number in the docs ("M1"); the rest is what the refused clerk reads: `text`,
// and what of this object does not meet it, where `detail` can tell.
template <class T>
struct Guard {
  absl::string_view rule;
  absl::string_view reason;
  absl::string_view text;
  Laws law;
  bool (*holds)(const T&, const Facts&);
  std::string (*detail)(const T&, const Facts&) = nullptr;
  // It is about other objects as they are now (Facts::All, One), so that a correction, which looks at the past, does not ask it.
  bool of_others = false;

  // Why it does not hold. "卷宗必备文书不齐，不能归档：当事人身份证明"
  std::string Why(const T& object, const Facts& facts) const {
    std::string why(text);
    if (detail != nullptr) why.append("：").append(detail(object, facts));
    return why;
  }
};

// A limit that an act starts: from the act's day, or from a date of the object; only where `when` says so. Its length is
// `period`, or what the parameter named sets instead; or it ends on an agreed date of the object (`until`), or at an instant of
// it
// (`until_at`), as limits in minutes do.
template <class T>
struct Start {
  int clock = 0;
  calendar::Period period;
  Laws article;
  absl::CivilDay (*from)(const T&) = nullptr;
  bool (*when)(const T&) = nullptr;
  absl::CivilDay (*until)(const T&) = nullptr;
  absl::string_view parameter = "";
  std::optional<absl::Time> (*from_at)(const T&) = nullptr;  // beside `from`: its instant, where the object holds it
  absl::Time (*until_at)(const T&) = nullptr;
};

// A limit moved to a date of the object (by agreement or approval).
template <class T>
struct Extension {
  int clock = 0;
  absl::CivilDay (*until)(const T&) = nullptr;
};

inline constexpr int kSameState = -1;

// Where an act leads instead, if the object as the act leaves it says so: a ruling, which falls one way or the other.
template <class T>
struct Fork {
  int to = kSameState;
  bool (*when)(const T&) = nullptr;
};

template <class T>
struct Row {
  int act = 0;
  States from;                      // empty: creates the object
  int to = kSameState;
  Fork<T> fork;
  bool (*when)(const T&) = nullptr;  // only of objects of this kind; a row further down is for the others
  // Only ever done together with an act of another object, or from a file: nobody is offered it by itself.
  bool indirect = false;
  // Beside the course of the object: recorded whenever it comes to light, in any order. All other acts follow one another: what
  // an act did (`done_on`) was not done on an earlier day than what the last act of the course did, so what was done on
  // paper is entered with its true days, and in its order.
  bool aside = false;
  Level level = Level::kOwner;
  Maker<T> create;                  // of a row that creates; who may perform it says the contract (options.v1.Access.act)
  List<const Guard<T>*, 8> guards;  // of the object as it is: whether the act is open at all
  Function<T> apply;                // empty: the act changes nothing of its own, or a handler performs it
  List<const Guard<T>*, 8> checks;  // of the object as it would become
  List<Start<T>, 6> starts;
  List<int, 8> stops;
  // When it was done, and what it stops had ended, where that is a day that it records, and not the one given with the act.
  absl::CivilDay (*done_on)(const T&) = nullptr;
  List<int, 2> suspends;
  List<int, 2> resumes;
  List<Extension<T>, 2> extends;
  List<int, 6> papers;
  Laws law;
};

// How a limit is watched: yellow from `warn_days` before its last day, and one that ends at an instant some hours before it, or
// without a warning where that is 0; red after it, unless what it limits is a right of the
// parties that simply `lapses`, or it is a `target` beside the limit that binds.
struct ClockKind {
  int clock = 0;
  int warn_days = 3;
  bool lapses = false;
  bool target = false;
  int then = 0;  // the act of the suite (Level::kSystem) that follows where it passes; 0: none
};

template <class T>
struct Procedure {
  absl::string_view name;  // "人民调解案件"
  absl::Span<const Row<T>> rows;
  absl::Span<const ClockKind> clocks;
  States terminal;
  // The enums that name and label states, acts, clocks and papers.
  const google::protobuf::EnumDescriptor* (*states)();
  const google::protobuf::EnumDescriptor* (*acts)();
  const google::protobuf::EnumDescriptor* (*clock_kinds)();
  const google::protobuf::EnumDescriptor* (*papers)();
  // Of a record of what others did, which the suite does not judge at the door: the state that its dated facts say, whatever the
  // act. Rows then name no state to which they lead.
  int (*state_of)(const T&) = nullptr;
};

// The Chinese label of an enum value (options.v1.label), or its name.
std::string LabelOf(const google::protobuf::EnumDescriptor* type, int number);
std::string NameOf(const google::protobuf::EnumDescriptor* type, int number);

// FAILED_PRECONDITION "LAW_NOT_IN_FORCE": the laws of an act were not yet, or are no longer, in force on that day.
absl::Status NotInForce(const Laws& laws, absl::string_view act, absl::CivilDay day);

}  // namespace sifa::procedure
