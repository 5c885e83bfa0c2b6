// What the rules know of one party's case: facts told by its agency, and what registers say of those that they name. Plain
// values.
//
// A fact has been told, or it has been asked for and there is none (the sender's form has its column, left empty), or nobody
// asked. Of what nobody asked nothing follows: a rule that needs it answers UNKNOWN.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace sifa::enforcement::rules {

using absl::CivilDay;

struct AnyFact {
  absl::string_view field;  // its name in Entry, by which a finding names what is missing
  bool asked = false;
  bool told = false;
  bool known() const { return asked || told; }
};

template <class T>
struct Fact : AnyFact {
  T value{};

  explicit Fact(absl::string_view name) : AnyFact{name} {}
  explicit operator bool() const { return told; }
  const T& operator*() const { return value; }
  void Tell(T of) {
    value = std::move(of);
    told = true;
  }
};

// Both days included; a stretch without an end still runs.
struct Stretch {
  CivilDay from;
  std::optional<CivilDay> to;
  std::string reason;
};

// Code tables enforcement_party_kind, enforcement_procedure and enforcement_penalty (law §4.9), as far as rules name them.
inline constexpr absl::string_view kSimple = "1";
enum class PartyKind { kOrganisation, kPerson, kSoleTrader };
namespace penalty {
inline constexpr absl::string_view kWarning = "11", kFine = "21", kIncome = "22", kGoods = "23", kDegraded = "32",
                                   kLicence = "33", kRestricted = "41", kStopped = "42", kClosed = "43", kBarred = "44",
                                   kOther = "99";
}

// What the register of officers says of a certificate that the case names.
struct OfficerFact {
  std::string certificate;
  bool registered = false;  // false: nothing is known of it
  bool valid = false;       // a certificate of that number counted on the day of the investigation
  bool own_agency = false;  // of the agency that decided
  bool own_district = false;
};

// 《title》第article条第paragraph款第item项; 0 where it names none.
struct Citation {
  std::string title;
  int article = 0, paragraph = 0, item = 0;
  std::string ToString() const;
};
// A wording of an article.
struct Wording {
  CivilDay from = CivilDay::min();
  CivilDay to = CivilDay::max();
  bool may_punish = true;  // law, regulation or rule (行政处罚法 §16)
  bool milder = false;     // a person has found it milder than the one before it
};
// An article that the case cites, with the wordings that are registered; none: the article is not.
struct CitedBasis {
  Citation citation;
  std::vector<Wording> wordings;
};

struct TierFact {
  std::string code;
  int64_t least_fen = 0, most_fen = 0;  // of a tier that has a band
};
// The benchmark that the case names, as it was in force at the conduct, in money.
struct BenchmarkFact {
  bool registered = false;
  bool valued = true;                   // false: it multiplies a value of goods that nobody told
  int64_t least_fen = 0, most_fen = 0;  // of the article; least 0: it sets no minimum
  std::vector<TierFact> tiers;
};

struct Facts {
  std::string field;   // sector: enforcement_field
  std::string region;  // of the agency

  Fact<PartyKind> party_kind{"party_kind"};
  Fact<CivilDay> birth{"party_id_number"};
  Fact<std::string> procedure{"procedure"};
  Fact<std::vector<std::string>> penalties{"penalties"};
  Fact<int64_t> fine_fen{"fine_fen"};
  Fact<int64_t> confiscated_fen{"confiscated_fen"};
  Fact<int64_t> extra_fine_fen{"extra_fine_fen"};

  Fact<CivilDay> conduct_from{"conduct_from"}, conduct_to{"conduct_to"}, found_on{"found_on"}, filed_on{"filed_on"},
      investigated_on{"investigated_on"}, noticed_on{"noticed_on"}, hearing_asked_on{"hearing_asked_on"},
      hearing_noticed_on{"hearing_noticed_on"}, hearing_on{"hearing_on"}, reviewed_on{"reviewed_on"},
      discussed_on{"discussed_on"}, decided_on{"decided_on"}, served_on{"served_on"}, paid_on{"paid_on"},
      handed_in_on{"handed_in_on"}, published_on{"published_on"}, closed_on{"closed_on"}, disposed_on{"disposed_on"};
  Fact<bool> hearing_told{"hearing_told"}, waived{"waived"}, collected_on_spot{"collected_on_spot"};
  Fact<bool> review_passed{"review_result"};
  Fact<std::string> served_by{"served_by"};
  Fact<std::vector<Stretch>> exclusions{"exclusions"}, challenges{"challenges"};

  Fact<std::vector<OfficerFact>> officers{"officers"};
  Fact<std::vector<CitedBasis>> bases{"basis"};
  Fact<BenchmarkFact> benchmark{"benchmark"};
  Fact<std::string> tier{"tier"};
  Fact<std::string> tier_reason{"tier_reason"};
  // Decisions that a person has settled to be on the same act (SAME_ACT), with whether each fined.
  std::vector<std::string> fined_for_same_act;

  // No column of today holds these.
  Fact<bool> harm{"harm"}, spot_ground{"spot_ground"};
  Fact<CivilDay> evidence_kept_on{"evidence_kept_on"}, evidence_settled_on{"evidence_settled_on"};
  Fact<bool> by_camera{"by_camera"}, camera_reviewed{"camera_reviewed"}, camera_announced{"camera_announced"};

  // Those that a column can tell.
  std::vector<AnyFact*> Columns();
  bool simple() const { return procedure && *procedure == kSimple; }
  bool Punishes(absl::string_view code) const;
};

// Every citation of a text, in its order: "依据《某法》第三条第一款、第四条" cites two articles of one instrument. Chinese and
// Arabic figures.
std::vector<Citation> ParseCitations(absl::string_view text);

}  // namespace sifa::enforcement::rules
