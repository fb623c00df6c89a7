"""What the first or the last of some rows tells, fast.

Time and text are one text, most significant byte first, because the engine compares and sorts texts many times faster
than it does pairs. Rows of one instant come in the order of letters.
"""

AT = "toUnixTimestamp64Milli(timestamp)"
TEXT = 9  # where a placed text begins, behind the eight bytes of its time
PAGE = "host, path"  # the texts that make a page as people write it: without scheme and query


def placed(texts: str) -> str:
    """The row's ``texts``, one or several behind commas, behind its time. To copy them once is cheaper than twice."""
    return f"concat(reinterpretAsFixedString(byteSwap(toUInt64({AT}))), {texts})"


def text(of: str) -> str:
    """What a placed text tells; nothing where there is none."""
    return f"substring({of}, {TEXT})"


def first(texts: str, condition: str = "") -> str:
    """The placed text of the first row, or of the first that passes the condition; empty without one."""
    return _picked("min", texts, condition)


def last(texts: str, condition: str = "") -> str:
    """The placed text of the last row, or of the last that passes the condition; empty without one."""
    return _picked("max", texts, condition)


def _picked(pick: str, texts: str, condition: str) -> str:
    return f"{pick}If({placed(texts)}, {condition})" if condition else f"{pick}({placed(texts)})"
