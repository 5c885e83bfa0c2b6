#include "services/corrections/psychology_answers.h"

#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

const procedure::Row<PsychologyAnswers> kRows[] = {
    {.act = PsychologyAnswers::RECORD,
     .from = {PsychologyAnswers::STATE_UNSPECIFIED},
     .to = PsychologyAnswers::RECORDED,
     .indirect = true,
     .law = Ccl("24")},
};

casework::Index IndexOf(const PsychologyAnswers& answers) {
  casework::Index index = IndexOfRecord(answers, answers.on());
  index.terms.push_back({"case", answers.psychology_case()});
  return index;
}

}  // namespace

const procedure::Procedure<PsychologyAnswers> kPsychologyAnswersProcedure = {
    .name = "心理测评作答",
    .rows = kRows,
    .clocks = {},
    .terminal = {PsychologyAnswers::RECORDED, PsychologyAnswers::VOIDED},
    .states = PsychologyAnswers::State_descriptor,
    .acts = PsychologyAnswers::Act_descriptor,
    .clock_kinds = PsychologyAnswers::Limit_descriptor,
    .papers = PsychologyAnswers::Document_descriptor,
};

const casework::Definition<PsychologyAnswers> kPsychologyAnswers = {
    .procedure = &kPsychologyAnswersProcedure,
    .index = IndexOf,
    .list = casework::ListOf<NarrowRecords<v1::ListPsychologyAnswersRequest>>,
    .references = {BesideSubject()},
    .sealed = OfMinor<PsychologyAnswers>,
};

}  // namespace sifa::corrections
