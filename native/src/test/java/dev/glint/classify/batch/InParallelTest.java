package dev.glint.classify.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InParallelTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Picture SILENT = new Picture.OnStandardInput(InputStream.nullInputStream());

    @TempDir
    private Path folder;

    private Model opened;

    @BeforeEach
    void openModel() throws IOException {
        Path file = folder.resolve("int8.onnx");
        TinyModel.write(file);
        opened = Model.open(file);
    }

    @AfterEach
    void closeModel() {
        opened.close();
    }

    /** Pictures 0, 1, 2 and so on, whose answers are classes of these numbers. */
    private static PictureSource numbered(int count, AtomicInteger found) {
        return () -> found.get() == count ? Optional.empty() : Optional.of(picture(found.getAndIncrement()));
    }

    private static Picture picture(int number) {
        return new Picture.InFile(Path.of(String.valueOf(number)));
    }

    private static Prediction answer(Picture picture) {
        int number = picture == SILENT ? 1_000 : Integer.parseInt(picture.name());
        return new Prediction(List.of(new Prediction.Candidate(number, "a", 1)));
    }

    private static int next(Answers answers) throws IOException {
        Picture picture = answers.next().orElseThrow();
        int number = answers.prediction().top().index();
        assertEquals(answer(picture).top().index(), number);
        return number;
    }

    /** No picture is done until three are tried at a time. */
    @Test
    void asManyThreadsAsWorkersAreBusyAndTheCallerIsOneOfThem() {
        CyclicBarrier three = new CyclicBarrier(3);
        Set<Thread> busy = ConcurrentHashMap.newKeySet();
        PictureModel model = (picture, classifier) -> {
            busy.add(Thread.currentThread());
            await(three);
            return answer(picture);
        };

        assertTimeoutPreemptively(PATIENCE, () -> {
            try (InParallel answers = new InParallel(numbered(300, new AtomicInteger()), opened, 3, model)) {
                for (int i = 0; i < 300; i++) {
                    assertEquals(i, next(answers));
                }
                assertEquals(Optional.empty(), answers.next());
            }
            assertTrue(busy.contains(Thread.currentThread()));
            assertEquals(3, busy.size());
        });
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void silentStandardInputHoldsUpNoAnswerBeforeIt() {
        CountDownLatch said = new CountDownLatch(1);
        List<Picture> pictures = new ArrayList<>(List.of(picture(0), SILENT, picture(2)));
        PictureModel model = (picture, classifier) -> {
            if (picture == SILENT) {
                await(said);
            }
            return answer(picture);
        };

        assertTimeoutPreemptively(PATIENCE, () -> {
            try (InParallel answers = new InParallel(
                    () -> pictures.isEmpty() ? Optional.empty() : Optional.of(pictures.remove(0)), opened, 2, model)) {
                assertEquals(0, next(answers));
                said.countDown();
                assertEquals(1_000, next(answers));
                assertEquals(2, next(answers));
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where pictures come one by one, as into a folder that is watched, each is answered before the next is there. */
    @Test
    void anAnswerDoesNotWaitForTheNextPicture() {
        CountDownLatch answered = new CountDownLatch(1);
        AtomicInteger found = new AtomicInteger();
        PictureSource slow = () -> {
            if (found.get() == 1) {
                await(answered);
            }
            return Optional.of(picture(found.getAndIncrement()));
        };

        assertTimeoutPreemptively(PATIENCE, () -> {
            try (InParallel answers = new InParallel(slow, opened, 2, (picture, classifier) -> answer(picture))) {
                assertEquals(0, next(answers));
                answered.countDown();
                assertEquals(1, next(answers));
            }
        });
    }

    @Test
    void noMorePicturesAreHeldThanTheyNeed() {
        AtomicInteger found = new AtomicInteger();

        assertTimeoutPreemptively(PATIENCE, () -> {
            try (InParallel answers =
                    new InParallel(numbered(100_000, found), opened, 2, (picture, classifier) -> answer(picture))) {
                for (int i = 0; i < 1_000; i++) {
                    assertEquals(i, next(answers));
                    // Those taken, those held, and the one for which there is no room yet.
                    assertTrue(found.get() <= i + 1 + 64 + 1, found + " found, " + (i + 1) + " taken");
                }
            }
        });
    }

    @Test
    void aPictureThatFailsDoesNotStopTheOthers() {
        GlintException broken = GlintException.failure(Reason.INPUT, "nothing", "a picture", "look for it");
        PictureModel model = (picture, classifier) -> {
            if (picture.name().equals("1")) {
                throw broken;
            }
            if (picture.name().equals("2")) {
                throw new OutOfMemoryError("test");
            }
            return answer(picture);
        };

        assertTimeoutPreemptively(PATIENCE, () -> {
            try (InParallel answers = new InParallel(numbered(4, new AtomicInteger()), opened, 2, model)) {
                assertEquals(0, next(answers));
                answers.next();
                assertSame(broken, assertThrows(GlintException.class, answers::prediction));
                answers.next();
                assertThrows(OutOfMemoryError.class, answers::prediction);
                assertEquals(3, next(answers));
                assertEquals(Optional.empty(), answers.next());
            }
        });
    }

    @Test
    void whatEndsTheSearchComesBehindThePicturesThatWereFound() {
        AtomicInteger found = new AtomicInteger();
        IOException gone = new IOException("the folder is gone");
        PictureSource source = () -> {
            if (found.get() == 2) {
                throw gone;
            }
            return Optional.of(picture(found.getAndIncrement()));
        };

        assertTimeoutPreemptively(PATIENCE, () -> {
            try (InParallel answers = new InParallel(source, opened, 2, (picture, classifier) -> answer(picture))) {
                assertEquals(0, next(answers));
                assertEquals(1, next(answers));
                assertSame(gone, assertThrows(IOException.class, answers::next));
            }
        });
    }

    @Test
    void closingEndsItsThreads() {
        Set<Thread> busy = ConcurrentHashMap.newKeySet();
        PictureModel model = (picture, classifier) -> {
            busy.add(Thread.currentThread());
            return answer(picture);
        };

        assertTimeoutPreemptively(PATIENCE, () -> {
            try (InParallel answers = new InParallel(numbered(100_000, new AtomicInteger()), opened, 4, model)) {
                for (int i = 0; i < 500; i++) {
                    next(answers);
                }
            }
            busy.remove(Thread.currentThread());
            for (Thread thread : busy) {
                assertFalse(thread.isAlive());
            }
        });
    }
}
