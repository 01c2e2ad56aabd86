"""What Dagster's catalog says of the assets: owners, and kinds that are true of every partition."""

from dagster import Definitions

from lecture_assets.defs.assets import external_assets, made_assets
from lecture_assets.defs.keys import asset_key
from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import KINDS


def test_every_asset_has_the_owners_of_the_setting_and_none_without_it() -> None:
    for text, owners in (("", []), ("team:content,mia@example.org", ["team:content", "mia@example.org"])):
        environ = {"LECTURES_OWNERS": text}
        graph = Definitions([*external_assets(environ), *made_assets(environ=environ)]).resolve_asset_graph()
        keys = list(graph.get_all_asset_keys())
        assert {tuple(graph.get(key).owners) for key in keys} == {tuple(owners)}
        assert len(keys) > 60


def test_kinds_name_the_role_and_no_vendor_since_each_lecture_has_its_own() -> None:
    kinds = {spec.key: spec.kinds for made in made_assets(environ={}) for spec in made.specs}
    assert {kind for of in kinds.values() for kind in of} == {"python", *map(str, Role)}
    assert kinds[asset_key(KINDS["asset:image"])] == {"image"}
    assert kinds[asset_key(KINDS["assembler:timeline"])] == {"python"}
