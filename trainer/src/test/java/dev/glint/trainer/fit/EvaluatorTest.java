package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.NaturalInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluatorTest {
    @ParameterizedTest
    @CsvSource({"144, 100", "150528, 100", "480000, 100", "3145728, 21", "50331648, 1", "67108865, 1"})
    void largePicturesAreJudgedAFewAtATime(int tensorSize, int pictures) {
        assertEquals(pictures, Evaluator.batchSize(tensorSize));
    }

    @Test
    void tooLittleMemoryIsToldAsSuch() {
        Block block = new LambdaBlock(input -> {
            throw new EngineException("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes");
        });
        DataSpec bars = DataSpec.parse("bars");
        DataSplit data = bars.open(1);
        Preprocessor preprocessor = new Preprocessor(bars.contract(NaturalInput.BARS, data.labels()));
        try (NDManager manager = TorchEngine.newManager(1)) {
            GlintException failure = assertThrows(
                    GlintException.class,
                    () -> Evaluator.evaluate(
                            block, manager, preprocessor, data.heldOut().first(2), false));
            assertEquals(GlintException.Reason.LIMIT, failure.reason());
        }
    }
}
