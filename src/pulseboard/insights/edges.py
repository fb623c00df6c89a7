"""What the first or the last of some rows tells, fast.

Time and text are one text, most significant byte first, because the engine compares and sorts texts many times faster
than it does pairs. Rows of one instant come in the order of letters.
"""

AT = "toUnixTimestamp64Milli(timestamp)"
TEXT = 9  # where a placed text begins, behind the eight bytes of its time
PAGE = "page"  # of a page view as people write it: host and path, without scheme and query


def placed(told: str) -> str:
    """The row's text behind its time."""
    return f"concat(reinterpretAsFixedString(byteSwap(toUInt64({AT}))), {told})"


def text(of: str) -> str:
    """What a placed text tells; nothing where there is none."""
    return f"substring({of}, {TEXT})"


def first(told: str, condition: str = "") -> str:
    """The placed text of the first row, or of the first that passes the condition; empty without one."""
    return _picked("min", told, condition)


def last(told: str, condition: str = "") -> str:
    """The placed text of the last row, or of the last that passes the condition; empty without one."""
    return _picked("max", told, condition)


def _picked(pick: str, told: str, condition: str) -> str:
    return f"{pick}If({placed(told)}, {condition})" if condition else f"{pick}({placed(told)})"
