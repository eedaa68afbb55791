"""Forty replies to an invitation, no two alike, for ``reading.py``: eleven languages, six clients, about 8 kB each.

Every reply has text and HTML, with the quoted original in both, in the manner of its client.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from html import escape
from itertools import cycle, islice
from typing import Final

SIZE: Final = 8_000  #: octets of a reply, about
COUNT: Final = 40


@dataclass(frozen=True, slots=True)
class _Tongue:
    """What is written in one language: our letter by paragraphs, how clients introduce it, and answers."""

    letter: tuple[str, ...]
    wrote: str  #: with {date} and {us}
    heads: tuple[str, str, str, str]  #: From, Sent, To, Subject of a block of headers
    answers: tuple[str, ...]  #: with {name}, {city}, {country}, {person}


_US: Final = "Campaign <contact@campaign.example>"

_TONGUES: Final = {
    "en": _Tongue(
        (
            "I am writing for the group that prepares the joint statement “No one is forgotten” for 5 September. "
            "Thirty-one organisations from nine countries have signed, among them a dockers' union and a theatre.",
            "Would your organisation sign too? There is nothing to open: the whole text is below, and a plain reply is "
            "enough, in any language. If yes, please answer with:",
            "Name in English or your language:\nName in Persian (empty if none):\nCity (empty if it must not be "
            "printed):\nCountry:\nWho speaks for you (not printed):\nAction on 5 September (yes/no, place, time):",
            "Only name, city and country are printed, and nothing before you have seen your exact line. Names of "
            "persons and addresses stay with the coordinators and are deleted 90 days after the end.",
            "Not sure it is us? Ask any signatory you know, or send this letter back to us and ask. A short “no” helps "
            "too; then we stop writing. To be on the list in time, please answer by 28 August.",
        ),
        "On {date}, {us} wrote:",
        ("From", "Sent", "To", "Subject"),
        (
            "Dear friends,\n\nour board met on Tuesday, and {name} will sign the joint statement. We are based in "
            "{city}, {country}. Please send us the printed list when it is ready, we would like to show it at our "
            "summer fair.\n\nWith solidarity,\n{person}\nsecretary",
            "Name in English or your language: {name}\nName in Persian (empty if none):\nCity (empty if it must not be "
            "printed): {city}\nCountry: {country}\nWho speaks for you (not printed): {person}\nAction on 5 September "
            "(yes/no, place, time): yes, Market Square, 17:30",
            "Hello,\n\nthank you for the letter. Before we decide: who wrote the statement, and can we see the names "
            "of those who have signed so far? {name} only signs what its members have read.\n\nBest wishes\n{person}",
            "Hi, thanks for asking, but {name} does not sign statements of others this year. We wish you all the best "
            "with it.\n\n{person}, {city}",
        ),
    ),
    "de": _Tongue(
        (
            "ich schreibe für die Gruppe, die die gemeinsame Erklärung „Niemand ist vergessen“ zum 5. September "
            "vorbereitet. Einunddreißig Organisationen aus neun Ländern haben unterschrieben.",
            "Würde auch Ihre Organisation unterzeichnen? Es gibt nichts zu öffnen: der ganze Text steht unten, und eine "
            "einfache Antwort genügt, in jeder Sprache. Wenn ja, antworten Sie bitte mit:",
            "Name auf Deutsch oder in Ihrer Sprache:\nName auf Persisch (leer, wenn keiner):\nStadt (leer, wenn sie "
            "nicht gedruckt werden soll):\nLand:\nWer für Sie spricht (wird nicht gedruckt):\nAktion am 5. September:",
            "Gedruckt werden nur Name, Stadt und Land, und nichts, bevor Sie Ihre genaue Zeile gesehen haben. Namen "
            "von Personen und Adressen bleiben bei der Koordination und werden 90 Tage nach dem Ende gelöscht.",
            "Nicht sicher, ob wir es sind? Fragen Sie jemanden, der unterschrieben hat. Auch ein kurzes „Nein“ hilft; "
            "dann schreiben wir nicht mehr. Bitte antworten Sie bis zum 28. August.",
        ),
        "Am {date} schrieb {us}:",
        ("Von", "Gesendet", "An", "Betreff"),
        (
            "Liebe Freundinnen und Freunde,\n\nder Vorstand hat gestern beschlossen: {name} unterzeichnet die "
            "Erklärung. Wir sitzen in {city}. Eine Aktion planen wir nicht, aber wir hängen den Text in unserem Laden "
            "aus.\n\nMit solidarischen Grüßen\n{person}",
            "Name auf Deutsch oder in Ihrer Sprache: {name}\nStadt (leer, wenn sie nicht gedruckt werden soll): {city}\n"
            "Land: {country}\nWer für Sie spricht (wird nicht gedruckt): {person}\nAktion am 5. September: nein",
            "Guten Tag,\n\nwir haben Ihre Nachricht bekommen und beraten darüber im August. Bis wann brauchen Sie eine "
            "Antwort, und wer steht hinter der Kampagne?\n\nFreundliche Grüße\n{person}\n{name}",
            "Hallo, vielen Dank für die Anfrage. {name} möchte die Erklärung nicht unterzeichnen, weil wir uns nur zu "
            "eigenen Themen äußern. Viel Erfolg!\n\n{person}",
        ),
    ),
    "fr": _Tongue(
        (
            "j'écris au nom du groupe qui prépare la déclaration commune « Personne n'est oublié » pour le 5 septembre. "
            "Trente et une organisations de neuf pays ont signé, dont un syndicat de dockers et un théâtre.",
            "Votre organisation signerait-elle aussi ? Il n'y a rien à ouvrir : tout le texte est ci-dessous, et une "
            "simple réponse suffit, dans n'importe quelle langue. Si oui, répondez s'il vous plaît avec :",
            "Nom en français ou dans votre langue :\nNom en persan (vide s'il n'y en a pas) :\nVille (vide si elle ne "
            "doit pas être imprimée) :\nPays :\nQui parle pour vous (pas imprimé) :\nAction le 5 septembre :",
            "Seuls le nom, la ville et le pays sont imprimés, et rien avant que vous n'ayez vu votre ligne exacte. Les "
            "noms des personnes et les adresses restent chez les coordinateurs et sont effacés après 90 jours.",
            "Pas sûr que ce soit nous ? Demandez à un signataire que vous connaissez. Un bref « non » aide aussi ; nous "
            "n'écrirons plus. Pour être sur la liste à temps, répondez avant le 28 août.",
        ),
        "Le {date}, {us} a écrit :",
        ("De", "Envoyé", "À", "Objet"),
        (
            "Bonjour,\n\nle conseil s'est réuni hier soir et {name} signe la déclaration. Nous sommes à {city}, en "
            "{country}. Merci de nous envoyer la liste quand elle sera prête.\n\nBien solidairement,\n{person}",
            "Nom en français ou dans votre langue : {name}\nVille (vide si elle ne doit pas être imprimée) : {city}\n"
            "Pays : {country}\nQui parle pour vous (pas imprimé) : {person}\nAction le 5 septembre : oui, place de la "
            "République, 18h",
            "Bonjour, merci pour votre message. {name} ne souhaite pas signer cette déclaration. Bon courage pour la "
            "suite.\n\n{person}",
        ),
    ),
    "sv": _Tongue(
        (
            "jag skriver för gruppen som förbereder det gemensamma uttalandet ”Ingen är glömd” den 5 september. "
            "Trettioen organisationer från nio länder har skrivit under, bland dem ett hamnarbetarförbund.",
            "Vill er organisation också skriva under? Det finns inget att öppna: hela texten står nedan, och ett vanligt "
            "svar räcker, på vilket språk som helst. Om ja, svara med:",
            "Namn på svenska eller ert språk:\nNamn på persiska (tomt om inget finns):\nStad (tomt om den inte får "
            "tryckas):\nLand:\nVem talar för er (trycks inte):\nAktion den 5 september (ja/nej, plats, tid):",
            "Bara namn, stad och land trycks, och ingenting innan ni har sett er rad. Personers namn och adresser "
            "stannar hos samordnarna och raderas 90 dagar efter slutet.",
            "Osäkra på om det är vi? Fråga någon som har skrivit under. Ett kort ”nej” hjälper också; då slutar vi "
            "skriva. Svara senast den 28 augusti.",
        ),
        "Den {date} skrev {us}:",
        ("Från", "Skickat", "Till", "Ämne"),
        (
            "Hej!\n\nStyrelsen beslutade igår att {name} skriver under uttalandet. Vi finns i {city}, {country}. Lycka "
            "till med arbetet, och hör gärna av er om ni behöver lokaler i höst.\n\nVänliga hälsningar\n{person}\n"
            "ordförande",
            "Namn på svenska eller ert språk: {name}\nStad (tomt om den inte får tryckas): {city}\nLand: {country}\n"
            "Vem talar för er (trycks inte): {person}\nAktion den 5 september (ja/nej, plats, tid): nej",
        ),
    ),
    "es": _Tongue(
        (
            "escribo en nombre del grupo que prepara la declaración conjunta «Nadie queda en el olvido» para el 5 de "
            "septiembre. Treinta y una organizaciones de nueve países han firmado, entre ellas un sindicato.",
            "¿Firmaría también su organización? No hay nada que abrir: el texto completo está abajo y basta con una "
            "simple respuesta, en cualquier idioma. Si es así, respondan por favor con:",
            "Nombre en español o en su idioma:\nNombre en persa (vacío si no hay):\nCiudad (vacío si no debe "
            "imprimirse):\nPaís:\nQuién habla por ustedes (no se imprime):\nAcción el 5 de septiembre:",
            "Solo se imprimen nombre, ciudad y país, y nada antes de que hayan visto su línea exacta. Los nombres de "
            "personas y las direcciones quedan con la coordinación y se borran a los 90 días.",
            "¿No están seguros de que seamos nosotros? Pregunten a alguna organización firmante. Un breve «no» también "
            "ayuda. Para estar en la lista a tiempo, respondan antes del 28 de agosto.",
        ),
        "El {date}, {us} escribió:",
        ("De", "Enviado", "Para", "Asunto"),
        (
            "Estimadas compañeras:\n\nla asamblea decidió ayer que {name} firma la declaración. Somos de {city}, "
            "{country}. Les pedimos que nos avisen cuando se publique.\n\nUn saludo solidario\n{person}",
            "Nombre en español o en su idioma: {name}\nCiudad (vacío si no debe imprimirse): {city}\nPaís: {country}\n"
            "Quién habla por ustedes (no se imprime): {person}",
        ),
    ),
    "it": _Tongue(
        (
            "scrivo per il gruppo che prepara la dichiarazione comune «Nessuno è dimenticato» per il 5 settembre. "
            "Trentuno organizzazioni di nove paesi hanno firmato, tra cui un sindacato di portuali e un teatro.",
            "Anche la vostra organizzazione vorrebbe firmare? Non c'è niente da aprire: tutto il testo è qui sotto e "
            "basta una semplice risposta, in qualsiasi lingua. Se sì, rispondete con:",
            "Nome in italiano o nella vostra lingua:\nNome in persiano (vuoto se non c'è):\nCittà (vuoto se non va "
            "stampata):\nPaese:\nChi parla per voi (non stampato):\nAzione il 5 settembre:",
            "Si stampano solo nome, città e paese, e niente prima che abbiate visto la vostra riga. I nomi delle "
            "persone e gli indirizzi restano ai coordinatori e si cancellano dopo 90 giorni.",
            "Non siete sicuri che siamo noi? Chiedete a chi ha firmato. Anche un breve «no» aiuta. Per essere in lista "
            "in tempo, rispondete entro il 28 agosto.",
        ),
        "Il giorno {date} {us} ha scritto:",
        ("Da", "Inviato", "A", "Oggetto"),
        (
            "Care amiche e cari amici,\n\nil direttivo ha deciso: {name} firma la dichiarazione. La nostra sede è a "
            "{city}, {country}. Buon lavoro e a presto.\n\nUn caro saluto\n{person}\npresidente",
            "Nome in italiano o nella vostra lingua: {name}\nCittà (vuoto se non va stampata): {city}\nPaese: "
            "{country}\nChi parla per voi (non stampato): {person}\nAzione il 5 settembre: sì, piazza Verdi, ore 18",
        ),
    ),
    "tr": _Tongue(
        (
            "5 Eylül için “Kimse unutulmadı” ortak bildirisini hazırlayan grup adına yazıyorum. Dokuz ülkeden otuz bir "
            "kuruluş imzaladı; aralarında bir liman işçileri sendikası ve bir tiyatro var.",
            "Kuruluşunuz da imzalar mı? Açılacak bir şey yok: metnin tamamı aşağıda ve herhangi bir dilde kısa bir yanıt "
            "yeterli. Evetse lütfen şunları yazın:",
            "Türkçe veya kendi dilinizde adı:\nFarsça adı (yoksa boş):\nŞehir (basılmayacaksa boş):\nÜlke:\nSizin "
            "adınıza kim konuşuyor (basılmaz):\n5 Eylül eylemi (evet/hayır, yer, saat):",
            "Yalnızca ad, şehir ve ülke basılır; satırınızı görmeden hiçbir şey basılmaz. Kişilerin adları ve adresleri "
            "koordinatörlerde kalır ve bitiminden 90 gün sonra silinir.",
            "Biz olduğumuzdan emin değil misiniz? Tanıdığınız bir imzacıya sorun. Kısa bir “hayır” da yardımcı olur. "
            "Listeye zamanında girmek için 28 Ağustos'a kadar yanıtlayın.",
        ),
        "{us}, {date} tarihinde şunu yazdı:",
        ("Kimden", "Gönderildi", "Kime", "Konu"),
        (
            "Merhaba,\n\nyönetim kurulumuz dün karar verdi: {name} bildiriyi imzalıyor. {city} kentindeyiz. Listeyi "
            "hazır olduğunda bize de gönderir misiniz?\n\nDayanışmayla\n{person}",
            "Türkçe veya kendi dilinizde adı: {name}\nŞehir (basılmayacaksa boş): {city}\nÜlke: {country}\nSizin "
            "adınıza kim konuşuyor (basılmaz): {person}",
        ),
    ),
    "nl": _Tongue(
        (
            "ik schrijf namens de groep die de gezamenlijke verklaring ‘Niemand is vergeten’ voor 5 september "
            "voorbereidt. Eenendertig organisaties uit negen landen hebben getekend, waaronder een vakbond.",
            "Wil uw organisatie ook ondertekenen? Er is niets te openen: de hele tekst staat hieronder en een gewoon "
            "antwoord is genoeg, in elke taal. Zo ja, antwoord dan met:",
            "Naam in het Nederlands of uw taal:\nNaam in het Perzisch (leeg als die er niet is):\nStad (leeg als die "
            "niet gedrukt mag worden):\nLand:\nWie spreekt voor u (niet gedrukt):\nActie op 5 september:",
            "Alleen naam, stad en land worden gedrukt, en niets voordat u uw regel hebt gezien. Namen van personen en "
            "adressen blijven bij de coördinatoren en worden na 90 dagen gewist.",
            "Niet zeker of wij het zijn? Vraag een ondertekenaar die u kent. Een kort ‘nee’ helpt ook. Antwoord vóór 28 "
            "augustus om op tijd op de lijst te staan.",
        ),
        "Op {date} schreef {us}:",
        ("Van", "Verzonden", "Aan", "Onderwerp"),
        (
            "Beste mensen,\n\nons bestuur heeft gisteren besloten dat {name} de verklaring ondertekent. Wij zitten in "
            "{city}. Veel succes, en laat ons weten wanneer de lijst er is.\n\nMet vriendelijke groet,\n{person}",
            "Hallo, dank voor de vraag, maar {name} tekent geen verklaringen van anderen. Succes ermee!\n\n{person}",
        ),
    ),
    "pl": _Tongue(
        (
            "piszę w imieniu grupy, która przygotowuje wspólne oświadczenie „Nikt nie jest zapomniany” na 5 września. "
            "Podpisało je trzydzieści jeden organizacji z dziewięciu krajów, w tym związek dokerów i teatr.",
            "Czy Państwa organizacja także podpisze? Nie ma niczego do otwierania: cały tekst jest poniżej, a zwykła "
            "odpowiedź wystarczy, w dowolnym języku. Jeśli tak, prosimy podać:",
            "Nazwa po polsku lub w Państwa języku:\nNazwa po persku (puste, jeśli brak):\nMiasto (puste, jeśli nie "
            "należy drukować):\nKraj:\nKto mówi w Państwa imieniu (nie drukujemy):\nAkcja 5 września:",
            "Drukowane są tylko nazwa, miasto i kraj, i nic, zanim nie zobaczą Państwo swojego wiersza. Nazwiska osób i "
            "adresy pozostają u koordynatorów i są usuwane po 90 dniach.",
            "Nie są Państwo pewni, czy to my? Proszę zapytać kogoś, kto podpisał. Krótkie „nie” też pomaga. Prosimy o "
            "odpowiedź do 28 sierpnia.",
        ),
        "{date} {us} napisał(a):",
        ("Od", "Wysłano", "Do", "Temat"),
        (
            "Dzień dobry,\n\nzarząd zdecydował wczoraj, że {name} podpisuje oświadczenie. Działamy w mieście {city}. "
            "Prosimy o wiadomość, gdy lista będzie gotowa.\n\nZ pozdrowieniami\n{person}",
            "Nazwa po polsku lub w Państwa języku: {name}\nMiasto (puste, jeśli nie należy drukować): {city}\nKraj: "
            "{country}\nKto mówi w Państwa imieniu (nie drukujemy): {person}",
        ),
    ),
    "fa": _Tongue(
        (
            "از طرف گروهی می‌نویسم که بیانیهٔ مشترک «هیچ‌کس فراموش نشده است» را برای ۵ سپتامبر آماده می‌کند. سی‌ویک سازمان از نه "
            "کشور امضا کرده‌اند.",
            "آیا سازمان شما هم امضا می‌کند؟ چیزی برای باز کردن نیست: متن کامل در پایین آمده و یک پاسخ ساده به هر زبانی کافی است. "
            "اگر بله، لطفاً با این‌ها پاسخ دهید:",
            "نام به فارسی:\nنام به انگلیسی یا زبان شما:\nشهر (خالی اگر نباید چاپ شود):\nکشور:\nچه کسی از طرف شما صحبت می‌کند (چاپ "
            "نمی‌شود):\nآکسیون ۵ سپتامبر (بله/نه، محل، ساعت):",
            "فقط نام و شهر و کشور چاپ می‌شود و هیچ چیز پیش از آنکه سطر خود را دیده باشید. نام اشخاص و نشانی‌ها نزد هماهنگ‌کنندگان "
            "می‌ماند و ۹۰ روز پس از پایان پاک می‌شود.",
            "مطمئن نیستید ما باشیم؟ از هر امضاکننده‌ای که می‌شناسید بپرسید. یک «نه» کوتاه هم کمک می‌کند. لطفاً تا ۲۸ اوت پاسخ دهید.",
        ),
        "در تاریخ {date}، {us} نوشت:",
        ("از", "تاریخ", "به", "موضوع"),
        (
            "با درود\n\nشورای ما دیشب تصمیم گرفت که {name} این بیانیه را امضا کند. ما در {city} هستیم. لطفاً فهرست را پس از انتشار "
            "برای ما بفرستید.\n\nبا سپاس\n{person}",
            "نام به فارسی: {name}\nشهر (خالی اگر نباید چاپ شود): {city}\nکشور: {country}\nچه کسی از طرف شما صحبت می‌کند (چاپ "
            "نمی‌شود): {person}",
        ),
    ),
    "ar": _Tongue(
        (
            "أكتب إليكم باسم المجموعة التي تعد البيان المشترك «لا أحد منسي» ليوم 5 سبتمبر. وقعت عليه إحدى وثلاثون منظمة من تسعة "
            "بلدان، منها نقابة عمال الموانئ ومسرح.",
            "هل توقع منظمتكم أيضا؟ لا شيء يجب فتحه: النص الكامل أدناه ويكفي رد بسيط بأي لغة. إذا كان الجواب نعم فأجيبوا بما يلي:",
            "الاسم بالعربية أو بلغتكم:\nالاسم بالفارسية (فارغ إن لم يوجد):\nالمدينة (فارغ إذا لا يجب طبعها):\nالبلد:\nمن يتحدث "
            "باسمكم (لا يطبع):\nالفعالية يوم 5 سبتمبر:",
            "لا يطبع إلا الاسم والمدينة والبلد، ولا شيء قبل أن تروا سطركم بالضبط. أسماء الأشخاص والعناوين تبقى عند المنسقين وتحذف "
            "بعد 90 يوما.",
            "لستم متأكدين أننا نحن؟ اسألوا أي موقع تعرفونه. كلمة «لا» قصيرة تساعد أيضا. الرجاء الرد قبل 28 أغسطس.",
        ),
        "في {date}، كتب {us}:",
        ("من", "تاريخ الإرسال", "إلى", "الموضوع"),
        (
            "تحية طيبة\n\nقررت الهيئة أمس أن {name} توقع على البيان. مقرنا في {city}. نرجو إرسال القائمة عند نشرها.\n\n"
            "مع خالص التحيات\n{person}",
        ),
    ),
}

#: Signatories by language: name, city, country, person.
_SIGNATORIES: Final = {
    "en": (
        ("the Harbour Workers Union", "Liverpool", "United Kingdom", "Anna Berg"),
        ("Northern Lights Theatre Collective", "Winnipeg", "Canada", "Tom Ashdown"),
        ("the Riverside Tenants Association", "Dublin", "Ireland", "Maeve Doran"),
        ("Open Door Legal Clinic", "Chicago", "USA", "Grace Whitlock"),
        ("the Quiet Bell Choir", "Wellington", "New Zealand", "Aroha Petersen"),
    ),
    "de": (
        ("der Verein Offene Werkstatt e.V.", "Leipzig", "Deutschland", "Jutta Kranich"),
        ("die Initiative Stille Post", "Graz", "Österreich", "Bernd Hollaus"),
        ("der Frauenchor Kreuzberg", "Berlin", "Deutschland", "Sabine Ostrow"),
        ("das Netzwerk Brückenbau", "Basel", "Schweiz", "Urs Leutwyler"),
    ),
    "fr": (
        ("Association Les Lucioles", "Lyon", "France", "Claire Vasseur"),
        ("Collectif Porte Ouverte", "Bruxelles", "Belgique", "Marc Delhaye"),
        ("Comité des Quatre Vents", "Genève", "Suisse", "Sylvie Roch"),
    ),
    "sv": (
        ("Föreningen Ljuspunkten", "Göteborg", "Sverige", "Karin Lindfors"),
        ("Hamnarbetarnas Kulturförening", "Malmö", "Sverige", "Olle Sandgren"),
    ),
    "es": (
        ("Asociación Puerta Abierta", "Sevilla", "España", "Lucía Andrade"),
        ("Colectivo La Marea", "Montevideo", "Uruguay", "Diego Ferreyra"),
    ),
    "it": (
        ("Associazione Il Ponte", "Torino", "Italia", "Giulia Ferrante"),
        ("Circolo Vento del Nord", "Bologna", "Italia", "Paolo Rinaldi"),
    ),
    "tr": (
        ("Açık Kapı Derneği", "Ankara", "Türkiye", "Elif Karaca"),
        ("Liman Dayanışma Kolektifi", "İzmir", "Türkiye", "Mehmet Aksoy"),
    ),
    "nl": (
        ("Stichting Open Huis", "Utrecht", "Nederland", "Sanne de Wit"),
        ("Vereniging De Brug", "Gent", "België", "Pieter Claes"),
    ),
    "pl": (
        ("Stowarzyszenie Otwarte Drzwi", "Kraków", "Polska", "Marta Zielińska"),
        ("Fundacja Most", "Gdańsk", "Polska", "Piotr Wrona"),
    ),
    "fa": (
        ("انجمن دوستداران کتاب", "استکهلم", "سوئد", "مینا رستگار"),
        ("کانون همراهان", "کلن", "آلمان", "بهروز نیک‌پی"),
    ),
    "ar": (("جمعية الباب المفتوح", "تونس", "تونس", "سلمى العياري"), ("رابطة الجسر", "بيروت", "لبنان", "كريم حداد")),
}
_RIGHT_TO_LEFT: Final = frozenset({"fa", "ar"})
_CLIENTS: Final = ("gmail", "outlook", "apple", "thunderbird", "yahoo", "phone")


def replies() -> list[bytes]:
    """The replies, in a fixed order: every answer of every language once, then again with others' names."""
    pairs = [(tag, answer) for tag, tongue in _TONGUES.items() for answer in tongue.answers]
    whose = {tag: cycle(signatories) for tag, signatories in _SIGNATORIES.items()}
    chosen = zip(islice(cycle(pairs), COUNT), cycle(_CLIENTS), range(COUNT), strict=False)
    return [_reply(tag, answer, next(whose[tag]), client, number) for (tag, answer), client, number in chosen]


