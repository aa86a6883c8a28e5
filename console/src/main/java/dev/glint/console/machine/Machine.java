package dev.glint.console.machine;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The machine that figures come from, as its kernel describes it.
 *
 * @param processor its model, such as {@code Cortex-A76}; {@code unknown} where nobody says
 * @param board what the processor sits on, such as {@code Raspberry Pi 5 Model B Rev 1.0}
 * @param processors how many the process may use
 * @param features what of the processor decides the speed of a network, in Linux's words
 * @param memoryBytes all memory
 * @param system operating system, its version and architecture
 */
public record Machine(
        String processor,
        Optional<String> board,
        int processors,
        List<String> features,
        OptionalLong memoryBytes,
        String system) {
    private static final String UNKNOWN = "unknown";

    /** Vectors, fused multiply-adds, dot products of bytes, matrices; of x86, then of ARM. */
    private static final List<String> FEATURES = List.of(
            "sse4_1",
            "avx",
            "avx2",
            "fma",
            "f16c",
            "avx512f",
            "avx512bw",
            "avx512_vnni",
            "avx_vnni",
            "avx512_bf16",
            "amx_int8",
            "neon",
            "asimd",
            "atomics",
            "asimdhp",
            "asimddp",
            "i8mm",
            "bf16",
            "sve",
            "sve2");

    /** ARM's part numbers (Main ID Register) of the processors of boards. */
    private static final Map<String, String> ARM_PARTS = Map.ofEntries(
            Map.entry("0xb76", "ARM1176"),
            Map.entry("0xc07", "Cortex-A7"),
            Map.entry("0xd03", "Cortex-A53"),
            Map.entry("0xd04", "Cortex-A35"),
            Map.entry("0xd05", "Cortex-A55"),
            Map.entry("0xd07", "Cortex-A57"),
            Map.entry("0xd08", "Cortex-A72"),
            Map.entry("0xd09", "Cortex-A73"),
            Map.entry("0xd0a", "Cortex-A75"),
            Map.entry("0xd0b", "Cortex-A76"),
            Map.entry("0xd0c", "Neoverse-N1"),
            Map.entry("0xd40", "Neoverse-V1"),
            Map.entry("0xd42", "Cortex-A78AE"),
            Map.entry("0xd49", "Neoverse-N2"));

    public Machine {
        features = List.copyOf(features);
    }

    /** This machine. */
    public static Machine current() {
        return describe(Path.of("/"));
    }

    static Machine describe(Path root) {
        SystemFiles files = new SystemFiles(root);
        List<String> cpu = files.lines("proc/cpuinfo");
        Optional<String> flags = SystemFiles.field(cpu, "flags").or(() -> SystemFiles.field(cpu, "Features"));
        Set<String> known = new HashSet<>(Arrays.asList(flags.orElse("").split(" ")));
        return new Machine(
                SystemFiles.field(cpu, "model name")
                        .or(() -> SystemFiles.field(cpu, "CPU part")
                                .map(part -> ARM_PARTS.getOrDefault(part, "ARM " + part)))
                        .orElse(UNKNOWN),
                SystemFiles.field(cpu, "Model").or(() -> files.text("proc/device-tree/model")),
                Runtime.getRuntime().availableProcessors(),
                FEATURES.stream().filter(known::contains).toList(),
                memory(files),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
    }

    private static OptionalLong memory(SystemFiles files) {
        return SystemFiles.field(files.lines("proc/meminfo"), "MemTotal")
                .filter(total -> total.matches("\\d{1,15} kB"))
                .map(total -> OptionalLong.of(1024 * Long.parseLong(total.substring(0, total.length() - 3))))
                .orElse(OptionalLong.empty());
    }

    /** The JSON form; what is not known is left out. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("processor", processor);
        board.ifPresent(name -> json.addProperty("board", name));
        json.addProperty("processors", processors);
        JsonArray words = new JsonArray();
        features.forEach(words::add);
        json.add("features", words);
        memoryBytes.ifPresent(bytes -> json.addProperty("memoryBytes", bytes));
        json.addProperty("system", system);
        return json;
    }
}
