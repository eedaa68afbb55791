"""The demo's organisations: twelve invited, one called, two that write by themselves. All of it is invented."""

from __future__ import annotations

from typing import Final

from outreach.demo.clients import apple_mail, out_of_office, outlook, thunderbird
from outreach.demo.organisation import Called, Organisation, Says
from outreach.words import ProspectStatus, RejectReason, SuppressionScope


def _says(text: str) -> Says:
    return lambda _: text


def _fills_in(before: str, *values: str, after: str = "") -> Says:
    """Copies the form out of the letter and writes behind each colon."""
    return lambda letter: "\n\n".join(part for part in (before, letter.filled(*values), after) if part)


#: In the order of ``prospects.csv``.
INVITED: Final = (
    Organisation(
        address="office@refugee-council.example",
        person="Shirin Daneshvar",
        language="en",
        answers=(
            _fills_in(
                "Dear Mina,\n\nyes, we are with you. Here are our details:",
                "شورای پناهندگان ایرانی",
                "Council of Iranian Refugees",
                "Gothenburg",
                "Sweden",
                "Shirin Daneshvar",
                "yes, Gustaf Adolfs torg, 14:00, and you may list it",
                after="Best wishes\nShirin",
            ),
            _says(
                "Thank you! One correction, please: our English name should be "
                "“Council of Iranian Refugees in Sweden”. All the rest is right.\n\nShirin"
            ),
        ),
        status=ProspectStatus.ANSWERED,
        lines=(
            {
                "fa": "شورای پناهندگان ایرانی – گوتنبرگ – سوئد",
                "en": "Council of Iranian Refugees in Sweden – Gothenburg – Sweden",
            },
        ),
    ),
    Organisation(
        address="anjoman@former-prisoners.example",
        person="مهرداد صبوری",
        language="fa",
        answers=(
            _fills_in(
                "با درود به شما،\n\nهیئت مدیرهٔ ما متن را خواند و با آن موافق است. لطفاً نام ما را هم اضافه کنید:",
                "انجمن زندانیان سیاسی پیشین",
                "Association of Former Political Prisoners",
                "هامبورگ",
                "آلمان",
                "مهرداد صبوری",
                "آری، میدان شهرداری، شنبه ۱۴ شهریور ۱۴۰۵، ساعت ۱۷، در فهرست بیاید",
                after="پیروز باشید\nمهرداد",
            ),
        ),
        status=ProspectStatus.ANSWERED,
        lines=(
            {
                "fa": "انجمن زندانیان سیاسی پیشین – هامبورگ – آلمان",
                "en": "Association of Former Political Prisoners – Hamburg – Germany",
            },
        ),
    ),
    Organisation(
        address="kontakt@gefangenenhilfe.example",
        person="Jutta Brandt",
        language="de",
        client=thunderbird,
        signature="Jutta Brandt\nArbeitskreis Gefangenenhilfe\nPostfach 12 34, 04001 Leipzig",
        answers=(
            _fills_in(
                "Guten Tag Frau Rahimi,\n\ngern, wir unterzeichnen. Unsere Angaben:",
                "",
                "Arbeitskreis Gefangenenhilfe",
                "Leipzig",
                "Deutschland",
                "Jutta Brandt",
                "nein",
                after="Mit freundlichen Grüßen\nJutta Brandt",
            ),
        ),
        status=ProspectStatus.ANSWERED,
        lines=({"en": "Arbeitskreis Gefangenenhilfe – Leipzig – Deutschland"},),
    ),
    Organisation(
        address="bureau@maison-des-peuples.example",
        person="Élise Garnier",
        language="fr",
        client=outlook,
        signature="Élise Garnier\nSecrétaire générale",
        answers=(
            _says(
                "Bonjour,\n\nOui, nous signons cette déclaration. Merci d’ajouter notre association à la liste :\n\n"
                "Maison des peuples libres – Lyon – France\n\nBien cordialement,"
            ),
            _says("Oui, c’est exact. Merci !"),
        ),
        status=ProspectStatus.ANSWERED,
        lines=({"en": "Maison des peuples libres – Lyon – France"},),
    ),
    Organisation(
        address="secretary@harbour-choir.example",
        person="Nora Whitlock",
        language="en",
        client=apple_mail,
        answers=(
            _says(
                "Dear Mina,\n\nwe talked about it after yesterday's rehearsal, and everybody was in favour. "
                "Please add the Harbour Workers' Choir, Bristol, United Kingdom to the signatories.\n\n"
                "Warm regards,\nNora Whitlock"
            ),
            _says("Yes, that is right."),
        ),
        status=ProspectStatus.ANSWERED,
        lines=({"en": "Harbour Workers' Choir – Bristol – United Kingdom"},),
    ),
    Organisation(
        address="payam@river-committee.example",
        person="پیام کاویانی",
        language="fa",
        answers=(
            _says(
                "دوستان عزیز، این سه تشکل خواسته‌اند من امضایشان را برای شما بفرستم:\n\n"
                "کمیته همبستگی رود – بازل – سوئیس\n"
                "River Solidarity Committee – Basel – Switzerland\n\n"
                "کانون نویسندگان آزاد – بروکسل – بلژیک\n"
                "Free Writers' Circle – Brussels – Belgium\n\n"
                "انجمن زنان مهاجر – اسلو – نروژ\n"
                "Migrant Women's Association – Oslo – Norway\n\n"
                "با مهر\nپیام کاویانی"
            ),
        ),
        status=ProspectStatus.ANSWERED,
        lines=(
            {
                "fa": "کمیته همبستگی رود – بازل – سوئیس",
                "en": "River Solidarity Committee – Basel – Switzerland",
            },
            {
                "fa": "کانون نویسندگان آزاد – بروکسل – بلژیک",
                "en": "Free Writers' Circle – Brussels – Belgium",
            },
            {
                "fa": "انجمن زنان مهاجر – اسلو – نروژ",
                "en": "Migrant Women's Association – Oslo – Norway",
            },
        ),
    ),
    Organisation(
        address="info@nowruz-centre.example",
        person="Laleh Moradi",
        language="en",
        client=apple_mail,
        signature="Sent from my iPhone",
        answers=(_says("بله"),),
        status=ProspectStatus.ANSWERED,
        lines=({"fa": "کانون فرهنگی نوروز", "en": "Nowruz Cultural Centre"},),
    ),
    Organisation(
        address="vorstand@friedensforum.example",
        person="Dieter Kolb",
        language="de",
        client=thunderbird,
        answers=(
            _says(
                "Sehr geehrte Frau Rahimi,\n\nvielen Dank für die Einladung. Unser Vorstand hat beschlossen, die "
                "Erklärung nicht zu unterzeichnen.\n\nMit freundlichen Grüßen\nDieter Kolb"
            ),
        ),
        status=ProspectStatus.DECLINED,
    ),
    Organisation(
        address="k.lindner@rechtshilfe.example",
        person="Karin Lindner",
        language="de",
        client=out_of_office,
        answers=(
            _says(
                "Guten Tag,\n\nich bin bis einschließlich 11. September nicht im Büro. Ihre Nachricht wird nicht "
                "weitergeleitet.\n\nMit freundlichen Grüßen\nKarin Lindner"
            ),
        ),
        status=ProspectStatus.INVITED,
    ),
    Organisation(
        address="info@closed-society.example",
        person="",
        language="en",
        exists=False,
        status=ProspectStatus.UNREACHABLE,
        suppressed=SuppressionScope.EVERYTHING,
    ),
    Organisation(
        address="team@busy-network.example",
        person="Tom Ashdown",
        language="en",
        answers=(_says("Please unsubscribe us from these mails."),),
        status=ProspectStatus.ANSWERED,
        suppressed=SuppressionScope.INVITATIONS,
    ),
    Organisation(
        address="contact@cercle-silencieux.example",
        person="",
        language="fr",
        status=ProspectStatus.INVITED,
    ),
)

