package dev.glint.exporter.folder;

import dev.glint.runtime.engine.ort.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine that latencies were measured on.
 *
 * @param cpu its model, as the operating system names it
 * @param processors how many the process may use
 * @param os operating system and architecture
 * @param java version
 * @param onnxRuntime version
 */
public record Host(String cpu, int processors, String os, String java, String onnxRuntime) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** This machine. */
    public static Host current() {
        return new Host(
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.version"),
                OnnxRuntime.version());
    }

    private static String cpuModel() {
        if (Files.isReadable(CPU_INFO)) {
            try {
                for (String line : Files.readAllLines(CPU_INFO)) {
                    if (line.startsWith("model name") || line.startsWith("Model")) {
                        return line.substring(line.indexOf(':') + 1).strip();
                    }
                }
            } catch (IOException e) {
                return "unknown";
            }
        }
        return "unknown";
    }
}
