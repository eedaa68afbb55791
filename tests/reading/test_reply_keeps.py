"""What only looks like a marker stays the sender's; not a word of theirs is lost."""

from __future__ import annotations

import pytest

from outreach.reading import reply

#: "|" stands for a line break.
_PROSE = """\
On your remote host you will find it:|as we said.
He wrote: we are late.|On 5 September we meet.
As the paper wrote on 5 September 2026:||"Freedom is indivisible."
On Monday, 5 September 2026 the minister wrote:||Something nobody believed.
Dear all,||in 2026 our chair Ali <ali@union.example> said:||"We sign."
My sister wrote:||Come home.
Ali ali@union.example wrote to the office:||we are late.
Please ask ali@union.example what he wrote:||it is true.
На заседание членам написал ali@union.example:||мы согласны.
This is what the chair Ali <ali@union.example> wrote||We sign.
On 5 September 2026 at 10:00 Ali <ali@union.example> wrote|that we sign.
Ask Ali <ali@union.example> about it:||he knows.
Sent from my desk, it is much easier than from my mobile phone.
Sent from my Oslo office, as we agreed.
Sent from my Union to yours
Sent from my iPhone app the picture does not open at all, sorry.
We sent it from our iPhone: five pictures of the demonstration.
Our questions are:||1. where|2. when|--------|3. who
----------|Name: North Committee|----------|City: Oslo
================|North Committee|================
We are:|- one|- two|-- three
We agree.|---||Add us:||North Committee||Oslo
Name: North Committee|To be printed: yes|Date: 5 September|E-mail: a@union.example
From: 10:00|To: 12:00|Date: 5 September 2026|Place: Oslo
From: Oslo|To: everybody|We sign.
The confidentiality of our members matters to us.
I read this e-mail with care. This message is for you.
Original message received.|We sign.
Visit us now:|>>> >>> http://union.example <<<|and sign.
See <http://union.example/a-very-long-link|> for more.
| Name | North Committee |
>From now on we meet on Mondays.""".splitlines()


@pytest.mark.parametrize("prose", _PROSE)
@pytest.mark.parametrize("around", ["{}", "Hello,\n\n{}\n\nThanks\nBo"])
def test_prose_that_looks_like_a_marker_is_new(prose: str, around: str) -> None:
    text = around.format(prose.replace("|", "\n") if not prose.startswith("| ") else prose)

    assert reply.split(text).new == text


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("yes On Tue, Jul 7, 2026 at 10:14 AM, m@campaign.example wrote:\n> sign?", "yes "),
        ("yes--- On Tue, Jul 7, 2026 at 10:14 AM, m@campaign.example wrote:\n> sign?", "yes"),
        (
            "On 7/7/2026 10:14, M wrote:\n\nYes, both of us.\n\n> Would you sign?\n> And your sister?",
            "Yes, both of us.",
        ),
        ("On 7/7/2026 10:14, M wrote:\n> City:\nOslo\n> Country:\nNorway", "Oslo\nNorway"),
        ("-----Original Message-----\n> Would you sign?\n\nYes.", "Yes."),
        ("On 7/7/2026 10:14, M wrote:\n| Would you sign?\n| Thanks.\n\nYes.", "Yes."),
        ("Maryam> Would you sign?\nMaryam> Thanks.\nYes.", "Yes."),
    ],
)
def test_an_answer_is_found_wherever_it_stands(text: str, new: str) -> None:
    assert reply.split(text).new == new


@pytest.mark.parametrize("tail", ["with the others in time", "_nonce=3dd518)"])
def test_the_wrapped_rest_of_a_quoted_line_is_quoted(tail: str) -> None:
    quoted = "> We would be glad if you could let us know whether your group wants to sign"
    text = f"On 7/7/2026 10:14, M wrote:\n{quoted}\n{tail}\n> before Friday.\n\nYes."

    assert reply.split(text).new == "Yes."


@pytest.mark.parametrize("rest", ["<", ">;", "="])
def test_a_bracket_that_a_damaged_line_break_left_is_quoted(rest: str) -> None:
    assert reply.split(f"Yes.\n\n> To: Anna <a@b.example>, Bo =\n{rest}\n> b@b.example>\n> Dear all").new == "Yes."


def test_a_few_words_between_quoted_lines_are_an_answer() -> None:
    assert reply.split("> Do you sign?\nyes\n> And hold a rally?\n+1\n> Where?\nok").new.split() == ["yes", "+1", "ok"]


def test_a_line_of_dashes_that_goes_on_in_words_is_new() -> None:
    text = "--- Two things ---\nWe sign.\n--- And: ---\nWe march.\n---- original idea ---- by Anna: all of it"

    assert reply.split(text).new == text


def test_an_attribution_without_colon_belongs_to_the_quotation_below_it() -> None:
    assert reply.split("Yes.\n2026/7/7 Maryam Rad <m@campaign.example>\n\n> sign?").new == "Yes."


def test_what_stands_below_a_forward_in_quote_marks_is_new() -> None:
    split = reply.split("See below.\n\nBegin forwarded message:\n\n> From: A <a@b.example>\n>\n> We sign.\n\nBest, Bo")

    assert split.new.split() == ["See", "below.", "Best,", "Bo"]
    assert split.parts["forwarded"].endswith("> We sign.")


