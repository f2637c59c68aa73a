"""What a Dutch or Polish mail says exactly of its matter."""

import pytest

from mailassist.reading.aspects import find_aspects, find_dated, find_wait

DUTCH = [
    ("De wasmachine lekt aan de onderkant.", "leaks"),
    ("Er loopt water uit de vaatwasser.", "leaks"),
    ("De oven wordt niet meer warm.", "no_heat"),
    ("De tafel kwam beschadigd aan.", "damaged_on_arrival"),
    ("De telefoon laadt niet meer op.", "no_power"),
    ("Na twee dagen is het handvat afgebroken.", "broken_off"),
    ("De stoel is nu al kapot.", "broken"),
    ("De rits zit vast.", "stuck"),
    ("De droger doet het niet meer.", "dead"),
    ("Sinds gisteren werkt de verwarming niet meer en is de cv-ketel uitgevallen.", "dead"),
    ("Ik kan niet inloggen.", "login"),
    ("Ik krijg steeds een foutmelding.", "error_shown"),
    ("Er ontbreken twee schroeven.", "incomplete"),
    ("Ik had maat 38 besteld en kreeg de verkeerde maat.", "wrong_size"),
    ("De broek past niet.", "wrong_size"),
    ("Jullie hebben de verkeerde kleur gestuurd.", "wrong_colour"),
    ("De bank lijkt in niets op de foto.", "not_like_pictures"),
    ("De muur is scheef.", "bad_work"),
    ("Volgens de track and trace is het pakket bezorgd, maar ik heb niets.", "shown_delivered"),
    ("De monteur is niet komen opdagen.", "nobody_came"),
    ("Er is niemand gekomen.", "nobody_came"),
    ("De badkamer is nog steeds niet af.", "work_unfinished"),
    ("De levering is alweer uitgesteld.", "put_off"),
    ("Er is twee keer 49 euro afgeschreven.", "charged_twice"),
    ("Ik heb in april opgezegd en er wordt nog steeds geld afgeschreven.", "charged_after_end"),
    ("Ik krijg een aanmaning terwijl ik allang betaald heb.", "reminded_though_paid"),
    ("De rekening is hoger dan afgesproken.", "more_than_agreed"),
    ("Ik heb de schoenen teruggestuurd.", "sent_back"),
    ("De garantie wordt geweigerd.", "warranty_refused"),
    ("Ik wacht nog op de offerte.", "quote_awaited"),
    ("Niemand heeft me teruggebeld.", "no_call_back"),
    ("Er neemt niemand op.", "nobody_picks_up"),
    ("Ik heb nog geen antwoord gekregen.", "no_reply"),
    ("Ik heb al drie keer gebeld.", "written_often"),
    ("De kraan lekt alweer.", "again"),
    ("Kan ik in termijnen betalen?", "instalments"),
    ("Graag het bedrag terug.", "refund"),
    ("Ik wil mijn abonnement opzeggen.", "of_subscription"),
    ("Ik wil mijn bestelling annuleren.", "of_order"),
    ("Is de fiets al klaar?", "ready"),
]

POLISH = [
    ("Pralka przecieka od spodu.", "leaks"),
    ("Ze zmywarki cieknie woda.", "leaks"),
    ("Piekarnik nie grzeje.", "no_heat"),
    ("Stół przyszedł uszkodzony.", "damaged_on_arrival"),
    ("Telefon się nie ładuje.", "no_power"),
    ("Po dwóch dniach odpadł uchwyt.", "broken_off"),
    ("Krzesło się zepsuło.", "broken"),
    ("Zamek się zacina.", "stuck"),
    ("Suszarka nie działa.", "dead"),
    ("Nic nie działa.", "dead"),
    ("Nie mogę się zalogować.", "login"),
    ("Ciągle wyskakuje błąd.", "error_shown"),
    ("Brakuje dwóch śrub.", "incomplete"),
    ("Przysłali zły rozmiar.", "wrong_size"),
    ("Buty są za małe.", "wrong_size"),
    ("Przyszedł nie ten kolor.", "wrong_colour"),
    ("Kanapa wygląda inaczej niż na zdjęciu.", "not_like_pictures"),
    ("Płytki są położone krzywo.", "bad_work"),
    ("W systemie paczka jest oznaczona jako dostarczona, a ja jej nie mam.", "shown_delivered"),
    ("Monter nie przyjechał.", "nobody_came"),
    ("Nikt nie przyszedł.", "nobody_came"),
    ("Łazienka wciąż nie jest skończona, dalej nie skończyli.", "work_unfinished"),
    ("Dostawę znowu przełożono na inny tydzień.", "put_off"),
    ("Pobrano dwa razy tę samą kwotę.", "charged_twice"),
    ("Zrezygnowałam w kwietniu, a nadal pobieracie opłaty.", "charged_after_end"),
    ("Dostałem wezwanie do zapłaty, choć rachunek jest dawno zapłacony.", "reminded_though_paid"),
    ("Rachunek jest wyższy niż ustaliliśmy.", "more_than_agreed"),
    ("Odesłałam buty w maju.", "sent_back"),
    ("Reklamacja została odrzucona.", "warranty_refused"),
    ("Wciąż czekam na wycenę.", "quote_awaited"),
    ("Nikt nie oddzwonił.", "no_call_back"),
    ("Nikt nie odbiera telefonu.", "nobody_picks_up"),
    ("Do dziś nie mam odpowiedzi.", "no_reply"),
    ("Dzwoniłam już trzy razy.", "written_often"),
    ("Kran znowu przecieka.", "again"),
    ("Czy można rozłożyć to na raty?", "instalments"),
    ("Proszę o zwrot pieniędzy.", "refund"),
    ("Chcę rozwiązać umowę.", "of_subscription"),
    ("Proszę o anulowanie zamówienia.", "of_order"),
    ("Czy rower jest już gotowy?", "ready"),
]


