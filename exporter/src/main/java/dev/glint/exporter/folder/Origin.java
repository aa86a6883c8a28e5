package dev.glint.exporter.folder;

import com.google.gson.JsonObject;
import dev.glint.exporter.adopt.Adoption;
import dev.glint.exporter.adopt.EqualityProof;
import dev.glint.runtime.file.Sha256;
import java.io.IOException;
import java.util.List;

/**
 * The foreign file that a folder's model was imported from, and what was done to it.
 *
 * @param file its name
 * @param sha256 of its bytes, in hexadecimal
 * @param producer what wrote it, as it says itself; empty if it does not
 * @param operatorSet the version of ONNX's own operators in it
 * @param steps what was done, a clause each, in order
 * @param nodesBefore how many operators it has
 * @param nodesAfter how many the model has
 * @param proof how far the model's answers are from its own
 */
public record Origin(
        String file,
        String sha256,
        String producer,
        long operatorSet,
        List<String> steps,
        int nodesBefore,
        int nodesAfter,
        EqualityProof proof) {
    public Origin {
        steps = List.copyOf(steps);
    }

    /**
     * Describes a file that is there.
     *
     * @throws IOException if it cannot be read
     */
    public static Origin describe(Adoption adoption, EqualityProof proof) throws IOException {
        String producer = adoption.foreign().model().producerName() + " "
                + adoption.foreign().model().producerVersion();
        return new Origin(
                adoption.file().getFileName().toString(),
                Sha256.ofFile(adoption.file()),
                producer.strip(),
                adoption.foreign().opset(),
                adoption.steps(),
                adoption.nodesBefore(),
                adoption.nodesAfter(),
                proof);
    }

    /** The JSON form, as in a {@link Manifest}'s. */
    public JsonObject toJson() {
        return OriginJson.write(this);
    }
}
