package dev.glint.runtime.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs commands in a network of their own, which leads nowhere, and has strace write down what they ask the system for: files and sockets. Needs
 * Linux, root and strace.
 *
 * @param readable places that they may read beside the system's
 * @param writable places that they may read and write
 * @param sockets what they may do with sockets
 */
public record WatchedCommand(List<Path> readable, List<Path> writable, SocketRule sockets) {
    private static final String CALLS =
            "trace=%network,open,openat,openat2,creat,truncate,unlink,unlinkat,rename,renameat,renameat2,"
                    + "mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,mknod,mknodat";

    /** What any program reads: the system's libraries and settings, what the kernel tells. */
    private static final List<Path> SYSTEM = Stream.of("/lib", "/lib64", "/usr", "/etc", "/proc", "/sys")
            .map(Path::of)
            .toList();

    private static final List<Path> DEVICES = Stream.of(
                    "/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/shm")
            .map(Path::of)
            .toList();

    private static final Pattern CALL = Pattern.compile("(\\w+)\\((.*)\\) += (-?\\d+|\\?)(?:<(.*?)>)?(?: .*)?");
    private static final Pattern PLACED = Pattern.compile("(?:\\w+<([^>]*)>, )?\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern WRITING = Pattern.compile("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND");

    /** What a JVM that was killed leaves where others attach to it: a later one with the same process id removes it as it starts. */
    private static final Pattern STALE_ATTACH_FILE = Pattern.compile("unlink\\(\"/tmp/\\.java_pid(\\d+)\"\\) .*");

    private static final int PATIENCE_MINUTES = 20;

    /** What a command may do with sockets. */
    public enum SocketRule {
        /** Nothing; to ask what is none is no harm. */
        NONE("(getsockname\\(0<|setsockopt\\(\\d+</dev/null>).*ENOTSOCK.*"),
        /** A pair with nobody behind, by which Java wakes the thread that waits for a folder to change. */
        WATCHER("(getsockname\\(0<|setsockopt\\(\\d+</dev/null>).*ENOTSOCK.*|socketpair\\(AF_UNIX.*"),
        /**
         * What the JDK does by itself: it asks whether the system has IPv4 and IPv6 by making a socket for each, and the C library asks a
         * cache of the system's users for a name, if there is one. What it closes files by is a pair of sockets with nobody behind.
         */
        JDK(
                "getsockname\\(0<.*ENOTSOCK.*|socketpair\\(AF_UNIX.*|socket\\(AF_.*|setsockopt\\(.*SO_REUSEPORT.*|connect\\(.*sun_path=\"/var/run/nscd/socket\".*"),
        /** What a server does, on this machine alone. */
        LOCAL_SERVER(
                "(socket|socketpair|setsockopt|getsockopt|getsockname|listen|accept4?|shutdown)\\(.*"
                        + "|bind\\(.*(127\\.0\\.0\\.1|\"::ffff:127\\.0\\.0\\.1\"|::1).*|connect\\(.*sun_path=\"/var/run/nscd/socket\".*");

        private final Pattern allowed;

        SocketRule(String allowed) {
            this.allowed = Pattern.compile(allowed);
        }
    }

    /** Skips a test where commands cannot be watched, and says why. */
    public static void assumePossible(Class<?> test) {
        obstacle().ifPresent(needed -> Skip.needs(test, needed));
    }

    private static Optional<String> obstacle() {
        try {
            Process process = new ProcessBuilder(
                            "unshare", "-n", "strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.empty() : Optional.of("root and strace (" + said.strip() + ")");
        } catch (IOException e) {
            return Optional.of("unshare and strace");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs one.
     *
     * @param folder where the log and what the command prints are kept; it may write there
     * @return what it did that it may not; empty if it is as quiet as it must be
     * @throws AssertionError if it does not end with 0
     */
    public List<String> run(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        Path log = folder.resolve("strace.log");
        Path out = folder.resolve("printed");
        List<String> watched =
                new ArrayList<>(List.of("unshare", "-n", "sh", "-c", "ip link set lo up; exec \"$@\"", "sh"));
        watched.addAll(
                List.of("strace", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "4096", "-o", log.toString(), "-e", CALLS));
        watched.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(watched)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(Files.readString(out) + command);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return violations(Files.readAllLines(log, StandardCharsets.ISO_8859_1), folder);
    }

    private List<String> violations(List<String> log, Path folder) {
        List<String> violations = new ArrayList<>();
        Map<String, String> unfinished = new HashMap<>();
        Set<String> processes = new HashSet<>();
        for (String line : log) {
            String process = line.split(" ", 2)[0];
            processes.add(process);
            String text = line.substring(process.length()).strip();
            if (text.endsWith("<unfinished ...>")) {
                unfinished.put(process, text.substring(0, text.length() - "<unfinished ...>".length()));
                continue;
            }
            if (text.startsWith("<... ")) {
                text = unfinished.getOrDefault(process, "") + text.substring(text.indexOf('>') + 1);
            }
            Matcher call = CALL.matcher(text);
            Matcher stale = STALE_ATTACH_FILE.matcher(text);
            boolean own = stale.matches() && processes.contains(stale.group(1));
            if (call.matches() && !own && !isAllowed(call, text, folder)) {
                violations.add(text);
            }
        }
        return violations;
    }

    private boolean isAllowed(Matcher call, String text, Path folder) {
        String name = call.group(1);
        String arguments = call.group(2);
        boolean failed = call.group(3).startsWith("-");
        if (name.startsWith("open") || name.equals("creat")) {
            boolean writes = name.equals("creat") || WRITING.matcher(arguments).find();
            Path file = call.group(4) != null && call.group(4).startsWith("/")
                    ? Path.of(call.group(4))
                    : paths(arguments, folder).get(0);
            return writes ? isWritable(file, folder) : failed || isReadable(file, folder);
        }
        if (name.matches(".*(link|rename|mkdir|rmdir|truncate|mknod).*")) {
            return paths(arguments, folder).stream().allMatch(path -> isWritable(path, folder));
        }
        return sockets.allowed.matcher(text).matches();
    }

    private static List<Path> paths(String arguments, Path folder) {
        List<Path> paths = new ArrayList<>();
        Matcher placed = PLACED.matcher(arguments);
        while (placed.find()) {
            Path base = placed.group(1) == null ? folder : Path.of(placed.group(1));
            paths.add(base.resolve(placed.group(2)).normalize());
        }
        return paths;
    }

    private boolean isWritable(Path file, Path folder) {
        boolean device =
                DEVICES.stream().anyMatch(file::startsWith) || file.toString().matches("/proc/(self|\\d+)/.*");
        return device || file.startsWith(folder) || writable.stream().anyMatch(file::startsWith);
    }

    private boolean isReadable(Path file, Path folder) {
        return isWritable(file, folder)
                || SYSTEM.stream().anyMatch(file::startsWith)
                || readable.stream().anyMatch(file::startsWith);
    }

    /** Where a Java process has its classes from: the JDK, jars and folders. */
    public static List<Path> java(String classPath) {
        return Stream.concat(
                        Stream.of(System.getProperty("java.home")),
                        Arrays.stream(classPath.split(System.getProperty("path.separator"))))
                .map(Path::of)
                .filter(Files::exists)
                .map(WatchedCommand::real)
                .toList();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
