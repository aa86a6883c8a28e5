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

/**
 * What Spark costs: pictures per second of a job against those of a plain loop in as many threads, one model for all,
 * in turns; and per second of processor time of the whole process, which other work on the machine disturbs less. The session's
 * start and the opening of the model are left out on both sides.
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

    @Test
    void ofAJobAndOfAPlainLoop() throws Exception {
        List<Path> files;
        try (Stream<Path> found = Files.walk(pictures)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        Rate[] jobs = new Rate[rounds];
        Rate[] loops = new Rate[rounds];
        try (SparkSession spark = SparkSession.builder()
                        .master("local[" + cores + "]")
                        .config("spark.ui.enabled", "false")
                        .getOrCreate();
                Model opened = Model.open(model)) {
            job(spark, files.size());
            loop(opened, files);
            for (int i = 0; i < rounds; i++) {
                jobs[i] = job(spark, files.size());
                loops[i] = loop(opened, files);
            }
        }
        print(files.size(), "s", jobs, loops, Rate::perSecond);
        print(files.size(), "s of a processor", jobs, loops, Rate::perProcessorSecond);
    }

    private void print(int pictures, String unit, Rate[] jobs, Rate[] loops, ToDoubleFunction<Rate> figure) {
        double job = median(jobs, figure);
        double loop = median(loops, figure);
        System.out.printf(
                Locale.ROOT,
                "%d pictures, %d cores: job %.1f/%s, loop %.1f/%s, ratio %.3f%n",
                pictures,
                cores,
                job,
                unit,
                loop,
                unit,
                job / loop);
    }

    /** Pictures per time. */
    private record Rate(double perSecond, double perProcessorSecond) {}

    /** Times one round. */
    private static final class Clock {
        private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        private final long start = System.nanoTime();
        private final long processorStart = process.getProcessCpuTime();

        Rate rate(long pictures) {
            return new Rate(
                    pictures * 1e9 / (System.nanoTime() - start),
                    pictures * 1e9 / (process.getProcessCpuTime() - processorStart));
        }
    }

    private Rate job(SparkSession spark, int expected) throws IOException {
        Clock clock = new Clock();
        long rows = ClassifyPictures.classify(spark, model, pictures.toString())
                .filter("error is null")
                .count();
        Rate rate = clock.rate(rows);
        assertEquals(expected, rows);
        return rate;
    }

    private Rate loop(Model opened, List<Path> files) throws Exception {
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
            Rate rate = clock.rate(done);
            assertEquals(files.size(), done);
            return rate;
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

    private static double median(Rate[] rates, ToDoubleFunction<Rate> figure) {
        double[] sorted = Arrays.stream(rates).mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
