from .attention import CausalAttention
from .gpt import GPT

__all__ = ["CausalAttention", "GPT"]
