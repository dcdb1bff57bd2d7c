import torch
import torch.nn as nn


class LSTMClassifier(nn.Module):
    def __init__(self, vocab_size, embedding_dim, hidden_dim, output_dim, n_layers=2, bidirectional=True):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=0)
        self.lstm = nn.LSTM(
            embedding_dim,
            hidden_dim,
            num_layers=n_layers,
            bidirectional=bidirectional,
            batch_first=True,
        )
        self.fc = nn.Linear(hidden_dim * 2, output_dim)
        self.dropout = nn.Dropout(0.3)

    def forward(self, text):
        embedded = self.dropout(self.embedding(text))
        output, (hidden, cell) = self.lstm(embedded)
        hidden = torch.cat((hidden[-2, :, :], hidden[-1, :, :]), dim=1)
        return self.fc(self.dropout(hidden))


class CharRNN(nn.Module):
    def __init__(self, n_chars, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.encoder = nn.Embedding(n_chars, hidden_size)
        self.rnn = nn.GRU(hidden_size, hidden_size)
        self.decoder = nn.Linear(hidden_size, n_chars)

    def init_hidden(self, batch_size):
        return torch.zeros(batch_size, 1, self.hidden_size)

    def forward(self, chars, hidden):
        encoded = self.encoder(chars)
        output, hidden = self.rnn(encoded, hidden)
        return self.decoder(output), hidden


model = LSTMClassifier(500, 64, 48, 3)
texts = torch.randint(1, 500, (10, 27))
logits = model(texts)
labels = torch.randint(0, 3, (10,))
loss = nn.CrossEntropyLoss()(logits, labels)

rnn = CharRNN(80, 36)
chars = torch.randint(0, 80, (15, 4))
hidden = rnn.init_hidden(4)
out, hidden = rnn(chars, hidden)
next_char = out[-1].argmax(dim=-1)
