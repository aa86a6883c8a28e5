package dev.glint.exporter.adopt;

import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.GeometricStep.CenterCrop;
import dev.glint.runtime.contract.GeometricStep.Fit;
import dev.glint.runtime.contract.GeometricStep.ResizeExact;
import dev.glint.runtime.contract.GeometricStep.ResizeShorterSide;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Size;
import java.util.List;

/** How a picture of any size becomes as large as the model's input. */
public sealed interface ResizeRule {

    /** The contract's steps that leave a size. */
    List<GeometricStep> steps(Size size, Interpolation interpolation);

    /** Stretched, whatever the aspect ratio is. */
    record Exact() implements ResizeRule {
        @Override
        public List<GeometricStep> steps(Size size, Interpolation interpolation) {
            return List.of(new ResizeExact(size.width(), size.height(), interpolation));
        }
    }

    /** The shorter side becomes so long, and the middle is what the model sees. */
    record ShorterSide(int length) implements ResizeRule {
        @Override
        public List<GeometricStep> steps(Size size, Interpolation interpolation) {
            return List.of(new ResizeShorterSide(length, interpolation), new CenterCrop(size.width(), size.height()));
        }
    }

    /** The whole picture in the middle of a frame of one colour, components 0 to 255. */
    record Letterbox(int red, int green, int blue) implements ResizeRule {
        @Override
        public List<GeometricStep> steps(Size size, Interpolation interpolation) {
            return List.of(new Fit(size.width(), size.height(), interpolation, red, green, blue));
        }
    }
}
