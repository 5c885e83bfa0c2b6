// Texts as people type them, brought to the one form in which they are kept, asked for and compared. Which characters are
// spaces, dashes, brackets or invisible is told by their Unicode properties (ICU), never by lists. All functions take UTF-8, are
// idempotent, pure and thread-safe.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace sifa {

// ---- Free text

// Prose: every kind of line break becomes a line feed (UAX #14: CR LF, CR, NEL, LS, PS, VT, FF), and what cannot be seen and does
// not shape its neighbours is dropped, byte order marks among it.
std::string NormalProse(absl::string_view text);
// One line: canonical composition (NFC), no white space around it, nothing invisible.
std::string NormalLine(absl::string_view text);
// A name of a person or body, a line besides: one space between words; the separator of name parts is U+00B7, as public
// security registers it, whichever of its lookalikes (Unicode confusables) was typed. Characters that choose a variant of a Han
// character, or join the letters of Mongolian and Arabic script, are part of the name and stay.
std::string NormalName(absl::string_view text);

// ---- What people copy from papers

// A code as a table or form prints it: characters of full width become those of ASCII (NFKC); no white space around it.
std::string NormalToken(absl::string_view text);
// A certificate's or credit code's number: a token in capitals without spaces and hyphens.
std::string NormalCode(absl::string_view text);
// A number of a case or document (案号、文号): brackets of all shapes become （）, digits and dashes those of ASCII, no spaces, and
// its serial number has no leading zeros: "(2018) 南人调字第08号" → "（2018）南人调字第8号". The digits of a court's code
// (浙0783) are no serial number.
std::string NormalNumber(absl::string_view text);

// ---- Comparison

// The letters and digits of a name alone, of one width and case (NFKC_Casefold): names that differ in their separators, spaces,
// brackets or variants of characters are one name. Empty where the name has none.
std::string FoldName(absl::string_view name);

// ---- Characters

bool IsWhiteSpace(char32_t c);
// A control character, or one that turns the direction of writing, with which a text reads otherwise than it is.
bool IsControl(char32_t c);
bool IsLineBreak(char32_t c);
// Nothing of it can be seen (Default_Ignorable_Code_Point).
bool IsInvisible(char32_t c);

// The first character of a UTF-8 text, taken away from it; U+FFFD where the bytes are none. 0 at the end.
char32_t NextCharacter(absl::string_view* text);

}  // namespace sifa
