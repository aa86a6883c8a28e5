package dev.glint.trainer.model;

import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.Locale;

/** Whether a contract is one of the networks here, which take floats of (N, C, H, W) and give logits. */
public final class BlockContract {
    private BlockContract() {}

    /**
     * Lets such a contract through.
     *
     * @throws GlintException ({@code MODEL}) if it is for another kind of model
     */
    public static PreprocessContract require(PreprocessContract contract) {
        if (contract.layout() != Layout.NCHW
                || contract.elementType() != ElementType.FLOAT32
                || contract.output() != OutputKind.LOGITS) {
            String found = contract.layout() + ", " + contract.elementType() + ", " + contract.output();
            throw GlintException.failure(
                    Reason.MODEL,
                    "a contract of " + found.toLowerCase(Locale.ROOT),
                    "nchw, float32, logits, which the networks of the trainer take and give",
                    "correct the contract");
        }
        return contract;
    }
}
