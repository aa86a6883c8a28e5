package dev.glint.samples.spark;

import static org.apache.spark.sql.functions.col;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Pictures in, Parquet out: {@code spark-submit ... MODEL PICTURES OUT}. What cannot be decoded becomes a row with an
 * {@code error}, and nothing stops for it.
 */
public final class ClassifyPictures {
    private ClassifyPictures() {}

    /** Runs the job and ends the process with exit code 2 for misuse, or with that of a failure. */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.err.println("found " + args.length + " arguments, expected MODEL PICTURES OUT; "
                    + "as in spark-submit ... model/ hdfs:///pictures hdfs:///labels");
            System.exit(GlintException.Reason.USAGE.exitCode());
        }
        try (SparkSession spark =
                SparkSession.builder().appName("classify pictures").getOrCreate()) {
            write(classify(spark, Path.of(args[0]), args[1]), args[2]);
        } catch (GlintException e) {
            System.err.println(e.getMessage());
            System.exit(e.reason().exitCode());
        }
    }

    /**
     * A row of {@link Labels#SCHEMA} for each file in a folder and those below it.
     *
     * @param model an ONNX file or a model folder on this machine; Spark takes it to the executors
     * @param pictures a folder in any file system that Spark knows
     * @throws GlintException ({@code MODEL}) if there is no such model
     */
    public static Dataset<Row> classify(SparkSession spark, Path model, String pictures) throws IOException {
        Path file = ModelFolder.select(model);
        if (!Files.isRegularFile(file)) {
            throw GlintException.failure(
                            GlintException.Reason.MODEL, "no such file", "an ONNX model", "name one that exists")
                    .about(file);
        }
        Dataset<Row> files = spark.read()
                .format("binaryFile")
                .option("recursiveFileLookup", "true")
                .load(pictures);
        long limit = DecodeLimits.defaults().encodedBytes();
        byte[] bytes = Files.readAllBytes(file);
        Labels labels = new Labels(
                Sha256.ofBytes(bytes),
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(bytes));
        // Spark does not read the bytes of files that the condition leaves out.
        Dataset<Row> read = files.filter(col("length").leq(limit))
                .select("path", "content")
                .mapPartitions((MapPartitionsFunction<Row, Row>) labels::classify, Encoders.row(Labels.SCHEMA));
        // Looking at lengths is little work: as many tasks as there are cores.
        Dataset<Row> tooLarge = files.filter(col("length").gt(limit))
                .select("path", "length")
                .coalesce(spark.sparkContext().defaultParallelism())
                .map(
                        (MapFunction<Row, Row>) row -> Labels.failure(
                                row.getString(0), "found " + row.getLong(1) + " bytes, expected at most " + limit),
                        Encoders.row(Labels.SCHEMA));
        return read.union(tooLarge);
    }

    /**
     * Writes rows as Parquet. Compressed by gzip, which the JDK has: Spark's default, Snappy, unpacks a native library
     * into each executor's temporary folder and fails where that cannot be done.
     *
     * @param out a folder that does not exist yet, in any file system that Spark knows
     */
    public static void write(Dataset<Row> rows, String out) {
        rows.write().mode(SaveMode.ErrorIfExists).option("compression", "gzip").parquet(out);
    }
}
