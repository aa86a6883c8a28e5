package dev.glint.exporter.job;

import dev.glint.exporter.adopt.Adoption;
import dev.glint.exporter.adopt.ContractSource;
import dev.glint.exporter.adopt.EqualityProof;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Origin;
import dev.glint.exporter.folder.StagedFolder;
import dev.glint.exporter.verify.GoldenRecording;
import dev.glint.exporter.verify.GoldenRecording.Picture;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * From somebody else's ONNX file to a model folder with {@code fp32.onnx}.
 *
 * @param file the foreign file
 * @param contract where its contract comes from
 * @param output which of its outputs says something of the classes; empty if it has but one with a value per label
 * @param pictures a folder of pictures that the model and the file are compared on as well
 * @param data what accuracy is measured with, and compared on as well: a run or a folder per class
 * @param golden a folder whose pictures become golden samples; synthetic ones without it
 */
public record ImportJob(
        Path file,
        ContractSource contract,
        Optional<String> output,
        Optional<Path> pictures,
        Optional<Path> data,
        Optional<Path> golden) {
    /** On how many pictures at most of each source the model is compared with the file. */
    private static final int COMPARED_PICTURES = 100;

    /**
     * What an import gave.
     *
     * @param manifest of the new folder
     * @param origin the file, what was done to it, and how near the model is to it
     */
    public record Result(Manifest manifest, Origin origin) {}

    /** Pictures that file and model are compared on. */
    private record Pictures(int size, IntFunction<Image> picture) {
        Pictures spread(int most) {
            int count = Math.min(most, size);
            return new Pictures(count, i -> picture.apply((int) ((long) i * size / count)));
        }

        Pictures and(Pictures others) {
            return new Pictures(size + others.size, i -> i < size ? picture.apply(i) : others.picture.apply(i - size));
        }
    }

    /**
     * Imports it: normalises the graph, compares the model's answers with the file's own, tests it on all labelled pictures, if
     * there are any, and writes the folder.
     *
     * @param out a new or empty folder
     * @param replace whether a model that is there may be replaced
     * @throws GlintException ({@code USAGE}) if something is not said that the file leaves open, or contradicts it, ({@code
     *     MODEL}) if the file cannot be imported, ({@code INPUT}) if pictures or the folder cannot be used, ({@code GATE}) if the
     *     model's answers differ, or its golden samples do not hold; nothing is written then
     * @throws IOException if a file cannot be read or the folder cannot be written
     */
    public Result run(Path out, boolean replace, JobListener listener) throws IOException {
        StagedFolder.requireReplaceable(out, replace);
        Adoption adoption = Adoption.adopt(file, contract, output);
        try (StagedFolder folder = StagedFolder.beside(out)) {
            PreprocessContract used = adoption.contract();
            Optional<TestSet> test = data.map(path -> PictureSources.labelled(path, used));
            List<Picture> goldenPictures = GoldenPictures.choose(golden);
            Pictures compared = compared(used, test, goldenPictures);
            EqualityProof proof = EqualityProof.compare(adoption, adoption.model(), compared.size(), i -> {
                listener.step("comparison", i, compared.size());
                return compared.picture().apply(i);
            });
            proof.require();
            OnnxModel complete =
                    GoldenRecording.into(FloatFolder.withBaseline(adoption.model(), used, test), used, goldenPictures);
            Path written = folder.write(ModelFolder.FP32, complete);
            Origin origin = Origin.describe(adoption, proof);
            Manifest manifest = FloatFolder.publish(
                    folder, written, test, latency(written, compared), Optional.of(origin), listener);
            return new Result(manifest, origin);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static Latency latency(Path model, Pictures pictures) {
        try (Classifier classifier = Classifier.open(model)) {
            return LatencyMeasurement.defaults()
                    .measure(List.of(classifier), pictures.picture().apply(0))
                    .get(0);
        }
    }

    /** Those of the golden samples, and those that the user names. */
    private Pictures compared(PreprocessContract used, Optional<TestSet> test, List<Picture> goldenPictures)
            throws IOException {
        DecodeOptions options = used.decodeOptions();
        Pictures all = new Pictures(
                goldenPictures.size(),
                i -> ImageDecoder.decode(goldenPictures.get(i).encoded(), options));
        if (pictures.isPresent()) {
            List<Path> files = new ArrayList<>(PictureFiles.list(pictures.get()));
            all = all.and(new Pictures(files.size(), i -> ImageDecoder.decode(files.get(i), options))
                    .spread(COMPARED_PICTURES));
        }
        if (test.isPresent()) {
            TestSet set = test.get();
            all = all.and(
                    new Pictures(set.pictures().size(), i -> set.pictures().picture(i, options))
                            .spread(COMPARED_PICTURES));
        }
        return all;
    }
}
