import torch
import torch.nn as nn


class MultiTask(nn.Module):
    def __init__(self, sizes, tasks):
        super().__init__()
        self.trunk = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
        self.heads = nn.ModuleDict({name: nn.Linear(sizes[-1], n) for name, n in tasks.items()})
        self.gates = nn.ParameterList([nn.Parameter(torch.ones(n)) for n in sizes[1:]])

    def forward(self, x):
        for i, layer in enumerate(self.trunk):
            x = layer(x)
            x = x * self.gates[i]
            if i < len(self.trunk) - 1:
                x = torch.relu(x)
        return {name: head(x) for name, head in self.heads.items()}


tasks = {"age": 1, "species": 12, "box": 4}
model = MultiTask([32, 64, 48], tasks)
x = torch.randn(9, 32)
outputs = model(x)
age = outputs["age"].squeeze(2)
species = outputs["species"].softmax(dim=-1)
box = outputs["box"]
everything = torch.cat([age.unsqueeze(1), species, box], dim=1)

activations = {"relu": torch.relu, "tanh": torch.tanh}
layers = {}
for name, fn in activations.items():
    layers[name] = fn(x @ torch.randn(32, 5))
relu_out = layers["relu"]
summed = relu_out + layers["tanh"]
means = [out.mean().item() for out in layers.values()]
