#include "services/gateway/client_fixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace sifa::gateway {

TestClient::TestClient(int port, const char* from) : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience{20, 0};  // a hanging test fails
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  sockaddr_in own{};
  own.sin_family = AF_INET;
  ::inet_pton(AF_INET, from, &own.sin_addr);
  ::bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof(own));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return;
  ssl_ = SSL_new(context_.get());
  SSL_set_fd(ssl_, socket_);
  if (SSL_connect(ssl_) != 1) {
    SSL_free(ssl_);
    ssl_ = nullptr;
  }
}

TestClient::~TestClient() {
  if (ssl_ != nullptr) SSL_free(ssl_);
  if (socket_ >= 0) ::close(socket_);
}

void TestClient::Send(absl::string_view bytes) {
  while (ssl_ != nullptr && !bytes.empty()) {
    const int sent = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

void TestClient::Request(absl::string_view method, absl::string_view target, absl::string_view body, absl::string_view headers) {
  std::string request = absl::StrCat(method, " ", target, " HTTP/1.1\r\nHost: localhost\r\n", headers);
  if (with_token) absl::StrAppend(&request, "Authorization: Bearer ", token, "\r\n");
  if (!body.empty()) {
    if (!absl::StrContains(headers, "Content-Type")) request += "Content-Type: application/json\r\n";
    absl::StrAppend(&request, "Content-Length: ", body.size(), "\r\n");
  }
  Send(absl::StrCat(request, "\r\n", body));
}

bool TestClient::Fill() {
  char bytes[16384];
  const int got = ssl_ == nullptr ? 0 : SSL_read(ssl_, bytes, sizeof(bytes));
  if (got <= 0) return false;
  buffer_.append(bytes, static_cast<size_t>(got));
  return true;
}

TestAnswer TestClient::ReadHead() {
  TestAnswer answer;
  size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return answer;
  }
  const std::string head = buffer_.substr(0, end);
  buffer_.erase(0, end + 4);
  bool first = true;
  for (absl::string_view line : absl::StrSplit(head, "\r\n")) {
    if (first) {
      first = false;
      (void)absl::SimpleAtoi(line.substr(9, 3), &answer.status);
      continue;
    }
    const std::pair<std::string, std::string> field = absl::StrSplit(line, absl::MaxSplits(": ", 1));
    answer.headers[absl::AsciiStrToLower(field.first)] = field.second;
  }
  chunked_ = answer.headers["transfer-encoding"] == "chunked";
  return answer;
}

bool TestClient::ReadChunk(std::string* body) {
  size_t end;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!Fill()) return false;
  }
  const size_t size = std::strtoul(buffer_.c_str(), nullptr, 16);
  while (buffer_.size() < end + 2 + size + 2) {
    if (!Fill()) return false;
  }
  body->append(buffer_, end + 2, size);
  buffer_.erase(0, end + 2 + size + 2);
  return true;
}

TestAnswer TestClient::Read() {
  TestAnswer answer = ReadHead();
  if (answer.status == 0) return answer;
  if (answer.status == 100) return answer;
  if (chunked_) {
    for (;;) {
      const size_t before = answer.body.size();
      if (!ReadChunk(&answer.body)) return answer;
      if (answer.body.size() == before) break;
    }
    answer.complete = true;
    return answer;
  }
  size_t size = 0;
  if (!absl::SimpleAtoi(answer.headers["content-length"], &size)) {
    while (Fill()) {
    }
    answer.body = std::exchange(buffer_, "");
    return answer;
  }
  while (buffer_.size() < size) {
    if (!Fill()) return answer;
  }
  answer.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  answer.complete = true;
  return answer;
}

TestAnswer TestClient::Call(absl::string_view method, absl::string_view target, absl::string_view body,
                            absl::string_view headers) {
  Request(method, target, body, headers);
  return Read();
}

std::string TestClient::ReadLine() {
  size_t end;
  while ((end = line_rest_.find('\n')) == std::string::npos) {
    if (!ReadChunk(&line_rest_)) return "";
  }
  const std::string line = line_rest_.substr(0, end);
  line_rest_.erase(0, end + 1);
  return line;
}

void TestClient::Vanish() {
  const linger now{1, 0};  // a reset
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  ::close(socket_);
  socket_ = -1;
}

bool TestClient::AtEnd() { return buffer_.empty() && !Fill(); }

std::string TestClient::PeerName() const {
  X509* certificate = SSL_get_peer_certificate(ssl_);
  if (certificate == nullptr) return "";
  char name[100] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof(name));
  X509_free(certificate);
  return name;
}

}  // namespace sifa::gateway
