package dev.glint.classify.serve;

import java.time.Duration;

/**
 * What the JDK's server is told of limits, by system properties that it reads once in a process: they hold before a request
 * comes to {@link Routes}, above all while its headers are read. What exceeds them has its connection closed.
 */
final class HttpLimits {
    private static final String MOST_HEADERS = "100";
    private static final String LARGEST_HEADERS = Integer.toString(16 << 10);
    private static final String MOST_CONNECTIONS = "1024";

    /**
     * Seconds beyond the deadline that a body has, in which its client is told: the first time it takes a small board that does
     * other work besides more than two.
     */
    private static final int TIME_TO_REFUSE = 5;

    private HttpLimits() {}

    /** To be called before the first server of the process is made. */
    static void set(Duration timeout) {
        long request = timeout.toSeconds() + TIME_TO_REFUSE;
        set("sun.net.httpserver.maxReqTime", Long.toString(request));
        // Reading, waiting and classifying; what is left then is a client that does not read.
        set("sun.net.httpserver.maxRspTime", Long.toString(3 * request + 30));
        set("sun.net.httpserver.maxReqHeaders", MOST_HEADERS);
        set("sun.net.httpserver.maxReqHeaderSize", LARGEST_HEADERS);
        set("jdk.httpserver.maxConnections", MOST_CONNECTIONS);
        set("sun.net.httpserver.nodelay", "true");
    }

    private static void set(String property, String value) {
        System.setProperty(property, value);
    }
}
