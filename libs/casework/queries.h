// Reading objects and the journal about them: one object, lists, history. Every reading is bounded by the
// caller's grants; none is possible without a caller.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/acts.h"

namespace sifa::casework {

// NOT_FOUND where it is not there or out of the caller's reach. Clock colours are as of today. Personal data is shown
// unmasked where the caller holds "<service>.personal.read" there and states a purpose: that reading is journalled.
absl::StatusOr<Answer> GetObject(const Backend& backend, const ObjectType& type, rpc::Call& call, const std::string& id);

// Refuses with PERMISSION_DENIED "PERSONAL_DATA_REFUSED" who may not read personal data of the organisation at `path`.
absl::Status CheckPersonal(const rpc::Call& call, const ObjectType& type, const std::string& path);

// For the service's own use, without a caller: NOT_FOUND where it is not there.
absl::StatusOr<Answer> LoadObject(const Backend& backend, const ObjectType& type, const std::string& id);
// The one object with this personal value or secret code.
absl::StatusOr<Answer> FindByBlind(const Backend& backend, const ObjectType& type, const Term& term);

// Newest first; where days are asked for, by these. page_size 0: 50, at most 200. A page_token of another query is
// INVALID_ARGUMENT "PAGE_TOKEN_INVALID".
absl::StatusOr<std::string> ListObjects(const Backend& backend, const ObjectType& type, rpc::Call& call, ListQuery query,
                                        int page_size, const std::string& page_token,
                                        const std::function<void(const Message&)>& add);

// Who did what when under which article. The object must be in the caller's reach.
absl::StatusOr<v1::History> History(const Backend& backend, const ObjectType& type, rpc::Call& call,
                                    const v1::GetHistoryRequest& request);

// From a row of a sealed position (0: not yet) and journal::kWholeColumns. `type` may be null where it is not known.
absl::Status FillHistoryEntry(const Store& store, const ObjectType* type, const mysql::Row& row, v1::HistoryEntry* entry);

// Colours of the clocks as of now.
void ColourClocks(const ObjectType& type, absl::Time now, Message* object);

}  // namespace sifa::casework
