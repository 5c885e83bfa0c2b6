// SHA-256 of content that comes in pieces. One thread at a time.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace sifa::crypto {

class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  void Add(absl::string_view piece);
  // 32 bytes. REQUIRES: called once, last.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sifa::crypto
