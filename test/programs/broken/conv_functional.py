# A convolutional classifier with functional layers and explicit weights.
import torch
import torch.nn.functional as F

torch.manual_seed(1)
IMG, CLASSES = 20, 6

params = dict(
    conv1=torch.randn(8, 3, 3, 3) * 0.1,
    conv2=torch.randn(16, 8, 3, 3) * 0.1,
    bias1=torch.zeros(8),
    fc=torch.randn(CLASSES, 16 * (IMG // 2) ** 2) * 0.05,
)
for value in params.values():
    value.requires_grad_(True)


def model(x, p):
    h = F.conv2d(x, p["conv1"], p["bias1"], padding=1)
    h = F.relu(h, inplace=False)
    h = F.avg_pool2d(h, 2)
    h = F.relu(F.conv2d(h, p["conv2"], padding="same"))
    h = F.max_pool2d(h, kernel_size=2)
    h = h.flatten(start_dim=1)
    return F.linear(h, p["fc"])


x = torch.rand(9, 3, IMG, IMG)
target = torch.arange(9) % CLASSES
logits = model(x, params)
loss = F.cross_entropy(logits, target)
grads = torch.autograd.grad(loss, list(params.values()))
with torch.no_grad():
    for (name, weight), grad in zip(params.items(), grads):
        weight -= 0.1 * grad

patches = F.unfold(x, kernel_size=4, stride=4)
columns = patches.transpose(1, 2)
weights = params["conv1"].detach().view(8, -1)
padded = F.pad(x, (1, 2, 3, 4))
shrunk = F.adaptive_avg_pool2d(padded, 5).mean((2, 3))
one_hot = F.one_hot(target, num_classes=CLASSES).float()
agreement = (logits.argmax(-1) == target).float().mean()
soft = (one_hot * F.log_softmax(logits, dim=-1)).sum(-1).neg()
