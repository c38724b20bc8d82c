"""House rules that no other tool holds: sizes, and who may change a public row in bulk. Run by `make check`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FUNCTION, LONGEST_FILE = 50, 800
PUBLIC_MODELS = {"Article", "Placement", "ArticleAddress", "Column", "Site", "HomeBlock", "Banner", "Redirect"}
FOLDERS = ("config", "menhu", "tests", "bench")


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (p for p in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in p.parts)


def long_functions(path: Path, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno} {node.name} has {lines} lines; the limit is {LONGEST_FUNCTION}"


def bulk_changes(path: Path, tree: ast.AST) -> Iterator[str]:
    """Bulk update and delete of a public model belong in actions, where tags and trail are written."""
    inside_actions = "actions" in path.parts or path.stem == "actions"
    if inside_actions or path.parts[0] != "menhu":
        return
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        names = {n.id for n in ast.walk(node.func.value) if isinstance(n, ast.Name)}
        is_bulk = node.func.attr in {"update", "delete"} and "objects" in ast.unparse(node.func.value)
        if is_bulk and names & PUBLIC_MODELS:
            yield f"{path}:{node.lineno} bulk {node.func.attr} of a public model outside actions"


def findings() -> Iterator[str]:
    for absolute in sources():
        path = absolute.relative_to(ROOT)
        text = absolute.read_text(encoding="utf-8")
        if text.count("\n") > LONGEST_FILE:
            yield f"{path} has {text.count(chr(10))} lines; the limit is {LONGEST_FILE}"
        tree = ast.parse(text)
        yield from long_functions(path, tree)
        yield from bulk_changes(path, tree)


def main() -> int:
    found = list(findings())
    for line in found:
        sys.stderr.write(line + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
