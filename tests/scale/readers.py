"""Rows of an agency's list read in a second of one core, from CSV and XLSX: cells alone and as records with all that is found in them. Peak memory."""

import csv
import pathlib
import subprocess
import tempfile
import time

import openpyxl

from proofs import Measure
from state import ROOT, binary

_MAPS = ROOT / "data/enforcement/maps"
_MOST_MEMORY = 64  # MiB
_HEADER = ("行政处罚决定书文号", "行政相对人名称", "行政相对人类别", "行政相对人代码_1(统一社会信用代码)", "法定代表人", "违法行为类型", "违法事实", "处罚依据", "处罚类别",
           "处罚内容", "罚款金额(万元)", "处罚决定日期", "处罚有效期", "公示截止期", "处罚机关", "处罚机关统一社会信用代码", "数据来源单位",
           "数据来源单位统一社会信用代码")


def _rows(count):
    for i in range(count):
        yield (f"东综执罚〔2024〕第{i + 1:05}号", f"东阳市第{i}号食品经营部", "个体工商户", "91350100M000100Y43", f"王{i % 977}", "经营超过保质期的食品",
               f"2024年{i % 12 + 1}月，执法人员在检查中发现当事人货架上摆放的第{i}批糕点已经超过保质期，当事人对此供认不讳，有现场笔录、询问笔录和照片为证，符合立案条件。",
               "《中华人民共和国食品安全法》第一百二十四条第一款第五项", "警告;罚款", f"警告，罚款人民币{i % 90 + 10}00元", f"0.{i % 90 + 10}", f"2024/{i % 12 + 1}/{i % 28 + 1}",
               "2099/12/31", f"2025/{i % 12 + 1}/{i % 28 + 1}", "东阳市综合行政执法局", "11330783002607321C", "东阳市综合行政执法局", "11330783002607321C")


def _write_csv(path, count, encoding):
    with open(path, "w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        writer.writerows(_rows(count))


def _write_xlsx(path, count):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("行政处罚")
    sheet.append(_HEADER)
    for row in _rows(count):
        sheet.append([*row[:10], float(row[10]), *row[11:]])
    book.save(path)


def _read(path, count):
    """(rows/s of cells, rows/s as records, MiB)"""
    answer = subprocess.run([binary("sifa-read-table"), _MAPS, path], capture_output=True, text=True, check=True, timeout=300).stdout.split()
    if int(answer[0]) != count or int(answer[4]) != 0:
        raise AssertionError(f"{path.name}: {answer[0]} rows of {count}, {answer[4]} findings")
    return count / float(answer[1]), count / float(answer[2]), int(answer[3]) / 1024


def _python(read, count):
    start = time.process_time()
    if sum(1 for _ in read()) != count + 1:
        raise AssertionError("Python read another number of rows")
    return count / (time.process_time() - start)


def _csv_by_python(path, encoding):
    with open(path, encoding=encoding, newline="") as file:
        yield from csv.reader(file)


def bench(suite):
    count = 2_000 if suite.short else 50_000
    with tempfile.TemporaryDirectory() as folder:
        files = {name: pathlib.Path(folder) / name for name in ("utf8.csv", "gb18030.csv", "list.xlsx")}
        _write_csv(files["utf8.csv"], count, "utf-8")
        _write_csv(files["gb18030.csv"], count, "gb18030")
        _write_xlsx(files["list.xlsx"], count)
        measured = {name: _read(path, count) for name, path in files.items()}
        csv_by_python = _python(lambda: _csv_by_python(files["utf8.csv"], "utf-8"), count)
        xlsx_by_python = _python(lambda: openpyxl.load_workbook(files["list.xlsx"], read_only=True).active.rows, count)
    utf8, national, xlsx = measured.values()
    memory = max(one[2] for one in measured.values())
    return [
        Measure("cells of CSV", utf8[0], "rows/s", csv_by_python, "Python's csv, which is C", goal=1.0, note=f"GB 18030: {national[0]:,.0f}"),
        Measure("cells of XLSX", xlsx[0], "rows/s", xlsx_by_python, "openpyxl, read-only", goal=1.0),
        Measure("records of CSV", utf8[1], "rows/s", note=f"GB 18030: {national[1]:,.0f}"),
        Measure("records of XLSX", xlsx[1], "rows/s", utf8[1], "of CSV", goal=0.7,
                note="of the cells' time expat takes over half, inflating a sixth"),
        Measure("peak memory", memory, "MiB", _MOST_MEMORY, "MiB allowed", goal=1.0, lower_is_better=True),
    ]
