package dev.glint.trainer.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether there is an NVIDIA GPU that the engine can use. */
final class Gpu {
    /** What NVIDIA's driver brings: on Linux, in a container, on Linux under Windows, on Windows. */
    private static Stream<String> driverFiles() {
        String windows = System.getenv().getOrDefault("SystemRoot", "C:\\Windows");
        return Stream.of(
                "/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg", windows + "\\System32\\nvcuda.dll");
    }

    private Gpu() {}

    /**
     * Why a GPU cannot be used, in words for a person; empty if it can. Where there is no driver the engine is not
     * opened to find that out.
     *
     * @param number of the GPU, from 0 on
     * @param threads of the engine
     */
    static Optional<String> obstacle(int number, int threads) {
        if (driverFiles().noneMatch(file -> Files.exists(Path.of(file)))) {
            return Optional.of("this machine has no NVIDIA driver");
        }
        TorchEngine.configure(threads);
        if (!Engine.getInstance().hasCapability(StandardCapabilities.CUDA)) {
            return Optional.of("the engine has no CUDA: it was built without, or misses libcudart or a newer driver");
        }
        return trial(Device.gpu(number));
    }

    /** A GPU may be there and too old or too new for the engine, or taken by another process. */
    static Optional<String> trial(Device device) {
        try (NDManager manager = NDManager.newBaseManager(device);
                NDArray ones = manager.ones(new Shape(4));
                NDArray sum = ones.add(ones).sum()) {
            float value = sum.getFloat();
            return value == 8 ? Optional.empty() : Optional.of("it computes that 4 times 2 is " + value);
        } catch (EngineException e) {
            return Optional.of(firstLine(e));
        }
    }

    private static String firstLine(EngineException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("it computes nothing");
    }
}
