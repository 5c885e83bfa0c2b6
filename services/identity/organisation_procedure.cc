#include "services/identity/organisation_procedure.h"

namespace sifa::identity {
namespace {

using procedure::Facts;
using procedure::Guard;
using procedure::Row;
using O = v1::Organisation;

constexpr procedure::Law kInternal = {"网络安全等级保护基本要求（GB/T 22239-2019）", ""};

constexpr Guard<O> kNothingBelow = {"O1", "ORGANISATION_HAS_CHILDREN", "该机构尚有下级机构，须先撤销或改变其隶属", kInternal,
                                    [](const O&, const Facts& facts) { return facts.NothingOpenBelow(); }};
// The whole path of the suite hangs on the root; another one would see nobody's objects.
constexpr Guard<O> kNotRoot = {"O2", "ORGANISATION_IS_ROOT", "顶层机构不能撤销或改变隶属", kInternal,
                               [](const O& o, const Facts&) { return !o.parent_code().empty(); }};
constexpr Guard<O> kNotBelowItself = {
    "O3", "ORGANISATION_BELOW_ITSELF", "机构不能隶属于自身", kInternal,
    [](const O& o, const Facts&) { return o.parent_code() != o.organisation(); }};

constexpr Row<O> kRows[] = {
    {.act = O::ESTABLISH, .from = {O::STATE_UNSPECIFIED}, .to = O::ESTABLISHED, .checks = {&kNotBelowItself}, .law = kInternal},
    {.act = O::RENAME, .from = {O::ESTABLISHED}, .law = kInternal},
    {.act = O::MOVE,
     .from = {O::ESTABLISHED},
     .guards = {&kNotRoot, &kNothingBelow},
     .checks = {&kNotBelowItself},
     .law = kInternal},
    {.act = O::DISSOLVE, .from = {O::ESTABLISHED}, .to = O::DISSOLVED, .guards = {&kNotRoot, &kNothingBelow}, .law = kInternal},
};

}  // namespace

constexpr procedure::Procedure<v1::Organisation> kOrganisationProcedure = {
    .name = "机构",
    .rows = kRows,
    .terminal = {O::DISSOLVED},
    .states = &v1::Organisation::State_descriptor,
    .acts = &v1::Organisation::Act_descriptor,
};

}  // namespace sifa::identity
