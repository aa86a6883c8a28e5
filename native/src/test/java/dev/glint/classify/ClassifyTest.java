package dev.glint.classify;

import dev.glint.console.Output;
import dev.glint.console.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The command in this process. */
class ClassifyTest extends ClassifyContract {
    @Override
    Run run(Map<String, String> environment, byte[] in, String... args) {
        return inThisProcess(environment, in, args);
    }

    static Run inThisProcess(Map<String, String> environment, byte[] in, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams = new Streams(
                new ByteArrayInputStream(in), new Output(out), Streams.printer(err), Optional.empty(), environment);
        int exitCode = Classify.run(args, streams);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
