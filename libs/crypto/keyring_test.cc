#include "libs/crypto/keyring.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/core/status.h"
#include "libs/crypto/private_file.h"
#include "libs/crypto/rotation.h"

namespace sifa::crypto {
namespace {

namespace fs = std::filesystem;

// A directory of its own, gone at the end.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "sifa-keyring-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Scratch() { fs::remove_all(path_); }
  std::string keys() const { return path_ + "/keys"; }

 private:
  std::string path_;
};

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

std::unique_ptr<Keyring> MustOpen(const std::string& directory, SuiteId suite = SuiteId::kInternational) {
  auto keyring = Keyring::Open(directory, suite, true);
  REQUIRE(keyring.ok());
  return *std::move(keyring);
}

std::string ReasonOfOpen(const std::string& directory, bool create = false) {
  const auto status = Keyring::Open(directory, SuiteId::kInternational, create).status();
  CHECK(status.code() == absl::StatusCode::kFailedPrecondition);
  return ReasonOf(status);
}

mode_t ModeOf(const std::string& path) {
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

}  // namespace

TEST_CASE("a keyring is created private, and opened again with the same keys") {
  const Scratch scratch;
  CHECK(ReasonOfOpen(scratch.keys()) == "KEY_FILE_MISSING");
  const auto made = MustOpen(scratch.keys());
  CHECK(ModeOf(scratch.keys()) == 0700);
  CHECK(ModeOf(scratch.keys() + "/master.key") == 0600);
  CHECK(ModeOf(scratch.keys() + "/keyring") == 0600);
  const std::string text = made->Encrypt("body", "cases/1");
  const auto opened = Keyring::Open(scratch.keys(), SuiteId::kInternational, false);
  REQUIRE(opened.ok());
  CHECK(*(*opened)->Decrypt(text, "cases/1") == "body");
  CHECK((*opened)->BlindIndex("phone", "1") == made->BlindIndex("phone", "1"));
}

TEST_CASE("the text names its suite and key, and hides the rest") {
  const Scratch scratch;
  for (SuiteId suite : {SuiteId::kInternational, SuiteId::kGuomi}) {
    const auto keyring = MustOpen(scratch.keys(), suite);
    const std::string text = keyring->Encrypt("张三 13800000000", "cases/1");
    CHECK(text[0] == static_cast<char>(suite));
    CHECK(Keyring::KeyIdOf(text) == keyring->current_key());
    CHECK_FALSE(absl::StrContains(text, "138"));
  }
}

TEST_CASE("what one suite wrote is read by a process that writes the other") {
  const Scratch scratch;
  const auto international = MustOpen(scratch.keys(), SuiteId::kInternational);
  const auto guomi = MustOpen(scratch.keys(), SuiteId::kGuomi);
  CHECK(*guomi->Decrypt(international->Encrypt("a", "c"), "c") == "a");
  CHECK(*international->Decrypt(guomi->Encrypt("b", "c"), "c") == "b");
  CHECK(guomi->BlindIndex("phone", "1") == international->BlindIndex("phone", "1"));
  CHECK(guomi->VerifyOwn("head", international->Sign("head")));
  CHECK(international->VerifyOwn("head", guomi->Sign("head")));
}

TEST_CASE("a change of any byte of a stored text, or another place, is refused") {
  const Scratch scratch;
  for (SuiteId suite : {SuiteId::kInternational, SuiteId::kGuomi}) {
    const auto keyring = MustOpen(scratch.keys(), suite);
    const std::string text = keyring->Encrypt("body", "cases/1");
    for (size_t i = 0; i < text.size(); ++i) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ 3);  // 3 turns one suite's number into the other's
      REQUIRE(keyring->Decrypt(changed, "cases/1").status().code() == absl::StatusCode::kDataLoss);
    }
    CHECK(keyring->Decrypt(text, "cases/2").status().code() == absl::StatusCode::kDataLoss);
    CHECK(keyring->Decrypt("", "cases/1").status().code() == absl::StatusCode::kDataLoss);
  }
  CHECK(Keyring::KeyIdOf("") == 0);
  CHECK(Keyring::KeyIdOf(std::string("\x03\0\0\0\x01xxxx", 9)) == 0);
}

