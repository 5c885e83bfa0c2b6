// LiveService: who acts on what, told as it happens to whoever may read the object (libs/feed).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/contract/contract.h"
#include "libs/feed/feed.h"
#include "libs/rpc/described_service.h"

namespace sifa::casework {

class LiveService {
 public:
  // `contract`: that of the service. Types that nobody reads by a method are told to nobody.
  LiveService(const Backend& backend, std::vector<const ObjectType*> types, const contract::Contract& contract,
              feed::Limits limits = {});
  void Register(rpc::DescribedService& service);

  // Of the acts in the rows those on objects of these types. Who reads the object as it stands now sees the act: after a handing
  // over to another office that is the new one.
  absl::StatusOr<std::vector<feed::Told>> Translate(mysql::Connection& connection,
                                                    const std::vector<journal::Sealed>& rows) const;
  feed::Feed& feed() { return feed_; }

 private:
  struct Readable {
    const ObjectType* type;
    std::string permission;  // of the method that reads one
  };

  const Backend& backend_;
  std::map<std::string, Readable> types_;
  feed::Feed feed_;
};

}  // namespace sifa::casework
