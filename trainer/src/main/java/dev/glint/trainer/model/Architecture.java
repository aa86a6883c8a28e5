package dev.glint.trainer.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.console.Suggestion;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.model.ResNet.Stem;
import dev.glint.trainer.recipe.UsualFit;
import dev.glint.trainer.weights.block.Initialization;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** The networks that can be fitted. Each takes (N, C, H, W) floats and gives (N, classes) logits. */
public enum Architecture {
    /** Two convolutions with bias (8 and 16 channels, 3x3, padded), each with ReLU and 2x2 max-pool, and a linear layer. */
    BAR_CNN(NaturalInput.BARS, Initialization.HE_UNIFORM, UsualFit.TINY, Norm.NONE, SmallNets::barCnn),

    /**
     * Three stages (64, 128 and 256 channels) of two 3x3 convolutions without bias, each with batch norm and ReLU, and
     * a 2x2 max-pool; then global average pool and a linear layer.
     */
    SMALL_VGG(NaturalInput.CIFAR, Initialization.HE_UNIFORM, UsualFit.HIGH_RATE, Norm.BATCH, SmallNets::smallVgg),

    /**
     * Two stages (32 and 64 channels) of two 3x3 convolutions with batch norm and ReLU, a 2x2 max-pool and dropout of
     * channels; then 512 hidden units with batch norm, ReLU and dropout, and a linear layer.
     */
    SIMPLE_CNN(NaturalInput.CIFAR, Initialization.HE_UNIFORM, UsualFit.ADAPTIVE, Norm.BATCH, SmallNets::simpleCnn),

    /** Two 3x3 convolutions (32 and 64 channels), each with ReLU and 2x2 max-pool; 512 hidden units with dropout. */
    SIMPLE_CNN_224(
            NaturalInput.IMAGENET, Initialization.HE_UNIFORM, UsualFit.ADAPTIVE, Norm.NONE, SmallNets::simpleCnn224),

    /** One hidden layer of 512 units with ReLU. */
    MLP(NaturalInput.CIFAR, Initialization.HE_UNIFORM, UsualFit.ADAPTIVE, Norm.NONE, SmallNets::mlp),

    /** The image classification model of MLPerf Tiny. */
    RESNET8(NaturalInput.CIFAR, Initialization.RESNET, UsualFit.HIGH_RATE, Norm.BATCH, ResNet::resnet8),

    /** ResNet-18 of torchvision's layout. */
    RESNET18(
            NaturalInput.IMAGENET,
            Initialization.RESNET,
            UsualFit.HIGH_RATE,
            Norm.BATCH,
            classes -> ResNet.resnet18(classes, Stem.IMAGENET)),

    /** ResNet-18 that begins with a 3x3 convolution and no pool. */
    RESNET18_CIFAR(
            NaturalInput.CIFAR,
            Initialization.RESNET,
            UsualFit.HIGH_RATE,
            Norm.BATCH,
            classes -> ResNet.resnet18(classes, Stem.CIFAR)),

    /** ResNet-34 of torchvision's layout. */
    RESNET34(
            NaturalInput.IMAGENET,
            Initialization.RESNET,
            UsualFit.HIGH_RATE,
            Norm.BATCH,
            classes -> ResNet.resnet34(classes, Stem.IMAGENET)),

    /** ResNet-34 that begins with a 3x3 convolution and no pool. */
    RESNET34_CIFAR(
            NaturalInput.CIFAR,
            Initialization.RESNET,
            UsualFit.HIGH_RATE,
            Norm.BATCH,
            classes -> ResNet.resnet34(classes, Stem.CIFAR)),

    /** ResNet-50 of torchvision's layout. */
    RESNET50(
            NaturalInput.IMAGENET,
            Initialization.RESNET,
            UsualFit.HIGH_RATE,
            Norm.BATCH,
            classes -> ResNet.resnet50(classes, Stem.IMAGENET)),

    /** ResNet-50 that begins with a 3x3 convolution and no pool. */
    RESNET50_CIFAR(
            NaturalInput.CIFAR,
            Initialization.RESNET,
            UsualFit.HIGH_RATE,
            Norm.BATCH,
            classes -> ResNet.resnet50(classes, Stem.CIFAR)),

    /** VGG-16 without batch norm, of torchvision's layout. */
    VGG16(NaturalInput.IMAGENET, Initialization.NORMAL_HEAD, UsualFit.LOW_RATE, Norm.NONE, SmallNets::vgg16),

    /** MobileNetV3-Small of torchvision's layout. */
    MOBILENET_V3_SMALL(
            NaturalInput.IMAGENET,
            Initialization.NORMAL_HEAD,
            UsualFit.HIGH_RATE,
            Norm.BATCH,
            MobileNets::mobilenetV3Small),

    /** EfficientNet-B0 of torchvision's layout. */
    EFFICIENTNET_B0(
            NaturalInput.IMAGENET_BICUBIC,
            Initialization.UNIFORM_HEAD,
            UsualFit.HIGH_RATE,
            Norm.BATCH,
            MobileNets::efficientNetB0),

    /** The vision transformer of base size with patches of 16x16, of torchvision's layout. */
    VIT_B_16(
            NaturalInput.IMAGENET,
            Initialization.VISION_TRANSFORMER,
            UsualFit.LOW_RATE,
            Norm.LAYER,
            VisionTransformer::base16);

    /** What keeps the values between its layers in bounds. */
    private enum Norm {
        NONE,
        BATCH,
        LAYER
    }

    private final NaturalInput input;
    private final Initialization initialization;
    private final UsualFit usualFit;
    private final Norm norm;
    private final IntFunction<Block> builder;

    Architecture(
            NaturalInput input,
            Initialization initialization,
            UsualFit usualFit,
            Norm norm,
            IntFunction<Block> builder) {
        this.input = input;
        this.initialization = initialization;
        this.usualFit = usualFit;
        this.norm = norm;
        this.builder = builder;
    }

    /**
     * Builds the network; it is not initialized, and takes the channels and the size of its input when it is.
     *
     * @param classes how many logits, at least 2
     */
    public Block build(int classes) {
        return builder.apply(classes);
    }

    /** The pictures it was made for; others of a fitting size work as well. */
    public NaturalInput input() {
        return input;
    }

    /** The shape of one picture that it was made for, (1, C, H, W). */
    public Shape inputShape() {
        return new Shape(1, input.channels(), input.side(), input.side());
    }

    /** What its first weights are drawn from. */
    public Initialization initialization() {
        return initialization;
    }

    /** How it is usually fitted from first weights. */
    public UsualFit usualFit() {
        return usualFit;
    }

    /** Whether it has batch norm, behind its first convolution too. */
    public boolean hasBatchNorm() {
        return norm == Norm.BATCH;
    }

    /** The name on the command line, such as {@code small-vgg}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All names, for help texts and errors. */
    public static String ids() {
        return Arrays.stream(values()).map(Architecture::id).collect(Collectors.joining(", "));
    }

    /**
     * The architecture of a name.
     *
     * @throws GlintException ({@code USAGE}) if there is none
     */
    public static Architecture named(String id) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.id().equals(id))
                .findFirst()
                .orElseThrow(() -> GlintException.failure(
                        Reason.USAGE,
                        "the model '" + id + "'",
                        "one of " + ids(),
                        Suggestion.remedy(
                                id,
                                Arrays.stream(values()).map(Architecture::id).toList(),
                                "correct the name of the model")));
    }
}