TEST_CASE("after rotation new texts use the new key, and old ones stay readable, here and after a restart") {
  const Scratch scratch;
  const auto keyring = MustOpen(scratch.keys());
  const std::string old = keyring->Encrypt("old", "c");
  const std::string index = keyring->BlindIndex("phone", "1");
  REQUIRE(keyring->Rotate().ok());
  CHECK(keyring->current_key() == 2);
  const std::string young = keyring->Encrypt("young", "c");
  CHECK(Keyring::KeyIdOf(old) == 1);
  CHECK(Keyring::KeyIdOf(young) == 2);
  for (const Keyring* reader : {keyring.get(), MustOpen(scratch.keys()).release()}) {
    CHECK(*reader->Decrypt(old, "c") == "old");
    CHECK(*reader->Decrypt(young, "c") == "young");
    CHECK(reader->BlindIndex("phone", "1") == index);
    if (reader != keyring.get()) delete reader;
  }
}

TEST_CASE("a MAC holds for its data, its kind and its keyring only, and outlives rotation and a change of suite") {
  const Scratch scratch, strange;
  const auto keyring = MustOpen(scratch.keys());
  const std::string mac = keyring->Mac("row", "data");
  CHECK(mac.size() == 37);
  CHECK(Keyring::KeyIdOf(mac) == 1);
  CHECK(keyring->CheckMac("row", "data", mac));
  CHECK_FALSE(keyring->CheckMac("row", "dato", mac));
  CHECK_FALSE(keyring->CheckMac("rowd", "ata", mac));
  CHECK_FALSE(MustOpen(strange.keys())->CheckMac("row", "data", mac));
  for (const size_t at : {0, 4, 5, 36}) {
    std::string altered = mac;
    altered[at] ^= 3;
    CHECK_FALSE(keyring->CheckMac("row", "data", altered));
  }
  for (const char* no_mac : {"", "x"}) CHECK_FALSE(keyring->CheckMac("row", "data", no_mac));
  const auto other = MustOpen(scratch.keys());
  REQUIRE(keyring->Rotate().ok());
  const std::string young = keyring->Mac("row", "data");
  CHECK(Keyring::KeyIdOf(young) == 2);
  CHECK(other->CheckMac("row", "data", young));
  CHECK(other->CheckMac("row", "data", mac));
  const auto guomi = *Keyring::Open(scratch.keys(), SuiteId::kGuomi, false);
  CHECK(guomi->CheckMac("row", "data", mac));
  CHECK(keyring->CheckMac("row", "data", guomi->Mac("row", "data")));
}

