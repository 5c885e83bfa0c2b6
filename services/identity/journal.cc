#include "services/identity/journal.h"

#include "libs/core/status.h"

namespace sifa::identity {
namespace {

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

}  // namespace

void JournalService::Register(rpc::Host& host) {
  auto service = std::make_unique<rpc::DescribedService>(
      v1::ListJournalRequest::descriptor()->file()->FindServiceByName("JournalService"), host.door());
  service->On("ListJournal", this, &JournalService::List);
  host.Add(std::move(service));
}

absl::StatusOr<v1::ListJournalResponse> JournalService::List(rpc::Call& call,
                                                             const v1::ListJournalRequest& r) {
  casework::JournalQuery query{.actor = r.actor(),
                               .object = r.object(),
                               .object_type = r.object_type(),
                               .action = r.action(),
                               .limit = r.page_size(),
                               .page_token = r.page_token()};
  if (r.has_from()) query.from = TimeOf(r.from());
  if (r.has_to()) query.to = TimeOf(r.to());
  ASSIGN_OR_RETURN(auto page, casework::ReadJournal(backend_, call, types_, query));
  v1::ListJournalResponse response;
  for (auto& entry : page.entries) *response.add_entries() = std::move(entry);
  response.set_next_page_token(page.next_page_token);
  return response;
}

}  // namespace sifa::identity