def _reply(tag: str, answer: str, signatory: tuple[str, str, str, str], client: str, number: int) -> bytes:
    name, city, country, person = signatory
    said = answer.format(name=name, city=city, country=country, person=person)
    letters = _letter(tag, name, number)
    for count in range(1, 30):  # as much of our letter as fits
        mail = _mail(tag, said, [*letters * 9][:count], client, person, number)
        if len(mail) >= SIZE:
            break
    return mail


def _letter(tag: str, name: str, number: int) -> list[str]:
    greeting = f"{name}: {number + 101} / {chr(65 + number % 26)}{number:02d}Q-M{number:02d}X"
    return [greeting, *_TONGUES[tag].letter, f"Ref. {chr(65 + number % 26)}{number % 8 + 2}Q2-M{number % 7 + 2}PX"]


def _mail(tag: str, said: str, letter: list[str], client: str, person: str, number: int) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"{person} <reply{number}@member{number}.example>"
    mail["To"] = _US
    mail["Subject"] = "Re: Joint statement – will you sign?"
    mail["Date"] = f"Wed, {number % 20 + 8} Jul 2026 10:{number:02d}:00 +0200"
    mail["Message-ID"] = f"<r{number}@member{number}.example>"
    mail["In-Reply-To"] = mail["References"] = f"<o{number}@campaign.example>"
    for hop in range(6):
        mail["Received"] = (
            f"from mx{hop}.example (mx{hop}.example [192.0.2.{hop}]) by m{hop}.example with ESMTPS id {number}"
        )
    text, html = _plain(tag, said, letter, client, number), _html(tag, said, letter, client, number)
    wide = tag in _RIGHT_TO_LEFT
    mail.set_content(text, cte="base64" if wide else "quoted-printable" if number % 2 else "8bit")
    mail.add_alternative(html, subtype="html", cte="base64" if wide else "quoted-printable")
    return bytes(mail)


