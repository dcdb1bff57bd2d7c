import torch
import torch.nn as nn
from torch.nn import Parameter


def normalized_adjacency(edges, n):
    A = torch.zeros(n, n)
    src, dst = edges
    A[src, dst] = 1.0
    A = A + A.t() + torch.eye(n)
    d = A.sum(dim=1).pow(-0.5)
    return d.view(-1, 1) @ A * d.view(1, -1)


class GraphConv(nn.Module):
    def __init__(self, in_features: int, out_features: int, bias: bool = True):
        super().__init__()
        self.weight = Parameter(torch.empty(in_features, out_features))
        if bias:
            self.bias = Parameter(torch.empty(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        stdv = 1.0 / self.weight.size(1) ** 0.5
        self.weight.data.uniform_(-stdv, stdv)
        if self.bias is not None:
            self.bias.data.uniform_(-stdv, stdv)

    def forward(self, x, adj):
        support = torch.mm(x, self.weight)
        output = torch.spmm(adj, support)
        if self.bias is not None:
            return output + self.bias
        return output


class GCN(nn.Module):
    def __init__(self, nfeat, nhid, nclass):
        super().__init__()
        self.gc1 = GraphConv(nfeat, nhid)
        self.gc2 = GraphConv(nhid, nclass, bias=False)

    def forward(self, x, adj):
        x = torch.relu(self.gc1(x, adj))
        x = nn.functional.dropout(x, 0.5, training=self.training)
        x = self.gc2(x, adj)
        return torch.log_softmax(x, dim=1)


n_nodes = 18
edges = torch.randint(0, n_nodes, (2, 40))
adj = normalized_adjacency(edges, n_nodes)
features = torch.randn(n_nodes, 14)
model = GCN(nfeat=14, nhid=10, nclass=3)
out = model(features, adj)
train_idx = torch.arange(6)
loss = nn.functional.nll_loss(out[train_idx], torch.zeros(6, dtype=torch.long))
