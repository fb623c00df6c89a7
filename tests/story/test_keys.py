"""A key's bounds hold at every door, also on the short way, and from one request to the next."""

import httpx
import pytest
from tests.story.conftest import Person

DOORS: list[tuple[str, object]] = [
    ("/ingest/event", {"name": "a"}),
    ("/ingest/batch", {"events": [{"name": "a"}]}),
    ("/events", {"type": "A"}),
    ("/api/events/", {"event": "a"}),
]


@pytest.mark.parametrize(("path", "body"), DOORS)
def test_a_key_sends_only_from_its_addresses(http: httpx.Client, charlie: Person, path: str, body: object) -> None:
    keys = f"/projects/{charlie.project_id}/api-keys"
    made = http.post(keys, json={"label": "x"}, headers=charlie.bearer).json()

    def bound_to(*addresses: str) -> int:
        bounds = {"allowedAddresses": list(addresses)}
        assert http.patch(f"{keys}/{made['id']}", json=bounds, headers=charlie.bearer).status_code == 200
        answer = http.post(path, json=body, headers={"x-api-key": made["key"]})
        assert answer.status_code == 202 or answer.json()["type"] == "address"
        return answer.status_code

    assert [bound_to(), bound_to("203.0.113.0/24"), bound_to("127.0.0.1"), bound_to()] == [202, 403, 202, 202]
    http.patch(f"{keys}/{made['id']}", json={"status": "revoked"}, headers=charlie.bearer)
    assert http.post(path, json=body, headers={"x-api-key": made["key"]}).status_code == 401
