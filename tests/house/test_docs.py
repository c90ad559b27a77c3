"""What the documents say exists: paths, links, commands, dependencies."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from yici.config.main import COMMANDS

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "yici"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([a-z_/]+\.(?:py|json))(?:::(\w+))?`")
MODULE_FLOORS = ("apps/", "rules/", "channels/", "config/")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def names_in(source: Path) -> set[str]:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef)}


def anchors_of(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    return made | set(re.findall(r'<a id="([^"]+)">', text))


def code_paths(page: Path) -> list[tuple[str, str]]:
    return [(path, name) for path, name in CODE.findall(prose(page)) if path.startswith(MODULE_FLOORS)]


def shell_lines(page: Path) -> Iterator[str]:
    for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "sh":
            yield from block.splitlines()


def spans(page: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", prose(page))


def yici_commands(page: Path) -> set[str]:
    shown = [*shell_lines(page), *spans(page)]
    return {
        found[1] for line in shown if (found := re.match(r"\s*(?:\.venv/bin/)?yici ([a-z]+)\b(?!\.)", line)) is not None
    }


def make_targets(page: Path) -> set[str]:
    shown = [*shell_lines(page), *spans(page)]
    return {found[1] for line in shown if (found := re.match(r"\s*(?:\w+=\S+ )*make ([a-z-]+)", line)) is not None}


def plain(name: str) -> str:
    return re.split(r"[\[<>=;~ ]", name)[0].lower()


def dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    return [plain(one) for one in wanted]


def listed_dependencies() -> dict[str, list[str]]:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return {row[0].lower(): row for row in rows if row[0] != "package" and not row[0].startswith("---")}


class TestReadme:
    @pytest.mark.parametrize("page", READMES, ids=named)
    def test_shows_the_two_commands_on_its_first_screen(self, page: Path) -> None:
        first_screen = page.read_text(encoding="utf-8").splitlines()[:25]

        assert {"make run", "make test"} <= {line.split("#")[0].strip() for line in first_screen}

    @pytest.mark.parametrize("page", READMES, ids=named)
    def test_fits_one_screen(self, page: Path) -> None:
        assert len(page.read_text(encoding="utf-8").splitlines()) <= 60

    def test_leads_to_the_other_language(self) -> None:
        english, chinese = (LINK.findall(page.read_text(encoding="utf-8")) for page in READMES)

        assert "README.zh-CN.md" in english
        assert "README.md" in chinese

    def test_leads_to_the_same_pages_in_both_languages(self) -> None:
        texts = [page.read_text(encoding="utf-8") for page in READMES]
        # A picture shows the page in the reader's language.
        english, chinese = ({link.replace("-zh.png", "-en.png") for link in LINK.findall(text)} for text in texts)

        assert english - {"README.zh-CN.md"} == chinese - {"README.md"}


class TestEveryPage:
    @pytest.mark.parametrize("page", PAGES, ids=named)
    def test_has_links_that_lead_somewhere(self, page: Path) -> None:
        broken = []
        for link in LINK.findall(prose(page)):
            target, _, anchor = link.partition("#")
            if "://" in link:
                continue
            there = (page.parent / target).resolve() if target else page
            if not there.exists() or (anchor and anchor not in anchors_of(there)):
                broken.append(link)

        assert broken == []

    @pytest.mark.parametrize("page", PAGES, ids=named)
    def test_names_tests_that_are_there(self, page: Path) -> None:
        told = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text(encoding="utf-8"))
        files = {path: (ROOT / path).read_text(encoding="utf-8") for path, _ in told}

        assert [f"{path}::{name}" for path, name in told if f"def {name}(" not in files[path]] == []

    @pytest.mark.parametrize("page", PAGES, ids=named)
    def test_names_code_that_is_there(self, page: Path) -> None:
        missing = [
            f"{path}::{name}"
            for path, name in code_paths(page)
            if not (SOURCES / path).is_file() or (name and name not in names_in(SOURCES / path))
        ]

        assert missing == []

    @pytest.mark.parametrize("page", PAGES, ids=named)
    def test_shows_only_commands_of_ours(self, page: Path) -> None:
        assert yici_commands(page) <= set(COMMANDS)

    @pytest.mark.parametrize("page", PAGES, ids=named)
    def test_shows_only_verbs_of_the_makefile(self, page: Path) -> None:
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

        assert make_targets(page) <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    def test_is_found_from_the_readme(self) -> None:
        reached, waiting = set[Path](), [ROOT / "README.md"]
        while waiting:
            page = waiting.pop()
            if page in reached or page.suffix != ".md":
                continue
            reached.add(page)
            links = (link.partition("#")[0] for link in LINK.findall(prose(page)) if "://" not in link)
            waiting.extend((page.parent / link).resolve() for link in links if link)

        assert set(PAGES) <= reached


class TestGlossary:
    GLOSSARY = ROOT / "docs" / "glossary.md"

    def test_names_where_each_word_lives(self) -> None:
        in_code = self.GLOSSARY.read_text(encoding="utf-8").split("## Reserved")[0]
        rows = [line for line in in_code.splitlines() if line.startswith("| <a id=")]

        assert len(rows) > 40
        assert [row for row in rows if not re.search(r"`[\w/.]+(::\w+)?` *(`|\|$)", row)] == []

    def test_has_a_word_of_every_app(self) -> None:
        apps = {path.parent.name for path in SOURCES.glob("apps/*/__init__.py")}
        spoken_for = {path.split("/")[1] for path, _ in code_paths(self.GLOSSARY) if path.startswith("apps/")}

        assert apps == spoken_for

    def test_says_each_word_once(self) -> None:
        words = re.findall(r'<a id="([^"]+)">', self.GLOSSARY.read_text(encoding="utf-8"))

        assert len(words) == len(set(words))


class TestDependencies:
    @pytest.mark.parametrize("name", dependencies())
    def test_have_a_reason_and_a_licence(self, name: str) -> None:
        row = listed_dependencies()[name]

        assert len(row) == 3
        assert all(row)

    def test_are_not_listed_when_nobody_asks_for_them(self) -> None:
        # uv installs the others and stands in the Makefile.
        assert set(listed_dependencies()) - {"uv"} == set(dependencies())


class TestProductionGuide:
    def test_names_every_variable_that_is_read(self) -> None:
        code = "\n".join(
            path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py") if path.name != "testing.py"
        )
        read = set(re.findall(r'"((?:YICI|DATABASE)_[A-Z_]+)"', code))
        # Notes from one process of ours to another, not for people to set.
        read -= {"YICI_OWN_DATABASE", "DATABASE_URL_GIVEN"}
        guide = (ROOT / "docs" / "how-to" / "run-in-production.md").read_text(encoding="utf-8")

        assert set(re.findall(r"^\| `([A-Z_]+)`", guide, re.MULTILINE)) == read