TEST_CASE("processes that share a directory learn of each other's rotations, and lose none") {
  const Scratch scratch;
  const auto one = MustOpen(scratch.keys());
  const auto two = MustOpen(scratch.keys());
  REQUIRE(one->Rotate().ok());
  CHECK(*two->Decrypt(one->Encrypt("x", "c"), "c") == "x");
  CHECK(two->current_key() == 2);
  std::vector<std::thread> threads;
  for (Keyring* keyring : {one.get(), two.get()}) {
    threads.emplace_back([keyring] {
      for (int i = 0; i < 5; ++i) keyring->Rotate().IgnoreError();
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(MustOpen(scratch.keys())->current_key() == 12);
  std::string unknown = one->Encrypt("x", "c");
  unknown[3] = 1;
  CHECK(ReasonOf(one->Decrypt(unknown, "c").status()) == "KEY_UNKNOWN");
}

TEST_CASE("after a refresh a process writes with the key that another one has added, and reads what it wrote before") {
  const Scratch scratch;
  const auto one = MustOpen(scratch.keys()), other = MustOpen(scratch.keys());
  const std::string before = other->Encrypt("甲", "c");
  REQUIRE(one->Rotate().ok());
  CHECK(Keyring::KeyIdOf(other->Encrypt("x", "c")) == 1);
  REQUIRE(other->Refresh().ok());
  CHECK(Keyring::KeyIdOf(other->Encrypt("x", "c")) == 2);
  CHECK(other->Decrypt(before, "c").value() == "甲");
  fs::remove(scratch.keys() + "/keyring");
  CHECK_FALSE(other->Refresh().ok());
  CHECK(other->Decrypt(before, "c").value() == "甲");
}

TEST_CASE("a key for later is kept by all before any writes with it") {
  const Scratch scratch;
  const auto one = MustOpen(scratch.keys()), other = MustOpen(scratch.keys());
  REQUIRE(RotateFrom(scratch.keys(), absl::Now() + absl::Hours(1)).ok());
  REQUIRE(one->Refresh().ok());
  CHECK(*NewestDataKey(scratch.keys()) == 2);
  CHECK(one->current_key() == 1);
  CHECK(Keyring::KeyIdOf(one->Encrypt("x", "c")) == 1);
  CHECK(Keyring::KeyIdOf(one->Mac("row", "data")) == 1);
  CHECK(MustOpen(scratch.keys())->current_key() == 1);

  // Its time comes without another look at the file, which may be gone by then.
  REQUIRE(RotateFrom(scratch.keys(), absl::Now() + absl::Seconds(2)).ok());
  REQUIRE(one->Refresh().ok());
  REQUIRE(other->Refresh().ok());
  CHECK(one->current_key() == 1);
  fs::remove(scratch.keys() + "/keyring");
  for (int i = 0; i < 50 && one->current_key() == 1; ++i) absl::SleepFor(absl::Milliseconds(100));
  const std::string text = one->Encrypt("x", "c"), mac = one->Mac("row", "data");
  CHECK(Keyring::KeyIdOf(text) == 3);
  CHECK(Keyring::KeyIdOf(mac) == 3);
  CHECK(*other->Decrypt(text, "c") == "x");
  CHECK(other->CheckMac("row", "data", mac));
}

TEST_CASE("a rotation at once goes before one for later, and the time of a key cannot be altered") {
  const Scratch scratch;
  const auto keyring = MustOpen(scratch.keys());
  REQUIRE(RotateFrom(scratch.keys(), absl::Now() + absl::Hours(1)).ok());
  REQUIRE(keyring->Rotate().ok());
  CHECK(keyring->current_key() == 3);
  std::string text = ReadFile(scratch.keys() + "/keyring");
  const size_t line = text.find("\ndata 2 "), end = text.find('\n', line + 1);
  text[end - 1] = text[end - 1] == '1' ? '2' : '1';
  WriteFile(scratch.keys() + "/keyring", text);
  CHECK(ReasonOf(Keyring::Open(scratch.keys(), SuiteId::kInternational, false).status()) == "KEYRING_MALFORMED");
}

TEST_CASE("texts are read and written while keys rotate") {
  const Scratch scratch;
  const auto keyring = MustOpen(scratch.keys());
  std::vector<int> good(2, 0);
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) good[t] += keyring->Decrypt(keyring->Encrypt("x", "c"), "c").ok();
    });
  }
  for (int i = 0; i < 5; ++i) REQUIRE(keyring->Rotate().ok());
  for (auto& thread : threads) thread.join();
  CHECK(good == std::vector<int>(2, 500));
}

