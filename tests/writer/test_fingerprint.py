"""Errors are one when name, message shape and the app's newest calls agree; docs/errors.md has the rule."""

from typing import Any

import pytest
from tests.writer.pipeline import Pipeline, event
from tests.writer.test_stack import JVM, PYTHON, V8

from pulseboard.writer.columns import MAX_TEXT, Row, row_of
from pulseboard.writer.fingerprint import message_shape


def stored(name: str = "checkout", type: str = "ERROR", **properties: Any) -> Row:  # noqa: ANN401
    return row_of("p", 0, event(name=name, type=type, properties=properties))


@pytest.mark.parametrize(
    ("message", "shape"),
    [
        ("User 12 has no 'cart'", "User <number> has no <text>"),
        ('Unknown column "a b" in `orders`', "Unknown column <text> in <text>"),
        ("timeout after 3.5s on 10.0.0.1:8080", "timeout after <number>s on <number>"),
        ("no /var/lib/shop/12.db or C:\\shop\\a.ini", "no <path> or <path>"),
        ("order 3F2a1b9c-1111-2222-3333-444455556666 is gone", "order <uuid> is gone"),
        ("commit deadbeef01 at 0xFF", "commit <hex> at <hex>"),
        ("GET https://shop.example/a?b=1#c for bob@shop.example", "GET <url> for <email>"),
        ("E42 in http2, utf8 and v3", "E42 in http2, utf8 and v3"),
        ("  two\n lines\tand  spaces ", "two lines and spaces"),
        ("and/or, 1/2", "and/or, <number>/<number>"),
        ("", ""),
    ],
)
def test_what_differs_from_case_to_case_is_folded(message: str, shape: str) -> None:
    assert message_shape(message) == shape


def test_the_same_fault_is_one_group() -> None:
    one = stored(message="cart 12 is empty", stack=V8)
    other = stored(message="cart 98765 is empty", stack=V8.replace(":10:15", ":99:1").replace(":11:2", ":12:8"))
    built = stored(message="cart 1 is empty", stack=V8.replace("app.js", "app.js?v=3"))
    assert one.fingerprint == other.fingerprint == built.fingerprint
    assert len(one.fingerprint) == 16
    chunk = [stored(stack=V8.replace("app.js", f"app.{word}.js")).fingerprint for word in ("3f2a1b9c", "00ff12ab")]
    assert chunk[0] == chunk[1]


def test_other_names_messages_types_and_calls_are_other_groups() -> None:
    rows = [
        stored(message="cart is empty", stack=V8),
        stored("payment", message="cart is empty", stack=V8),
        stored(message="cart is full", stack=V8),
        stored(message="cart is empty", stack=V8.replace("Cart.total", "Cart.sum")),
        stored(message="cart is empty", stack=V8.replace("TypeError", "RangeError")),
        stored(message="cart is empty", stack=PYTHON),
        stored(message="cart is empty", stack=JVM),
        stored(message="cart is empty"),
        stored(),
    ]
    assert len({row.fingerprint for row in rows}) == len(rows)


def test_calls_of_libraries_do_not_tell_errors_apart() -> None:
    deeper = V8.replace("    at process", "    at x (node_modules/a/b.js:1:1)\n    at process")
    assert stored(stack=V8).fingerprint == stored(stack=deeper).fingerprint


def test_failed_requests_are_told_apart_by_route_and_status() -> None:
    def request(endpoint: str, status: int) -> str:
        return stored("REQUEST", "REQUEST", method="GET", endpoint=endpoint, statusCode=status).fingerprint

    assert request("/orders/12", 500) == request("/orders/13", 500)
    assert len({request("/orders/12", 500), request("/orders/12", 503), request("/users/12", 500)}) == 3
    assert request("/orders/12", 404) == ""


def test_a_given_fingerprint_is_kept_unless_a_path_cannot_hold_it() -> None:
    assert stored(fingerprint="payment: card refused").fingerprint == "payment: card refused"
    odd = ["a/b", "..", "a?b", "x" * 201, " a", "a\nb"]
    found = [stored(fingerprint=text).fingerprint for text in odd]
    assert all(len(each) == 16 and each.isalnum() for each in found)
    assert len(set(found)) == len(odd)


def test_what_is_no_error_gets_none() -> None:
    assert stored(type="LOG", message="cart 12", stack=V8).fingerprint == ""


def test_an_error_without_a_message_has_its_exceptions() -> None:
    assert stored(stack=PYTHON).message == "cart 12"
    assert stored(message="own", stack=PYTHON).message == "own"
    assert len(stored(exception={"type": "E", "value": "x" * 1_000_000}).message) <= MAX_TEXT


def test_what_is_masked_is_masked_before_errors_are_grouped(pipeline: Pipeline) -> None:
    token = "sk_live_" + "a1B2" * 8
    pipeline.send(event(name="checkout", type="ERROR", properties={"message": f"bad token {token}", "stack": V8}))
    pipeline.writer.drain()
    (row,) = pipeline.rows("fingerprint, message")
    assert (len(row["fingerprint"]), token in row["message"]) == (16, False)
