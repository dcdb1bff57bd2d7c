import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def timestep_embedding(t, dim):
    half = dim // 2
    freqs = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32) / half)
    args = t[:, None].float() * freqs[None]
    return torch.cat([torch.cos(args), torch.sin(args)], dim=-1)


class ResBlock(nn.Module):
    def __init__(self, in_ch, out_ch, time_dim, groups=4):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, in_ch)
        self.conv1 = nn.Conv2d(in_ch, out_ch, 3, padding=1)
        self.time = nn.Sequential(nn.SiLU(), nn.Linear(time_dim, out_ch))
        self.norm2 = nn.GroupNorm(groups, out_ch)
        self.conv2 = nn.Conv2d(out_ch, out_ch, 3, padding=1)
        self.skip = nn.Conv2d(in_ch, out_ch, 1) if in_ch != out_ch else nn.Identity()

    def forward(self, x, emb):
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.time(emb)[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return h + self.skip(x)


class SpatialAttention(nn.Module):
    def __init__(self, ch):
        super().__init__()
        self.norm = nn.GroupNorm(4, ch)
        self.qkv = nn.Conv1d(ch, ch * 3, 1)
        self.proj = nn.Conv1d(ch, ch, 1)

    def forward(self, x):
        b, c, h, w = x.shape
        y = self.norm(x).reshape(b, c, h * w)
        q, k, v = self.qkv(y).chunk(3, dim=1)
        weight = torch.einsum("bct,bcs->bts", q, k) / math.sqrt(c)
        weight = weight.softmax(dim=-1)
        out = torch.einsum("bts,bcs->bct", weight, v)
        return x + self.proj(out).reshape(b, c, h, w)


class Denoiser(nn.Module):
    def __init__(self, channels=16, time_dim=32):
        super().__init__()
        self.time_dim = time_dim
        self.embed = nn.Sequential(nn.Linear(time_dim, time_dim), nn.SiLU(), nn.Linear(time_dim, time_dim))
        self.stem = nn.Conv2d(3, channels, 3, padding=1)
        self.down = ResBlock(channels, channels * 2, time_dim)
        self.pool = nn.Conv2d(channels * 2, channels * 2, 3, stride=2, padding=1)
        self.middle = SpatialAttention(channels * 2)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.final = ResBlock(channels * 2 + channels, channels, time_dim)
        self.out = nn.Conv2d(channels, 3, 1)

    def forward(self, x, t):
        emb = self.embed(timestep_embedding(t, self.time_dim))
        s = self.stem(x)
        h = self.pool(self.down(s, emb))
        h = self.up(self.middle(h))
        h = self.final(torch.cat((h, s), dim=1), emb)
        return self.out(h)


T = 50
betas = torch.linspace(1e-4, 0.02, T)
alphas_bar = torch.cumprod(1 - betas, dim=0)
model = Denoiser()
x0 = torch.randn(4, 3, 12, 20)
t = torch.randint(0, T, (x0.shape[0],))
noise = torch.randn_like(x0)
a = alphas_bar[t].view(-1, 1, 1, 1)
xt = a.sqrt() * x0 + (1 - a).sqrt() * noise
predicted = model(xt, t)
loss = F.mse_loss(predicted, noise)
snr = alphas_bar / (1 - alphas_bar)
