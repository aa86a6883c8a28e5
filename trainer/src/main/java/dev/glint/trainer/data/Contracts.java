package dev.glint.trainer.data;

import dev.glint.runtime.PreprocessContract;
import dev.glint.runtime.PreprocessContract.GeometricStep;
import dev.glint.runtime.PreprocessContract.GeometricStep.CenterCrop;
import dev.glint.runtime.PreprocessContract.GeometricStep.Fit;
import dev.glint.runtime.PreprocessContract.GeometricStep.ResizeExact;
import dev.glint.runtime.PreprocessContract.GeometricStep.ResizeShorterSide;
import java.util.List;

/** Contracts that differ from others in one respect. */
final class Contracts {
    private Contracts() {}

    /** With another mean and standard deviation. */
    static PreprocessContract normalized(PreprocessContract contract, List<Double> mean, List<Double> std) {
        return with(contract, contract.steps(), mean, std, contract.width(), contract.height());
    }

    /** The same steps to a square of another size; what is cut off stays the same share. */
    static PreprocessContract sized(PreprocessContract contract, int side) {
        List<GeometricStep> steps = contract.steps().stream()
                .map(step -> sized(step, side, (double) side / Math.min(contract.width(), contract.height())))
                .toList();
        return with(contract, steps, contract.mean(), contract.std(), side, side);
    }

    private static GeometricStep sized(GeometricStep step, int side, double factor) {
        if (step instanceof ResizeShorterSide resize) {
            return new ResizeShorterSide((int) Math.rint(resize.size() * factor), resize.interpolation());
        }
        if (step instanceof ResizeExact resize) {
            return new ResizeExact(side, side, resize.interpolation());
        }
        if (step instanceof Fit fit) {
            return new Fit(side, side, fit.interpolation(), fit.red(), fit.green(), fit.blue());
        }
        return new CenterCrop(side, side);
    }

    private static PreprocessContract with(
            PreprocessContract contract,
            List<GeometricStep> steps,
            List<Double> mean,
            List<Double> std,
            int width,
            int height) {
        return new PreprocessContract(
                contract.colorSpace(),
                contract.alpha(),
                contract.orientation(),
                contract.sixteenBit(),
                steps,
                contract.scale(),
                mean,
                std,
                width,
                height,
                contract.inputName(),
                contract.labels());
    }
}
