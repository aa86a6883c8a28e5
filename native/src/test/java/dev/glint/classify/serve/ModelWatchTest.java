package dev.glint.classify.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelWatchTest {
    @TempDir
    private Path folder;

    private final AtomicInteger changes = new AtomicInteger();

    private ModelWatch watch(Path model) {
        return watch(() -> ModelFolder.select(model));
    }

    private static ModelWatch watch(Supplier<Path> locating) {
        return new ModelWatch(new ModelSource() {
            @Override
            public Path locate() {
                return locating.get();
            }

            @Override
            public ModelFile read(Path file) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Model open(ModelFile read) {
                throw new UnsupportedOperationException();
            }
        });
    }

    private void assertChanges(int expected, ModelWatch watch) {
        watch.look(changes::incrementAndGet);
        assertEquals(expected, changes.get());
    }

    @Test
    void aNewFileIsAChangeAsSoonAsItStays() throws IOException {
        Path file = Files.writeString(folder.resolve("m.onnx"), "one");
        ModelWatch watch = watch(file);
        assertChanges(0, watch);
        Files.writeString(file, "a beginning");
        assertChanges(0, watch);
        Files.writeString(file, "a beginning and more");
        assertChanges(0, watch);
        assertChanges(1, watch);
        assertChanges(1, watch);

        Files.writeString(folder.resolve("other"), "a beginning and even");
        Files.setLastModifiedTime(folder.resolve("other"), Files.getLastModifiedTime(file));
        Files.move(folder.resolve("other"), file, StandardCopyOption.REPLACE_EXISTING);
        assertChanges(1, watch);
        assertChanges(2, watch);
    }

    @Test
    void aFileThatIsGoneIsNone() throws IOException {
        Path file = Files.writeString(folder.resolve("m.onnx"), "one");
        ModelWatch watch = watch(file);

        Files.delete(file);
        assertChanges(0, watch);
        assertChanges(0, watch);

        Files.writeString(file, "another");
        assertChanges(0, watch);
        assertChanges(1, watch);
    }

    @Test
    void aLinkThatLeadsElsewhereIsAChange() throws IOException {
        for (String name : new String[] {"one", "two"}) {
            Files.createDirectory(folder.resolve(name));
            Files.writeString(folder.resolve(name).resolve("int8.onnx"), name);
        }
        Path link = Files.createSymbolicLink(folder.resolve("model"), folder.resolve("one"));
        ModelWatch watch = watch(link);

        Files.createSymbolicLink(folder.resolve("next"), folder.resolve("two"));
        Files.move(folder.resolve("next"), link, StandardCopyOption.REPLACE_EXISTING);

        assertChanges(0, watch);
        assertChanges(1, watch);
    }

    @Test
    void aManifestThatNamesAnotherVariantIsAChange() throws IOException {
        Files.writeString(folder.resolve("int8.onnx"), "int8");
        Files.writeString(folder.resolve("fp32.onnx"), "fp32");
        ModelWatch watch = watch(folder);

        Files.writeString(folder.resolve("manifest.json"), "{\"default\":\"fp32.onnx\"}");

        assertChanges(0, watch);
        assertChanges(1, watch);
    }

    @Test
    void aLookThatFailsIsToldOnceAndNoEndOfTheWatching() throws IOException {
        Path file = Files.writeString(folder.resolve("m.onnx"), "one");
        AtomicBoolean fails = new AtomicBoolean();
        ModelWatch watch = watch(() -> {
            if (fails.get()) {
                throw new IllegalStateException("a fault");
            }
            return file;
        });
        List<Throwable> told = new CopyOnWriteArrayList<>();
        fails.set(true);
        for (int i = 0; i < 3; i++) {
            watch.look(changes::incrementAndGet, told::add);
        }
        assertEquals(1, told.size(), told::toString);

        fails.set(false);
        Files.writeString(file, "another");
        for (int i = 0; i < 3; i++) {
            watch.look(changes::incrementAndGet, told::add);
        }
        assertEquals(1, changes.get());
        fails.set(true);
        watch.look(changes::incrementAndGet, told::add);
        assertEquals(2, told.size(), told::toString);
    }

    @Test
    void theClockGoesOnAfterAFailure() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("m.onnx"), "one");
        CountDownLatch looks = new CountDownLatch(3);
        AtomicBoolean made = new AtomicBoolean();
        ModelWatch watch = watch(() -> {
            if (made.get()) {
                looks.countDown();
                throw new IllegalStateException("a fault");
            }
            return file;
        });
        made.set(true);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            watch.start(clock, Duration.ofMillis(1), changes::incrementAndGet, failure -> {});
            assertTrue(looks.await(1, TimeUnit.MINUTES), "it looks no more");
        } finally {
            clock.shutdownNow();
        }
    }
}
