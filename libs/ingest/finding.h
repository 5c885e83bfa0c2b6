// What reading finds (发现) in a file of rows: each with its place, the cell as sent, the value as read, the rule, and a sentence
// for the clerk who sent it. Findings are data of a batch, not errors of a call.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace sifa::ingest {

enum class Severity {
  kRefused,  // the row, or the file, is not taken
  kWarned,   // taken; the value is unknown where the rule says so, its text is kept
};

// A rule that reading holds: its stable reason, what it costs, the standard behind it ("" for a rule of Sifa's own), and what a
// clerk is told. A warned rule about a field of the key refuses the row where `key_refuses` says so.
struct Rule {
  absl::string_view reason;
  Severity severity;
  absl::string_view basis;
  absl::string_view sentence;
  bool key_refuses = false;
};

struct Finding {
  const Rule* rule = nullptr;
  Severity severity = Severity::kWarned;
  uint64_t row = 0;   // as the sheet numbers it, from 1; 0: the whole file
  int column = 0;     // from 1; 0: the whole row
  std::string field;  // of the column map; "" where none
  std::string cell;   // as sent
  std::string value;  // as read; "" where it could not be
  std::string sentence;

  bool refuses() const { return severity == Severity::kRefused; }
};

// ---- Of a file, which is then read no further

inline constexpr Rule kFormatUnsupported{"FORMAT_UNSUPPORTED", Severity::kRefused, "", "不支持这种文件，请另存为.xlsx或者.csv"};
inline constexpr Rule kFileBroken{"FILE_BROKEN", Severity::kRefused, "", "文件已损坏，请重新导出"};
inline constexpr Rule kFileTooLarge{"FILE_TOO_LARGE", Severity::kRefused, "", "文件超过200MB，请分成几个文件"};
inline constexpr Rule kEncodingUnknown{"ENCODING_UNKNOWN", Severity::kRefused, "GB 18030-2022",
                                       "无法识别文件的字符编码，请另存为UTF-8或者GB 18030编码"};
inline constexpr Rule kTooLargeInflated{"TOO_LARGE_INFLATED", Severity::kRefused, "",
                                        "文件解压以后过大，请删去多余的内容或者分成几个文件"};
inline constexpr Rule kTooManyColumns{"TOO_MANY_COLUMNS", Severity::kRefused, "", "列数超过256列，请删去多余的列"};
inline constexpr Rule kHeaderNotFound{"HEADER_NOT_FOUND", Severity::kRefused, "",
                                      "没有找到表头，请检查列名是否与所选的数据标准一致"};
inline constexpr Rule kHeaderAmbiguous{"HEADER_AMBIGUOUS", Severity::kRefused, "", "表头符合不止一种数据标准，请指明所用的标准"};
inline constexpr Rule kDuplicateHeader{"DUPLICATE_HEADER", Severity::kRefused, "", "有两列的列名相同，请删去其中一列"};

// ---- Of a row: refused

inline constexpr Rule kKeyMissing{"KEY_MISSING", Severity::kRefused, "", "缺少识别案件所必需的内容"};
inline constexpr Rule kOrganForeign{"ORGAN_FOREIGN", Severity::kRefused, "", "该机关不在报送单位的范围之内"};
inline constexpr Rule kEncodingMixed{"ENCODING_MIXED", Severity::kRefused, "GB 18030-2022", "该行的字符编码与表头不同"};

// ---- Of a row: warned, the field is unknown and its text kept

inline constexpr Rule kFieldRequired{"FIELD_REQUIRED", Severity::kWarned, "", "应当填写"};
inline constexpr Rule kCodeUnknown{"CODE_UNKNOWN", Severity::kWarned, "", "不在可选的范围之内"};
inline constexpr Rule kDateInvalid{"DATE_INVALID", Severity::kWarned, "", "不是有效的日期，可写作2024/03/05", true};
inline constexpr Rule kAmountInvalid{"AMOUNT_INVALID", Severity::kWarned, "", "不是有效的金额"};
inline constexpr Rule kAmountNegative{"AMOUNT_NEGATIVE", Severity::kWarned, "", "金额不能为负数"};
inline constexpr Rule kNumberPrecisionLost{"NUMBER_PRECISION_LOST", Severity::kWarned, "",
                                           "超过15位的号码按数字保存，末几位已经丢失，请把该列设为文本格式后重新填写", true};
inline constexpr Rule kFormulaWithoutValue{"FORMULA_WITHOUT_VALUE", Severity::kWarned, "", "公式没有保存计算结果，请粘贴为数值",
                                           true};
inline constexpr Rule kCellError{"CELL_ERROR", Severity::kWarned, "", "单元格是错误值", true};
inline constexpr Rule kCellTooLong{"CELL_TOO_LONG", Severity::kWarned, "", "单元格超过32767个字符，没有全部读取", true};

// ---- Of a row: warned, the value stands as read

inline constexpr Rule kFieldTooLong{"FIELD_TOO_LONG", Severity::kWarned, "", "超过标准规定的长度"};
inline constexpr Rule kDateInFuture{"DATE_IN_FUTURE", Severity::kWarned, "", "日期在报送之日以后"};
inline constexpr Rule kDateUnformatted{"DATE_UNFORMATTED", Severity::kWarned, "", "日期单元格没有设为日期格式"};
inline constexpr Rule kDatesOutOfOrder{"DATES_OUT_OF_ORDER", Severity::kWarned, "", "日期先后颠倒"};
inline constexpr Rule kCreditCodeChecksum{"CREDIT_CODE_CHECKSUM", Severity::kWarned, "GB 32100-2015",
                                          "统一社会信用代码的校验位不符"};
inline constexpr Rule kCitizenIdChecksum{"CITIZEN_ID_CHECKSUM", Severity::kWarned, "GB 11643-1999", "公民身份号码的校验位不符"};
inline constexpr Rule kUnitSuspect{"UNIT_SUSPECT", Severity::kWarned, "",
                                   "金额是处罚内容中所写金额的一百倍以上，请检查单位是元还是万元"};
inline constexpr Rule kFormula{"FORMULA", Severity::kWarned, "", "单元格是公式，按其保存的计算结果读取"};
inline constexpr Rule kNameSuspect{"NAME_SUSPECT", Severity::kWarned, "", "不像名称"};
inline constexpr Rule kValueCleaned{"VALUE_CLEANED", Severity::kWarned, "", "读取时作了整理"};

// The finding of a rule about a whole file; `detail` follows the rule's sentence in brackets.
Finding OfFile(const Rule& rule, absl::string_view detail = "");

}  // namespace sifa::ingest
