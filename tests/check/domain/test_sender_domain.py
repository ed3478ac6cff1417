"""`nl doctor --domain` against a DNS server of the tests: what is said, what is asked for, and what is not known."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli.check.domain.finding import Standing
from tests.check.domain.dns_server import serving
from tests.inside import Done, call
from tests.workspaces import CONFIG, make_workspace, write

pytest.importorskip("checkdmarc")

# Other tests ask nothing of any network.
ONLINE: dict[str, str | None] = {"NL_OFFLINE": None}
SOA = "ns.example.org. host.example.org. 1 7200 900 1209600 3600"
KEY = "v=DKIM1; k=rsa; p=" + base64.b64encode(b"\x30" * 294).decode()
SHORT_KEY = "v=DKIM1; k=rsa; p=" + base64.b64encode(b"\x30" * 162).decode()
ORG, DMARC, S1 = "example.org", "_dmarc.example.org", "s1._domainkey.example.org"
INCLUDED = {"_spf.example.org": {"TXT": "v=spf1 ip4:192.0.2.7 -all"}}
REVERSE = "7.2.0.192.in-addr.arpa"
HOST = {"smtp.example.org": {"A": "192.0.2.7"}, REVERSE: {"PTR": "smtp.example.org."}}
ZONE: dict[str, dict[str, Any]] = {
    "example.org": {"SOA": SOA, "TXT": ["unrelated", "v=spf1 ip4:192.0.2.0/24 -all"], "MX": "10 mx.example.org."},
    "mx.example.org": {"A": "192.0.2.9"},
    "_dmarc.example.org": {"TXT": "v=DMARC1; p=reject; rua=mailto:dmarc@example.org"},
    "s1._domainkey.example.org": {"TXT": KEY},
    **HOST,
}
SENDER = '[sender]\naddress = "letter@example.org"\n[send]\ntransport = "smtp://smtp.example.org"\n'


def zone_with(name: str, more: Mapping[str, Any] | None = None, /, **records: Any) -> dict[str, dict[str, Any]]:
    """The zone where all is well, with other records at a name, and `more` names; without records, it is not there."""
    zone = ZONE | dict(more or {})
    if records:
        return zone | {name: zone.get(name, {}) | records}
    return {known: one for known, one in zone.items() if known != name}


def report_of(
    folder: Path,
    zone: Mapping[str, Any],
    *options: str,
    config: str = SENDER,
    misbehaves: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    root = make_workspace(folder / "ws", CONFIG + config).root
    with serving(zone, misbehaves) as server:
        done = ask("--resolver", server.address, "--json", *options, cwd=root)
    assert done.err == ""
    return done.status, json.loads(done.out)


def ask(*arguments: str, cwd: Path, language: str = "en") -> Done:
    return call("doctor", "--domain", *arguments, cwd=cwd, env=ONLINE | {"NL_LANG": language})


def told(report: Mapping[str, Any], health: str) -> list[str]:
    return [f"{one['topic']}: {one['message']}" for one in report["findings"] if one["health"] == health]


def test_where_all_is_well_nothing_is_asked_for(tmp_path: Path) -> None:
    status, report = report_of(tmp_path, ZONE, "--selector", "s1")
    assert {one["health"] for one in report["findings"]} == {"well"}
    assert [one["topic"] for one in report["findings"]] == ["SPF", "SPF", "DKIM", "DMARC", "DMARC", "MX", "PTR"]
    assert (status, report["letter"], report["server"]) == (0, None, "smtp.example.org")


MANY = " ".join(f"a:h{number}.example.org" for number in range(11))
WRONG = [
    (zone_with(ORG, TXT=[]), "SPF", "example.org has no SPF record", "v=spf1 a:smtp.example.org ~all"),
    (zone_with(ORG, TXT=["v=spf1 -all", "v=spf1 a -all"]), "SPF", "several SPF records", None),
    (zone_with(ORG, TXT="v=spf1 +all"), "SPF", "lets every machine of the world", None),
    (zone_with(ORG, TXT="v=spf1 ip4:300.1.1.1 -all"), "SPF", "the SPF record cannot be read", None),
    (zone_with(ORG, TXT="v=spf1 include:no.example.org -all"), "SPF", "the SPF record cannot be read", None),
    (
        zone_with(ORG, {f"h{n}.example.org": {"A": "192.0.2.8"} for n in range(11)}, TXT=f"v=spf1 {MANY} -all"),
        "SPF", "wants more than 10 look-ups", None,
    ),
    (zone_with(ORG, TXT="v=spf1 a:x.example.org a:y.example.org a:z.example.org -all"),
     "SPF", "names more than two things that are not there", None),
    (zone_with(DMARC), "DMARC", "there is no DMARC record for example.org",
     "v=DMARC1; p=none; rua=mailto:dmarc@example.org"),
    (zone_with(DMARC, TXT=["v=DMARC1; p=none", "v=DMARC1; p=reject"]), "DMARC", "several DMARC", None),
    (zone_with(DMARC, TXT="v=DMARC1; p=rejekt"), "DMARC", "the DMARC record cannot be read", None),
    (
        zone_with(ORG, {DMARC: {"TXT": []}}, TXT=["v=spf1 ip4:192.0.2.0/24 -all", "v=DMARC1; p=none"]),
        "DMARC", "stands at example.org itself", None,
    ),
    (zone_with(ORG, MX=[]), "MX", "no server that takes mail", None),
    (zone_with(ORG, MX="0 ."), "MX", "takes no mail at all", None),
    (zone_with("mx.example.org"), "MX", "are not there: mx.example.org", None),
    (zone_with("smtp.example.org"), "SPF", "the mail server smtp.example.org has no address", None),
    (zone_with(REVERSE), "PTR", "has no name", "smtp.example.org"),
    (zone_with(REVERSE, PTR="host7.example.net."), "PTR", "does not lead back to it", "smtp.example.org"),
    (zone_with(S1), "DKIM", "no key stands at s1._domainkey.example.org", None),
    (zone_with(S1, TXT="v=DKIM1; p="), "DKIM", "is withdrawn", None),
    (zone_with(S1, TXT="v=DKIM1; p=*"), "DKIM", "is no Base64", None),
    (zone_with(S1, TXT="v=DKIM1; p=MDAw"), "DKIM", "below 1024 bits", None),
    (zone_with(S1, TXT=[KEY, SHORT_KEY]), "DKIM", "several keys", None),
    ({"other.org": {}}, "DNS", "the domain example.org does not exist", None),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "topic", "message", "wanted"), WRONG)
def test_what_keeps_mail_from_arriving_is_wrong_and_the_letter_asks_for_it(
    tmp_path: Path, zone: Mapping[str, Any], topic: str, message: str, wanted: str | None
) -> None:
    status, report = report_of(tmp_path, zone, "--selector", "s1")
    wrong = [one for one in report["findings"] if one["health"] == "wrong"]
    assert status == 2
    assert [one["topic"] for one in wrong] == [topic], wrong
    assert message in wrong[0]["message"]
    assert wrong[0]["means"]
    values = [record["value"] for record in wrong[0]["wanted"]]
    assert values == ([] if wanted is None else [wanted])
    assert wanted is None or wanted in report["letter"]


DOUBTFUL = [
    (zone_with(ORG, TXT="v=spf1 ip4:192.0.2.0/24"), "SPF", "says nothing of machines"),
    (zone_with(ORG, TXT="v=spf1 ip4:203.0.113.0/24 ~all"), "SPF", "does not allow smtp.example.org (192.0.2.7)"),
    (zone_with(DMARC, TXT="v=DMARC1; p=none; rua=mailto:d@example.org"), "DMARC", "it only watches"),
    (zone_with(DMARC, TXT="v=DMARC1; p=reject; t=y; rua=mailto:d@example.org"), "DMARC", "(t=y)"),
    (zone_with(DMARC, TXT="v=DMARC1; p=reject; pct=10; rua=mailto:d@example.org"), "DMARC", "“pct”"),
    (zone_with(DMARC, TXT="v=DMARC1; p=reject"), "DMARC", "asks for no reports (rua)"),
    (zone_with(S1, TXT=SHORT_KEY), "DKIM", "below 2048 bits"),
    (zone_with(S1, TXT=KEY + "; t=y"), "DKIM", "being tested"),
    (zone_with(ORG, MX=[], A="192.0.2.7"), "MX", "mail goes to 192.0.2.7 itself"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "topic", "message"), DOUBTFUL)
def test_what_could_be_better_is_no_fault(tmp_path: Path, zone: Mapping[str, Any], topic: str, message: str) -> None:
    status, report = report_of(tmp_path, zone, "--selector", "s1")
    assert (status, told(report, "wrong")) == (0, [])
    doubts = told(report, "attention")
    assert [one for one in doubts if one.startswith(topic) and message in one], doubts


ALLOWED = [
    "v=spf1 a:smtp.example.org -all",
    "v=spf1 a:mx.example.org/24 -all",
    "v=spf1 mx ip4:192.0.2.7 -all",
    "v=spf1 include:_spf.example.org -all",
    "v=spf1 redirect=_spf.example.org",
]


@pytest.mark.parametrize("record", ALLOWED)
def test_the_mail_servers_address_is_looked_for_in_all_that_a_record_leads_to(tmp_path: Path, record: str) -> None:
    zone = zone_with(ORG, INCLUDED, TXT=record)
    assert "SPF: the record allows smtp.example.org (192.0.2.7)" in told(report_of(tmp_path, zone)[1], "well")


@pytest.mark.parametrize("record", ["v=spf1 exists:%{i}.example.org -all", "v=spf1 include:%{d2}.x.example.org -all"])
def test_what_decides_case_by_case_is_not_guessed(tmp_path: Path, record: str) -> None:
    found = told(report_of(tmp_path, zone_with(ORG, TXT=record))[1], "well")
    assert any("cannot be told from here" in one for one in found)


def test_the_policy_above_is_found_and_its_word_for_subdomains_counts(tmp_path: Path) -> None:
    zone = ZONE | {
        "news.example.org": {"SOA": SOA, "TXT": "v=spf1 ip4:192.0.2.7 -all", "MX": "1 mx.example.org."},
        "_dmarc.example.org": {"TXT": "v=DMARC1; p=reject; sp=none; rua=mailto:d@example.org"},
    }
    config = SENDER.replace("letter@", "letter@news.")
    found = [one for one in report_of(tmp_path, zone, config=config)[1]["findings"] if one["topic"] == "DMARC"]
    assert (found[0]["name"], found[0]["health"]) == ("_dmarc.example.org", "attention")
    assert "p=none" in found[0]["message"]


REPORTS = "example.org._report._dmarc.reports.example"


@pytest.mark.parametrize(
    ("more", "misbehaves", "wanted"),
    [
        ({}, {}, [{"name": REPORTS, "type": "TXT", "value": "v=DMARC1"}]),
        ({REPORTS: {"TXT": "v=DMARC1"}}, {}, []),
        # What was not answered is no fault.
        ({}, {REPORTS: "servfail"}, []),
    ],
)
def test_reports_to_another_domain_want_its_consent(
    tmp_path: Path, more: Mapping[str, Any], misbehaves: Mapping[str, str], wanted: list[dict[str, str]]
) -> None:
    own: dict[str, Any] = {"reports.example": {"MX": "1 mx.example.org."}}
    zone = zone_with(DMARC, own | dict(more), TXT="v=DMARC1; p=reject; rua=mailto:d@reports.example")
    status, report = report_of(tmp_path, zone, "--selector", "s1", misbehaves=misbehaves)
    found = [one for one in report["findings"] if one["health"] != "well"]
    assert (status, [record for one in found for record in one["wanted"]]) == (0, wanted)


@pytest.mark.parametrize(
    ("bounces", "dmarc", "health", "message"),
    [
        ("b@news.example.org", "p=reject", "well", "what is proved of news.example.org counts"),
        ("b@news.example.org", "p=reject; aspf=s", "attention", "the very same domain"),
        ("b@example.net", "p=reject", "attention", "send.bounces is of example.net"),
    ],
)  # fmt: skip
def test_the_envelope_senders_domain_is_held_against_the_senders(
    tmp_path: Path, bounces: str, dmarc: str, health: str, message: str
) -> None:
    own = {"SOA": SOA, "TXT": "v=spf1 ip4:192.0.2.7 -all", "MX": "1 mx.example.org."}
    zone = ZONE | {
        "news.example.org": own,
        "example.net": own,
        DMARC: {"TXT": f"v=DMARC1; {dmarc}; rua=mailto:d@example.org"},
    }
    _status, report = report_of(tmp_path, zone, config=f'{SENDER}bounces = "{bounces}"\n')
    assert report["envelope"] == bounces.partition("@")[2]
    assert any(message in one for one in told(report, health)), report["findings"]
    # A mailbox for what comes back is one that takes mail.
    assert any("reports of failure" in one for one in told(report, "well"))


def test_a_complaints_mailbox_elsewhere_and_one_that_takes_no_mail(tmp_path: Path) -> None:
    config = f'{SENDER}complaints = "fbl@example.net"\n'
    _status, report = report_of(tmp_path, ZONE, config=config)
    assert any("send.complaints is of example.net" in one for one in told(report, "attention"))
    assert told(report, "wrong") == ["MX: the domain example.net does not exist"]


@pytest.mark.parametrize("is_published", [True, False])
def test_the_key_that_nl_signs_with_is_compared_with_the_one_that_stands_there(
    tmp_path: Path, is_published: bool
) -> None:
    from tests.deliver.message.test_dkim import key_pair

    private, record = key_pair()
    config = f'{SENDER}[send.dkim]\nselector = "s1"\nkey_file = "state/dkim.pem"\n'
    root = make_workspace(tmp_path / "ws", CONFIG + config).root
    write(root / "state/dkim.pem", private)
    zone = zone_with(S1, TXT=record if is_published else KEY)
    with serving(zone) as server:
        done = ask("--resolver", server.address, "--json", cwd=root)
    found = [one for one in json.loads(done.out)["findings"] if one["topic"] == "DKIM"]
    if is_published:
        assert [(one["health"], "the key that nl signs with" in one["message"]) for one in found] == [("well", True)]
    else:
        assert [(one["health"], "not the other half" in one["message"]) for one in found] == [("wrong", True)]
        # What is to stand there is the very record, made from the private key.
        assert [one["value"] for one in found[0]["wanted"]] == [record]


NOT_KNOWN = [
    ({"example.org TXT": "servfail"}, "SPF", "example.org TXT: the DNS server says SERVFAIL"),
    ({"example.org TXT": "refused"}, "SPF", "says REFUSED"),
    ({"example.org TXT": "silent"}, "SPF", "example.org TXT: no DNS server answered"),
    ({"_dmarc.example.org": "servfail"}, "DMARC", "_dmarc.example.org TXT: the DNS server says SERVFAIL"),
    ({"_spf.example.org": "servfail"}, "SPF", "_spf.example.org TXT: the DNS server says SERVFAIL"),
    ({"s1._domainkey.example.org": "servfail"}, "DKIM", "SERVFAIL"),
    ({"example.org MX": "servfail"}, "MX", "SERVFAIL"),
    ({"mx.example.org": "servfail"}, "MX", "mx.example.org A: the DNS server says SERVFAIL"),
    ({"7.2.0.192.in-addr.arpa": "servfail"}, "PTR", "SERVFAIL"),
]


@pytest.mark.parametrize(("misbehaves", "topic", "message"), NOT_KNOWN)
def test_what_the_dns_did_not_answer_is_not_known_and_no_fault(
    tmp_path: Path, misbehaves: Mapping[str, str], topic: str, message: str
) -> None:
    zone = zone_with(ORG, INCLUDED, TXT="v=spf1 include:_spf.example.org -all")
    status, report = report_of(tmp_path, zone, "--selector", "s1", misbehaves=misbehaves)
    unknown = [one for one in report["findings"] if one["health"] == "unknown"]
    assert (status, told(report, "wrong"), report["letter"]) == (0, [], None)
    assert [one["topic"] for one in unknown] == [topic]
    assert message in unknown[0]["message"]


@pytest.mark.parametrize("fault", ["servfail", "garbage"])
def test_where_nothing_can_be_asked_nothing_is_known(tmp_path: Path, fault: str) -> None:
    status, report = report_of(tmp_path, ZONE, misbehaves={"*": fault})
    assert status == 0
    assert {one["health"] for one in report["findings"]} == {"unknown"}


def test_a_server_that_knows_nothing_of_the_world_is_not_believed(tmp_path: Path) -> None:
    status, report = report_of(tmp_path, {"intranet.home": {}})
    assert (status, [one["health"] for one in report["findings"]]) == (0, ["unknown"])
    assert "does not even know “org”" in report["findings"][0]["message"]


def test_a_network_that_is_silent_is_not_waited_for_again_and_again(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG + SENDER).root
    with serving(ZONE, {"*": "silent"}) as server:
        done = ask("--resolver", server.address, cwd=root)
        questions = set(server.asked)
    assert "Nothing could be asked" in done.out
    assert len(questions) == 2
    assert done.status == 0


def test_without_a_workspace_a_domain_is_enough(tmp_path: Path) -> None:
    with serving(ZONE) as server:
        done = ask("Letter@Example.ORG", "--resolver", server.address, cwd=tmp_path)
    assert done.status == 0
    assert "What the DNS says of example.org" in done.out


def test_another_domain_than_the_senders_is_asked_about_alone(tmp_path: Path) -> None:
    other = {"xn--socit-esab.example": {"SOA": SOA}}
    status, report = report_of(tmp_path, ZONE | other, "société.example")
    assert (status, report["domain"]) == (2, "xn--socit-esab.example")
    assert not any(one["name"] == "example.org" for one in report["findings"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("example.org",), "goes with --domain"),
        (("--selector", "s1"), "--selector does nothing with nl doctor"),
        (("--domain", "no domain"), "is no domain"),
        (("--domain", "--resolver", "dns.example.org"), "is no address of a DNS server"),
        (("--domain",), "sender.address is missing"),
    ],
)
def test_what_is_asked_wrongly_is_refused(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    config = CONFIG if arguments == ("--domain",) else CONFIG + SENDER
    done = call("doctor", *arguments, env=ONLINE, cwd=make_workspace(tmp_path / "ws", config).root)
    assert done.status == 2
    assert said in done.err


def test_offline_nothing_is_asked(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG + SENDER).root
    with serving(ZONE) as server:
        done = call("doctor", "--domain", "--resolver", server.address, cwd=root, env={"NL_OFFLINE": "1"})
        assert (done.status, server.asked) == (2, [])
    assert "NL_OFFLINE" in done.err


LETTER = """\
Subject: DNS of example.org, for our newsletter

