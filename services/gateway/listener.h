// The public port. One socket, opened without SO_REUSEPORT, so that a second process on the port fails instead of taking
// half of the connections; accepted connections go round to the workers, which loads them evenly.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>

#include "absl/status/status.h"

namespace sifa::gateway {

class Listener {
 public:
  // Takes over the descriptor; called in the thread of `io`.
  using OnAccept = std::function<void(int descriptor, std::string address)>;
  Listener(boost::asio::io_context& io, OnAccept on_accept);

  // `address` "host:port", port 0 for any. FAILED_PRECONDITION, reason CANNOT_LISTEN, where the port is taken.
  absl::Status Open(const std::string& address);
  int port() const { return port_; }
  // In the thread of `io`.
  void Close();

 private:
  void Accept();
  void Hand(boost::asio::ip::tcp::socket socket);

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer retry_;
  const OnAccept on_accept_;
  int port_ = 0;
};

}  // namespace sifa::gateway
