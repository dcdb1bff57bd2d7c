"""Classes that change how attributes, operators and calls work."""
import contextlib

import torch
import torch.nn as nn


class Shared:
    items = []
    size = 2


a, b = Shared(), Shared()
a.items.append(torch.zeros(3))
via_b = b.items[0]
a.size = 4
own = torch.zeros(a.size)
inherited = torch.zeros(b.size)
Shared.size = 5
changed = torch.zeros(b.size)
kept = torch.zeros(a.size)


class Point:
    def __new__(cls, *args):
        return torch.zeros(6)


odd = Point()


class Setter:
    def __init__(self):
        self._x = torch.zeros(1)

    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        self._x = value.unsqueeze(0)

    def __setattr__(self, name, value):
        super().__setattr__(name, value.t() if value.dim() == 2 else value)


s = Setter()
s.x = torch.zeros(3)
set_value = s.x
s.y = torch.zeros(2, 4)
transposed = s.y


class Box:
    def __init__(self, value):
        self.value = value

    def __getitem__(self, i):
        return self.value[i].unsqueeze(0)

    def __len__(self):
        return 3

    def __iter__(self):
        yield self.value.sum(0)

    def __add__(self, other):
        return torch.cat([self.value, other.value])

    def __radd__(self, other):
        return torch.zeros(9)

    def __bool__(self):
        return False

    def __eq__(self, other):
        return True

    def __enter__(self):
        return self.value.t()

    def __exit__(self, *details):
        return True

    def __contains__(self, item):
        return item.dim() == 1

    def __neg__(self):
        return self.value[0]


box = Box(torch.zeros(2, 5))
item = box[1]
for row in box:
    summed = row
joined = box + box
right = 1 + box
size = torch.zeros(len(box))
chosen = torch.zeros(1) if box else torch.zeros(2)
equal = torch.zeros(1) if box == 3 else torch.zeros(2)
inside = torch.zeros(1) if torch.zeros(4) in box else torch.zeros(2)
negative = -box
with box as entered:
    got = entered
    failing = entered.view(77)
    never = torch.zeros(1)
after = got
either = box or torch.zeros(7)


class Base:
    def name(self):
        return torch.zeros(1)

    def call(self):
        return self.name()


class Left(Base):
    def name(self):
        return torch.cat([super().name(), torch.zeros(1)])


class Right(Base):
    def name(self):
        return torch.cat([super().name(), torch.zeros(2)])


class Both(Left, Right):
    pass


diamond = Both().call()
left = Left().call()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 8)
        for i in range(2):
            setattr(self, f"layer{i}", nn.Linear(8, 8 - i))

    def forward(self, x, *, scale=None):
        x = self.fc(x)
        for i in range(2):
            x = getattr(self, f"layer{i}")(x)
        return x if scale is None else x * scale


net = Net()
out = net(torch.zeros(3, 4))
net.fc = nn.Linear(6, 8)
replaced = net(torch.zeros(3, 6), scale=torch.ones(7))
net.fc.weight = nn.Parameter(torch.zeros(8, 5))
rewired = net(torch.zeros(3, 5))
layers = nn.Sequential(nn.Linear(3, 4), nn.ReLU())
layers[0] = nn.Linear(3, 6)
swapped = layers(torch.zeros(2, 3))
layers.append(nn.Linear(6, 1))
appended = layers(torch.zeros(2, 3))
layers.add_module("extra", nn.Flatten(0))
extended = layers(torch.zeros(2, 3))
named = dict(net.named_parameters())
w = named["layer1.weight"]
state = net.state_dict()
bias = state["layer0.bias"]
children = list(layers.children())
child = children[0].weight
with contextlib.suppress(RuntimeError):
    out = out.view(5, 5)
    out = torch.zeros(1)
survived = out
x = torch.zeros(2, 3)
x.data = torch.zeros(7)
data = x + 1
y = torch.zeros(2, 3)
view = y.view(-1)
y.resize_(3, 3)
resized = y
old_view = view
