"""Where the rules, profiles and code tables that come with the program lie, in a checkout and in an installed copy."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(*parts: str) -> Path:
    """The path of something shipped: inside the package when installed from a wheel, else beside it."""
    installed = _PACKAGE.joinpath("_pack", *parts)
    return installed if installed.exists() else _PACKAGE.parent.joinpath(*parts)
