package dev.glint.trainer.weights.torch;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;

/** The failures of reading a PyTorch file. */
final class Unreadable {
    private static final String STATE_DICT = "a state_dict as torch.save(model.state_dict(), FILE) writes it";

    private Unreadable() {}

    /** The file is damaged, or made to look like what it is not. */
    static GlintException damaged(String found) {
        return GlintException.failure(Reason.INPUT, found, "whole weights of PyTorch", "copy or save the file again");
    }

    /** The file holds what weights have no need of, such as code. */
    static GlintException refused(String found) {
        return GlintException.failure(
                Reason.INPUT, found, STATE_DICT, "save the weights alone, or convert the file to safetensors");
    }

    static GlintException tooLarge(String found, String limit) {
        return GlintException.failure(Reason.LIMIT, found, "at most " + limit, "convert the file to safetensors");
    }
}
