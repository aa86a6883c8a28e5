package dev.glint.runtime.decode.jpeg;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The Huffman tables of T.81, annex K.3, which Motion JPEG frames leave out. */
final class StandardTables {
    /** For luminance. */
    private static final HuffmanDefinition DC_0 = table("00010501010101010100000000000000", "000102030405060708090a0b");

    /** For chrominance. */
    private static final HuffmanDefinition DC_1 = table("00030101010101010101010000000000", "000102030405060708090a0b");

    /** For luminance. */
    private static final HuffmanDefinition AC_0 = table(
            "0002010303020403050504040000017d",
            "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728"
                    + "292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a8384858687"
                    + "88898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8"
                    + "d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa");

    /** For chrominance. */
    private static final HuffmanDefinition AC_1 = table(
            "00020102040403040705040400010277",
            "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a26"
                    + "2728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485"
                    + "868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6"
                    + "d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa");

    private StandardTables() {}

    /** Sets tables 0 and 1 where there are none. */
    static void addTo(@Nullable HuffmanDefinition[] dc, @Nullable HuffmanDefinition[] ac) {
        dc[0] = dc[0] == null ? DC_0 : dc[0];
        dc[1] = dc[1] == null ? DC_1 : dc[1];
        ac[0] = ac[0] == null ? AC_0 : ac[0];
        ac[1] = ac[1] == null ? AC_1 : ac[1];
    }

    private static HuffmanDefinition table(String counts, String values) {
        HexFormat hex = HexFormat.of();
        return new HuffmanDefinition(hex.parseHex(counts), hex.parseHex(values));
    }
}
