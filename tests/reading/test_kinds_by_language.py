"""What organisations answer, phrase by phrase in the languages of Europe: the kind that is read, and what never is."""

from __future__ import annotations

import pytest

from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, QUOTED_INVITATION, reading_of

_TO_INVITATION = {
    Kind.SIGNUP: [
        "Wir zögern nicht und unterschreiben: Verein Brücke, Kassel.",
        "Kein Problem, wir sind dabei: Frauencafé Ulm.",
        "Gern würden wir uns anschließen. Initiative Offenes Dorf, Soltau.",
        "Bitte setzt den Mieterrat Ost auf die Liste, Sitz ist Jena. Falls ihr noch Fragen habt, ruft an.",
        "Pas de manifestation chez nous, mais nous signons : Collectif du Port, Brest.",
        "Notre association, l'Atelier des Voisins, souhaite signer. Si vous avez besoin d'autre chose, écrivez-moi.",
        "Con mucho gusto nos sumamos a la declaración. Asociación Vecinal El Pozo, Huelva.",
        "Pueden incluir a la Casa de la Mujer de Rosario en la lista.",
        "La nostra associazione aderisce volentieri: Circolo del Porto, Ancona.",
        "Mettete pure il Comitato Acqua Viva, Pescara.",
        "Wij tekenen graag mee: Buurthuis De Klok, Zwolle.",
        "Zet ons er maar bij: Stichting Open Deur, Leiden.",
        "Vi skriver gärna under! Föreningen Ljusglimten, Luleå.",
        "Sätt gärna upp oss på listan, Kulturföreningen Norr, Kiruna.",
        "Vi skriver gjerne under. Foreningen Fjordlys, Molde.",
        "Sett oss på listen: Kvinnegruppa Sør, Arendal.",
        "Vi vil gerne skrive under. Foreningen Havnen, Esbjerg.",
        "Skriv os på listen: Beboerhuset, Aarhus.",
        "Assinamos com muito gosto. Associação Maré Cheia, Setúbal.",
        "Podem incluir o Coletivo Raiz, de Recife.",
        "Chętnie podpiszemy. Stowarzyszenie Most, Gdynia.",
        "Proszę nas dopisać: Fundacja Latarnia, Sopot.",
        "Υπογράφουμε με χαρά. Σύλλογος Γυναικών, Πάτρα.",
        "Παρακαλώ προσθέστε μας: Στέκι Γειτονιάς, Βόλος.",
        "Allekirjoitamme mielellämme. Naapuriyhdistys, Oulu.",
        "Lisätkää meidät listalle: Rauhanryhmä, Turku.",
    ],
    Kind.DECLINE: [
        "Leider können wir uns nicht anschließen.",
        "Der Vorstand hat beschlossen, den Aufruf nicht mitzuzeichnen.",
        "Malheureusement, nous ne signerons pas ce texte.",
        "Merci, mais nous préférons ne pas signer.",
        "Lamentablemente no podemos firmar el documento.",
        "Hemos acordado no adherirnos.",
        "Purtroppo non possiamo aderire.",
        "Il direttivo ha deciso di non firmare.",
        "Helaas kunnen we niet ondertekenen.",
        "Wij zien af van ondertekening.",
        "Tyvärr måste vi tacka nej.",
        "Styrelsen har beslutat att inte skriva under.",
        "Vi må dessverre takke nei.",
        "Styret har vedtatt å ikke signere.",
        "Vi må desværre takke nej.",
        "Bestyrelsen har besluttet ikke at skrive under.",
        "Infelizmente não podemos assinar.",
        "A direção decidiu não subscrever o texto.",
        "Niestety nie podpiszemy tego apelu.",
        "Zarząd postanowił nie przyłączać się.",
        "Δυστυχώς δεν μπορούμε να υπογράψουμε.",
        "Valitettavasti emme voi allekirjoittaa.",
        "Hallitus päätti olla allekirjoittamatta.",
    ],
    Kind.QUESTION: [
        "Wir unterschreiben, wenn der zweite Satz gestrichen wird.",
        "Unser Vorstand tagt erst am Montag, wir melden uns.",
        "Wer unterschreibt denn noch?",
        "Nous signerons à condition que le deuxième paragraphe change.",
        "Notre bureau doit en discuter, nous reviendrons vers vous.",
        "Firmaremos solo si quitan el segundo párrafo.",
        "La directiva decidirá el lunes, les avisaremos.",
        "Firmiamo solo se togliete la seconda frase.",
        "Il direttivo deve ancora discuterne, vi faremo sapere.",
        "We ondertekenen alleen als de tweede zin verdwijnt.",
        "Het bestuur vergadert maandag, we laten het weten.",
        "Vi skriver under om ni stryker andra meningen.",
        "Styrelsen beslutar på måndag, vi återkommer.",
        "Vi skriver under hvis dere stryker den andre setningen.",
        "Bestyrelsen tager det op på mandag, vi vender tilbage.",
        "Assinamos só se tirarem a segunda frase.",
        "Podpiszemy, jeśli usuniecie drugie zdanie.",
        "Θα υπογράψουμε μόνο αν αλλάξει η δεύτερη πρόταση.",
        "Ποιοι άλλοι υπογράφουν;",
        "Allekirjoitamme, jos toinen lause poistetaan.",
    ],
    Kind.UNSUBSCRIBE: [
        "Bitte streichen Sie uns aus Ihrem Verteiler.",
        "Schreiben Sie uns bitte nicht mehr.",
        "Merci de ne plus nous écrire.",
        "Retirez mon adresse de votre fichier.",
        "Por favor, no nos escriban más.",
        "Vi prego di cancellare il mio indirizzo.",
        "Stuur ons geen mails meer.",
        "Skicka inga fler mejl, tack.",
        "Vennligst slutt å sende oss e-post.",
        "Fjern venligst min adresse fra jeres liste.",
        "Parem de nos enviar mensagens, por favor.",
        "Proszę o usunięcie mojego adresu z bazy.",
        "Μην μας στέλνετε άλλα μηνύματα.",
        "Poistakaa osoitteeni postituslistalta.",
    ],
}
_TO_ASKING = {
    Kind.CONFIRMATION: [
        "Ja, das passt so, bitte drucken.",
        "Die Zeile ist richtig.",
        "C'est bien nous, la ligne est correcte.",
        "Sí, todo correcto.",
        "Sì, va bene così.",
        "Ja hoor, klopt helemaal.",
        "Ja, det stämmer bra.",
        "Ja, det stemmer.",
        "Ja, det er rigtigt.",
        "Sim, está tudo certo.",
        "Tak, wszystko się zgadza.",
        "Ναι, είναι σωστό.",
        "Kyllä, tiedot ovat oikein.",
    ],
    Kind.WITHDRAWAL: [
        "Bitte löschen Sie unsere Unterschrift wieder, der Vorstand will es nicht.",
        "Das waren wir nicht, wir haben nie unterschrieben.",
        "Veuillez retirer notre signature.",
        "Nous n'avons jamais signé ce texte.",
        "Retiren nuestra firma, por favor.",
        "Vi chiediamo di togliere la nostra firma.",
        "Wij trekken onze handtekening in.",
        "Vi drar tillbaka vår underskrift.",
        "Vi trekker underskriften vår.",
        "Vi trækker vores underskrift tilbage.",
        "Queremos retirar a nossa assinatura.",
        "Wycofujemy nasz podpis.",
        "Αποσύρουμε την υπογραφή μας.",
        "Vedämme allekirjoituksemme pois.",
    ],
    Kind.CORRECTION: [
        "Bitte korrigieren: Es muss Solidaritätsrat heißen.",
        "Merci de corriger : la bonne ville est Malmö.",
        "Hay un error: debe decir Malmö.",
        "C'è un errore, dovrebbe essere Malmö.",
        "Het moet Malmö zijn, niet Stockholm.",
        "Det ska stå Malmö i stället för Stockholm.",
        "Det skal stå Malmø i stedet for Stockholm.",
        "Der er en fejl, byen skal være Malmø.",
        "Por favor corrijam: deve ser Malmö.",
        "Proszę poprawić: powinno być Malmö.",
        "Παρακαλώ διορθώστε: πρέπει να είναι Μάλμε.",
        "Korjatkaa kaupunki: pitää olla Malmö.",
    ],
}
_ALL = [
    *((kind, text, QUOTED_INVITATION) for kind, texts in _TO_INVITATION.items() for text in texts),
    *((kind, text, QUOTED_ASKING) for kind, texts in _TO_ASKING.items() for text in texts),
]


