package dev.glint.runtime.decode.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExifOrientationTest {
    private static final int ABSENT = 0;
    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    @Test
    void everyTagInBothByteOrders() {
        for (int tag = 1; tag <= 8; tag++) {
            assertEquals(tag, ofBlock(block(ByteOrder.LITTLE_ENDIAN, SHORT, tag)));
            assertEquals(tag, ofBlock(block(ByteOrder.BIG_ENDIAN, SHORT, tag)));
        }
    }

    @Test
    void otherUnsignedTypes() {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            assertEquals(6, ofBlock(block(order, BYTE, 6)));
            assertEquals(6, ofBlock(block(order, LONG, 6)));
            assertEquals(1, ofBlock(block(order, 2, 6)), "text");
        }
    }

    @Test
    void valuesOutsideTheRangeAreUpright() {
        for (int tag : new int[] {0, 9, 255, 0x0600}) {
            assertEquals(1, ofBlock(block(ByteOrder.BIG_ENDIAN, SHORT, tag)));
        }
    }

    @Test
    void blockInTheMiddleOfAFile() {
        byte[] block = block(ByteOrder.BIG_ENDIAN, SHORT, 5);
        byte[] file = new byte[block.length + 20];
        System.arraycopy(block, 0, file, 11, block.length);
        assertEquals(5, orientation(file, 11, block.length));
    }

    @Test
    void everyTruncationHasNoTagUpToTheEntry() {
        byte[] block = block(ByteOrder.LITTLE_ENDIAN, SHORT, 3);
        for (int length = 0; length < block.length; length++) {
            assertEquals(ABSENT, orientation(block, 0, length), length + " bytes");
            assertEquals(ABSENT, ofBlock(Arrays.copyOf(block, length)), length + " bytes");
        }
    }

    @Test
    void brokenHeadersHaveNoTag() {
        byte[] magic = block(ByteOrder.BIG_ENDIAN, SHORT, 3);
        magic[3] = 43;
        byte[] order = block(ByteOrder.BIG_ENDIAN, SHORT, 3);
        order[1] = 'I';
        byte[] directoryOutside = block(ByteOrder.BIG_ENDIAN, SHORT, 3);
        directoryOutside[4] = (byte) 0xff;
        byte[] manyEntries = block(ByteOrder.BIG_ENDIAN, SHORT, 3);
        manyEntries[8] = (byte) 0xff;
        manyEntries[22] = 7;
        for (byte[] block : new byte[][] {magic, order, directoryOutside, manyEntries}) {
            assertEquals(ABSENT, ofBlock(block));
        }
        assertEquals(ABSENT, orientation(magic, -1, 26));
        assertEquals(ABSENT, orientation(magic, 20, 26));
    }

    private static int ofBlock(byte[] block) {
        return orientation(block, 0, block.length);
    }

    private static int orientation(byte[] block, int offset, int length) {
        return ExifOrientation.find(block, offset, length).orElse(ABSENT);
    }

    /** A TIFF block with two tags, the second of them the orientation. */
    private static byte[] block(ByteOrder order, int type, int value) {
        ByteBuffer block = ByteBuffer.allocate(8 + 2 + 2 * 12).order(order);
        block.putShort(order == ByteOrder.LITTLE_ENDIAN ? (short) 0x4949 : 0x4d4d)
                .putShort((short) 42);
        block.putInt(8).putShort((short) 2);
        block.putShort((short) 0x010f).putShort((short) 2).putInt(4).putInt(0x41424300);
        block.putShort((short) 0x0112).putShort((short) type).putInt(1);
        switch (type) {
            case BYTE -> block.put((byte) value).put(new byte[3]);
            case LONG -> block.putInt(value);
            default -> block.putShort((short) value).putShort((short) 0);
        }
        return block.array();
    }
}
