package dev.glint.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.SixteenBitRule;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tensors of several pictures; what becomes of the pixels of one is in {@link RecordedPixelsTest}. */
class PreprocessorTest {
    private static final Image FIRST = picture(10);
    private static final Image SECOND = picture(100);

    @Test
    void picturesLieOneBehindTheOther() {
        FloatBuffer tensor = (FloatBuffer) tensorOfBoth(preprocessor(ElementType.FLOAT32, Layout.NCHW));

        float[] values = new float[12];
        tensor.get(values);
        assertArrayEquals(new float[] {10, 13, 11, 14, 12, 15, 100, 103, 101, 104, 102, 105}, values);
    }

    @Test
    void bytesLieOneBehindTheOther() {
        ByteBuffer tensor = (ByteBuffer) tensorOfBoth(preprocessor(ElementType.UINT8, Layout.NHWC));

        byte[] values = new byte[12];
        tensor.get(values);
        assertArrayEquals(new byte[] {10, 11, 12, 13, 14, 15, 100, 101, 102, 103, 104, 105}, values);
    }

    @Test
    void roomIsOutsideTheHeapInTheOrderOfTheMachine() {
        Preprocessor preprocessor = preprocessor(ElementType.FLOAT32, Layout.NCHW);
        FloatBuffer tensor = (FloatBuffer) preprocessor.allocateTensor(3);

        assertTrue(tensor.isDirect());
        assertEquals(ByteOrder.nativeOrder(), tensor.order());
        assertEquals(18, tensor.capacity());
        assertThrows(ArithmeticException.class, () -> preprocessor.allocateTensor(1 << 29));
    }

    @Test
    void aTensorOfAnotherTypeIsAMistakeOfTheCaller() {
        Preprocessor floats = preprocessor(ElementType.FLOAT32, Layout.NCHW);
        Preprocessor bytes = preprocessor(ElementType.UINT8, Layout.NCHW);

        refuses(floats, ByteBuffer.allocate(6), "a tensor of FLOAT32, not UINT8");
        refuses(bytes, FloatBuffer.allocate(6), "a tensor of UINT8, not FLOAT32");
        refuses(floats, IntBuffer.allocate(6), "a tensor in a " + IntBuffer.allocate(6));
    }

    @Test
    void aSampleIsScaledThenNormalized() {
        Preprocessor preprocessor = new Preprocessor(contract(
                ElementType.FLOAT32,
                Layout.NCHW,
                1 / 255.0,
                List.of(0.485, 0.456, 0.406),
                List.of(0.229, 0.224, 0.225)));

        assertEquals((float) ((255 / 255.0 - 0.456) / 0.224), preprocessor.normalized(1, 255), 1e-6f);
        assertEquals((float) (-0.406 / 0.225), preprocessor.normalized(2, 0), 1e-6f);
    }

    private static Buffer tensorOfBoth(Preprocessor preprocessor) {
        Buffer tensor = preprocessor.allocateTensor(2);
        preprocessor.preprocess(FIRST, tensor);
        assertEquals(6, tensor.position());
        preprocessor.preprocess(SECOND, tensor);
        assertEquals(0, tensor.remaining());
        return tensor.flip();
    }

    private static void refuses(Preprocessor preprocessor, Buffer tensor, String message) {
        Exception e = assertThrows(IllegalStateException.class, () -> preprocessor.toTensor(FIRST, tensor));
        assertEquals(message, e.getMessage());
        assertEquals(0, tensor.position());
    }

    private static Preprocessor preprocessor(ElementType type, Layout layout) {
        return new Preprocessor(contract(type, layout, 1, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0)));
    }

    private static PreprocessContract contract(
            ElementType type, Layout layout, double scale, List<Double> mean, List<Double> std) {
        return new PreprocessContract(
                DecodeRule.FULL,
                ColorSpace.RGB,
                new AlphaRule.Drop(),
                OrientationRule.APPLY,
                SixteenBitRule.AS_PILLOW,
                List.of(new GeometricStep.ResizeExact(2, 1, Interpolation.BILINEAR)),
                scale,
                mean,
                std,
                layout,
                type,
                2,
                1,
                "input",
                List.of("a", "b"),
                OutputKind.LOGITS);
    }

    /** Two pixels, whose six samples count from the first. */
    private static Image picture(int first) {
        byte[] samples = new byte[6];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (first + i);
        }
        return new Image(2, 1, Image.Mode.RGB, samples);
    }
}
