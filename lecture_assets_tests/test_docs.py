"""What README, CONTRIBUTING, docs and docstrings name is there: files, links, variables, keys, edits."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.edit_syntax import FORMS
from lecture_assets.providers.vendors import vendors
from lecture_assets_tests.cli.all_commands import all_commands
from lecture_assets_tests.deploy.files import variables
from lecture_assets_tests.project import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "deploy").glob("*.md")])
PRODUCT, TESTS = ("lecture_assets", "lecture_media"), "lecture_assets_tests"
FOLDERS = (*PRODUCT, TESTS, "docs", "deploy", ".ci")
VARIABLE = re.compile(r"(?:LECTURES|DAGSTER)_[A-Z_]+")
PATH = r"(?<![\w.~$/{}:<>*-])(?:--)?((?:[\w*-]+/)*[\w*-]+\.(?:py|md|mako)|(?:[\w*-]+/)+[\w*-]+\.(?:toml|json|yaml))"
FILE = re.compile(PATH + r"\b(?![\w/])")
FOLDER = re.compile(r"`((?:[a-z_]+/)+)`")
OF_PEOPLE = {
    "av.py",  # a person's own, which must not be taken for the package
    "MetadataValue.md",  # Dagster's
    "DIR/timeline.json",
    "openai/dialects/SHA256.json",
    "media/",
    "media/s01-image-0.png",
    "history/runs/",  # of an export; of a home
}
"""What looks like a file of the project and is none."""
ELSEWHERE = re.compile(r"\b(?:INTERFACES|DESIGN|COMPONENTS|STYLE)\b(?:\.md|'s)?|\bfounding documents\b|\bclosing note\b")
"""Documents that are not in the repository."""


@cache
def files() -> frozenset[str]:
    """Every file of the project by its path, and its folders with a slash behind them."""
    found = [path for path in ROOT.iterdir() if path.is_file() or path.name in FOLDERS]
    found += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
    return frozenset(f"{path.relative_to(ROOT)}{'/' if path.is_dir() else ''}" for path in found)


def is_there(name: str) -> bool:
    return any(file == name or file.endswith(f"/{name}") or ("*" in name and fnmatch(file, f"*{name}")) for file in files())


@cache
def sources() -> tuple[tuple[str, str], ...]:
    """What is read as words, by file: of the product and of pages all, of tests what is said of them."""
    pages = [(str(page.relative_to(ROOT)), page.read_text(encoding="utf-8")) for page in PAGES]
    product = [(str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")) for name in PRODUCT for file in code(name)]
    tests = [
        (str(file.relative_to(ROOT)), "\n".join(said(file.read_text(encoding="utf-8"))))
        for file in code(TESTS)
        if file != Path(__file__)
    ]
    return (*pages, *product, *tests)


def code(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def said(text: str) -> Iterator[str]:
    """Docstrings and comments, near enough: whatever is between three quotes, whatever follows a # and a space."""
    yield from re.findall(r'"""(.*?)"""', text, re.DOTALL)
    yield from re.findall(r"# (.*)", text)


def lost(text: str) -> set[str]:
    """Files and folders that a text names and that are not there."""
    named = {match[1] for match in (*FILE.finditer(text), *FOLDER.finditer(text))}
    return {name for name in named - OF_PEOPLE if not is_there(name)}


@pytest.mark.slow
def test_no_word_names_a_file_or_a_folder_that_is_not_there() -> None:
    assert {file: names for file, text in sources() if (names := lost(text))} == {}


@pytest.mark.parametrize("text", ["see runner/pace.py", "`books.py` has it", "`books/` has it", "docs/api.md", "--faults2.py--"])
def test_a_file_that_is_not_there_is_found(text: str) -> None:
    assert len(lost(text)) == 1


def test_no_word_is_about_a_document_that_is_elsewhere() -> None:
    assert {file: found[0] for file, text in sources() if (found := ELSEWHERE.search(text))} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")) if "://" not in link]
    targets = [(link, (page.parent / link.partition("#")[0]) if link[0] != "#" else page) for link in links]
    assert [link for link, target in targets if not target.exists()] == []
    assert [link for link, target in targets if "#" in link and link.partition("#")[2] not in headings(target)] == []


def headings(page: Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_docs_lists_every_page_and_readme_and_contributing_lead_to_it() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in DOCS.glob("*.md") if page.name != "README.md" and f"({page.name})" not in index] == []
    assert all("(docs/README.md)" in (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))


@cache
def read_by_the_code() -> frozenset[str]:
    """Names of variables that stand in the product as a whole string, and those of the vendors."""
    texts = (file.read_text(encoding="utf-8") for name in PRODUCT for file in code(name))
    own = {name for text in texts for name in re.findall(rf'"({VARIABLE.pattern})"', text)}
    return frozenset(own | {variable for vendor in vendors().values() for variable in (vendor.key, vendor.address)})


def test_every_variable_that_the_code_reads_is_told_and_no_other() -> None:
    page = (DOCS / "environment.md").read_text(encoding="utf-8")
    told = {name for row in re.findall(r"^\| (`.+?) \|", page, re.MULTILINE) for name in re.findall(r"`([A-Z0-9_]+)`", row)}
    of_libraries = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "PGPASSFILE"} | (variables() - read_by_the_code())
    assert told - of_libraries == read_by_the_code()
    assert of_libraries <= told


def test_no_page_names_a_variable_that_nothing_reads() -> None:
    of_tests = {name for file in code(TESTS) for name in VARIABLE.findall(file.read_text(encoding="utf-8"))}
    named = {name for page in PAGES for name in VARIABLE.findall(page.read_text(encoding="utf-8"))}
    assert named <= read_by_the_code() | of_tests | variables()


def test_every_key_of_a_brief_is_explained() -> None:
    meanings = (DOCS / "brief.md").read_text(encoding="utf-8").partition("What they mean:")[2]
    assert set(Brief.model_fields) <= set(re.findall(r"`([a-z_]+)`[:,]", meanings))


def test_every_edit_is_in_the_list_of_edits() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert [form for form in FORMS if f"| `{form}` |" not in page] == []


def test_every_exit_code_of_a_command_is_told() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    codes = {int(number) for row in re.findall(r"^\| ([\d, ]+) \|", page, re.MULTILINE) for number in re.findall(r"\d+", row)}
    assert codes == {0, 1, 2, 3, 70, 130, 141, 143}
    reference = page.partition("<!-- reference")[2].partition("<!-- /reference")[0]
    assert all_commands().keys() == set(re.findall(r"^### ([a-z ]+)$", reference, re.MULTILINE))


@pytest.mark.slow
def test_every_job_sensor_and_pool_of_dagster_is_told() -> None:
    from lecture_assets.definitions import defs  # noqa: PLC0415 - Dagster takes seconds

    page = (DOCS / "dagster.md").read_text(encoding="utf-8")
    names = {thing.name for thing in (*(defs.jobs or ()), *(defs.sensors or ()))}
    names |= {spec.name for checks in defs.asset_checks or () for spec in checks.check_specs}
    assert len(names) >= 5
    assert [name for name in (*sorted(names), *vendors()) if f"`{name}`" not in page] == []
