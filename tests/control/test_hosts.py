"""Origins of keys and hosts of sites: which are taken, and which hostile ones are not."""

import string
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.control.cast import App, Person

from pulseboard.errors import Invalid
from pulseboard.projects import host_allowed, origin_allowed
from pulseboard.projects.hosts import clean_host, clean_origins

SHOP = ("https://shop.example.com", "https://*.example.org", "http://localhost:3000")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        (" HTTPS://Shop.Example.com/ ", "https://shop.example.com"),
        ("https://shop.example.com:443", "https://shop.example.com"),
        ("http://shop.example.com:80", "http://shop.example.com"),
        ("http://shop.example.com:443", "http://shop.example.com:443"),
        ("https://*.Example.com", "https://*.example.com"),
        ("https://*.bücher.example:8443", "https://*.xn--bcher-kva.example:8443"),
        ("https://faß.de", "https://xn--fa-hia.de"),
        ("https://shop.example.com.", "https://shop.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://192.168.0.7:8080", "http://192.168.0.7:8080"),
        ("http://[0:0::1]:3000", "http://[::1]:3000"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(given: str, kept: str) -> None:
    assert clean_origins([given, kept]) == (kept,)
    assert "*" in kept or origin_allowed(kept, (kept,))


@pytest.mark.parametrize(
    "bad",
    [
        "null",
        "*",
        "https://*",
        "https://*.com",
        "https://*.*.com",
        "https://*a.com",
        "https://a.*.com",
        "shop.example.com",
        "//shop.example.com",
        "ftp://shop.example.com",
        "https://",
        "https://a.com/path",
        "https://a.com?x",
        "https://a.com#x",
        "https://user@a.com",
        "https://user:pass@a.com",
        "https://a.com:0",
        "https://a.com:99999",
        "https://a.com:x",
        "https://a..com",
        "https://.a.com",
        "https://-a.com",
        "https://a b.com",
        "https://a.com\\b",
        "https://[::1",
        "https://*.[::1]",
        "httpſ://a.com",
        "https://" + "a" * 64 + ".com",
        "https://\u202ea.com",
        "https://a.com b.com",
    ],
)
def test_what_is_no_origin_is_named(bad: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_origins(["https://a.com", bad])
    assert [fault.path for fault in refused.value.errors] == ["allowedOrigins.1"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://shop.example.com",
        "https://shop.example.com:443",
        "HTTPS://SHOP.EXAMPLE.COM",
        "https://a.example.org",
        "https://a.b.c.example.org",
        "https://A.Example.Org:443",
        "http://localhost:3000",
    ],
)
def test_an_origin_on_the_list_is_allowed(origin: str) -> None:
    assert origin_allowed(origin, SHOP)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "https://example.com",
        "http://shop.example.com",
        "https://shop.example.com:8443",
        "https://example.org",
        "https://evil-example.org",
        "https://shop.example.com.evil.com",
        "https://evil.com/shop.example.com",
        "https://shop.example.com@evil.com",
        "https://evil.com#.example.org",
        "https://evil.com?.example.org",
        "https://evil.com\\.example.org",
        "https://.example.org",
        "https://..example.org",
        "https://a..example.org",
        "https://*.example.org",
        "https://-.example.org",
        "https://shop.example.com.",
        "https://a.example.org.",
        "https://shop.example.com/",
        "https://shop.example.com:",
        "https://shop.example.com:0443",
        "https://a.example.org:80",
        " https://shop.example.com",
        "https://shop.example.com\n",
        "https://shop.example.com https://evil.com",
        "http://localhost",
        "https://localhost:3000",
        "https://\uff53hop.example.com",
        "https://\u017fhop.example.com",
        "http\u017f://shop.example.com",
        "https://a%2eexample.org",
        "https://a\0.example.org",
        "https://" + "a." * 200 + "example.org",
        "https://[::1].example.org",
    ],
)
def test_a_hostile_origin_is_not_allowed(origin: str) -> None:
    assert not origin_allowed(origin, SHOP)


def test_without_a_list_every_origin_is_allowed() -> None:
    assert origin_allowed("https://anywhere.example", ()) and origin_allowed("null", ())


LABELS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=6)
HOSTS = st.lists(LABELS, min_size=2, max_size=5).map(".".join).filter(lambda host: clean_host(host) == host)
SCHEMES = st.sampled_from(["http", "https"])
PORTS = st.sampled_from(["", ":443", ":80", ":3000"])
HOSTILE = st.text(st.sampled_from("aA.:/@*#?\\[] -_%\0é" + "com"), max_size=12)


def by_hand(origin: str, allowed: tuple[str, ...]) -> bool:
    """The rule in its plainest form, over the standard library's idea of a url."""
    asked = urlsplit(origin)
    for each in allowed:
        entry = urlsplit(each.replace("*.", "any."))
        usual = {"http": 80, "https": 443}
        same = (entry.scheme, entry.port or usual[entry.scheme]) == (asked.scheme, asked.port or usual[asked.scheme])
        host, wanted = asked.hostname or "", entry.hostname or ""
        named = host.endswith(wanted[3:]) and host != wanted[4:] if "*." in each else host == wanted
        if same and named:
            return True
    return False


@settings(deadline=None)  # a busy machine is no fault
@given(
    SCHEMES,
    HOSTS,
    PORTS,
    st.lists(st.tuples(SCHEMES, st.sampled_from(["", "*."]), HOSTS, PORTS), min_size=1, max_size=3),
)
def test_the_list_means_what_its_plain_reading_says(
    scheme: str, host: str, port: str, entries: list[tuple[str, str, str, str]]
) -> None:
    last = entries[-1][2]
    allowed = clean_origins([f"{s}://{any_}{h}{p}" for s, any_, h, p in entries])
    for asked in (host, last, f"a.{last}", f"{host}.{last}", f"evil{last}", f"{last}.evil.com"):
        origin = f"{scheme}://{asked}{port}"
        assert origin_allowed(origin, allowed) == by_hand(origin, allowed), (origin, allowed)


