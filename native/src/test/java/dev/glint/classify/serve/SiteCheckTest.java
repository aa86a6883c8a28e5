package dev.glint.classify.serve;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which requests may come from a page of another site. */
class SiteCheckTest {
    private static final String LOCAL = "127.0.0.1:8080";
    private static final String EVERYWHERE = "0.0.0.0:8080";

    private static SiteCheck listening(String listen, String... hosts) {
        return SiteCheck.of(new ServeSettings(listen, 1, 1, 1, Duration.ofSeconds(1), 1, Set.of(hosts)));
    }

    private static Headers headers(String... namesAndValues) {
        Headers headers = new Headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static void assertTaken(SiteCheck check, String... namesAndValues) {
        assertDoesNotThrow(() -> check.require(headers(namesAndValues)), String.join(" ", namesAndValues));
    }

    private static void assertRefused(SiteCheck check, String... namesAndValues) {
        Refusal refusal = assertThrows(
                Refusal.class, () -> check.require(headers(namesAndValues)), String.join(" ", namesAndValues));
        assertEquals(403, refusal.status());
    }

    @Test
    void pagesOfOtherOriginsAreRefusedWhereverItListens() {
        for (SiteCheck check : List.of(listening(LOCAL), listening(EVERYWHERE))) {
            for (String origin :
                    List.of("http://evil.example", "http://localhost:3000", "http://localhost", "null", "")) {
                assertRefused(check, "Host", "localhost:8080", "Origin", origin);
            }
            assertRefused(check, "Origin", "http://evil.example");
            assertTaken(check, "Host", "localhost:8080", "Origin", "http://LOCALHOST:8080");
            assertTaken(check, "Host", "localhost:8080");
            assertTaken(check);
        }
    }

    @Test
    void otherNamesForALoopbackAddressAreRefused() {
        for (String listen : List.of(LOCAL, "[::1]:8080", "localhost:8080")) {
            SiteCheck check = listening(listen);
            for (String host : List.of(
                    "evil.example:8080",
                    "127.0.0.1.evil.example",
                    "localhost.evil.example:80",
                    "127.evil",
                    "192.168.1.5:8080",
                    "[::2]:80",
                    "")) {
                assertRefused(check, "Host", host);
                assertRefused(check, "Host", host, "Origin", "http://" + host);
            }
            for (String host : List.of("localhost", "LocalHost:1", "127.0.0.1:8080", "127.1.2.3", "[::1]", "[::1]:9")) {
                assertTaken(check, "Host", host);
            }
        }
    }

    @Test
    void aProxyMayNameTheServerAsItLikes() {
        SiteCheck check = listening(EVERYWHERE);

        assertTaken(check, "Host", "backend:8080");
        assertTaken(
                check,
                "Host",
                "backend:8080",
                "Origin",
                "https://pictures.example.org",
                "Sec-Fetch-Site",
                "same-origin");
    }

    @Test
    void aProxyOnThisMachineMayPassAnAllowedNameOn() {
        SiteCheck check = listening(LOCAL, "Pictures.example.org", "[fd00::5]");

        assertTaken(check, "Host", "pictures.example.org", "Origin", "https://pictures.example.org");
        assertTaken(check, "Host", "127.0.0.1:8080", "Origin", "http://pictures.example.org:81");
        assertTaken(check, "Host", "[FD00::5]:80");
        assertTaken(check, "Host", "localhost");
        assertRefused(check, "Host", "other.example.org");
        assertRefused(check, "Host", "pictures.example.org", "Origin", "https://other.example.org");
    }

    @Test
    void whereNamesAreAllowedOthersAreNot() {
        assertRefused(listening(EVERYWHERE, "pictures.example.org"), "Host", "evil.example:8080");
    }

    @Test
    void everyPathIsChecked(@TempDir Path folder) throws IOException, InterruptedException {
        RunningServer running = new RunningServer(folder);
        try {
            for (String path : Route.paths()) {
                String answer =
                        running.raw("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
                assertTrue(answer.contains("found another host, expected localhost"), answer);
                assertEquals(
                        403,
                        running.post(path, new byte[0], "Origin", "http://evil.example")
                                .statusCode());
            }
        } finally {
            running.close();
        }
    }
}
