// The sockets of this process that lead to a server, which the connector does not show.
#pragma once

#include <sys/types.h>

#include <map>
#include <utility>

#include "libs/mysql/mysql.h"

namespace sifa::mysql {

// A descriptor of our own, closed at the end of its life; -1: none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int number() const { return number_; }

 private:
  int number_;
};

// Those that are connected to the server of `options` now, by their inode, which unlike the number of a descriptor is not soon
// used again. The descriptors are duplicates: what closes its own one meanwhile does not make them lead elsewhere.
std::map<ino_t, Descriptor> SocketsTo(const Options& options);

}  // namespace sifa::mysql
