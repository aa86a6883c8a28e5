package dev.glint.trainer.data;

import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.PreprocessContract;
import java.util.List;

/** Contracts that differ from others in one respect. */
final class Contracts {
    private Contracts() {}

    /** With another mean and standard deviation. */
    static PreprocessContract normalized(PreprocessContract contract, List<Double> mean, List<Double> std) {
        return rebuilt(contract, contract.steps(), mean, std, contract.width(), contract.height());
    }

    /** The same steps to a square of another size; what is cut off stays the same share. */
    static PreprocessContract sized(PreprocessContract contract, int side) {
        List<GeometricStep> steps = contract.steps().stream()
                .map(step -> step.scaledTo(side, (double) side / Math.min(contract.width(), contract.height())))
                .toList();
        return rebuilt(contract, steps, contract.mean(), contract.std(), side, side);
    }

    private static PreprocessContract rebuilt(
            PreprocessContract contract,
            List<GeometricStep> steps,
            List<Double> mean,
            List<Double> std,
            int width,
            int height) {
        return new PreprocessContract(
                contract.decode(),
                contract.colorSpace(),
                contract.alpha(),
                contract.orientation(),
                contract.sixteenBit(),
                steps,
                contract.scale(),
                mean,
                std,
                contract.layout(),
                contract.elementType(),
                width,
                height,
                contract.inputName(),
                contract.labels(),
                contract.output());
    }
}
