#include "services/enforcement/batch.h"

#include "libs/casework/place.h"
#include "libs/core/status.h"
#include "services/enforcement/batch_service.h"
#include "services/enforcement/own_data.h"

namespace sifa::enforcement {
namespace {

using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kSupervision = {"行政处罚法", "75"};

absl::StatusOr<Batch> NewBatch(const v1::OpenBatchRequest& r, const Asking& asking) {
  Batch batch;
  batch.set_organisation(r.office());
  ASSIGN_OR_RETURN(*batch.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  return batch;
}

absl::Status Open(Batch& batch, const v1::OpenBatchRequest& r, const casework::Act& act) {
  const auto& maps = DataOf(act.backend()).maps;
  const bool known = r.column_map().empty() ||
                     std::any_of(maps.begin(), maps.end(), [&](const ingest::ColumnMap& map) { return map.id == r.column_map(); });
  if (!known) return InvalidField("column_map", "COLUMN_MAP_UNKNOWN", "没有这个列映射");
  batch.set_kind(r.kind());
  batch.set_data_date(r.data_date());
  batch.set_column_map(r.column_map());
  return absl::OkStatus();
}

absl::Status Check(Batch&, const v1::CheckBatchRequest&) { return absl::OkStatus(); }
absl::Status Take(Batch&, const v1::TakeBatchRequest&) { return absl::OkStatus(); }
absl::Status Withdraw(Batch&, const v1::WithdrawBatchRequest&) { return absl::OkStatus(); }

// What the suite does with a batch that waits for it is in batch_work.h.
const Row<Batch> kRows[] = {
    {.act = Batch::OPEN,
     .from = {Batch::STATE_UNSPECIFIED},
     .to = Batch::RECEIVED,
     .create = Create<NewBatch>,
     .apply = Apply<Open>,
     .law = kSupervision},
    {.act = Batch::UPLOAD, .from = {Batch::RECEIVED, Batch::FAILED}, .to = Batch::READING, .law = kSupervision},
    {.act = Batch::READ_ROWS, .from = {Batch::READING}, .to = Batch::READ, .level = Level::kSystem, .law = kSupervision},
    {.act = Batch::FAIL, .from = {Batch::READING}, .to = Batch::FAILED, .level = Level::kSystem, .law = kSupervision},
    {.act = Batch::CHECK, .from = {Batch::READ, Batch::CHECKED}, .to = Batch::CHECKING, .apply = Apply<Check>, .law = kSupervision},
    {.act = Batch::FINISH_CHECK, .from = {Batch::CHECKING}, .to = Batch::CHECKED, .level = Level::kSystem, .law = kSupervision},
    {.act = Batch::TAKE, .from = {Batch::CHECKED}, .to = Batch::TAKING, .apply = Apply<Take>, .law = kSupervision},
    {.act = Batch::FINISH_TAKE, .from = {Batch::TAKING}, .to = Batch::TAKEN, .level = Level::kSystem, .law = kSupervision},
    {.act = Batch::WITHDRAW,
     .from = {Batch::RECEIVED, Batch::READ, Batch::CHECKED, Batch::TAKEN, Batch::FAILED},
     .to = Batch::WITHDRAWING,
     .apply = Apply<Withdraw>,
     .law = kSupervision},
    {.act = Batch::FINISH_WITHDRAWAL, .from = {Batch::WITHDRAWING}, .to = Batch::WITHDRAWN, .level = Level::kSystem, .law = kSupervision},
};

casework::Index IndexOf(const Batch& batch) { return {.day = batch.data_date()}; }

absl::Status Narrow(const v1::ListBatchesRequest& r, const casework::Backend&, casework::ListQuery* query) {
  query->day_from = r.data_from();
  query->day_to = r.data_to();
  return absl::OkStatus();
}

}  // namespace

const procedure::Procedure<Batch> kBatchProcedure = {
    .name = "报送批次",
    .rows = kRows,
    .terminal = {Batch::WITHDRAWN, Batch::VOIDED},
    .states = Batch::State_descriptor,
    .acts = Batch::Act_descriptor,
    .clock_kinds = Batch::Limit_descriptor,
    .papers = Batch::Document_descriptor,
};

const casework::Definition<Batch> kBatch = {
    .procedure = &kBatchProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .handlers = ServeBatches,
};

}  // namespace sifa::enforcement
