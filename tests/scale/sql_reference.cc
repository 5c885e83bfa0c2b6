// The bare transactions that benchmarks hold the services against: the same statements with the same sizes, prepared, over
// libmariadb alone, into tables of the same shape in a schema of their own.
//
//   sifa-sql-reference --mode=transitions --socket=… --database=… --connections=12 --seconds=5 --images=475,718,… --records=70,…
//   sifa-sql-reference --mode=import --rows=20000 --images=900 --records=170 --terms=3
//
// Prints one JSON object. What an act does alone is libs/casework/acts.cc; this follows it statement by statement, a transaction
// for each: what it would be without the service. The service commits acts that come at once together (together.h).
#include <mysql.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

ABSL_FLAG(std::string, mode, "transitions", "transitions, import, open or query");
ABSL_FLAG(std::string, socket, "", "of the server");
ABSL_FLAG(std::string, database, "", "schema with the tables of casework and the journal");
ABSL_FLAG(int, connections, 12, "at once");
ABSL_FLAG(double, seconds, 5, "of transitions");
ABSL_FLAG(int, rows, 20000, "to import or to open");
ABSL_FLAG(std::string, query, "", "to be asked, so many times");
ABSL_FLAG(int, times, 1000, "to ask");
ABSL_FLAG(std::string, images, "", "bytes of the image after each act");
ABSL_FLAG(std::string, records, "", "bytes of the record of each act");
ABSL_FLAG(int, terms, 11, "search terms of an object");

namespace sifa::scale {
namespace {

using Steady = std::chrono::steady_clock;
using Value = std::variant<std::nullptr_t, int64_t, std::string>;

constexpr char kNow[] = "2026-11-22 08:00:00.000000";
constexpr char kPath[] = "/33/3307/330783/330783118/330783118-00/";
constexpr char kActor[] = "01M809X4E1XA5030MG8ASN25D1";
constexpr char kMethod[] = "/sifa.mediation.v1.CaseService/RecordSession";
constexpr int kBatch = 100;
constexpr int kCommitteeBytes = 800;  // of the body of a committee, which applying and assigning read

void Must(bool good, const char* what, const char* error) {
  if (good) return;
  std::fprintf(stderr, "%s: %s\n", what, error);
  std::exit(1);
}

// One connection with its prepared statements.
class Session {
 public:
  Session() : handle_(mysql_init(nullptr)) {
    mysql_options(handle_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    Must(mysql_real_connect(handle_, nullptr, "root", "", absl::GetFlag(FLAGS_database).c_str(), 0,
                            absl::GetFlag(FLAGS_socket).c_str(), 0) != nullptr, "connect", mysql_error(handle_));
  }
  ~Session() {
    for (auto& [sql, statement] : statements_) mysql_stmt_close(statement);
    mysql_close(handle_);
  }
  Session(const Session&) = delete;

  void Text(const char* sql) { Must(mysql_query(handle_, sql) == 0, sql, mysql_error(handle_)); }

  // Runs a statement and reads whatever it answers.
  void Run(const std::string& sql, const std::vector<Value>& values) {
    MYSQL_STMT*& statement = statements_[sql];
    if (statement == nullptr) {
      statement = mysql_stmt_init(handle_);
      Must(mysql_stmt_prepare(statement, sql.data(), sql.size()) == 0, sql.c_str(), mysql_stmt_error(statement));
    }
    std::vector<MYSQL_BIND> binds(values.size(), MYSQL_BIND{});
    for (size_t i = 0; i < values.size(); ++i) {
      if (const auto* number = std::get_if<int64_t>(&values[i])) {
        binds[i].buffer_type = MYSQL_TYPE_LONGLONG;
        binds[i].buffer = const_cast<int64_t*>(number);
      } else if (const auto* text = std::get_if<std::string>(&values[i])) {
        binds[i].buffer_type = MYSQL_TYPE_BLOB;
        binds[i].buffer = const_cast<char*>(text->data());
        binds[i].buffer_length = text->size();
      } else {
        binds[i].buffer_type = MYSQL_TYPE_NULL;
      }
    }
    if (!values.empty()) mysql_stmt_bind_param(statement, binds.data());
    Must(mysql_stmt_execute(statement) == 0, sql.c_str(), mysql_stmt_error(statement));
    if (mysql_stmt_field_count(statement) == 0) return;
    mysql_stmt_store_result(statement);
    while (mysql_stmt_fetch(statement) == 0) {
    }
    mysql_stmt_free_result(statement);
  }

 private:
  MYSQL* handle_;
  std::map<std::string, MYSQL_STMT*> statements_;
};

// Ordered by time, as the suite's ids are.
std::string NewId() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  uint64_t high = static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                      std::chrono::system_clock::now().time_since_epoch()).count()) << 8;
  uint64_t low = random();
  std::string id(16, '\0');
  for (int i = 7; i >= 0; --i, high >>= 8, low >>= 8) {
    id[i] = static_cast<char>(high & 255);
    id[8 + i] = static_cast<char>(low & 255);
  }
  return id;
}

