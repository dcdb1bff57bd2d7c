import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    """The size of the flattened features is found by a pass with a dummy image."""

    def __init__(self, input_shape=(1, 28, 28), n_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(input_shape[0], 10, 5)
        self.conv2 = nn.Conv2d(20, 20, 5)
        self.drop = nn.Dropout2d()
        n_size = self._get_conv_output(input_shape)
        self.fc1 = nn.Linear(n_size, 50)
        self.fc2 = nn.Linear(50, n_classes)

    def _get_conv_output(self, shape):
        x = torch.rand(1, *shape)
        features = self._forward_features(x)
        return features.data.view(1, -1).size(1)

    def _forward_features(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.drop(self.conv2(x)), 2))
        return x

    def forward(self, x):
        x = self._forward_features(x)
        x = x.view(-1, self.num_flat_features(x))
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        return F.log_softmax(x, dim=1)

    def num_flat_features(self, x):
        size = x.size()[1:]
        num_features = 1
        for s in size:
            num_features *= s
        return num_features


def train_step(model, data, target):
    output = model(data)
    loss = F.nll_loss(output, target)
    loss.backward()
    pred = output.argmax(dim=1, keepdim=True)
    correct = pred.eq(target.view_as(pred)).sum().item()
    return loss, correct


model = Net()
data = torch.randn(20, 1, 28, 28)
target = torch.randint(0, 10, (20,))
loss, correct = train_step(model, data, target)
wide = Net((3, 32, 40), 7)
out = wide(torch.randn(2, 3, 32, 40))
kernel = wide.conv1.weight
