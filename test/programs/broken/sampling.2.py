import torch
import torch.nn.functional as F


def top_k_filter(logits, k):
    values, _ = torch.topk(logits, k, dim=-1)
    threshold = values[..., None]
    return torch.where(logits < threshold, torch.full_like(logits, float("-inf")), logits)


def top_p_filter(logits, p=0.9):
    sorted_logits, sorted_indices = torch.sort(logits, descending=True, dim=-1)
    cumulative = torch.cumsum(F.softmax(sorted_logits, dim=-1), dim=-1)
    remove = cumulative > p
    remove[..., 1:] = remove[..., :-1].clone()
    remove[..., 0] = False
    mask = remove.scatter(-1, sorted_indices, remove)
    return logits.masked_fill(mask, float("-inf"))


def sample(logits, temperature=1.0, top_k=0, top_p=0.0):
    logits = logits / temperature
    if top_k > 0:
        logits = top_k_filter(logits, min(top_k, logits.size(-1)))
    if top_p > 0.0:
        logits = top_p_filter(logits, top_p)
    probs = F.softmax(logits, dim=-1)
    return torch.multinomial(probs, num_samples=1).squeeze(-1)


def log_probs_of(logits, tokens):
    logp = F.log_softmax(logits, dim=-1)
    return logp.gather(-1, tokens.unsqueeze(-1)).squeeze(-1)


batch, length, vocab = 3, 8, 50
logits = torch.randn(batch, length, vocab)
last = logits[:, -1, :]
greedy = last.argmax(dim=-1, keepdim=True)
sampled = sample(last, temperature=0.8, top_k=10)
nucleus = sample(last, top_p=0.95)
tokens = torch.randint(0, vocab, (batch, length))
logp = log_probs_of(logits, tokens)
sequence_score = logp.sum(dim=1)
best = sequence_score.argmax()
entropy = -(F.softmax(logits, -1) * F.log_softmax(logits, -1)).sum(-1)
