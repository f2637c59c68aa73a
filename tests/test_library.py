"""`import mailassist` as a script uses it."""

import subprocess
import sys

import pytest

import mailassist


@pytest.mark.parametrize("name", mailassist.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(mailassist, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        mailassist.send  # noqa: B018


def test_importing_the_library_imports_none_of_its_rooms() -> None:
    code = "import sys, mailassist; print([m for m in sys.modules if m.startswith('mailassist.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
