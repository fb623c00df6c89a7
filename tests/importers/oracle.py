"""An independent, slow count over an access log: no pattern, no shared code, one character run after the other."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import NamedTuple


class Counted(NamedTuple):
    requests: int
    addresses: set[str]
    classes: Counter[int]
    paths: Counter[str]
    hours: Counter[int]  # seconds since 1970 of the hour's begin
    refused: int


def count(path: Path, *, now: datetime) -> Counted:
    """Counts what a person with a pencil would."""
    counted = Counted(0, set(), Counter(), Counter(), Counter(), 0)
    requests = refused = 0
    for line in path.read_bytes().decode("utf-8", "replace").split("\n")[:-1]:
        told = _read(line)
        if told is None or not 0 <= told[1] <= now.timestamp() + 86_400:
            refused += 1
            continue
        address, second, where, status = told
        requests += 1
        counted.addresses.add(address)
        counted.classes[status // 100] += 1
        counted.paths[where] += 1
        counted.hours[second - second % 3600] += 1
    return counted._replace(requests=requests, refused=refused)


def _read(line: str) -> tuple[str, int, str, int] | None:
    before, bracket, rest = line.partition(" [")
    stamp, closing, after = rest.partition('] "')
    if not bracket or not closing:
        return None
    try:
        second = int(datetime.strptime(stamp, "%d/%b/%Y:%H:%M:%S %z").timestamp())
    except ValueError:
        return None
    request, end = "", 0
    while end < len(after) and after[end] != '"':
        step = 2 if after[end] == "\\" else 1
        request += after[end : end + step]
        end += step
    return before.split(" ")[0], second, _path(request), int(after[end + 2 : end + 5])


def _path(request: str) -> str:
    words = request.split(" ")
    if len(words) < 2 or not words[0].isupper() or not words[0].isalpha():
        return ""
    target = " ".join(words[1:-1] if words[-1].startswith("HTTP/") else words[1:])
    if target.startswith("http://"):
        target = "/" + target.removeprefix("http://").partition("/")[2]
    return target.split("?")[0]
