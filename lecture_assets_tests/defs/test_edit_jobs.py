"""Lectures are created, planned and edited by jobs: once per run, without the server's files, in one sentence if wrong."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance, DagsterInvalidConfigError, ExecuteInProcessResult
from dagster._core.launcher import LaunchRunContext
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.test_utils import in_process_test_workspace
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceRequestContext
from dagster_graphql import DagsterGraphQLClient
from dagster_graphql.schema import create_schema
from gql.transport import Transport
from graphql import ExecutionResult

from lecture_assets.definitions import defs
from lecture_assets.defs.keys import LECTURE as DIMENSION
from lecture_assets.runner.setup.money import calls
from lecture_assets.store import requests
from lecture_assets.store.regeneration_scopes import AskedScope
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, brief, open_dagster_home
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.defs.made_instance import put_files
from lecture_assets_tests.project import ROOT
from lecture_assets_tests.servers.homes import home_environ

pytestmark = pytest.mark.slow
OPS = {"edit_lecture": "edit", "plan_edit": "plan", "create_lecture": "create", "regenerate_lecture": "regenerate"}
OF_A_LECTURE = ["edit_lecture", "plan_edit", "regenerate_lecture"]
EDIT = {"edits": ["set voice=teacher"]}
NARRATION = "content:narration-text:segment[0]"
REEXECUTE = """
mutation Reexecute($parent: String!) {
  launchRunReexecution(reexecutionParams: { parentRunId: $parent, strategy: ALL_STEPS }) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  }
}"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[DagsterHome]:
    with open_dagster_home(tmp_path / "home", brief()) as dagster_home:
        yield dagster_home


@pytest.fixture(scope="module")
def read_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterHome]:
    """A home that no test changes."""
    with open_dagster_home(tmp_path_factory.mktemp("read"), brief()) as dagster_home:
        yield dagster_home


def execute(
    home: DagsterHome, job: str, config: Any, lecture: str | None = LECTURE, resources: Any = None
) -> ExecuteInProcessResult:
    """Run a job in this process; lecture: its partition."""
    return defs.get_job_def(job).execute_in_process(
        run_config={"ops": {OPS[job]: {"config": config}}, "resources": resources or {}},
        tags={"dagster/partition": lecture} if lecture else {},
        instance=home.instance,
        raise_on_error=False,
    )


def metadata(result: ExecuteInProcessResult) -> dict[str, Any]:
    assert result.success
    (output,) = [event for event in result.all_events if event.event_type_value == "STEP_OUTPUT"]
    return {name: value.value for name, value in output.step_output_data.metadata.items()}


def sentence(result: ExecuteInProcessResult, job: str) -> str:
    """The sentence that the run failed with: ours, in words that suit Dagster."""
    assert not result.success
    failure = result.failure_data_for_node(OPS[job])
    assert failure is not None
    assert failure.user_failure_data is not None, failure.error
    said = str(failure.user_failure_data.description)
    assert "--" not in said
    return said


def versions(home: DagsterHome, lecture: str = LECTURE) -> list[list[str]]:
    return [revision["edits"] for revision in home.lectures.history(lecture)]


def test_an_edit_is_one_revision_and_says_what_is_stale(home: DagsterHome) -> None:
    found = metadata(execute(home, "edit_lecture", {**EDIT, "if_version": 1}))
    assert versions(home)[1:] == [["set voice=teacher"]]
    assert found["version"] == 2
    assert "asset:narration:segment[0]" in found["stale"]
    refused = execute(home, "edit_lecture", {"edits": ["set voice=student"], "if_version": 1})
    assert sentence(refused, "edit_lecture").startswith("lecture rain is at version 2, but this request was for version 1")
    assert len(versions(home)) == 2


