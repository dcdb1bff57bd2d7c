"""CLIP-style training of two towers with a symmetric contrastive loss."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Tower(nn.Module):
    def __init__(self, n_in, n_out, hidden=(64, 64)):
        super().__init__()
        layers = []
        previous = n_in
        for width in hidden:
            layers += [nn.Linear(previous, width), nn.ReLU()]
            previous = width
        layers.append(nn.Linear(previous, n_out))
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return F.normalize(self.layers(x), dim=-1)


class CLIP(nn.Module):
    def __init__(self, image_dim, text_dim, embed_dim):
        super().__init__()
        self.image = Tower(image_dim, embed_dim)
        self.text = Tower(text_dim, embed_dim, hidden=(32,))
        self.logit_scale = nn.Parameter(torch.ones([]) * 2.6592)

    def forward(self, images, texts):
        image_features = self.image(images)
        text_features = self.text(texts)
        scale = self.logit_scale.exp()
        logits_per_image = scale * image_features @ text_features.t()
        return logits_per_image, logits_per_image.t()


def clip_loss(logits_per_image, logits_per_text):
    labels = torch.arange(logits_per_image.shape[0])
    a = F.cross_entropy(logits_per_image, labels)
    b = F.cross_entropy(logits_per_text, labels)
    return (a + b) / 2


model = CLIP(image_dim=100, text_dim=40, embed_dim=16)
per_image, per_text = model(torch.randn(11, 100), torch.randn(11, 30))
loss = clip_loss(per_image, per_text)
similarity = F.cosine_similarity(torch.randn(11, 1, 16), torch.randn(1, 9, 16), dim=-1)
pairwise = torch.cdist(torch.randn(11, 16), torch.randn(9, 16))
ranks = similarity.argsort(dim=-1, descending=True)
