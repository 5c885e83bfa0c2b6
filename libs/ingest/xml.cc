#include "libs/ingest/xml.h"

#include <expat.h>

#include <cstdlib>
#include <cstring>

namespace sifa::ingest {
namespace {

constexpr int64_t kMostMemory = 4 << 20;
constexpr int kPiece = 64 << 10;

// Of the parser that runs on this thread: what it may still take. Expat has no other way to bound what names, tags and nesting
// cost.
thread_local int64_t* memory_left = nullptr;

struct alignas(std::max_align_t) Block {
  size_t size;
};

void Free(void* taken) {
  if (taken == nullptr) return;
  Block* block = static_cast<Block*>(taken) - 1;
  *memory_left += static_cast<int64_t>(block->size);
  std::free(block);
}

void* Resize(void* taken, size_t size) {
  Block* block = taken == nullptr ? nullptr : static_cast<Block*>(taken) - 1;
  const size_t before = block == nullptr ? 0 : block->size;
  if (static_cast<int64_t>(size) - static_cast<int64_t>(before) > *memory_left) return nullptr;
  auto* resized = static_cast<Block*>(std::realloc(block, sizeof(Block) + size));
  if (resized == nullptr) return nullptr;
  *memory_left -= static_cast<int64_t>(size) - static_cast<int64_t>(before);
  resized->size = size;
  return resized + 1;
}

void* Allocate(size_t size) { return Resize(nullptr, size); }

absl::string_view WithoutPrefix(const char* name) {
  const char* colon = std::strrchr(name, ':');
  return colon == nullptr ? name : colon + 1;
}

}  // namespace

// While it stands the parser of this thread takes from this reader's share.
struct XmlReader::Memory {
  explicit Memory(XmlReader& reader) : before(memory_left) { memory_left = &reader.memory_left_; }
  ~Memory() { memory_left = before; }
  int64_t* const before;
};

absl::string_view Attributes::Get(absl::string_view name) const {
  for (const char** at = list_; *at != nullptr; at += 2) {
    if (WithoutPrefix(at[0]) == name) return at[1];
  }
  return "";
}

XmlReader::XmlReader(Package& package, int part) : part_(package, part), memory_left_(kMostMemory) {
  Memory memory(*this);
  const XML_Memory_Handling_Suite suite{Allocate, Resize, Free};
  parser_ = XML_ParserCreate_MM(nullptr, &suite, nullptr);
  XML_SetUserData(parser_, this);
  XML_SetElementHandler(parser_, OnStart, OnEnd);
  XML_SetCharacterDataHandler(parser_, OnText);
  XML_SetStartDoctypeDeclHandler(parser_, OnDocumentType);
}

XmlReader::~XmlReader() {
  Memory memory(*this);
  XML_ParserFree(parser_);
}

bool XmlReader::Run() {
  Memory memory(*this);
  if (paused_) {
    paused_ = false;
    if (!Proceed(XML_ResumeParser(parser_))) return paused_;
  }
  while (!at_end_ && !fault_) {
    void* piece = XML_GetBuffer(parser_, kPiece);
    const size_t size = piece == nullptr ? 0 : part_.Read(static_cast<char*>(piece), kPiece);
    if (part_.fault()) fault_ = part_.fault();
    if (piece == nullptr) Proceed(XML_STATUS_ERROR);
    if (fault_) return false;
    at_end_ = size == 0;
    if (!Proceed(XML_ParseBuffer(parser_, static_cast<int>(size), at_end_))) return paused_;
  }
  return false;
}

bool XmlReader::Proceed(int status) {
  if (fault_ || paused_) return false;
  if (status != XML_STATUS_ERROR) return true;
  const bool too_much = XML_GetErrorCode(parser_) == XML_ERROR_NO_MEMORY;
  fault_ = OfFile(kFileBroken, too_much ? "工作表中有过长的标记" : "工作表的内容有误");
  return false;
}

void XmlReader::Pause() {
  if (fault_) return;  // the parser has been stopped, and still tells the end of a tag
  paused_ = true;
  XML_StopParser(parser_, XML_TRUE);
}

void XmlReader::Fail(Finding fault) {
  if (!fault_) fault_ = std::move(fault);
  XML_StopParser(parser_, XML_FALSE);
}

void XmlReader::OnStart(void* self, const char* name, const char** attributes) {
  static_cast<XmlReader*>(self)->Start(WithoutPrefix(name), Attributes(attributes));
}

void XmlReader::OnEnd(void* self, const char* name) { static_cast<XmlReader*>(self)->End(WithoutPrefix(name)); }

void XmlReader::OnText(void* self, const char* text, int size) {
  static_cast<XmlReader*>(self)->Text(absl::string_view(text, static_cast<size_t>(size)));
}

void XmlReader::OnDocumentType(void* self, const char*, const char*, const char*, int) {
  static_cast<XmlReader*>(self)->Fail(OfFile(kFileBroken, "工作表中有文档类型声明"));
}

}  // namespace sifa::ingest
