import copy
from collections import deque, namedtuple

import torch
import torch.nn as nn
import torch.nn.functional as F

Transition = namedtuple("Transition", ["state", "action", "reward", "next_state", "done"])


class DuelingQ(nn.Module):
    def __init__(self, n_obs, n_actions):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_obs, 64), nn.ReLU())
        self.value = nn.Linear(64, 1)
        self.advantage = nn.Linear(64, n_actions)

    def forward(self, obs):
        h = self.body(obs)
        v = self.value(h)
        a = self.advantage(h)
        return v + a - a.mean(dim=1, keepdim=True)


def td_loss(policy, target, batch, gamma=0.99):
    q = policy(batch.state).gather(1, batch.action.unsqueeze(1)).squeeze(1)
    with torch.no_grad():
        next_q = target(batch.next_state).max(1)[0]
        expected = batch.reward + gamma * next_q * (1 - batch.done)
    return F.smooth_l1_loss(q, expected)


n_obs, n_actions, size = 6, 4, 25
policy = DuelingQ(n_obs, n_actions)
target = DuelingQ(n_obs, n_actions)
target.load_state_dict(policy.state_dict())
batch = Transition(
    state=torch.randn(size, n_obs),
    action=torch.randint(0, n_actions, (size,)),
    reward=torch.randn(size),
    next_state=torch.randn(size, n_actions),
    done=torch.zeros(size),
)
loss = td_loss(policy, target, batch)
q_values = policy(batch.state)
best_action = q_values.argmax(1)
best_value = q_values.max(dim=1).values
