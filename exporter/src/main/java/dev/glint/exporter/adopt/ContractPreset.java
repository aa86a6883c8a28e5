package dev.glint.exporter.adopt;

import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.image.Size;
import java.util.List;
import java.util.Optional;

/** What the pictures of well-known families of models go through. */
public enum ContractPreset {
    /** torchvision's ImageNet models: the middle 224x224 of 256, RGB, normalized by ImageNet's mean and deviation. */
    IMAGENET(new ContractDraft(
            Optional.of(ColorSpace.RGB),
            Optional.of(new ResizeRule.ShorterSide(256)),
            Optional.of(new Size(224, 224)),
            Optional.empty(),
            Optional.of(1.0 / 255),
            Optional.of(List.of(0.485, 0.456, 0.406)),
            Optional.of(List.of(0.229, 0.224, 0.225)),
            Optional.empty())),
    /** TensorFlow's and Keras' MobileNets and Inceptions: RGB from -1 to 1. How pictures are resized differs among them. */
    TF(values(ColorSpace.RGB, 1 / 127.5, List.of(1.0))),
    /** Digits: 28x28, gray from 0 to 1. */
    MNIST(new ContractDraft(
            Optional.of(ColorSpace.GRAY),
            Optional.of(new ResizeRule.Exact()),
            Optional.of(new Size(28, 28)),
            Optional.empty(),
            Optional.of(1.0 / 255),
            Optional.of(List.of(0.0)),
            Optional.of(List.of(1.0)),
            Optional.empty())),
    /** Caffe's ImageNet models: BGR from 0 to 255 without its mean. How pictures are resized differs among them. */
    CAFFE(values(ColorSpace.BGR, 1, List.of(104.0, 117.0, 123.0)));

    private final ContractDraft draft;

    ContractPreset(ContractDraft draft) {
        this.draft = draft;
    }

    private static ContractDraft values(ColorSpace color, double scale, List<Double> mean) {
        return new ContractDraft(
                Optional.of(color),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(scale),
                Optional.of(mean),
                Optional.of(List.of(1.0)),
                Optional.empty());
    }

    /** What it decides. */
    public ContractDraft draft() {
        return draft;
    }
}
