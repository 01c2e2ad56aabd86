"""Loads code locations again that a webserver could not load, because their code server was away when it asked.

python -m lecture_assets.defs.host.reloader --url http://webserver:3000 --every 15

Dagster's webserver does not try again by itself (dagster#32216, seen in 1.13): the location stays broken, and launches fail, until
a person clicks Reload. The daemon does, every 60 s. Works with the stock webserver, too; one that is away is asked again later.
"""

import argparse
import sys
import time
from collections.abc import Iterable
from typing import Any

import httpx

_LOCATIONS = """
query { workspaceOrError { __typename ... on Workspace { locationEntries {
  name loadStatus locationOrLoadError { __typename }
} } } }
"""
_RELOAD = """
mutation ($name: String!) { reloadRepositoryLocation(repositoryLocationName: $name) { __typename
  ... on WorkspaceLocationEntry { locationOrLoadError { __typename } }
} }
"""
_LOADED = "RepositoryLocation"
_PATIENCE_S = 60.0
"""A code server may take this long to load the definitions."""


class Reloader:
    """Asks one webserver."""

    def __init__(self, client: httpx.Client) -> None:
        """client: with the webserver's address as its base."""
        self._client = client

    def broken(self) -> list[str]:
        """The names of the locations that could not be loaded. httpx.HTTPError if the webserver does not answer."""
        workspace = self._ask(_LOCATIONS, {})["workspaceOrError"]
        return [
            entry["name"]
            for entry in workspace.get("locationEntries", ())
            if entry["loadStatus"] == "LOADED" and (entry["locationOrLoadError"] or {}).get("__typename") != _LOADED
        ]

    def reload(self, name: str) -> bool:
        """Load a location again; whether that worked. httpx.HTTPError if the webserver does not answer."""
        entry = self._ask(_RELOAD, {"name": name})["reloadRepositoryLocation"]
        return (entry.get("locationOrLoadError") or {}).get("__typename") == _LOADED

    def _ask(self, query: str, variables: dict[str, str]) -> Any:
        answer = self._client.post("/graphql", json={"query": query, "variables": variables})
        answer.raise_for_status()
        document = answer.json()
        if not document.get("data"):
            message = f"it refused: {document.get('errors')}"
            raise httpx.HTTPError(message)
        return document["data"]


def look(reloader: Reloader) -> Iterable[str]:
    """Reload what is broken; a sentence for each, and for a webserver that does not answer."""
    try:
        for name in reloader.broken():
            is_loaded = reloader.reload(name)
            yield f"reloaded {name}" if is_loaded else f"{name} cannot be loaded yet; is its code server running?"
    except (httpx.HTTPError, ValueError) as error:
        yield f"the webserver does not answer ({type(error).__name__})"


def main() -> None:
    """Look until interrupted; what is said several times in a row is printed once."""
    parser = argparse.ArgumentParser(description="Reload Dagster's code locations that could not be loaded.")
    parser.add_argument("--url", required=True, help="the webserver's address, like http://webserver:3000")
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two looks")
    options = parser.parse_args()
    said: list[str] = []
    with httpx.Client(base_url=options.url, timeout=_PATIENCE_S, trust_env=False) as client:
        while True:
            before, said = said, list(look(Reloader(client)))
            for sentence in said:
                if sentence not in before:
                    sys.stdout.write(f"{sentence}\n")
                    sys.stdout.flush()
            time.sleep(options.every)


if __name__ == "__main__":
    main()
