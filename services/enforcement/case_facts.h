// What follows from the entries of a case: its state, its days, its sums. Pure functions; nothing here judges.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "sifa/enforcement/v1/case.pb.h"

namespace sifa::enforcement {

using v1::Case;
using v1::Entry;

// The entries that stand: those that were not cancelled.
std::vector<const Entry*> StandingEntries(const Case& c);

// The state that the dated facts of one party say.
Case::State StateOf(const Entry& entry);
// The state of a case is that of the party with which the agency has come the least far. A case without entries that stand is
// void.
int StateOfCase(const Case& c);

// The heaviest of the penalties of one decision, by the order in which the annual report counts it (law §4.10): 警告 < 通报批评 <
// 罚款 < 没收 < 暂扣 < 降低资质 < 限制经营 < 停产停业 < 责令关闭、限制从业 < 吊销 < 拘留; 其他 yields to every other one. Empty
// where none is named.
std::string HeaviestOf(const Case& c);

// Sets what of a case is derived from its entries: days, sums, the heaviest penalty, the field.
void Derive(Case* c);

// Who the party of an entry is, as far as it can be told: by its real credit code, else by the number of a document, else by its
// name. Empty where nothing tells.
std::string PartyOf(const Entry& entry);

// Whether a text stands in the place of a code that the party does not have: 17 zeros and X.
bool IsPlaceholder(absl::string_view credit_code);

// By which a case is found among those of all agencies, at most 64 bytes. The number of a decision and that of a filing are kept
// apart by the kind of the index.
std::string KeyOf(absl::string_view agency_code, absl::string_view number);

}  // namespace sifa::enforcement