// Bytes that no page compresses, as encrypted ones.
std::string Bytes(int count) {
  thread_local std::mt19937_64 random{std::random_device{}()};
  std::string bytes(count, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

std::vector<int> Sizes(const std::string& text) {
  std::vector<int> sizes;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    int size = 0;
    Must(absl::SimpleAtoi(part, &size), "a size", text.c_str());
    sizes.push_back(size);
  }
  return sizes;
}

std::string Multi(const char* insert, int columns, int rows) {
  std::string row = "(?", sql = insert;
  for (int i = 1; i < columns; ++i) row += ",?";
  row += ")";
  for (int i = 0; i < rows; ++i) absl::StrAppend(&sql, i == 0 ? " " : ",", row);
  return sql;
}

constexpr char kInsertObject[] =
    "INSERT INTO object (id, type, version, state, open, organisation, organisation_path, region, number, parent, assignee, day, "
    "due_on, due_end, due_clock, provisional, unsettled, created_at, updated_at, link, body) VALUES";
constexpr char kUpdateObject[] =
    "ON DUPLICATE KEY UPDATE version = VALUES(version), state = VALUES(state), open = VALUES(open), organisation = "
    "VALUES(organisation), organisation_path = VALUES(organisation_path), region = VALUES(region), number = VALUES(number), "
    "parent = "
    "VALUES(parent), assignee = VALUES(assignee), day = VALUES(day), due_on = VALUES(due_on), due_end = VALUES(due_end), "
    "due_clock = VALUES(due_clock), "
    "provisional = "
    "VALUES(provisional), unsettled = VALUES(unsettled), updated_at = VALUES(updated_at), link = VALUES(link), body = "
    "VALUES(body)";
constexpr char kInsertTerm[] = "INSERT INTO term (type, kind, value, object_id) VALUES";
constexpr char kInsertJournal[] =
    "INSERT INTO journal (id, object_id, object_type, version, organisation, organisation_path, region, actor, action, "
    "from_state, to_state, occurred_on, recorded_at, record, occurred_at, image_digest, request_digest, writer, number, remark, "
    "link, "
    "mac, image, request) VALUES";
constexpr char kInsertPending[] = "INSERT INTO journal_pending (id, version) VALUES";
constexpr char kInsertRequest[] = "INSERT INTO request (caller, method, request_id, digest, journal_id, created_at) VALUES";

void Append(std::vector<Value>* values, std::initializer_list<Value> row) { values->insert(values->end(), row); }

constexpr char kReadObject[] = "SELECT id, version, created_at, body FROM object WHERE id = ? AND type = ?";

void AddObject(const std::string& id, int64_t version, const Value& number, int body, std::vector<Value>* values) {
  const bool runs = version > 1;  // its limit
  Append(values, {id,
                  "Case",
                  version,
                  version,
                  int64_t{1},
                  "330783118-00",
                  kPath,
                  "330783118",
                  number,
                  nullptr,
                  kActor,
                  runs ? Value("2026-11-22") : Value(nullptr),
                  runs ? Value("2026-12-22") : Value(nullptr),
                  runs ? Value("2026-12-22 16:00:00") : Value(nullptr),
                  runs ? "CONCLUDE" : "",
                  int64_t{0},
                  int64_t{0},
                  kNow,
                  kNow,
                  Bytes(32),
                  Bytes(body)});
}
void AddTerms(const std::string& id, int count, std::vector<Value>* values) {
  for (int i = 0; i < count; ++i) Append(values, {"Case", i < 3 ? "type" : "name", i < 3 ? absl::StrCat("0", i) : Bytes(16), id});
}
void AddJournal(const std::string& row, const std::string& object, int64_t version, int record, int image,
                std::vector<Value>* values) {
  Append(values, {row,       object,           "Case",     version,     "330783118-00", kPath, "330783118",
                  kActor,    "RECORD_SESSION", "ASSIGNED", "MEDIATING", "2026-11-22",   kNow,  Bytes(record),
                  nullptr,   Bytes(37),        "",         Bytes(16),   int64_t{1},     "",    version > 1 ? Bytes(32) : "",
                  Bytes(37), Bytes(image),     ""});
}

// The end of every act: its journal row and its request.
void EndAct(Session& session, const std::string& object, int64_t version, const std::string& request, int record, int image) {
  const std::string row = NewId();
  std::vector<Value> values;
  AddJournal(row, object, version, record, image, &values);
  session.Run(Multi(kInsertJournal, 24, 1), values);
  session.Run(Multi(kInsertPending, 2, 1), {row, version});
  session.Run(Multi(kInsertRequest, 6, 1), {kActor, kMethod, request, Bytes(32), row, kNow});
  session.Text("COMMIT");
}

void BeginAct(Session& session, const std::string& request) {
  session.Text("BEGIN");
  session.Run("SELECT digest, journal_id FROM request WHERE caller = ? AND method = ? AND request_id = ?",
              {kActor, kMethod, request});
}

// One case of a committee from its application to its agreement: as many transactions as there are images.
void WalkCase(Session& session, const std::string& committee, const std::vector<int>& images, const std::vector<int>& records, int terms,
              std::atomic<int64_t>* done) {
  const std::string object = NewId();
  std::string request = NewId();
  Value number = nullptr;
  BeginAct(session, request);
  session.Run(absl::StrCat(kReadObject, " LOCK IN SHARE MODE"), {committee, "Case"});
  std::vector<Value> values;
  AddObject(object, 1, number, images[0], &values);
  session.Run(Multi(kInsertObject, 21, 1), values);
  values.clear();
  AddTerms(object, terms - 1, &values);  // the day of acceptance comes later
  session.Run(Multi(kInsertTerm, 4, terms - 1), values);
  EndAct(session, object, 1, request, records[0], images[0]);
  ++*done;
  for (size_t act = 1; act < images.size(); ++act) {
    const int64_t version = static_cast<int64_t>(act) + 1;
    request = NewId();
    BeginAct(session, request);
    session.Run("SELECT id, version, created_at, body FROM object WHERE id = ? AND type = ? FOR UPDATE", {object, "Case"});
    session.Run("SELECT type FROM object WHERE parent = ? AND open = 1", {object});
    if (act == 1) {
      session.Run("INSERT INTO counter (name, last) VALUES (?, LAST_INSERT_ID(1))"
                  " ON DUPLICATE KEY UPDATE last = LAST_INSERT_ID(last + 1)", {"330783118-00/2026/人调"});
      static std::atomic<int64_t> numbers{0};
      number = absl::StrCat("（2026）东南马人调字第", ++numbers, "号");
      session.Run("SELECT 1 FROM object WHERE type = ? AND organisation = ? AND number = ? LOCK IN SHARE MODE",
                  {"Case", "330783118-00", number});
    }
    values.clear();
    AddObject(object, version, number, images[act], &values);
    session.Run(absl::StrCat(Multi(kInsertObject, 21, 1), " ", kUpdateObject), values);
    if (act >= 2) session.Run(kReadObject, {committee, "Case"});  // who mediates is of it, and not removed
    if (act == 1) {
      values.clear();
      Append(&values, {"Case", "accepted_on", "2026-11-22", object});
      session.Run(Multi(kInsertTerm, 4, 1), values);
    }
    EndAct(session, object, version, request, records[act], images[act]);
    ++*done;
  }
}

void Transitions() {
  const auto images = Sizes(absl::GetFlag(FLAGS_images)), records = Sizes(absl::GetFlag(FLAGS_records));
  std::atomic<int64_t> done{0};
  std::atomic<bool> stop{false};
  const std::string committee = NewId();
  {
    Session session;
    std::vector<Value> values;
    AddObject(committee, 1, nullptr, kCommitteeBytes, &values);
    session.Run(Multi(kInsertObject, 21, 1), values);
  }
  std::vector<std::thread> threads;
  const auto begin = Steady::now();
  for (int i = 0; i < absl::GetFlag(FLAGS_connections); ++i) {
    threads.emplace_back([&] {
      mysql_thread_init();
      {
        Session session;
        while (!stop) WalkCase(session, committee, images, records, absl::GetFlag(FLAGS_terms), &done);
      }
      mysql_thread_end();
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(absl::GetFlag(FLAGS_seconds)));
  stop = true;
  for (auto& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(Steady::now() - begin).count();
  std::printf("{\"transitions\": %lld, \"seconds\": %.4f, \"rate\": %.1f}\n", static_cast<long long>(done), seconds,
              static_cast<double>(done) / seconds);
}

// As services/mediation/case_import.cc commits a batch.
void Import() {
  const int image = Sizes(absl::GetFlag(FLAGS_images))[0], record = Sizes(absl::GetFlag(FLAGS_records))[0];
  const int terms = absl::GetFlag(FLAGS_terms), rows = absl::GetFlag(FLAGS_rows);
  Session session;
  const auto begin = Steady::now();
  for (int first = 0; first < rows; first += kBatch) {
    std::vector<Value> keys = {"import", kMethod}, objects, terms_of_all, journal, pending, requests;
    std::string find = "SELECT request_id, digest FROM request WHERE caller = ? AND method = ? AND request_id IN (?";
    for (int i = 0; i < kBatch; ++i) {
      const std::string object = NewId(), row = NewId(), key = Bytes(32);
      keys.push_back(key);
      if (i > 0) find += ",?";
      AddObject(object, 1, absl::StrCat("（2025）入档字第", first + i, "号"), image, &objects);
      AddTerms(object, terms, &terms_of_all);
      AddJournal(row, object, 1, record, image, &journal);
      Append(&pending, {row, int64_t{1}});
      Append(&requests, {"import", kMethod, key, Bytes(32), row, kNow});
    }
    session.Text("BEGIN");
    session.Run(find + ")", keys);
    session.Run(Multi(kInsertObject, 21, kBatch), objects);
    session.Run(Multi(kInsertTerm, 4, kBatch * terms), terms_of_all);
    session.Run(Multi(kInsertJournal, 24, kBatch), journal);
    session.Run(Multi(kInsertPending, 2, kBatch), pending);
    session.Run(Multi(kInsertRequest, 6, kBatch), requests);
    session.Text("COMMIT");
  }
  const double seconds = std::chrono::duration<double>(Steady::now() - begin).count();
  std::printf("{\"rows\": %d, \"seconds\": %.4f, \"rate\": %.1f}\n", rows, seconds, rows / seconds);
}

// Objects as one act opens them, each by single-row inserts, as many in a transaction as a portion has.
void Open() {
  const int image = Sizes(absl::GetFlag(FLAGS_images))[0], record = Sizes(absl::GetFlag(FLAGS_records))[0];
  const int terms = absl::GetFlag(FLAGS_terms), rows = absl::GetFlag(FLAGS_rows);
  constexpr int kPortion = 200;
  Session session;
  const auto begin = Steady::now();
  for (int first = 0; first < rows; first += kPortion) {
    session.Text("BEGIN");
    for (int i = 0; i < kPortion; ++i) {
      const std::string object = NewId(), row = NewId();
      std::vector<Value> values;
      AddObject(object, 1, nullptr, image, &values);
      session.Run(Multi(kInsertObject, 21, 1), values);
      values.clear();
      AddTerms(object, terms, &values);
      for (int term = 0; term < terms; ++term)
        session.Run(Multi(kInsertTerm, 4, 1), {values.begin() + 4 * term, values.begin() + 4 * (term + 1)});
      values.clear();
      AddJournal(row, object, 1, record, image, &values);
      session.Run(Multi(kInsertJournal, 24, 1), values);
      session.Run(Multi(kInsertPending, 2, 1), {row, int64_t{1}});
    }
    session.Text("COMMIT");
  }
  const double seconds = std::chrono::duration<double>(Steady::now() - begin).count();
  std::printf("{\"rows\": %d, \"seconds\": %.4f, \"rate\": %.1f}\n", rows, seconds, rows / seconds);
}

void Ask() {
  Session session;
  std::vector<double> micros;
  for (int i = 0; i < absl::GetFlag(FLAGS_times); ++i) {
    const auto begin = Steady::now();
    session.Run(absl::GetFlag(FLAGS_query), {});
    micros.push_back(std::chrono::duration<double, std::micro>(Steady::now() - begin).count());
  }
  std::sort(micros.begin(), micros.end());
  std::printf("{\"p50_us\": %.1f, \"p99_us\": %.1f}\n", micros[micros.size() / 2], micros[micros.size() * 99 / 100]);
}

}  // namespace
}  // namespace sifa::scale

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  mysql_library_init(0, nullptr, nullptr);
  const std::string mode = absl::GetFlag(FLAGS_mode);
  if (mode == "import") {
    sifa::scale::Import();
  } else if (mode == "open") {
    sifa::scale::Open();
  } else if (mode == "query") {
    sifa::scale::Ask();
  } else {
    sifa::scale::Transitions();
  }
}
