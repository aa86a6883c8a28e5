package dev.glint.exporter.bench;

import dev.glint.console.machine.MachineState;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.evaluate.NoisePictures;
import dev.glint.runtime.model.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The memory of a JVM that opens a model and classifies one picture. It takes a process of its own: one never forgets what
 * its earlier models needed.
 */
public final class MemoryProbe {
    private MemoryProbe() {}

    /**
     * Measures in a new process, a second or so.
     *
     * @return the most bytes it had resident, the JVM itself included; empty on systems that do not say
     * @throws IOException if no process can be started
     */
    public static OptionalLong measure(Path model, Engine engine, int threads) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemoryProbe.class.getName(),
                        model.toString(),
                        engine.name(),
                        Integer.toString(threads))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 && !said.isEmpty()
                    ? OptionalLong.of(Long.parseLong(said))
                    : OptionalLong.empty();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }

    /** Classifies one picture of noise and prints the most bytes that were resident; nothing where nobody knows. */
    public static void main(String... arguments) {
        Model.Options options = Model.Options.defaults().withThreads(Integer.parseInt(arguments[2]));
        List<Engine> engines = options.engines().stream()
                .filter(engine -> engine.name().equals(arguments[1]))
                .toList();
        LatencyMeasurement.coldStart(
                Path.of(arguments[0]),
                options.withEngines(engines),
                contract -> new NoisePictures(contract).picture(NoisePictures.COUNT - 1));
        MachineState.peakResidentBytes().ifPresent(System.out::println);
    }
}
