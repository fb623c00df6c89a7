"""The documents agree with the code and with one another."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from pulseboard.cli import app
from pulseboard.settings import known_names

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
PARTS = ["Context", "Decision", "Consequences", "Alternatives", "Where enforced"]
# In two pieces each, because this file is looked at too.
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]


def _committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a clone")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_the_readme_lists_every_setting_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(PULSEBOARD_\w+)` \|", readme, re.MULTILINE)) == sorted(known_names())


def test_the_readme_lists_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = {
        line.split("`")[1].removeprefix("pulseboard ") for line in readme.splitlines() if line[:13] == "| `pulseboard"
    }
    groups = {name: [inner for inner in app[name] if inner[0] != "-"] for name in app if name[0] != "-"}
    commands = {f"{name} {inner}".strip() for name, inners in groups.items() for inner in inners or [""]}
    assert {" ".join(word for word in line.split() if word.islower() and word[0] != "-") for line in listed} == commands


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/benchmarks.md"])
def test_every_make_target_that_a_document_names_exists(document: str) -> None:
    path = ROOT / document
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)", text, re.MULTILINE))
    assert named <= targets


def test_every_target_of_the_makefile_has_a_help_text() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    helped = set(re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE))
    assert {"run", "test", "check", "bench", "crash", "dashboard", "docs", "lock", "clean"} <= helped


def test_no_committed_file_holds_a_registry_address() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {address}"
        for path in _committed()
        for address in REGISTRIES
        if address.encode() in path.read_bytes()
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"])
def test_every_locked_dependency_has_a_version_and_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    assert len(entries) > 3
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert "://" not in "".join(entries)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_five_parts_and_stands_in_the_index(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert text.startswith(f"# {path.stem[:4]} ")
    assert f"]({path.name})" in (path.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")), ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_dashboards_lock_file_holds_every_platforms_packages() -> None:
    path = ROOT / "dashboard" / "package-lock.json"
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    wanted = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    there = {name.rpartition("node_modules/")[2] for name in packages}
    assert wanted - there == set()  # npm ci refuses a lock file that lacks one
    own = [name for name, package in packages.items() if name and not package.get("inBundle")]
    assert [name for name in own if "integrity" not in packages[name]] == []
