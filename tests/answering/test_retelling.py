"""A customer's sentence as we say it back."""

import pytest

from mailassist.answering.retelling import retold
from mailassist.answering.templates import load_set
from mailassist.shipped import shipped


def locale(tag):
    found = load_set(tag, (shipped("templates"),))
    assert found
    return found.locale


@pytest.mark.parametrize(
    ("tag", "sentence", "said"),
    [
        pytest.param("en", "I bought it from you in May.", "you bought it from us in May", id="en"),
        pytest.param(
            "en",
            "I've rung you twice and was told to wait.",
            "you have rung us twice and were told to wait",
            id="en-was",
        ),
        pytest.param("en", "On Friday my wife and I came by.", "on Friday you and your wife came by", id="en-both"),
        pytest.param("en", "I'd like the £60 refunded, please.", "you would like the £60 refunded", id="en-want"),
        pytest.param(
            "en",
            "Please cancel my place on the course.",
            "you would like us to cancel your place on the course",
            id="en-please",
        ),
        pytest.param("en", "Ordered a lamp and got a chair.", "you ordered a lamp and got a chair", id="en-without-i"),
        pytest.param(
            "es",
            "Pedí tres macetas de barro y vinieron tres de plástico.",
            "usted pidió tres macetas de barro y vinieron tres de plástico",
            id="es",
        ),
        pytest.param(
            "es",
            "El lunes dejé encargadas dos copias.",
            "el lunes usted dejó encargadas dos copias",
            id="es-day",
        ),
        pytest.param(
            "es",
            "No compramos la cuna para guardarla.",
            "ustedes no compraron la cuna para guardarla",
            id="es-several",
        ),
        pytest.param(
            "es",
            "Le escribí dos veces y se lo expliqué.",
            "usted nos escribió dos veces y nos lo explicó",
            id="es-clitic",
        ),
        pytest.param(
            "es",
            "Quiero que me devuelvan los 45 €, por favor.",
            "usted quiere que le devolvamos los 45 €",
            id="es-want",
        ),
        pytest.param(
            "da",
            "Jeg har købt en lampe hos jer i maj, og den blinker.",
            "du har købt en lampe hos os i maj, og den blinker",
            id="da",
        ),
        pytest.param(
            "da",
            "I går bestilte min kone og jeg et bord til vores have.",
            "I går bestilte du og din kone et bord til jeres have",
            id="da-both",
        ),
        pytest.param(
            "da",
            "Jeg vil bare gerne have mine penge tilbage, tak.",
            "du vil gerne have dine penge tilbage",
            id="da-want",
        ),
        pytest.param(
            "da",
            "Bekræft venligst min opsigelse.",
            "du beder os om at bekræfte din opsigelse",
            id="da-please",
        ),
        pytest.param(
            "da",
            "Fik en stol i stedet for en lampe.",
            "du fik en stol i stedet for en lampe",
            id="da-without-jeg",
        ),
        pytest.param(
            "it",
            "Ho ordinato basilico, è cresciuta menta.",
            "ha ordinato basilico, è cresciuta menta",
            id="it",
        ),
        pytest.param(
            "it",
            "Sono caduta dalla bici e ho il polso viola.",
            "lei è caduta dalla bici e ha il polso viola",
            id="it-am",
        ),
        pytest.param("it", "Mi sono iscritta a gennaio.", "lei si è iscritta a gennaio", id="it-reflexive"),
        pytest.param("it", "Abbiamo prenotato per il 12.", "avete prenotato per il 12", id="it-several"),
        pytest.param(
            "it",
            "Chiedo che mi spieghiate questi due addebiti.",
            "chiede che le spieghiamo questi due addebiti",
            id="it-want",
        ),
        pytest.param(
            "de",
            "Am 3. Mai habe ich bei Ihnen eine Lampe bestellt.",
            "Am 3. Mai haben Sie bei uns eine Lampe bestellt",
            id="de",
        ),
        pytest.param(
            "de",
            "Meine Frau und ich warten seit drei Wochen auf unser Sofa.",
            "Sie und Ihre Frau warten seit drei Wochen auf Ihr Sofa",
            id="de-both",
        ),
        pytest.param(
            "de",
            "Hab zwei Stühle bestellt und bekomme nur einen.",
            "Sie haben zwei Stühle bestellt und bekommen nur einen",
            id="de-without-i",
        ),
        pytest.param(
            "de",
            "Ich ärgere mich, dass ich nichts höre.",
            "Sie ärgern sich, dass Sie nichts hören",
            id="de-self",
        ),
        pytest.param(
            "de",
            "Ich konnte am Montag nicht kommen, weil ich krank war.",
            "Sie konnten am Montag nicht kommen, weil Sie krank waren",
            id="de-at-the-end",
        ),
        pytest.param("de", "Ich will mein Geld zurück.", "Sie möchten Ihr Geld zurück", id="de-want"),
        pytest.param(
            "de",
            "Bitte teilen Sie mir mit, wann die Lampe kommt.",
            "Sie möchten, dass wir Ihnen mitteilen, wann die Lampe kommt",
            id="de-please",
        ),
        pytest.param(
            "de",
            "Bitte meine Bestellung stornieren.",
            "Sie möchten, dass wir Ihre Bestellung stornieren",
            id="de-please-short",
        ),
        pytest.param(
            "nb",
            "Jeg har kjøpt ei lampe hos dere i mai, og den blinker.",
            "du har kjøpt ei lampe hos oss i mai, og den blinker",
            id="nb",
        ),
        pytest.param(
            "nb",
            "I går spurte jeg dere om prisen på en stol.",
            "I går spurte du oss om prisen på en stol",
            id="nb-us",
        ),
        pytest.param(
            "nb",
            "Jeg vil bare ha pengene mine tilbake, takk.",
            "du vil ha pengene dine tilbake",
            id="nb-want",
        ),
        pytest.param("nb", "Vær så snill og send meg en ny.", "du ber oss om å sende deg en ny", id="nb-please"),
        pytest.param(
            "nb",
            "Fikk en stol i stedet for ei lampe.",
            "du fikk en stol i stedet for ei lampe",
            id="nb-without-jeg",
        ),
        pytest.param(
            "nb",
            "Jeg vet at ingen av dere vil oss vondt.",
            "du vet at ingen av oss vil dere vondt",
            id="nb-subject-or-object",
        ),
        pytest.param(
            "sv",
            "Jag köpte en lampa av er i maj, och den blinkar.",
            "du köpte en lampa av oss i maj, och den blinkar",
            id="sv",
        ),
        pytest.param(
            "sv",
            "I går beställde min man och jag ett bord till vår trädgård.",
            "I går beställde du och din man ett bord till er trädgård",
            id="sv-both",
        ),
        pytest.param(
            "sv",
            "Jag vill bara ha mina pengar tillbaka, tack.",
            "du vill ha dina pengar tillbaka",
            id="sv-want",
        ),
        pytest.param(
            "sv",
            "Snälla, avsluta mitt abonnemang.",
            "du ber oss att avsluta ditt abonnemang",
            id="sv-please",
        ),
        pytest.param(
            "sv",
            "Fick en stol i stället för en lampa.",
            "du fick en stol i stället för en lampa",
            id="sv-without-jag",
        ),
        pytest.param(
            "fr",
            "J'ai commandé chez vous une lampe le 3 mai.",
            "vous avez commandé chez nous une lampe le 3 mai",
            id="fr",
        ),
        pytest.param(
            "fr",
            "Le 3 mai, nous vous avons envoyé nos mesures.",
            "le 3 mai, vous nous avez envoyé vos mesures",
            id="fr-several",
        ),
        pytest.param(
            "fr",
            "Je ne suis pas retournée au magasin, j'attends ma lampe.",
            "vous n'êtes pas retournée au magasin, vous attendez votre lampe",
            id="fr-elided",
        ),
        pytest.param(
            "fr",
            "Je préfère un avoir et je vous renvoie la lampe.",
            "vous préférez un avoir et vous nous renvoyez la lampe",
            id="fr-accent",
        ),
        pytest.param(
            "fr",
            "Je voudrais donc que vous repreniez la mienne.",
            "vous souhaitez que nous reprenions la vôtre",
            id="fr-want",
        ),
        pytest.param(
            "fr",
            "Merci de me rembourser les 60 € sur ma carte.",
            "vous nous demandez de vous rembourser les 60 € sur votre carte",
            id="fr-please",
        ),
        pytest.param("pt", "Pedi tulipas, nasceram narcisos.", "pediu tulipas, nasceram narcisos", id="pt"),
        pytest.param("pt", "Não recebi a encomenda 40-118.", "não recebeu a encomenda 40-118", id="pt-not"),
        pytest.param(
            "pt",
            "Cancelámos a estadia com um mês de antecedência.",
            "cancelaram a estadia com um mês de antecedência",
            id="pt-several",
        ),
        pytest.param(
            "pt",
            "Quero que me enviem o comando certo, por favor.",
            "quer que lhe enviemos o comando certo",
            id="pt-want",
        ),
        pytest.param("pt", "Peço-lhes uma data firme.", "pede-nos uma data firme", id="pt-ask"),
        pytest.param(
            "pt-BR",
            "Deixei duas poltronas pra reformar faz um mês.",
            "você deixou duas poltronas para reformar faz um mês",
            id="pt-br",
        ),
        pytest.param(
            "pt-BR",
            "Na caixa veio um guia que não pedi.",
            "na caixa veio um guia que você não pediu",
            id="pt-br-that",
        ),
        pytest.param("pt-BR", "Quero o site de volta hoje.", "você quer o site de volta hoje", id="pt-br-want"),
        pytest.param(
            "nl",
            "Op 3 mei heb ik bij u een lamp besteld.",
            "Op 3 mei hebt u bij ons een lamp besteld",
            id="nl",
        ),
        pytest.param(
            "nl",
            "Mijn vrouw en ik wachten al drie weken op onze bank.",
            "u en uw vrouw wachten al drie weken op uw bank",
            id="nl-both",
        ),
        pytest.param(
            "nl",
            "Ik wacht al weken en krijg geen antwoord.",
            "u wacht al weken en krijgt geen antwoord",
            id="nl-and",
        ),
        pytest.param("nl", "Ik heb jullie drie keer gebeld.", "u hebt ons drie keer gebeld", id="nl-called-us"),
        pytest.param("nl", "Ik wil gewoon mijn geld terug.", "u wilt uw geld terug", id="nl-want"),
        pytest.param("nl", "Stuur me een nieuwe factuur.", "u wilt dat we u een nieuwe factuur sturen", id="nl-order"),
        pytest.param(
            "nl",
            "Gelieve mijn bestelling te annuleren.",
            "u vraagt ons uw bestelling te annuleren",
            id="nl-please",
        ),
        pytest.param("ru", "Я заказала у вас лампу 3 мая.", "Вы заказали у нас лампу 3 мая", id="ru"),
        pytest.param(
            "ru",
            "Купил у вас лампу и сразу оплатил.",
            "Вы купили у нас лампу и сразу оплатили",
            id="ru-without-i",
        ),
        pytest.param(
            "ru",
            "В мае забронировала номер на двоих.",
            "в мае Вы забронировали номер на двоих",
            id="ru-day-first",
        ),
        pytest.param(
            "ru",
            "Жду свою лампу третью неделю и не могу до вас дозвониться.",
            "Вы ждёте свою лампу третью неделю и не можете до нас дозвониться",
            id="ru-present",
        ),
        pytest.param("ru", "Мы с мужем приехали к вам в субботу.", "Вы с мужем приехали к нам в субботу", id="ru-both"),
        pytest.param(
            "ru",
            "Прошу вернуть мне деньги на мою карту.",
            "Вы просите вернуть Вам деньги на Вашу карту",
            id="ru-want",
        ),
        pytest.param(
            "ru",
            "Отмените, пожалуйста, мою запись на среду.",
            "Вы просите отменить Вашу запись на среду",
            id="ru-please",
        ),
    ],
)
def test_what_they_did_or_want_is_said_of_them(tag, sentence, said):
    found = retold(sentence, locale(tag))
    assert found
    assert found.text == said
    assert found.own


