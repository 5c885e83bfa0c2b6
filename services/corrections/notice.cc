#include "services/corrections/notice.h"

#include <algorithm>

#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr char kCopy[] = "05";           // notice_kind: 抄送人民检察院
constexpr char kProcuratorate[] = "02";  // notice_receiver

constexpr procedure::Law kCcl8 = Ccl("8");    // courts, procuratorates, police and prisons do their parts
constexpr procedure::Law kCcl20 = Ccl("20");  // papers are told and sent on

const Guard<Notice> kCopyToProcuratorate = {
    "抄送", "COPY_TO_ANOTHER_ORGAN", "抄送人民检察院的文书，接收机关应当是人民检察院", kCcl8,
    [](const Notice& n, const Facts&) { return n.kind() != kCopy || n.receiver() == kProcuratorate; }};

absl::Status UnknownSource() { return InvalidField("source", "SOURCE_UNKNOWN", "没有这一记录，或者它不是社区矫正对象的记录"); }

// The record to which the paper belongs, whatever its type: of whom it is, and what the paper is called.
absl::StatusOr<Notice> NewNotice(const v1::SendNoticeRequest& r, const Act& act) {
  const casework::ObjectType* type = act.backend().objects->Find(r.source_type());
  if (type == nullptr) return InvalidField("source_type", "SOURCE_UNKNOWN", "没有这一类记录");
  const auto id = ParseId(r.source());
  if (!id.ok()) return UnknownSource();
  ASSIGN_OR_RETURN(const auto stored, act.backend().store.Load(act.connection(), *type, *id, casework::Lock::kNone));
  const auto* subject = type->prototype->GetDescriptor()->FindFieldByName("subject");
  if (!stored) return UnknownSource();
  std::string subject_id = r.source();
  if (type->name != Subject::descriptor()->name()) {
    if (subject == nullptr) return UnknownSource();
    subject_id = stored->object->GetReflection()->GetString(*stored->object, subject);
    if (subject_id.empty()) return UnknownSource();
  }
  ASSIGN_OR_RETURN(auto notice, NewRecord<Notice>(subject_id, act));
  const auto& papers = *type->papers(stored->object.get());
  const auto paper = std::find_if(papers.rbegin(), papers.rend(), [&](const auto& made) { return made.kind() == r.paper(); });
  if (paper == papers.rend()) return InvalidField("paper", "PAPER_NOT_MADE", "该记录没有这种文书，不能移送");
  notice.set_source_type(r.source_type());
  notice.set_source(r.source());
  notice.set_paper(r.paper());
  notice.set_paper_label(paper->label());
  notice.set_kind(r.kind());
  notice.set_receiver(r.receiver());
  notice.set_receiver_name(r.receiver_name());
  notice.set_sent_on(act.occurred_on());
  return notice;
}

absl::Status Deliver(Notice& n, const v1::DeliverNoticeRequest&, const Act& act) {
  n.set_delivered_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Sign(Notice& n, const v1::SignNoticeRequest& r, const Act& act) {
  n.set_signed_on(act.occurred_on());
  n.set_signed_by(r.signed_by());
  return absl::OkStatus();
}

absl::Status SendBack(Notice& n, const v1::SendBackNoticeRequest& r, const Act& act) {
  n.set_sent_back_on(act.occurred_on());
  n.set_sent_back_reason(r.reason());
  return absl::OkStatus();
}

absl::Status RemainUnsigned(Notice& n, const Act&) {
  n.set_unsigned_late(true);
  return absl::OkStatus();
}

constexpr procedure::States kUnderWay = {Notice::SENT, Notice::DELIVERED};

const Row<Notice> kRows[] = {
    {.act = Notice::SEND,
     .from = {Notice::STATE_UNSPECIFIED},
     .to = Notice::SENT,
     .create = Create<NewNotice>,
     .checks = {&kCopyToProcuratorate},
     .starts = {{.clock = Notice::SIGN_BY, .period = calendar::Days("CCM", 3)}},
     .papers = {Notice::COVER},
     .law = kCcl20},
    {.act = Notice::DELIVER, .from = {Notice::SENT}, .to = Notice::DELIVERED, .apply = Apply<Deliver>, .law = kCcl20},
    {.act = Notice::SIGN,
     .from = kUnderWay,
     .to = Notice::SIGNED,
     .apply = Apply<Sign>,
     .stops = {Notice::SIGN_BY},
     .papers = {Notice::RECEIPT},
     .law = kCcl20},
    {.act = Notice::SEND_BACK,
     .from = kUnderWay,
     .to = Notice::SENT_BACK,
     .apply = Apply<SendBack>,
     .stops = {Notice::SIGN_BY},
     .law = kCcl20},
    // It stays red in the worklist, and is listed, until it is signed for or comes back.
    {.act = Notice::REMAIN_UNSIGNED,
     .from = kUnderWay,
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<RemainUnsigned>,
     .law = kCcl20},
};

const procedure::ClockKind kClocks[] = {{.clock = Notice::SIGN_BY, .warn_days = 1, .then = Notice::REMAIN_UNSIGNED}};

bool IsListedAsUnsigned(const Notice& n) { return n.unsigned_late() && kUnderWay.Has(n.state()); }

casework::Index IndexOf(const Notice& n) {
  casework::Index index = IndexOfRecord(n, n.sent_on());
  index.terms.push_back({"receiver", n.receiver()});
  index.terms.push_back({"source", n.source()});
  if (IsListedAsUnsigned(n)) index.terms.push_back({"unsigned", "1"});
  return index;
}

std::optional<casework::Numbering> NumberingOf(const Notice& n, absl::CivilDay act_day) {
  return CountyNumbering(n, act_day, "矫送");
}

absl::Status Narrow(const v1::ListNoticesRequest& r, const casework::Backend& backend, casework::ListQuery* query) {
  query->day_from = r.sent_from();
  query->day_to = r.sent_to();
  if (!r.receiver().empty()) query->terms.push_back({"receiver", r.receiver()});
  if (!r.source().empty()) query->terms.push_back({"source", r.source()});
  if (r.unsigned_late()) query->terms.push_back({"unsigned", "1"});
  return NarrowRecords(r, backend, query);
}

}  // namespace

const procedure::Procedure<Notice> kNoticeProcedure = {
    .name = "通知移送",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Notice::SIGNED, Notice::SENT_BACK, Notice::VOIDED},
    .states = Notice::State_descriptor,
    .acts = Notice::Act_descriptor,
    .clock_kinds = Notice::Limit_descriptor,
    .papers = Notice::Document_descriptor,
};

const casework::Definition<Notice> kNotice = {
    .procedure = &kNoticeProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .amendments = &kNoticeAmendments,
    .references = {BesideSubject()},
    .sealed = OfMinor<Notice>,
};

}  // namespace sifa::corrections