@pytest.mark.parametrize("job", ["edit_lecture", "plan_edit"])
@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("text {node}=@{file}", "the text itself (write @@ for text that begins with @)"),
        ("media asset:music=@{file}", "sha256:… of bytes in the store (`lectures edit` stores a file)"),
    ],
)
def test_an_edit_cannot_read_a_file_of_the_server(read_home: DagsterHome, tmp_path: Path, job: str, edit: str, said: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the server's secret")
    result = execute(read_home, job, {"edits": [edit.format(node=NARRATION, file=secret)]})
    assert said in sentence(result, job)
    assert "the server's secret" not in sentence(result, job)


def test_a_text_that_begins_with_an_at_sign_is_text(home: DagsterHome) -> None:
    assert execute(home, "edit_lecture", {"edits": [f"text {NARRATION}=@@home it rains."]}).success
    assert versions(home)[1:] == [[f"text {NARRATION}=@@home it rains."]]


def test_a_plan_shows_nodes_and_price_and_changes_nothing(read_home: DagsterHome) -> None:
    result = execute(read_home, "plan_edit", {"edits": ["segments add"]})
    found = metadata(result)
    asked = read_home.lectures.plan(LECTURE, ["segments add"])
    rows = [record.data for record in found["nodes"].records]
    assert [row["node"] for row in rows] == [node["id"] for node in asked["nodes"]]
    assert found["cost_usd_at_most"] == asked["estimate_usd_micros"]["high"] / 1_000_000
    assert (found["plan"], found["calls"]) == (asked["token"], asked["calls"])
    logged = "\n".join(entry.user_message for entry in read_home.instance.all_logs(result.run_id))
    assert all(row["node"] in logged for row in rows)
    assert f": {len(rows)} nodes, {calls(asked['calls'])}, $" in logged
    assert len(versions(read_home)) == 1
    assert read_home.lectures.costs(LECTURE)["calls"] == []


def test_a_plan_can_be_of_a_part_and_then_regenerate_takes_its_token(read_home: DagsterHome) -> None:
    script = metadata(execute(read_home, "plan_edit", {"only": ["llm:script-generation"]}))
    assert [record.data["node"] for record in script["nodes"].records] == ["llm:script-generation"]
    other = execute(read_home, "regenerate_lecture", {"plan": script["plan"]})
    assert "plan again to see the current one" in sentence(other, "regenerate_lecture")


def test_a_run_that_is_not_told_how_much_makes_what_the_queued_request_is_for(home: DagsterHome) -> None:
    context = home.lectures.context
    with context.database.write() as connection:
        key = context.key_of(connection, LECTURE)
        requests.ask(connection, key, AskedScope(("llm:script-generation",)), context.store_time(connection))
    assert execute(home, "regenerate_lecture", {}).success
    statuses = {node["id"]: node["status"] for node in home.lectures.status(LECTURE)["nodes"]}
    assert (statuses["llm:script-generation"], statuses["asset:music"]) == ("fresh", "pending")
    with context.database.read() as connection:
        assert requests.state_of(connection, key) == "none"


@pytest.mark.parametrize(
    ("job", "config", "said"),
    [
        ("edit_lecture", {"edits": []}, "edits: found none; allowed: at least one"),
        ("edit_lecture", {"edits": ["set voice=nobody", "sing"]}, "voice: found 'nobody'"),
        ("plan_edit", {"only": ["asset:nothing"]}, "only: found 'asset:nothing'"),
        ("plan_edit", {"segment": 7}, "segment: found s07; allowed: a segment of this lecture: s00, s01"),
        ("plan_edit", {"segment": -1}, "segment: found -1; allowed: at least 0"),
        ("edit_lecture", {"edits": ["set voice=teacher"], "if_version": 0}, "if_version: found 0; allowed: at least 1"),
        ("regenerate_lecture", {"max_cost_usd": -0.5}, "max_cost_usd: found -0.5; allowed: at least 0"),
        ("regenerate_lecture", {"max_cost_usd": 0.0001}, "nothing was made (allow a higher maximum cost"),
    ],
)
def test_what_is_wrong_is_said_in_words_that_suit_dagster(read_home: DagsterHome, job: str, config: Any, said: str) -> None:
    assert said in sentence(execute(read_home, job, config), job)


@pytest.mark.parametrize("job", OF_A_LECTURE)
def test_a_lecture_that_does_not_exist_is_one_sentence_and_no_partition(read_home: DagsterHome, job: str) -> None:
    config = EDIT if job == "edit_lecture" else {}
    assert sentence(execute(read_home, job, config, "rian"), job) == "lecture: found 'rian'; allowed: one of rain"
    assert read_home.instance.get_dynamic_partitions(DIMENSION) == [LECTURE]


@pytest.mark.parametrize("job", OF_A_LECTURE)
def test_a_run_without_a_partition_says_how_to_choose_one(read_home: DagsterHome, job: str) -> None:
    config = EDIT if job == "edit_lecture" else {}
    assert sentence(execute(read_home, job, config, None), job).startswith("partition: found none; allowed: a lecture")


@pytest.mark.parametrize("job", OPS)
def test_config_cannot_name_a_variable_whose_value_would_be_logged(
    read_home: DagsterHome, monkeypatch: pytest.MonkeyPatch, job: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    named = {"env": "OPENAI_API_KEY"}
    configs = {
        "edit_lecture": {"edits": [named]},
        "plan_edit": {"only": [named]},
        "create_lecture": {"id": "snow", "brief": {"models": {"text": named}}},
        "regenerate_lecture": {"plan": named},
    }
    with pytest.raises(DagsterInvalidConfigError) as error:
        execute(read_home, job, configs[job], None if job == "create_lecture" else LECTURE)
    assert "sk-secret" not in str(error.value)


def test_a_lecture_is_created_once_from_the_keys_of_a_brief(home: DagsterHome) -> None:
    keys = {
        "prompt": "Explain snow.",
        "notes": "Snow falls.",
        "voice": "teacher",
        "models": {"text": "simulated:openai/gpt-5-mini"},
    }
    config = {"id": "snow", "brief": keys}
    assert metadata(execute(home, "create_lecture", config, None)) == {"lecture": "snow", "version": 1, "created": True}
    assert set(home.instance.get_dynamic_partitions(DIMENSION)) == {LECTURE, "snow"}
    assert execute(home, "edit_lecture", {"edits": ["set voice=student"]}, "snow").success
    assert metadata(execute(home, "create_lecture", config, None)) == {"lecture": "snow", "version": 2, "created": False}
    other = execute(home, "create_lecture", {"id": "snow", "brief": {"prompt": "Explain sleet."}}, None)
    assert "lecture snow exists and was made from another brief" in sentence(other, "create_lecture")


def test_a_wrong_brief_creates_nothing_and_names_every_fault(read_home: DagsterHome) -> None:
    wrong = {"prompt": "Explain snow.", "duration": 1, "models": {"text": "nobody:x"}}
    said = sentence(execute(read_home, "create_lecture", {"id": "snow", "brief": wrong}, None), "create_lecture")
    assert [line.partition(":")[0] for line in said.splitlines()] == ["duration", "models.text"]
    assert "id: found 'Snow!'" in sentence(
        execute(read_home, "create_lecture", {"id": "Snow!", "brief": {"notes": "Snow falls."}}, None), "create_lecture"
    )
    assert [lecture["lecture"] for lecture in read_home.lectures.all()] == [LECTURE]
    assert read_home.instance.get_dynamic_partitions(DIMENSION) == [LECTURE]


@pytest.mark.parametrize("job", OF_A_LECTURE)
def test_a_run_can_work_on_another_store_and_with_other_providers(read_home: DagsterHome, tmp_path: Path, job: str) -> None:
    config = EDIT if job == "edit_lecture" else {}
    for place in (
        {"home": str(tmp_path / "home")},
        {"database": f"sqlite:///{tmp_path}/other.db", "home": str(tmp_path / "media")},
        {"database": f"sqlite:///{tmp_path}/third.db", "artifacts": str(tmp_path / "third")},
    ):
        missing = execute(read_home, job, config, resources={"lectures": {"config": place}})
        assert sentence(missing, job).startswith("lecture: found 'rain'; allowed: an existing lecture")
    for file in ("home/lectures.db", "other.db", "third.db"):
        assert (tmp_path / file).is_file()
    assert {path.name for path in (tmp_path / "third").iterdir()} >= {"tmp"}
    live = execute(read_home, job, config, resources={"lectures": {"config": {"providers": "live"}}})
    assert "LECTURES_PROVIDERS: found 'live' without a key" in sentence(live, job)


class SchemaTransport(Transport):
    """Carries a client's requests to Dagster's schema in this process."""

    def __init__(self, context: WorkspaceRequestContext) -> None:
        """Ask this workspace."""
        self._context = context
        self._schema = create_schema()

    def execute(self, request: Any, *_: Any, **__: Any) -> ExecutionResult:
        """Execute a request."""
        asked = self._schema.execute_async(
            request.payload["query"], context_value=self._context, variable_values=request.variable_values
        )
        answer: ExecutionResult = asyncio.run(asked)
        return answer


@contextmanager
def client_of(instance: DagsterInstance) -> Iterator[DagsterGraphQLClient]:
    origin = LoadableTargetOrigin(module_name="lecture_assets.definitions", executable_path=sys.executable)
    with in_process_test_workspace(instance, origin) as context:
        yield DagsterGraphQLClient("localhost", transport=SchemaTransport(context))


class ThreadRunLauncher(SyncInMemoryRunLauncher):
    """Executes a run in this process to its end, in a thread without an event loop: as runs are elsewhere."""

    def launch_run(self, context: LaunchRunContext) -> None:
        """Execute the run."""
        with ThreadPoolExecutor(1) as pool:
            pool.submit(super().launch_run, context).result()


def status_of(instance: DagsterInstance, run_id: str) -> str:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status.value


@pytest.fixture
def served(home: DagsterHome, tmp_path: Path) -> Iterator[DagsterHome]:
    """The home with an instance whose launcher runs what is launched in this process."""
    settings = {
        "run_launcher": {"module": __name__, "class": "ThreadRunLauncher"},
        "run_coordinator": {"module": "dagster._core.run_coordinator", "class": "DefaultRunCoordinator"},
        "telemetry": {"enabled": False},
    }
    put_files(tmp_path / "served")
    with DagsterInstance.local_temp(str(tmp_path / "served"), settings) as instance:
        yield replace(home, instance=instance)


@pytest.mark.filterwarnings("ignore:Property `ScheduleDefinition.environment_vars`:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Using variable_values and operation_name:DeprecationWarning")
def test_a_client_launches_them_and_a_reexecuted_run_is_no_second_edit(served: DagsterHome) -> None:
    partition = {"dagster/partition": LECTURE}
    with client_of(served.instance) as client:
        brief_keys = {"prompt": "Explain snow.", "num_segments": 1}
        created = client.submit_job_execution("create_lecture", run_config=config_of("create", id="snow", brief=brief_keys))
        planned = client.submit_job_execution("plan_edit", run_config=config_of("plan", **EDIT), tags=partition)
        edited = client.submit_job_execution("edit_lecture", run_config=config_of("edit", **EDIT), tags=partition)
        assert [status_of(served.instance, run) for run in (created, planned, edited)] == ["SUCCESS"] * 3
        assert client.get_run_status(edited).value == "SUCCESS"
        assert versions(served)[1:] == [["set voice=teacher"]]
        assert execute(served, "edit_lecture", {"edits": ["set voice=student"]}).success
        again = client._execute(REEXECUTE, {"parent": edited})["launchRunReexecution"]
        assert again["__typename"] == "LaunchRunSuccess", again
        assert status_of(served.instance, again["run"]["runId"]) == "SUCCESS"
    assert versions(served)[1:] == [["set voice=teacher"], ["set voice=student"]]


def config_of(op: str, **config: Any) -> dict[str, Any]:
    return {"ops": {op: {"config": config}}}


def shell(home: DagsterHome, *command: str) -> str:
    """Run a command of Dagster's at the root; its output."""
    program = Path(sys.executable).with_name(command[0])
    environ = {**os.environ, **home_environ(home.home), "DAGSTER_HOME": str(home.home / "dagster")}
    done = subprocess.run(
        [program, *command[1:]], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.thorough("a client's launch, above, without `dg`")
def test_dg_launches_an_edit(home: DagsterHome) -> None:
    shell(
        home,
        "dg",
        "launch",
        "--job",
        "edit_lecture",
        "--partition",
        LECTURE,
        "--config-json",
        json.dumps(config_of("edit", **EDIT)),
    )
    assert versions(home)[1:] == [["set voice=teacher"]]


@pytest.mark.thorough("a client's launch, above, with the run launcher of test_launcher.py")
def test_dagster_job_launch_launches_an_edit(home: DagsterHome) -> None:
    tags = json.dumps({"dagster/partition": LECTURE})
    launch = ("dagster", "job", "launch", "-w", "workspace.yaml", "-j", "edit_lecture", "--tags", tags)
    shell(home, *launch, "--config-json", json.dumps(config_of("edit", **EDIT)))
    (run,) = home.instance.get_runs()
    until(lambda: status_of(home.instance, run.run_id) in {"SUCCESS", "FAILURE"})
    assert status_of(home.instance, run.run_id) == "SUCCESS"
    assert versions(home)[1:] == [["set voice=teacher"]]
