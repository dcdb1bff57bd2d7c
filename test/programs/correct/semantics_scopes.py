"""Scopes, closures and the time at which things are evaluated."""
import torch

x = torch.zeros(2)


def early(value=x):
    return value


x = torch.zeros(3)
default = early()


def late():
    return x


now = late()
x = torch.zeros(4)
later = late()

functions = []
for n in (1, 2, 3):
    functions.append(lambda: torch.zeros(n))
captured = functions[0]()
bound = [lambda n=n: torch.zeros(n) for n in (1, 2, 3)]
first_bound = bound[0]()


def counter():
    count = 0

    def step():
        nonlocal count
        count += 1
        return torch.zeros(count)

    return step


step = counter()
one = step()
two = step()
fresh = counter()()

total = 0


def add(n):
    global total
    total += n
    return total


add(2)
add(3)
sized = torch.zeros(total)


def shadow(x):
    x = x.unsqueeze(0)
    return x


shadowed = shadow(x)
unchanged = x
squares = [x * 2 for x in (torch.zeros(5), torch.zeros(6))]
still = x
if (y := torch.zeros(7)).numel() > 3:
    z = y
walrus = [w := torch.zeros(k) for k in (1, 2)]
leaked = w


class Scope:
    x = torch.zeros(8)
    y = x

    def get(self):
        return x


inside = Scope().get()
attribute = Scope.y


def outer():
    x = torch.zeros(9)

    class Inner:
        def get(self):
            return x

    return Inner


closed = outer()().get()


def multiple(flag):
    if flag:
        return torch.zeros(1)
    for i in range(3):
        if i == 2:
            return torch.zeros(i)
    return None


yes, no = multiple(True), multiple(False)


def finally_wins():
    try:
        return torch.zeros(1)
    finally:
        x = torch.zeros(2)
        print(x)


kept = finally_wins()


def fib(n):
    return torch.zeros(1) if n < 2 else torch.cat([fib(n - 1), fib(n - 2)])


grown = fib(5)


def numbers():
    yield torch.zeros(1)
    yield torch.zeros(2)


stream = numbers()
g1 = next(stream)
g2 = next(stream)
collected = list(numbers())
g_last = collected[-1]
apply = lambda f, *args: f(*args)
applied = apply(torch.zeros, 2, 3)
for index in range(4):
    pass
after_loop = torch.zeros(index)
for index in range(3):
    if index == 1:
        break
else:
    index = 10
broken = torch.zeros(index)
for index in range(3):
    continue
else:
    index = 11
completed = torch.zeros(index)
len_of = len
len = lambda value: 6
faked = torch.zeros(len("abc"))
len = len_of
real = torch.zeros(len("abc"))
