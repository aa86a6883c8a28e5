package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.engine.DeviceChoice;
import dev.glint.trainer.engine.DeviceChoice.Chosen;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a GPU can show, the CPU beside it. Skipped with the reason where no GPU can be used. */
class GpuTest {
    private static final DataSpec SPEC = DataSpec.parse("bars");
    private static final DataSplit BARS = SPEC.open(1).first(512);
    private static final Preprocessor PREPROCESSOR = new Preprocessor(SPEC.contract(NaturalInput.BARS, BARS.labels()));

    private NDManager gpu;
    private NDManager cpu;

    @BeforeEach
    void open() {
        Chosen chosen = DeviceChoice.parse("auto").resolve(2);
        assumeTrue(chosen.device().isGpu(), () -> chosen.note().orElse("no GPU"));
        gpu = TorchEngine.newManager(2, chosen.device());
        cpu = TorchEngine.newManager(2, Device.cpu());
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
            cpu.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "crop-flip", "crop=2,alternating-flip"})
    void picturesAreThoseOfTheHostBitForBit(String list) {
        Augmentations augmentations = Augmentations.parse(list);
        PictureSource there = new DevicePictures(DevicePicturesTest.NOISE, DevicePicturesTest.PREPROCESSOR, gpu);
        PictureSource here = new HostPictures(DevicePicturesTest.NOISE, DevicePicturesTest.PREPROCESSOR);
        DevicePicturesTest.assertSame(
                gpu, here.ofEpoch(16, 5, 1, augmentations), there.ofEpoch(16, 5, 1, augmentations), 4);
        DevicePicturesTest.assertSame(gpu, here.inOrder(20), there.inOrder(20), 3);
    }

    @Test
    void weightsArriveAndComeBack() {
        Block there = block(Architecture.SMALL_VGG, gpu);
        Block here = block(Architecture.SMALL_VGG, cpu);
        int arrays = gpu.getManagedArrays().size();
        Map<String, Parameter> expected = StateDict.parameters(here);
        StateDict.parameters(there).forEach((name, parameter) -> {
            NDArray array = parameter.getArray();
            assertTrue(array.getDevice().isGpu(), name);
            assertArrayEquals(BlockWeights.values(expected.get(name).getArray()), BlockWeights.values(array), name);
            float[] values = new float[(int) array.size()];
            values[values.length - 1] = 5;
            BlockWeights.set(array, values);
            assertArrayEquals(values, BlockWeights.values(array), name);
        });
        assertEquals(arrays, gpu.getManagedArrays().size(), "copies that stay behind");
    }

    private static Block block(Architecture architecture, NDManager manager) {
        Block block = architecture.build(2);
        BlockWeights.initialize(block, manager, new Shape(1, 1, 12, 12), BlockWeights.drawn(new Random(1)));
        return block;
    }

    /** Convolutions round to TF32, so losses agree to some digits only. */
    @ParameterizedTest
    @EnumSource(names = {"COURSE", "FAST"})
    void aFitGoesAsOnTheCpu(Preset preset) {
        Recipe recipe = preset.recipe(Architecture.SMALL_VGG).replacing(Hyperparameter.EPOCHS, 2);
        List<EpochMetrics> there = fit(recipe, gpu);
        List<EpochMetrics> here = fit(recipe, cpu);
        for (int epoch = 0; epoch < 2; epoch++) {
            double expected = here.get(epoch).train().loss();
            assertEquals(expected, there.get(epoch).train().loss(), 0.1 * expected);
            assertEquals(512, there.get(epoch).train().pictures());
        }
        assertTrue(there.get(1).train().loss() < there.get(0).train().loss());
    }

    private static List<EpochMetrics> fit(Recipe recipe, NDManager manager) {
        Fitter fitter = new Fitter(block(Architecture.SMALL_VGG, manager), BARS, PREPROCESSOR, recipe, 1, manager);
        assertTrue(fitter.hostReason().isEmpty());
        List<EpochMetrics> epochs = new ArrayList<>();
        epochs.add(fitter.epoch(step -> {}));
        int arrays = manager.getManagedArrays().size();
        epochs.add(fitter.epoch(step -> {}));
        assertEquals(arrays, manager.getManagedArrays().size(), "arrays of an epoch");
        return epochs;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixup", "flip,erase", "rotate"})
    void whatTheGpuCannotDoIsDoneBesideIt(String list) {
        Recipe recipe = Recipe.plain(
                1,
                64,
                Preset.COURSE.recipe(Architecture.BAR_CNN).optimizer(),
                Preset.COURSE.recipe(Architecture.BAR_CNN).schedule(),
                Augmentations.parse(list));
        Fitter fitter = new Fitter(block(Architecture.BAR_CNN, gpu), BARS, PREPROCESSOR, recipe, 1, gpu);
        assertTrue(fitter.hostReason().isPresent());
        assertTrue(Double.isFinite(fitter.epoch(step -> {}).train().loss()));
    }

    @Test
    void aFitGoesOnFromItsState() {
        Recipe recipe = Preset.COURSE.recipe(Architecture.BAR_CNN).replacing(Hyperparameter.EPOCHS, 3);
        Block block = block(Architecture.BAR_CNN, gpu);
        Fitter fitter = new Fitter(block, BARS, PREPROCESSOR, recipe, 1, gpu);
        fitter.epoch(step -> {});
        Map<String, float[]> state = new LinkedHashMap<>();
        fitter.state().forEach((name, array) -> state.put(name, BlockWeights.values(array)));
        Block copy = block(Architecture.BAR_CNN, gpu);
        Map<String, Parameter> weights = StateDict.parameters(block);
        StateDict.parameters(copy)
                .forEach((name, parameter) -> BlockWeights.set(
                        parameter.getArray(),
                        BlockWeights.values(weights.get(name).getArray())));
        Fitter continued = new Fitter(copy, BARS, PREPROCESSOR, recipe, 1, gpu);
        continued.restore(1, state);
        double expected = fitter.epoch(step -> {}).train().loss();
        assertEquals(expected, continued.epoch(step -> {}).train().loss(), 0.01 * expected);
    }
}
