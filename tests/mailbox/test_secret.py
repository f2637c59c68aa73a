"""Where secrets come from, with a real keyring under its own D-Bus."""

import logging
import os
import shutil
import stat
import subprocess
import sys
import textwrap

import pytest

from mailassist.errors import SecretError
from mailassist.mailbox.secret import password, store_key, systemd_credential

SECRET = "geheim-4711"


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch):
    """Neither systemd nor a keyring hands anything over, unless a test says so."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


def in_a_process(code: str, **environment: str) -> str:
    """Return what *code* prints in a process of its own, where the keyring is chosen anew."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON_KEYRING")} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_line_a_command_prints_is_the_password():
    assert password("shop", "a@shop.example", ("printf", f"{SECRET}\nnot this"))().secret == SECRET


def test_a_command_is_no_shell():
    assert password("shop", "a", ("echo", "$HOME; ls"))().secret == "$HOME; ls"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        pytest.param(("/no/such/program",), "cannot be run", id="not there"),
        pytest.param(("false",), "exit status 1", id="fails"),
        pytest.param(("true",), "no password", id="prints nothing"),
        pytest.param(("sh", "-c", f"echo {SECRET}; exit 3"), "exit status 3", id="prints and fails"),
    ],
)
def test_a_command_that_gives_none_is_named_with_what_to_do(command, says):
    with pytest.raises(SecretError, match=says) as error:
        password("shop", "a", command)()
    assert SECRET not in str(error.value)
    assert "shop" in str(error.value)


def test_systemd_hands_a_password_over_by_account(tmp_path, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "mailassist.shop").write_text(SECRET + "\n")
    assert password("shop", "a")().secret == SECRET
    assert systemd_credential("other") == ""
    assert systemd_credential("../mailassist.shop") == ""


def test_without_any_keyring_the_next_step_is_told():
    with pytest.raises(SecretError):
        password("shop", "a")()


def test_without_a_keyring_the_stores_key_lies_beside_it_for_its_owner_alone(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    store = tmp_path / "state" / "store.sqlite"
    code = f"""
        from pathlib import Path
        from mailassist.mailbox.secret import store_key
        print(store_key(Path({str(store)!r})).hex())
    """
    environment = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    first = in_a_process(code, **environment)
    assert first == in_a_process(code, **environment)
    assert len(bytes.fromhex(first)) == 32
    assert stat.S_IMODE(store.with_name("store.sqlite.key").stat().st_mode) == 0o600


LOCKED = """
    import keyring
    from pathlib import Path
    from mailassist.errors import SecretError
    from mailassist.mailbox.secret import store_key

    class Locked(keyring.backend.KeyringBackend):
        priority = 1

        def get_password(self, service, username):
            raise keyring.errors.InitError("nobody to ask")

        set_password = delete_password = get_password

    keyring.set_keyring(Locked())
    store = Path({store!r})
    try:
        print(len(store_key(store)))
    except SecretError as error:
        print(error)
"""


def test_where_nobody_can_unlock_the_keyring_a_new_store_has_its_key_beside_it(tmp_path):
    store = tmp_path / "store.sqlite"
    assert in_a_process(LOCKED.format(store=str(store))) == "32\n"
    assert store.with_name("store.sqlite.key").exists()


def test_a_store_whose_key_is_in_a_locked_keyring_gets_no_other(tmp_path):
    store = tmp_path / "store.sqlite"
    store.touch()
    assert "unlock it and start again" in in_a_process(LOCKED.format(store=str(store)))
    assert list(tmp_path.iterdir()) == [store]


def test_systemd_can_hand_the_stores_key_over(tmp_path, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "mailassist.store-key").write_text("a2tra2tra2tra2tra2tra2tra2tra2tr")
    assert store_key(tmp_path / "store.sqlite") == b"k" * 24


def test_a_damaged_key_is_not_taken_for_one(tmp_path):
    (tmp_path / "store.sqlite.key").write_text("not base64 at all!")
    with pytest.raises(SecretError, match="damaged"):
        store_key(tmp_path / "store.sqlite")


@pytest.fixture
def keyring_session(tmp_path):
    """Run code beside an unlocked gnome-keyring, on a D-Bus and in a home of its own."""
    if not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")):
        pytest.skip("the real keyring is left out: gnome-keyring and dbus-daemon are not installed")

    def run(code: str) -> str:
        script = tmp_path / "code.py"
        script.write_text(textwrap.dedent(code))
        unlock = 'printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" "$1"'
        done = subprocess.run(
            ["dbus-run-session", "--", "sh", "-c", unlock, sys.executable, str(script)],
            capture_output=True, text=True, timeout=60,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_a_password_is_kept_in_the_keyring_and_taken_out_again(keyring_session):
    said = keyring_session("""
        from mailassist.errors import SecretError
        from mailassist.mailbox.secret import delete_password, password, set_password
        ask = password("shop", "a@shop.example")
        set_password("shop", "a@shop.example", "grüße")
        print(ask().secret)
        set_password("shop", "a@shop.example", "new")
        print(ask().secret, password("other", "a@shop.example") is not None)
        delete_password("shop", "a@shop.example")
        delete_password("shop", "a@shop.example")
        try:
            ask()
        except SecretError as error:
            print(error)
    """)
    assert said.splitlines() == [
        "grüße", "new True", "there is no password for account shop; store it with: mailassist login shop",
    ]  # fmt: skip


def test_the_stores_key_is_kept_in_the_keyring(keyring_session, tmp_path):
    said = keyring_session(f"""
        from pathlib import Path
        from mailassist.mailbox.secret import store_key
        path = Path({str(tmp_path / "store.sqlite")!r})
        print(store_key(path) == store_key(path), len(store_key(path)))
    """)
    assert said == "True 32\n"
    assert list(tmp_path.glob("store.sqlite*")) == []
