package dev.glint.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import org.junit.jupiter.api.Test;

class TorchEngineTest {
    @Test
    void tooLittleMemoryIsALineAboutTheDevice() {
        EngineException failure = new EngineException(
                "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 1 has a total capacity of 3.81 GiB\nException"
                        + " raised from malloc\n");
        GlintException explained = (GlintException) TorchEngine.explained(failure, Device.gpu(1));
        assertEquals(Reason.LIMIT, explained.reason());
        assertEquals(
                "device gpu:1: found too little memory (CUDA out of memory. Tried to allocate 2.00 GiB. GPU 1 has a total"
                        + " capacity of 3.81 GiB), expected room for the network and a batch; choose smaller batches"
                        + " (--batch-size) or smaller pictures (--size)",
                explained.getMessage());
        assertSame(failure, explained.getCause());
    }

    @Test
    void otherFailuresStayWhatTheyAre() {
        EngineException failure = new EngineException("mat1 and mat2 shapes cannot be multiplied");
        assertSame(failure, TorchEngine.explained(failure, Device.cpu()));
    }
}
