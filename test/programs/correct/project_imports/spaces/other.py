from .inner import flat


def tall(x):
    return flat(x).unsqueeze(-1)
