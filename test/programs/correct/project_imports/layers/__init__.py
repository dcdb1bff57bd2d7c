from . import extra
from .block import Block
from .norms import center

__all__ = ["Block", "center"]
