"""Pages of results from a PostgreSQL that follows another: a streaming replica on this machine."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import NamedTuple

import psycopg
import pytest

from bench.nation import fill, inside, leaders
from bench.visitors import Browser, Leader
from tests.postgres import Cluster, private_cluster
from tests.stage.display import wait_until
from tests.stage.programs import Server

pytestmark = [pytest.mark.endtoend, pytest.mark.xdist_group("replica")]

READ = "SELECT coalesce(sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)), 0)::int FROM pg_stat_user_tables WHERE relname = %s"
VOTE = """
    INSERT INTO intake_officerday (unit_id, day, counter_id, officer_id, satisfied, dissatisfied)
    VALUES (%(unit)s, (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, '', '', %(votes)s, 0)
    ON CONFLICT (unit_id, day, counter_id, officer_id) DO UPDATE SET satisfied = excluded.satisfied;
    INSERT INTO intake_staleday (unit_id, day, changes) VALUES (%(unit)s, (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 1)
    ON CONFLICT DO NOTHING
"""


class Stage(NamedTuple):
    """A server, the PostgreSQL that it writes to, the one that follows, and a leader of a commune and one of the country."""

    server: Server
    first: Cluster
    replica: Cluster
    commune: Leader
    country: Leader

    def page(self, leader: Leader) -> str:
        status, _, text = Browser(self.server.address, leader).get("/")
        assert status == 200
        return text


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("replica")
    with ExitStack() as stack:
        first = stack.enter_context(private_cluster(fsync=False))
        replica = stack.enter_context(private_cluster(fsync=False, followed=first))
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("HAILONG_REPLICA_URL", replica.url)
        fill(folder / "data", first.url, 300, "--communes", "2", "--days", "30")
        with inside(folder / "data", first.url) as pool:
            commune, _, country = pool.submit(leaders, 3).result()
        server = stack.enter_context(Server(folder, database=first.url))
        yield Stage(server, first, replica, commune, country)


def ask(cluster: Cluster, question: str, said: Sequence[object] | Mapping[str, object] | None) -> int:
    with psycopg.connect(cluster.url, cursor_factory=psycopg.ClientCursor) as connection:
        cursor = connection.execute(question.encode(), said)
        return int(cursor.fetchall()[0][0]) if cursor.description else 0


def test_tallies_are_read_from_the_replica_and_what_is_new_is_there_in_a_moment(stage: Stage) -> None:
    read_there, read_here = (ask(cluster, READ, ["intake_officerday"]) for cluster in (stage.replica, stage.first))
    assert "7.331" not in stage.page(stage.commune)
    ask(stage.first, VOTE, {"unit": stage.commune.unit, "votes": 7331})
    wait_until(lambda: "7.331" in stage.page(stage.commune), "the replica has the votes and the page shows them")
    wait_until(lambda: ask(stage.replica, READ, ["intake_officerday"]) > read_there, "the replica says that it was asked")
    assert ask(stage.first, READ, ["intake_officerday"]) == read_here


def test_the_second_tier_is_derived_at_the_first_and_read_from_the_replica(stage: Stage) -> None:
    ask(stage.first, VOTE, {"unit": stage.commune.unit, "votes": 8442})
    with inside(stage.server.data, stage.first.url) as pool:
        wait_until(lambda: pool.submit(votes_today, stage.country.unit).result() == 8442, "the country has the commune's votes")
    assert ask(stage.first, "SELECT count(*) FROM intake_staleday", None) == 0
    assert ask(stage.replica, READ, ["results_unitday"]) > 0


def votes_today(unit_id: str) -> int:
    """What a page of results would say of an area, by the server's own settings."""
    from server.places.models import Unit
    from server.results.period import Kind, containing
    from server.results.queries import total

    unit = Unit.objects.get(pk=unit_id)
    return total(unit, containing(Kind.DAY, unit.today())).n


def test_without_the_replica_kiosks_and_logins_go_on(stage: Stage) -> None:
    stage.replica.crash()
    stranger = Browser(stage.server.address, Leader("", "", ""))
    assert stranger.get("/login/")[0] == 200
    assert Browser(stage.server.address, stage.commune).get("/")[0] == 500
    assert stranger.get("/login/")[0] == 200
