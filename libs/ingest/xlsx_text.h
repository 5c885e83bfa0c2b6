// Texts as a workbook writes them.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace sifa::ingest {

// The text of an element of rich text (si, is): that of all its runs, without the phonetic one (rPh). Fed by a reader of XML;
// bounded.
class RichText {
 public:
  void Clear();
  void Start(absl::string_view name);
  void Text(absl::string_view text);
  void End(absl::string_view name);
  // Brings the text to its form once it is whole. False where it was longer than a cell may be, and is cut.
  bool Finish();

  const std::string& text() const { return text_; }
  std::string& text() { return text_; }

 private:
  std::string text_;
  bool in_text_ = false;
  int phonetic_ = 0;  // depth
  bool cut_ = false;
};

// Appends to a text of a cell; false where it is full.
bool AppendBounded(absl::string_view more, std::string* text);
// _x000D_ and the like, with which a workbook writes what XML cannot.
void Unescape(std::string* text);

// How many columns stand before the one with these letters, and the row behind them, from 1: "B5" → 1, 5. False where it is no
// place.
bool ReadPlace(absl::string_view place, uint64_t* column, uint64_t* row);

// Whether a format shows a number as a day.
bool IsDayFormat(absl::string_view format);
bool IsBuiltInDayFormat(int number);

}  // namespace sifa::ingest
