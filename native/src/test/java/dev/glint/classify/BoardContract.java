package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The binary for {@code linux-aarch64}, as {@code native/cross-build} makes it, in an emulator of one ARM processor. It promises
 * what it promises elsewhere; only the probabilities may differ in their last digit, for ONNX Runtime adds in another order there.
 */
abstract class BoardContract extends ServerProcessContract {
    private static final Path DIST = SharedData.projectRoot().resolve("native/target/linux-aarch64/dist");
    private static final Path ON_ARM = SharedData.projectRoot().resolve("native/src/test/scripts/on-arm");

    /** Of six digits behind the point, and of logits that differ in their seventh. */
    private static final double TOLERANCE = 2e-6;

    /** Why classes were skipped, each said once. */
    private static final Set<String> SAID = new HashSet<>();

    private static final Pattern PROBABILITY = Pattern.compile("(?<=\"probability\":)[0-9.]+");

    private final String processor;

    BoardContract(String processor) {
        this.processor = processor;
    }

    @BeforeEach
    final void requireBoard() throws IOException, InterruptedException {
        String chosen = System.getenv("GLINT_BOARDS");
        if (chosen != null && !List.of(chosen.split(",")).contains(processor)) {
            skip("is not among GLINT_BOARDS=" + chosen);
        }
        if (!Files.isExecutable(DIST.resolve("classify"))) {
            skip("needs the binary for linux-aarch64: run native/cross-build");
        }
        Process tried = new ProcessBuilder(ON_ARM.toString(), processor)
                .redirectErrorStream(true)
                .start();
        String said = new String(tried.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (tried.waitFor() != 0) {
            skip("needs an emulated " + processor + " (" + said + ")");
        }
    }

    private void skip(String reason) {
        String line = getClass().getSimpleName() + " is skipped: it " + reason;
        if (SAID.add(line)) {
            System.out.println(line);
        }
        Assumptions.abort(reason);
    }

    @Override
    final List<String> program(Path temporaryFolder) {
        return List.of(ON_ARM.toString(), processor, DIST.resolve("classify").toString());
    }

    @Override
    final Map<String, String> environment(Path temporaryFolder) {
        return Map.of();
    }

    @Override
    final int exitCodeOfServer(int signal) {
        return 0;
    }

    @Override
    final void assertSameResults(String here, String there) {
        assertEquals(withoutProbabilities(here), withoutProbabilities(there));
        double[] expected = probabilities(here);
        double[] actual = probabilities(there);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], TOLERANCE, there);
        }
    }

    /** The emulated one, which is none of this machine's. */
    @Override
    final void assertIsThisMachine(JsonElement machine) {
        String name = machine.getAsJsonObject().get("processor").getAsString();
        assertEquals(processor, name.toLowerCase(Locale.ROOT));
    }

    private static String withoutProbabilities(String json) {
        return PROBABILITY.matcher(json).replaceAll("");
    }

    private static double[] probabilities(String json) {
        return PROBABILITY
                .matcher(json)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group()))
                .toArray();
    }

    @Override
    final int timeoutSeconds() {
        return 600;
    }

    /** By an int8 network, whose convolutions are computed with other instructions than on x86. */
    @Test
    final void photosGetTheAnswersThatTheyGetHere() throws IOException {
        Path model = SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg");
        List<String> arguments = new ArrayList<>(List.of("--json", "--model", model.toString()));
        try (Stream<Path> photos = Files.list(SharedData.require("photos/imagenet-samples"))) {
            photos.sorted().limit(8).forEach(photo -> arguments.add(photo.toString()));
        }
        String[] words = arguments.toArray(String[]::new);

        Run here = ClassifyTest.inThisProcess(Map.of(), new byte[0], words);
        Run there = run(words);

        assertEquals("", there.err());
        assertEquals(0, there.exitCode());
        assertEquals(8 * 5, probabilities(there.out()).length, there.out());
        assertSameResults(here.out(), there.out());
    }
}
