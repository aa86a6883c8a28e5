#!/usr/bin/env python3
"""Records files of torch.save and what is in them: python3 record_pth.py (python3-torch 1.13).

Writes, below src/test/resources/dev/glint/trainer/weights: a state_dict of a small net, tensors of every kind of view and
type, a checkpoint around a state_dict, a file of the format before PyTorch 1.6, and a whole pickled module.
"""
import collections
import pathlib

import torch

HERE = pathlib.Path(__file__).resolve().parent.parent / "resources/dev/glint/trainer/weights"


def save(name, value, **options):
    torch.save(value, HERE / name, **options)


def main():
    torch.manual_seed(1)
    net = torch.nn.Sequential(
        collections.OrderedDict(
            conv=torch.nn.Conv2d(1, 2, 3), bn=torch.nn.BatchNorm2d(2), fc=torch.nn.Linear(8, 3)
        )
    )
    for i, value in enumerate(net.state_dict().values()):
        value.copy_(torch.arange(value.numel()).reshape(value.shape) * 0.5 + i)
    save("state-dict.pth", net.state_dict())
    save("protocol-4.pth", net.state_dict(), pickle_protocol=4)
    save("before-1.6.pth", net.state_dict(), _use_new_zipfile_serialization=False)
    save("module.pth", net)
    grid = torch.arange(12.0).reshape(3, 4)
    save(
        "views.pth",
        {
            "transposed": grid.t(),
            "column": grid[:, 1],
            "rest": grid[1:],
            "every-other": grid[:, ::2],
            "scalar": torch.tensor(1.5),
            "empty": torch.zeros(0, 3),
            "parameter": torch.nn.Parameter(torch.tensor([1.0, -2.0])),
            "half": torch.tensor([1.0, -0.5, 65504.0, 2**-24, float("inf")], dtype=torch.float16),
            "bfloat16": torch.tensor([1.0, -2.5], dtype=torch.bfloat16),
            "double": torch.tensor([0.1, -1e300], dtype=torch.float64),
            "long": torch.tensor([7, -7]),
        },
    )
    wrapped = collections.OrderedDict(("module." + k, v) for k, v in net.state_dict().items())
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    save(
        "checkpoint.pth",
        {"epoch": 3, "best": 0.5, "args": None, "done": True, "state_dict": wrapped, "optimizer": optimizer.state_dict()},
    )


main()
