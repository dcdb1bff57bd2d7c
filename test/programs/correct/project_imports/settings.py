from dataclasses import dataclass

WIDTH = 8
DEPTHS = [2, 4, 6]


@dataclass
class Sizes:
    width: int = WIDTH
