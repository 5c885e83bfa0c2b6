// The seeds of a fuzzer, read by the compiler and in the build of all other tests.
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size);

TEST_CASE("every seed and every part of it from its beginning is read without harm") {
  int seeds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SIFA_FUZZ_SEEDS)) {
    INFO(entry.path().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string seed{std::istreambuf_iterator<char>(file), {}};
    const size_t step = seed.size() / 200 + 1;
    for (size_t size = 0; size < seed.size(); size += step) {
      LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(seed.data()), size);
    }
    CHECK(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(seed.data()), seed.size()) == 0);
    ++seeds;
  }
  CHECK(seeds > 0);
}
