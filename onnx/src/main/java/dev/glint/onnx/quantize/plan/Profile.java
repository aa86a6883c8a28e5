package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.IntegerType;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import dev.glint.onnx.quantize.scheme.TensorScheme.Granularity;
import java.util.List;
import java.util.Optional;

/**
 * A way to quantise: what the plan of a graph goes by.
 *
 * @param name of the variant, and of its file
 * @param form what is written
 * @param activations how activations become integers, for the forms in which they do
 * @param weights how weights do
 * @param head which layers at the end do, too
 */
public record Profile(String name, Form form, TensorScheme activations, TensorScheme weights, Head head) {

    /** What a quantised graph looks like. */
    public enum Form {
        /**
         * {@code QuantizeLinear} and {@code DequantizeLinear} around what ONNX Runtime fuses to integer operators; a ReLU
         * vanishes in the ends of an encoding.
         */
        QDQ,
        /**
         * {@code QuantizeLinear} and {@code DequantizeLinear} on the inputs of what TensorRT computes in integers, which
         * fuses a ReLU itself; biases stay in float.
         */
        QDQ_TENSORRT,
        /** {@code DynamicQuantizeLinear} finds the range of what a layer takes anew for each picture. */
        DYNAMIC,
        /** {@code DequantizeLinear} on weights alone: a small file, float arithmetic. */
        WEIGHTS,
        /** Halves (IEEE 754 binary16) inside, floats outside. */
        HALVES
    }

    /** Unsigned asymmetric activations, signed symmetric weights per channel: the fastest on x86 with VNNI, and right on ARM. */
    public static Profile int8(Head head) {
        return new Profile("int8", Form.QDQ, TensorScheme.ACTIVATION_U8, TensorScheme.WEIGHT_S8_PER_CHANNEL, head);
    }

    /** All that there are, the one that is meant when none is named first. */
    public static List<Profile> all(Head head) {
        Profile int8 = int8(head);
        return List.of(
                int8,
                int8.renamed("int8-s8s8").withActivations(TensorScheme.ACTIVATION_S8),
                int8.renamed("int8-per-tensor").withWeights(TensorScheme.WEIGHT_S8_PER_TENSOR),
                int8.renamed("int8-reduced").withWeights(TensorScheme.WEIGHT_S7_PER_CHANNEL),
                int8.renamed("int8-tensorrt")
                        .withForm(Form.QDQ_TENSORRT)
                        .withActivations(TensorScheme.ACTIVATION_S8_SYMMETRIC),
                int8(Head.INTEGER).renamed("int8-dynamic").withForm(Form.DYNAMIC),
                int8(Head.INTEGER).renamed("int8-weights").withForm(Form.WEIGHTS),
                int8.renamed("fp16").withForm(Form.HALVES));
    }

    /** The one of a name. */
    public static Optional<Profile> named(String name, Head head) {
        return all(head).stream().filter(profile -> profile.name().equals(name)).findFirst();
    }

    private Profile renamed(String other) {
        return new Profile(other, form, activations, weights, head);
    }

    private Profile withForm(Form other) {
        return new Profile(name, other, activations, weights, head);
    }

    private Profile withActivations(TensorScheme other) {
        return new Profile(name, form, other, weights, head);
    }

    private Profile withWeights(TensorScheme other) {
        return new Profile(name, form, activations, other, head);
    }

    /** What is written, as manifests name it, such as {@code qdq-u8-s8-per-channel}. */
    public String scheme() {
        String weightScheme = weights.typeName()
                + (weights.granularity() == Granularity.PER_CHANNEL ? "-per-channel" : "-per-tensor");
        return switch (form) {
            case QDQ -> "qdq-" + activations.typeName() + "-" + weightScheme;
            case QDQ_TENSORRT -> "qdq-tensorrt-" + activations.typeName() + "-" + weightScheme;
            case DYNAMIC -> "dynamic-" + activations.typeName() + "-" + weightScheme;
            case WEIGHTS -> "weights-" + weightScheme;
            case HALVES -> "halves";
        };
    }

    /** Whether ONNX Runtime is to multiply integers with it, so that it is wrong if it does not. */
    public boolean multipliesIntegers() {
        return form == Form.QDQ || form == Form.DYNAMIC;
    }

    /** Whether its activations are signed, which ONNX Runtime fuses on ARM and not on x86. */
    public boolean isForArm() {
        return form == Form.QDQ && activations.type() == IntegerType.S8;
    }

    /** Whether ranges of activations come from pictures. */
    public boolean isCalibrated() {
        return form == Form.QDQ || form == Form.QDQ_TENSORRT;
    }

    /** The name of its file. */
    public String file() {
        return name + ".onnx";
    }

    /** Whether operators must fuse, and go back to float where they do not. */
    public boolean wantsFusion() {
        return form == Form.QDQ;
    }
}
