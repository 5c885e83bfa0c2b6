// Bytes that are appended and then read at any place: in memory up to a bound, beyond it in a file without a name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace sifa::ingest {

// A file without a name, gone when it is closed; -1 where none can be made. Who takes a path writes it as PathOf says.
int OpenUnnamed(const std::string& directory);
std::string PathOf(int file);

// Not thread-safe. What it spilled is personal data in the clear, readable by no other process, and gone with it.
class Spill {
 public:
  explicit Spill(std::string directory) : directory_(std::move(directory)) {}
  ~Spill();
  Spill(const Spill&) = delete;
  Spill& operator=(const Spill&) = delete;

  uint64_t size() const { return written_ + bytes_.size(); }
  bool spilled() const { return file_ >= 0; }
  // All further bytes go to the file. False where none can be made, or it is full.
  bool ToFile();
  // False where the file is full.
  bool Append(absl::string_view bytes);
  // Exactly these bytes. Once something is read nothing is appended.
  bool Read(uint64_t offset, size_t count, std::string* bytes);

 private:
  struct Page {
    uint64_t number = ~uint64_t{0};
    std::string bytes;
  };
  bool Flush();

  const std::string directory_;
  std::string bytes_;  // all of them, or those that are not yet written
  uint64_t written_ = 0;
  int file_ = -1;
  std::vector<Page> pages_;  // read last, each in the one slot that its number has
};

}  // namespace sifa::ingest
