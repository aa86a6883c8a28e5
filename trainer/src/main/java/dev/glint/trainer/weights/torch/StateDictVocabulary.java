package dev.glint.trainer.weights.torch;

import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.pickle.PickleValue;
import dev.glint.trainer.pickle.PickleValue.Dict;
import dev.glint.trainer.pickle.PickleVocabulary;
import java.util.List;

/** What a pickled {@code state_dict} needs: the names of {@link TorchGlobal}, the calls of {@link Rebuild}. */
final class StateDictVocabulary implements PickleVocabulary {
    @Override
    public PickleValue global(String module, String name) {
        return new TorchValue.Global(TorchGlobal.find(module, name)
                .orElseThrow(() -> refused("the Python global " + PickleVocabulary.shown(module + "." + name))));
    }

    @Override
    public PickleValue call(PickleValue function, List<PickleValue> arguments) {
        return Rebuild.call(function, arguments);
    }

    @Override
    public PickleValue persistent(List<PickleValue> id) {
        return Rebuild.storage(id);
    }

    /** The attributes of a state_dict are versions of its modules, of no use here. */
    @Override
    public void build(PickleValue object, PickleValue state) {
        if (!(object instanceof Dict)) {
            throw refused("the pickle instruction BUILD on something else than a dict");
        }
    }

    @Override
    public boolean byteStrings() {
        return false;
    }

    @Override
    public GlintException damaged(String found) {
        return Unreadable.damaged(found);
    }

    @Override
    public GlintException refused(String found) {
        return Unreadable.refused(found);
    }

    @Override
    public GlintException tooLarge(String found, String limit) {
        return Unreadable.tooLarge(found, limit);
    }
}
