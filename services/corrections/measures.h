// What a breach or an absence calls for: 训诫, 警告, 提请治安管理处罚, 提请撤销或者收监 (实施办法 §34-§36, §46, §49; 刑法 §86;
// law §2.5 R10-R15, R18, R21). Pure.
#pragma once

#include <string>
#include <vector>

#include "libs/procedure/procedure.h"
#include "services/corrections/breach.h"
#include "services/corrections/laws.h"
#include "services/corrections/sanction.h"
#include "services/corrections/search.h"
#include "sifa/corrections/v1/proposal.pb.h"

namespace sifa::corrections {

// What he had been given in this term before the breach, by the ids, the oldest first.
struct Prior {
  std::vector<std::string> admonitions, warnings;  // of Sanction
  std::vector<std::string> penalties;              // of PolicePenalty
};
// As the rules' facts of any record say that looks at Sanction and PolicePenalty.
Prior PriorTo(const procedure::Facts& facts, const std::string& day);

struct Measure {
  v1::Proposal::Kind kind;
  const char* criterion;
  procedure::Law law;
  // Where it rests on his having been given others: which of what type, and how many of them must stand.
  std::string counted_type = {};
  std::vector<std::string> counted = {};
  int counted_at_least = 0;
};
std::vector<Measure> MeasuresFor(const std::string& category, Breach::Kind kind, const Prior& prior);

// The words of the law for a kind of breach.
const char* CriterionOf(Breach::Kind kind);
bool IsAbsence(Breach::Kind kind);

// The kind of breach that a search has found: by the days out of supervision; unspecified: none.
Breach::Kind KindOf(const Search& search);

// The record of the subject on which a sanction rests.
struct Ground {
  Breach::Kind kind = Breach::KIND_UNSPECIFIED;
  std::string facts;
};
Ground GroundOf(const Breach& breach);
Ground GroundOf(const Search& search);

// An established breach or a finished search of the same person, named in the fields `breach` and `search`, of which one is
// filled.
template <class T>
const procedure::Guard<T> kGrounded = {.rule = "依据",
                                       .reason = "BREACH_REQUIRED",
                                       .text = "应当依据该对象一件已认定的违规，或者一次已找到且确有脱离监管的查找",
                                       .law = Ccl("28"),
                                       .holds =
                                           [](const T& record, const procedure::Facts& facts) {
                                             if (record.breach().empty() == record.search().empty()) return false;
                                             for (const Breach* breach : facts.All<Breach>()) {
                                               if (breach->id() == record.breach()) return breach->state() == Breach::ESTABLISHED;
                                             }
                                             for (const Search* search : facts.All<Search>()) {
                                               if (search->id() == record.search()) {
                                                 return search->state() == Search::FOUND &&
                                                        KindOf(*search) != Breach::KIND_UNSPECIFIED;
                                               }
                                             }
                                             return false;
                                           },
                                       .of_others = true};

}  // namespace sifa::corrections
