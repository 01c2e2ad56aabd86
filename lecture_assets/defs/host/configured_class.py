"""What a class has in common with others that `dagster.yaml` names: its section of the file, and how it is created from it."""

from collections.abc import Mapping
from typing import Any, Self

from lecture_assets.defs.dagster_internals import ConfigurableClass, ConfigurableClassData, UserConfigSchema


class ConfiguredClass(ConfigurableClass):
    """A class without settings. One that has some overrides `config_type`, and takes them by name."""

    _inst_data: ConfigurableClassData | None = None

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """Its section of dagster.yaml."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """No settings."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """Create it from its settings."""
        return cls(inst_data, **config_value)  # type: ignore[call-arg] # each class takes its own section first
