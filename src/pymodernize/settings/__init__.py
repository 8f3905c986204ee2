"""Settings from ``[tool.pymodernize]`` in ``pyproject.toml`` or a file of the same form."""

from pymodernize.settings.codemod_options import make_options
from pymodernize.settings.errors import SettingsError
from pymodernize.settings.loading import by_settings_file, find_settings_file, load_history_size, load_settings
from pymodernize.settings.model import Settings
from pymodernize.settings.values import UNPARSABLE, checked_codes, checked_names, parse_target

__all__ = [
    "UNPARSABLE",
    "Settings",
    "SettingsError",
    "by_settings_file",
    "checked_codes",
    "checked_names",
    "find_settings_file",
    "load_history_size",
    "load_settings",
    "make_options",
    "parse_target",
]
