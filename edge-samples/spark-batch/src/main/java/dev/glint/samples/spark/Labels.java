package dev.glint.samples.spark;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Prediction;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a task does: files in, rows out, one at a time, with a classifier of its own.
 *
 * @param sha256 the model's hash
 * @param model its file
 */
record Labels(String sha256, Broadcast<byte[]> model) implements Serializable {

    /** The path of a file and either its most probable label, or why there is none. */
    static final StructType SCHEMA = new StructType()
            .add("path", DataTypes.StringType, false)
            .add("label", DataTypes.StringType, true)
            .add("probability", DataTypes.DoubleType, true)
            .add("error", DataTypes.StringType, true);

    Iterator<Row> classify(Iterator<Row> files) {
        ExecutorModel opened = ExecutorModel.named(sha256, model);
        Classifier classifier = opened.take();
        Objects.requireNonNull(TaskContext.get()).addTaskCompletionListener(task -> {
            opened.giveBack(classifier);
        });
        return map(files, file -> row(file.getString(0), file.getAs(1), classifier));
    }

    private static Row row(String path, byte[] content, Classifier classifier) {
        try {
            Prediction.Candidate top = classifier
                    .classify(ImageDecoder.decode(content, classifier.contract().decodeOptions()), 1)
                    .top();
            return RowFactory.create(path, top.label(), top.probability(), null);
        } catch (GlintException e) {
            if (e.reason() == GlintException.Reason.MODEL) {
                throw e;
            }
            return failure(path, e.getMessage());
        }
    }

    static Row failure(String path, String error) {
        return RowFactory.create(path, null, null, error);
    }

    private static Iterator<Row> map(Iterator<Row> rows, Function<Row, Row> mapping) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                return mapping.apply(rows.next());
            }
        };
    }
}
