def flat(x):
    y = x.flatten(1)
    return y
