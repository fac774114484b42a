"""What is installed and shipped: names, data files, versions, locks, and what no tracked file may hold."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import jpki

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = {"jpki": "jpki", "jpki_cli": "cli/jpki_cli", "jpki_sim": "sim/jpki_sim", "jpki_window": "window/jpki_window"}
LOCKS = tuple(sorted(path.name for path in (ROOT / "packaging").glob("*.lock")))

# Hosts of package registries and mirrors: the machine that installs chooses them. A letter of each stands in brackets,
# so that this file does not find itself.
REGISTRY = re.compile(
    r"\b(py[p]i\.org|python[h]osted\.org|npm[j]s\.org|crates[.]io|proxy\.go[l]ang\.org|maven\.[a]pache\.org"
    r"|(deb|snapshot)\.[d]ebian\.org)",
    re.IGNORECASE,
)
# Folders of one machine: a work tree, a scratch folder, somebody's home.
MACHINE_PATH = re.compile(r"(?<![\w.}~-])/(work|var/tmp|root|home/\w+|Users/\w+)/")


def tracked_files() -> list[Path]:
    """Every file that git knows or would add; skips the test where there is no git checkout (an unpacked sdist)."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """The tracked files that are text, with their names."""
    found = []
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found.append((path.relative_to(ROOT).as_posix(), content.decode("utf-8", "replace")))
    return found


def pins(lock: str) -> dict[str, Version]:
    """The packages of a lock file with their versions."""
    lines = re.findall(
        r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / "packaging" / lock).read_text(encoding="ascii"), re.MULTILINE
    )
    return {canonicalize_name(name): Version(version) for name, version in lines}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_wheel_installs_the_four_packages_and_nothing_else(wheel: dict[str, bytes]) -> None:
    """No folder of the checkout (tests, docs, cli, sim) becomes an importable name."""
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == set(PACKAGES)


def test_wheel_has_every_file_of_the_packages(wheel: dict[str, bytes]) -> None:
    """Data files of the simulator, catalogues and type markers are shipped byte for byte, and nothing besides."""
    expected = {}
    for name, folder in PACKAGES.items():
        for path in tracked_files():
            if path.is_relative_to(ROOT / folder):
                expected[f"{name}/{path.relative_to(ROOT / folder).as_posix()}"] = path.read_bytes()
    packages = {name: content for name, content in wheel.items() if not re.match(r"[^/]+\.(dist-info|data)/", name)}
    assert packages == expected


def test_wheel_has_man_pages_and_completions(wheel: dict[str, bytes]) -> None:
    """They are made when it is built, and are put where man and the shells look for them."""
    shared = {name.partition(".data/data/share/")[2]: text for name, text in wheel.items() if ".data/" in name}
    assert shared.pop("bash-completion/completions/jpki").startswith(b"_jpki_completion() {")
    assert shared.pop("zsh/site-functions/_jpki").startswith(b"#compdef jpki\n")
    assert shared.pop("fish/vendor_completions.d/jpki.fish").startswith(b"function _jpki_completion;")
    assert {name.rpartition("/")[0] for name in shared} == {"man/man1"}
    assert shared["man/man1/jpki-pin-change.1"].startswith(b'.TH "JPKI\\-PIN\\-CHANGE" 1')


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_package_says_that_it_is_typed(wheel: dict[str, bytes], package: str) -> None:
    """Type checkers of other people read the annotations (PEP 561)."""
    assert f"{package}/py.typed" in wheel


def test_every_translation_is_shipped_compiled(wheel: dict[str, bytes]) -> None:
    """Each catalogue source has its compiled form beside it, which is the one that is read."""
    sources = sorted(name for name in wheel if name.endswith(".po"))
    assert sources
    assert [name for name in sources if name.removesuffix(".po") + ".mo" not in wheel] == []


def test_command_is_installed() -> None:
    """`jpki` runs the command line's main function."""
    (entry,) = (entry for entry in metadata.entry_points(group="console_scripts") if entry.name == "jpki")
    assert entry.value == "jpki_cli.main:main"
    assert callable(entry.load())


def test_versions_agree() -> None:
    """The installed version, the library's own and the changelog's newest are the same."""
    changelog = (ROOT / "docs" / "changelog.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest is not None
    assert metadata.version("jpki") == jpki.__version__ == newest[1]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock: str) -> None:
    """A lock names exact versions, and for each the hashes of its files, so that nothing else can be installed."""
    entries = re.split(
        r"^(?=[A-Za-z0-9])", (ROOT / "packaging" / lock).read_text(encoding="ascii"), flags=re.MULTILINE
    )[1:]
    assert entries
    assert [
        entry for entry in entries if not re.match(r"\S+==\S+.*(\n +--hash=sha256:[0-9a-f]{64}( \\)?)+\n", entry)
    ] == []


