// Random messages for the codec's tests: every kind of field, valid well-known types, awkward texts and
// numbers.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "google/protobuf/message.h"

namespace sifa::contract {

// The same seed gives the same messages.
class RandomMessage {
 public:
  explicit RandomMessage(uint64_t seed) : random_(seed) {}

  void Fill(google::protobuf::Message* message, int depth = 3);
  // Changes, drops, doubles or inserts a few bytes.
  std::string Mutate(std::string bytes);
  uint64_t Below(uint64_t n) { return random_() % n; }

 private:
  bool FillWellKnown(google::protobuf::Message* message, int depth);
  void FillField(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field,
                 int depth);
  std::string Text();
  uint64_t Number();
  double Double();

  std::mt19937_64 random_;
};

}  // namespace sifa::contract
