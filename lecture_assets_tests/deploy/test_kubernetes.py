"""The manifests are objects of Kubernetes, the values are keys of Dagster's chart, and a run's Job is what its launcher makes."""

from importlib import import_module
from typing import Any
from unittest.mock import patch

import kubernetes_validate
import pytest
from dagster._config import process_config, resolve_to_config_type
from jsonschema import Draft202012Validator
from kubernetes.client import ApiClient

from lecture_assets_tests.deploy.files import document, documents, schema

VERSIONS = ("1.31", kubernetes_validate.latest_version())
MANIFESTS = [one for name in ("lectures", "upgrade") for one in documents(f"kubernetes/{name}.yaml")]
VALUES = {name: document(f"kubernetes/{name}.yaml") for name in ("helm-values", "helm-values-pods")}


def check(thing: Any) -> None:
    """Fail unless this is an object of Kubernetes without an unknown key."""
    for version in VERSIONS:
        kubernetes_validate.validate(thing, version, strict=True)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda one: f"{one['kind']} {one['metadata']['name']}")
def test_a_manifest_is_an_object_of_kubernetes(manifest: Any) -> None:
    check(manifest)


def containers() -> list[Any]:
    pods = [one["spec"]["template"]["spec"] for one in MANIFESTS if "template" in one.get("spec", {})]
    return [(pod, container) for pod in pods for container in pod["containers"]]


def test_no_container_runs_as_root_or_without_a_limit_of_memory() -> None:
    assert containers()
    for pod, container in containers():
        assert pod["securityContext"]["runAsNonRoot"]
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["resources"]["limits"]["memory"] == container["resources"]["requests"]["memory"]


@pytest.mark.parametrize("name", VALUES)
def test_every_value_is_a_key_of_the_chart(name: str) -> None:
    validator = Draft202012Validator(schema("dagster-helm-values"))
    assert [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(VALUES[name])] == []
    assert not validator.is_valid({**VALUES[name], "dagsterDeamon": {}})


@pytest.mark.parametrize("name", VALUES)
def test_the_parts_of_a_pod_in_the_values_are_those_of_kubernetes(name: str) -> None:
    deployments = VALUES[name]["dagster-user-deployments"]["deployments"]
    for part in (*deployments, VALUES[name]["dagsterDaemon"]):
        check(pod_of(part))


def pod_of(values: Any) -> Any:
    """A pod with what the chart puts into it as it is."""
    probes = {key: {**values[key]} for key in ("readinessProbe", "livenessProbe", "startupProbe") if key in values}
    for probe in probes.values():
        probe.pop("enabled", None)
    container = {
        "name": "dagster",
        "image": "dagster",
        "env": values.get("env", []),
        "envFrom": [
            *({"configMapRef": one} for one in values.get("envConfigMaps", ())),
            *({"secretRef": one} for one in values.get("envSecrets", ())),
        ],
        "resources": values.get("resources", {}),
        "volumeMounts": values.get("volumeMounts", []),
        "securityContext": values.get("securityContext", {}),
        **probes,
    }
    security = values.get("podSecurityContext", {})
    spec = {"containers": [container], "volumes": values.get("volumes", []), "securityContext": security}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "dagster"}, "spec": spec}


def code_server(name: str) -> Any:
    [code] = VALUES[name]["dagster-user-deployments"]["deployments"]
    return code


def test_webserver_and_daemon_know_the_code_server_by_the_same_name_and_address() -> None:
    [location] = document("workspace.yaml")["load_from"]
    expected = {"host": code_server("helm-values")["name"], "port": code_server("helm-values")["port"]}
    assert location["grpc_server"] == {**expected, "location_name": code_server("helm-values")["dagsterApiGrpcArgs"][-1]}
    [server] = VALUES["helm-values"]["dagsterWebserver"]["workspace"]["servers"]  # the daemon's, too
    assert server == {**expected, "name": location["grpc_server"]["location_name"]}


def test_a_list_of_values_that_replaces_another_leaves_nothing_out() -> None:
    assert code_server("helm-values").keys() - code_server("helm-values-pods").keys() == {"includeConfigInLaunchedRuns"}
    for key in ("resources", "podSecurityContext", "securityContext", "readinessProbe", "livenessProbe", "startupProbe"):
        assert code_server("helm-values")[key] == code_server("helm-values-pods")[key]


def test_every_process_has_the_account_whose_role_reaches_s3() -> None:
    pods = [one["spec"]["template"]["spec"] for one in MANIFESTS if "template" in one.get("spec", {})]
    runs = document("kubernetes/dagster-pods.yaml")["run_launcher"]["config"]["service_account_name"]
    chart = VALUES["helm-values"]["global"]["serviceAccountName"]
    accounts = [one["metadata"]["name"] for one in MANIFESTS if one["kind"] == "ServiceAccount"]
    assert {chart, runs, *(pod["serviceAccountName"] for pod in pods)} == set(accounts)


@pytest.mark.slow
def test_the_job_of_a_run_ends_is_removed_and_is_never_tried_again() -> None:
    k8s: Any = import_module("dagster_k8s")  # it loads all of Kubernetes' client
    jobs: Any = import_module("dagster_k8s.job")
    config = document("kubernetes/dagster-pods.yaml")["run_launcher"]["config"]
    found = process_config(resolve_to_config_type(k8s.K8sRunLauncher.config_type()), config)
    assert found.success, found.errors
    assert found.value is not None
    with patch("kubernetes.config.load_incluster_config"):  # there is no cluster
        launcher = k8s.K8sRunLauncher.from_config_value(None, found.value)
    assert launcher.job_namespace == "lectures"
    image = jobs.DagsterK8sJobConfig("image", config["dagster_home"], instance_config_map=config["instance_config_map"])
    settings = jobs.UserDefinedDagsterK8sConfig.from_dict(found.value["run_k8s_config"])
    job = ApiClient().sanitize_for_serialization(
        jobs.construct_dagster_k8s_job(image, ["run"], "run", user_defined_k8s_config=settings)
    )
    check({**job, "apiVersion": "batch/v1", "kind": "Job"})
    assert job["spec"]["ttlSecondsAfterFinished"] == 3600
    assert job["spec"]["backoffLimit"] == 0
    assert job["spec"]["activeDeadlineSeconds"] == 86400
    assert job["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"]
