"""What the first or the last of some rows tells, fast.

Time and text are one text, most significant byte first, because the engine compares and sorts texts many times faster
than it does pairs. Rows of one instant come in the order of letters.
"""

AT = "toUnixTimestamp64Milli(timestamp)"
TEXT = 9  # where a placed text begins, behind the eight bytes of its time


def placed(value: str) -> str:
    """The row's text ``value`` behind its time."""
    return f"concat(reinterpretAsFixedString(byteSwap(toUInt64({AT}))), {value})"


def first(value: str, condition: str = "") -> str:
    """The text ``value`` of the first row, or of the first that passes the condition."""
    return f"substring({_picked('min', value, condition)}, {TEXT})"


def last(value: str) -> str:
    """The text ``value`` of the last row."""
    return f"substring({_picked('max', value)}, {TEXT})"


def _picked(pick: str, value: str, condition: str = "") -> str:
    return f"{pick}If({placed(value)}, {condition})" if condition else f"{pick}({placed(value)})"
