package dev.glint.trainer.pickle;

import dev.glint.runtime.failure.GlintException;
import java.util.List;

/** What one kind of pickle may name and call, and how its failures are told. */
public interface PickleVocabulary {

    /** The class or function of a name; fails with {@link #refused} for all that this kind of file has no need of. */
    PickleValue global(String module, String name);

    /** What a call of a class or function gives. */
    PickleValue call(PickleValue function, List<PickleValue> arguments);

    /** What stands outside the pickle, by its persistent id. */
    default PickleValue persistent(List<PickleValue> id) {
        throw refused("a persistent id");
    }

    /** Gives an object its state. */
    void build(PickleValue object, PickleValue state);

    /** Whether strings of bytes may appear, as Python 2 wrote them. */
    boolean byteStrings();

    /** The failure of a file that is damaged, or made to look like what it is not. */
    GlintException damaged(String found);

    /** The failure of a file that holds what this kind of file has no need of, such as code. */
    GlintException refused(String found);

    /** The failure of a file that is larger than this kind of file is. */
    GlintException tooLarge(String found, String limit);

    /** Text out of a file, as it may stand in a message: short, and without anything that a terminal obeys. */
    static String shown(String text) {
        int max = 100;
        String printable = text.replaceAll("[^\\p{Print}]", "?");
        return printable.length() <= max ? printable : printable.substring(0, max) + "...";
    }
}