#: The one on the list that has no address.
CALLED: Final = Called(
    name="Foundation of Memories",
    speaker="Shahla Omidi",
    lines={"fa": "بنیاد یادها – تورنتو – کانادا", "en": "Foundation of Memories – Toronto – Canada"},
)

#: They write without having been invited.
UNINVITED: Final = (
    Organisation(
        address="board@student-union.example",
        person="Arman Vaziri",
        language="en",
        client=outlook,
        subject="Our signature under the joint statement",
        first_words=(
            "Hello,\n\na friend showed us your letter about the joint statement. Please add our organisation:\n\n"
            "Name in Persian: انجمن دانشجویان ایرانی\n"
            "Name in English: Iranian Students' Association\n"
            "City: Toronto\n"
            "Country: Canada\n"
            "Who speaks for you: Arman Vaziri\n\n"
            "Thank you for your work.\nArman Vaziri"
        ),
        answers=(_says("Yes, that is right."),),
        lines=(
            {
                "fa": "انجمن دانشجویان ایرانی – تورنتو – کانادا",
                "en": "Iranian Students' Association – Toronto – Canada",
            },
        ),
    ),
    Organisation(
        address="info@women-lawyers.example",
        person="Hannah Berg",
        language="en",
        subject="Joint statement",
        first_words=(
            "Hello,\n\nplease add our organisation to the joint statement:\n\n"
            "Name in English: Women Lawyers' League\n"
            "City: Vienna\n"
            "Country: Austria\n"
            "Who speaks for you: Hannah Berg\n"
        ),
        answers=(_says("No, that was not us. We have not sent you anything."),),
        forged_from="mail.elsewhere.example",
        rejected=RejectReason.NOT_US,
    ),
)
