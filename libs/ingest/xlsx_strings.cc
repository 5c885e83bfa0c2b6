#include "libs/ingest/xlsx_strings.h"

#include <algorithm>

#include "libs/ingest/xlsx_text.h"
#include "libs/ingest/xml.h"

namespace sifa::ingest {
namespace {

constexpr size_t kInMemory = 16 << 20;
constexpr uint64_t kSpilledStride = 64;
constexpr size_t kHead = 4;  // length, shifted by whether it was cut

}  // namespace

class SharedStringsReader : public XmlReader {
 public:
  SharedStringsReader(Package& package, int part, SharedStrings& strings) : XmlReader(package, part), strings_(strings) {}

 protected:
  void Start(absl::string_view name, const Attributes&) override {
    if (name == "si") text_.Clear();
    text_.Start(name);
  }
  void Text(absl::string_view text) override { text_.Text(text); }
  void End(absl::string_view name) override {
    text_.End(name);
    if (name != "si") return;
    const bool cut = !text_.Finish();
    if (!strings_.Add(text_.text(), cut)) Fail(OfFile(kTooLargeInflated, "临时空间不足"));
  }

 private:
  SharedStrings& strings_;
  RichText text_;
};

std::unique_ptr<SharedStrings> SharedStrings::Read(Package& package, int part, const std::string& spill,
                                                   std::optional<Finding>* fault) {
  std::unique_ptr<SharedStrings> strings(new SharedStrings(spill));
  if (part < 0) return strings;
  SharedStringsReader reader(package, part, *strings);
  reader.Run();
  *fault = reader.fault();
  return *fault ? nullptr : std::move(strings);
}

bool SharedStrings::Add(const std::string& text, bool cut) {
  if (count_ % stride_ == 0) offsets_.push_back(bytes_.size());
  ++count_;
  char head[kHead];
  const uint64_t length = text.size() << 1 | static_cast<uint64_t>(cut);
  for (size_t i = 0; i < kHead; ++i) head[i] = static_cast<char>(length >> 8 * i);
  if (!bytes_.Append(absl::string_view(head, kHead)) || !bytes_.Append(text)) return false;
  if (bytes_.spilled() || bytes_.size() + offsets_.capacity() * sizeof(uint64_t) < kInMemory) return true;
  stride_ = kSpilledStride;
  std::vector<uint64_t> kept;
  for (size_t i = 0; i < offsets_.size(); i += kSpilledStride) kept.push_back(offsets_[i]);
  offsets_ = std::move(kept);
  return bytes_.ToFile();
}

bool SharedStrings::Head(uint64_t offset, uint64_t* length, bool* cut) {
  if (!bytes_.Read(offset, kHead, &head_)) return false;
  uint64_t value = 0;
  for (size_t i = kHead; i-- > 0;) value = value << 8 | static_cast<uint8_t>(head_[i]);
  *length = value >> 1;
  *cut = (value & 1) != 0;
  return true;
}

bool SharedStrings::Get(uint64_t number, std::string* text, bool* cut) {
  if (number >= count_) return false;
  uint64_t at = number / stride_ * stride_, offset = offsets_[number / stride_];
  if (next_number_ <= number && next_number_ > at) at = next_number_, offset = next_offset_;
  for (;; ++at) {
    uint64_t length;
    if (!Head(offset, &length, cut)) return false;
    if (at == number) {
      next_number_ = number + 1;
      next_offset_ = offset + kHead + length;
      return bytes_.Read(offset + kHead, length, text);
    }
    offset += kHead + length;
  }
}

}  // namespace sifa::ingest
