// 通知移送: a paper of a record on its way to another organ, until that has signed for it (law §10).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/notice.pb.h"

namespace sifa::corrections {

using v1::Notice;

extern const procedure::Procedure<Notice> kNoticeProcedure;
extern const casework::Amendments<Notice> kNoticeAmendments;
extern const casework::Definition<Notice> kNotice;

}  // namespace sifa::corrections
