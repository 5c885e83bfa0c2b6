// Rules of procedure: they follow the law of the day of the act.
#pragma once

#include "services/enforcement/rules/rule.h"

namespace sifa::enforcement::rules {

// SP, 行政处罚法 §51: on the spot only a warning, or a fine up to an amount.
Judgement SimpleAllowed(const Facts&, const Bench&, const Rule&);
// P7, §42, §55: two officers, each with a certificate that counts on the day.
Judgement OfficersCertified(const Facts&, const Bench&, const Rule&);
// CAM, §41: a camera that was reviewed, at a place that was announced.
Judgement CameraReviewed(const Facts&, const Bench&, const Rule&);
// EP7, §56: evidence that was registered and kept is dealt with in seven working days.
Judgement EvidenceSettled(const Facts&, const Bench&, const Rule&);
// NT, §44, §62: no decision without notice.
Judgement Noticed(const Facts&, const Bench&, const Rule&);
// P6, §63: the right to a hearing is told where there is one.
Judgement HearingTold(const Facts&, const Bench&, const Rule&);
// HR5, §64(1): no decision while a hearing may still be asked for.
Judgement TimeToAsk(const Facts&, const Bench&, const Rule&);
// HN7, §64(2): the notice comes seven working days before the hearing.
Judgement HearingNoticed(const Facts&, const Bench&, const Rule&);
// LR, §58: no decision without a legal review that it has passed, where there must be one.
Judgement Reviewed(const Facts&, const Bench&, const Rule&);
// T90, §60: decided in ninety days.
Judgement DecidedInTime(const Facts&, const Bench&, const Rule&);
// SV7, §61: served in seven working days.
Judgement ServedInTime(const Facts&, const Bench&, const Rule&);
// P9, §72–73: three per cent a day late, no more than the fine.
Judgement ExtraFine(const Facts&, const Bench&, const Rule&);
// CASH, §68: collected on the spot up to an amount, or on a ground.
Judgement CollectedOnSpot(const Facts&, const Bench&, const Rule&);
// HAND2, §71: handed in after two working days at most.
Judgement HandedIn(const Facts&, const Bench&, const Rule&);
// ORD: the days of a case follow one another.
Judgement InOrder(const Facts&, const Bench&, const Rule&);

}  // namespace sifa::enforcement::rules
