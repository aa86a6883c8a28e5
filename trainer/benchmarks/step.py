"""A step of SmallVGG in Python, the rival of StepBenchmark.java: same network, batch, layout, loss and optimizer.

    step.py --threads N            prints milliseconds per step: median wall time, mean time of all cores
    step.py --export FILE          writes the whole step (forward, backward, optimizer) as TorchScript, which
                                   StepBenchmark runs on the libtorch that Glint uses
"""

import argparse
import statistics
import time
from typing import List

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTHS = (64, 128, 256)
LEARNING_RATE = 0.01
MOMENTUM = 0.9
WEIGHT_DECAY = 5e-4
BATCH = 128
WARMUP = 5
STEPS = 20


def small_vgg():
    layers = []
    channels = 3
    for width in WIDTHS:
        for _ in range(2):
            layers += [nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(True)]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))


class WholeStep(nn.Module):
    """The same step without a line of Python or Java between its operators."""

    weights: List[Tensor]
    velocities: List[Tensor]
    means: List[Tensor]
    variances: List[Tensor]

    def __init__(self, model):
        super().__init__()
        self.weights = [p.detach().clone().requires_grad_() for p in model.parameters()]
        self.velocities = [torch.zeros_like(p) for p in self.weights]
        norms = [m for m in model if isinstance(m, nn.BatchNorm2d)]
        self.means = [n.running_mean.clone() for n in norms]
        self.variances = [n.running_var.clone() for n in norms]
        self.ready = False

    def prepare(self):
        """DJL loads tensors in inference mode; gradients need ordinary ones."""
        self.weights = [w.clone().requires_grad_(True) for w in self.weights]
        self.velocities = [v.clone() for v in self.velocities]
        self.means = [m.clone() for m in self.means]
        self.variances = [v.clone() for v in self.variances]
        self.ready = True

    def forward(self, pixels: Tensor, classes: Tensor) -> Tensor:
        if not self.ready:
            self.prepare()
        x = pixels.contiguous(memory_format=torch.channels_last)
        w = self.weights
        for i in range(6):
            x = F.conv2d(x, w[3 * i], None, 1, 1)
            x = F.batch_norm(x, self.means[i], self.variances[i], w[3 * i + 1], w[3 * i + 2], True, 0.1, 1e-5)
            x = torch.relu_(x)
            if i % 2 == 1:
                x = F.max_pool2d(x, 2)
        logits = F.linear(F.adaptive_avg_pool2d(x, 1).flatten(1), w[18], w[19])
        loss = F.cross_entropy(logits, classes)
        gradients = torch.autograd.grad([loss], w)
        with torch.no_grad():
            for i in range(len(w)):
                gradient = gradients[i]
                assert gradient is not None
                gradient = gradient.add(w[i], alpha=0.0005)
                velocity = self.velocities[i].mul_(0.9).add_(gradient)
                w[i].add_(gradient.add(velocity, alpha=0.9), alpha=-0.01)
        return loss.detach()


def steps(model, optimizer, pixels, classes):
    loss = 0.0
    while True:
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        logits = model(pixels.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(logits, classes)
        loss.backward()
        optimizer.step()
        loss.item()
        logits.detach().numpy()
        yield (time.perf_counter() - start) * 1e3


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--export")
    arguments = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(arguments.threads)
    model = small_vgg().to(memory_format=torch.channels_last)
    if arguments.export:
        torch.jit.script(WholeStep(model)).save(arguments.export)
        return
    optimizer = torch.optim.SGD(
        model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY, nesterov=True
    )
    pixels = torch.randn(BATCH, 3, 32, 32)
    classes = torch.randint(10, (BATCH,))
    times = []
    for milliseconds in steps(model, optimizer, pixels, classes):
        times.append(milliseconds)
        if len(times) == WARMUP:
            cpu = time.process_time()
        if len(times) == WARMUP + STEPS:
            break
    cpu = (time.process_time() - cpu) / STEPS * 1e3
    print(f"{statistics.median(times[WARMUP:]):.1f} {cpu:.1f}")


if __name__ == "__main__":
    main()
