package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.quantize.scheme.IntegerType;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import dev.glint.onnx.quantize.scheme.TensorScheme.Granularity;
import dev.glint.onnx.quantize.scheme.TensorScheme.Symmetry;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a tensor has otherwise than its profile says; what is empty is as there.
 *
 * @param type signed or unsigned bytes
 * @param bits how many of the 8 are used
 * @param symmetry where its zero point lies
 * @param granularity how many scales it has
 */
public record SchemeChange(
        Optional<IntegerType> type, OptionalInt bits, Optional<Symmetry> symmetry, Optional<Granularity> granularity) {
    static final SchemeChange NONE =
            new SchemeChange(Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());

    /** The scheme of a tensor that has another one otherwise. */
    TensorScheme applied(TensorScheme usual) {
        return new TensorScheme(
                type.orElse(usual.type()),
                bits.orElse(usual.bits()),
                symmetry.orElse(usual.symmetry()),
                granularity.orElse(usual.granularity()));
    }

    /** What makes a scheme of any other. */
    static SchemeChange to(TensorScheme scheme) {
        return new SchemeChange(
                Optional.of(scheme.type()),
                OptionalInt.of(scheme.bits()),
                Optional.of(scheme.symmetry()),
                Optional.of(scheme.granularity()));
    }
}
