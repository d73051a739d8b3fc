"""Mail through Django's SMTP backend: plain text, one letter to one person."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from contextlib import suppress

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from guatu.domain.reminding.channels import Mail
from guatu.domain.reminding.letters import Letter
from guatu.domain.reminding.outcomes import SENT, Outcome, Verdict
from guatu.domain.reminding.rates import Limit
from guatu.domain.words import gettext as _
from guatu.exchange.notifiers.base import SECONDS, not_reached

TEMPORARY = range(400, 500)


class Email:
    """The mail server, its connection kept open over several letters."""

    def __init__(self, mail: Mail) -> None:
        self.limits: Sequence[Limit] = (Limit(mail.per_minute, 60, 5),)
        self._mail = mail
        self._backend = EmailBackend(
            host=mail.host,
            port=mail.port,
            username=mail.user,
            password=mail.password.get_secret_value(),
            use_tls=mail.security == "starttls",
            use_ssl=mail.security == "tls",
            timeout=SECONDS,
            fail_silently=False,
        )

    def send(self, letter: Letter, *, to: str, ident: str) -> Outcome:
        """One letter; its Message-ID is made of `ident`, so that a server that knows it can leave out a second one."""
        domain = self._mail.sender.rpartition("@")[2]
        message = EmailMessage(
            subject=" ".join(letter.title.split()),
            body=text_of(letter),
            from_email=self._mail.sender,
            to=[to],
            headers={"Message-ID": f"<{ident}@{domain}>", "Auto-Submitted": "auto-generated"},
        )
        try:
            self._backend.open()
        except smtplib.SMTPAuthenticationError:
            said = _("邮件服务器不接受账号或密码。请核对配置文件，系统会再试。")
            return Outcome(Verdict.LATER, said, whole=True)
        except (smtplib.SMTPException, OSError) as failure:
            return not_reached(failure, _("电子邮件"))
        try:
            self._backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()), (550, b""))[0]
            return self._answered(code, _("邮件服务器不接受收件地址（{code}）。请本人核对邮箱。"))
        except smtplib.SMTPSenderRefused as refused:
            said = _("邮件服务器不接受发件地址（{code}）。请核对配置文件中的 sender。")
            return self._answered(refused.smtp_code, said, whole=True)
        except smtplib.SMTPDataError as refused:
            return self._answered(refused.smtp_code, _("邮件服务器不接受这封邮件（{code}）。"))
        except (smtplib.SMTPException, OSError):
            self.close()
            return Outcome(
                Verdict.UNKNOWN, _("发送途中连接中断，可能已经送达。请向本人核实，没有收到的再点“重发”。")
            )
        return SENT

    def _answered(self, code: int, said: str, *, whole: bool = False) -> Outcome:
        self.close()
        later = code in TEMPORARY or whole
        return Outcome(Verdict.LATER if later else Verdict.REFUSED, said.format(code=code), whole=whole)

    def close(self) -> None:
        """End the conversation with the server."""
        with suppress(smtplib.SMTPException, OSError):
            self._backend.close()


def text_of(letter: Letter) -> str:
    """The letter as text: each entry with its address on a line of its own."""
    lines: list[str] = []
    for entry in letter.entries:
        lines.append(f"· {' '.join(entry.text.split())}")
        if entry.href:
            lines.append(f"  {entry.href}")
    parts = ["\n".join(lines)]
    if letter.href:
        parts.append(_("全部待办：{address}").format(address=letter.href))
    if letter.closing:
        parts.append(letter.closing)
    return "\n\n".join(part for part in parts if part) + "\n"
