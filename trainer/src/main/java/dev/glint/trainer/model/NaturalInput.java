package dev.glint.trainer.model;

import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.GeometricStep.CenterCrop;
import dev.glint.runtime.contract.GeometricStep.ResizeExact;
import dev.glint.runtime.contract.GeometricStep.ResizeShorterSide;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.SixteenBitRule;
import java.util.List;

/** The pictures that an architecture was made for, and what they usually go through. */
public enum NaturalInput {
    /** 12x12, gray. */
    BARS(ColorSpace.GRAY, List.of(new ResizeExact(12, 12, Interpolation.BILINEAR)), 12, List.of(0.25), List.of(0.5)),
    /** 32x32, normalized as CIFAR-10's training pictures are. */
    CIFAR(
            ColorSpace.RGB,
            List.of(new ResizeExact(32, 32, Interpolation.BILINEAR)),
            32,
            List.of(0.4914, 0.4822, 0.4465),
            List.of(0.2470, 0.2435, 0.2616)),
    /** 224x224 from the middle of 256, as torchvision evaluates its weights. */
    IMAGENET(Interpolation.BILINEAR),
    /** The same with bicubic interpolation. */
    IMAGENET_BICUBIC(Interpolation.BICUBIC);

    private final ColorSpace colorSpace;
    private final List<GeometricStep> steps;
    private final int side;
    private final List<Double> mean;
    private final List<Double> std;

    NaturalInput(Interpolation interpolation) {
        this(
                ColorSpace.RGB,
                List.of(new ResizeShorterSide(256, interpolation), new CenterCrop(224, 224)),
                224,
                List.of(0.485, 0.456, 0.406),
                List.of(0.229, 0.224, 0.225));
    }

    NaturalInput(ColorSpace colorSpace, List<GeometricStep> steps, int side, List<Double> mean, List<Double> std) {
        this.colorSpace = colorSpace;
        this.steps = steps;
        this.side = side;
        this.mean = mean;
        this.std = std;
    }

    /** Channels: 1 or 3. */
    public int channels() {
        return colorSpace.mode().channels();
    }

    /** Rows and columns. */
    public int side() {
        return side;
    }

    /** What a picture of any size goes through. */
    public PreprocessContract contract(List<String> labels) {
        return new PreprocessContract(
                colorSpace,
                new AlphaRule.Drop(),
                OrientationRule.APPLY,
                SixteenBitRule.AS_PILLOW,
                steps,
                1.0 / 255,
                mean,
                std,
                side,
                side,
                "input",
                labels);
    }
}