@settings(deadline=None)  # a busy machine is no fault
@given(HOSTILE, HOSTS, HOSTILE)
def test_nothing_around_a_listed_host_makes_another_one_allowed(before: str, host: str, after: str) -> None:
    origin = f"https://{before}{host}{after}"
    if origin_allowed(origin, (f"https://{host}",)):
        assert origin.lower() in (f"https://{host}", f"https://{host}:443")
    if origin_allowed(origin, (f"https://*.{host}",)):
        assert origin.lower().removesuffix(":443").endswith(f".{host}") and clean_host(urlsplit(origin).hostname or "")


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "www.example.com",
        "a.b.example.com",
        "EXAMPLE.com",
        "example.com.",
        "example.com:8080",
        "www.example.com.:80",
        "site.net",
        "www.site.net",
        "a.www.site.net",
        "xn--bcher-kva.example",
        "bücher.example",
        "www.Bücher.Example",
    ],
)
def test_a_sites_hosts_are_its_domains_and_what_is_below(host: str) -> None:
    assert host_allowed(host, ("example.com", "www.site.net", "xn--bcher-kva.example"))


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "com",
        "evil-example.com",
        "example.com.evil.com",
        "example.org",
        ".example.com",
        "a..example.com",
        "shop.site.net",
        "example.com@evil.com",
        "evil.com/example.com",
        "evil.com#.example.com",
        "example.com:80:80",
        "example.com:x",
        "*.example.com",
        "example.com..",
        "example com",
        "exa\0mple.com",
        "a." * 200 + "example.com",
        "é" * 100_000,
        "example.com:",
        "[::1]:80",
    ],
)
def test_other_hosts_are_not_a_sites(host: str) -> None:
    assert not host_allowed(host, ("example.com", "www.site.net"))


@settings(deadline=None)  # a busy machine is no fault
@given(HOSTILE, HOSTS, HOSTILE)
def test_nothing_around_a_sites_domain_makes_another_host_its_own(before: str, host: str, after: str) -> None:
    if host_allowed(f"{before}{host}{after}", (host,)):
        clean = clean_host(f"{before}{host}{after}".partition(":")[0]) or ""
        assert clean == host or clean.endswith(f".{host}")


def test_nothing_belongs_to_a_project_without_a_domain() -> None:
    assert not host_allowed("example.com", ())


def test_a_keys_origins_from_making_to_rotating(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    url = f"/api/v1/projects/{project}/api-keys"
    made = alice.post(
        url, {"label": "web", "allowedOrigins": ["https://Shop.example.com/", "https://*.example.com"]}
    ).json()
    assert made["allowedOrigins"] == ["https://shop.example.com", "https://*.example.com"]
    assert alice.get(url).json()["items"][0]["allowedOrigins"] == made["allowedOrigins"]
    rotated = alice.post(f"{url}/{made['id']}/rotate", {}).json()
    assert rotated["allowedOrigins"] == made["allowedOrigins"]
    changed = alice.patch(f"{url}/{rotated['id']}", {"allowedOrigins": ["http://localhost:3000"]}).json()
    assert changed["allowedOrigins"] == ["http://localhost:3000"] and changed["label"] == "web"
    assert (
        alice.patch(f"{url}/{rotated['id']}", {"label": "site"}).json()["allowedOrigins"] == changed["allowedOrigins"]
    )
    assert alice.patch(f"{url}/{rotated['id']}", {"allowedOrigins": []}).json()["allowedOrigins"] == []
    assert alice.key(project)["allowedOrigins"] == []


@pytest.mark.parametrize(
    ("origins", "path"),
    [
        (["https://a.com", "a.com"], "allowedOrigins.1"),
        ([""], "allowedOrigins.0"),
        (["https://a.com", 5], "allowedOrigins.1"),
        (["https://" + "a" * 300], "allowedOrigins.0"),
        ([f"https://a{n}.com" for n in range(51)], "allowedOrigins"),
        ("https://a.com", "allowedOrigins"),
        (None, "allowedOrigins"),
    ],
)
def test_a_bad_origin_is_named_when_making_and_when_changing(alice: Person, origins: object, path: str) -> None:
    project = alice.project()["id"]
    url = f"/api/v1/projects/{project}/api-keys"
    for answer in (
        alice.post(url, {"label": "web", "allowedOrigins": origins}),
        alice.patch(f"{url}/{alice.key(project, 'ingest')['id']}", {"allowedOrigins": origins}),
    ):
        assert answer.status_code == 422, answer.text
        assert [fault["path"] for fault in answer.json()["errors"]] == [path]


def test_a_secret_key_has_no_origins(alice: Person) -> None:
    project = alice.project()["id"]
    url = f"/api/v1/projects/{project}/api-keys"
    secret = alice.key(project)["id"]
    for answer in (
        alice.post(url, {"label": "web", "scope": "secret", "allowedOrigins": ["https://a.com"]}),
        alice.patch(f"{url}/{secret}", {"allowedOrigins": ["https://a.com"]}),
    ):
        assert answer.status_code == 422 and answer.json()["errors"][0]["path"] == "allowedOrigins"
    assert alice.patch(f"{url}/{secret}", {"allowedOrigins": []}).status_code == 200