TEST_CASE("two processes that start first at once agree on the keys") {
  const Scratch scratch;
  std::vector<std::string> indexes(4);
  std::vector<std::thread> threads;
  for (auto& index : indexes) {
    threads.emplace_back([&] {
      const auto keyring = Keyring::Open(scratch.keys(), SuiteId::kInternational, true);
      if (keyring.ok()) index = (*keyring)->BlindIndex("k", "v");
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(std::set<std::string>(indexes.begin(), indexes.end()).size() == 1);
  CHECK(indexes[0].size() == 16);
}

TEST_CASE("files that others may read are refused") {
  const Scratch scratch;
  MustOpen(scratch.keys());
  for (const char* name : {"/master.key", "/keyring"}) {
    for (mode_t mode : {0640, 0604, 0620}) {
      chmod((scratch.keys() + name).c_str(), mode);
      CHECK(ReasonOfOpen(scratch.keys()) == "KEY_FILE_EXPOSED");
    }
    chmod((scratch.keys() + name).c_str(), 0400);
    CHECK(Keyring::Open(scratch.keys(), SuiteId::kInternational, false).ok());
  }
}

TEST_CASE("a group may read a key file only where nobody can write it") {
  const uid_t own = geteuid(), root = 0, stranger = own + 1;
  for (const bool read_only : {false, true}) {
    for (const uid_t owner : {own, root}) {
      CHECK(internal::IsPrivate(owner, 0600, read_only));
      CHECK(internal::IsPrivate(owner, 0400, read_only));
      CHECK(internal::IsPrivate(owner, 0440, read_only) == read_only);  // a Secret with fsGroup
      for (mode_t mode : {0444, 0404, 0460, 0640 | 0020, 0602, 0601}) CHECK_FALSE(internal::IsPrivate(owner, mode, read_only));
    }
    CHECK_FALSE(internal::IsPrivate(stranger, 0400, read_only));
  }
}

TEST_CASE("a lost file is not made anew beside the other") {
  for (const char* name : {"/master.key", "/keyring"}) {
    const Scratch scratch;
    MustOpen(scratch.keys());
    fs::remove(scratch.keys() + name);
    CHECK(ReasonOfOpen(scratch.keys(), true) == "KEY_FILE_MISSING");
    CHECK_FALSE(fs::exists(scratch.keys() + name));
  }
}

TEST_CASE("a change of any byte of either file is refused, and so is another's master key") {
  const Scratch scratch, other;
  MustOpen(scratch.keys(), SuiteId::kGuomi);
  MustOpen(other.keys());
  for (const char* name : {"/master.key", "/keyring"}) {
    const std::string path = scratch.keys() + name;
    const std::string whole = ReadFile(path);
    for (size_t i = 0; i < whole.size(); ++i) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      WriteFile(path, changed);
      REQUIRE(ReasonOf(Keyring::Open(scratch.keys(), SuiteId::kGuomi, false).status()) ==
              "KEYRING_MALFORMED");
    }
    for (size_t size : {size_t{0}, whole.size() / 2, whole.size() - 1}) {
      WriteFile(path, whole.substr(0, size));
      CHECK(ReasonOfOpen(scratch.keys()) == "KEYRING_MALFORMED");
    }
    WriteFile(path, whole);
  }
  CHECK(Keyring::Open(scratch.keys(), SuiteId::kGuomi, false).ok());
  WriteFile(scratch.keys() + "/master.key", ReadFile(other.keys() + "/master.key"));
  CHECK(ReasonOfOpen(scratch.keys()) == "KEYRING_MALFORMED");
}

TEST_CASE("what a crash left half written does not disturb") {
  const Scratch scratch;
  const auto keyring = MustOpen(scratch.keys());
  WriteFile(scratch.keys() + "/keyring.new", "half");
  REQUIRE(keyring->Rotate().ok());
  CHECK_FALSE(fs::exists(scratch.keys() + "/keyring.new"));
  CHECK(ModeOf(scratch.keys() + "/keyring") == 0600);
  CHECK(MustOpen(scratch.keys())->current_key() == 2);
}

TEST_CASE("no key stands in clear in the keyring") {
  const Scratch scratch;
  MustOpen(scratch.keys());
  CHECK_FALSE(absl::StrContains(ReadFile(scratch.keys() + "/keyring"), "PRIVATE"));
}

TEST_CASE("a blind index is stable, and distinct by kind, value and keyring") {
  const Scratch scratch, other;
  const auto keyring = MustOpen(scratch.keys());
  const std::string index = keyring->BlindIndex("phone", "13800000000");
  CHECK(index.size() == 16);
  CHECK(keyring->BlindIndex("phone", "13800000000") == index);
  CHECK(keyring->BlindIndex("phone", "13800000001") != index);
  CHECK(keyring->BlindIndex("id_number", "13800000000") != index);
  CHECK(keyring->BlindIndex("phone1", "3800000000") != index);  // no byte passes from kind to value
  CHECK(MustOpen(other.keys())->BlindIndex("phone", "13800000000") != index);
}

TEST_CASE("heads are signed by the keyring's own key, verified here and elsewhere") {
  const Scratch scratch, other;
  for (SuiteId suite : {SuiteId::kInternational, SuiteId::kGuomi}) {
    const auto keyring = MustOpen(scratch.keys(), suite);
    const std::string signature = keyring->Sign("head");
    CHECK(keyring->VerifyOwn("head", signature));
    CHECK_FALSE(keyring->VerifyOwn("tail", signature));
    CHECK_FALSE(keyring->VerifyOwn("head", ""));
    CHECK_FALSE(keyring->VerifyOwn("head", signature.substr(1)));
    CHECK_FALSE(MustOpen(other.keys(), suite)->VerifyOwn("head", signature));
    CHECK(Keyring::Verify(keyring->PublicKey(suite), "head", signature));
    CHECK_FALSE(Keyring::Verify(keyring->PublicKey(suite), "tail", signature));
  }
}

}  // namespace sifa::crypto
