"""Lists, dictionaries and tuples: which names share an object, and what changes it."""
import torch


def z(*sizes):
    return torch.zeros(*sizes)


shared = [[]] * 2
shared[0].append(z(2))
other = shared[1][0]

a = [z(1), z(2), z(3)]
b = a[:]
b.append(z(4))
last_a = a[-1]
c = a
c += [z(5)]
now_last = a[-1]
t = (z(1),)
u = t
t += (z(6),)
first_u = u[-1]
last_t = t[-1]

a.reverse()
front = a[0]
a.insert(0, z(7))
front = a[0]
taken = a.pop()
taken_first = a.pop(0)
del a[0]
front = a[0]
a[0:1] = [z(8), z(9)]
second = a[1]
a.sort(key=lambda x: x.shape[0])
smallest = a[0]
a.extend(x for x in (z(10), z(11)))
end = a[-1]
doubled = [z(2)] * 3
third = doubled[2]
nested = [[z(3)], [z(4)]]
flat = [x for row in nested for x in row]
flat_last = flat[-1]
copied = list(a)
a.clear()
kept = copied[0]

d = {"x": z(2)}
e = d
e["x"] = z(3)
from_d = d["x"]
d.setdefault("y", z(4))
from_e = e["y"]
merged = {**d, "x": z(5)}
in_merged = merged["x"]
in_d = d["x"]
d.update(x=z(6), w=z(7))
w = e["w"]
gone = d.pop("x")
default = d.get("x", z(8))
present = d.get("y", z(9))
union = d | {"y": z(10)}
uy = union["y"]
for key, value in d.items():
    shown = value
keys = sorted(d)
pairs = dict(zip("ab", (z(1), z(2))))
pb = pairs["b"]
head, *middle, tail = [z(1), z(2), z(3), z(4)]
m0 = middle[0]
(p, q), r = (z(1), z(2)), z(3)
i = j = z(4)
swapped, other_way = r, p
p, r = r, p
matrix = {(0, 1): z(2), (1, 0): z(3)}
cell = matrix[1, 0]
stack = [z(1)]
while len(stack) < 4:
    stack.append(torch.cat([stack[-1], z(1)]))
top = stack[-1]
values = [None] * 3
values[1] = z(5)
filled = values[1]
any_set = {1, 2, 3}
count = z(len(any_set))
