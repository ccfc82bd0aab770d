import torch
from torch import nn
from torch.nn import functional as F


class Encoder(nn.Module):
    def __init__(self, base=8, latent=16, act_fn=nn.GELU):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, base, 3, padding=1, stride=2),
            act_fn(),
            nn.Conv2d(base, 2 * base, 3, padding=1, stride=2),
            nn.GroupNorm(4, 2 * base),
            act_fn(),
            nn.Flatten(),
        )
        self.mu = nn.Linear(2 * base * 8 * 8, latent)
        self.logvar = nn.Linear(2 * base * 8 * 8, latent)

    def forward(self, x):
        h = self.net(x)
        return self.mu(h), self.logvar(h)


class Decoder(nn.Module):
    def __init__(self, base=8, latent=16, act_fn=nn.GELU):
        super().__init__()
        self.base = base
        self.linear = nn.Sequential(nn.Linear(latent, 2 * base * 8 * 8), act_fn())
        self.net = nn.Sequential(
            nn.ConvTranspose2d(2 * base, base, 3, output_padding=1, padding=1, stride=2),
            act_fn(),
            nn.Conv2d(base, base, 3, padding=1),
            act_fn(),
            nn.ConvTranspose2d(base, 3, 3, output_padding=1, padding=1, stride=2),
            nn.Tanh(),
        )

    def forward(self, z):
        x = self.linear(z)
        x = x.reshape(x.shape[0], -1, 8, 8)
        return self.net(x)


class VAE(nn.Module):
    def __init__(self, **kwargs):
        super().__init__()
        self.encoder = Encoder(**kwargs)
        self.decoder = Decoder(**kwargs)

    @staticmethod
    def reparameterize(mu, logvar, training):
        if not training:
            return mu
        std = torch.exp(0.5 * logvar)
        return mu + torch.randn_like(std) * std

    def forward(self, x):
        mu, logvar = self.encoder(x)
        z = self.reparameterize(mu, logvar, self.training)
        return self.decoder(z), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    BCE = F.mse_loss(recon_x, x, reduction="sum")
    return BCE - 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())


if __name__ == "__main__":
    model = VAE(latent=12)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for step in range(10):
        x = torch.rand(4, 3, 32, 32)
        recon, mu, logvar = model(x)
        loss = loss_function(recon, x, mu, logvar)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
