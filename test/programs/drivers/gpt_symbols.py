LanguageModel(vocab_size=37, block_size=16, n_embd=12, n_head=3, n_layer=2)(torch.randint(0, 37, (2, 7)))
