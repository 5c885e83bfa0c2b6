// A gate between a client and a server, to prove what happens when the network between them fails: refuse,
// cut, delay, swallow, or cut exactly at a given byte or word of the client. It carries bytes of any
// protocol, also a prefix of TLS.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/testing/process.h"

namespace sifa::testing {

// Controlled by one thread. Listens on a loopback port and on a unix socket alike; one thread for each
// connection.
class TcpGate {
 public:
  // `upstream` is the path of a unix socket, or "127.0.0.1:3306".
  explicit TcpGate(std::string upstream);
  ~TcpGate();  // cuts all
  TcpGate(const TcpGate&) = delete;
  TcpGate& operator=(const TcpGate&) = delete;

  int port() const { return port_; }
  const std::string& socket() const { return socket_; }

  // Ends every fault below except cuts that have happened.
  void Pass();
  // New connections are refused, as by a host whose server is down; those that are open go on.
  void RefuseNew();
  // Cuts what is open now.
  void CutAll();
  // Holds back every piece, in both directions.
  void Delay(absl::Duration duration);
  // Accepts and swallows, in both directions, and says nothing.
  void Blackhole();

  // Once: lets the next `bytes` of clients pass, of all connections together, then cuts the one that sends
  // more.
  void CutAfterBytes(int64_t bytes);
  // Once: cuts the connection on which a client sends `marker`. Before: the piece with the marker never
  // reaches the server. After: it does, and the server's answer is awaited and swallowed, so that the server
  // surely has acted.
  enum class When { kBeforeForwarding, kAfterForwarding };
  void CutAtMarker(std::string marker, When when);

  // Connections accepted, and connections cut by CutAfterBytes or CutAtMarker.
  int64_t accepted() const;
  int64_t cuts() const;

 private:
  struct Link;
  void Listen();
  void StopListening();
  void Accept(int listener);
  void Carry(Link& link);
  bool FromClient(Link& link);
  bool FromServer(Link& link);
  bool SendToServer(Link& link, absl::string_view bytes);
  bool HoldBack();
  void JoinEnded();

  const std::string upstream_;
  TempDir dir_;
  std::string socket_;
  int port_ = 0;

  mutable absl::Mutex mutex_;
  bool refusing_ ABSL_GUARDED_BY(mutex_) = false;
  bool blackhole_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration delay_ ABSL_GUARDED_BY(mutex_);
  int64_t bytes_left_ ABSL_GUARDED_BY(mutex_) = -1;  // no limit
  std::string marker_ ABSL_GUARDED_BY(mutex_);
  When when_ ABSL_GUARDED_BY(mutex_) = When::kBeforeForwarding;
  int64_t accepted_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t cuts_ ABSL_GUARDED_BY(mutex_) = 0;
  std::list<std::unique_ptr<Link>> links_ ABSL_GUARDED_BY(mutex_);

  int tcp_listener_ = -1;
  int unix_listener_ = -1;
  std::thread tcp_acceptor_;
  std::thread unix_acceptor_;
};

}  // namespace sifa::testing
