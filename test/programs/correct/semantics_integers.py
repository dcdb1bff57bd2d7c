"""Python's own arithmetic, where sizes come from."""
import math

import numpy as np
import torch

a = torch.zeros(7 // 2, -7 // 2 + 5)
b = torch.zeros(7 % 3, -7 % 3)
c = torch.zeros(2**3, int(2**0.5 * 4))
d = torch.zeros(int(7 / 2), round(7 / 2), math.ceil(7 / 2), math.floor(7 / 2))
e = torch.zeros(True + 1, int("12"), len("hello"))
f = torch.zeros(max(3, 5), min([4, 2, 8]), sum([1, 2, 3]), abs(-4))
q, r = divmod(17, 5)
g = torch.zeros(q, r)
h = torch.zeros(1 << 3, 12 >> 1, 6 & 3, 6 | 1, 6 ^ 3, ~-5)
i = torch.zeros(3 if 2 < 3 <= 3 else 4, (0 or 5), (2 and 6))
j = torch.zeros(math.prod((2, 3)), math.gcd(12, 18), math.isqrt(17), int(math.log2(32)))
n = 10
n -= 3
n *= 2
n //= 4
k = torch.zeros(n)
n **= 2
m = torch.zeros(n % 4 + 1)
s = torch.zeros(2, 3).shape
o = torch.zeros(s + (4,))
p = torch.zeros(*reversed(s), s[-1] * s[0], s.numel())
total = 0
for size in range(2, 11, 3):
    total += size
t = torch.zeros(total, len(range(2, 11, 3)))
u = torch.zeros([4, 5])
v = torch.zeros(len([x for x in range(10) if x % 3 == 0]))
w = torch.zeros(np.prod([2, 3]), int(np.ceil(2.5)), np.array([1, 2, 3]).sum())
x = torch.zeros(torch.tensor([3, 4]).max().item())
y = torch.zeros(torch.Size([2, 2]))
z = torch.zeros(int(1e1), 3 * (2 + 1) - 2)
first, second = sorted([5, 3])
aa = torch.zeros(first, second)
bb = torch.zeros(10)[2:8:2]
cc = torch.zeros(10)[-3:]
dd = torch.zeros(10)[5:100]
ee = torch.zeros(10)[8:2]
ff = torch.zeros(10, 10)[::3, 1:-1]
gg = torch.zeros(2, 3, 4)[..., None, 0]
hh = torch.zeros(5, 4)[[0, 2, 4]]
ii = torch.zeros(5, 4)[:, torch.tensor([[0, 1], [2, 3]])]
jj = torch.zeros(6).chunk(4)
kk = torch.zeros(len(jj))
ll = torch.zeros(7).split(3)[-1]
mm = np.zeros((4, 5))[1:3, [0, 1, 1]]
nn_ = np.zeros((4, 5, 6))[[0, 1], :, [2, 3]]
oo = np.zeros((4, 5, 6))[:, [0, 1], [2, 3]]
pp = np.zeros((4, 5))[np.array([True, False, True, False])]
qq = np.zeros(5)[None, :, None]
rr = np.arange(10)[::-2]
ss = np.arange(2, 11, 4)
tt = torch.arange(0, 1, 0.25)
uu = torch.linspace(0, 1, 5)
vv = np.append(np.zeros((2, 3)), 1)
ww = np.delete(np.zeros((4, 3)), 1, axis=0)
xx = np.zeros((2, 3))
xx.shape = (3, 2)
yy = xx
