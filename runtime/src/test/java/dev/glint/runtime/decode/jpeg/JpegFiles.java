package dev.glint.runtime.decode.jpeg;

import dev.glint.runtime.testing.Resources;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** JPEG files of the tests, whole and in parts. */
final class JpegFiles {
    static final String FOLDER = "dev/glint/runtime/decode/jpeg/";

    private JpegFiles() {}

    /** A file that {@code record_jpeg.py} made. */
    static byte[] bytes(String name) {
        return Resources.bytes(FOLDER + name);
    }

    /**
     * A marker with what follows it: its parameters without their length, and, behind SOS, the entropy-coded bytes.
     */
    record Part(int marker, byte[] parameters, byte[] imageData) {}

    /** The parts of a file of one scan, SOI first, EOI last. */
    static List<Part> parts(byte[] file) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < file.length) {
            int marker = file[at + 1] & 0xff;
            at += 2;
            byte[] parameters = {};
            byte[] imageData = {};
            if (marker != Marker.SOI && marker != Marker.EOI) {
                int length = (file[at] & 0xff) << 8 | file[at + 1] & 0xff;
                parameters = Arrays.copyOfRange(file, at + 2, at + length);
                at += length;
            }
            if (marker == Marker.SOS) {
                imageData = Arrays.copyOfRange(file, at, file.length - 2);
                at = file.length - 2;
            }
            parts.add(new Part(marker, parameters, imageData));
        }
        return parts;
    }

    /** The file of these parts. */
    static byte[] file(List<Part> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Part part : parts) {
            out.write(0xff);
            out.write(part.marker());
            if (part.marker() != Marker.SOI && part.marker() != Marker.EOI) {
                int length = part.parameters().length + 2;
                out.write(length >> 8);
                out.write(length);
            }
            out.writeBytes(part.parameters());
            out.writeBytes(part.imageData());
        }
        return out.toByteArray();
    }

    static Part part(int marker, int... parameters) {
        byte[] bytes = new byte[parameters.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) parameters[i];
        }
        return new Part(marker, bytes, new byte[0]);
    }

    /** A frame header of 8 bits per sample; {@code factors} hold the sampling factors of each component, as 0x21. */
    static Part frame(int marker, int width, int height, int... factors) {
        int[] parameters = new int[6 + 3 * factors.length];
        parameters[0] = 8;
        parameters[1] = height >> 8;
        parameters[2] = height;
        parameters[3] = width >> 8;
        parameters[4] = width;
        parameters[5] = factors.length;
        for (int i = 0; i < factors.length; i++) {
            parameters[6 + 3 * i] = i + 1;
            parameters[7 + 3 * i] = factors[i];
        }
        return part(marker, parameters);
    }

    /** A quantization table 0 of ones. */
    static Part plainQuantization() {
        int[] parameters = new int[65];
        Arrays.fill(parameters, 1, 65, 1);
        return part(Marker.DQT, parameters);
    }

    /** A sequential picture that is gray all over, coded with the standard tables. */
    static byte[] gray(int width, int height, int... factors) {
        Part frame = frame(Marker.SOF0, width, height, factors);
        int maxHorizontal = 1;
        int maxVertical = 1;
        int blocksPerMcu = 0;
        for (int factor : factors) {
            maxHorizontal = Math.max(maxHorizontal, factor >> 4);
            maxVertical = Math.max(maxVertical, factor & 15);
            blocksPerMcu += (factor >> 4) * (factor & 15);
        }
        int mcus = Component.ceilDiv(width, 8 * maxHorizontal) * Component.ceilDiv(height, 8 * maxVertical);
        int[] scan = new int[1 + 2 * factors.length + 3];
        scan[0] = factors.length;
        for (int i = 0; i < factors.length; i++) {
            scan[1 + 2 * i] = i + 1;
        }
        scan[scan.length - 2] = 63;
        // Each block is 00 (no difference) and 1010 (end of block): four blocks are three bytes.
        byte[] data = new byte[(mcus * blocksPerMcu + 3) / 4 * 3];
        for (int i = 0; i < data.length; i += 3) {
            data[i] = 0b00101000;
            data[i + 1] = (byte) 0b10100010;
            data[i + 2] = (byte) 0b10001010;
        }
        Part scanPart = part(Marker.SOS, scan);
        return file(List.of(
                part(Marker.SOI),
                plainQuantization(),
                frame,
                new Part(Marker.SOS, scanPart.parameters(), data),
                part(Marker.EOI)));
    }

    /** A file with an edit of {@code damaged.tsv} done to it. */
    static byte[] edited(byte[] file, String edit) {
        String[] words = edit.split(" ");
        if (words[0].equals("cut")) {
            return Arrays.copyOf(file, Integer.parseInt(words[1]));
        }
        for (String hit : Arrays.asList(words).subList(1, words.length)) {
            String[] placeAndValue = hit.split("=");
            file[Integer.parseInt(placeAndValue[0])] = (byte) Integer.parseInt(placeAndValue[1]);
        }
        return file;
    }
}
