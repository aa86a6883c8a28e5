#!/usr/bin/env python3
"""Records what torchvision says of the architectures: python3 record_models.py (python3-torchvision 0.14).

Writes, below src/test/resources/dev/glint/trainer/model:
  NAME.tsv     name and shape of each tensor of the state_dict
  logits.tsv   architecture, picture side, classes, and the logits of made-up weights for a made-up picture

Weights and picture are hashes of their position (the finalizer of MurmurHash3), so that a test can make the same.
"""
import pathlib
import zlib

import numpy
import torch
import torchvision.models as models

HERE = pathlib.Path(__file__).resolve().parent.parent / "resources/dev/glint/trainer/model"
NETS = ["resnet18", "resnet34", "resnet50", "vgg16", "mobilenet_v3_small", "efficientnet_b0", "vit_b_16"]


def uniform(name, shape):
    """Values in [-1, 1), decided by the name and the position."""
    x = numpy.arange(int(numpy.prod(shape)), dtype=numpy.uint32) + numpy.uint32(zlib.crc32(name.encode()))
    x ^= x >> numpy.uint32(16)
    x *= numpy.uint32(0x85EBCA6B)
    x ^= x >> numpy.uint32(13)
    x *= numpy.uint32(0xC2B2AE35)
    x ^= x >> numpy.uint32(16)
    return ((x >> numpy.uint32(8)) / 2.0**23 - 1).reshape(shape)


def weights(name, shape):
    """Weights that keep activations of order 1; norm layers away from the identity."""
    u = uniform(name, shape)
    if name.endswith("running_var"):
        u = 1 + 0.5 * u
    elif len(shape) == 1 and name.endswith("weight"):
        u = 1 + 0.25 * u
    elif len(shape) == 1:
        u = 0.25 * u
    else:
        u = u * numpy.sqrt(6.0 / numpy.prod(shape[1:]))
    return torch.from_numpy(u.astype(numpy.float32))


def stored(net):
    return {k: v for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}


def fill(net):
    net.load_state_dict({k: weights(k, tuple(v.shape)) for k, v in stored(net).items()}, strict=False)
    return net.eval()


def main():
    torch.set_num_threads(1)
    for name in NETS:
        state = stored(getattr(models, name)(weights=None))
        lines = [f"{k}\t{','.join(map(str, v.shape))}\n" for k, v in state.items()]
        (HERE / f"{name.replace('_', '-')}.tsv").write_text("".join(lines))
    tiny = models.VisionTransformer(32, 8, 2, 4, 64, 128, num_classes=10)
    cases = [(n.replace("_", "-"), 224 if n in ("vgg16", "vit_b_16") else 64, getattr(models, n)) for n in NETS]
    cases.append(("vit-tiny", 32, lambda **_: tiny))
    rows = []
    for name, side, build in cases:
        net = fill(build(weights=None, num_classes=10))
        picture = torch.from_numpy(uniform("picture", (2, 3, side, side)).astype(numpy.float32))
        with torch.no_grad():
            logits = net(picture).flatten().tolist()
        rows.append("\t".join([name, str(side), "10"] + [f"{x:.9g}" for x in logits]) + "\n")
    (HERE / "logits.tsv").write_text("".join(rows))


main()
