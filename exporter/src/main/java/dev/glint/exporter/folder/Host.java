package dev.glint.exporter.folder;

import dev.glint.console.machine.Machine;
import dev.glint.runtime.engine.ort.OnnxRuntime;

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
    /** This machine. */
    public static Host current() {
        return new Host(
                Machine.current().processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.version"),
                OnnxRuntime.version());
    }
}