def test_locks_agree_with_each_other() -> None:
    """A package has the same version when it runs, is built and is tested."""
    newest = pins("requirements-dev.lock")
    for lock in ("requirements.lock", "requirements-build.lock", "requirements-simulator.lock"):
        assert {name: newest.get(name) for name in pins(lock)} == pins(lock)
    shared = pins("requirements-release.lock").keys() & newest.keys()
    assert shared
    assert {name: newest[name] for name in shared} == {name: pins("requirements-release.lock")[name] for name in shared}


def test_the_lock_of_the_window_is_that_of_its_extra() -> None:
    """It is locked by itself, since there is not a wheel of it for every machine; nothing of it is in another lock."""
    assert PYPROJECT["dependency-groups"]["window"] == PYPROJECT["project"]["optional-dependencies"]["window"]
    locked = pins("requirements-window.lock")
    assert locked.keys() == {"pyside6-essentials", "shiboken6"}
    assert all(not locked.keys() & pins(lock).keys() for lock in LOCKS if lock != "requirements-window.lock")


def test_the_lock_of_the_simulator_has_nothing_that_is_compiled_or_optional() -> None:
    """Without pyscard, which has no wheel for Linux, and without what the extras want; else all that is needed."""
    needed = {canonicalize_name(Requirement(text).name) for text in PYPROJECT["project"]["dependencies"]}
    locked = pins("requirements-simulator.lock").keys()
    assert needed - locked == {"pyscard"}
    assert locked < pins("requirements.lock").keys()
    assert not locked & {"pyhanko", "icalendar"}


def wanted_by(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    """What an installed package requires here, with these of its extras."""
    for text in metadata.requires(name) or []:
        requirement = Requirement(text)
        environments = [{"extra": extra} for extra in extras or {""}]
        if requirement.marker is None or any(requirement.marker.evaluate(one) for one in environments):
            yield requirement


def test_the_lock_of_the_tests_is_complete() -> None:
    """Whatever a locked package requires, extras that are asked for included, is locked: nothing else is looked up."""
    locked = pins("requirements-dev.lock")
    roots = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"]["build"]]
    roots += [tool for tool in PYPROJECT["dependency-groups"]["dev"] if isinstance(tool, str)]
    extras = PYPROJECT["project"]["optional-dependencies"]
    roots += [text for extra, texts in extras.items() if extra != "window" for text in texts]
    waiting = [Requirement(text) for text in roots]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        assert name in locked, requirement
        assert requirement.specifier.contains(locked[name], prereleases=True), requirement
        package = (name, frozenset(requirement.extras))
        if Version(metadata.version(name)) != locked[name]:
            pytest.skip("other versions are installed than the locked ones")
        if package not in seen:
            seen.add(package)
            waiting += wanted_by(*package)
    assert any(extras for _, extras in seen)


def package_page(source: str | None) -> str:
    """README.md as a package page shows it."""
    path = ROOT / "packaging" / "package_page.py"
    specification = importlib.util.spec_from_file_location("package_page", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    text: str = module.package_page((ROOT / "README.md").read_text(encoding="utf-8"), source)
    return text


def test_a_package_page_has_no_link_that_leads_nowhere(wheel: dict[str, bytes]) -> None:
    """Files are not beside it: without an address links are plain words, with one they lead below it."""
    (name,) = (name for name in wheel if name.endswith(".dist-info/METADATA"))
    described = wheel[name].decode().partition("\n\n")[2]
    assert "docs/install.md" in described
    assert described.split() == package_page(PYPROJECT["project"].get("urls", {}).get("Source")).split()
    assert re.findall(r"\]\((?!https?:|#)", package_page(None)) == []
    linked = package_page("https://example.invalid/jpki/")
    assert "[docs/install.md](https://example.invalid/jpki/docs/install.md)" in linked
    assert "(https://example.invalid/jpki/docs/images/status.png)" in linked
    assert re.findall(r"\]\((?!https?:|#)", linked) == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PYPROJECT["project"]["dependencies"]),
        ("requirements-build.lock", PYPROJECT["build-system"]["requires"] + PYPROJECT["dependency-groups"]["build"]),
        ("requirements-window.lock", PYPROJECT["project"]["optional-dependencies"]["window"]),
        ("requirements-dev.lock", [tool for tool in PYPROJECT["dependency-groups"]["dev"] if isinstance(tool, str)]),
    ],
)
def test_locks_fulfil_what_is_asked_for(lock: str, wanted: list[str]) -> None:
    """Each dependency of pyproject.toml is locked, at a version that it allows; else run ./scripts/lock."""
    locked = pins(lock)
    for requirement in map(Requirement, wanted):
        assert locked[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the installing machine's setting."""
    assert [(name, found[0]) for name, text in texts() if (found := REGISTRY.search(text))] == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    """Paths in tracked files hold wherever the checkout lies."""
    assert [(name, found[0]) for name, text in texts() if (found := MACHINE_PATH.search(text))] == []


def test_debian_package_has_the_version_of_the_program() -> None:
    """The newest entry of the Debian changelog is of this version."""
    changelog = (ROOT / "packaging" / "debian" / "changelog").read_text(encoding="utf-8")
    assert changelog.startswith(f"jpki ({jpki.__version__}) ")
