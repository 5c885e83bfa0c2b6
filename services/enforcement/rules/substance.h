// Rules of substance: they follow the law of the conduct, and a later one that is milder (行政处罚法 §37).
#pragma once

#include "services/enforcement/rules/rule.h"

namespace sifa::enforcement::rules {

// P1, 行政处罚法 §16, §37–38: punished by a law, regulation or rule that was in force at the conduct.
Judgement BasisInForce(const Facts&, const Bench&, const Rule&);
// P2, §36: found within two years of the conduct's end, or five where it has done harm.
Judgement FoundInTime(const Facts&, const Bench&, const Rule&);
// P3, §30: nobody under fourteen is punished.
Judgement OldEnough(const Facts&, const Bench&, const Rule&);
// P4, §29: no two fines for one act.
Judgement FinedOnce(const Facts&, const Bench&, const Rule&);
// P8, §32, §34: the fine lies in the tier of its circumstances, or says why not.
Judgement WithinTier(const Facts&, const Bench&, const Rule&);

}  // namespace sifa::enforcement::rules
