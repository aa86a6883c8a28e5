package dev.glint.trainer.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.Resources;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.weights.WeightFile;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a file from elsewhere holds, nothing but {@link GlintException} leaves its reader, with a reason that blames the
 * file, and what is read is of one piece. As a plain test every seed and every finding in {@code
 * src/test/resources/dev/glint/trainer/fuzz} is tried. To search for new ones with Jazzer, one target at a time:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl trainer -am test -Dtest='ReaderFuzzTest#safetensors' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options='-Xmx512m -Djazzer.instrument=dev.glint.**'
 * </pre>
 *
 * That runs for 20 minutes and puts a finding into the folder {@code ReaderFuzzTestInputs/safetensors} of those resources.
 */
class ReaderFuzzTest {
    private static final String DURATION = "20m";
    private static final Set<Reason> BLAMES_THE_FILE = Set.of(Reason.INPUT, Reason.LIMIT);
    private static final int RECORD = 1 + 3 * 32 * 32;
    private static final String NAMES = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";

    private static final Path FOLDER = folder();

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("glint-fuzz");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            Path cifar = Files.createDirectories(folder.resolve("cifar"));
            for (int i = 1; i <= 5; i++) {
                Files.write(cifar.resolve("data_batch_" + i), new byte[RECORD]);
            }
            Path mnist = Files.createDirectories(folder.resolve("mnist"));
            Files.write(mnist.resolve("train-images-idx3-ubyte"), pictures(2, 3, 4));
            Files.write(mnist.resolve("train-labels-idx1-ubyte"), labels(2));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(java.io.File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] weights(String name) {
        return Resources.bytes("dev/glint/trainer/weights/" + name + ".pth");
    }

    static Stream<byte[]> torchArchiveSeeds() {
        return Stream.of("before-1.6", "checkpoint", "module", "protocol-4", "state-dict", "views")
                .map(ReaderFuzzTest::weights);
    }

    static Stream<byte[]> torchPickleSeeds() {
        return Stream.of("checkpoint", "module", "protocol-4", "state-dict", "views")
                .map(name -> pickle(weights(name)));
    }

    /** What {@code torch.save} writes can be read by its directory only. */
    private static byte[] pickle(byte[] archive) {
        try {
            Path file = Files.write(FOLDER.resolve("archive"), archive);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                ZipEntry entry = zip.stream()
                        .filter(each -> each.getName().endsWith("/data.pkl"))
                        .findFirst()
                        .orElseThrow();
                return zip.getInputStream(entry).readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<byte[]> safetensorsSeeds() {
        String tensor = "\"a\":{\"dtype\":\"F16\",\"shape\":[2,1],\"data_offsets\":[0,4]}";
        return Stream.of(
                safetensors("{}", 0),
                safetensors("{" + tensor + "}", 4),
                safetensors("{\"__metadata__\":{\"k\":\"v\"}," + tensor + "}  ", 4),
                safetensors(
                        "{" + tensor + "," + tensor.replace("\"a\"", "\"b\"").replace("[0,4]", "[4,8]") + "}", 8));
    }

    private static byte[] safetensors(String header, int values) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + json.length + values).order(ByteOrder.LITTLE_ENDIAN);
        return file.putLong(json.length).put(json).array();
    }

    static Stream<byte[]> cifarSeeds() {
        return Stream.of(new byte[0], new byte[RECORD], Resources.bytes("dev/glint/trainer/data/test_batch"));
    }

    static Stream<byte[]> cifarNamesSeeds() {
        return Stream.of(
                NAMES.getBytes(StandardCharsets.UTF_8), Resources.bytes("dev/glint/trainer/data/batches.meta"));
    }

    static Stream<byte[]> idxPicturesSeeds() {
        return Stream.of(pictures(2, 3, 4), gzip(pictures(2, 3, 4)), pictures(1, 1, 1));
    }

    static Stream<byte[]> idxLabelsSeeds() {
        return Stream.of(labels(2), gzip(labels(2)), labels(1));
    }

    private static byte[] pictures(int count, int height, int width) {
        return ByteBuffer.allocate(16 + count * height * width)
                .putInt(2051)
                .putInt(count)
                .putInt(height)
                .putInt(width)
                .array();
    }

