"""Every kind of document that can be chosen is laid out by its own rules, in Word, PDF and on the page."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from guatu.actions.documents import create_document, save_body
from guatu.domain import clock
from guatu.domain.document import Official, faults
from guatu.exchange import official_docx, official_html, official_pdf
from guatu.queries.documents import documents_of, written
from guatu.records.packs import pack_of
from tests.people import BEGIN, World, small_world

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = BEGIN + timedelta(days=30)


@pytest.fixture(scope="module")
def kinds() -> dict[str, str]:
    return {
        "report": "upward",
        "request": "upward",
        "notice": "downward",
        "circular": "downward",
        "opinion": "downward",
        "decision": "downward",
        "reply": "downward",
        "letter": "letter",
        "order": "order",
        "minutes": "minutes",
        "briefing": "briefing",
        "paper": "plain",
    }


def official(world: World, kind: str) -> Official:
    """A document of this kind as a writer makes it."""
    lin = world.actor("lin")
    fields = {"document_number": "7", "issue": 3, "recipients": "各所属单位"}
    item = create_document(
        lin, campaign=world.campaign, unit="HY", kind=kind, as_of=DAY, title="整改安排", fields=fields
    )
    texts = ("请按期完成。", "出席：林晓岚、顾行舟") if kind == "minutes" else ("请按期完成。",)
    signers = {"order": ["董事长 林晓岚"], "report": ["林晓岚"], "request": ["林晓岚"]}.get(kind, [])
    body = {
        "head": {"signers": signers},
        "blocks": [{"id": f"p{n}", "kind": "paragraph", "text": text} for n, text in enumerate(texts)],
    }
    saved = save_body(lin, campaign=world.campaign, document=item.pk, body=body, base_version=1)
    return written(world.campaign, saved.document, actor=lin).official


def test_every_kind_of_the_register_is_laid_out_and_lacks_nothing(kinds: dict[str, str]) -> None:
    world = small_world()
    pack = pack_of(world.campaign)
    field = pack.register("documents").field("kind")
    assert field is not None
    assert {choice.key for choice in field.choices} == set(documents_of(pack).kinds) == set(kinds)
    with clock.fixed(DAY):
        made = {kind: official(world, kind) for kind in kinds}
    assert {kind: one.kind for kind, one in made.items()} == kinds
    assert {kind: faults(one) for kind, one in made.items() if faults(one)} == {}
    for one in made.values():
        assert "请按期完成" in ZipFile(BytesIO(official_docx.render(one))).read("word/document.xml").decode()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("order", ("华岳集团令", "第7号", "董事长")),
        ("minutes", ("会议纪要", "第3期", "出席", "林晓岚、顾行舟")),
    ],
)
def test_an_order_and_minutes_say_the_same_in_all_three_forms(kind: str, words: tuple[str, ...]) -> None:
    world = small_world()
    with clock.fixed(DAY):
        made = official(world, kind)
    pdf = "".join(page.extract_text() for page in PdfReader(BytesIO(official_pdf.render(made))).pages)
    html = official_html.render(made)
    page = html.decode() if isinstance(html, bytes) else html
    for word in words:
        assert word in pdf.replace("\n", "")
        assert word in page
    assert ("各所属单位" in page) is False
