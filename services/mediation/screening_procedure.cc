#include "services/mediation/screening_procedure.h"

namespace sifa::mediation {
namespace {

using procedure::Facts;
using procedure::Guard;
using procedure::Row;

constexpr char kOrdinaryDispute[] = "1";  // prevented_danger

// 防止民间纠纷激化 is what a committee is for, and its screening belongs to it.
constexpr procedure::Law kTask = {"人民调解工作若干规定", "3"};
constexpr procedure::Law kPreventive = {"人民调解法", "25"};

// The monthly table counts these disputes and the people in them (law §3.6 件/人).
const Guard<Screening> kPeopleStated = {
    "统计", "PEOPLE_MISSING", "防止自杀、刑事案件、群体性上访、群体性械斗的，应当填写涉及人数", {"人民调解法", "10"},
    [](const Screening& s, const Facts&) { return s.danger() == kOrdinaryDispute || s.people() > 0; }};

const Row<Screening> kRows[] = {
    {.act = Screening::SCREEN, .from = {Screening::STATE_UNSPECIFIED}, .to = Screening::CLEAR,
     .permission = "mediation.screening.record",
     .papers = {Screening::REGISTRATION},
     .law = kTask},
    {.act = Screening::FIND, .from = {Screening::STATE_UNSPECIFIED}, .to = Screening::LEAD,
     .permission = "mediation.screening.record",
     .papers = {Screening::REGISTRATION},
     .law = kTask},
    {.act = Screening::PREVENT, .from = {Screening::LEAD, Screening::PREVENTING}, .to = Screening::PREVENTING,
     .permission = "mediation.screening.record",
     .law = kPreventive},
    {.act = Screening::SETTLE, .from = {Screening::PREVENTING}, .to = Screening::PREVENTED,
     .permission = "mediation.screening.record",
     .checks = {&kPeopleStated},
     .law = kPreventive},
    {.act = Screening::OPEN_CASE, .from = {Screening::LEAD, Screening::PREVENTING}, .to = Screening::CASE_OPENED,
     .permission = "mediation.screening.record",
     .law = {"人民调解法", "17"}},
    {.act = Screening::ESCALATE, .from = {Screening::LEAD, Screening::PREVENTING}, .to = Screening::ESCALATED,
     .permission = "mediation.screening.record",
     .papers = {Screening::RISK_REPORT},
     .law = kPreventive},
};

}  // namespace

const procedure::Procedure<Screening> kScreeningProcedure = {
    .name = "矛盾纠纷排查",
    .rows = kRows,
    .terminal = {Screening::CLEAR, Screening::PREVENTED, Screening::CASE_OPENED, Screening::ESCALATED, Screening::VOIDED},
    .states = Screening::State_descriptor,
    .acts = Screening::Act_descriptor,
    .clock_kinds = Screening::Limit_descriptor,
    .papers = Screening::Document_descriptor,
};

}  // namespace sifa::mediation
