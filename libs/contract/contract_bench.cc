// ns for one JSON of 11 fields in both directions, the codec beside protobuf's util JSON, medians of
// interleaved rounds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "libs/contract/contracttest.pb.h"
#include "libs/contract/json.h"

namespace sifa::contract {
namespace {

using contracttest::v1::Item;

constexpr char kJson[] =
    R"({"id":"01HZX3K5T7Q9V1B2C3D4E5F6G7","name":"张三与李四相邻通行纠纷","region":"330783","type":3,"amount":"1250000",)"
    R"("longitude":120.241732,"latitude":29.289634,"urgent":true,"createdAt":"1727397000123","note":"现场已调解一次",)"
    R"("tags":["相邻","通行"]})";

double NanosOf(const std::function<void()>& work) {
  constexpr int kTimes = 20000;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kTimes; ++i) work();
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / kTimes;
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

void Run() {
  const MessageTable& table = TableOf(Item::descriptor());
  std::string wire, json, scratch;
  if (!JsonToWire(table, kJson, &wire).ok() || !WireToJson(table, wire, &json).ok()) std::abort();
  Item item;
  item.ParseFromString(wire);
  namespace util = google::protobuf::util;
  const std::vector<std::pair<const char*, std::function<void()>>> works = {
      {"JsonToWire", [&] { (void)JsonToWire(table, kJson, &scratch); }},
      {"util JsonStringToMessage",
       [&] {
         item.Clear();
         (void)util::JsonStringToMessage(kJson, &item);
       }},
      {"WireToJson", [&] { (void)WireToJson(table, wire, &scratch); }},
      {"util MessageToJsonString",
       [&] {
         scratch.clear();
         (void)util::MessageToJsonString(item, &scratch);
       }},
      {"protobuf parse", [&] { item.ParseFromString(wire); }},
      {"protobuf serialize", [&] { item.SerializeToString(&scratch); }},
  };
  std::vector<std::vector<double>> rounds(works.size());
  for (int round = 0; round < 9; ++round) {
    for (size_t i = 0; i < works.size(); ++i) rounds[i].push_back(NanosOf(works[i].second));
  }
  std::printf("JSON %zu bytes, wire %zu bytes\n", sizeof kJson - 1, wire.size());
  for (size_t i = 0; i < works.size(); ++i)
    std::printf("%-26s %8.0f ns\n", works[i].first, Median(rounds[i]));
}

}  // namespace
}  // namespace sifa::contract

int main() { sifa::contract::Run(); }
