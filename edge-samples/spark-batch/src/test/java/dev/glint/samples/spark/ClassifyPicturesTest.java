package dev.glint.samples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Spark in this process, with two cores. */
class ClassifyPicturesTest {
    @TempDir
    private Path folder;

    @Test
    void saysOfEachFileWhatAPlainLoopSays() throws Exception {
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        Pictures pictures = Pictures.write(folder.resolve("pictures"), 60);
        pictures.addHugeFile();
        Path out = folder.resolve("out");
        try (SparkSession spark = local()) {
            ClassifyPictures.write(
                    ClassifyPictures.classify(spark, model, pictures.folder().toString()), out.toString());

            Dataset<Row> written = spark.read().parquet(out.toString());
            assertEquals(List.of("path", "label", "probability", "error"), List.of(written.columns()));
            Map<String, String> answers = Pictures.byJob(written);
            assertEquals(pictures.byPlainLoop(model), answers);
            assertEquals(3, answers.values().stream().filter("error"::equals).count());
            String error = written.filter("path like '%notes.txt'").head().getString(3);
            assertTrue(error.startsWith("found ") && error.contains("expected"), error);
            error = written.filter("path like '%huge.jpg'").head().getString(3);
            assertTrue(error.contains("bytes, expected at most"), error);
        }
    }

    @Test
    void aModelThatIsNotThereEndsItBeforeAnythingIsRead() throws IOException {
        try (SparkSession spark = local()) {
            GlintException e = assertThrows(
                    GlintException.class,
                    () -> ClassifyPictures.classify(spark, folder.resolve("none.onnx"), folder.toString()));
            assertEquals(GlintException.Reason.MODEL, e.reason());
            assertTrue(e.getMessage().contains("none.onnx"), e.getMessage());
        }
    }

    private static SparkSession local() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
                .getOrCreate();
    }
}
