package dev.glint.samples.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A standalone master and its workers with one core each, as processes of this machine. */
final class Cluster implements AutoCloseable {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    private static final Pattern MASTER = Pattern.compile("spark://127\\.0\\.0\\.1:[0-9]+");

    private final Path home;
    private final List<Process> processes = new ArrayList<>();
    private final String url;

    /** Starts it; {@code home} becomes an installation whose jars are those of this class path. */
    Cluster(Path home, int workers) throws IOException, InterruptedException {
        this.home = home;
        Path jars = Files.createDirectories(home.resolve("jars"));
        for (String entry : CLASS_PATH.split(":")) {
            Path jar = Path.of(entry);
            if (entry.endsWith(".jar") && !jar.getFileName().toString().startsWith("glint-")) {
                Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
            }
        }
        Files.writeString(home.resolve("RELEASE"), "jars of Maven Central\n");
        try {
            Path log = start("master", "org.apache.spark.deploy.master.Master", "--port", "0");
            this.url = await(log, MASTER);
            for (int i = 0; i < workers; i++) {
                Path work = home.resolve("work-" + i);
                await(
                        start(
                                "worker-" + i,
                                "org.apache.spark.deploy.worker.Worker",
                                "--cores",
                                "1",
                                "--memory",
                                "1g",
                                "--work-dir",
                                work.toString(),
                                url),
                        Pattern.compile("Successfully registered with master"));
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private Path start(String name, String main, String... args) throws IOException {
        Path log = home.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                home.resolve("jars") + "/*",
                main,
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(home.toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        processes.add(builder.start());
        return log;
    }

    private String await(Path log, Pattern line) throws IOException, InterruptedException {
        Process process = processes.get(processes.size() - 1);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (System.nanoTime() < end) {
            Matcher matcher = line.matcher(Files.readString(log));
            if (matcher.find()) {
                return matcher.group();
            }
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new IllegalStateException("no " + line + " in " + Files.readString(log));
    }

    /** What a session names as its master. */
    String url() {
        return url;
    }

    /** Ends a worker, and whatever it runs, with SIGKILL. */
    void kill(int worker) {
        Process process = processes.get(1 + worker);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
