package dev.glint.classify.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelCacheTest {

    @Test
    void theFolderIsThatOfTheXdgSpecification() {
        assertEquals(
                Optional.of(Path.of("/var/cache/me/glint")),
                ModelCache.folder(Map.of("XDG_CACHE_HOME", "/var/cache/me", "HOME", "/home/me")));
        assertEquals(Optional.of(Path.of("/home/me/.cache/glint")), ModelCache.folder(Map.of("HOME", "/home/me")));
        // A relative path is to be ignored.
        assertEquals(
                Optional.of(Path.of("/home/me/.cache/glint")),
                ModelCache.folder(Map.of("XDG_CACHE_HOME", "cache", "HOME", "/home/me")));
        assertEquals(Optional.empty(), ModelCache.folder(Map.of("XDG_CACHE_HOME", "", "HOME", "")));
        assertEquals(Optional.empty(), ModelCache.folder(Map.of()));
    }

    @Test
    void aProcessorIsTheSameAtAnySpeed() {
        String slow =
                "processor\t: 0\nmodel name\t: EPYC\ncpu MHz\t\t: 999.9\nflags\t\t: fpu avx2\nbogomips\t: 4890.84\n\nprocessor\t: 1\n";
        String fast = slow.replace("999.9", "3400.123").replace("4890", "4891");
        String other = slow.replace("avx2", "avx2 avx512_vnni");

        assertEquals("processor\t: 0\nmodel name\t: EPYC\nflags\t\t: fpu avx2\n", ModelCache.withoutFrequencies(slow));
        assertEquals(ModelCache.withoutFrequencies(slow), ModelCache.withoutFrequencies(fast));
        assertEquals(false, ModelCache.withoutFrequencies(slow).equals(ModelCache.withoutFrequencies(other)));
    }
}
