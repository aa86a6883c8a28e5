package dev.glint.trainer.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;

/**
 * Opens DJL's PyTorch engine as Glint needs it: offline, quiet, with a fixed number of threads. A process has one
 * engine, so the first call decides the threads.
 */
public final class TorchEngine {
    private TorchEngine() {}

    /**
     * A manager of arrays on the CPU; closing it frees them all.
     *
     * @param threads of the engine's operators, at least 1
     */
    public static NDManager newManager(int threads) {
        return newManager(threads, Device.cpu());
    }

    /**
     * A manager of arrays on a device; closing it frees them all.
     *
     * @param threads of the engine's operators on the CPU, at least 1
     * @param device the CPU, or a GPU that {@link DeviceChoice#resolve} has found
     */
    public static NDManager newManager(int threads, Device device) {
        configure(threads);
        return NDManager.newBaseManager(device);
    }

    /** What the engine reads when it is opened. */
    static void configure(int threads) {
        // Without these DJL fetches libraries that it misses, without checksums, and reports its use.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.default_engine", "PyTorch");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        InstalledTorch.configure();
        JnaFolder.configure();
        // On a GPU: the first convolution of a shape tries which algorithm is the fastest.
        System.setProperty("ai.djl.pytorch.cudnn_benchmark", "true");
    }

    /** A failure of the engine; one for lack of memory as a person can act on it. */
    public static RuntimeException explained(EngineException failure, Device device) {
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        if (!message.contains("out of memory") && !message.contains("can't allocate memory")) {
            return failure;
        }
        return GlintException.failure(
                        Reason.LIMIT,
                        "too little memory (" + message + ")",
                        "room for the network and a batch",
                        "choose smaller batches (--batch-size) or smaller pictures (--size)")
                .about("device " + DeviceChoice.text(device))
                .causedBy(failure);
    }
}
