package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.UnknownFieldSet;
import dev.glint.trainer.run.RunFolder;
import dev.glint.trainer.tensorboard.Events;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trainer fit --tensorboard}. */
class TensorBoardTest {
    @TempDir
    Path run;

    private void fit(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("fit", "--limit", "64", "--epochs", "2", "--force", "--run", run.toString()));
        arguments.addAll(List.of(more));
        PrintWriter ignored = new PrintWriter(new StringWriter());
        assertEquals(
                0,
                TrainerCommand.commandLine().setOut(ignored).setErr(ignored).execute(arguments.toArray(String[]::new)));
    }

    /** The scalars of an event, by their tags. */
    private static Map<String, Float> scalars(UnknownFieldSet event) throws IOException {
        Map<String, Float> scalars = new TreeMap<>();
        for (UnknownFieldSet value : Events.messages(Events.messages(event, 5).get(0), 1)) {
            scalars.put(
                    value.getField(1).getLengthDelimitedList().get(0).toStringUtf8(),
                    Float.intBitsToFloat(value.getField(2).getFixed32List().get(0)));
        }
        return scalars;
    }

    @Test
    void eachEpochIsAnEventWithTheFiguresOfTheMetrics() throws IOException {
        fit("--tensorboard");
        List<UnknownFieldSet> events =
                Events.in(run.resolve(RunFolder.TENSORBOARD)).get(0);
        List<String> epochs = Files.readAllLines(run.resolve(RunFolder.METRICS));
        assertEquals(3 + epochs.size(), events.size());
        for (int i = 0; i < epochs.size(); i++) {
            JsonObject epoch = JsonParser.parseString(epochs.get(i)).getAsJsonObject();
            UnknownFieldSet event = events.get(3 + i);
            assertEquals(List.of(i + 1L), event.getField(2).getVarintList());
            assertEquals(
                    Map.of(
                            "loss/train", epoch.get("loss").getAsFloat(),
                            "loss/held-out", epoch.get("heldOutLoss").getAsFloat(),
                            "accuracy/train", epoch.get("accuracy").getAsFloat(),
                            "accuracy/held-out", epoch.get("heldOutAccuracy").getAsFloat(),
                            "learning-rate", epoch.get("learningRate").getAsFloat(),
                            "seconds/train", epoch.get("trainSeconds").getAsFloat(),
                            "seconds/evaluate", epoch.get("evaluateSeconds").getAsFloat()),
                    scalars(event));
        }
    }

    @Test
    void theConfigurationIsAText() throws IOException {
        fit("--tensorboard");
        UnknownFieldSet value = Events.messages(
                        Events.messages(
                                        Events.in(run.resolve(RunFolder.TENSORBOARD))
                                                .get(0)
                                                .get(2),
                                        5)
                                .get(0),
                        1)
                .get(0);
        assertEquals("config", value.getField(1).getLengthDelimitedList().get(0).toStringUtf8());
        UnknownFieldSet tensor = Events.messages(value, 8).get(0);
        assertEquals(
                Files.readString(run.resolve(RunFolder.CONFIG)).indent(4),
                tensor.getField(8).getLengthDelimitedList().get(0).toStringUtf8());
    }

    @Test
    void aRunThatReplacesAnotherDoesNotShowItsCurves() {
        fit("--tensorboard");
        fit();
        assertFalse(Files.exists(run.resolve(RunFolder.TENSORBOARD)));
    }
}
