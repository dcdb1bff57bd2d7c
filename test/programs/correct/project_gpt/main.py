import numpy as np
import torch

import config as settings
from config import ModelConfig
from data import batches
from nets import GPT
from nets.functional import split_heads as split

cfg = ModelConfig(heads=4)
model = GPT(cfg)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=cfg.betas)

ids = torch.randint(0, cfg.vocab_size, (settings.BATCH, cfg.context))
targets = torch.roll(ids, -1, dims=1)
for step in range(2):
    logits, loss = model(ids, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

tokens = np.random.randint(0, cfg.vocab_size, 400)
for x, y in batches(tokens, settings.BATCH, cfg.context, count=2):
    logits, loss = model(x, y)

heads = split(torch.randn(2, 7, 24), 3)
probs = logits[:, -1].softmax(-1)
head_dim = cfg.head_dim
