package dev.glint.trainer.engine;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Operators of libtorch that DJL has no method for, with their gradients: a function in TorchScript, which the engine
 * loads from an archive of a few hundred bytes. It lives as long as the process.
 */
public final class TorchFunction {
    private static final String NAME = "function";
    /** Protocol 2: an instance of the class Function whose only attribute is that it is in training. */
    private static final String MODULE =
            "\u0080\u0002c__torch__\nFunction\nq\u0000)\u0081}(X\b\u0000\u0000\u0000trainingq\u0001\u0088ubq\u0002.";
    /** An empty tuple. */
    private static final String CONSTANTS = "\u0080\u0002).";

    /** Held, since the engine frees a model that nobody holds, and what was loaded with it. */
    private final Model model;

    private TorchFunction(Model model) {
        this.model = model;
    }

    /**
     * A function of arrays that gives one array.
     *
     * @param parameters their names
     * @param lines the body in TorchScript's serialized form, which is Python's with every type as it is; the last one
     *     returns
     */
    public static TorchFunction compile(List<String> parameters, String... lines) {
        String signature =
                parameters.stream().map(name -> ", " + name + ": Tensor").collect(Collectors.joining());
        String code = "class Function(Module):\n"
                + "  __parameters__ = []\n"
                + "  __buffers__ = []\n"
                + "  training : bool\n"
                + "  def forward(self: __torch__.Function" + signature + ") -> Tensor:\n"
                + Arrays.stream(lines).map(line -> "    " + line + "\n").collect(Collectors.joining());
        try {
            Model model = Model.newInstance(NAME);
            model.load(new ByteArrayInputStream(archive(code)));
            return new TorchFunction(model);
        } catch (MalformedModelException e) {
            throw new IllegalArgumentException(code, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] archive(String code) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, "data.pkl", MODULE);
            put(zip, "code/__torch__.py", code);
            put(zip, "constants.pkl", CONSTANTS);
            put(zip, "version", "3\n");
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(NAME + "/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /**
     * Applies the function.
     *
     * @param training whether gradients are wanted
     * @param arguments as many as it has parameters
     * @return an array of the first argument's manager
     */
    public NDArray apply(boolean training, NDArray... arguments) {
        for (NDArray argument : arguments) {
            // The engine would make a dictionary of an array whose name has a dot.
            argument.setName(null);
        }
        ParameterStore none = new ParameterStore(arguments[0].getManager(), false);
        return model.getBlock().forward(none, new NDList(arguments), training).singletonOrThrow();
    }
}