@pytest.mark.parametrize(
    ("tag", "sentence", "said"),
    [
        pytest.param("en", "You took the money on the 3rd.", "we took the money on the 3rd", id="en-us"),
        pytest.param(
            "en",
            "The lamp you sold me flickers and is warm.",
            "the lamp we sold you flickers and is warm",
            id="en-thing",
        ),
        pytest.param("en", 'The label says "keep it with you".', 'the label says "keep it with you"', id="en-quoted"),
        pytest.param(
            "es",
            "Pedí una bacha y me mandaron otra.",
            "usted pidió una bacha y le mandamos otra",
            id="es-us",
        ),
        pytest.param("es", "Me dijisteis quince días.", "le dijimos quince días", id="es-you"),
        pytest.param(
            "es",
            "La cremallera de mi mochila azul se atasca.",
            "la cremallera de su mochila azul se atasca",
            id="es-thing",
        ),
        pytest.param("es", 'La etiqueta dice "yo no destiño".', 'la etiqueta dice "yo no destiño"', id="es-quoted"),
        pytest.param("da", "I har trukket 300 kr. fra min konto.", "vi har trukket 300 kr. fra din konto", id="da-us"),
        pytest.param(
            "da",
            "Lampen, De solgte mig, blinker, og Deres montør kom ikke.",
            "Lampen, vi solgte dig, blinker, og vores montør kom ikke",
            id="da-De",
        ),
        pytest.param(
            "da",
            'I manualen står der "ring til jer selv".',
            'I manualen står der "ring til jer selv"',
            id="da-quoted",
        ),
        pytest.param("da", "I går lå der to ens i kassen.", "I går lå der to ens i kassen", id="da-no-pronoun"),
        pytest.param("it", "Mi avete addebitato altri 49 euro.", "le abbiamo addebitato altri 49 euro", id="it-us"),
        pytest.param(
            "it",
            "La manopola che mi avete montato gira a vuoto.",
            "la manopola che le abbiamo montato gira a vuoto",
            id="it-thing",
        ),
        pytest.param("it", "L'ordine doveva arrivare ieri.", "l'ordine doveva arrivare ieri", id="it-elided"),
        pytest.param(
            "it",
            'Sul sito la pagina dice "io ci sono".',
            'sul sito la pagina dice "io ci sono"',
            id="it-quoted",
        ),
        pytest.param(
            "de",
            "Sie haben mir die falsche Lampe geschickt.",
            "wir haben Ihnen die falsche Lampe geschickt",
            id="de-us",
        ),
        pytest.param(
            "de",
            "Ihr habt gesagt, dass euer Fahrer mich anruft.",
            "wir haben gesagt, dass unser Fahrer Sie anruft",
            id="de-us-several",
        ),
        pytest.param(
            "de",
            "Die Lampe, die Sie mir verkauft haben, flackert.",
            "Die Lampe, die wir Ihnen verkauft haben, flackert",
            id="de-thing",
        ),
        pytest.param(
            "de",
            'Auf dem Etikett steht "bleibt bei mir kalt".',
            'Auf dem Etikett steht "bleibt bei mir kalt"',
            id="de-quoted",
        ),
        pytest.param(
            "nb",
            "Nå har dere trukket 300 kroner fra kontoen min.",
            "Nå har vi trukket 300 kroner fra kontoen din",
            id="nb-inverted",
        ),
        pytest.param(
            "nb",
            "Sjåføren deres satte esken i hagen vår.",
            "sjåføren vår satte esken i hagen deres",
            id="nb-whose",
        ),
        pytest.param("nb", 'På skiltet står det "ring til oss".', 'På skiltet står det "ring til oss"', id="nb-quoted"),
        pytest.param(
            "sv",
            "Ni har dragit 300 kronor från mitt konto.",
            "vi har dragit 300 kronor från ditt konto",
            id="sv-us",
        ),
        pytest.param(
            "sv",
            "Er chaufför ställde lådan i vår trädgård.",
            "vår chaufför ställde lådan i er trädgård",
            id="sv-whose",
        ),
        pytest.param("sv", 'På skylten står det "ring oss".', 'På skylten står det "ring oss"', id="sv-quoted"),
        pytest.param("sv", "Ni skulle höra av er i vår.", "vi skulle höra av oss i vår", id="sv-season"),
        pytest.param("fr", "Vous m'avez dit cinq jours.", " que nous vous avons dit cinq jours", id="fr-us"),
        pytest.param(
            "fr",
            "La lampe que vous m'avez vendue ne marche plus.",
            " que la lampe que nous vous avons vendue ne marche plus",
            id="fr-thing",
        ),
        pytest.param(
            "fr",
            "Il manque deux vis dans mon colis.",
            " qu'il manque deux vis dans votre colis",
            id="fr-elided-that",
        ),
        pytest.param(
            "fr",
            "J'ai appelé et vous avez raccroché.",
            "\u00a0: vous avez appelé et nous avons raccroché",
            id="fr-two-clauses",
        ),
        pytest.param(
            "fr",
            "L'étiquette dit « rien pour moi ».",
            " que l'étiquette dit « rien pour moi »",
            id="fr-quoted",
        ),
        pytest.param(
            "pt",
            "Cobraram-me o dia inteiro por quarenta minutos.",
            "cobrámos-lhe o dia inteiro por quarenta minutos",
            id="pt-us",
        ),
        pytest.param(
            "pt",
            "O comando que me mandaram abre o portão do vizinho.",
            "o comando que lhe mandámos abre o portão do vizinho",
            id="pt-thing",
        ),
        pytest.param("pt", 'O ecrã mostra "eu não sei".', 'o ecrã mostra "eu não sei"', id="pt-quoted"),
        pytest.param("pt-BR", "Vocês cancelaram a reserva na quinta.", "cancelamos a reserva na quinta", id="pt-br-us"),
        pytest.param(
            "nl",
            "U hebt mij de verkeerde lamp gestuurd.",
            "we hebben u de verkeerde lamp gestuurd",
            id="nl-us",
        ),
        pytest.param(
            "nl",
            "Jullie zeiden dat jullie systeem plat lag.",
            "we zeiden dat ons systeem plat lag",
            id="nl-us-several",
        ),
        pytest.param(
            "nl",
            "De lamp die u in maart plaatste flikkert.",
            "De lamp die we in maart plaatsten flikkert",
            id="nl-thing",
        ),
        pytest.param(
            "nl",
            'Op het etiket staat "bij mij blijft het koel".',
            'Op het etiket staat "bij mij blijft het koel"',
            id="nl-quoted",
        ),
        pytest.param(
            "ru",
            "Вы обещаете перезвонить и не перезваниваете.",
            "мы обещаем перезвонить и не перезваниваем",
            id="ru-us",
        ),
        pytest.param(
            "ru",
            "Лампа, которую вы мне прислали, не горит.",
            "лампа, которую мы Вам прислали, не горит",
            id="ru-thing",
        ),
        pytest.param("ru", "Прислали не ту лампу.", "Вам прислали не ту лампу", id="ru-somebody"),
        pytest.param("ru", "На этикетке написано «не для вас».", "на этикетке написано «не для вас»", id="ru-quoted"),
    ],
)
def test_what_they_say_of_us_or_of_a_thing_is_told(tag, sentence, said):
    found = retold(sentence, locale(tag))
    assert found
    assert found.text == said
    assert not found.own


