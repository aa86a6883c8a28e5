package dev.glint.samples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.OperatingSystemMXBean;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Spark costs: pictures per second of a job against those of a plain loop in as many threads, one model for all,
 * in turns; and per second of processor time of the whole process, which other work on the machine disturbs less. The session's
 * start and the opening of the model are left out on both sides. What a job costs whatever it has to do, planning and the stages'
 * tasks, is measured with a single picture, and its rate said without that, too.
 *
 * <pre>
 * ./mvnw -pl edge-samples/spark-batch -am test -Dtest=Throughput -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dmodel=MODEL -Dpictures=DIR -Dcores=2 -Drounds=5
 * </pre>
 */
class Throughput {
    private final Path model = Path.of(System.getProperty("model"));
    private final Path pictures = Path.of(System.getProperty("pictures"));
    private final int cores = Integer.getInteger("cores", 2);
    private final int rounds = Integer.getInteger("rounds", 5);

    @TempDir
    private Path single;

    @Test
    void ofAJobAndOfAPlainLoop() throws Exception {
        List<Path> files;
        try (Stream<Path> found = Files.walk(pictures)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        Files.copy(files.get(0), single.resolve(files.get(0).getFileName()));
        Cost[] jobs = new Cost[rounds];
        Cost[] loops = new Cost[rounds];
        Cost[] fixed = new Cost[rounds];
        try (SparkSession spark = SparkSession.builder()
                        .master("local[" + cores + "]")
                        .config("spark.ui.enabled", "false")
                        .getOrCreate();
                Model opened = Model.open(model)) {
            job(spark, pictures, files.size());
            loop(opened, files);
            for (int i = 0; i < rounds; i++) {
                jobs[i] = job(spark, pictures, files.size());
                loops[i] = loop(opened, files);
                fixed[i] = job(spark, single, 1);
            }
        }
        print(files.size(), "s", Cost::seconds, jobs, loops, fixed);
        print(files.size(), "s of a processor", Cost::processorSeconds, jobs, loops, fixed);
    }

    private void print(int count, String unit, ToDoubleFunction<Cost> figure, Cost[] jobs, Cost[] loops, Cost[] fixed) {
        double job = median(jobs, figure);
        double loop = median(loops, figure);
        double once = median(fixed, figure);
        System.out.printf(
                Locale.ROOT,
                "%d pictures, %d cores: job %.1f/%s, loop %.1f/%s, ratio %.3f;"
                        + " a job of one picture %.2f %s, without that the ratio is %.3f%n",
                count,
                cores,
                count / job,
                unit,
                count / loop,
                unit,
                loop / job,
                once,
                unit,
                loop / (job - once));
    }

    /** What a round took. */
    private record Cost(double seconds, double processorSeconds) {}

    /** Times one round. */
    private static final class Clock {
        private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        private final long start = System.nanoTime();
        private final long processorStart = process.getProcessCpuTime();

        Cost cost() {
            return new Cost((System.nanoTime() - start) / 1e9, (process.getProcessCpuTime() - processorStart) / 1e9);
        }
    }

    private Cost job(SparkSession spark, Path folder, int expected) throws IOException {
        Clock clock = new Clock();
        long rows = ClassifyPictures.classify(spark, model, folder.toString())
                .filter("error is null")
                .count();
        Cost cost = clock.cost();
        assertEquals(expected, rows);
        return cost;
    }

    private Cost loop(Model opened, List<Path> files) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(cores);
        try {
            Clock clock = new Clock();
            List<Callable<Integer>> parts = new ArrayList<>();
            for (int i = 0; i < cores; i++) {
                List<Path> part = files.subList(files.size() * i / cores, files.size() * (i + 1) / cores);
                parts.add(() -> classify(opened, part));
            }
            int done = 0;
            for (Future<Integer> part : threads.invokeAll(parts)) {
                done += part.get();
            }
            Cost cost = clock.cost();
            assertEquals(files.size(), done);
            return cost;
        } finally {
            threads.shutdown();
        }
    }

    private static int classify(Model opened, List<Path> files) {
        try (Classifier classifier = opened.newClassifier()) {
            for (Path file : files) {
                classifier.classify(file, 1);
            }
        }
        return files.size();
    }

    private static double median(Cost[] costs, ToDoubleFunction<Cost> figure) {
        double[] sorted = Arrays.stream(costs).mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
