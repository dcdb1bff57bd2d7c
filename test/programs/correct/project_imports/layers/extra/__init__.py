from .mix import Mixer as Mixer


def scaled(x, size):
    return x.new_zeros(size, *x.shape[1:])
