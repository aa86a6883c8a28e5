package dev.glint.exporter.adopt;

import dev.glint.onnx.graph.ElementType;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Size;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where the contract of a foreign file comes from, which says nothing of it itself. */
public sealed interface ContractSource {

    /** The order of the input's dimensions, as far as somebody says it. */
    Optional<Layout> layout();

    /** The channels of the input, as far as somebody says it. */
    Optional<ColorSpace> color();

    /** What the values of the output are, as far as somebody says it. */
    Optional<OutputKind> output();

    /** The names of the classes, as far as somebody says them. */
    Optional<List<String>> labels();

    /**
     * The contract of a model that takes 32-bit floats (N, C, H, W) and gives logits, whatever the file takes and gives.
     *
     * @throws GlintException ({@code USAGE}) if something is not said that the file leaves open, or contradicts the file,
     *     ({@code MODEL}) if a whole contract does
     */
    PreprocessContract contract(PictureInput input);

    /**
     * Single statements, with a preset for the others.
     *
     * @param draft what is said of pictures
     * @param preset what is decided about them beyond that
     */
    record Statements(
            ContractDraft draft,
            Optional<ContractPreset> preset,
            Optional<Layout> layout,
            Optional<OutputKind> output,
            Optional<List<String>> labels)
            implements ContractSource {
        @Override
        public Optional<ColorSpace> color() {
            return draft.color().or(() -> preset.flatMap(known -> known.draft().color()));
        }

        @Override
        public PreprocessContract contract(PictureInput input) {
            return preset.map(known -> draft.over(known.draft(), input))
                    .orElse(draft)
                    .complete(input, labels);
        }
    }

    /** A whole contract, made for the file. */
    record Whole(PreprocessContract contract) implements ContractSource {
        @Override
        public Optional<Layout> layout() {
            return Optional.of(contract.layout());
        }

        @Override
        public Optional<ColorSpace> color() {
            return Optional.of(contract.colorSpace());
        }

        @Override
        public Optional<OutputKind> output() {
            return Optional.of(contract.output());
        }

        @Override
        public Optional<List<String>> labels() {
            return Optional.of(contract.labels());
        }

        @Override
        public PreprocessContract contract(PictureInput input) {
            boolean bytes = contract.elementType() == dev.glint.runtime.contract.ElementType.UINT8;
            require(bytes == (input.type() == ElementType.UINT8), input, contract.elementType());
            require(
                    input.takes(new Size(contract.width(), contract.height())),
                    input,
                    contract.width() + "x" + contract.height());
            return new PreprocessContract(
                    contract.decode(),
                    contract.colorSpace(),
                    contract.alpha(),
                    contract.orientation(),
                    contract.sixteenBit(),
                    contract.steps(),
                    contract.scale(),
                    contract.mean(),
                    contract.std(),
                    Layout.NCHW,
                    dev.glint.runtime.contract.ElementType.FLOAT32,
                    contract.width(),
                    contract.height(),
                    input.name(),
                    contract.labels(),
                    OutputKind.LOGITS);
        }

        private static void require(boolean condition, PictureInput input, Object stated) {
            if (!condition) {
                throw GlintException.failure(
                        Reason.MODEL,
                        "an input of " + input.text(),
                        stated.toString().toLowerCase(Locale.ROOT) + ", as the contract says",
                        "correct the contract");
            }
        }
    }
}