@pytest.mark.parametrize(("kind", "text", "quoted"), _ALL, ids=[text for _, text, _ in _ALL])
def test_the_kind_is_read_in_the_senders_language(kind: Kind, text: str, quoted: str) -> None:
    assert reading_of(text + quoted).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Communiqué. « Nous refusons la hausse des loyers », dit Horizons. Contact presse : Maud, 04 91 55 50 12",
        "Herzliche Einladung zum Sommerfest am Samstag! Anmeldung bitte bis Freitag.",
        "Best price for flags and banners, fast delivery. Our products are shipped worldwide.",
        "Nota de prensa: el colectivo presenta su informe. Contacto de prensa: Luz.",
    ],
)
def test_what_is_sent_to_everybody_signs_nothing(text: str) -> None:
    reading = reading_of(text, subject="September")
    assert reading.kind is Kind.OTHER
    assert reading.signups == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("At its meeting on Friday our board decided to endorse. Please add us.", Kind.SIGNUP),
        ("در جلسهٔ دیشب تصویب شد که این بیانیه را امضا کنیم.", Kind.SIGNUP),
        ("In der Sitzung am Montag hat der Vorstand beschlossen, dass wir unterschreiben.", Kind.SIGNUP),
        ("Our board meets on Friday, then we sign.", Kind.QUESTION),
        ("In der Sitzung am Montag entscheidet der Vorstand, ob wir unterschreiben.", Kind.QUESTION),
        ("در جلسهٔ آینده تصمیم می‌گیریم که امضا کنیم.", Kind.QUESTION),
    ],
)
def test_what_a_meeting_has_settled_is_no_longer_pending(text: str, kind: Kind) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind is kind
