"""Seals: from time to time a seal covers all batches since the last one and is signed."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.db import transaction

from guatu.access import Actor, require
from guatu.domain.chain import merkle_root
from guatu.domain.clock import real_now
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.records.bulk import insert
from guatu.records.hashes import seal_hash
from guatu.records.models import Batch, LedgerHead, Seal


def load_seal_key(path: str) -> Ed25519PrivateKey | None:
    """The signing key from a PEM file; None for an empty path. Raises BadInput naming the path."""
    if not path:
        return None
    try:
        key = load_pem_private_key(Path(path).read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        raise BadInput(
            _("签章密钥“{path}”读不出来。请核对 GUATU_SEAL_KEY：应为未加口令的 Ed25519 私钥（PEM）。"),
            path=path,
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(_("签章密钥“{path}”不是 Ed25519 私钥。请更换。"), path=path)
    return key


def make_seal(actor: Actor, *, key: Ed25519PrivateKey | None = None) -> Seal | None:
    """Seal all batches since the last seal; None if there are none. Without a key the seal is stored unsigned."""
    require(actor, "seal")
    with transaction.atomic():
        head = LedgerHead.objects.select_for_update().get(pk=1)
        last = Seal.objects.order_by("-id").first()
        first = last.last_batch + 1 if last else 1
        if first > head.batch_seq:
            return None
        roots = Batch.objects.filter(seq__gte=first, seq__lte=head.batch_seq).order_by("seq")
        seal = Seal(
            id=last.id + 1 if last else 1,
            first_batch=first,
            last_batch=head.batch_seq,
            root=merkle_root(list(roots.values_list("root", flat=True))),
            made_at=real_now(),
            prev_hash=last.hash if last else "",
        )
        if key is not None:
            seal.public_key = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        seal.hash = seal_hash(seal)
        if key is not None:
            seal.signature = key.sign(bytes.fromhex(seal.hash)).hex()
        insert([seal])
    return seal
