// XML of strangers, as a stream within a bound of memory: no document type, hence no entities; a name, tag or nesting that needs
// more than the bound ends the reading. Namespaces are passed over: names come without their prefix.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "libs/ingest/finding.h"
#include "libs/ingest/xlsx_package.h"

struct XML_ParserStruct;

namespace sifa::ingest {

// The attributes of a tag.
class Attributes {
 public:
  explicit Attributes(const char** list) : list_(list) {}
  // By its name without prefix; "" where it is not there.
  absl::string_view Get(absl::string_view name) const;

 private:
  const char** list_;
};

class XmlReader {
 public:
  XmlReader(Package& package, int part);
  virtual ~XmlReader();
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;

  // Reads on until the end, a pause or a fault. False at the end and after a fault.
  bool Run();
  const std::optional<Finding>& fault() const { return fault_; }

 protected:
  virtual void Start(absl::string_view name, const Attributes& attributes) = 0;
  virtual void End(absl::string_view name) = 0;
  virtual void Text(absl::string_view) {}

  // To be called by the three above: `Run` returns as soon as they have, and goes on from there the next time; or never.
  void Pause();
  void Fail(Finding fault);

 private:
  struct Memory;  // how much of it the parser may still take
  static void OnStart(void* self, const char* name, const char** attributes);
  static void OnEnd(void* self, const char* name);
  static void OnText(void* self, const char* text, int size);
  static void OnDocumentType(void* self, const char*, const char*, const char*, int);
  // Whether the parser goes on.
  bool Proceed(int status);

  PartReader part_;
  int64_t memory_left_;
  XML_ParserStruct* parser_;
  bool paused_ = false;
  bool at_end_ = false;
  std::optional<Finding> fault_;
};

}  // namespace sifa::ingest
