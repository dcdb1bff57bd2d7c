import torch
import torch.nn as nn

nz, ngf, ndf, nc = 32, 8, 8, 1

generator = nn.Sequential(
    nn.ConvTranspose2d(nz, ngf * 4, 4, 1, 0, bias=False),
    nn.BatchNorm2d(ngf * 4),
    nn.ReLU(True),
    nn.ConvTranspose2d(ngf * 4, ngf * 2, 4, 2, 1, bias=False),
    nn.ReLU(True),
    nn.ConvTranspose2d(ngf * 2, nc, 4, 2, 1, bias=False),
    nn.Tanh(),
)

discriminator = nn.Sequential(
    nn.Conv2d(nc, ndf, 4, 2, 1, bias=False),
    nn.LeakyReLU(0.2, inplace=True),
    nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False),
    nn.LeakyReLU(0.2, inplace=True),
    nn.Conv2d(ndf * 2, 1, 4, 1, 0, bias=False),
    nn.Flatten(),
)

criterion = nn.BCEWithLogitsLoss()
real = torch.rand(10, nc, 16, 16)
batch_size = real.size(0)

noise = torch.randn(batch_size, 1, 1, nz)
fake = generator(noise)
real_score = discriminator(real).view(-1)
fake_score = discriminator(fake.detach()).view(-1)
loss_d = criterion(real_score, torch.ones_like(real_score)) + criterion(fake_score, torch.zeros(batch_size))
loss_d.backward()

loss_g = criterion(discriminator(fake).squeeze(1), torch.ones(batch_size))
grid = fake.permute(0, 2, 3, 1).reshape(2, 5, 16, 16, nc)
strip = torch.cat(list(grid[0]), dim=1)
