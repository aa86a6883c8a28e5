package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.BatchPlan;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures on a device, here the CPU, against those that are prepared in Java. */
class DevicePicturesTest {
    /** Noise of 17x11 pixels in colors, where an index that is off by one shows; the sides differ, too. */
    static final PictureSet NOISE = new PictureSet() {
        @Override
        public int size() {
            return 50;
        }

        @Override
        public Image picture(int index) {
            byte[] samples = new byte[17 * 11 * 3];
            new Random(index).nextBytes(samples);
            return new Image(17, 11, Image.Mode.RGB, samples);
        }

        @Override
        public int label(int index) {
            return index * 7 % 5;
        }
    };

    static final Preprocessor PREPROCESSOR = new Preprocessor(new PreprocessContract(
            ColorSpace.RGB,
            new AlphaRule.Drop(),
            OrientationRule.APPLY,
            SixteenBitRule.AS_PILLOW,
            List.of(new GeometricStep.ResizeExact(17, 11, Interpolation.BILINEAR)),
            1.0 / 255,
            List.of(0.4914, 0.4822, 0.4465),
            List.of(0.2470, 0.2435, 0.2616),
            17,
            11,
            "input",
            List.of("a", "b", "c", "d", "e")));

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.newManager(1);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "crop-flip",
                "alternating-flip",
                "crop=2",
                "flip=1",
                "crop=10,alternating-flip",
                "flip,crop=3",
                "crop=2,flip,alternating-flip"
            })
    void anEpochIsThatOfTheHostBitForBit(String list) {
        Augmentations augmentations = Augmentations.parse(list);
        DevicePictures device = new DevicePictures(NOISE, PREPROCESSOR, manager);
        HostPictures host = new HostPictures(NOISE, PREPROCESSOR);
        assertEquals(50, device.size());
        for (int epoch = 1; epoch <= 3; epoch++) {
            assertSame(
                    manager, host.ofEpoch(16, 5, epoch, augmentations), device.ofEpoch(16, 5, epoch, augmentations), 4);
        }
    }

    @Test
    void heldOutPicturesComeInTheirOrder() {
        DevicePictures device = new DevicePictures(NOISE, PREPROCESSOR, manager);
        assertSame(manager, new HostPictures(NOISE, PREPROCESSOR).inOrder(20), device.inOrder(20), 3);
        assertSame(manager, new HostPictures(NOISE, PREPROCESSOR).inOrder(99), device.inOrder(99), 1);
    }

    /** Batch normalization needs more than one picture, wherever the pictures live. */
    @ParameterizedTest
    @CsvSource({"49, 16, 3", "33, 16, 2", "17, 16, 1", "18, 16, 2", "1, 16, 1", "3, 1, 3", "16, 16, 1"})
    void aSinglePictureThatIsLeftJoinsTheBatchBeforeIt(int pictures, int batchSize, int batches) {
        PictureSet some = NOISE.first(pictures);
        DevicePictures device = new DevicePictures(some, PREPROCESSOR, manager);
        HostPictures host = new HostPictures(some, PREPROCESSOR);
        assertEquals(batches, new BatchPlan(pictures, batchSize).batches());
        assertSame(
                manager,
                host.ofEpoch(batchSize, 5, 1, Augmentations.NONE),
                device.ofEpoch(batchSize, 5, 1, Augmentations.NONE),
                batches);
        assertSame(manager, host.inOrder(batchSize), device.inOrder(batchSize), batches);
    }

    static void assertSame(NDManager manager, Batches host, Batches device, int batches) {
        try (host;
                device) {
            for (int i = 0; i < batches; i++) {
                InputBatch expected = host.next();
                InputBatch actual = device.next();
                assertNotNull(expected);
                assertNotNull(actual);
                int before = manager.getManagedArrays().size();
                try (NDManager step = manager.newSubManager()) {
                    NDArray input = actual.input().apply(step);
                    NDArray hostInput = expected.input().apply(step);
                    assertEquals(hostInput.getShape(), input.getShape());
                    assertArrayEquals(hostInput.toFloatArray(), input.toFloatArray());
                    NDArray classes = actual.classes().apply(step);
                    NDArray hostClasses = expected.classes().apply(step);
                    assertEquals(hostClasses.getShape(), classes.getShape());
                    assertArrayEquals(hostClasses.toLongArray(), classes.toLongArray());
                }
                assertEquals(before, manager.getManagedArrays().size(), "arrays that outlive the step");
                assertEquals(expected.labels().size(), actual.labels().size());
                assertFalse(actual.labels().mixed());
                for (int place = 0; place < expected.labels().size(); place++) {
                    assertEquals(expected.labels().label(place), actual.labels().label(place));
                }
            }
            assertNull(host.next());
            assertNull(device.next());
        }
    }

    /** A chunk takes 16 MiB: two and a part of it. */
    @Test
    void picturesOfManyChunksArriveWhole() {
        PictureSet large = new PictureSet() {
            @Override
            public int size() {
                return 75;
            }

            @Override
            public Image picture(int index) {
                byte[] samples = new byte[480_000];
                Arrays.fill(samples, (byte) index);
                samples[0] = 1;
                samples[479_999] = 2;
                return new Image(800, 600, Image.Mode.GRAY, samples);
            }

            @Override
            public int label(int index) {
                return 0;
            }
        };
        PreprocessContract gray = new PreprocessContract(
                ColorSpace.GRAY,
                new AlphaRule.Drop(),
                OrientationRule.APPLY,
                SixteenBitRule.AS_PILLOW,
                List.of(new GeometricStep.ResizeExact(800, 600, Interpolation.BILINEAR)),
                1,
                List.of(0.0),
                List.of(1.0),
                800,
                600,
                "input",
                List.of("a"));
        DevicePictures device = new DevicePictures(large, new Preprocessor(gray), manager);
        try (Batches batches = device.inOrder(1)) {
            for (int i = 0; i < 75; i++) {
                InputBatch batch = batches.next();
                assertNotNull(batch);
                try (NDManager step = manager.newSubManager()) {
                    float[] values = batch.input().apply(step).toFloatArray();
                    assertEquals(1, values[0]);
                    assertEquals(i, values[1]);
                    assertEquals(i, values[479_998]);
                    assertEquals(2, values[479_999]);
                }
            }
        }
    }

    @Test
    void saysWhatItCannotDo() {
        PreprocessContract contract = PREPROCESSOR.contract();
        for (String list : List.of("none", "crop-flip", "crop=2,alternating-flip")) {
            assertTrue(DevicePictures.obstacle(NOISE, contract, Augmentations.parse(list))
                    .isEmpty());
        }
        for (String list : List.of("resized-crop", "crop-flip,rotate", "jitter", "flip,erase", "mixup", "cutmix")) {
            Augmentations augmentations = Augmentations.parse(list);
            String reason =
                    DevicePictures.obstacle(NOISE, contract, augmentations).orElseThrow(() -> new AssertionError(list));
            assertTrue(reason.contains(augmentations.toString()), reason);
        }
        PictureSet many = new PictureSet() {
            @Override
            public int size() {
                return (int) (DevicePictures.MAX_BYTES / (17 * 11 * 3)) + 1;
            }

            @Override
            public Image picture(int index) {
                throw new AssertionError();
            }

            @Override
            public int label(int index) {
                throw new AssertionError();
            }
        };
        assertEquals(
                "1024 MiB of pictures are more than 1024",
                DevicePictures.obstacle(many, contract, Augmentations.NONE).orElseThrow());
    }

    @Test
    void aCropThatIsTooLargeIsRefusedAsTheHostDoes() {
        DevicePictures device = new DevicePictures(NOISE, PREPROCESSOR, manager);
        Augmentations crop = Augmentations.parse("crop=11");
        String found = assertThrows(GlintException.class, () -> device.ofEpoch(16, 1, 1, crop))
                .getMessage();
        try (Batches batches = new HostPictures(NOISE, PREPROCESSOR).ofEpoch(16, 1, 1, crop)) {
            assertEquals(assertThrows(GlintException.class, batches::next).getMessage(), found);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"crop-flip", "crop=2,alternating-flip", "flip,erase"})
    void aFitWithPicturesOnTheDeviceIsTheSame(String list) {
        DataSpec spec = DataSpec.parse("bars");
        DataSplit all = spec.open(1);
        DataSplit data = new DataSplit(
                all.labels(), all.train().first(100), all.heldOut().first(50));
        Preprocessor preprocessor = new Preprocessor(spec.contract(NaturalInput.BARS, data.labels()));
        Recipe recipe = new Recipe(
                2,
                32,
                new OptimizerSettings(Kind.SGD_NESTEROV, 0.05, 0.9, 5e-4, false, 4, 1),
                new Schedule(new Schedule.OneCycle(0.3), 0),
                0.1,
                0.9,
                false,
                true,
                FineTuning.NONE,
                Augmentations.parse(list));
        Map<Boolean, float[]> weights = new LinkedHashMap<>();
        Map<Boolean, List<Score>> scores = new LinkedHashMap<>();
        for (boolean resident : new boolean[] {true, false}) {
            Block block = Architecture.BAR_CNN.build(2);
            BlockWeights.initialize(block, manager, new Shape(1, 1, 12, 12), BlockWeights.drawn(new Random(1)));
            Fitter fitter = new Fitter(block, data, preprocessor, recipe, 1, manager, resident);
            assertEquals(resident && list.contains("erase"), fitter.hostReason().isPresent());
            EpochMetrics first = fitter.epoch(step -> {});
            EpochMetrics second = fitter.epoch(step -> {});
            scores.put(resident, List.of(first.train(), first.heldOut(), second.train(), second.heldOut()));
            NDArray weight =
                    StateDict.parameters(block).values().iterator().next().getArray();
            weights.put(resident, weight.toFloatArray());
        }
        assertEquals(scores.get(false), scores.get(true));
        assertArrayEquals(weights.get(false), weights.get(true));
    }
}
