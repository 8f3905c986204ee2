"""What a command line is given beside what the script reads itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SkeletonOptions:
    """The settings of ``argparse-skeleton``."""

    bare: bool = field(
        default=False,
        metadata={"help": "whether arguments are converted of which argparse says and checks no more than their names"},
    )
    constants: bool = field(
        default=False,
        metadata={"help": "whether constants with paths, addresses and numbers become options"},
    )
    prompts: bool = field(
        default=False,
        metadata={"help": "whether what the script asks for at its start can be given as an option"},
    )
