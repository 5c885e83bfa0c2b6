// A byte buffer on a std::string for the codec: grows by doubling, writes without a check per byte.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace sifa::contract {

class Buffer {
 public:
  // Writes from the beginning of *text, whose old content is lost. The text is whole after Finish.
  Buffer(std::string* text, size_t expected) : text_(text) {
    text_->resize(expected < 64 ? 64 : expected);
    at_ = text_->data();
    end_ = at_ + text_->size();
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  void Finish() { text_->resize(size()); }

  size_t size() const { return at_ - text_->data(); }
  const char* data() const { return text_->data(); }
  void Truncate(size_t size) { at_ = text_->data() + size; }

  // At least n bytes may be written at the returned place; Advance says how many were.
  char* Reserve(size_t n) {
    if (static_cast<size_t>(end_ - at_) < n) [[unlikely]]
      Grow(n);
    return at_;
  }
  void Advance(char* to) { at_ = to; }

  void Byte(char c) {
    *Reserve(1) = c;
    ++at_;
  }
  void Append(absl::string_view bytes) {
    std::memcpy(Reserve(bytes.size()), bytes.data(), bytes.size());
    at_ += bytes.size();
  }

  void Varint(uint64_t value) {
    char* p = Reserve(10);
    for (; value >= 0x80; value >>= 7) *p++ = static_cast<char>(value | 0x80);
    *p++ = static_cast<char>(value);
    at_ = p;
  }
  template <class T>
  void Fixed(T value) {  // the suite runs on little-endian machines only, as protobuf's wire is
    std::memcpy(Reserve(sizeof value), &value, sizeof value);
    at_ += sizeof value;
  }

  // A length-delimited value: one byte is kept for its length, more are made room for at its end where
  // needed.
  size_t BeginLength() {
    Byte(0);
    return size();
  }
  void EndLength(size_t begin) {
    const size_t length = size() - begin;
    if (length < 0x80) {
      text_->data()[begin - 1] = static_cast<char>(length);
      return;
    }
    size_t more = 0;
    for (size_t rest = length >> 7; rest != 0; rest >>= 7) ++more;
    Reserve(more);
    std::memmove(text_->data() + begin + more, text_->data() + begin, length);
    at_ = text_->data() + begin - 1;
    Varint(length);
    at_ += length;
  }

 private:
  [[gnu::noinline, gnu::cold]] void Grow(size_t n) {  // out of the way of what is inlined
    const size_t used = size();
    text_->resize(2 * text_->size() + n);
    at_ = text_->data() + used;
    end_ = text_->data() + text_->size();
  }

  std::string* const text_;
  char* at_;
  char* end_;
};

// Reads a varint in [p, end); the place after it, or nullptr where it is cut off or too long.
inline const char* ReadVarint(const char* p, const char* end, uint64_t* value) {
  if (p < end && static_cast<signed char>(*p) >= 0) {
    *value = static_cast<uint8_t>(*p);
    return p + 1;
  }
  uint64_t result = 0;
  for (int shift = 0; shift < 70 && p < end; shift += 7) {
    const uint8_t byte = static_cast<uint8_t>(*p++);
    result |= static_cast<uint64_t>(byte & 0x7f) << (shift & 63);
    if (byte < 0x80) {
      *value = result;
      return p;
    }
  }
  return nullptr;
}

template <class T>
const char* ReadFixed(const char* p, const char* end, T* value) {
  if (static_cast<size_t>(end - p) < sizeof *value) return nullptr;
  std::memcpy(value, p, sizeof *value);
  return p + sizeof *value;
}

// A length and so many bytes.
inline const char* ReadBytes(const char* p, const char* end, absl::string_view* bytes) {
  uint64_t length;
  p = ReadVarint(p, end, &length);
  if (p == nullptr || length > static_cast<size_t>(end - p)) return nullptr;
  *bytes = absl::string_view(p, length);
  return p + length;
}

enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

// One value of the wire type, skipped. Groups (proto2) are refused.
inline const char* SkipValue(const char* p, const char* end, uint32_t wire_type) {
  uint64_t varint;
  absl::string_view bytes;
  switch (wire_type) {
    case kVarint:
      return ReadVarint(p, end, &varint);
    case kFixed64:
      return end - p >= 8 ? p + 8 : nullptr;
    case kLengthDelimited:
      return ReadBytes(p, end, &bytes);
    case kFixed32:
      return end - p >= 4 ? p + 4 : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace sifa::contract
