"""Makes the manual page and the shell completions when a wheel is built, and puts them where they are installed."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds share/man and the completions to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files below build/ and name them among the wheel's data."""
        root = Path(self.root)
        sys.path.insert(0, self.root)
        spec = importlib.util.spec_from_file_location("manual", root / "docs" / "manual.py")
        assert spec is not None
        assert spec.loader is not None
        manual = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = manual
        spec.loader.exec_module(manual)
        for path, place in manual.write(root / "build" / "manual").items():
            build_data["shared_data"][str(path)] = place
