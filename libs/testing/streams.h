// The streams of a call as a handler sees them, given and kept whole. Header only, so that sifa_testing itself needs no rpc.
#pragma once

#include <vector>

#include "libs/contract/normal_form.h"
#include "libs/rpc/described_service.h"

namespace sifa::testing {

// The stream of a client; its messages are in their normal form, as from the door.
template <class Request>
class GivenReader : public rpc::AnyReader {
 public:
  explicit GivenReader(std::vector<Request> requests) : requests_(std::move(requests)) {}
  bool Read(google::protobuf::Message* message) override {
    if (next_ == requests_.size()) return false;
    message->CopyFrom(requests_[next_++]);
    contract::ToNormalForm(message);
    return true;
  }
  size_t taken() const { return next_; }

 private:
  std::vector<Request> requests_;
  size_t next_ = 0;
};

// The stream of a server.
template <class Response>
class KeptWriter : public rpc::AnyWriter {
 public:
  bool Write(const google::protobuf::Message& message) override {
    kept.push_back(static_cast<const Response&>(message));
    return true;
  }
  bool cancelled() const override { return false; }
  std::vector<Response> kept;
};

}  // namespace sifa::testing
