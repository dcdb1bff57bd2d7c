import torch
import torch.nn as nn


class TextClassifier(nn.Module):
    def __init__(self, vocab, d_model=48, nhead=6, layers=2, classes=4, max_len=64):
        super().__init__()
        self.token = nn.Embedding(vocab, d_model)
        self.position = nn.Parameter(torch.randn(d_model, max_len))
        layer = nn.TransformerEncoderLayer(d_model, nhead, dim_feedforward=128, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=layers)
        self.norm = nn.LayerNorm(d_model)
        self.classify = nn.Linear(d_model, classes)

    def forward(self, ids, padding=None):
        x = self.token(ids) + self.position[: ids.shape[1]]
        x = self.encoder(x, src_key_padding_mask=padding)
        return self.classify(self.norm(x).mean(dim=1))


model = TextClassifier(vocab=1000)
ids = torch.randint(0, 1000, (7, 21))
logits = model(ids)
padded = model(ids, padding=ids == 0)

mha = nn.MultiheadAttention(embed_dim=30, num_heads=5)
query = torch.randn(12, 7, 30)
memory = torch.randn(17, 7, 30)
attended, weights = mha(query, memory, memory)
heads = weights.unsqueeze(1).expand(-1, 5, -1, -1)
