package dev.glint.classify.batch;

import dev.glint.console.Output;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.model.Prediction.Candidate;
import java.util.List;
import java.util.stream.Collectors;

/**
 * For spreadsheets: RFC 4180 with a head, and a line per picture and class, the most probable first, ranked from 1 on. A
 * picture that failed has one line, with the last column only. What could steer a terminal is replaced, as in all text.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class CsvResults implements Results {
    private final Output out;

    CsvResults(Output out) {
        this.out = out;
        print(List.of("file", "rank", "label", "index", "probability", "error"));
        out.flush();
    }

    @Override
    public void add(String picture, Prediction prediction) {
        int rank = 0;
        for (Candidate candidate : prediction.candidates()) {
            rank++;
            print(List.of(
                    picture,
                    Integer.toString(rank),
                    candidate.label(),
                    Integer.toString(candidate.index()),
                    CandidateJson.probability(candidate.probability()).toPlainString(),
                    ""));
        }
        out.flush();
    }

    @Override
    public void addFailure(String picture, GlintException failure) {
        print(List.of(picture, "", "", "", "", String.valueOf(failure.getMessage())));
        out.flush();
    }

    private void print(List<String> cells) {
        out.line(cells.stream().map(CsvResults::quoted).collect(Collectors.joining(",")));
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    @Override
    public void close() {
        out.flush();
    }
}
