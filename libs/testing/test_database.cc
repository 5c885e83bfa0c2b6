#include "libs/testing/test_database.h"

#include <unistd.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace sifa::testing {
namespace {

constexpr absl::string_view kPassword = "test";

std::string FreshName() {
  static std::random_device random;
  return absl::StrFormat("t%08x%08x", random(), random());
}

mysql::Options RootOptions(const std::string& socket) {
  mysql::Options options;
  options.socket = socket;
  options.user = "root";
  options.connections = 1;
  return options;
}

}  // namespace

TestDatabase::TestDatabase(std::string socket)
    : socket_(std::move(socket)), name_(FreshName()), root_(RootOptions(socket_)) {
  AsRoot(absl::StrCat("CREATE DATABASE ", name_, " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"));
  for (absl::string_view prefix : {"m_", "s_"}) {
    AsRoot(absl::StrCat("CREATE USER ", prefix, name_, "@'%' IDENTIFIED BY '", kPassword, "'"));
  }
  AsRoot(absl::StrCat("GRANT ALL ON ", name_, ".* TO m_", name_, "@'%'"));
  // The least that lets the service select this database when it connects.
  AsRoot(absl::StrCat("GRANT SHOW VIEW ON ", name_, ".* TO s_", name_, "@'%'"));
}

TestDatabase::~TestDatabase() {
  (void)root_.WithConnection([&](mysql::Connection& connection) {
    (void)connection.Run(absl::StrCat("DROP DATABASE ", name_));
    return connection.Run(absl::StrCat("DROP USER m_", name_, "@'%', s_", name_, "@'%'"));
  });
}

mysql::Options TestDatabase::OptionsOf(absl::string_view prefix) const {
  mysql::Options options;
  options.socket = socket_;
  options.user = absl::StrCat(prefix, name_);
  options.password = std::string(kPassword);
  options.database = name_;
  return options;
}

void TestDatabase::GrantService(absl::string_view privileges, absl::string_view table) {
  AsRoot(absl::StrCat("GRANT ", privileges, " ON ", name_, ".", table, " TO s_", name_, "@'%'"));
}

void TestDatabase::RunScript(absl::string_view sql) {
  mysql::Pool pool(MigrationOptions());
  const absl::Status status = pool.WithConnection([&](mysql::Connection& connection) {
    for (absl::string_view statement : absl::StrSplit(sql, ";\n", absl::SkipWhitespace())) {
      if (absl::Status one = connection.Run(statement); !one.ok()) return one;
    }
    return absl::OkStatus();
  });
  if (!status.ok()) Die(absl::StrCat(status.ToString(), " in ", sql));
}

void TestDatabase::AsRoot(absl::string_view sql) {
  const absl::Status status =
      root_.WithConnection([&](mysql::Connection& connection) { return connection.Run(sql); });
  if (!status.ok()) Die(absl::StrCat(status.ToString(), " in ", sql));
}

}  // namespace sifa::testing
