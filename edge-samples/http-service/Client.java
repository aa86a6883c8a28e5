import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends pictures to {@code classify serve}, eight at a time, and prints what each one is: {@code java Client.java URL
 * PICTURE...}. A server that is busy (503) is asked again when it says so. Exit codes: 0 fine, 2 misuse, 3 a picture failed.
 */
public final class Client {
    private static final int AT_A_TIME = 8;
    private static final int ATTEMPTS = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** All that is needed of the answer; where more is, take a JSON library. */
    private static final Pattern CANDIDATE =
            Pattern.compile("\"label\":\"((?:[^\"\\\\]|\\\\.)*)\",\"index\":-?[0-9]+,\"probability\":([-+.0-9Ee]+)");

    private static final Pattern ERROR = Pattern.compile("\"error\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI classify;

    private Client(URI server) {
        classify = server.resolve("/classify?top-k=1");
    }

    public static void main(String[] args) throws InterruptedException {
        if (args.length < 2) {
            misuse("found " + args.length + " arguments, expected URL PICTURE...");
        }
        if (!args[0].matches("https?://[^/?#\\s]+/?")) {
            misuse(args[0] + ": found no URL of a server, expected one");
        }
        Client client = new Client(URI.create(args[0]));
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        List<Future<String>> labels = new ArrayList<>();
        for (String picture : List.of(args).subList(1, args.length)) {
            labels.add(threads.submit(() -> client.label(Path.of(picture))));
        }
        threads.shutdown();
        boolean failed = false;
        for (int i = 0; i < labels.size(); i++) {
            try {
                System.out.println(args[i + 1] + "  " + labels.get(i).get());
            } catch (ExecutionException e) {
                failed = true;
                System.err.println("error: " + args[i + 1] + ": " + e.getCause().getMessage());
            }
        }
        System.exit(failed ? 3 : 0);
    }

    private static void misuse(String message) {
        System.err.println("error: " + message + "; as in java Client.java http://127.0.0.1:8080 photo.jpg");
        System.exit(2);
    }

    private String label(Path picture) throws IOException, InterruptedException {
        HttpResponse<String> response = send(picture);
        String body = response.body();
        if (response.statusCode() != 200) {
            Matcher error = ERROR.matcher(body);
            throw new IOException(error.find() ? unescape(error.group(1)) : "HTTP status " + response.statusCode());
        }
        Matcher candidate = CANDIDATE.matcher(body);
        if (!candidate.find()) {
            throw new IOException("found an answer without a label, expected that of classify serve; check the URL");
        }
        return unescape(candidate.group(1)) + " " + candidate.group(2);
    }

    /** The answer, which is not "busy" unless it stays so. */
    private HttpResponse<String> send(Path picture) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(classify)
                .timeout(TIMEOUT)
                .POST(body(picture))
                .build();
        for (int attempt = 1; ; attempt++) {
            HttpResponse<String> response;
            try {
                response = http.send(request, HttpResponse.BodyHandlers.ofString());
            } catch (ConnectException e) {
                throw new IOException(
                        "found no server at " + classify.resolve("/") + ", expected classify serve; start it", e);
            }
            if (response.statusCode() != 503 || attempt == ATTEMPTS) {
                return response;
            }
            TimeUnit.SECONDS.sleep(
                    response.headers().firstValueAsLong("Retry-After").orElse(1));
        }
    }

    /** The file as it is, with its length; nothing is held in memory. */
    private static HttpRequest.BodyPublisher body(Path picture) throws IOException {
        try {
            return HttpRequest.BodyPublishers.ofFile(picture);
        } catch (FileNotFoundException e) {
            throw new IOException("found no such file, expected a picture; name one that exists", e);
        }
    }

    /** A JSON string without its escapes. */
    private static String unescape(String json) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            c = json.charAt(++i);
            switch (c) {
                case 'u' -> {
                    plain.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                case 'n' -> plain.append('\n');
                case 't' -> plain.append('\t');
                case 'r' -> plain.append('\r');
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                default -> plain.append(c);
            }
        }
        return plain.toString();
    }
}
