package dev.glint.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

class CommandSetupTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    enum Size {
        SMALL,
        VERY_LARGE;

        @Override
        public String toString() {
            return this == SMALL ? "small" : "very-large";
        }
    }

    @Command(
            name = "tool",
            subcommands = {Paint.class, Frame.class})
    static final class Tool {}

    @Command(name = "frame")
    static final class Frame implements Callable<Integer> {
        @Option(names = "--colour", required = true)
        String colour = "";

        @Override
        public Integer call() {
            return 0;
        }
    }

    @Command(name = "paint", mixinStandardHelpOptions = true, version = "1")
    static final class Paint implements Callable<Integer> {
        @Option(names = "--size")
        @Nullable Size size;

        @Option(names = {"-m", "--model"})
        @Nullable Path model;

        @Option(names = "--motel", hidden = true)
        boolean hidden;

        @Parameters(arity = "0..1")
        String what = "";

        @Mixin
        DebugOption debug = new DebugOption();

        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            if (what.equals("memory")) {
                throw new OutOfMemoryError("too much");
            }
            if (what.equals("wall")) {
                throw GlintException.failure(Reason.GATE, "a\u001b[2Jwall", "a door", "knock")
                        .about("a\nb");
            }
            spec.commandLine().getOut().println("painted " + what);
            spec.commandLine().getOut().flush();
            spec.commandLine().getErr().println("dry");
            spec.commandLine().getErr().flush();
            return 0;
        }
    }

    private int run(String... arguments) {
        return run(out, arguments);
    }

    private int run(OutputStream stream, String... arguments) {
        Streams streams = new Streams(
                InputStream.nullInputStream(), new Output(stream), Streams.printer(err), Optional.empty(), Map.of());
        return CommandSetup.execute(CommandSetup.prepare(new CommandLine(new Tool())), streams, arguments);
    }

    private void assertFails(int code, String line, String... arguments) {
        err.reset();
        assertEquals(code, run(arguments));
        assertEquals(line + "\n", err.toString(StandardCharsets.UTF_8));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatACommandPrintsArrives() {
        assertEquals(0, run("paint", "a\u001bdoor"));
        assertEquals("painted a\ufffddoor\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("dry\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatACommandPrintsArrivesWhileItIsAtWork() {
        Streams streams = new Streams(
                InputStream.nullInputStream(), new Output(out), Streams.printer(out), Optional.empty(), Map.of());
        CommandSetup.execute(CommandSetup.prepare(new CommandLine(new Tool())), streams, "paint", "door");
        assertEquals("painted door\ndry\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aRequiredOptionThatIsMisspelledIsGuessed() {
        assertFails(
                2,
                "error: Missing required option: '--colour=<colour>'; did you mean --colour? see tool frame --help",
                "frame",
                "--color=red");
        assertFails(2, "error: Missing required option: '--colour=<colour>'; see tool frame --help", "frame");
    }

    @Test
    void misspelledWordsAreGuessed() {
        assertFails(
                2, "error: Unknown option: '--modle'; did you mean --model? see tool paint --help", "paint", "--modle");
        assertFails(
                2,
                "error: Unknown option: '--szie=small'; did you mean --size? see tool paint --help",
                "paint",
                "--szie=small");
        assertFails(2, "error: Unmatched argument at index 0: 'pant'; did you mean paint? see tool --help", "pant");
        assertFails(
                2,
                "error: --size: found 'smal', expected one of small, very-large; did you mean small?"
                        + " see tool paint --help",
                "paint",
                "--size",
                "smal");
        assertFails(2, "error: Unknown option: '--colour'; see tool paint --help", "paint", "--colour");
        assertFails(2, "error: Unknown option: '--xyz\ufffd[31m'; see tool paint --help", "paint", "--xyz\u001b[31m");
    }

    @Test
    void anEmptyPathIsNotTheCurrentFolder() {
        assertFails(
                2,
                "error: Invalid value for option '--model': found nothing, expected a path;" + " see tool paint --help",
                "paint",
                "--model",
                "");
    }

    @Test
    void failuresAreALineAndACode() {
        assertFails(5, "error: a b: found a\ufffd[2Jwall, expected a door; knock", "paint", "wall");
        assertFails(
                6,
                "error: found too little memory, expected room for the picture and the model; use smaller ones",
                "paint",
                "memory");
    }

    @Test
    void debugShowsWhere() {
        assertEquals(5, run("paint", "--debug", "wall"));
        assertTrue(
                err.toString(StandardCharsets.UTF_8).contains("\tat dev.glint.console.CommandSetupTest$Paint.call("));
        assertEquals(2, run("paint", "--debug", "--modle"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("UnmatchedArgumentException"));
    }

    @Test
    void anOutputThatIsFullIsAFailure() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        for (String argument : List.of("a door", "--help", "--version")) {
            err.reset();
            assertEquals(3, run(full, "paint", argument));
            assertEquals("error: standard output: No space left on device\n", err.toString(StandardCharsets.UTF_8));
        }
    }

    @Test
    void versionsAreThoseOfTheBuild() {
        assertTrue(Versions.glint().matches("\\d+\\.\\d+\\.\\d+\\S*"), Versions.glint());
        for (String part : new String[] {"onnxruntime", "djl", "pytorch"}) {
            assertTrue(Versions.built(part).matches("\\d+\\.\\d+\\.\\d+"), Versions.built(part));
        }
    }
}
