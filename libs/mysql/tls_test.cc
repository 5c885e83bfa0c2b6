#include <catch2/catch.hpp>

#include "libs/core/status.h"
#include "libs/testing/maria_server.h"

namespace sifa::mysql {
namespace {

// An authority, and a server's certificate for 127.0.0.1 by it.
class Certificates {
 public:
  Certificates() {
    Make("ca", {"-x509", "-subj", "/CN=authority"});
    Make("other", {"-x509", "-subj", "/CN=stranger"});
    Make("server", {"-x509", "-CA", File("ca.pem"), "-CAkey", File("ca.key"), "-subj", "/CN=database", "-addext",
                    "subjectAltName=IP:127.0.0.1"});
  }
  std::string File(const std::string& name) const { return dir_ / name; }

 private:
  void Make(const std::string& name, std::vector<std::string> how) {
    std::vector<std::string> command = {testing::FindProgram("openssl"), "req", "-new", "-newkey", "ec", "-pkeyopt",
                                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout", File(name + ".key"),
                                        "-out", File(name + ".pem")};
    command.insert(command.end(), how.begin(), how.end());
    if (testing::RunProgram(command, File("log"), absl::Seconds(30)) != 0) testing::Die(testing::ReadFile(File("log")));
  }

  testing::TempDir dir_{"sifa-tls"};
};

absl::StatusOr<std::string> CipherOf(const Options& options) {
  std::string cipher;
  const absl::Status status = Pool(options).WithConnection([&](Connection& c) -> absl::Status {
    ASSIGN_OR_RETURN(const Rows rows, c.Query("SHOW STATUS LIKE 'Ssl_cipher'"));
    cipher = rows[0].Bytes(1);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return cipher;
}

}  // namespace

TEST_CASE("a database over TCP shows the certificate of its authority, or is refused") {
  const Certificates made;
  const testing::MariaServer server(
      {"--ssl-ca=" + made.File("ca.pem"), "--ssl-cert=" + made.File("server.pem"), "--ssl-key=" + made.File("server.key")});
  REQUIRE(Pool(server.RootOptions()).WithConnection([](Connection& c) {
    return c.Run("CREATE USER clerk@'127.0.0.1' IDENTIFIED BY 'secret' REQUIRE SSL");
  }).ok());
  Options options;
  options.host = "127.0.0.1";
  options.port = server.port();
  options.user = "clerk";
  options.password = "secret";

  CHECK_FALSE(CipherOf(options).ok());  // the server wants TLS of this user
  options.tls_ca = made.File("ca.pem");
  const auto cipher = CipherOf(options);
  REQUIRE(cipher.ok());
  CHECK_FALSE(cipher->empty());
  options.tls_ca = made.File("other.pem");
  CHECK_FALSE(CipherOf(options).ok());
}

TEST_CASE("another machine's database is not asked without TLS") {
  Options options;
  options.host = "192.0.2.1";
  options.port = 3306;
  CHECK(ReasonOf(CipherOf(options).status()) == "DATABASE_WITHOUT_TLS");
}

}  // namespace sifa::mysql
