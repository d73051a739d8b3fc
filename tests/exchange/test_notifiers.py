"""Notifiers against stand-ins that check signature, time window, shape, size and rate as the real services do."""

from __future__ import annotations

import json
import smtplib
import socket
import ssl
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.domain.reminding.channels import Channels, masked, read_channels
from guatu.domain.reminding.letters import Entry, Letter, cut, fit, size
from guatu.domain.reminding.outcomes import Outcome, Verdict
from guatu.exchange.notifiers import dingtalk, feishu
from guatu.exchange.notifiers.base import Notifier, not_reached
from guatu.exchange.notifiers.email import Email
from guatu.exchange.notifiers.table import NOTIFIERS, label_of, opened
from tests.exchange.services import SECRET, TOKEN, Bots, MailServer, bots, configured, group

UNREACHED = [
    (socket.gaierror(-2, "Name or service not known"), "找不到服务器的地址"),
    (ConnectionRefusedError(111, "Connection refused"), "拒绝连接"),
    (TimeoutError("timed out"), "10 秒内没有应答"),
    (ssl.SSLCertVerificationError("self-signed"), "证书没有通过验证"),
    (ssl.SSLError("wrong version number"), "谈不成加密连接"),
    (smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."), "security"),
    (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "又断开了"),
    (ConnectionResetError(104, "reset"), "又断开了"),
    (OSError(101, "Network is unreachable"), "网络不通"),
    ("no host given", "网络不通"),
]
BOTS = ("wecom", "dingtalk", "feishu")
SHORT = Letter(
    "【主题教育】2023-11-17 到期提醒",
    (Entry("“问题清单”2 项今天到期，2 家单位：一厂、二厂"),),
    "https://guatu.example/todo/",
)


def channels(services: Bots, service: str, **more: str) -> Channels:
    return read_channels(configured(services.address, more=group(service, **more)), "channels.toml")


def bot(services: Bots, service: str, **more: str) -> Notifier:
    return opened(channels(services, service, **more), f"{service}:专班群")


def said(taken: dict[str, object]) -> str:
    """The text of a message, whichever service took it."""
    return json.dumps(taken, ensure_ascii=False)


@pytest.mark.parametrize("service", BOTS)
def test_a_bot_takes_what_is_sent_as_it_wants_it(services: Bots, service: str) -> None:
    outcome = bot(services, service).send(SHORT, to="", ident="1")
    assert outcome.verdict is Verdict.SENT, outcome
    (taken,) = services.taken
    assert "2 项今天到期" in said(taken)
    assert "https://guatu.example/todo/" in said(taken)


def test_the_bodies_are_those_that_the_services_describe(services: Bots) -> None:
    for service in BOTS:
        bot(services, service).send(SHORT, to="", ident="1")
    wecom, ding, fei = services.taken
    assert set(wecom) == {"msgtype", "markdown"}
    assert set(wecom["markdown"]) == {"content"}
    assert ding["at"] == {"atMobiles": [], "isAtAll": False}
    assert set(fei) == {"timestamp", "sign", "msg_type", "content"}


@pytest.mark.parametrize("service", BOTS)
def test_a_letter_however_long_fits_and_says_how_much_was_left_out(services: Bots, service: str) -> None:
    entries = tuple(Entry(f"“问题清单”{n} 项逾期：{'某某单位、' * 40}") for n in range(300))
    outcome = bot(services, service).send(Letter(SHORT.title, entries, SHORT.href), to="", ident="1")
    assert outcome.verdict is Verdict.SENT, outcome
    assert "条，请打开查看。" in said(services.taken[0])
    assert SHORT.href in said(services.taken[0])


@pytest.mark.parametrize("service", BOTS)
def test_a_name_cannot_command_the_service(services: Bots, service: str) -> None:
    evil = '<at user_id="all">所有人</at> <@all> [点这里](https://evil.example) **粗** @13800000000'
    bot(services, service).send(Letter(SHORT.title, (Entry(evil),)), to="", ident="1")
    text = said(services.taken[0])
    assert not any(sign in text for sign in ("<at", "<@", "[点", "@1380"))


def test_people_are_called_upon_only_where_the_letter_says_so(services: Bots) -> None:
    called = Letter(SHORT.title, SHORT.entries, SHORT.href, ("13800005678",))
    for service in BOTS:
        bot(services, service).send(called, to="", ident="1")
    wecom, ding, fei = services.taken
    assert wecom["text"]["mentioned_mobile_list"] == ["13800005678"]
    assert ding["at"]["atMobiles"] == ["13800005678"]
    assert "@13800005678" in ding["markdown"]["text"]  # a telephone rings only if the text names it
    assert "13800005678" not in said(fei)  # cannot do it, so nobody's telephone is shown


@pytest.mark.parametrize("service", BOTS)
def test_a_wrong_token_is_final_and_is_not_repeated_in_the_sentence(services: Bots, service: str) -> None:
    outcome = bot(services, service, token="wrong-token-of-a-bot").send(SHORT, to="", ident="1")
    assert outcome.verdict is Verdict.REFUSED
    assert "令牌" in outcome.said
    assert "wrong-token" not in outcome.said


@pytest.mark.parametrize("service", ["dingtalk", "feishu"])
@pytest.mark.parametrize("skew", [-3700, 3700])
def test_a_clock_that_is_wrong_by_an_hour_is_refused_and_said(
    services: Bots, service: str, skew: int
) -> None:
    services.skew = skew
    outcome = bot(services, service).send(SHORT, to="", ident="1")
    assert outcome.verdict is Verdict.REFUSED
    assert "服务器时间" in outcome.said
    services.skew = skew * 0.9
    assert bot(services, service).send(SHORT, to="", ident="1").verdict is Verdict.SENT


@pytest.mark.parametrize(
    ("service", "most", "rest"), [("wecom", 20, 60), ("dingtalk", 20, 600), ("feishu", 5, 60)]
)
def test_who_is_asked_too_often_is_left_alone_for_a_while(
    services: Bots, service: str, most: int, rest: int
) -> None:
    one = bot(services, service)
    outcomes = [one.send(SHORT, to="", ident=str(n)) for n in range(most + 1)]
    assert [outcome.verdict for outcome in outcomes] == [Verdict.SENT] * most + [Verdict.LATER]
    assert (outcomes[-1].after, outcomes[-1].whole) == (rest, True)


@pytest.mark.parametrize(("reason", "why"), UNREACHED)
def test_a_service_out_of_reach_is_named_with_the_reason_and_what_to_do(reason: object, why: str) -> None:
    outcome = not_reached(reason, "企业微信")
    assert (outcome.verdict, outcome.whole) == (Verdict.LATER, True)
    assert outcome.said.startswith("企业微信发不出去：")
    assert why in outcome.said
    assert "请" in outcome.said and "系统会再试" in outcome.said
    assert type(reason).__name__ not in outcome.said


@pytest.mark.parametrize("service", BOTS)
@pytest.mark.parametrize(
    ("status", "verdict"), [(500, "later"), (502, "later"), (429, "later"), (404, "refused")]
)
def test_a_status_is_judged(services: Bots, service: str, status: int, verdict: str) -> None:
    services.statuses = [status]
    assert bot(services, service).send(SHORT, to="", ident="1").verdict == verdict


@pytest.mark.parametrize("service", BOTS)
def test_an_unknown_code_is_of_the_moment(services: Bots, service: str) -> None:
    services.codes = [(77777, "something odd")]
    outcome = bot(services, service).send(SHORT, to="", ident="1")
    assert outcome == Outcome(Verdict.LATER, "对方拒收：something odd（77777）。")


@pytest.mark.parametrize("service", BOTS)
def test_without_an_answer_nobody_knows(services: Bots, service: str) -> None:
    services.hang_up = True
    assert bot(services, service).send(SHORT, to="", ident="1").verdict is Verdict.UNKNOWN
    assert len(services.asked) == 1


@pytest.mark.parametrize("service", BOTS)
def test_a_redirection_is_not_followed(services: Bots, service: str) -> None:
    with bots() as elsewhere:
        services.redirect = f"{elsewhere.address}/robot/send"
        assert bot(services, service).send(SHORT, to="", ident="1").verdict is Verdict.REFUSED
        assert elsewhere.asked == []


@pytest.mark.parametrize("service", BOTS)
def test_a_server_that_is_down_is_tried_again_and_a_proxy_is_left_alone(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bots() as proxy, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("http_proxy", proxy.address)
        down = Bots(address=f"http://127.0.0.1:{nobody.getsockname()[1]}")
        outcome = bot(down, service).send(SHORT, to="", ident="1")
        assert (outcome.verdict, outcome.whole) == (Verdict.LATER, True)
        assert proxy.asked == []
        assert TOKEN not in outcome.said


def test_dingtalk_and_feishu_sign_as_their_pages_show() -> None:
    # Worked with openssl: printf '1700000000000\nSEC' | openssl dgst -sha256 -hmac SEC -binary | base64
    assert dingtalk.sign("SEC", "1700000000000") == "r+2we0q01lkZqz38LA5IPNbHN81U1leRf3Au4PSQb6Q="
    assert feishu.sign("SEC", "1700000000") == "yKzlnG5gJbbUvULgjP0QN/V99n1fNH31XG8Rrvl9pfk="


def test_the_signed_moment_is_the_real_one_even_on_a_fixed_day(services: Bots) -> None:
    past = datetime(2023, 11, 17, 9, 10, tzinfo=UTC)
    with clock.fixed(past):
        assert bot(services, "dingtalk").send(SHORT, to="", ident="1").verdict is Verdict.SENT


def email(post_office: MailServer) -> Email:
    known = read_channels(configured(mail_port=post_office.port), "channels.toml")
    assert known.mail is not None
    return Email(known.mail)


def test_a_mail_has_its_lines_links_and_name(post_office: MailServer) -> None:
    letter = Letter(
        "【主题教育】2 条提醒",
        (Entry("今天到期：WT-0001 食堂", "https://guatu.example/items/1/"),),
        closing="请勿回复。",
    )
    outcome = email(post_office).send(letter, to="lu@example.cn", ident="abc")
    assert outcome.verdict is Verdict.SENT, outcome
    ((to, mail),) = post_office.taken
    assert to == "lu@example.cn"
    assert mail["Subject"] == "【主题教育】2 条提醒"
    assert mail["Message-ID"] == "<abc@example.cn>"
    text = mail.get_content()
    assert "· 今天到期：WT-0001 食堂" in text
    assert "https://guatu.example/items/1/" in text


def test_a_title_cannot_add_a_header(post_office: MailServer) -> None:
    letter = Letter("提醒\r\nBcc: all@example.cn", ())
    assert email(post_office).send(letter, to="lu@example.cn", ident="1").verdict is Verdict.SENT
    assert post_office.taken[0][1]["Bcc"] is None


@pytest.mark.parametrize(
    ("verb", "answer", "verdict", "whole"),
    [
        ("RCPT", "550 no such user", Verdict.REFUSED, False),
        ("RCPT", "451 try later", Verdict.LATER, False),
        ("MAIL", "553 not your address", Verdict.LATER, True),
        ("DATA", "554 not wanted", Verdict.REFUSED, False),
        ("DATA", "452 full", Verdict.LATER, False),
    ],
)
def test_the_answers_of_a_mail_server_are_judged(
    post_office: MailServer, verb: str, answer: str, verdict: Verdict, whole: bool
) -> None:
    post_office.refuse = {verb: answer}
    outcome = email(post_office).send(SHORT, to="lu@example.cn", ident="1")
    assert (outcome.verdict, outcome.whole) == (verdict, whole)
    assert post_office.taken == []


def test_a_mail_server_that_hangs_up_may_have_taken_it(post_office: MailServer) -> None:
    post_office.drop = True
    assert email(post_office).send(SHORT, to="lu@example.cn", ident="1").verdict is Verdict.UNKNOWN


def test_many_mails_share_a_connection(post_office: MailServer) -> None:
    one = email(post_office)
    for number in range(5):
        one.send(SHORT, to="lu@example.cn", ident=str(number))
    one.close()
    assert (len(post_office.taken), post_office.connections) == (5, 1)


@given(st.text(), st.integers(min_value=0, max_value=60))
def test_a_cut_never_splits_a_character_and_never_exceeds(text: str, most: int) -> None:
    short = cut(text.encode("utf-8", "ignore").decode(), most)
    assert size(short) <= most
    assert short.encode().decode() == short


@given(st.text("厂a1、"), st.lists(st.text("厂院b ", max_size=200), max_size=12), st.integers(20, 600))
def test_what_is_made_to_fit_keeps_whole_lines_from_the_first(head: str, lines: list[str], most: int) -> None:
    text = fit(head, lines, most, lambda left: f"+{left}", "end")
    assert size(text) <= most
    left = [line for line in text.split("\n") if line.startswith("+")]
    if not left and size("\n".join([head, *lines, "end"])) <= most:
        assert all(line in text for line in lines)


def test_the_table_knows_every_service() -> None:
    assert set(NOTIFIERS) == {"email", *BOTS}
    assert label_of("dingtalk:专班群") == "钉钉：专班群"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[mail", "无法识别"),
        ('[[group]]\nname = "群"\nservice = "qq"\ntoken = "0123456789"\nunit = "HY"\n', "group.0.service"),
        ('[[group]]\nname = "群"\nservice = "wecom"\ntoken = "short"\nunit = "HY"\n', "group.0.token"),
        ('[hosts]\nwecom = "file:///etc"\n', "hosts"),
        (group("wecom") + group("wecom", name="另一个群"), "机器人令牌相同"),
        (group("wecom") + group("wecom", token="another-token-of-it"), "群名称相同"),
        ('[mail]\nhost = "mail"\nsender = "nobody"\n', "mail.sender"),
    ],
)
def test_a_file_of_channels_that_is_wrong_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_channels(text, "channels.toml")
    assert said in str(refused.value)
    assert "channels.toml" in str(refused.value)
    assert not any(secret in str(refused.value) for secret in (TOKEN, SECRET, "short"))


def test_no_secret_shows_when_channels_are_printed() -> None:
    known = read_channels(configured(more=group("dingtalk")), "channels.toml")
    assert TOKEN not in repr(known)
    assert SECRET not in repr(known)
    assert masked(TOKEN) == f"····{TOKEN[-4:]}"
    assert masked("short") == "····"
