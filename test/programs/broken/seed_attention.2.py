import torch
import torch.nn.functional as F
import math

def scaled_dot_product_attention(
    Q: torch.Tensor,    # queries:  (batch, n_heads, seq_q, d_k)
    K: torch.Tensor,    # keys:     (batch, n_heads, seq_k, d_k)
    V: torch.Tensor,    # values:   (batch, n_heads, seq_k, d_v)
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    d_k = Q.size(-1)
    
    # Step 1: Q @ K.T → attention scores
    scores = Q @ K.transpose(-2, -1) / math.sqrt(d_k)
    # shape: (batch, n_heads, seq_q, seq_k)
    
    # Step 2: Apply mask (optional)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, float("-inf"))
    
    # Step 3: Softmax over seq_k dimension → attention weights
    weights = F.softmax(scores, dim=-1)
    # shape: (batch, n_heads, seq_q, seq_k)
    
    # Step 4: Weighted sum of values
    output = V @ weights
    # shape: (batch, n_heads, seq_q, d_v)
    
    return output, weights

# Attention is: output = softmax(Q @ K.T / √d_k) @ V
# A matrix multiply, softmax, then another matrix multiply
