package dev.glint.runtime.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A headless Chromium with one page, talked to by the DevTools protocol. */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final int SECONDS = 30;

    private final Process process;
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    private final WebSocket socket;
    private int messages;

    private Chromium(Process process, URI page) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page, new Listener())
                .join();
    }

    /**
     * Starts a browser; the calling test is skipped, saying so, where there is none.
     *
     * @param profile an empty folder of the browser's own
     */
    public static Chromium start(Path profile) throws IOException {
        Optional<Path> program = Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(program.isPresent(), "needs Chromium on the PATH");
        Process process = new ProcessBuilder(
                        program.orElseThrow().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new Chromium(process, page(profile));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static URI page(Path profile) throws IOException {
        Path portFile = profile.resolve("DevToolsActivePort");
        for (int i = 0; i < 10 * SECONDS; i++) {
            if (Files.exists(portFile) && Files.readAllLines(portFile).size() == 2) {
                URI list = URI.create(
                        "http://127.0.0.1:" + Files.readAllLines(portFile).get(0) + "/json/list");
                try (InputStream in = list.toURL().openStream()) {
                    String targets = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    for (JsonElement element : JsonParser.parseString(targets).getAsJsonArray()) {
                        JsonObject target = element.getAsJsonObject();
                        if (target.get("type").getAsString().equals("page")) {
                            return URI.create(target.get("webSocketDebuggerUrl").getAsString());
                        }
                    }
                }
            }
            pause();
        }
        throw new IOException("Chromium opened no page within " + SECONDS + " s");
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens a file in a window of this size and waits until it is loaded; once per browser. */
    public void open(Path file, int width, int height, boolean dark) throws InterruptedException {
        open(file.toUri(), width, height, dark);
    }

    /** The same with any address. */
    public void open(URI page, int width, int height, boolean dark) throws InterruptedException {
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            send(domain + ".enable", "{}");
        }
        send(
                "Emulation.setDeviceMetricsOverride",
                "{width:" + width + ",height:" + height + ",deviceScaleFactor:1,mobile:" + (width < 600) + "}");
        showAs("screen", dark);
        JsonObject navigation = new JsonObject();
        navigation.addProperty("url", page.toString());
        send("Page.navigate", navigation.toString());
        if (!loaded.await(SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(page + " was not loaded within " + SECONDS + " s");
        }
    }

    /** Shows the page as on another medium, {@code screen} or {@code print}. */
    public void showAs(String medium, boolean dark) {
        String scheme = dark ? "dark" : "light";
        send(
                "Emulation.setEmulatedMedia",
                "{media:'" + medium + "',features:[{name:'prefers-color-scheme',value:'" + scheme + "'}]}");
    }

    /** Writes a PDF file of the page as it is printed. */
    public void print(Path file) throws IOException {
        JsonObject result = send("Page.printToPDF", "{printBackground:true}").getAsJsonObject("result");
        Files.write(file, Base64.getDecoder().decode(result.get("data").getAsString()));
    }

    /** Chooses a file, as a person does who presses the button of the input that the CSS selector finds. */
    public void choose(String selector, Path file) {
        JsonObject document =
                send("DOM.getDocument", "{}").getAsJsonObject("result").getAsJsonObject("root");
        JsonObject query = new JsonObject();
        query.add("nodeId", document.get("nodeId"));
        query.addProperty("selector", selector);
        JsonObject arguments = new JsonObject();
        arguments.add(
                "nodeId",
                send("DOM.querySelector", query.toString())
                        .getAsJsonObject("result")
                        .get("nodeId"));
        JsonArray files = new JsonArray();
        files.add(file.toString());
        arguments.add("files", files);
        send("DOM.setFileInputFiles", arguments.toString());
    }

    /** Waits until a JavaScript expression is true. */
    public void await(String expression) {
        for (int i = 0; i < 10 * SECONDS; i++) {
            if (evaluate(expression).equals("true")) {
                return;
            }
            pause();
        }
        throw new IllegalStateException(expression + " did not become true within " + SECONDS + " s");
    }

    /** The value of a JavaScript expression, as text. */
    public String evaluate(String expression) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("expression", "String(" + expression + ")");
        JsonObject result = send("Runtime.evaluate", arguments.toString()).getAsJsonObject("result");
        return result.getAsJsonObject("result").get("value").getAsString();
    }

    /** Writes a PNG file of the whole page. */
    public void screenshot(Path file) throws IOException {
        JsonObject result =
                send("Page.captureScreenshot", "{captureBeyondViewport:true}").getAsJsonObject("result");
        Files.write(file, Base64.getDecoder().decode(result.get("data").getAsString()));
    }

    /** Addresses that the page asked for, its own among them. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Exceptions of the page and whatever it wrote to the console or the browser to its log. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    private JsonObject send(String method, String arguments) {
        int id = ++messages;
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        answers.put(id, answer);
        JsonObject message = new JsonObject();
        message.addProperty("id", id);
        message.addProperty("method", method);
        message.add("params", JsonParser.parseString(arguments));
        socket.sendText(message.toString(), true).join();
        return answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(JsonParser.parseString(text.toString()).getAsJsonObject());
                text.setLength(0);
            }
            webSocket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private void take(JsonObject message) {
            if (message.has("id")) {
                answers.remove(message.get("id").getAsInt()).complete(message);
                return;
            }
            JsonObject parameters = message.getAsJsonObject("params");
            switch (message.get("method").getAsString()) {
                case "Page.loadEventFired" -> loaded.countDown();
                case "Network.requestWillBeSent" ->
                    requests.add(
                            parameters.getAsJsonObject("request").get("url").getAsString());
                case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
                    complaints.add(parameters.toString());
                default -> {
                    // Of no interest.
                }
            }
        }
    }

    /** Ends the browser and waits for each of its processes: none may write to the profile while that is removed. */
    @Override
    public void close() {
        socket.abort();
        List<ProcessHandle> processes = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(
                handle -> handle.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).join());
    }
}
