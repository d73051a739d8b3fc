"""What a post is called: in the words of its campaign, and without saying anything twice."""

from __future__ import annotations

import pytest

from guatu.access.post_names import post_label
from guatu.domain.pack import builtin_pack
from guatu.records.models import Campaign, PackVersion, Post

CALLED = [
    ("theme-education", "liaison", "东方公司", "东方公司联络员"),
    ("theme-education", "team_leader", "第三督导组", "第三督导组组长"),
    ("theme-education", "leader", "华岳集团", "华岳集团领导"),
    ("theme-education", "filler", "一厂", "一厂填报员"),
    ("safety-drive", "office", "江澜集团", "江澜集团安全办"),
    ("safety-drive", "team_member", "第一督查组", "第一督查组成员"),
    ("safety-drive", "liaison", "江澜港务", "江澜港务安全部门"),
    ("safety-drive", "filler", "一号拖轮队", "一号拖轮队安全员"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "role", "place", "called"), CALLED)
def test_a_post_is_called_as_its_campaign_calls_the_role(
    key: str, role: str, place: str, called: str
) -> None:
    pack = builtin_pack(key)
    stored = PackVersion.objects.create(
        key=pack.key, version=pack.version, sha256=pack.sha256, body=pack.canonical
    )
    assert post_label(Post(role=role, campaign=Campaign(pack=stored)), place) == called


def test_a_post_of_every_campaign_has_the_general_name() -> None:
    assert post_label(Post(role="system_admin"), "华岳集团") == "华岳集团系统管理员"
