#include "libs/mysql/server_sockets.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <memory>

#include "absl/strings/numbers.h"

namespace sifa::mysql {
namespace {

bool LeadsTo(int socket, const Options& options) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return false;
  switch (peer.ss_family) {
    case AF_UNIX:
      return !options.socket.empty() && options.socket == reinterpret_cast<sockaddr_un&>(peer).sun_path;
    case AF_INET:
      return options.socket.empty() && ntohs(reinterpret_cast<sockaddr_in&>(peer).sin_port) == options.port;
    case AF_INET6:
      return options.socket.empty() && ntohs(reinterpret_cast<sockaddr_in6&>(peer).sin6_port) == options.port;
    default:
      return false;
  }
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

std::map<ino_t, Descriptor> SocketsTo(const Options& options) {
  std::map<ino_t, Descriptor> sockets;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc/self/fd"), ::closedir);
  while (const dirent* entry = directory == nullptr ? nullptr : ::readdir(directory.get())) {
    int number = -1;
    // Most descriptors lead elsewhere and are not duplicated; what is looked at in the end is the duplicate.
    if (!absl::SimpleAtoi(entry->d_name, &number) || !LeadsTo(number, options)) continue;
    Descriptor socket(::fcntl(number, F_DUPFD_CLOEXEC, 0));
    struct stat about {};
    if (::fstat(socket.number(), &about) == 0 && LeadsTo(socket.number(), options))
      sockets.emplace(about.st_ino, std::move(socket));
  }
  return sockets;
}

}  // namespace sifa::mysql
