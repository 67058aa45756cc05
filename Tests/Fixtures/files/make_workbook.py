"""Writes deals.xlsx and many.xlsx with openpyxl: pip install openpyxl; python make_workbook.py"""
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
