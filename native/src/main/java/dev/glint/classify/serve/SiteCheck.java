package dev.glint.classify.serve;

import com.sun.net.httpserver.Headers;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what pages of other sites have a browser send. One that has its own name lead to this machine (DNS rebinding) is of the
 * same site for the browser, and known by that name alone.
 *
 * @param everyHost whether a request may name any host; a proxy in front may have its own words for this one
 * @param names what this machine is called beside localhost, in lower case
 */
record SiteCheck(boolean everyHost, Set<String> names) {
    private static final Pattern PORT = Pattern.compile(":[0-9]*$");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    /** That of a server: who can be reached from this machine alone, or has names, is asked for by these. */
    static SiteCheck of(ServeSettings settings) {
        boolean local = settings.address().getAddress().isLoopbackAddress();
        return new SiteCheck(!local && settings.hosts().isEmpty(), settings.hosts());
    }

    /**
     * Checks a request's headers.
     *
     * @throws Refusal (403)
     */
    void require(Headers headers) {
        // Without one it comes from no browser.
        @Nullable String host = headers.getFirst("Host");
        if (host != null && !everyHost && !isOurs(host)) {
            throw Refusal.foreign("another host", "localhost, a loopback address or a name of this server");
        }
        @Nullable String origin = headers.getFirst("Origin");
        // Browsers say it to trustworthy addresses only, and let no page say it; the host may be a proxy's word.
        boolean sameOrigin = "same-origin".equals(headers.getFirst("Sec-Fetch-Site"));
        if (origin != null && !sameOrigin && !isOwn(origin, host)) {
            throw otherSite();
        }
    }

    /** A page of another site could not read the answer, but keep the server busy. */
    static void requireOwnPage(Headers headers) {
        if ("cross-site".equals(headers.getFirst("Sec-Fetch-Site"))) {
            throw otherSite();
        }
    }

    private static Refusal otherSite() {
        return Refusal.foreign("a page of another site", "the server's own, or a program");
    }

    private boolean isOurs(String host) {
        String name = name(host);
        return LOOPBACK.matcher(name).matches() || names.contains(name);
    }

    /** Of an origin that is {@code null}, nothing is known. */
    private boolean isOwn(String origin, @Nullable String host) {
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        String authority = origin.substring(scheme + 3);
        return authority.equalsIgnoreCase(host) || names.contains(name(authority));
    }

    private static String name(String authority) {
        return PORT.matcher(authority).replaceFirst("").toLowerCase(Locale.ROOT);
    }
}
