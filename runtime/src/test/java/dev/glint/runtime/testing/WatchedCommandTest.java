package dev.glint.runtime.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.glint.runtime.testing.WatchedCommand.SocketRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root and strace. */
@Tag("root")
class WatchedCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void canWatch() {
        WatchedCommand.assumePossible(WatchedCommandTest.class);
    }

    private List<String> watch(String script) throws IOException {
        List<Path> jdk = List.of(Path.of(System.getProperty("java.home")).toRealPath());
        return new WatchedCommand(jdk, List.of(), SocketRule.JDK)
                .run(folder, Map.of("JDK", jdk.get(0).toString()), List.of("sh", "-c", script));
    }

    @Test
    void aJvmMayRemoveTheAttachFileOfAKilledOneThatHadItsProcessId() throws Exception {
        Path started = folder.resolve("started");
        Path go = folder.resolve("go");
        Thread leaver = new Thread(() -> leaveAttachFile(started, go));
        leaver.start();
        List<String> violations = watch("echo $$ > pid; mv pid started; until test -e go; do sleep 0.1; done; "
                + "exec \"$JDK/bin/java\" -XX:-UsePerfData -version");
        leaver.join();

        assertEquals(List.of(), violations);
        assertFalse(Files.exists(attachFile(Files.readString(started))));
    }

    private static void leaveAttachFile(Path started, Path go) {
        try {
            while (!Files.exists(started)) {
                Thread.sleep(50);
            }
            Files.createFile(attachFile(Files.readString(started)));
            Files.createFile(go);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path attachFile(String process) {
        return Path.of("/tmp/.java_pid" + process.strip());
    }

    @Test
    void nobodyMayRemoveThatOfAnother() throws IOException {
        assertEquals(1, watch("unlink /tmp/.java_pid0 || true").size());
    }
}
