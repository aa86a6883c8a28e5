package dev.glint.trainer.engine;

import ai.djl.Device;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Which device is to compute.
 *
 * @param kind of device
 * @param number of the GPU, from 0 on; 0 for the first or any
 */
public record DeviceChoice(Kind kind, int number) {
    /** The texts that {@link #parse} knows, for help texts and errors. */
    public static final String KNOWN =
            "auto (the first GPU if it can be used, else the CPU), cpu, gpu (the first) or gpu:N";

    private static final String NUMBERED = "gpu:";

    /** The kinds of devices. */
    public enum Kind {
        /** A GPU if it can be used, else the CPU. */
        AUTO,
        /** The CPU. */
        CPU,
        /** A GPU, or nothing. */
        GPU
    }

    /**
     * What was chosen.
     *
     * @param device the CPU or a GPU that can be used
     * @param note why it is the CPU where a GPU would have been taken, a line for a person
     */
    public record Chosen(Device device, Optional<String> note) {}

    public DeviceChoice {
        if (number < 0) {
            throw new IllegalArgumentException("GPU " + number);
        }
    }

    /**
     * Reads the text form.
     *
     * @throws GlintException ({@code USAGE}) if it is none
     */
    public static DeviceChoice parse(String text) {
        switch (text) {
            case "auto":
                return new DeviceChoice(Kind.AUTO, 0);
            case "cpu":
                return new DeviceChoice(Kind.CPU, 0);
            case "gpu":
                return new DeviceChoice(Kind.GPU, 0);
            default:
                if (text.matches(NUMBERED + "\\d{1,3}")) {
                    return new DeviceChoice(Kind.GPU, Integer.parseInt(text.substring(NUMBERED.length())));
                }
                throw GlintException.failure(Reason.USAGE, "the device '" + text + "'", KNOWN, "correct the option");
        }
    }

    /** The text form of a device, such as {@code cpu} or {@code gpu:0}. */
    public static String text(Device device) {
        return device.isGpu() ? NUMBERED + device.getDeviceId() : "cpu";
    }

    /** The device that is meant; the CPU for {@link Kind#AUTO}. */
    public Device device() {
        return kind == Kind.GPU ? Device.gpu(number) : Device.cpu();
    }

    /**
     * Finds the device.
     *
     * @param threads of the engine, which is opened where a GPU may be there
     * @throws GlintException ({@code USAGE}) if a GPU is asked for that cannot be used, with the reason
     */
    public Chosen resolve(int threads) {
        return resolve(gpu -> Gpu.obstacle(gpu, threads));
    }

    /** The same, with someone to say why a GPU cannot be used. */
    Chosen resolve(IntFunction<Optional<String>> obstacles) {
        if (kind == Kind.CPU) {
            return new Chosen(Device.cpu(), Optional.empty());
        }
        Optional<String> obstacle = obstacles.apply(number);
        if (obstacle.isEmpty()) {
            return new Chosen(Device.gpu(number), Optional.empty());
        }
        if (kind == Kind.GPU) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "no usable GPU (" + obstacle.get() + ")",
                    text(Device.gpu(number)),
                    "choose --device cpu, or see \"GPU\" in the trainer's README");
        }
        return new Chosen(Device.cpu(), Optional.of("on the CPU: " + obstacle.get()));
    }
}
