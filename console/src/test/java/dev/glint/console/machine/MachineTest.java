package dev.glint.console.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    @TempDir
    private Path root;

    private void file(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void aServerNamesItsProcessorAndItsFlags() throws IOException {
        file(
                "proc/cpuinfo",
                "processor\t: 0\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nflags\t\t: fpu avx avx2 avx512_vnni fma xsave\n");
        file("proc/meminfo", "MemTotal:        8123456 kB\nMemFree: 1 kB\n");

        Machine machine = Machine.describe(root);

        assertEquals("AMD EPYC", machine.processor());
        assertEquals(Optional.empty(), machine.board());
        assertEquals(List.of("avx", "avx2", "fma", "avx512_vnni"), machine.features());
        assertEquals(OptionalLong.of(8123456L * 1024), machine.memoryBytes());
    }

    @Test
    void aBoardIsToldByItsPartNumberAndItsModel() throws IOException {
        file(
                "proc/cpuinfo",
                "processor\t: 0\nFeatures\t: fp asimd crc32 atomics asimddp\nCPU implementer\t: 0x41\n"
                        + "CPU part\t: 0xd0b\n\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n");

        Machine machine = Machine.describe(root);

        assertEquals("Cortex-A76", machine.processor());
        assertEquals(Optional.of("Raspberry Pi 5 Model B Rev 1.0"), machine.board());
        assertEquals(List.of("asimd", "atomics", "asimddp"), machine.features());
        assertTrue(machine.toJson().toString().contains("\"board\":\"Raspberry Pi 5 Model B Rev 1.0\""));
    }

    @Test
    void theModelOfADeviceTreeEndsWithAZero() throws IOException {
        file("proc/cpuinfo", "CPU part\t: 0xfff\n");
        file("proc/device-tree/model", "NVIDIA Jetson Orin Nano\0");

        Machine machine = Machine.describe(root);

        assertEquals("ARM 0xfff", machine.processor());
        assertEquals(Optional.of("NVIDIA Jetson Orin Nano"), machine.board());
    }

    @Test
    void whatNobodySaysIsUnknown() {
        Machine machine = Machine.describe(root);
        MachineState state = MachineState.describe(root);

        assertEquals("unknown", machine.processor());
        assertEquals(List.of(), machine.features());
        assertEquals("{}", state.toJson().toString());
        assertFalse(state.isThrottledSince(state));
    }

    @Test
    void theStateIsReadFromTheKernelsFiles() throws IOException {
        file("proc/loadavg", "1.25 0.50 0.10 1/100 4242\n");
        file("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
        file("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "600000\n");
        file("sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq", "1800000\n");
        file("sys/class/thermal/thermal_zone0/temp", "48312\n");
        file("sys/class/powercap/intel-rapl:0/energy_uj", "123456\n");

        MachineState state = MachineState.describe(root);

        assertEquals(OptionalDouble.of(1.25), state.load());
        assertEquals(Optional.of("powersave"), state.governor());
        assertEquals(OptionalLong.of(600_000_000), state.frequencyHertz());
        assertEquals(OptionalDouble.of(48.312), state.celsius());
        assertEquals(OptionalLong.of(123456), state.energyMicrojoules());
        assertEquals(
                "{\"load\":1.25,\"governor\":\"powersave\",\"frequencyHertz\":600000000,"
                        + "\"maxFrequencyHertz\":1800000000,\"celsius\":48.312}",
                state.toJson().toString());
    }

    @Test
    void aProcessorThatWasSlowedDownIsSeen() throws IOException {
        file("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "3\n");
        MachineState before = MachineState.describe(root);
        file("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "4\n");
        MachineState after = MachineState.describe(root);

        assertFalse(before.isThrottledSince(before));
        assertTrue(after.isThrottledSince(before));
    }

    @Test
    void aRaspberryPiSaysSoItself() throws IOException {
        file("sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n");
        MachineState once = MachineState.describe(root);
        file("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
        MachineState now = MachineState.describe(root);

        assertEquals(OptionalLong.of(0x50000), once.raspberryPiThrottled());
        assertFalse(once.isThrottledSince(once), "some time before");
        assertTrue(now.isThrottledSince(once));
    }

    @Test
    void thisMachineHasAProcessor() {
        assertTrue(Machine.current().processors() > 0);
        assertTrue(Machine.current().system().contains(System.getProperty("os.arch")));
    }
}
