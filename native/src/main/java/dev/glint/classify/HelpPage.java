package dev.glint.classify;

import dev.glint.console.CommandSetup;
import dev.glint.console.Output;
import dev.glint.console.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** The page that {@code classify --help} prints. picocli takes milliseconds to lay it out, so that is done when the program is built. */
final class HelpPage {
    private static final String RESOURCE = "help.txt";

    private HelpPage() {}

    /** Writes the page into the folder of this class below the one that is named; for the build. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], HelpPage.class.getPackageName().split("\\."));
        Files.writeString(folder.resolve(RESOURCE), layOut());
    }

    /** What picocli makes of the options. */
    static String layOut() {
        CommandLine command = Classify.commandLine(new String[] {"--help"}, nowhere());
        command.getCommandSpec().versionProvider(new ClassifyVersion());
        return CommandSetup.prepare(command).getUsageMessage();
    }

    /** For a command line that is looked at and not run. */
    static Streams nowhere() {
        return new Streams(
                new ByteArrayInputStream(new byte[0]),
                new Output(new ByteArrayOutputStream()),
                Streams.printer(new ByteArrayOutputStream()),
                Optional.empty(),
                Map.of());
    }

    /** The page as it was laid out; empty where the build did not do so. */
    static Optional<String> laidOut() {
        try (InputStream page = HelpPage.class.getResourceAsStream(RESOURCE)) {
            return page == null
                    ? Optional.empty()
                    : Optional.of(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