@pytest.mark.parametrize(("said", "aspect"), DUTCH, ids=[one[0][:40] for one in DUTCH])
def test_dutch_says_it_exactly(said: str, aspect: str) -> None:
    assert aspect in find_aspects(said, "nl")


@pytest.mark.parametrize(("said", "aspect"), POLISH, ids=[one[0][:40] for one in POLISH])
def test_polish_says_it_exactly(said: str, aspect: str) -> None:
    assert aspect in find_aspects(said, "pl")


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        pytest.param("nl", "Hij lekt niet meer.", id="denied behind the verb in Dutch"),
        pytest.param("nl", "Wat doe ik als hij lekt?", id="supposed in Dutch"),
        pytest.param("nl", "Lekt zo'n kraan?", id="asked in Dutch"),
        pytest.param("nl", "Ik weet dat u dan niet werkt.", id="a person who does not work in Dutch"),
        pytest.param("pl", "Już nie przecieka.", id="denied in Polish"),
        pytest.param("pl", "Co zrobić, jeśli przecieka?", id="supposed in Polish"),
        pytest.param("pl", "Czy taka bateria przecieka?", id="asked in Polish"),
        pytest.param("pl", "Jestem naprawdę zadowolona.", id="a word that holds another in Polish"),
        pytest.param("nl", "Het pakket zou op 3 mei bezorgd zijn, maar ik heb niets.", id="a promise in Dutch"),
        pytest.param("nl", "Hij is nog niet gekomen.", id="a thing that has not come in Dutch"),
        pytest.param("nl", "Ik heb nog niets van jullie ontvangen.", id="no parcel is no silence in Dutch"),
        pytest.param("nl", "Het duurt veel te lang.", id="a wait is no size in Dutch"),
        pytest.param("pl", "Paczka miała być dostarczona wczoraj, a nic nie przyszło.", id="a promise in Polish"),
        pytest.param("pl", "Trwa to zbyt długo.", id="a wait is no size in Polish"),
        pytest.param("pl", "Ten termin mi nie odpowiada.", id="a day that does not suit in Polish"),
        pytest.param("pl", "W hotelu była cisza i spokój.", id="a quiet hotel in Polish"),
    ],
)
def test_what_a_mail_does_not_state_is_not_found(tag: str, said: str) -> None:
    assert find_aspects(said, tag) == ()


@pytest.mark.parametrize(
    ("tag", "said", "dates", "roles"),
    [
        ("nl", "Ik heb op 3 maart een bank besteld.", ("3 maart",), ["ordered"]),
        ("nl", "De kast zou op 4 mei geleverd worden.", ("4 mei",), ["promised"]),
        ("nl", "Op 1 april heb ik opgezegd.", ("1 april",), ["cancelled"]),
        ("pl", "Zamówiłam kanapę 3 marca.", ("3 marca",), ["ordered"]),
        ("pl", "Dostawa miała być 4 maja.", ("4 maja",), ["promised"]),
        ("pl", "Wypowiedziałem umowę 1 kwietnia.", ("1 kwietnia",), ["cancelled"]),
    ],
)
def test_a_date_is_the_date_of_what_stands_near_it(
    tag: str, said: str, dates: tuple[str, ...], roles: list[str]
) -> None:
    assert [one.role for one in find_dated(said, dates, tag)] == roles


@pytest.mark.parametrize(
    ("tag", "said", "waited"),
    [
        ("nl", "Ik wacht al drie weken.", "drie weken"),
        ("nl", "Drie weken geleden was ik tevreden.", ""),
        ("pl", "Czekam od trzech tygodni.", "trzech tygodni"),
        ("pl", "Od dwóch miesięcy nie mam odpowiedzi.", "dwóch miesięcy"),
        ("pl", "Czekam już trzy tygodnie.", ""),  # another case than the sentences of ours need
    ],
)
def test_how_long_a_customer_has_waited_is_read(tag: str, said: str, waited: str) -> None:
    assert find_wait(said, tag) == waited
