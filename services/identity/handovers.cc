#include "services/identity/handovers.h"

#include <algorithm>

#include "libs/core/status.h"
#include "libs/journal/journal.h"
#include "services/identity/account_table.h"

namespace sifa::identity {

constexpr int64_t kWindow = 10000;  // rows of the journal looked at in one call

void HandoverService::Register(rpc::DescribedService& service) {
  service.On("ListHandovers", this, &HandoverService::List);
}

// Read from the sealed journal, whose positions have no gaps: none is passed over.
absl::StatusOr<v1::ListHandoversResponse> HandoverService::List(rpc::Call& call, const v1::ListHandoversRequest& r) {
  v1::ListHandoversResponse response;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const int64_t head, journal::HeadPosition(connection));
    response.set_position(std::min(head, r.after_position() + kWindow));
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT s.position, j.id, j.object_id FROM journal_seal s"
                                                       " JOIN journal j ON j.id = s.id WHERE s.position > ? AND s.position <= ?"
                                                       " AND j.object_type = 'Account' AND j.action = 'HAND_OVER'"
                                                       " ORDER BY s.position",
                                                       {r.after_position(), response.position()}));
    for (const mysql::Row& row : rows) {
      ASSIGN_OR_RETURN(const auto image, backend_.store.ImageOf(connection, row.AsId(1)));
      v1::Account account;
      if (!account.ParseFromString(image.object()) || account.handovers().empty())
        return Internal("journal image of a handover does not parse");
      auto* order = response.add_orders();
      order->set_position(row.Int(0));
      order->set_from(row.AsId(2).ToString());
      *order->mutable_handover() = account.handovers(account.handovers_size() - 1);
      ASSIGN_OR_RETURN(const Id to, ParseId(order->handover().to()));
      ASSIGN_OR_RETURN(const auto receiver, LoadAccount(backend_, connection, accounts_, to));
      if (!receiver || receiver->state() == v1::Account::DISABLED) continue;
      ASSIGN_OR_RETURN(const auto grants, OwnGrantsOn(backend_, connection, *receiver, call.today()));
      order->mutable_grants()->Assign(grants.begin(), grants.end());
    }
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace sifa::identity
