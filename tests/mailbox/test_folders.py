"""Which folder holds drafts: by configuration, by the server's mark, by a name in sixty languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailassist.mailbox.folders import Listed, decode_name, encode_name, find_folder, find_role, names_of


def listed(*names: str, delimiter: str = "/", **marked: str) -> list[Listed]:
    """Folders *names*, and one for each of *marked*: attribute=name."""
    plain = [Listed(encode_name(name), delimiter, frozenset()) for name in names]
    special = [Listed(encode_name(name), delimiter, frozenset({"\\" + mark})) for mark, name in marked.items()]
    return [Listed("INBOX", delimiter, frozenset()), *plain, *special]


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        pytest.param("Drafts", "Drafts", id="plain"),
        pytest.param("Entwürfe", "Entw&APw-rfe", id="german"),
        pytest.param("Черновики", "&BCcENQRABD0EPgQyBDgEOgQ4-", id="russian"),
        pytest.param("台北", "&U,BTFw-", id="a comma for the slash"),
        pytest.param("A&B", "A&-B", id="ampersand"),
        pytest.param("😀", "&2D3eAA-", id="beyond the basic plane"),
    ],
)
def test_names_are_written_in_modified_utf_7(name, wire):
    assert encode_name(name) == wire
    assert decode_name(wire) == name


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_every_name_comes_back_as_it_was(name):
    assert decode_name(encode_name(name)) == name
    assert encode_name(name).isascii()


@pytest.mark.parametrize("wire", ["&bad", "&!!!-", "Entw&APw", "&AAA-x&", "Entw\xfcrfe"])
def test_a_broken_name_is_readable_as_it_stands(wire):
    assert decode_name(wire)


def test_raw_utf_8_is_read_as_such():
    assert decode_name("Entwürfe".encode().decode("latin-1")) == "Entwürfe"


@pytest.mark.parametrize(
    ("name", "delimiter"),
    [
        ("Drafts", "/"), ("INBOX.Drafts", "."), ("[Gmail]/Drafts", "/"), ("[Google Mail]/Entwürfe", "/"),
        ("Entwürfe", "/"), ("INBOX/Brouillons", "/"), ("Kladder", "/"), ("Utkast", "."), ("Borradores", "/"),
        ("Bozze", "/"), ("Concepten", "/"), ("Kopie robocze", "/"), ("Rascunhos", "/"), ("Черновики", "|"),
        ("Чернетки", "/"), ("Luonnokset", "/"), ("Koncepty", "/"), ("Piszkozatok", "/"), ("Ciorne", "/"),
        ("Πρόχειρα", "/"), ("Taslaklar", "/"), ("טיוטות", "/"), ("المسودات", "/"), ("下書き", "/"), ("草稿", "/"),
        ("임시 보관함", "/"), ("Thư nháp", "/"), ("ร่าง", "/"), ("DRAFTS", "/"), ("drafts", ""),
    ],
)  # fmt: skip
def test_drafts_is_found_by_name(name, delimiter):
    found = find_role(listed(name, "Archive", delimiter=delimiter), "drafts")
    assert found
    assert (found.name, found.how) == (name, "name")
    assert found.wire == encode_name(name)


def test_the_table_knows_sixty_languages():
    assert len(names_of("drafts")) > 100
    assert len(names_of("sent")) > 100


@pytest.mark.parametrize("attribute", ["drafts", "Drafts".lower()])
def test_the_servers_mark_goes_before_a_name(attribute):
    found = find_role(listed("Drafts", **{attribute: "Zettel"}), "drafts")
    assert found
    assert (found.name, found.how) == ("Zettel", "special-use")


def test_the_configuration_goes_before_all():
    folders = listed("Drafts", "Work/Replies", drafts="Zettel")
    for name in ("Work/Replies", "work/replies", "Replies"):
        found = find_role(folders, "drafts", name)
        assert found
        assert (found.name, found.how) == ("Work/Replies", "configuration")


def test_a_configured_folder_that_is_not_there_is_not_replaced_by_another():
    assert find_role(listed("Drafts"), "drafts", "Replies") is None


def test_the_folder_nearest_the_top_is_taken():
    found = find_role(listed("Archive/2019/Drafts", "Drafts", "Old/Drafts"), "drafts")
    assert found
    assert found.name == "Drafts"


@pytest.mark.parametrize("attribute", ["\\noselect", "\\nonexistent"])
def test_a_folder_that_cannot_be_opened_is_none(attribute):
    folders = [Listed("Drafts", "/", frozenset({attribute, "\\drafts"}))]
    assert find_role(folders, "drafts") is None


def test_no_drafts_is_none():
    assert find_role(listed("Archive", "Draughts"), "drafts") is None


def test_the_inbox_needs_no_listing():
    found = find_folder([], "inbox")
    assert found
    assert found.wire == "INBOX"
