package dev.glint.exporter.adopt;

import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.List;
import java.util.Optional;

/** Which of a file's outputs says something of the classes. */
public final class ClassOutput {
    private ClassOutput() {}

    /**
     * Chooses it: the one that is named, the only one, or the only one with a value per label.
     *
     * @throws GlintException ({@code USAGE}) if there are several and none is named, or none of that name
     */
    public static String choose(List<ValueInfo> outputs, Optional<String> named, int labels) {
        List<String> names = outputs.stream().map(ValueInfo::name).toList();
        if (named.isPresent()) {
            if (!names.contains(named.get())) {
                throw GlintException.failure(
                                Reason.USAGE, named.get(), "one of " + String.join(", ", names), "correct the option")
                        .about("--output");
            }
            return named.get();
        }
        if (names.size() == 1) {
            return names.get(0);
        }
        List<String> fitting = outputs.stream()
                .filter(output -> isOnePerLabel(output, labels))
                .map(ValueInfo::name)
                .toList();
        if (fitting.size() != 1) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "no --output, and the outputs " + String.join(", ", names) + ", of which " + fitting.size()
                            + " have a value for each of " + labels + " labels",
                    "the one that says something of the classes",
                    "add --output NAME");
        }
        return fitting.get(0);
    }

    /** (N, labels), perhaps with dimensions of 1 behind. */
    private static boolean isOnePerLabel(ValueInfo output, int labels) {
        List<Dimension> shape = output.shape();
        return shape != null
                && shape.size() >= 2
                && shape.get(1).equals(new Dimension.Fixed(labels))
                && shape.subList(2, shape.size()).stream().allMatch(new Dimension.Fixed(1)::equals);
    }
}
