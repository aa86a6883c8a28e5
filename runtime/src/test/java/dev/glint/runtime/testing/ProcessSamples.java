package dev.glint.runtime.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What a process has of the system while it works, looked at from outside: resident memory, open files, threads. It is flat if
 * the last tenth of the looks is like the second one; the first is for warming up.
 */
public final class ProcessSamples {
    /** Looks of a whole measurement. */
    public static final int LOOKS = 100;

    /** How much memory may grow in a whole measurement, percent. */
    private static final double WHOLE_PERCENT = 1;

    /** And in a short one, in which a JVM still compiles. */
    private static final double SHORT_PERCENT = 40;

    /** And so many threads and open files more, which a JVM and a server start and open as they are needed. */
    private static final int SHORT_GROWTH = 4;

    private record Sample(long residentKib, long files, long threads) {}

    private final Path process;
    private final List<Sample> samples = new ArrayList<>();

    /** Of the process with a number; the calling test is skipped on a system that does not tell. */
    public ProcessSamples(long pid) {
        process = Path.of("/proc", Long.toString(pid));
        Assumptions.assumeTrue(Files.isDirectory(process.resolve("fd")), "needs /proc");
    }

    /** Looks once. */
    public void look() {
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            List<String> status = Files.readAllLines(process.resolve("status"));
            samples.add(new Sample(number(status, "VmRSS:"), open.count(), number(status, "Threads:")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    /** Checks all looks, and prints what they saw. */
    public void assertFlat(String what, boolean whole) {
        int tenth = samples.size() / 10;
        assertTrue(tenth > 0, samples.size() + " looks");
        List<Sample> early = samples.subList(tenth, 2 * tenth);
        List<Sample> late = samples.subList(samples.size() - tenth, samples.size());
        double before = mean(early);
        double growth = 100 * (mean(late) - before) / before;
        String seen = String.format(
                Locale.ROOT,
                "%s: resident %.1f MiB, then %.1f MiB (%+.2f %%); %d open files, then %d; %d threads, then %d",
                what,
                before / 1024,
                mean(late) / 1024,
                growth,
                least(early, Sample::files),
                least(late, Sample::files),
                least(early, Sample::threads),
                least(late, Sample::threads));
        System.out.println(seen);
        assertTrue(growth < (whole ? WHOLE_PERCENT : SHORT_PERCENT), seen);
        long more = whole ? 0 : SHORT_GROWTH;
        assertTrue(least(late, Sample::files) <= least(early, Sample::files) + more, seen);
        long threads = early.stream().mapToLong(Sample::threads).max().orElseThrow();
        assertTrue(least(late, Sample::threads) <= threads + more, seen);
    }

    private static double mean(List<Sample> samples) {
        return samples.stream().mapToLong(Sample::residentKib).average().orElseThrow();
    }

    /** What is there always; one more may be open just when it is looked at. */
    private static long least(List<Sample> samples, ToLongFunction<Sample> figure) {
        return samples.stream().mapToLong(figure).min().orElseThrow();
    }
}
