"""Stack traces as runtimes print them and as reporters send them come out as frames, newest call first."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseboard.writer.stack import KEYS, MOST_FRAMES, StackFrame, Thrown, thrown

PYTHON = """Traceback (most recent call last):
  File "/app/db.py", line 3, in get
    return rows[0]
IndexError: list index out of range

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/usr/lib/python3.11/runpy.py", line 10, in run
    main()
  File "/app/shop/cart.py", line 12, in total
    raise ValueError(f"cart {number}")
ValueError: cart 12"""
V8 = """TypeError: Cannot read properties of undefined (reading 'id')
    at Cart.total (https://shop.example/app.js:10:15)
    at https://shop.example/app.js:11:2
    at new Cart (webpack-internal:///./src/cart.ts:3:4)
    at process.processTicks (node:internal/process/task_queues:95:5)"""
GECKO = """total@https://shop.example/app.js:10:15
@https://shop.example/app.js:1:2"""
JVM = """Exception in thread "main" java.lang.IllegalStateException: Order 12 failed
\tat com.shop.Cart.total(Cart.java:12)
\tat java.base/java.lang.Thread.run(Thread.java:829)
Caused by: java.sql.SQLException: gone
\tat com.shop.Db.query(Db.java:1)"""
NET = """System.InvalidOperationException: gone
   at Shop.Cart.Total(Int32 n) in C:\\app\\Cart.cs:line 12
   at System.Linq.Enumerable.First[T](IEnumerable`1 source)"""
RUBY = """app/cart.rb:12:in `total': gone (RuntimeError)
\tfrom app/main.rb:3:in `run'"""
PHP = """PHP Fatal error:  Uncaught LogicException: gone
#0 /app/cart.php(12): Cart->total()
#1 {main}"""
GO = """panic: runtime error: index out of range

goroutine 1 [running]:
main.total(...)
\t/app/cart.go:12 +0x1d
runtime.main()
\t/usr/local/go/src/runtime/proc.go:3 +0x20"""


def frames(*calls: tuple[Any, ...]) -> tuple[StackFrame, ...]:
    return tuple(StackFrame(*call) for call in calls)


TEXTS = {
    "Python": (
        PYTHON,
        Thrown(
            "ValueError",
            "cart 12",
            frames(("total", "/app/shop/cart.py", 12), ("run", "/usr/lib/python3.11/runpy.py", 10, 0, False)),
        ),
    ),
    "V8": (
        V8,
        Thrown(
            "TypeError",
            "Cannot read properties of undefined (reading 'id')",
            frames(
                ("Cart.total", "https://shop.example/app.js", 10, 15),
                ("", "https://shop.example/app.js", 11, 2),
                ("Cart", "webpack-internal:///./src/cart.ts", 3, 4),
                ("process.processTicks", "node:internal/process/task_queues", 95, 5, False),
            ),
        ),
    ),
    "Gecko": (
        GECKO,
        Thrown(
            "", "", frames(("total", "https://shop.example/app.js", 10, 15), ("", "https://shop.example/app.js", 1, 2))
        ),
    ),
    "JVM": (
        JVM,
        Thrown(
            "java.lang.IllegalStateException",
            "Order 12 failed",
            frames(
                ("com.shop.Cart.total", "Cart.java", 12),
                ("java.base/java.lang.Thread.run", "Thread.java", 829, 0, False),
            ),
        ),
    ),
    ".NET": (
        NET,
        Thrown(
            "System.InvalidOperationException",
            "gone",
            frames(("Shop.Cart.Total", "C:\\app\\Cart.cs", 12), ("System.Linq.Enumerable.First[T]", "", 0, 0, False)),
        ),
    ),
    "Ruby": (RUBY, Thrown("", "", frames(("total", "app/cart.rb", 12), ("run", "app/main.rb", 3)))),
    "PHP": (PHP, Thrown("LogicException", "gone", frames(("Cart->total", "/app/cart.php", 12)))),
    "Go": (
        GO,
        Thrown(
            "panic",
            "runtime error: index out of range",
            frames(
                ("main.total", "/app/cart.go", 12), ("runtime.main", "/usr/local/go/src/runtime/proc.go", 3, 0, False)
            ),
        ),
    ),
}
FRAME = {"filename": "cart.py", "function": "total", "lineno": 12, "in_app": True, "context_line": "  raise"}
OUTER = {"abs_path": "/lib/run.py", "function": "run", "lineno": 3, "colno": 7, "in_app": False}
READ = frames(("total", "cart.py", 12, 0, True, "  raise"), ("run", "/lib/run.py", 3, 7, False))
OBJECTS: dict[str, dict[str, Any]] = {
    "Sentry's exception": {
        "exception": {
            "values": [
                {"type": "KeyError", "value": "a"},
                {"type": "ValueError", "value": "cart 12", "stacktrace": {"frames": [OUTER, FRAME]}},
            ]
        }
    },
    "one exception": {"exception": {"type": "ValueError", "message": "cart 12", "frames": [OUTER, FRAME]}},
    "its trace apart": {
        "exception": {"type": "ValueError", "value": "cart 12"},
        "stacktrace": [{"file": "cart.py", "method": "total", "line": 12, "code": "  raise"}, OUTER],
    },
}


@pytest.mark.parametrize("runtime", TEXTS)
def test_text_is_read_as_the_runtime_prints_it(runtime: str) -> None:
    text, expected = TEXTS[runtime]
    for key in KEYS:
        assert thrown({key: text}) == expected
    assert thrown({"stack": text.split("\n")}) == expected
    assert thrown({"exception": {"stack": text}}).frames == expected.frames


@pytest.mark.parametrize("shape", OBJECTS)
def test_frames_are_read_as_reporters_send_them(shape: str) -> None:
    assert thrown(OBJECTS[shape]) == Thrown("ValueError", "cart 12", READ)


def test_what_holds_no_trace_has_no_frames() -> None:
    for value in (None, "", "it broke", 5, True, [], {}, [1, None], {"frames": 5}, {"values": []}, {"stack": {"a": 1}}):
        assert thrown({"stack": value}).frames == ()
    assert thrown({}) == Thrown()


def test_there_are_only_so_many_frames() -> None:
    assert len(thrown({"stack": [FRAME] * 1_000}).frames) == MOST_FRAMES
    assert len(thrown({"stack": "\n".join(["    at f (a.js:1:2)"] * 1_000)}).frames) == MOST_FRAMES


json = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.sampled_from([PYTHON, V8])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*KEYS, "values", "frames", "type", "value", "filename", "lineno"]), inner),
    ),
    max_leaves=8,
)


@given(json)
def test_anything_at_all_is_read_without_complaint(value: object) -> None:
    found = thrown({"exception": value})
    assert all(isinstance(frame, StackFrame) and frame.line >= 0 for frame in found.frames)
