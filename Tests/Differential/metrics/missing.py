"""Takes each role and each attribute of a model away and tells which answers change in silence.

Usage: missing.py TUNDISH. A metric whose input is gone has to be refused or stay what it was; an
answer that is another number is printed, for a person to judge: some are right (without HISTORY a
stage is as recorded now, and the footer says so).
"""

import re
import sys

import walk

QUESTIONS = [m for m in walk.METRICS] + [
    "lead_conversion_rate of visitors", "lead_conversion_rate of sessions",
    "pipeline_coverage of quota", "weighted_pipeline(historical)",
    "lead_response_time(share within 24 hours)", "lead_quality per lead",
    "lead_conversion_rate excluding disqualified", "bookings by channel attributed by linear",
    "won by channel attributed by linear", "new_customers over year", "leads over year",
]


def roles():
    """The roles of the model with their tables and attributes."""
    text = walk.MODEL[walk.MODEL.index("(") + 1:walk.MODEL.index(");\n")]
    found = []
    for match in re.finditer(r"([A-Z]+)\s+(\w*)\s*\(((?:[^()]|\([^()]*\))*)\)", text):
        found.append((f"{match[1]} {match[2]}".strip(), [a.strip() for a in match[3].split(",")]))
    return found


def model(left_role=None, left=None):
    parts = [f"{role} ({', '.join(a for a in attributes if (role, a) != left)})"
             for role, attributes in roles() if role != left_role]
    return f"CREATE OR REPLACE MODEL ({', '.join(parts)});\n"


def main(tundish):
    asker = walk.Walk(tundish, 3)
    whole = asker.ask(QUESTIONS, model())
    taken = [(role, None) for role, _ in roles()]
    taken += [(role, (role, a)) for role, attributes in roles() for a in attributes]
    changed = 0
    for role, left in taken:
        found = asker.ask(QUESTIONS, model(left_role=None if left else role, left=left))
        for question, before, now in zip(QUESTIONS, whole, found):
            if isinstance(now, list) and now != before:
                changed += 1
                print(f"without {left[1] if left else role}: {question}\n    {str(now[:2])[:150]} "
                      f"was {str(before)[:150]}")
    print(f"{len(taken) * len(QUESTIONS)} questions, {changed} answers changed")


if __name__ == "__main__":
    main(sys.argv[1])
