from . import right

SIZE = 3


def start(x):
    return x.reshape(-1, right.SIZE)


def go_on(x):
    return x.new_zeros(SIZE)
