package dev.glint.trainer.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.IVersionProvider;

/** The versions of Glint and of what it fits with, as they were built. */
final class Versions implements IVersionProvider {
    /** What a run's configuration records. */
    public static Map<String, String> ofRun() {
        Map<String, String> versions = new LinkedHashMap<>();
        for (String name : new String[] {"glint", "djl", "pytorch"}) {
            versions.put(name, dev.glint.console.Versions.built(name));
        }
        versions.put("java", System.getProperty("java.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }

    @Override
    public String[] getVersion() {
        Map<String, String> versions = ofRun();
        return new String[] {
            "trainer " + versions.get("glint") + " (DJL " + versions.get("djl") + ", PyTorch " + versions.get("pytorch")
                    + ")"
        };
    }
}
