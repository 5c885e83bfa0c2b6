// A file as an attachment: its type is the same however its bytes arrive after the first 64 KB, and the readers of packages,
// compound files and encodings find the same in one piece and in many.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "libs/casework/content_type.h"

namespace {

using sifa::casework::CompoundReader;
using sifa::casework::ContentInspector;
using sifa::casework::PackageReader;

constexpr size_t kHead = 64 << 10;

template <class Take>
void InPieces(absl::string_view data, size_t piece, Take take) {
  for (; !data.empty(); data.remove_prefix(std::min(piece, data.size()))) take(data.substr(0, piece));
}

std::string TypeOf(absl::string_view data, size_t piece) {
  ContentInspector inspector("", "");
  absl::Status status = inspector.Take(data.substr(0, kHead));
  InPieces(data.substr(std::min(kHead, data.size())), piece, [&](absl::string_view part) { status.Update(inspector.Take(part)); });
  status.Update(inspector.Finish());
  return status.ok() ? inspector.content_type() : std::string(status.message());
}

template <class Reader>
std::string Found(absl::string_view data, size_t piece) {
  Reader reader;
  InPieces(data, piece, [&](absl::string_view part) { reader.Take(part); });
  return reader.Finish();
}

std::string Decoded(sifa::Encoding encoding, absl::string_view data, size_t piece) {
  std::string text;
  sifa::TextDecoder decoder(encoding);
  bool whole = true;
  InPieces(data, piece, [&](absl::string_view part) { whole = whole && decoder.Add(part, false, &text); });
  return whole && decoder.Add("", true, &text) ? text : "none";
}

void RequireSame(const std::string& at_once, const std::string& in_pieces) {
  if (at_once == in_pieces) return;
  std::fprintf(stderr, "at once: %s\nin pieces: %s\n", at_once.c_str(), in_pieces.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const absl::string_view data(reinterpret_cast<const char*>(bytes), size);
  RequireSame(TypeOf(data, size + 1), TypeOf(data, 7));
  RequireSame(Found<PackageReader>(data, size + 1), Found<PackageReader>(data, 3));
  RequireSame(Found<CompoundReader>(data, size + 1), Found<CompoundReader>(data, 5));
  for (const auto encoding : {sifa::Encoding::kUtf8, sifa::Encoding::kGb18030, sifa::Encoding::kUtf16}) {
    RequireSame(Decoded(encoding, data, size + 1), Decoded(encoding, data, 1));
  }
  return 0;
}