def _date(number: int) -> str:
    return (
        f"{number % 20 + 1}.07.2026 10:{number:02d}"
        if number % 2
        else f"Tue, {number % 20 + 1} Jul 2026 at 10:{number:02d}"
    )


def _heads(tag: str, number: int) -> list[str]:
    values = (
        _US,
        f"Tuesday, July {number % 20 + 1}, 2026 10:{number:02d} AM",
        "info@member.example",
        "Joint statement",
    )
    return [f"{label}: {value}" for label, value in zip(_TONGUES[tag].heads, values, strict=True)]


def _plain(tag: str, said: str, letter: list[str], client: str, number: int) -> str:
    lines = [line for paragraph in letter for line in [*_wrapped(paragraph), ""]]
    if client == "outlook":
        return "\n".join([said, "", "_" * 32, *_heads(tag, number), "", *lines])
    introduced = _TONGUES[tag].wrote.format(date=_date(number), us=_US)
    below = ["", "Sent from my iPhone"] if client == "phone" else []
    return "\n".join([said, *below, "", introduced, "", *(f"> {line}".rstrip() for line in lines)])


def _wrapped(paragraph: str) -> list[str]:
    """The lines of a paragraph, as clients wrap them before they mark them."""
    lines: list[str] = []
    for line in paragraph.split("\n"):
        row = ""
        for word in line.split(" "):
            if len(row) + len(word) > 72:
                lines.append(row)
                row = word
            else:
                row = f"{row} {word}" if row else word
        lines.append(row)
    return lines


