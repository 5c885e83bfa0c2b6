// TLS as the gateway offers it: the certificate, replaceable while running, and one non-blocking encrypted socket.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace sifa::gateway {

// cert.pem and key.pem of a directory. Thread-safe.
class TlsContext {
 public:
  static absl::StatusOr<std::unique_ptr<TlsContext>> Load(const std::string& directory);
  // Reads the files again. On error the old certificate stays in use. Open connections keep theirs.
  absl::Status Reload();
  // True where the files are not those that were read last.
  bool FilesChanged() const;
  std::shared_ptr<SSL_CTX> Get() const;

 private:
  explicit TlsContext(std::string directory) : directory_(std::move(directory)) {}
  std::string Stamp() const;

  const std::string directory_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<SSL_CTX> context_ ABSL_GUARDED_BY(mutex_);
  std::string stamp_ ABSL_GUARDED_BY(mutex_);
};

using TcpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

// OpenSSL straight on the descriptor: asio only waits for readiness, which spares its BIO pair's two copies of every
// byte and 34 KB of buffers a connection. Used by one thread.
class TlsSocket {
 public:
  enum class Io { kDone, kWantRead, kWantWrite, kClosed };

  TlsSocket(TcpSocket socket, SSL_CTX* context);

  Io Handshake();
  // kDone with *moved > 0, or what to wait for, or kClosed at the end and on any error.
  Io Read(char* data, size_t size, size_t* moved);
  Io Write(absl::string_view data, size_t* moved);
  // Tells the other side that nothing more will come; it may still send.
  void SendClose();
  void Close();
  TcpSocket& tcp() { return socket_; }

 private:
  Io Outcome(int result);

  TcpSocket socket_;
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  std::unique_ptr<SSL, Free> ssl_;
  bool broken_ = false;
};

}  // namespace sifa::gateway
