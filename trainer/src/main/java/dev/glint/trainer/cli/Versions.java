package dev.glint.trainer.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions of Glint and of what it fits with, as they were built. */
public final class Versions implements IVersionProvider {
    private static final String RESOURCE = "/dev/glint/trainer/versions.properties";

    /** What a run's configuration records. */
    public static Map<String, String> ofRun() {
        Properties built = built();
        Map<String, String> versions = new LinkedHashMap<>();
        for (String name : new String[] {"glint", "djl", "pytorch"}) {
            versions.put(name, built.getProperty(name));
        }
        versions.put("java", System.getProperty("java.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }

    @Override
    public String[] getVersion() {
        Properties built = built();
        return new String[] {
            "trainer " + built.getProperty("glint") + " (DJL " + built.getProperty("djl") + ", PyTorch "
                    + built.getProperty("pytorch") + ")"
        };
    }

    private static Properties built() {
        Properties properties = new Properties();
        try (InputStream resource = Versions.class.getResourceAsStream(RESOURCE)) {
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