@pytest.mark.parametrize("above", ["", "See below.\n\n"])
@pytest.mark.parametrize("separator", ["---------- Forwarded message ---------", "Begin forwarded message:\n"])
def test_what_stands_below_the_marked_text_of_a_forward_is_new(above: str, separator: str) -> None:
    block = "From: A <a@b.example>\nDate: Tue, 7 Jul 2026 at 10:14\nSubject: x\nTo: C <c@d.example>"
    split = reply.split(f"{above}{separator}\n{block}\n\n> Would you sign?\n\nWe sign. Bo")

    assert split.new.split("\n")[-1] == "We sign. Bo"
    assert "Would you sign?" in split.parts["forwarded"]


@pytest.mark.parametrize(
    "notice",
    ["This email and any attachments are confidential.\nDelete it if it is not for you.",
     "Diese E-Mail enthält vertrauliche Informationen.", "Ce message est confidentiel et destiné à son destinataire.",
     "CAUTION: This email comes from an external sender.", "Disclaimer",
     "This e-mail has been scanned for viruses and malware.", "Virus-free. www.scanner.example",
     "Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde.",
     "The information in this message is privileged. If you are not the intended\nrecipient, please delete it."],
)  # fmt: skip
def test_a_legal_notice_is_signature_and_the_next_paragraph_is_not(notice: str) -> None:
    split = reply.split(f"We sign.\n\n{notice}\n\nThanks, Bo")

    assert (split.new.split("\n")[-1], split.parts["signature"]) == ("Thanks, Bo", notice)


@pytest.mark.parametrize(
    "wish",
    ["This message is confidential. Please do not print our name.",
     "This e-mail is intended as our signature to the statement.",
     "The information in this email is for you only, do not print our name.",
     "If you received this email, tell us whether we are on the list.",
     "Confidential: do not print our name.", "Disclaimer: we sign only the German version.",
     "Warning: this message concerns our signature, take us off.",
     "Think before you print our name.", "Please consider the environment group as signed.",
     "Diese Nachricht ist vertraulich, bitte unseren Namen nicht nennen.",
     "Diese Nachricht enthält etwas Vertrauliches: unser Name darf nicht erscheinen.",
     "Ce message est confidentiel : ne publiez pas notre nom.", "Dit bericht is vertrouwelijk, noem ons niet.",
     "Questo messaggio è riservato: non pubblicate il nostro nome.",
     "Este mensaje es confidencial, no publiquen nuestro nombre.", "Bu mesaj gizlidir, adımızı yazmayın.",
     "Данное письмо конфиденциально, не публикуйте наше имя.", "این پیام محرمانه است، نام ما را منتشر نکنید.",
     "هذه الرسالة سرية، لا تنشروا اسمنا."],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "We sign.\n\n{}\n\nThanks, Bo"])
def test_a_wish_that_begins_as_a_legal_notice_is_new(wish: str, around: str) -> None:
    text = around.format(wish)

    assert reply.split(text).new == text


def test_the_footer_of_a_mailing_list_is_signature() -> None:
    footer = "_______________________________________________\npeace mailing list\npeace@lists.union.example"

    assert reply.split(f"We sign.\n\n{footer}").parts["signature"] == footer


def test_the_armour_of_a_signed_text_is_signature() -> None:
    split = reply.split(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWe sign.\n"
        "-----BEGIN PGP SIGNATURE-----\n\niHUEARYIAB0\n-----END PGP SIGNATURE-----\nBye"
    )

    assert split.new == "We sign.\nBye"


@pytest.mark.parametrize(
    "inside", ["> no quotation", "-- \nno signature", "From: a@b.example\nTo: c@d.example\nSubject: x"]
)
def test_what_stands_between_fences_is_new(inside: str) -> None:
    text = f"This is our form:\n\n```\n{inside}\n```\n\nWe sign."
    assert reply.split(text).new == text


def test_fence_that_is_never_closed_hides_no_quotation() -> None:
    assert reply.split("We sign.\n```\n\nOn 7 July 2026, A <a@b.example> wrote:\n> Please").new == "We sign.\n```"


@pytest.mark.parametrize(
    "added",
    ["P.S. We march as well.", "PS: not before Friday, please", "NB: two of us sign", "پ.ن: نام ما را چاپ نکنید"],
)
@pytest.mark.parametrize("delimiter", ["-- ", "--", "—"])
def test_a_postscript_below_a_signature_is_new(added: str, delimiter: str) -> None:
    split = reply.split(f"We sign.\n\n{delimiter}\nAnna Berg\nHarbour Choir\n{added}")

    assert split.new.split("\n")[-1] == added
    assert "Harbour Choir" in split.parts["signature"]


@pytest.mark.parametrize("delimiter", ["--", "---", "__", "—"])
@pytest.mark.parametrize(
    "text",
    [
        "But do not print it before Friday.",
        "نام ما را پیش از جمعه چاپ نکنید.",
        "Aber bitte nicht vor dem Freitag drucken!",
    ],
)
def test_a_sentence_below_dashes_is_no_signature(delimiter: str, text: str) -> None:
    letter = f"We sign: Harbour Choir.\n\n{delimiter}\n{text}"

    assert reply.split(letter).new == letter


@pytest.mark.parametrize(
    "block", ["Anna Berg\nHarbour Choir e.V.", "Dr. Anna Berg\nTel. 030 1234 567", "Anna\nNo borders."]
)
def test_a_block_of_names_below_dashes_is_a_signature(block: str) -> None:
    assert reply.split(f"We sign.\n\n--\n{block}").parts["signature"] == f"--\n{block}"
