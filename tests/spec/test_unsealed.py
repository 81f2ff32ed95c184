"""On a host that can't hold its processes as the seal demands, only public and internal data pass."""

from catalog.vocabulary import Classification
from tests.fixtures.nation import Nation
from tests.spec.drawn import may_ingest, may_query, read

HOST = """
             | public | internal | restricted      | secret
    sealed   | yes    | yes      | yes             | yes
    unsealed | yes    | yes      | host-not-sealed | host-not-sealed
"""


def test_an_unsealed_host_serves_public_and_internal_data_only(nation: Nation) -> None:
    nation.person("ada")
    for level in Classification:
        nation.dataset(level, classification=level)
        nation.grant("ada", level, share=None)
    for host, row in read(HOST).items():
        nation.site = nation.site.model_copy(update={"sealed": host == "sealed"})
        assert (host, may_query(nation, "ada", Classification)) == (host, row)
        assert (host, may_ingest(nation, Classification)) == (host, row)
