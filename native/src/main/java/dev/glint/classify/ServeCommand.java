package dev.glint.classify;

import com.google.gson.JsonObject;
import dev.glint.classify.serve.ModelSource;
import dev.glint.classify.serve.PictureServer;
import dev.glint.classify.serve.ServeLog;
import dev.glint.classify.serve.ServeSettings;
import dev.glint.console.Interruption;
import dev.glint.console.Streams;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code classify serve}: answers over HTTP. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        header = "Answers over HTTP what is in pictures.",
        description = {
            "POST /classify takes a picture as the body or as the file of a form, GET / shows a page to drop one on, and "
                    + "/health, /ready and /metrics are for those who watch over it. Nothing that a client sends is written to disk.",
            "When the model's file changes, or on POST /reload from this machine, the new one answers as soon as it was "
                    + "tried; if it is broken the one before goes on. SIGTERM or SIGINT: requests that have begun are "
                    + "answered, then it ends with 0, or with 130 if one was not; on the JVM with the signal's number."
        })
final class ServeCommand implements Callable<Integer> {
    private static final int CUT_OFF = 130;

    private final Streams streams;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8080",
            description = {
                "Where to listen; 0.0.0.0:8080 or [::]:8080 is every network this machine is in (default: "
                        + "${DEFAULT-VALUE}).",
                "There is neither encryption nor a password: put a proxy in front that has them."
            })
    private String listen = "";

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description = {
                "A name or address, without a port, that requests may ask for, as a proxy in front passes it on; repeatable.",
                "Default: localhost and loopback addresses while listening to one of these, else any."
            })
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Pictures that are classified at a time (default: one for each processor).")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "64",
            description = "Pictures that wait at most; what comes then is 503 (default: ${DEFAULT-VALUE}).")
    private int queue;

    @Option(
            names = "--max-bytes",
            paramLabel = "N",
            defaultValue = "16777216",
            description = "Largest request; what is larger is 413 (default: ${DEFAULT-VALUE}).")
    private int maxBytes;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "How long a client may take to send a request, and a picture may wait (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(
            names = {"-k", "--top-k"},
            paramLabel = "N",
            defaultValue = "5",
            description = "Classes in an answer, unless it is asked for ?top-k=N (default: ${DEFAULT-VALUE}).")
    private int topK;

    @Option(names = "--log", description = "Write a line for each request to standard error.")
    private boolean logRequests;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private EngineSettings engineSettings = new EngineSettings();

    @Mixin
    private CommonOptions common = new CommonOptions();

    ServeCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Sockets.allow();
        ServeSettings settings = new ServeSettings(
                listen, workers, queue, maxBytes, Duration.ofSeconds(timeoutSeconds), topK, Set.copyOf(hosts));
        PictureServer server = PictureServer.start(
                settings, new FromOptions(), new ServeLog(streams.err(), logRequests, common.debug));
        Interruption interruption = new Interruption(() -> end(server));
        try {
            tell(server);
            // Until a signal ends the process.
            new CountDownLatch(1).await();
            return 0;
        } finally {
            interruption.close();
        }
    }

    /** A virtual machine ends with the number of the signal, whatever is done here; the binary need not. */
    private static void end(PictureServer server) {
        boolean answered = false;
        try {
            answered = server.stop();
        } catch (InterruptedException e) {
            // Ends as it is.
        }
        if (Installation.isNative()) {
            Runtime.getRuntime().halt(answered ? 0 : CUT_OFF);
        }
    }

    private void tell(PictureServer server) {
        String url = server.url();
        if (!server.isLocal()) {
            streams.err()
                    .println("note: whoever reaches " + url + " may ask; there is neither encryption nor a password");
        }
        if (common.json) {
            JsonObject json = new JsonObject();
            json.addProperty("schema", "glint.serve/1");
            json.addProperty("model", server.model());
            json.addProperty("url", url);
            streams.out().line(json);
        } else {
            streams.out().line(server.model() + " answers at " + url);
        }
        streams.out().flush();
    }

    /** The model that the command line names, or that is meant without. */
    private final class FromOptions implements ModelSource {
        @Override
        public Path locate() {
            return model.file(streams);
        }

        @Override
        public ModelFile read(Path file) {
            return model.read(file, streams);
        }

        @Override
        public Model open(ModelFile read) {
            return model.open(read, engineSettings, Long.MAX_VALUE, streams);
        }
    }
}
