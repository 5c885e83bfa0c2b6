// Sets papers and prints them as PDF: A4, with the margins of GB/T 9704. The same sheet is the same file, byte for byte, on every
// day and machine that has the same fonts and libraries: fonts come from their files, whatever else the machine has, and the file
// says of its making what the sheet says.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/papers/sheet.h"

namespace sifa::papers {

// The fonts of papers, each for what those before it lack. BabelStone Han has the forms that the mainland writes, and most
// of what names need; the two of HanaMin have every character up to extension F of Unicode.
std::vector<std::string> UsualFonts();

// Thread-safe; several threads print at a time.
class Press {
 public:
  // Reads nothing yet but whether the files are there: FAILED_PRECONDITION "PAPER_FONT_MISSING" names the one that is not.
  static absl::StatusOr<std::unique_ptr<Press>> Open(std::vector<std::string> fonts = UsualFonts());
  ~Press();

  struct Printed {
    std::string pdf;
    int pages = 0;
    int unknown_characters = 0;  // for which no font has a form
  };
  absl::StatusOr<Printed> Print(const Sheet& sheet);

 private:
  class Case;  // what one thread sets with
  explicit Press(std::vector<std::string> fonts);
  absl::StatusOr<std::unique_ptr<Case>> Take();

  const std::vector<std::string> fonts_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Case>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sifa::papers
