"""The house's rules, as far as a machine can hold us to them."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PACKAGE = PROJECT / "coursehub"
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted([*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")])
TOOLS = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]
STACK = TOOLS["importlinter"]["contracts"][0]["layers"]
DEPTH = {layer.strip("()"): row for row, layer in enumerate(STACK)}
REFERENCE = re.compile(r'{%-?\s*(?:extends|include|from|import)\s+"([^"]+)"')
MOST_LINES = 400


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def calls(module: Path, name: str) -> bool:
    called = [
        node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call)
    ]
    return any(ast.unparse(node.func).split(".")[-1] == name for node in called)


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_templates_reach_down_never_up_and_trust_nothing(template):
    text, own = template.read_text(), template.relative_to(PACKAGE).parts[0]
    for name in REFERENCE.findall(text):
        assert (PACKAGE / name).exists(), name
        assert DEPTH[name.split("/")[0]] >= DEPTH[own], name
    assert not re.search(r"\|\s*safe\b", text)


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_modules_are_short_and_open_with_a_sentence(module):
    text = module.read_text()
    if not text.strip():
        return
    said = ast.get_docstring(ast.parse(text)) or ""
    assert said.split("\n\n")[0].rstrip().endswith((".", ":")), said
    assert len(text.splitlines()) <= MOST_LINES
    assert module.stem not in ("utils", "util", "helpers", "common")


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_only_views_commands_and_jobs_open_a_unit_of_work(module):
    allowed = {"views", "cli", "jobs", "database"} & {module.stem, *module.parts}
    assert allowed or not calls(module, "writing")


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_only_the_cleaner_and_the_drawings_make_trusted_markup(module):
    assert module.stem in ("richtext", "drawing") or not calls(module, "Markup")


def test_one_place_makes_things_permanent():
    assert [name_of(path) for path in MODULES if calls(path, "commit")] == [
        "foundation/database.py"
    ]


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_roles_are_asked_about_only_in_rules(module):
    assert not calls(module, "holds") or "rules" in (module.stem, module.parent.name)


def test_functions_are_short():
    lengths = [length_of(node) for path in MODULES for node in functions_of(path)]
    assert statistics.median(lengths) < 8
    assert statistics.quantiles(lengths, n=10)[-1] < 20


def functions_of(module: Path) -> list[ast.FunctionDef]:
    nodes = ast.walk(ast.parse(module.read_text()))
    return [node for node in nodes if isinstance(node, ast.FunctionDef)]


def length_of(function: ast.FunctionDef) -> int:
    """Lines of what a function does, without its head and its docstring."""
    body = function.body[1 if ast.get_docstring(function) else 0 :]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_server_finds_every_job():
    """In a process of its own: the tests import more than a server does."""
    marked = [
        f"coursehub.{name_of(path)[:-3].replace('/', '.')}.{node.name}"
        for path in MODULES
        for node in functions_of(path)
        if {ast.unparse(one) for one in node.decorator_list} & {"job", "daily"}
    ]
    assert marked
    code = (
        "import sys, coursehub.app; from coursehub.foundation.jobs import _found; "
        "[_found(name) for name in sys.argv[1:]]"
    )
    subprocess.run([sys.executable, "-c", code, *marked], cwd=PROJECT, check=True)


def test_links_name_real_pages(app):
    named = {
        path.relative_to(PACKAGE).parts[0] + name if name.startswith(".") else name
        for path in [*TEMPLATES, *MODULES]
        for name in re.findall(r"url_for\(\s*[\"']([^\"']+)[\"']", path.read_text())
    }
    assert named <= set(app.view_functions)


@pytest.mark.parametrize("lock", ["run.txt", "all.txt"])
def test_locks_name_no_address(lock):
    assert "://" not in (PROJECT / "requirements" / lock).read_text()


def test_the_lock_of_the_verifiers_names_no_address():
    assert "://" not in (PROJECT / "tests" / "npm" / "package-lock.json").read_text()
