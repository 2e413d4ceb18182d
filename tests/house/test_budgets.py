"""Nothing grows tired: files, templates, views, functions and our own JavaScript stay within their budgets."""

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver

ROOT = settings.ROOT
FILES = [path for path in [*ROOT.glob("jalon/**/*.py"), ROOT / "dev"] if "migrations" not in path.parts]
TESTS = list(ROOT.glob("tests/**/*.py"))
TEMPLATES = list(ROOT.glob("jalon/**/templates/**/*.html"))
SCRIPTS = list(ROOT.glob("jalon/**/static/**/*.js"))
NOT_OURS = {("jalon/accounts/adapter.py", "add_message")}  # the signature is that of django-allauth
MOST_LINES, MOST_STATEMENTS, MOST_ARGUMENTS = 400, 30, 6


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def files_of(resolver: URLResolver) -> Iterator[Path]:
    """Yield the file of each view of ours that an address leads to, whatever the file is called."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from files_of(one)
        elif (module := inspect.unwrap(one.callback).__module__).startswith("jalon."):
            yield Path(str(sys.modules[module].__file__))


VIEWS = sorted({*files_of(get_resolver()), *ROOT.glob("jalon/*/views*.py")})


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


def statements(function: ast.FunctionDef) -> int:
    return sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1


def arguments(function: ast.FunctionDef) -> list[str]:
    """Return the arguments of a function without self; those of a verb without `by` and `at`, which all have."""
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in names if name not in {"self", "cls", "by", "at"}]


def body(function: ast.FunctionDef) -> int:
    """Return the lines of a function without its signature and docstring."""
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    return function.end_lineno - first.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=name_of)
class TestAFileOfCode:
    def test_is_of_400_lines_at_most(self, path):
        assert lines(path) <= MOST_LINES

    def test_has_functions_of_30_statements_at_most(self, path):
        long = {one.name: statements(one) for one in functions(path) if statements(one) > MOST_STATEMENTS}
        assert long == {}

    def test_has_functions_of_six_arguments_at_most(self, path):
        wide = {one.name: arguments(one) for one in functions(path) if len(arguments(one)) > MOST_ARGUMENTS}
        assert {name: names for name, names in wide.items() if (name_of(path), name) not in NOT_OURS} == {}


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_a_file_of_tests_is_of_400_lines_at_most(path):
    assert lines(path) <= MOST_LINES


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_a_view_is_of_15_lines_at_most(path):
    assert {one.name: body(one) for one in functions(path) if body(one) > 15} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_is_of_120_lines_at_most(path):
    assert lines(path) <= 120


def test_our_own_javascript_is_of_200_lines_at_most():
    assert sum(map(lines, SCRIPTS)) <= 200


def is_silent(node: ast.AST) -> bool:
    """Tell whether this skips a test, or expects it to fail, without saying why."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        marks = node.func.attr in {"skip", "skipif", "xfail", "importorskip"}
        says_why = any(one.arg == "reason" for one in node.keywords) or (node.func.attr == "skip" and node.args)
        return marks and not says_why
    bare = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    return any(isinstance(one, ast.Attribute) and one.attr in {"skip", "xfail"} for one in bare)


def test_no_test_is_skipped_without_a_reason():
    silent = [
        f"{name_of(path)}:{node.lineno}"
        for path in ROOT.glob("tests/**/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if is_silent(node)
    ]
    assert silent == []