    private static byte[] labels(int count) {
        return ByteBuffer.allocate(8 + count).putInt(2049).putInt(count).array();
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    @MethodSource("torchArchiveSeeds")
    @FuzzTest(maxDuration = DURATION)
    void torchArchive(byte[] data) throws IOException {
        readWeights(data);
    }

    /** Within an archive that is whole, since a checksum would stop most changes. */
    @MethodSource("torchPickleSeeds")
    @FuzzTest(maxDuration = DURATION)
    void torchPickle(byte[] data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setLevel(0);
            for (String storage : List.of("0", "1", "2", "3")) {
                zip.putNextEntry(new ZipEntry("a/data/" + storage));
                zip.write(new byte[64]);
                zip.closeEntry();
            }
            zip.putNextEntry(new ZipEntry("a/data.pkl"));
            zip.write(data);
            zip.closeEntry();
        }
        readWeights(bytes.toByteArray());
    }

    @MethodSource("safetensorsSeeds")
    @FuzzTest(maxDuration = DURATION)
    void safetensors(byte[] data) throws IOException {
        readWeights(data);
    }

    @MethodSource("cifarSeeds")
    @FuzzTest(maxDuration = DURATION)
    void cifar(byte[] data) throws IOException {
        Files.write(FOLDER.resolve("cifar/test_batch"), data);
        Files.writeString(FOLDER.resolve("cifar/batches.meta.txt"), NAMES);
        readPictures("cifar10:" + FOLDER.resolve("cifar"));
    }

    @MethodSource("cifarNamesSeeds")
    @FuzzTest(maxDuration = DURATION)
    void cifarNames(byte[] data) throws IOException {
        Files.write(FOLDER.resolve("cifar/test_batch"), new byte[RECORD]);
        Files.write(FOLDER.resolve("cifar/batches.meta.txt"), data);
        readPictures("cifar10:" + FOLDER.resolve("cifar"));
    }

    @MethodSource("idxPicturesSeeds")
    @FuzzTest(maxDuration = DURATION)
    void idxPictures(byte[] data) throws IOException {
        Files.write(FOLDER.resolve("mnist/t10k-images-idx3-ubyte"), data);
        Files.write(FOLDER.resolve("mnist/t10k-labels-idx1-ubyte"), labels(2));
        readPictures("mnist:" + FOLDER.resolve("mnist"));
    }

    @MethodSource("idxLabelsSeeds")
    @FuzzTest(maxDuration = DURATION)
    void idxLabels(byte[] data) throws IOException {
        Files.write(FOLDER.resolve("mnist/t10k-images-idx3-ubyte"), pictures(2, 3, 4));
        Files.write(FOLDER.resolve("mnist/t10k-labels-idx1-ubyte"), data);
        readPictures("mnist:" + FOLDER.resolve("mnist"));
    }

    private static void readWeights(byte[] data) throws IOException {
        Path file = Files.write(FOLDER.resolve("weights"), data);
        try {
            for (Map.Entry<String, StoredTensor> entry : WeightFile.read(file).entrySet()) {
                StoredTensor tensor = entry.getValue();
                long values = tensor.shape().stream().reduce(1L, Math::multiplyExact);
                assertEquals(values * tensor.type().bytes(), tensor.data().remaining(), entry.getKey());
            }
        } catch (GlintException e) {
            assertTrue(BLAMES_THE_FILE.contains(e.reason()), () -> e.reason() + ": " + e.getMessage());
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        }
    }

    private static void readPictures(String spec) {
        try {
            DataSplit split = DataSpec.parse(spec).open(1);
            for (PictureSet part : List.of(split.train(), split.heldOut())) {
                for (int i = 0; i < part.size(); i++) {
                    assertTrue(part.label(i) < split.labels().size(), "label");
                    assertTrue(part.picture(i).samples().length > 0, "samples");
                }
            }
        } catch (GlintException e) {
            assertTrue(BLAMES_THE_FILE.contains(e.reason()), () -> e.reason() + ": " + e.getMessage());
            assertTrue(e.getMessage().startsWith(FOLDER.toString()), e.getMessage());
        }
    }
}
