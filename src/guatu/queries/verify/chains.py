"""The append-only tables against their own hashes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DatabaseError

from guatu.domain.chain import merkle_root
from guatu.domain.words import gettext as _
from guatu.records.hashes import batch_hash, revision_hash, seal_hash
from guatu.records.models import Batch, LedgerHead, Revision, Seal


@dataclass(slots=True)
class ChainCount:
    """How much was checked, and what was found broken (in order; the first is the one to look at)."""

    batches: int = 0
    revisions: int = 0
    seals: int = 0
    unsigned: int = 0
    unsealed: int = 0
    broken: str = ""


def check_chains() -> ChainCount:
    """Walk batches, revisions and seals once; stops at the first record that does not agree."""
    count = ChainCount()
    try:
        for problem in _walk(count):
            count.broken = problem
            break
    except (ValueError, TypeError, OverflowError, DatabaseError):
        # A byte changed so that the database or the driver can no longer read the row at all.
        count.broken = _("修订 {revision} 或批次 {batch} 之后的一条记录读不出来。").format(
            revision=count.revisions, batch=count.batches
        )
    return count


def _walk(count: ChainCount) -> Iterator[str]:
    leaves: dict[int, list[str]] = {}
    last: dict[tuple[str, int], tuple[int, str]] = {}
    expected_id = 1
    columns = "id batch_id subject_kind subject_id version effective_on body prev_hash hash".split()
    for row in Revision.objects.order_by("id").values_list(*columns).iterator(chunk_size=5000):
        pk, batch, kind, subject, version, effective, body, prev_hash, its_hash = row
        name = _("修订 {pk}（{kind} {subject} 第 {version} 版）").format(
            pk=pk, kind=kind, subject=subject, version=version
        )
        if pk != expected_id:
            yield _("{name}：编号不连续，应为 {expected}。").format(name=name, expected=expected_id)
        expected_id += 1
        if revision_hash(pk, batch, kind, subject, version, effective, body, prev_hash) != its_hash:
            yield _("{name}：内容与其哈希值不符。").format(name=name)
        before = last.get((kind, subject), (0, ""))
        if version != before[0] + 1 or prev_hash != before[1]:
            yield _("{name}：与上一版接不上。").format(name=name)
        last[kind, subject] = (version, its_hash)
        leaves.setdefault(batch, []).append(its_hash)
        count.revisions += 1
    head = LedgerHead.objects.filter(pk=1).first()
    if head is None:
        yield _("台账首行不见了。")
        return
    if expected_id != head.revision_id + 1:
        yield _("修订记录应有 {expected} 条，实有 {found} 条。").format(
            expected=head.revision_id, found=expected_id - 1
        )
    roots: list[str] = []
    moment = None
    for batch in Batch.objects.order_by("seq").iterator(chunk_size=2000):
        name = _("批次 {seq}（{action}）").format(seq=batch.seq, action=batch.action)
        if batch.seq != count.batches + 1:
            yield _("{name}：序号不连续，应为 {expected}。").format(name=name, expected=count.batches + 1)
        own = leaves.pop(batch.seq, [])
        if batch.revisions != len(own) or batch.root != merkle_root([batch_hash(batch), *own]):
            yield _("{name}：内容与其根哈希值不符。").format(name=name)
        if moment is not None and batch.recorded_on < moment:
            yield _("{name}：记录时间早于上一批次。").format(name=name)
        moment = batch.recorded_on
        roots.append(batch.root)
        count.batches += 1
    if leaves:
        yield _("修订记录指向不存在的批次 {seq}。").format(seq=min(leaves))
    if count.batches != head.batch_seq:
        yield _("批次应有 {expected} 个，实有 {found} 个。").format(
            expected=head.batch_seq, found=count.batches
        )
    yield from _seals(count, roots)


def _seals(count: ChainCount, roots: list[str]) -> Iterator[str]:
    previous, covered = "", 0
    for seal in Seal.objects.order_by("id"):
        name = _("封签 {pk}").format(pk=seal.id)
        if seal.id != count.seals + 1 or seal.prev_hash != previous or seal.first_batch != covered + 1:
            yield _("{name}：与上一封签接不上。").format(name=name)
        if seal.hash != seal_hash(seal):
            yield _("{name}：内容与其哈希值不符。").format(name=name)
        if seal.root != merkle_root(roots[seal.first_batch - 1 : seal.last_batch]):
            yield _("{name}：与所封批次不符。").format(name=name)
        if bool(seal.signature) != bool(seal.public_key):
            yield _("{name}：签名不完整。").format(name=name)
        if seal.signature and not _signed(seal):
            yield _("{name}：签名不符。").format(name=name)
        if not seal.signature:
            count.unsigned += 1
        previous, covered = seal.hash, seal.last_batch
        count.seals += 1
    count.unsealed = len(roots) - covered


def _signed(seal: Seal) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.public_key))
        key.verify(bytes.fromhex(seal.signature), bytes.fromhex(seal.hash))
    except (InvalidSignature, ValueError):
        return False
    return True
