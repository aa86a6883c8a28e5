package dev.glint.exporter.cli;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.SharedData;
import java.nio.file.Path;

/** A line of the table that comes with a foreign file: a picture, and what its authors' file says of it. */
record ExpectedAnswer(
        String picture, boolean upsideDown, int wanted, int top, double[] values, int[] indices, boolean unlike) {
    static ExpectedAnswer parse(String line) {
        String[] fields = line.split("\t");
        String[] words = fields[0].split(" rotated ");
        String[] numbers = fields[5].strip().split(" ");
        double[] values = new double[numbers.length];
        int[] indices = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            String[] pair = numbers[i].split(":");
            indices[i] = pair.length == 2 ? Integer.parseInt(pair[0]) : i;
            values[i] = Double.parseDouble(pair[pair.length - 1]);
        }
        return new ExpectedAnswer(
                words[0],
                words.length == 2 && words[1].equals("180"),
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                values,
                indices,
                fields.length > 6 && fields[6].startsWith("own picture"));
    }

    Image image(PreprocessContract contract) {
        Image image = ImageDecoder.decode(file(), contract.decodeOptions());
        return upsideDown ? turned(image) : image;
    }

    Path file() {
        return SharedData.root().resolve("onnx").resolve(picture).normalize();
    }

    private static Image turned(Image image) {
        byte[] samples = image.samples();
        byte[] turned = new byte[samples.length];
        int channels = image.mode().channels();
        int pixels = samples.length / channels;
        for (int i = 0; i < pixels; i++) {
            System.arraycopy(samples, i * channels, turned, (pixels - 1 - i) * channels, channels);
        }
        return new Image(image.width(), image.height(), image.mode(), turned);
    }
}
