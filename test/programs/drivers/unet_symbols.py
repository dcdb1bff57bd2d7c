out = UNet(3, 2)(torch.zeros(2, 3, 27, 38))
small = Residual(3, 8, 2)(torch.zeros(2, 3, 9, 9))
words = Speech(12, 5)(torch.zeros(2, 1, 400))
