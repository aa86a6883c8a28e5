package dev.glint.classify.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ServeSettingsTest {

    private static ServeSettings listening(String listen) {
        return new ServeSettings(listen, 1, 1, 1, Duration.ofSeconds(1), 1, Set.of());
    }

    private static void assertMisuse(String found, Supplier<ServeSettings> settings) {
        GlintException failure = assertThrows(GlintException.class, settings::get);
        assertEquals(Reason.USAGE, failure.reason());
        assertTrue(String.valueOf(failure.getMessage()).startsWith("found " + found + ", "), failure.getMessage());
    }

    @Test
    void addressesOfBothKindsAreTaken() {
        assertEquals(
                new InetSocketAddress("127.0.0.1", 8080),
                listening("127.0.0.1:8080").address());
        assertEquals(new InetSocketAddress("::1", 1), listening("[::1]:1").address());
        assertTrue(listening("localhost:0").address().getAddress().isLoopbackAddress());
    }

    @Test
    void whatIsNoAddressIsMisuse() {
        for (String listen : List.of(
                "", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "::1:80", "127.0.0.1:65536", "[::1]")) {
            assertMisuse("--listen " + listen, () -> listening(listen));
        }
    }

    @Test
    void numbersOutOfRangeAreMisuse() {
        Duration second = Duration.ofSeconds(1);
        String listen = "127.0.0.1:0";
        Set<String> none = Set.of();

        assertMisuse("--workers 0", () -> new ServeSettings(listen, 0, 1, 1, second, 1, none));
        assertMisuse("--queue 0", () -> new ServeSettings(listen, 1, 0, 1, second, 1, none));
        assertMisuse("--max-bytes 33554433", () -> new ServeSettings(listen, 1, 1, (32 << 20) + 1, second, 1, none));
        assertMisuse("--timeout 0", () -> new ServeSettings(listen, 1, 1, 1, Duration.ZERO, 1, none));
        assertMisuse("--top-k 0", () -> new ServeSettings(listen, 1, 1, 1, second, 0, none));
    }

    @Test
    void whatIsNoHostIsMisuse() {
        Duration second = Duration.ofSeconds(1);
        for (String host : List.of("", "https://a.example", "a.example:80", "::1", "a/b")) {
            assertMisuse(
                    "--allow-host " + host, () -> new ServeSettings("127.0.0.1:0", 1, 1, 1, second, 1, Set.of(host)));
        }
    }
}
