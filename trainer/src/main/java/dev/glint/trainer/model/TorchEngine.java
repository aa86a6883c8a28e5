package dev.glint.trainer.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;

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
        // Without these DJL fetches libraries that it misses, without checksums, and reports its use.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.default_engine", "PyTorch");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        return NDManager.newBaseManager(Device.cpu());
    }
}