def _html(tag: str, said: str, letter: list[str], client: str, number: int) -> str:
    direction = "rtl" if tag in _RIGHT_TO_LEFT else "ltr"
    introduced = escape(_TONGUES[tag].wrote.format(date=_date(number), us=_US))
    match client:
        case "outlook":
            new = "".join(f'<p class="MsoNormal"><span lang="{tag}">{row}<o:p></o:p></span></p>' for row in _rows(said))
            heads = "<br>".join(
                f"<b>{escape(head.partition(':')[0])}:</b>{escape(head.partition(':')[2])}"
                for head in _heads(tag, number)
            )
            old = "".join(f'<p class="MsoNormal">{row}<o:p></o:p></p>' for row in _rows("\n\n".join(letter)))
            style = 'p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}'
            return (
                f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- {style} --></style></head>'
                f'<body lang="{tag}"><div class="WordSection1">{new}<div style="border:none;border-top:solid #E1E1E1 1.0pt">'
                f'<p class="MsoNormal">{heads}<o:p></o:p></p></div>{old}</div></body></html>'
            )
        case "apple" | "phone":
            new = "".join(f"<div>{row}</div>" for row in _rows(said))
            card = '<div id="AppleMailSignature">Sent from my iPhone</div>' if client == "phone" else ""
            old = "".join(f'<div style="margin: 0px;">{row}</div>' for row in _rows("\n\n".join(letter)))
            return (
                f'<html><body style="word-wrap: break-word;" dir="{direction}">{new}<br>{card}<div><br><blockquote '
                f'type="cite"><div>{introduced}</div><br><div>{old}</div></blockquote></div></body></html>'
            )
        case "thunderbird":
            old = "".join(f"<p>{row}</p>" for row in _rows("\n".join(letter)))
            return (
                f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body dir='
                f'"{direction}"><p>{"<br>".join(_rows(said))}</p><div class="moz-cite-prefix">{introduced}<br></div>'
                f'<blockquote type="cite" cite="mid:o{number}@campaign.example">{old}</blockquote></body></html>'
            )
        case "yahoo":
            old = "".join(f"<div>{row}</div>" for row in _rows("\n\n".join(letter)))
            new = "".join(f'<div dir="{direction}">{row}</div>' for row in _rows(said))
            return (
                f'<html><head></head><body><div class="ydp1 yahoo-style-wrap" style="font-family:Helvetica, Arial;">{new}'
                f'</div><div id="yahoo_quoted_{number}" class="yahoo_quoted"><div style="color:#26282a;"><div>{introduced}'
                f"</div><div><br></div>{old}</div></div></body></html>"
            )
        case _:
            new = "".join(f"<div>{row}</div>" for row in _rows(said))
            old = "".join(f'<p style="margin:0 0 8px">{row}</p>' for row in _rows("\n".join(letter)))
            return (
                f'<div dir="{direction}">{new}</div><br><div class="gmail_quote"><div dir="{direction}" class="gmail_attr">'
                f'{introduced}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px '
                f'solid rgb(204,204,204);padding-left:1ex">{old}</blockquote></div>'
            )


def _rows(text: str) -> list[str]:
    return [escape(row) or "<br>" for row in text.split("\n")]
