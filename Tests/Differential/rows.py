"""Comparing rows of two engines, with the documented differences normalised away."""
import collections
import datetime
import decimal
import json
import math
import uuid

NUMBERS = (int, float, decimal.Decimal)


def normal(value):
    """One spelling per value, whatever the engine prints."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value
    if isinstance(value, (float, decimal.Decimal)):
        return number(value)
    if isinstance(value, datetime.datetime):
        moment = value.astimezone(datetime.timezone.utc) if value.tzinfo else value
        fraction = f".{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
        return f"{moment.year:04}-" + moment.strftime("%m-%d %H:%M:%S") + fraction + ("+00" if value.tzinfo else "")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return f"{value:%H:%M:%S}" + (f".{value.microsecond:06}".rstrip("0") if value.microsecond else "")
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime.timedelta):
        return interval(value)
    if isinstance(value, (bytes, bytearray)):
        return "".join(chr(byte) if 32 <= byte < 127 and byte != 92 else f"\\x{byte:02X}" for byte in value)
    if isinstance(value, (list, tuple)):
        return [normal(item) for item in value]
    if isinstance(value, dict) and all(str(name).startswith("v") for name in value):
        return [normal(item) for item in value.values()]  # row(...), whose members have no names there
    if isinstance(value, dict):
        return [[str(name), normal(item)] for name, item in value.items()]
    return str(value)


def number(value):
    """Whole numbers as int, others as they are; what has no value is NULL here, never nan."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return str(value)
    return int(value) if value == int(value) else value


def interval(value):
    return value.total_seconds()


def rounding(value):
    """Our DECIMAL averages and quotients keep six digits where DuckDB answers with a DOUBLE."""
    return 5.1e-7 if isinstance(value, decimal.Decimal) and value.as_tuple().exponent == -6 else 0.0


def same(left, right):
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right or (isinstance(left, int) and isinstance(right, int) and left == right)
    if isinstance(left, NUMBERS) and isinstance(right, NUMBERS):
        if isinstance(left, int) and isinstance(right, int) and max(abs(left), abs(right)) < 2**53:
            return left == right
        return abs(float(left) - float(right)) <= rounding(left) + 1e-9 * max(abs(float(left)), abs(float(right)), 1.0)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


def key(row):
    """A sort key that puts rows alike up to rounding at the same place."""
    return json.dumps([shown(value) for value in row], default=str)


def shown(value):
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, NUMBERS):
        return f"{float(value) if abs(value) > 1e-9 else 0.0:.5g}" if abs(value) < 1e300 else str(value)
    return [shown(item) for item in value] if isinstance(value, list) else value


def differs(ours, theirs, is_ordered):
    ours = [[normal(value) for value in row] for row in ours]
    theirs = [[normal(value) for value in row] for row in theirs]
    if len(ours) != len(theirs):
        return True
    if is_ordered:
        return not all(map(alike, ours, theirs))
    ours.sort(key=key)
    theirs.sort(key=key)
    return not (all(map(alike, ours, theirs)) or paired(ours, theirs))


def alike(left, right):
    return len(left) == len(right) and all(map(same, left, right))


def paired(ours, theirs):
    """Whether every row has a partner of its own; rows of one key come in any order."""
    waiting = collections.defaultdict(list)
    for row in theirs:
        waiting[key(row)].append(row)
    for row in ours:
        candidates = waiting[key(row)]
        found = next((index for index, other in enumerate(candidates) if alike(row, other)), None)
        if found is None:
            return False
        candidates.pop(found)
    return True
