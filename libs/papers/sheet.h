// What a paper (文书) says, in reading order and ready to be set: texts only, all of them filled in.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace sifa::papers {

struct Block {
  enum class Kind {
    kCentred,    // under the title: the number (文号)
    kAddressee,  // flush left
    kParagraph,
    kRow,        // of a table: name, value, name, value; rows that follow one another are one table
    kSignature,  // a person signs here, and writes the day
    kSeal,       // the organ, its day, and the place of the seal between (印章处)
  };
  Kind kind = Kind::kParagraph;
  std::vector<std::string> texts;
};

struct Sheet {
  std::string title;
  std::vector<Block> blocks;
  std::string footer;  // on each page, before its number
  absl::Time made_at;  // what the file says of its making
};

// All that stands on it, in one text: of two sheets with the same text the papers are the same.
std::string TextOf(const Sheet& sheet);

}  // namespace sifa::papers
