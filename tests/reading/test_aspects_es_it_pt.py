"""What a Spanish, Italian or Portuguese mail says exactly of its matter."""

import pytest

from mailassist.reading.aspects import find_aspects, find_dated, find_wait

SPANISH = [
    ("La lavadora pierde agua por debajo.", "leaks"),
    ("El horno no calienta.", "no_heat"),
    ("La mesa llegó rota.", "damaged_on_arrival"),
    ("Pedí la talla 38 y me ha llegado la 41.", "wrong_size"),
    ("Me han cobrado dos veces la misma factura.", "charged_twice"),
    ("Me di de baja en abril y en mayo me han vuelto a cobrar.", "charged_after_end"),
    ("Sigo esperando el presupuesto.", "quote_awaited"),
    ("Nadie contesta al teléfono.", "nobody_picks_up"),
    ("En el seguimiento pone entregado y yo no lo tengo.", "shown_delivered"),
    ("Faltan dos tornillos.", "incomplete"),
    ("No puedo entrar en mi cuenta.", "login"),
    ("¿Podría pagarlo a plazos?", "instalments"),
    ("Han subido la cuota sin avisar.", "price_rise"),
]


ITALIAN = [
    ("La lavatrice perde acqua da sotto.", "leaks"),
    ("Il forno non scalda.", "no_heat"),
    ("Il tavolo è arrivato rotto.", "damaged_on_arrival"),
    ("Mi sono arrivati troppo grandi.", "wrong_size"),
    ("Mi avete addebitato due volte la stessa fattura.", "charged_twice"),
    ("Ho disdetto il primo aprile e a maggio mi avete addebitato altri 30 euro.", "charged_after_end"),
    ("Aspetto ancora il preventivo.", "quote_awaited"),
    ("Al telefono non risponde nessuno.", "no_reply"),
    ("Il tracking dice consegnato, ma non è vero.", "shown_delivered"),
    ("Mancano due viti.", "incomplete"),
    ("Non riesco a entrare nel mio account.", "login"),
    ("Si potrebbe pagare a rate?", "instalments"),
    ("È pronta la bicicletta?", "ready"),
]


PORTUGUESE = [
    ("A máquina de lavar perde água por baixo.", "leaks"),
    ("O chuveiro está vazando.", "leaks"),
    ("O forno não esquenta.", "no_heat"),
    ("A mesa chegou partida.", "damaged_on_arrival"),
    ("As botas não me servem.", "wrong_size"),
    ("Cobraram-me duas vezes a mesma fatura.", "charged_twice"),
    ("Cancelei em abril e em maio me cobraram de novo.", "charged_after_end"),
    ("Estou à espera do orçamento.", "quote_awaited"),
    ("Ao telefone ninguém atende.", "nobody_picks_up"),
    ("No rastreio diz entregue e eu não recebi.", "shown_delivered"),
    ("Faltam dois parafusos.", "incomplete"),
    ("Não consigo entrar na minha conta.", "login"),
    ("Posso pagar em prestações?", "instalments"),
]


@pytest.mark.parametrize(("said", "aspect"), SPANISH, ids=[one[1] for one in SPANISH])
def test_spanish_says_it_exactly(said: str, aspect: str) -> None:
    assert aspect in find_aspects(said, "es")


@pytest.mark.parametrize(("said", "aspect"), ITALIAN, ids=[one[1] for one in ITALIAN])
def test_italian_says_it_exactly(said: str, aspect: str) -> None:
    assert aspect in find_aspects(said, "it")


@pytest.mark.parametrize(("said", "aspect"), PORTUGUESE, ids=[f"{one[1]} {n}" for n, one in enumerate(PORTUGUESE)])
def test_portuguese_says_it_exactly(said: str, aspect: str) -> None:
    assert aspect in find_aspects(said, "pt")


def test_spanish_that_denies_supposes_or_asks_states_nothing() -> None:
    said = "Si pierde agua, les aviso. ¿Se me ha cobrado dos veces? No llegó rota."
    assert find_aspects(said, "es") == ()


def test_italian_that_denies_supposes_or_asks_states_nothing() -> None:
    said = "Se perde acqua, vi avviso. Mi è stato addebitato due volte? Non è rotto."
    assert find_aspects(said, "it") == ()


def test_portuguese_that_denies_supposes_or_asks_states_nothing() -> None:
    said = "Se perde água, aviso. Foi cobrado duas vezes? Não veio partida."
    assert find_aspects(said, "pt") == ()


def test_spanish_dates_say_what_they_are_the_dates_of() -> None:
    said = "Hice el pedido el 3 de mayo y me dijeron que llegaría el 10 de mayo. Llevo tres semanas esperando."
    dated = {one.role: one.text for one in find_dated(said, ("3 de mayo", "10 de mayo"), "es")}
    assert (dated, find_wait(said, "es")) == ({"ordered": "3 de mayo", "promised": "10 de mayo"}, "tres semanas")
