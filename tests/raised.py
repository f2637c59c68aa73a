"""Every text that an error of mailassist is raised with, read from the source: what varies in it is an ellipsis."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mailassist
from mailassist import errors

PACKAGE = Path(mailassist.__file__).parent
CLASSES = {
    name: one for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.MailassistError)
}
# Raised with a text that was made elsewhere: where that is looked at.
ELSEWHERE = {
    ("answering/desk.py", "str(found.fault)"): "the faults of template sets",
    ("answering/schema.py", "f'{key}: {text}'"): "tests/answering, the faults of a set.toml",
    ("answering/templates.py", "str(error)"): "the TemplateErrors above it",
    ("answering/wording.py", "f'{phrase!r} makes it worse; {one.instead}'"): "the calmer words of each set.toml",
    ("commands/init.py", "problem.removeprefix(f'{path}: ')"): "the faults of a configuration",
    ("config.py", "f'{path}: {problem}'"): "the faults of a configuration",
    ("mailbox/oauth.py", "f'{step}: mailassist login {client.account}'"): "NEXT_STEPS",
}


@dataclass(frozen=True, slots=True)
class Raised:
    """One text of one error, and where it is raised."""

    path: str
    line: int
    error: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def raised() -> list[Raised]:
    """Return every text an error is made with, and every sentence about a fault of a configuration or a template."""
    return list({(one.path, one.line, one.text): one for one in _all()}.values())


def _all() -> Iterator[Raised]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        tree = ast.parse(path.read_text("utf-8"))
        for function in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]:
            local = _assigned(function)
            for call in _calls(function):
                for node in _texts(call, local):
                    if (name, ast.unparse(node)) not in ELSEWHERE:
                        yield Raised(name, node.lineno, _name(call), skeleton(node))
        for call in _own_texts(tree) if name != "errors.py" else ():
            yield Raised(name, call.lineno, "", skeleton(call.args[0]))


def _own_texts(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield what an error of a room of its own calls itself: its `super().__init__(text)`."""
    for one in ast.walk(tree):
        if isinstance(one, ast.ClassDef) and {ast.unparse(base) for base in one.bases} & set(CLASSES):
            for node in ast.walk(one):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__" and node.args:
                    yield node


def _calls(function: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and (_name(node) in CLASSES or _name(node) == "Problem") and node.args:
            yield node


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _assigned(function: ast.AST) -> dict[str, ast.expr]:
    """Return what the names of *function* were last given."""
    return {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _texts(call: ast.Call, local: dict[str, ast.expr]) -> Iterator[ast.expr]:
    """Yield the expressions of the sentences *call* is given: the third argument of a Problem, else the first."""
    if _name(call) == "Problem" and len(call.args) < 3:
        return
    given = call.args[2 if _name(call) == "Problem" else 0]
    given = local.get(given.id, given) if isinstance(given, ast.Name) else given
    if isinstance(given, ast.List):
        yield from given.elts
    elif isinstance(given, ast.ListComp):
        yield given.elt
    elif not (isinstance(given, ast.Name) and given.id in ("problems", "message", "text")):  # an argument passed on
        yield given


def skeleton(node: ast.expr) -> str:
    """Return the text of *node*; what is only known when it runs is an ellipsis."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        text = "".join(str(one.value) if isinstance(one, ast.Constant) else "…" for one in node.values)
        return re.sub(r"…[… ]*…", "…", text)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return skeleton(node.left) + skeleton(node.right)
    if isinstance(node, ast.IfExp):
        return f"{skeleton(node.body)} / {skeleton(node.orelse)}"
    return "…"
