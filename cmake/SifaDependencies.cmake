# Every third-party package, found once. docs/dependencies.md gives the reason for each.
find_package(absl REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(Protobuf REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Threads REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(simdjson REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(mimalloc REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(Catch2 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(MariaDB REQUIRED IMPORTED_TARGET libmariadb)
pkg_check_modules(Oath REQUIRED IMPORTED_TARGET liboath)
pkg_check_modules(Sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(Hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(Magic REQUIRED IMPORTED_TARGET libmagic)
pkg_check_modules(Zip REQUIRED IMPORTED_TARGET libzip)

# google.api.http and google.rpc come as proto files only.
find_path(GOOGLEAPIS_DIR google/api/http.proto
  PATHS /usr/share/gocode/src/github.com/gogo/googleapis REQUIRED)
