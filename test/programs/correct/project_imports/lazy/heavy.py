def pooled(x):
    y = x.amax(dim=1)
    return y