Hello,

We send a newsletter from example.org. For its mail to arrive, something is
to be done in the DNS or on the mail server:

1. example.org has no DMARC record. Please add one; “p=none” changes nothing
   for the mail that the domain sends today, and the reports (rua) go to a
   mailbox that somebody looks into, which may be another one.

   name: _dmarc.example.org
   type: TXT
   value: v=DMARC1; p=none; rua=mailto:dmarc@example.org

Thank you! Tell me when it stands there, and I look again.
"""


def test_the_text_for_the_administrator_is_shown_whole(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG + SENDER).root
    with serving(zone_with(DMARC)) as server:
        done = ask("--selector", "s1", "--resolver", server.address, cwd=root)
        french = ask("--selector", "s1", "--resolver", server.address, cwd=root, language="fr")
    assert done.status == 2
    assert done.out.endswith(LETTER)
    assert "Bonjour,\n" in french.out
    assert "   valeur\u00a0: v=DMARC1; p=none; rua=mailto:dmarc@example.org\n" in french.out


def test_a_mail_server_in_ones_own_network_is_not_held_against_spf(tmp_path: Path) -> None:
    zone = zone_with("smtp.example.org", A="10.0.0.5")
    status, report = report_of(tmp_path, zone, "--selector", "s1")
    assert (status, told(report, "attention"), report["letter"]) == (0, [], None)
    assert [one.partition(":")[0] for one in told(report, "unknown")] == ["SPF"]


def test_without_a_text_nothing_is_copied(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG + SENDER).root
    with serving(ZONE) as server:
        done = ask("--selector", "s1", "--resolver", server.address, "--copy", cwd=root)
    assert (done.status, done.err) == (0, "Nothing was copied: there is nothing to ask the administrator for.\n")


def test_without_the_libraries_the_line_that_adds_them_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one.startswith("newsletter_cli.check.domain.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "checkdmarc", None)
    done = ask(cwd=make_workspace(tmp_path / "ws", CONFIG + SENDER).root)
    assert done.status == 2
    assert "checkdmarc and dnspython are wanted" in done.err
    assert '"checkdmarc>=6.0.4"' in done.err


TERMS = (
    "v=spf1", "v=DMARC1;", "v=DKIM1;", "p=none;", "p=", "a", "mx", "ptr", "exists:%{i}.x", "include:example.org",
    "t=y;", "redirect=example.org", "ip4:192.0.2.0/24", "ip6:::1", "rua=mailto:x", "rua=,", "pct=5;", "~all", "-all",
    "a/99", "exp=x.example.org", "k=ed25519;", "sp=;", "%{", "\x1b[31m", "\x00", "é", ";;", "=", '"', "\\", "x" * 300,
)  # fmt: skip
RECORDS = st.lists(st.lists(st.sampled_from(TERMS), max_size=7).map(" ".join), min_size=1, max_size=3)


@settings(deadline=None)
@given(records=RECORDS, mx=st.sampled_from(["0 .", "5 x."]))
def test_whatever_stands_in_the_dns_is_told_and_nothing_else_happens(records: list[str], mx: str) -> None:
    from newsletter_cli.check.domain.asking import Asker
    from newsletter_cli.check.domain.examine import examine_domain
    from newsletter_cli.check.domain.letter import write_letter
    from newsletter_cli.check.domain.plan import Mailbox, SenderPlan, SigningKey

    zone: dict[str, Any] = {name: {"TXT": records, "MX": mx, "A": "192.0.2.1"} for name in (ORG, DMARC, S1)}
    plan = SenderPlan(
        domain=ORG,
        envelope=ORG,
        keys=(SigningKey(selector="s1", domain=ORG),),
        mailboxes=(Mailbox(domain=ORG, receives="answers"),),
        host=ORG,
    )
    with serving(zone) as server:
        found = list(examine_domain(plan, Asker(server.address)))
    assert {"SPF", "DKIM", "DMARC", "MX"} <= {one.topic for one in found}
    assert all(one.message and one.standing is not Standing.UNKNOWN for one in found)
    assert (write_letter(ORG, found) or "").replace("\n", "").isprintable()
