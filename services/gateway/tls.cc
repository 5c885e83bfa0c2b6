#include "services/gateway/tls.h"

#include <openssl/err.h>
#include <sys/stat.h>

#include <algorithm>
#include <climits>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::gateway {
namespace {

// The gateway speaks HTTP/1.1 only; a client that offers other protocols too is told so.
int ChooseHttp11(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                 unsigned int offered_size, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* match = nullptr;
  if (SSL_select_next_proto(&match, chosen_size, kHttp11, sizeof(kHttp11) - 1, offered, offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = match;
  return SSL_TLSEXT_ERR_OK;
}

absl::StatusOr<std::shared_ptr<SSL_CTX>> Read(const std::string& directory) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  // Resumption by tickets only: no shared cache, no lock.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context.get(), ChooseHttp11, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context.get(), absl::StrCat(directory, "/cert.pem").c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), absl::StrCat(directory, "/key.pem").c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    ERR_clear_error();
    return Error(absl::StatusCode::kFailedPrecondition, "CERTIFICATE_UNREADABLE",
                 absl::StrCat("无法读取证书或私钥：", directory));
  }
  return context;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsContext>> TlsContext::Load(const std::string& directory) {
  std::unique_ptr<TlsContext> tls(new TlsContext(directory));
  RETURN_IF_ERROR(tls->Reload());
  return tls;
}

absl::Status TlsContext::Reload() {
  const std::string stamp = Stamp();  // before reading: a change in between is seen the next time
  auto context = Read(directory_);
  const absl::MutexLock lock(&mutex_);
  stamp_ = stamp;
  if (!context.ok()) return context.status();
  context_ = *std::move(context);
  return absl::OkStatus();
}

bool TlsContext::FilesChanged() const {
  const std::string stamp = Stamp();
  const absl::MutexLock lock(&mutex_);
  return stamp != stamp_;
}

std::shared_ptr<SSL_CTX> TlsContext::Get() const {
  const absl::MutexLock lock(&mutex_);
  return context_;
}

std::string TlsContext::Stamp() const {
  std::string stamp;
  for (const char* name : {"/cert.pem", "/key.pem"}) {
    struct stat info {};
    if (::stat(absl::StrCat(directory_, name).c_str(), &info) != 0) continue;
    absl::StrAppend(&stamp, info.st_ino, ":", info.st_size, ":", info.st_mtim.tv_sec, ":", info.st_mtim.tv_nsec, ";");
  }
  return stamp;
}

TlsSocket::TlsSocket(TcpSocket socket, SSL_CTX* context) : socket_(std::move(socket)), ssl_(SSL_new(context)) {
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  SSL_set_fd(ssl_.get(), socket_.native_handle());
  SSL_set_accept_state(ssl_.get());
}

TlsSocket::Io TlsSocket::Outcome(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Io::kWantRead;
    case SSL_ERROR_WANT_WRITE:
      return Io::kWantWrite;
    case SSL_ERROR_ZERO_RETURN:
      return Io::kClosed;
    default:
      broken_ = true;  // OpenSSL forbids further calls
      ERR_clear_error();
      return Io::kClosed;
  }
}

TlsSocket::Io TlsSocket::Handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  return result == 1 ? Io::kDone : Outcome(result);
}

TlsSocket::Io TlsSocket::Read(char* data, size_t size, size_t* moved) {
  *moved = 0;
  if (broken_) return Io::kClosed;
  ERR_clear_error();
  const int result = SSL_read(ssl_.get(), data, static_cast<int>(std::min<size_t>(size, INT_MAX)));
  if (result <= 0) return Outcome(result);
  *moved = static_cast<size_t>(result);
  return Io::kDone;
}

TlsSocket::Io TlsSocket::Write(absl::string_view data, size_t* moved) {
  *moved = 0;
  if (broken_) return Io::kClosed;
  ERR_clear_error();
  const int result = SSL_write(ssl_.get(), data.data(), static_cast<int>(std::min<size_t>(data.size(), INT_MAX)));
  if (result <= 0) return Outcome(result);
  *moved = static_cast<size_t>(result);
  return Io::kDone;
}

void TlsSocket::SendClose() {
  if (broken_ || !SSL_is_init_finished(ssl_.get())) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

void TlsSocket::Close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  broken_ = true;
}

}  // namespace sifa::gateway
