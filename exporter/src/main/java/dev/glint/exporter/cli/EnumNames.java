package dev.glint.exporter.cli;

import dev.glint.exporter.adopt.ContractPreset;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.image.Interpolation;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The constants of an enum as options spell them: {@code INDEPENDENT_LOGITS} is {@code independent-logits}. */
abstract class EnumNames<E extends Enum<E>> implements Iterable<String>, ITypeConverter<E> {
    private final List<E> constants;

    EnumNames(Class<E> type) {
        this.constants = Arrays.asList(type.getEnumConstants());
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Iterator<String> iterator() {
        return constants.stream().map(EnumNames::name).iterator();
    }

    @Override
    public E convert(String text) {
        for (E constant : constants) {
            if (name(constant).equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw new TypeConversionException("found " + text + ", expected one of " + String.join(", ", this));
    }

    /** Of {@code --preset}. */
    static final class Presets extends EnumNames<ContractPreset> {
        Presets() {
            super(ContractPreset.class);
        }
    }

    /** Of {@code --color}. */
    static final class Colors extends EnumNames<ColorSpace> {
        Colors() {
            super(ColorSpace.class);
        }
    }

    /** Of {@code --interpolation}. */
    static final class Interpolations extends EnumNames<Interpolation> {
        Interpolations() {
            super(Interpolation.class);
        }
    }

    /** Of {@code --layout}. */
    static final class Layouts extends EnumNames<Layout> {
        Layouts() {
            super(Layout.class);
        }
    }

    /** Of {@code --output-kind}. */
    static final class OutputKinds extends EnumNames<OutputKind> {
        OutputKinds() {
            super(OutputKind.class);
        }
    }
}
