"""Scripts that do nothing but print: what they print is their product, not an account of their work."""

from __future__ import annotations

from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.side_effects import side_effect

PRODUCT = Reason("product", "product: what the script prints is all that it does")


def is_product(module: Module) -> bool:
    """Whether a file is a script that nobody imports and that has no side effect besides its output.

    Args:
        module: the module; what it was before the rewrites decides.
    """
    module = module.origin or module
    return module.is_script and not module.facts.importers and not side_effect(module)
