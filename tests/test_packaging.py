"""What is installed and shipped: names, data files, versions, locks, and what no tracked file may hold."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import jpki

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = {"jpki": "jpki", "jpki_cli": "cli/jpki_cli", "jpki_sim": "sim/jpki_sim"}
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")

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
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
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


def test_wheel_installs_the_three_packages_and_nothing_else(wheel: dict[str, bytes]) -> None:
    """No folder of the checkout (tests, docs, cli, sim) becomes an importable name."""
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_wheel_has_every_file_of_the_packages(wheel: dict[str, bytes]) -> None:
    """Data files of the simulator, catalogues and type markers are shipped byte for byte, and nothing besides."""
    expected = {}
    for name, folder in PACKAGES.items():
        for path in tracked_files():
            if path.is_relative_to(ROOT / folder):
                expected[f"{name}/{path.relative_to(ROOT / folder).as_posix()}"] = path.read_bytes()
    assert {name: content for name, content in wheel.items() if ".dist-info/" not in name} == expected


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
    assert {name: newest.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")
    assert {name: newest.get(name) for name in pins("requirements-build.lock")} == pins("requirements-build.lock")


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PYPROJECT["project"]["dependencies"]),
        ("requirements-build.lock", PYPROJECT["build-system"]["requires"] + PYPROJECT["dependency-groups"]["build"]),
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
