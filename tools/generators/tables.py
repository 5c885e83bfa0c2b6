"""Writes libs/ingest/testdata/openpyxl.xlsx and, where LibreOffice is there, what it makes of that file: libreoffice.xlsx.

    apt-get install python3-openpyxl libreoffice-calc
    /usr/bin/python3 tools/generators/tables.py libs/ingest/testdata

A list of penalties as an agency may send it: a title over merged cells, a note in a hidden sheet, one party over two rows, days as days and as texts,
a formula, a total and a note below. tables.mjs writes the same with exceljs."""

import datetime
import pathlib
import subprocess
import sys

import openpyxl

HEADER = ("序号", "行政处罚决定书文号", "处罚机关代码", "行政相对人名称", "行政相对人类别", "违法行为类型", "违法事实", "处罚依据", "处罚类别", "处罚内容", "罚款金额（万元）",
          "处罚决定日期", "公示截止期")
ORGAN = "11330783002607321C"
ROWS = (
    (1, "东综执罚〔2024〕1号", ORGAN, "东阳市甲食品店", "个体工商户", "食品", "经营超过保质期的食品", "《食品安全法》第一百二十四条", "罚款", "罚款5000元", 0.5,
     datetime.date(2024, 3, 5), "2025/3/5"),
    (2, "东综执罚〔2024〕2号", ORGAN, None, "个体工商户", "食品", "未建立进货查验制度", "《食品安全法》第一百二十六条", "警告;罚款", "警告，罚款1234.56元", 0.123456,
     datetime.date(2024, 3, 6), datetime.datetime(2025, 3, 6, 10, 30)),
    (3, "东综执罚〔2024〕3号", ORGAN, "张三", "自然人", "市容", "乱倒垃圾", "《城市市容和环境卫生管理条例》", "罚款", "罚款200元", "=200/10000", "2024年3月7日", "2025-03-07"),
)


def write(path):
    book = openpyxl.Workbook()
    hidden = book.active
    hidden.title = "填报说明"
    hidden.append(HEADER)
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("行政处罚")
    sheet.append(["东阳市行政处罚汇总表"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADER))
    sheet.append(HEADER)
    for row in ROWS:
        sheet.append(row)
    sheet.merge_cells("D3:D4")
    sheet.append(["合计", *[None] * 9, 0.643456])
    sheet.append(["注：金额以决定书为准"])
    book.active = 1
    book.save(path)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    write(folder / "openpyxl.xlsx")
    made = folder / "made"
    subprocess.run(["soffice", "--headless", "--convert-to", "xlsx", "--outdir", made, folder / "openpyxl.xlsx"], check=True)
    (made / "openpyxl.xlsx").rename(folder / "libreoffice.xlsx")
    made.rmdir()
