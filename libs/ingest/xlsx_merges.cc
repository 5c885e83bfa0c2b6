#include "libs/ingest/xlsx_merges.h"

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "libs/ingest/xlsx_text.h"

namespace sifa::ingest {
namespace {

constexpr size_t kPiece = 256 << 10;
constexpr size_t kLongestTag = 256;
constexpr size_t kMostRanges = 1 << 19;
constexpr char kTag[] = "mergeCell ";

// <mergeCell ref="A1:C2"/>, from its name on.
std::optional<MergedRange> RangeIn(absl::string_view tag) {
  tag = tag.substr(0, tag.find('>'));
  const size_t at = tag.find("ref=");
  if (at == absl::string_view::npos || tag.size() < at + 6) return std::nullopt;
  const absl::string_view rest = tag.substr(at + 5);
  const absl::string_view range = rest.substr(0, rest.find(tag[at + 4]));
  const size_t colon = range.find(':');
  uint64_t left, top, right, bottom;
  if (colon == absl::string_view::npos || !ReadPlace(range.substr(0, colon), &left, &top) ||
      !ReadPlace(range.substr(colon + 1), &right, &bottom)) {
    return std::nullopt;
  }
  if (left > right || top > bottom || left >= kMostColumns) return std::nullopt;
  return MergedRange{static_cast<uint32_t>(top), static_cast<uint32_t>(bottom), static_cast<uint16_t>(left),
                     static_cast<uint16_t>(std::min<uint64_t>(right, kMostColumns - 1))};
}

}  // namespace

// Looks for the tags in the bytes as they are: where "<" begins one nothing else can, and an expat pass over all the rows would
// cost as much as reading them.
std::vector<MergedRange> ReadMergedRanges(Package& package, int part, std::optional<Finding>* fault) {
  PartReader reader(package, part);
  std::vector<MergedRange> ranges;
  std::string bytes;
  for (bool more = true; more;) {
    const size_t before = bytes.size();
    bytes.resize(before + kPiece);
    const size_t read = reader.Read(bytes.data() + before, kPiece);
    bytes.resize(before + read);
    more = read > 0;
    size_t at = bytes.find(kTag);
    for (; at != std::string::npos && (!more || bytes.size() - at >= kLongestTag); at = bytes.find(kTag, at + 1)) {
      if (at == 0 || (bytes[at - 1] != '<' && bytes[at - 1] != ':')) continue;
      const auto range = RangeIn(absl::string_view(bytes).substr(at, kLongestTag));
      if (range && ranges.size() < kMostRanges) ranges.push_back(*range);
    }
    const size_t kept = at == std::string::npos ? std::min(bytes.size(), sizeof kTag) : bytes.size() - at + 1;
    bytes.erase(0, bytes.size() - std::min(kept, bytes.size()));
  }
  *fault = reader.fault();
  std::sort(ranges.begin(), ranges.end(), [](const MergedRange& one, const MergedRange& other) { return one.top < other.top; });
  return ranges;
}

bool MergedCells::Fill(Row* row) {
  open_.erase(std::remove_if(open_.begin(), open_.end(), [&](const Open& open) { return open.range.bottom < row->number; }),
              open_.end());
  for (; next_ < ranges_.size() && ranges_[next_].top <= row->number; ++next_) {
    // Of a range whose first row is not there the first cell is empty, and so are the others.
    if (ranges_[next_].top == row->number) open_.push_back({ranges_[next_], (*row)[ranges_[next_].left]});
  }
  if (open_.size() > kMostColumns) return false;
  for (const Open& open : open_) {
    if (open.first.kind == CellKind::kEmpty) continue;
    for (size_t column = open.range.left; column <= open.range.right; ++column) {
      if ((*row)[column].kind != CellKind::kEmpty) continue;
      Cell& cell = row->At(column);
      cell = open.first;
      cell.marks |= kFromMergedRange;
    }
  }
  return true;
}

}  // namespace sifa::ingest
