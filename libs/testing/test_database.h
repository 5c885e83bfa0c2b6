// A fresh database with the two users that a service has: one who migrates, one who serves.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "libs/mysql/mysql.h"
#include "libs/testing/maria_server.h"

namespace sifa::testing {

class TestDatabase {
 public:
  // On the shared server (MariaServer::SharedSocket).
  TestDatabase() : TestDatabase(MariaServer::SharedSocket()) {}
  // On a server of the test's own.
  explicit TestDatabase(const MariaServer& server) : TestDatabase(server.socket()) {}
  ~TestDatabase();  // drops the database and its users, where the server still answers
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  // May do everything in this database.
  mysql::Options MigrationOptions() const { return OptionsOf("m_"); }
  // May do what GrantService has given, at first nothing but connect.
  mysql::Options ServiceOptions() const { return OptionsOf("s_"); }
  // e.g. GrantService("SELECT, INSERT", "journal"). "*" means all tables, also later ones. A named table must
  // exist.
  void GrantService(absl::string_view privileges = "SELECT, INSERT, UPDATE, DELETE",
                    absl::string_view table = "*");
  // Runs statements separated by ";\n" as the migration user; dies where one fails.
  void RunScript(absl::string_view sql);

 private:
  explicit TestDatabase(std::string socket);
  mysql::Options OptionsOf(absl::string_view prefix) const;
  void AsRoot(absl::string_view sql);

  std::string socket_;
  std::string name_;
  mysql::Pool root_;
};

}  // namespace sifa::testing
