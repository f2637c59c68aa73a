import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.letter_head import name_in_head

RUSSIAN = Desk().set_for("ru").locale
ENGLISH = Desk().set_for("en").locale


@pytest.mark.parametrize(
    ("head", "name"),
    [
        pytest.param("В ООО «Тёплый дом»\nот Кворновой Натальи Игоревны, кв. 41", "Наталья Игоревна", id="woman"),
        pytest.param("от Кворнова Ильи Петровича", "Илья Петрович", id="man"),
        pytest.param("От гражданки Кворновой Марии Ильиничны", "Мария Ильинична", id="with what she is"),
        pytest.param("от Кворна Павла Сергеевича", "Павел Сергеевич", id="a name that loses a vowel"),
        pytest.param("ОТ КВОРНОВОЙ ЮЛИИ ОЛЕГОВНЫ", "Юлия Олеговна", id="in capitals"),
        pytest.param("от Софьи Андреевны", "Софья Андреевна", id="without a surname"),
        pytest.param("Ответа от Натальи Игоревны нет.", "", id="in a sentence"),
        pytest.param("от Ивана", "", id="without a patronymic"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_the_head_of_a_letter_names_its_writer_in_the_nominative(head, name):
    assert name_in_head(f"{head}\n\nПрошу вернуть деньги.", RUSSIAN) == name


def test_only_a_russian_letter_has_such_a_head():
    assert name_in_head("от Кворнова Ильи Петровича", ENGLISH) == ""
