"""What the generators of the examples share: days, and tables in the folder `data` beside them."""
import csv
import datetime
import pathlib
import sys


def day(month, number, year=2026):
    """A day: the month's first plus a number of days."""
    return datetime.date(year, month, 1) + datetime.timedelta(days=number)


def write(name, header, rows):
    """Writes a table as a CSV file."""
    folder = pathlib.Path(sys.argv[0]).parent / "data"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
