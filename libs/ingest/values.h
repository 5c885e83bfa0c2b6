// What texts of cells say: days, money, numbers. Exact: no binary fraction comes near an amount. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace sifa::ingest {

// ---- Days

// A day as text in one of six forms: 2024/3/5, 2024-3-5, 2024.3.5, 2024年3月5日, 20240305, 二〇二四年三月五日; a time of day
// behind it is dropped. Nothing where it is none, or no day from 1900 to 9999.
std::optional<absl::CivilDay> ReadDay(absl::string_view text);

// Excel's serial number of a day. Its 1900 has a 29 February, which is no day; from 1904 on, where the workbook says so, it
// counts from 0.
std::optional<absl::CivilDay> DayOfSerial(int64_t serial, bool from_1904);

// A whole number that could be a day of 2000 to 2100 as a serial.
std::optional<absl::CivilDay> DayOfBareSerial(absl::string_view number, bool from_1904);

// ---- Numbers

// A number as a workbook stores it, with an exponent or the noise of a binary fraction, as Excel shows it: a plain decimal of 15
// significant digits. `digits_lost` where it is a whole number of more. Nothing where it is no number, or beyond 10^30.
std::optional<std::string> PlainDecimal(absl::string_view number, bool* digits_lost);

// 3.30726E+17, as a spreadsheet writes long numbers into CSV: the digits behind are gone.
bool IsShortened(absl::string_view text);

// ---- Money

enum class AmountVerdict {
  kRead,
  kReadInItsUnit,  // the cell names another unit than its column, which counts
  kNegative,
  kInvalid,  // no amount, one with parts of a fen, or over 10^15 yuan
};

// An amount in 元 or 万元 (`unit`), with thousands, a sign of currency or a unit of its own: 1.5, 1,500.00, ¥1500, 1.5万元,
// 壹万伍仟元整.
AmountVerdict ReadAmount(absl::string_view text, absl::string_view unit, int64_t* fen);

// The largest amount with its unit that stands in a text, in digits or in Chinese numerals (大写).
std::optional<int64_t> LargestAmountIn(absl::string_view text);

}  // namespace sifa::ingest
