package dev.glint.trainer.weights;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.weights.safetensors.Safetensors;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import dev.glint.trainer.weights.torch.TorchFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files of weights under PyTorch's names, told apart by their content: safetensors, and what {@code torch.save} writes
 * since PyTorch 1.6 ({@code .pth}, {@code .pt}, {@code .bin}). Nothing in a file is run.
 */
public final class WeightFile {
    /** What wrapping modules put in front of every name: data parallelism, compilation, Lightning. */
    private static final List<String> PREFIXES = List.of("module.", "_orig_mod.", "model.");

    /** More wrappers than anybody puts around a network; names may have any length. */
    private static final int MAX_PREFIXES = 8;

    /** The pickled integer that files of PyTorch before 1.6 begin with. */
    private static final byte[] LEGACY_MAGIC = {
        (byte) 0x80,
        2,
        (byte) 0x8a,
        10,
        0x6c,
        (byte) 0xfc,
        (byte) 0x9c,
        0x46,
        (byte) 0xf9,
        0x20,
        0x6a,
        (byte) 0xa8,
        0x50,
        0x19
    };

    private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};
    private static final int TAR_MAGIC_OFFSET = 257;

    private WeightFile() {}

    /**
     * Reads the tensors of a file, in its order. Wrappers around the names and the {@code state_dict} are taken off; what
     * is no tensor is left out.
     *
     * @return name to tensor, of the types that the file has
     * @throws GlintException ({@code INPUT}) naming the file if it is damaged, of another format, or holds what weights have
     *     no need of, which is named; ({@code LIMIT}) if it is out of proportion
     * @throws IOException if it cannot be read
     */
    public static Map<String, StoredTensor> read(Path file) throws IOException {
        try {
            byte[] head = head(file);
            if (startsWith(head, ZIP_MAGIC)) {
                return withoutPrefixes(TorchFile.read(file));
            }
            if (startsWith(head, LEGACY_MAGIC) || isTar(head)) {
                throw GlintException.failure(
                        Reason.INPUT,
                        "the format of PyTorch before 1.6",
                        "that of 1.6 or later, or safetensors",
                        "load and save the weights with a newer PyTorch");
            }
            if (head.length > Long.BYTES && head[Long.BYTES] == '{') {
                return withoutPrefixes(Safetensors.read(file, Reason.INPUT).tensors());
            }
            throw GlintException.failure(
                    Reason.INPUT,
                    "neither a safetensors file nor one of PyTorch",
                    "weights of one of these formats",
                    "choose a file of weights");
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static Map<String, StoredTensor> withoutPrefixes(Map<String, StoredTensor> tensors) {
        Map<String, StoredTensor> shorter = tensors;
        for (int i = 0; i < MAX_PREFIXES; i++) {
            shorter = withoutPrefix(shorter);
        }
        return shorter;
    }

    private static Map<String, StoredTensor> withoutPrefix(Map<String, StoredTensor> tensors) {
        Optional<String> prefix = PREFIXES.stream()
                .filter(candidate -> tensors.keySet().stream().allMatch(name -> name.startsWith(candidate)))
                .findFirst();
        if (prefix.isEmpty() || tensors.isEmpty()) {
            return tensors;
        }
        Map<String, StoredTensor> shorter = new LinkedHashMap<>();
        tensors.forEach(
                (name, tensor) -> shorter.put(name.substring(prefix.get().length()), tensor));
        return shorter;
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(512);
        }
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }

    private static boolean isTar(byte[] head) {
        return head.length >= TAR_MAGIC_OFFSET + 5
                && new String(head, TAR_MAGIC_OFFSET, 5, StandardCharsets.US_ASCII).equals("ustar");
    }
}
