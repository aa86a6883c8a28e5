package dev.glint.console.machine;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How a machine fares at a moment: what makes the same work take longer. Empty is what the kernel does not say.
 *
 * @param load processes that want to run, mean of the last minute
 * @param governor what decides the first processor's frequency, such as {@code powersave}
 * @param frequencyHertz of the first processor
 * @param maxFrequencyHertz that it may reach
 * @param celsius temperature of the first thermal zone
 * @param throttlings how often the first processor was slowed down for its temperature since the machine started
 * @param raspberryPiThrottled what {@code vcgencmd get_throttled} gives: bits of too low a voltage and of slowing down, 0 if
 *     there was none since the board started
 * @param energyMicrojoules what the processor package has used since some moment (RAPL)
 */
public record MachineState(
        OptionalDouble load,
        Optional<String> governor,
        OptionalLong frequencyHertz,
        OptionalLong maxFrequencyHertz,
        OptionalDouble celsius,
        OptionalLong throttlings,
        OptionalLong raspberryPiThrottled,
        OptionalLong energyMicrojoules) {
    private static final String CPU = "sys/devices/system/cpu/cpu0/";

    /** This machine, now. */
    public static MachineState now() {
        return describe(Path.of("/"));
    }

    static MachineState describe(Path root) {
        SystemFiles files = new SystemFiles(root);
        return new MachineState(
                files.text("proc/loadavg").map(MachineState::load).orElse(OptionalDouble.empty()),
                files.text(CPU + "cpufreq/scaling_governor"),
                times(1000, files.number(CPU + "cpufreq/scaling_cur_freq")),
                times(1000, files.number(CPU + "cpufreq/scaling_max_freq")),
                celsius(files.number("sys/class/thermal/thermal_zone0/temp")),
                files.number(CPU + "thermal_throttle/core_throttle_count"),
                files.text("sys/devices/platform/soc/soc:firmware/get_throttled")
                        .map(MachineState::hexadecimal)
                        .orElse(OptionalLong.empty()),
                files.number("sys/class/powercap/intel-rapl:0/energy_uj"));
    }

    private static OptionalDouble load(String averages) {
        try {
            return OptionalDouble.of(Double.parseDouble(averages.split(" ")[0]));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    private static OptionalLong hexadecimal(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.startsWith("0x") ? text.substring(2) : text, 16));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong times(long factor, OptionalLong value) {
        return value.isPresent() ? OptionalLong.of(factor * value.getAsLong()) : value;
    }

    private static OptionalDouble celsius(OptionalLong thousandths) {
        return thousandths.isPresent() ? OptionalDouble.of(thousandths.getAsLong() / 1000.0) : OptionalDouble.empty();
    }

    /** Whether something slowed the processor down between an earlier moment and this one, as far as the kernel says. */
    public boolean isThrottledSince(MachineState before) {
        boolean slowed = throttlings.isPresent()
                && before.throttlings.isPresent()
                && throttlings.getAsLong() > before.throttlings.getAsLong();
        // The lower four bits are what holds now, the upper ones what held at some time.
        return slowed || raspberryPiThrottled.orElse(0) % 16 != 0 || before.raspberryPiThrottled.orElse(0) % 16 != 0;
    }

    /** The JSON form; what is not known is left out. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        load.ifPresent(value -> json.addProperty("load", value));
        governor.ifPresent(value -> json.addProperty("governor", value));
        frequencyHertz.ifPresent(value -> json.addProperty("frequencyHertz", value));
        maxFrequencyHertz.ifPresent(value -> json.addProperty("maxFrequencyHertz", value));
        celsius.ifPresent(value -> json.addProperty("celsius", value));
        throttlings.ifPresent(value -> json.addProperty("throttlings", value));
        raspberryPiThrottled.ifPresent(value -> json.addProperty("raspberryPiThrottled", value));
        return json;
    }

    /**
     * The most memory, in bytes, that this process has had resident at any time, the program itself included; empty on
     * systems that do not say. (Linux, {@code proc(5)}: {@code VmHWM}.)
     */
    public static OptionalLong peakResidentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
