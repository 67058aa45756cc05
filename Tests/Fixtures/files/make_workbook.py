"""Writes deals.xlsx, many.xlsx and formats.xlsx with openpyxl: pip install openpyxl; python make_workbook.py"""
import datetime

from openpyxl import Workbook

FIXED = datetime.datetime(2026, 1, 1)


def save(book, path):
    book.properties.created = book.properties.modified = FIXED
    book.save(path)


book = Workbook()
sheet = book.active
sheet.title = "Deals"
sheet.append(["Deals of the quarter"])
sheet.append([])
sheet.append(["id", "name", "amount", "closed", "won", "at", "code"])
rows = [
    (1, "Ann, \"A\"", 12.5, datetime.date(2026, 1, 31), True, datetime.datetime(2026, 1, 31, 10, 30), "007"),
    (2, "Bob\nLee", 0.1, datetime.date(2026, 2, 1), False, datetime.datetime(2026, 2, 1, 0, 0, 15), "012"),
    (3, None, 1234567.89, None, True, None, "100"),
]
for row in rows:
    sheet.append(row)
save(book, "deals.xlsx")

book = Workbook()
first = book.active
first.title = "Leads"
first.append(["id", "source"])
first.append([1, "web"])
second = book.create_sheet("Owners")
second.append(["owner", "region"])
second.append(["Ann", "East"])
second.append(["Bob", "West"])
hidden = book.create_sheet("Secret")
hidden.append(["x"])
hidden.sheet_state = "hidden"
book.create_sheet("Blank")
save(book, "many.xlsx")

# Numbers mean what their cells show: money, percentages, postal codes. Formulas that were never
# calculated have no value, and a region that is merged over two rows is the region of both.
book = Workbook()
sheet = book.active
sheet.title = "Formats"
sheet.append(["region", "amount", "price", "chance", "zip", "mixed", "ratio", "total"])
for i, row in enumerate([
    ("EMEA", 1234.5, 99.95, 0.12, 1234, 0.5, 2, "=B2*2"),
    (None, 10, 5, 0.5, 81541, 0.25, "#DIV/0!", "=B3*2"),
    ("AMER", -2.25, 0.1, 1, 99, 3, 4, "=B4*2"),
], start=2):
    sheet.append(row)
    sheet.cell(i, 2).number_format = '"$"#,##0.00'
    sheet.cell(i, 3).number_format = '#,##0.00 [$€-407]'
    sheet.cell(i, 4).number_format = "0%"
    sheet.cell(i, 5).number_format = "00000"
    if i < 4:
        sheet.cell(i, 6).number_format = "0.0%"
sheet.merge_cells("A2:A3")
save(book, "formats.xlsx")
