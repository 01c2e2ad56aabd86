"""The resource `lectures`: which store the jobs work on. Its settings are those of the environment unless a run sets others."""

import os
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum

from dagster import ConfigurableResource
from pydantic import Field

from lecture_assets.runner.lectures import Lectures


class ProviderMode(Enum):
    """Who makes what is paid for, as in `LECTURES_PROVIDERS`. Dagster shows and reads the names."""

    auto = "auto"
    simulated = "simulated"
    live = "live"


class LecturesResource(ConfigurableResource[Lectures]):
    """The lectures that jobs work on. By default those of the environment, which is what sensors and assets always use."""

    home: str | None = Field(
        default=None,
        description="The folder of the database and the media, unless `database` and `artifacts` name others, for example "
        "`/var/lib/lectures`. By default `LECTURES_HOME`, with the environment's database and media.",
    )
    database: str | None = Field(
        default=None,
        description="The database's URL, for example `sqlite:////var/lib/lectures/lectures.db`. If it contains a password, name "
        "the variable that holds it (`{env: NAME}`) in its place. By default that of the home.",
    )
    artifacts: str | None = Field(
        default=None,
        description="Where the media are: a folder, or `s3://BUCKET/PREFIX`. By default those of the home.",
    )
    providers: ProviderMode | None = Field(
        default=None,
        description="`simulated`: buy nothing, make everything with local tools; `auto`: use the vendors whose keys are set; "
        "`live`: refuse without them. By default `LECTURES_PROVIDERS`.",
    )

    def environ(self) -> dict[str, str]:
        """The environment with these settings in place of its own. Another home has its own database and media."""
        elsewhere = ("LECTURES_DATABASE_URL", "LECTURES_ARTIFACTS") if self.home is not None else ()
        kept = {name: value for name, value in os.environ.items() if name not in elsewhere}
        return {**kept, **{name: value for name, value in self._given().items() if value is not None}}

    def _given(self) -> Mapping[str, str | None]:
        return {
            "LECTURES_HOME": self.home,
            "LECTURES_DATABASE_URL": self.database,
            "LECTURES_ARTIFACTS": self.artifacts,
            "LECTURES_PROVIDERS": self.providers and self.providers.value,
        }

    def open(self) -> Lectures:
        """Open the store; lectures are named by their keys.

        Edits cannot name files (`@FILE`): who may use Dagster may not therefore read the server's disk.
        """
        lectures = Lectures.open(self.environ())
        return Lectures(replace(lectures.context.of_all(), reads_files=False))


RESOURCES = {"lectures": LecturesResource()}
"""By the name of the parameter of ops that take it. Bound to each job: Dagster 1.13 warns where it binds jobs of sensors."""
