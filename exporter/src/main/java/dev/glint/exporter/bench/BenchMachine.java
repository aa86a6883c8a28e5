package dev.glint.exporter.bench;

import dev.glint.runtime.model.ModelFolder;
import java.util.List;
import java.util.Optional;

/**
 * What was measured on one machine.
 *
 * @param name its board or its processor
 * @param notes what its figures depend on, a sentence each
 * @param entries at least one
 */
public record BenchMachine(String name, List<String> notes, List<BenchEntry> entries) {
    public BenchMachine {
        notes = List.copyOf(notes);
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("nothing measured on " + name);
        }
    }

    /** What an entry is called among the others. */
    public String name(BenchEntry entry) {
        return entry.name(
                entries.stream().map(BenchEntry::engine).distinct().count() > 1,
                entries.stream().map(BenchEntry::threads).distinct().count() > 1);
    }

    /** The percentage points that an entry lost against fp32 in the same engine and with as many threads. */
    public Optional<Double> dropPoints(BenchEntry entry) {
        return entries.stream()
                .filter(other -> other.variant().equals(ModelFolder.FP32))
                .filter(other -> other.engine().equals(entry.engine()) && other.threads() == entry.threads())
                .findFirst()
                .flatMap(BenchEntry::accuracy)
                .flatMap(floats -> entry.accuracy().map(own -> own.dropPoints(floats)));
    }
}
