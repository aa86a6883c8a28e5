package dev.glint.classify.serve;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How pictures are served.
 *
 * @param listen address and port, as in {@code 127.0.0.1:8080}, {@code [::1]:8080} or {@code localhost:8080}; port 0 is any
 *     free one
 * @param workers pictures that are classified at a time
 * @param queue pictures that wait for them at most
 * @param maxBytes largest request
 * @param timeout how long a client may take to send a request, and a picture may wait for a worker
 * @param topK classes in an answer, if the request does not say
 * @param hosts names that requests may give this machine beside localhost, in lower case and without a port
 */
public record ServeSettings(
        String listen, int workers, int queue, int maxBytes, Duration timeout, int topK, Set<String> hosts) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");
    private static final int MOST_BYTES = DecodeLimits.defaults().encodedBytes();

    /**
     * Checks them.
     *
     * @throws GlintException ({@code USAGE}) if one makes no sense
     */
    public ServeSettings {
        address(listen);
        require("--workers", workers, 1, 256);
        require("--queue", queue, 1, 10_000);
        require("--max-bytes", maxBytes, 1, MOST_BYTES);
        require("--timeout", timeout.toSeconds(), 1, 3600);
        require("--top-k", topK, 1, Integer.MAX_VALUE);
        hosts = hosts.stream().map(ServeSettings::host).collect(Collectors.toUnmodifiableSet());
    }

    private static void require(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw GlintException.failure(
                    Reason.USAGE, option + " " + value, least + " to " + most, "leave it out for the usual");
        }
    }

    private static String host(String name) {
        if (!HOST.matcher(name).matches()) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "--allow-host " + name,
                    "a name or address without scheme and port",
                    "write it as pictures.example.org, 192.168.1.5 or [fd00::5]");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    /** Where to listen. */
    InetSocketAddress address() {
        return address(listen);
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, Math.max(0, colon));
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || host.indexOf(':') >= 0 && !bracketed) {
            throw noAddress(text);
        }
        try {
            InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
            if (!address.isUnresolved()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // A port that is no number, or no port.
        }
        throw noAddress(text);
    }

    private static GlintException noAddress(String text) {
        return GlintException.failure(
                Reason.USAGE,
                "--listen " + text,
                "an address of this machine and a port",
                "write it as 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:8080");
    }
}
