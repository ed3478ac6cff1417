"""A column that says that somebody left, or did not agree, is never ignored: read, or a fault of the list."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.leaving import MARKS, header_words, is_suspect
from newsletter_cli.audience.select import Selection, select_recipients
from newsletter_cli.config.list_settings import ListColumnSettings
from newsletter_cli.model.subscriber import Recipient


def select(path: Path, content: str, **names: object) -> tuple[Selection, dict[int, str]]:
    """The selection, and of each row `written` or the reason why not."""
    path.write_text(content, "utf-8")
    unused: tuple[str, ...] = names.pop("unused", ())  # type: ignore[assignment]
    columns = ListColumnSettings(**names)  # type: ignore[arg-type]
    source = CsvSource(path=path, name="list.csv", columns=columns, unused_columns=unused)
    selection = select_recipients(source, is_suppressed=None)
    return selection, {one.row: "written" if isinstance(one, Recipient) else str(one.reason) for one in selection}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


# Made up after each program's export: who stays first, then who must not be written to, and why.
EXPORTS = {
    "brevo": (
        "CONTACT ID;EMAIL;FIRSTNAME;EMAIL_BLACKLIST;SMS_BLACKLIST;ADDED_TIME\n"
        "7;a@x.fr;A;FALSE;FALSE;02-01-2024\n8;b@x.fr;B;TRUE;FALSE;02-01-2024\n",
        ["unsubscribed"],
    ),
    "sendinblue": ("EMAIL;NOM;BLACKLISTED\na@x.fr;A;No\nb@x.fr;B;Yes\n", ["unsubscribed"]),
    "mailchimp unsubscribed": (
        "Email Address,First Name,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME,UNSUB_REASON\n"
        'a@x.fr,A,"2020-01-01 10:00:00","2020-01-01 10:00:00",,\n'
        'b@x.fr,B,"2020-01-01 10:00:00","2020-01-01 10:00:00","2021-05-05 11:12:13",SPAM\n',
        ["unsubscribed"],
    ),
    "mailchimp cleaned": (
        'Email Address,CLEAN_TIME,CLEAN_CAMPAIGN_ID\na@x.fr,,\nb@x.fr,"2021-05-05 11:12:13",ab12\n',
        ["bounced"],
    ),
    "mailjet": ("email,is_unsubscribed\na@x.fr,false\nb@x.fr,true\n", ["unsubscribed"]),
    "mailjet campaigns": ("Email;IsExcludedFromCampaigns\na@x.fr;False\nb@x.fr;True\n", ["unsubscribed"]),
    "hubspot": (
        "Record ID,Email,Lead Status,Unsubscribed from all email,Email hard bounce reason\n"
        "1,a@x.fr,Open,No,\n2,b@x.fr,Open,Yes,\n3,c@x.fr,Open,,Unknown user\n",
        ["unsubscribed", "bounced"],
    ),
    "hubspot types": (
        "Email,Opted out of email: Newsletter\na@x.fr,\nb@x.fr,Yes\n",
        ["unsubscribed"],
    ),
    "buttondown": (
        "email_address,notes,metadata,tags,type,creation_date\na@x.fr,,{},,premium,2024-01-01\n"
        "b@x.fr,,{},,removed,2024-01-01\nc@x.fr,,{},,unactivated,2024-01-01\nd@x.fr,,{},,undeliverable,2024-01-01\n",
        ["unsubscribed", "unconfirmed", "bounced"],
    ),
    "ghost": (
        "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,deleted_at,labels\n"
        "1,a@x.fr,A,,true,false,2024-01-01T00:00:00Z,,vip\n2,b@x.fr,B,,false,false,2024-01-01T00:00:00Z,,\n"
        "3,c@x.fr,C,,true,false,2024-01-01T00:00:00Z,2024-02-02T00:00:00.000Z,\n",
        ["unsubscribed", "unsubscribed"],
    ),
    "phplist": (
        "id,email,confirmed,blacklisted,optedin,bouncecount,entered,modified,uniqid,htmlemail,subscribepage,disabled\n"
        "1,a@x.fr,1,0,0,3,2024-01-01,2024-01-01,ab,1,0,0\n2,b@x.fr,1,1,0,0,2024-01-01,2024-01-01,cd,1,0,0\n"
        "3,c@x.fr,0,0,0,0,2024-01-01,2024-01-01,ef,1,0,0\n4,d@x.fr,1,0,0,0,2024-01-01,2024-01-01,gh,1,0,1\n",
        ["unsubscribed", "unconfirmed", "unsubscribed"],
    ),
    "substack": (
        "email,active_subscription,expiry,plan,email_disabled,created_at\n"
        "a@x.fr,false,,other,false,2024-01-01\nb@x.fr,false,,other,true,2024-01-01\n",
        ["unsubscribed"],
    ),
    "mautic": (
        "id,email,dnc\n1,a@x.fr,\n2,b@x.fr,unsubscribed\n3,c@x.fr,2\n4,d@x.fr,manual\n",
        ["unsubscribed", "bounced", "unsubscribed"],
    ),
    "sympa": (
        "email,gecos,reception,visibility\na@x.fr,A,mail,noconceal\nb@x.fr,B,nomail,conceal\nc@x.fr,C,digest,conceal\n",
        ["unsubscribed", "written"],
    ),
    "google groups": (
        "Email address,Nickname,Group status,Email status,Email preference\na@x.fr,A,member,,email\n"
        "b@x.fr,B,member,bouncing,email\nc@x.fr,C,member,,none\nd@x.fr,D,banned,,email\n",
        ["bounced", "unsubscribed", "unsubscribed"],
    ),
    "mailerlite": (
        "Subscriber,Sent,Opens,Clicks,Subscribed,Location\na@x.fr,3,2,1,2024-01-01 10:00:00,France\nb@x.fr,3,0,0,no,\n",
        ["unsubscribed"],
    ),
    "acymailing": (
        "id,name,email,creation_date,active,confirmed,confirmation_date\n1,A,a@x.fr,2024-01-01,1,1,2024-01-01\n"
        "2,B,b@x.fr,2024-01-01,0,1,2024-01-01\n3,C,c@x.fr,2024-01-01,1,0,0000-00-00 00:00:00\n",
        ["unsubscribed", "unconfirmed"],
    ),
    "salesforce": ("Email,HasOptedOutOfEmail\na@x.fr,0\nb@x.fr,1\n", ["unsubscribed"]),
    "mailman 2": (
        "Member address,Real name,nomail [reason],digest\na@x.fr,A,off,off\nb@x.fr,B,on [U],off\nc@x.fr,C,on [B],off\n",
        ["unsubscribed", "bounced"],
    ),
    "mailman 3": (
        "Email,Display name,Delivery mode,Delivery status\na@x.fr,A,regular,enabled\nb@x.fr,B,regular,by_user\n"
        "c@x.fr,C,regular,by_bounces\nd@x.fr,D,summary_digests,\n",
        ["unsubscribed", "bounced", "written"],
    ),
    "substack of today": (
        "Email,Name,Stripe plan,Cancel date,Start date,Email (disabled),Subscription type,Subscription expires at\n"
        "a@x.fr,A,,,2024-01-01,false,free,\nb@x.fr,B,,,2024-01-01,true,free,\n",
        ["unsubscribed"],
    ),
    "listmonk": (
        "uuid,email,name,attributes,status,created_at\nab,a@x.fr,A,{},enabled,2024\ncd,b@x.fr,B,{},blocklisted,2024\n",
        ["unsubscribed"],
    ),
    "activecampaign": (
        "Email,First Name,List Name,List Status,Unsubscribe Date\na@x.fr,A,L,Active,\n"
        "b@x.fr,B,L,Unsubscribed,2024-02-01\n"
        "c@x.fr,C,L,Bounced,\nd@x.fr,D,L,Unconfirmed,\n",
        ["unsubscribed", "bounced", "unconfirmed"],
    ),
    "sarbacane": (
        "Email;Prénom;Désinscrit;NPAI\na@x.fr;A;Non;Non\nb@x.fr;B;Oui;Non\nc@x.fr;C;Non;Oui\n",
        ["unsubscribed", "bounced"],
    ),
    "sarbacane by status": (
        "Email;Statut\na@x.fr;Actif\nb@x.fr;NPAI\nc@x.fr;Plainte\n",
        ["bounced", "complained"],
    ),
    "odoo": ("Nom;E-mail;Mis sur liste noire\nA;a@x.fr;Faux\nB;b@x.fr;Vrai\n", ["unsubscribed"]),
    "mailpoet": (
        "Adresse e-mail,Prénom,Statut global,Statut de la liste\na@x.fr,A,Abonné,Abonné\nb@x.fr,B,Abonné,Désabonné\n"
        "c@x.fr,C,Non confirmé,Abonné\n",
        ["unsubscribed", "unconfirmed"],
    ),
    "moosend": (
        "Email,Name,Status,Unsubscribed on,Removed on\na@x.fr,A,Subscribed,,\nb@x.fr,B,Unsubscribed,2024-02-02,\n"
        "c@x.fr,C,Removed,,2024-02-02\n",
        ["unsubscribed", "unsubscribed"],
    ),
    "kit": (
        "email,first_name,status,created_at\na@x.fr,A,active,2024\nb@x.fr,B,cancelled,2024\nc@x.fr,C,complained,2024\n",
        ["unsubscribed", "complained"],
    ),
    "google groups of today": (
        "Members for group news\nEmail address,Nickname,Group status,Email preference,Posting permissions\n"
        "a@x.fr,A,member,single email,allowed\nb@x.fr,B,member,no mail,allowed\n",
        ["unsubscribed"],
    ),
    "google workspace": (
        "Group Email,Member Email,Member Name,Member Status\nn@x.fr,a@x.fr,A,ACTIVE\nn@x.fr,b@x.fr,B,SUSPENDED\n",
        ["unsubscribed"],
    ),
    "klaviyo": (
        "Email,Email Marketing Consent,Email Suppressions\na@x.fr,SUBSCRIBED,\nb@x.fr,NEVER_SUBSCRIBED,\n"
        "c@x.fr,SUBSCRIBED,HARD_BOUNCE\n",
        ["unconfirmed", "bounced"],
    ),
    "keap": ("Email,Email Status\na@x.fr,Double Opt-in\nb@x.fr,Unsubscribed/Marketable\n", ["unsubscribed"]),
    "framalistes": ("email;nom;réception\na@x.fr;A;mail\nb@x.fr;B;nomail\n", ["unsubscribed"]),
    "beehiiv": ("email,status\na@x.fr,active\nb@x.fr,validating\nc@x.fr,inactive\n", ["unconfirmed", "unsubscribed"]),
}


@pytest.mark.parametrize("program", EXPORTS)
def test_who_left_is_understood_in_each_program_s_export(path: Path, program: str) -> None:
    content, expected = EXPORTS[program]
    selection, found = select(path, content)
    assert list(found.values()) == ["written", *expected]
    assert list(selection.faults) == []


@pytest.mark.parametrize(
    ("header", "stays", "left"),
    [
        ("Désabonné", "non", "oui"),
        ("Opt-out", "", "X"),
        ("Opt-in", "oui", "non"),
        ("Abonnée", "Vrai", "Faux"),
        ("Inscrit", "x", "désinscrit"),
        ("Date de désinscription", "", "1er mars 2026"),
        ("Désinscrit le", "0000-00-00 00:00:00", "01/03/26"),
        ("deleted_at", "NULL", "2026-03-01T10:00:00Z"),
        ("removed at", "NaT", "1767225600"),
        ("Motif de désinscription", "", "trop de messages"),
        ("consentement", "oui", "non"),
        ("consentement", "formulaire du site", "Non"),
        ("Ne plus contacter", "nein", "ja"),
        ("isUnsubscribed", "false", "true"),
        ("subscribed", "sí", "no"),
    ],
)
def test_yes_and_no_of_both_polarities_and_dates(path: Path, header: str, stays: str, left: str) -> None:
    _selection, found = select(path, f"courriel;{header}\na@x.fr;{stays}\nb@x.fr;{left}\n")
    assert found == {2: "written", 3: "unsubscribed"}


def test_a_box_that_is_not_ticked_is_no_yes(path: Path) -> None:
    _selection, found = select(path, "email;opt_in\na@x.fr;x\nb@x.fr;\n")
    assert found == {2: "written", 3: "unconfirmed"}


def test_what_is_neither_yes_nor_no_nor_a_date_excludes_its_row(path: Path) -> None:
    content = "email;désinscrit;actif\na@x.fr;peut-être;oui\nb@x.fr;;non depuis 2021\nc@x.fr;;oui\n"
    _selection, found = select(path, content)
    assert found == {2: "invalid", 3: "invalid", 4: "written"}


def test_the_heaviest_word_of_a_row_counts(path: Path) -> None:
    content = "email;status;unsubscribed;complained\na@x.fr;confirmed;yes;\nb@x.fr;unsubscribed;no;2026-01-01\n"
    _selection, found = select(path, content)
    assert found == {2: "unsubscribed", 3: "complained"}


def test_a_second_row_that_says_no_to_a_consent_holds_for_the_first(path: Path) -> None:
    _selection, found = select(path, "email;consentement\na@x.fr;oui\nA@x.fr;non\n")
    assert found == {2: "unsubscribed", 3: "unsubscribed"}


@pytest.mark.parametrize(
    "header",
    [
        "Ne souhaite pas recevoir",
        "RGPD",
        "Newsletter",
        "J'accepte de recevoir la lettre",
        "Liste rouge",
        "Reçoit la lettre",
        "Retirée",
        "unsubscribe_flag",
        "STOP mail",
        "Abbestellt am",
        "Envoi ?",
        "OK",
        "suspended",
        "DSGVO-Einwilligung",
        "Cancelado",
    ],
)
def test_a_column_that_may_say_so_is_a_fault_until_it_is_mapped_or_named(path: Path, header: str) -> None:
    content = f"email;{header}\na@x.fr;oui\nb@x.fr;non\n"
    selection, found = select(path, content)
    assert set(found.values()) == {"written"}
    (fault,) = selection.faults
    assert (fault.rule, header in fault.message) == ("list-column-unclear", True)
    assert f'unused_columns = ["{header}"]' in fault.hint
    selection, found = select(path, content, subscribed=header)
    assert (list(selection.faults), found) == ([], {2: "written", 3: "unsubscribed"})
    selection, found = select(path, content, unsubscribed=header)
    assert (list(selection.faults), found) == ([], {2: "unsubscribed", 3: "written"})
    selection, found = select(path, content, unused=(header.upper(),))
    assert (list(selection.faults), found) == ([], {2: "written", 3: "written"})
    assert not list(selection.tally.column_notes())


@pytest.mark.parametrize(
    "header",
    ["Ville", "Département", "Langue", "Date d'inscription", "OPTIN_IP", "Unsubscribe link", "Subscriber ID", "Notes",
     "Participation", "Lead Status", "LAST_CHANGED", "Civilité", "Organisme", "Activité", "Member since", "CONFIRM_IP",
     "Lien de désinscription", "Département de départ", "Mailing City", "Date d'envoi", "Subscription method"],
)  # fmt: skip
def test_a_column_about_something_else_is_named_and_no_fault(path: Path, header: str) -> None:
    selection, _found = select(path, f"email;{header};Thème\na@x.fr;b;c\n")
    assert list(selection.faults) == []
    (note,) = selection.tally.column_notes()
    assert "Thème" in note


def test_a_word_that_says_left_in_any_other_column_is_a_fault_once(path: Path) -> None:
    content = "email;remarque;tags\na@x.fr;;\nb@x.fr;Désabonné;\nc@x.fr;désabonné;\nd@x.fr;;unsubscribed\n"
    selection, _found = select(path, content)
    assert [(one.row, one.rule) for one in selection.faults] == [
        (3, "list-column-unclear"),
        (5, "list-column-unclear"),
    ]
    selection, _found = select(path, content, unused=("remarque", "tags"))
    assert list(selection.faults) == []


@pytest.mark.parametrize(
    "remark",
    ["ne veut plus recevoir la lettre", "désinscrite le 3/4", "STOP", "parti", "à retirer", "A quitté le service",
     "NPAI", "merci de ne plus lui écrire", "plus de mail svp", "do not contact", "No longer works here",
     "left in May"],
)  # fmt: skip
def test_a_remark_that_says_so_in_its_own_words_is_a_fault_until_the_row_says_it_too(path: Path, remark: str) -> None:
    content = f"courriel;Remarques;statut\na@x.fr;rédactrice;\nb@x.fr;{remark};STATUS\n"
    selection, found = select(path, content.replace("STATUS", ""))
    (fault,) = selection.faults
    assert (fault.rule, fault.row, found[3]) == ("list-column-unclear", 3, "written")
    assert "Remarques" in fault.message
    selection, found = select(path, content.replace("STATUS", "désinscrit"))
    assert (list(selection.faults), found[3]) == ([], "unsubscribed")
    assert list(select(path, content, unused=("Remarques",))[0].faults) == []


@pytest.mark.parametrize(
    "remark",
    ["abonné depuis 2019", "veut la version papier", "inscrite au salon", "partie prenante du projet",
     "Left Bank office", "rencontrée à l’arrêt de bus", "envoie ses articles", "supprime les doublons",
     "n’a pas de téléphone", "retraité", "préfère les courriels du matin"],
)  # fmt: skip
def test_a_remark_on_anything_else_is_none(path: Path, remark: str) -> None:
    selection, found = select(path, f"courriel;Remarques\na@x.fr;{remark}\n")
    assert (list(selection.faults), found) == ([], {2: "written"})


def test_a_column_without_a_name_is_watched_and_named(path: Path) -> None:
    selection, _found = select(path, "a@x.fr;Ada;ok\nb@x.fr;Ben;unsubscribed\n")
    assert [one.row for one in selection.faults] == [2]
    (note,) = selection.tally.column_notes()
    assert "column 2" in note
    assert "column 3" in note


def test_a_status_column_that_is_a_yes_or_no_is_read_by_its_name(path: Path) -> None:
    content = "email;subscribed_to_emails\na@x.fr;true\nb@x.fr;false\n"
    assert select(path, content, status="subscribed_to_emails")[1] == {2: "written", 3: "unsubscribed"}
    selection, found = select(path, "email;étape\na@x.fr;true\n", status="étape")
    assert found == {2: "invalid"}
    assert "subscribed" in next(iter(selection.source.read(selection.tally))).fault


def test_every_name_that_is_read_would_be_asked_about_or_is_plain() -> None:
    names = [name for says in MARKS.values() for name in says]
    assert len(names) == len(set(names))
    assert all(header_words(name) == name for name in names)


def test_a_word_in_the_middle_of_another_is_not_suspect() -> None:
    assert not is_suspect(header_words("Réabonnement bis"), [])
    assert is_suspect(header_words("Pas-abonné"), [])


@pytest.mark.parametrize(
    "name",
    ["Décédé(e)", "NPAI", "N’habite plus à l’adresse",
     "Ne veut plus de la lettre", "Pas intéressé", "A quitté la liste",
     "Désabo.", "Rebond", "Adresse invalide", "Deceased", "Undeliverable", "Contactable", "Nicht mehr anschreiben",
     "Werbesperre", "gekündigt", "Geen mail", "Non contattare", "Baixa", "Dezabonat", "wypisany", "Odhlášen",
     "leiratkozott", "Afmeldt", "avregistrerad", "peruutettu", "Διαγραφή", "Отписан", "إلغاء الاشتراك", "退订",
     "配信停止"],
)  # fmt: skip
def test_nl_asks_in_other_languages_and_of_the_dead(name: str) -> None:
    assert is_suspect(header_words(name), [])


@pytest.mark.parametrize(
    "name",
    ["Participant", "Particulier", "Partie", "Ville", "Contact", "Fin de contrat", "Pérou", "Desideratum", "Interest",
     "Sorties scolaires", "Kindle", "Terminal", "Spermatophyte", "Cancer", "Quittance n°", "Décembre", "Vetement"],
)  # fmt: skip
def test_nl_does_not_ask_of_what_only_begins_like_it(name: str) -> None:
    assert not is_suspect(header_words(name), [])
