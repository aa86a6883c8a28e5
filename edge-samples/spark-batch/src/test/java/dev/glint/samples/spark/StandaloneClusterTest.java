package dev.glint.samples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.TinyModel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standalone master with two workers on this machine, of which one is killed. */
class StandaloneClusterTest {
    @TempDir
    private Path folder;

    /** Kills the first worker as soon as both have finished a task. */
    private static final class Killer extends SparkListener {
        private final Cluster cluster;
        private final Set<String> executors = new HashSet<>();
        private final AtomicInteger removed = new AtomicInteger();

        Killer(Cluster cluster) {
            this.cluster = cluster;
        }

        @Override
        public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
            if (executors.add(end.taskInfo().executorId()) && executors.size() == 2) {
                cluster.kill(0);
            }
        }

        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
            removed.incrementAndGet();
        }
    }

    @Test
    void aKilledWorkerLosesNothing() throws Exception {
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        Pictures pictures = Pictures.write(folder.resolve("pictures"), 300);
        try (Cluster cluster = new Cluster(folder.resolve("spark"), 2);
                SparkSession spark = session(cluster.url())) {
            Killer killer = new Killer(cluster);
            spark.sparkContext().addSparkListener(killer);

            Map<String, String> answers = Pictures.byJob(
                    ClassifyPictures.classify(spark, model, pictures.folder().toString()));

            assertEquals(pictures.byPlainLoop(model), answers);
            assertEquals(2, killer.executors.size());
            assertTrue(killer.removed.get() >= 1, "the worker was killed while the job ran");
        }
    }

    /** Two executors of one core; a task for each file, so that there are many. */
    private static SparkSession session(String master) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return SparkSession.builder()
                .master(master)
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.executor.cores", "1")
                .config("spark.executor.memory", "512m")
                .config("spark.executor.extraClassPath", classPath)
                .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
                .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
                .config("spark.cores.max", "2")
                .config("spark.sql.files.maxPartitionBytes", "1")
                .config("spark.sql.files.openCostInBytes", "0")
                .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
                .getOrCreate();
    }
}
