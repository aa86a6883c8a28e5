package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.glint.runtime.testing.HostileModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What {@code classify} says to models that are to harm it, whatever it runs on. */
abstract class HostileModelContract extends RefusalContract {

    /** Where ONNX Runtime would have to come from: whoever asks for it fails with another exit code. */
    private String noLibraries() throws IOException {
        return Files.createDirectories(folder.resolve("no-libraries")).toString();
    }

    @Test
    void hostileModelsAreRefusedBeforeAnEngineSeesThem() throws IOException {
        String libraries = noLibraries();
        Stream<Executable> all = Arrays.stream(HostileModel.values()).map(hostile -> () -> {
            Path model = hostile.write(Files.createDirectory(folder.resolve(hostile.name())));
            String[] command = {"--engine", "ort", "--ort-lib", libraries, "-m", model.toString(), file("reddish.png")};

            Run run = assertTimeoutPreemptively(Duration.ofMinutes(2), () -> run(command), hostile.name());

            run.assertFails(4, model + ": found " + hostile.found());
            remove(model);
        });
        assertAll(all);
    }

    /** Some are large. */
    private static void remove(Path model) throws IOException {
        if (!Files.isDirectory(model)) {
            Files.delete(model);
        }
    }
}
