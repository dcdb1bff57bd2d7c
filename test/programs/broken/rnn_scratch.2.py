import torch

torch.manual_seed(0)


def init_params(input_size, hidden_size, output_size):
    scale = 0.01
    Wxh = torch.randn(input_size, hidden_size) * scale
    Whh = torch.randn(hidden_size, hidden_size) * scale
    bh = torch.zeros(hidden_size)
    Why = torch.randn(hidden_size, output_size) * scale
    by = torch.zeros(output_size)
    return Wxh, Whh, bh, Why, by


def rnn_step(x, h, params):
    Wxh, Whh, bh, Why, by = params
    h = torch.tanh(x @ Wxh + h @ Whh + bh)
    y = h @ Why + by
    return y, h


def rnn(inputs, h, params):
    # inputs: (steps, batch, features)
    outputs = []
    for x in inputs:
        y, h = rnn_step(x, h, params)
        outputs.append(y)
    return torch.stack(outputs), h


params = init_params(7, 16, 4)
sequence = torch.randn(9, 3, 7)
state = torch.zeros(4, 16)
outputs, state = rnn(sequence, state, params)
print(outputs.shape, state.shape)

steps = []
h = torch.zeros(3, 16)
for t in range(sequence.shape[0]):
    y, h = rnn_step(sequence[t], h, params)
    steps.append(y.unsqueeze(0))
joined = torch.cat(steps, dim=0)
last = steps[-1].squeeze(0)
