import torch
import torch.nn as nn
import torch.optim as optim


class MLP(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, dropout=0.1):
        super().__init__()
        self.fc1 = nn.Linear(input_size, hidden_size)
        self.norm = nn.BatchNorm1d(hidden_size // 2)
        self.fc2 = nn.Linear(hidden_size, hidden_size // 2)
        self.out = nn.Linear(hidden_size // 2, num_classes)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        x = self.relu(self.norm(self.fc1(x)))
        x = self.dropout(x)
        x = self.relu(self.fc2(x))
        return self.out(x)


device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = MLP(28 * 28, 256, 10).to(device)
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=1e-3)

images = torch.rand(96, 1, 28, 28, device=device)
labels = torch.randint(0, 10, (96,), device=device)
batch_size = 32

model.train()
for epoch in range(2):
    running_loss = 0.0
    permutation = torch.randperm(images.size(0))
    for i in range(0, images.size(0), batch_size):
        idx = permutation[i : i + batch_size]
        inputs, targets = images[idx], labels[idx]
        optimizer.zero_grad()
        logits = model(inputs)
        loss = criterion(logits, targets)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    print(f"epoch {epoch + 1}: {running_loss:.3f}")

model.eval()
with torch.no_grad():
    scores = model(images)
    predicted = scores.argmax(dim=1)
    correct = (predicted == labels).sum().item()
    probabilities = torch.softmax(scores, dim=1)
    confidence, classes = probabilities.max(dim=1)
print("accuracy", correct / labels.size(0))
