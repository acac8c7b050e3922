"""What import-linter cannot say: which modules of another context may be imported, and what no file of ours may hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environment import ROOT

HOUSE = ROOT / "smarthd"
PACKAGES = sorted(path.name for path in HOUSE.iterdir() if (path / "__init__.py").exists())
FOUNDATION = {"kernel", "ui"}  # every module of these may be used from above
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "timezone.now",
    "timezone.localdate",
    "time.time",
}
PUBLIC = {"services", "selectors", "rules", "events", "values", "errors", "policies", "calendar", "exports", "seeding"}
SHOWING = {"insights": {"charts", "wording"}}  # figures in words and pictures, for every audience


def sources(*, tests: bool = False) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(HOUSE.rglob("*.py")):
        if "migrations" in path.parts or ("tests" in path.parts and not tests):
            continue
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported_modules(tree: ast.Module) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, dotted parts) of every module of the house that is imported, objects resolved to their module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("smarthd."):
                    yield node.lineno, alias.name.split(".")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "smarthd":
            parts = node.module.split(".")
            for alias in node.names:
                yield node.lineno, [*parts, alias.name] if len(parts) <= 2 else parts


def test_a_package_uses_only_the_public_modules_of_another() -> None:
    broken = []
    for path, tree in sources():
        own = path.relative_to(HOUSE).parts[0]
        for line, parts in imported_modules(tree):
            if len(parts) < 3 or parts[1] in FOUNDATION or parts[1] == own:
                continue
            if parts[2] not in PUBLIC | SHOWING.get(parts[1], set()):
                broken.append(f"{path.relative_to(ROOT)}:{line} imports {'.'.join(parts)}")
    assert broken == []


def test_no_module_is_hidden_behind_an_object_of_its_name() -> None:
    """A package that exports a function called like one of its modules hands out the function to who asks for the module."""
    hidden = {
        (path.parent.relative_to(ROOT).as_posix().replace("/", "."), alias.asname or alias.name)
        for path, tree in sources()
        if path.name == "__init__.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (path.parent / f"{alias.asname or alias.name}.py").exists()
    }
    broken = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.module}.{alias.name}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and path.name != "__init__.py"
        for alias in node.names
        if (node.module, alias.name) in hidden and _used_as_module(tree, alias.asname or alias.name)
    ]
    assert broken == []


def _used_as_module(tree: ast.Module, name: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
        for node in ast.walk(tree)
    )


def test_only_the_kernel_reads_a_clock() -> None:
    broken = []
    for path, tree in sources():
        if path.relative_to(HOUSE).parts[0] == "kernel":
            continue
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        broken += [f"{path.relative_to(ROOT)}:{call.lineno}" for call in calls if ast.unparse(call.func) in CLOCKS]
    assert broken == []


def test_contexts_speak_by_events_not_by_signals() -> None:
    broken = [
        f"{path.relative_to(ROOT)}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in {"django.db.models.signals", "django.dispatch"}
    ]
    assert broken == []


def test_rules_decide_with_values_alone() -> None:
    broken = []
    for path, tree in sources():
        if path.name != "rules.py" and path.parent.name != "rules":
            continue
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            broken += [
                f"{path.relative_to(ROOT)} imports {name}"
                for name in names
                if name.split(".")[0] in {"django", "psycopg", "httpx"}
            ]
    assert broken == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_with_code_says_what_it_is_for(package: str) -> None:
    modules = [path for path in (HOUSE / package).glob("*.py") if path.name not in {"__init__.py", "apps.py"}]
    if modules:
        assert (HOUSE / package / "README.md").exists()


TEMPLATES = sorted(HOUSE.rglob("templates/**/*.html"))
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:json|ld\+json)\")[^>]*>|<style\b|\sstyle=|\son[a-z]+=\"|javascript:",
    re.I,
)
OUTSIDE = re.compile(r"(?:src|href|action)=\"(?:https?:)?//", re.I)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_template_holds_inline_code_or_calls_another_site(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert INLINE.findall(text) == []
    assert OUTSIDE.findall(text) == []


def test_no_file_names_a_machine() -> None:
    broken = []
    pattern = re.compile(r"(?<![\w.-])/(?:work|root|farm)/")
    for path in ROOT.rglob("*"):
        if path.suffix not in {".py", ".html", ".md", ".toml", ".js", ".css", ".txt", ".csv"} or any(
            part in {".venv", ".git", ".tools", ".data", ".static", "node_modules"}
            for part in path.relative_to(ROOT).parts
        ):
            continue
        if path != Path(__file__) and pattern.search(path.read_text(encoding="utf-8", errors="ignore")):
            broken.append(str(path.relative_to(ROOT)))
    assert broken == []


def test_no_two_refusals_have_one_name() -> None:
    """What a person reads of a refusal is found by its name alone (ui/refusals.py)."""
    places: dict[str, set[str]] = {}
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(_named(base) in REFUSALS for base in node.bases):
                places.setdefault(node.name, set()).add(str(path.relative_to(ROOT)))
    assert len(places) > 100
    assert {name: sorted(found) for name, found in places.items() if len(found) > 1} == {}


REFUSALS = {"Refusal", "Invalid", "Conflict", "NotFound", "NotAllowed"}


def _named(base: ast.expr) -> str:
    return base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
