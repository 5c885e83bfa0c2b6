// A plain HTTPS client for tests: sends exactly the bytes it is given, reads answers strictly.
#pragma once

#include <openssl/ssl.h>

#include <map>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace sifa::gateway {

struct TestAnswer {
  int status = 0;                              // 0: the connection ended before a head
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;                            // without chunking
  bool complete = false;                       // its end was seen
};

class TestClient {
 public:
  // `from`: the client's address, of loopback.
  explicit TestClient(int port, const char* from = "127.0.0.1");
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void Send(absl::string_view bytes);
  // "GET /path" with Host, a token, further header lines ("A: b\r\n") and, where not empty, a JSON body.
  void Request(absl::string_view method, absl::string_view target, absl::string_view body = "",
               absl::string_view headers = "");
  TestAnswer Read();
  TestAnswer Call(absl::string_view method, absl::string_view target, absl::string_view body = "",
                  absl::string_view headers = "");
  // One line of the body of an answer whose head was read by ReadHead.
  TestAnswer ReadHead();
  std::string ReadLine();
  // Ends the connection as a vanished client does, without a word.
  void Vanish();
  // True when the other side has closed.
  bool AtEnd();
  bool connected() const { return ssl_ != nullptr; }
  // The common name in the server's certificate.
  std::string PeerName() const;

  bool with_token = true;
  std::string token = "test-token";

 private:
  bool Fill();
  bool ReadChunk(std::string* body);

  int socket_ = -1;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  SSL* ssl_ = nullptr;
  std::string buffer_;
  std::string line_rest_;
  bool chunked_ = false;
};

}  // namespace sifa::gateway
