import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Makes the synthetic pictures of golden samples: formats and modes in which decoders and the rules of a contract go wrong.
 *
 * <pre>java exporter/src/test/scripts/GoldenPictures.java exporter/src/main/resources/dev/glint/exporter/golden</pre>
 *
 * The files are committed, since another JDK may pack them otherwise.
 */
final class GoldenPictures {
    private GoldenPictures() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Files.write(folder.resolve("color.png"), written("png", picture(28, 20, BufferedImage.TYPE_INT_RGB, 1)));
        Files.write(folder.resolve("alpha.png"), written("png", picture(14, 18, BufferedImage.TYPE_INT_ARGB, 2)));
        Files.write(folder.resolve("gray16.png"), written("png", picture(15, 12, BufferedImage.TYPE_USHORT_GRAY, 3)));
        Files.write(folder.resolve("color.bmp"), written("bmp", picture(17, 12, BufferedImage.TYPE_3BYTE_BGR, 4)));
        Files.write(folder.resolve("gray.pgm"), pgm(21, 16, 5));
        Files.write(folder.resolve("turned.jpg"), turned(jpeg(picture(75, 50, BufferedImage.TYPE_INT_RGB, 6), false)));
        Files.write(folder.resolve("progressive.jpg"), jpeg(picture(90, 67, BufferedImage.TYPE_INT_RGB, 7), true));
    }

    /** A sample, 0 to 255: two waves, a disc of another brightness, a little noise. */
    private static int sample(int x, int y, int width, int height, int channel, int seed) {
        double u = (double) x / width;
        double v = (double) y / height;
        double wave = Math.sin(2 * Math.PI * (u * (1 + channel) + v * (seed % 3) + 0.3 * seed))
                + Math.cos(2 * Math.PI * (v * (2 + seed % 2) - u * channel));
        boolean disc = Math.hypot(u - 0.3 - 0.05 * seed, v - 0.5) < 0.25;
        int noise = ((x * 73 + y * 151 + channel * 199 + seed * 37) * 2654435 >>> 8) % 3;
        return (int) Math.max(0, Math.min(255, 118 + 45 * wave + (disc ? 60 - 50 * channel : 0) + noise));
    }

    private static BufferedImage picture(int width, int height, int type, int seed) {
        BufferedImage image = new BufferedImage(width, height, type);
        int bands = image.getRaster().getNumBands();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int band = 0; band < bands; band++) {
                    int value = sample(x, y, width, height, band, seed);
                    image.getRaster()
                            .setSample(x, y, band, type == BufferedImage.TYPE_USHORT_GRAY ? value * 257 - 100 : value);
                }
            }
        }
        return image;
    }

    private static byte[] written(String format, BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, out)) {
            throw new IOException("no writer of " + format);
        }
        return out.toByteArray();
    }

    private static byte[] pgm(int width, int height, int seed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("P5\n" + width + " " + height + "\n255\n").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < width * height; i++) {
            out.write(sample(i % width, i / width, width, height, 0, seed));
        }
        return out.toByteArray();
    }

    /** Baseline with a quarter of the colours, or progressive with all of them. */
    private static byte[] jpeg(BufferedImage image, boolean progressive) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam settings = writer.getDefaultWriteParam();
        settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        settings.setCompressionQuality(0.6f);
        settings.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), settings);
        if (progressive) {
            Element root = (Element) metadata.getAsTree(metadata.getNativeMetadataFormatName());
            NodeList components = root.getElementsByTagName("componentSpec");
            for (int i = 0; i < components.getLength(); i++) {
                ((Element) components.item(i)).setAttribute("HsamplingFactor", "1");
                ((Element) components.item(i)).setAttribute("VsamplingFactor", "1");
            }
            metadata.setFromTree(metadata.getNativeMetadataFormatName(), root);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.setOutput(ImageIO.createImageOutputStream(out));
        writer.write(metadata, new IIOImage(image, null, metadata), settings);
        ((javax.imageio.stream.ImageOutputStream) writer.getOutput()).flush();
        writer.dispose();
        return out.toByteArray();
    }

    /** Puts an EXIF block behind the first marker that says: turn by 90 degrees (orientation 6). */
    private static byte[] turned(byte[] jpeg) {
        byte[] tiff = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0};
        ByteBuffer exif = ByteBuffer.allocate(10 + tiff.length)
                .put((byte) 0xff)
                .put((byte) 0xe1)
                .putShort((short) (8 + tiff.length))
                .put(new byte[] {'E', 'x', 'i', 'f', 0, 0})
                .put(tiff);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.writeBytes(exif.array());
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }
}