@pytest.mark.parametrize(
    ("tag", "sentence"),
    [
        pytest.param("en", "You lot never listen.", id="en-whom"),
        pytest.param("en", "Third time in a month.", id="en-fragment"),
        pytest.param("en", "When will my lamp come?", id="en-question"),
        pytest.param("en", "Refund me by Friday.", id="en-order"),
        pytest.param("en", "Royal Mail has lost it.", id="en-name-first"),
        pytest.param("en", "I must have the lamp, I have to leave on Friday.", id="en-would-sting"),
        pytest.param("es", "La moto que me vendió pierde aceite.", id="es-whom"),
        pytest.param("es", "Tercera vez en un mes.", id="es-fragment"),
        pytest.param("es", "Devuélvanme los dos recibos.", id="es-order"),
        pytest.param("es", "Si no llega el viernes, buscaré a otro.", id="es-if"),
        pytest.param("es", "Nerea resolvió la avería.", id="es-name-first"),
        pytest.param("da", "De har ikke svaret i tre uger.", id="da-they-or-you"),
        pytest.param("da", "Tredje gang på en måned.", id="da-fragment"),
        pytest.param("da", "Hvis I ikke svarer, går jeg et andet sted hen.", id="da-if-not"),
        pytest.param("da", "Send en ny, og hent den gamle.", id="da-two-orders"),
        pytest.param("da", "I er nogle flinke folk.", id="da-of-us"),
        pytest.param("da", "Jeg må have lampen inden fredag.", id="da-would-sting"),
        pytest.param("it", "Mi aveva detto tre settimane.", id="it-whom"),
        pytest.param("it", "Terza volta in un mese.", id="it-fragment"),
        pytest.param("it", "Mandatemi quella giusta.", id="it-order"),
        pytest.param("it", "Se non può arrivare entro il 20, annullo.", id="it-if"),
        pytest.param("it", "Giada ha perso il pacco.", id="it-name-first"),
        pytest.param("de", "Sie sind zu klein.", id="de-they-or-you"),
        pytest.param("de", "Gestern rief ich an und wurde vertröstet.", id="de-who-was"),
        pytest.param("de", "Der Monteur hat uns sitzen lassen.", id="de-uns"),
        pytest.param("de", "Dritter Anruf in einer Woche.", id="de-fragment"),
        pytest.param("de", "Wenn Sie nicht zahlen, gehe ich anderswohin.", id="de-if-not"),
        pytest.param("de", "Erstatten Sie mir das Geld und holen Sie die Lampe ab.", id="de-two-orders"),
        pytest.param("de", "Ich muss die Lampe bis Freitag haben.", id="de-would-sting"),
        pytest.param("nb", "Gjestene mine vil ha reisen deres dekket.", id="nb-theirs-or-yours"),
        pytest.param("nb", "Tredje gang på en måned.", id="nb-fragment"),
        pytest.param("nb", "Hvis dere ikke svarer, går jeg et annet sted.", id="nb-if-not"),
        pytest.param("nb", "Send en ny, og hent den gamle.", id="nb-two-orders"),
        pytest.param("nb", "Eg har ikkje fått noko.", id="nb-nynorsk"),
        pytest.param("nb", "Jeg må ha lampa innen fredag.", id="nb-would-sting"),
        pytest.param("sv", "De har inte svarat på tre veckor.", id="sv-they"),
        pytest.param("sv", "Tredje gången på en månad.", id="sv-fragment"),
        pytest.param("sv", "Om ni inte svarar går jag någon annanstans.", id="sv-if-not"),
        pytest.param("sv", "Skicka en ny, och hämta den gamla.", id="sv-two-orders"),
        pytest.param("sv", "Jag mejlade er chefen.", id="sv-you-or-your"),
        pytest.param("sv", "Jag måste ha lampan före fredag.", id="sv-would-sting"),
        pytest.param("fr", "Vous feriez mieux de fermer, tu le sais.", id="fr-whom"),
        pytest.param("fr", "Troisième retard en un mois.", id="fr-fragment"),
        pytest.param("fr", "On avait réservé une table.", id="fr-one"),
        pytest.param("fr", "Faites vite, mes enfants attendent.", id="fr-order"),
        pytest.param("fr", "Si vous ne répondez pas, je résilie.", id="fr-if"),
        pytest.param("pt", "A aplicação parou e cobrou-me 26 euros.", id="pt-whom"),
        pytest.param("pt", "Terceira vez num mês.", id="pt-fragment"),
        pytest.param("pt", "Digam-me quando chega.", id="pt-order"),
        pytest.param("pt", "Se não puderem até ao dia 2, prefiro anular.", id="pt-if"),
        pytest.param("pt", "Soraia tratou de tudo.", id="pt-name-first"),
        pytest.param("pt-BR", "Me digam em que pé está.", id="pt-br-order"),
        pytest.param("nl", "Als je op het bed gaat liggen, kraakt het.", id="nl-one-or-you"),
        pytest.param("nl", "De lamp die ik me had voorgesteld was groen.", id="nl-self"),
        pytest.param("nl", "Kreeg de blauwe, wilde de rode.", id="nl-fragment"),
        pytest.param("nl", "Als u niet betaalt, ga ik ergens anders heen.", id="nl-if-not"),
        pytest.param("nl", "Haal de lamp op en stort het geld terug.", id="nl-two-orders"),
        pytest.param("nl", "Ik moet de lamp voor vrijdag hebben.", id="nl-would-sting"),
        pytest.param("ru", "Ты сам всё знаешь.", id="ru-whom"),
        pytest.param("ru", "Третий раз за месяц.", id="ru-fragment"),
        pytest.param("ru", "Если не вернёте деньги, подам жалобу.", id="ru-if"),
        pytest.param("ru", "Приехал мастер и взял 4 500.", id="ru-whose-verb"),
        pytest.param("ru", "Катя помогла нам с доставкой.", id="ru-name-first"),
    ],
)
def test_what_is_not_clear_stays_a_quotation(tag, sentence):
    assert retold(sentence, locale(tag)) is None


def test_without_rules_nothing_is_retold():
    bare = locale("en")
    raw = {key: value for key, value in bare.raw.items() if key != "retelling"}
    assert retold("I bought it in May.", type(bare)(bare.tag, raw, bare.triggers, bare.variants)) is None
