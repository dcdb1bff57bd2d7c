def center(x):
    mean = x.mean(-1, keepdim=True)
    return x - mean
