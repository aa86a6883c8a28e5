package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code .ci/CheckBundle.java} sees what Maven Central would refuse. */
class CentralBundleTest {
    private static final String PARENT = """
            <project>
              <groupId>com.example</groupId><artifactId>parent</artifactId><version>1</version><packaging>pom</packaging>
              <name>Parent</name><description>Of all.</description><url>https://example.com</url>
              <licenses><license><name>Apache-2.0</name></license></licenses>
              <developers><developer><name>Somebody</name></developer></developers>
              <scm><url>https://example.com/scm</url></scm>
            </project>
            """;
    private static final String MODULE = """
            <project>
              <parent><groupId>com.example</groupId><artifactId>parent</artifactId><version>1</version></parent>
              <artifactId>%s</artifactId><name>Module</name><description>One of them.</description>
            </project>
            """;
    private static final String ORPHAN = """
            <project>
              <groupId>com.example</groupId><artifactId>orphan</artifactId><version>2-SNAPSHOT</version>
            </project>
            """;

    private final Map<String, byte[]> bundle = new TreeMap<>();

    @TempDir
    private Path folder;

    @Test
    void aWholeBundleIsFine() throws Exception {
        add(path("parent", "1", ".pom"), PARENT);
        addModule("module", "1", MODULE.formatted("module"));

        assertEquals(List.of("0", "check-bundle: 24 files, 2 POMs, 0 problems"), check());
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        add(path("parent", "1", ".pom"), PARENT);
        for (String end : List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json")) {
            String name = "without" + end.replace('.', '-');
            addModule(name, "1", MODULE.formatted(name));
            bundle.keySet().removeIf(file -> file.startsWith(path(name, "1", end)));
        }
        addModule("unsigned", "1", MODULE.formatted("unsigned"));
        bundle.remove(path("unsigned", "1", ".jar.asc"));
        addModule("unsummed", "1", MODULE.formatted("unsummed"));
        bundle.remove(path("unsummed", "1", ".jar.md5"));
        bundle.put(path("unsummed", "1", ".jar.sha1"), bundle.get(path("unsigned", "1", ".pom.sha1")));
        addModule("misplaced", "1", MODULE.formatted("another"));
        addModule("another", "1", MODULE.formatted("another"));

        assertEquals(
                List.of(
                        "5",
                        path("misplaced", "1", ".pom") + ": expected at " + path("another", "1", ".pom"),
                        path("unsigned", "1", ".jar.asc") + " is missing",
                        path("unsummed", "1", ".jar.md5") + " is missing",
                        path("unsummed", "1", ".jar.sha1") + " is that of another file",
                        path("without-cyclonedx-json", "1", "-cyclonedx.json") + " is missing",
                        path("without-jar", "1", ".jar") + " is missing",
                        path("without-javadoc-jar", "1", "-javadoc.jar") + " is missing",
                        path("without-sources-jar", "1", "-sources.jar") + " is missing",
                        "check-bundle: 146 files, 9 POMs, 8 problems"),
                check());
    }

    @Test
    void eachFieldThatAPomMustHaveIsAskedFor() throws Exception {
        addModule("orphan", "2-SNAPSHOT", ORPHAN);

        String pom = path("orphan", "2-SNAPSHOT", ".pom");
        assertEquals(
                List.of(
                        "5",
                        pom + ": 2-SNAPSHOT is a snapshot",
                        pom + ": no <description>, nor has its parent one",
                        pom + ": no <developers>, nor has its parent one",
                        pom + ": no <licenses>, nor has its parent one",
                        pom + ": no <name>, nor has its parent one",
                        pom + ": no <scm>, nor has its parent one",
                        pom + ": no <url>, nor has its parent one",
                        "check-bundle: 20 files, 1 POMs, 7 problems"),
                check());
    }

    @Test
    void aSignatureIsThatOfItsFile() throws Exception {
        Path keys = Files.createDirectory(
                folder.resolve("keys"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        gpg(
                keys,
                "--passphrase",
                "",
                "--quick-generate-key",
                "Throwaway <throwaway@invalid.example>",
                "ed25519",
                "sign",
                "1d");
        try {
            addModule("module", "1", MODULE.formatted("module"));
            add(path("parent", "1", ".pom"), PARENT);
            for (String name : List.copyOf(bundle.keySet())) {
                if (name.endsWith(".asc")) {
                    Path signed = Files.write(
                            folder.resolve("signed"), Objects.requireNonNull(bundle.get(name.replace(".asc", ""))));
                    Path signature = folder.resolve("signature");
                    gpg(keys, "--yes", "--armor", "--output", signature.toString(), "--detach-sign", signed.toString());
                    bundle.put(name, Files.readAllBytes(signature));
                }
            }
            Map<String, String> environment = Map.of("GNUPGHOME", keys.toString());
            assertEquals(
                    List.of("0", "check-bundle: 6 good signatures", "check-bundle: 24 files, 2 POMs, 0 problems"),
                    check(environment, "--signatures"));

            String jar = path("module", "1", ".jar");
            byte[] changed = "another jar".getBytes(StandardCharsets.UTF_8);
            bundle.put(jar, changed);
            bundle.put(jar + ".md5", sum(changed, "MD5"));
            bundle.put(jar + ".sha1", sum(changed, "SHA-1"));
            bundle.put(path("module", "1", "-sources.jar.asc"), new byte[1]);
            assertEquals(
                    List.of(
                            "5",
                            "check-bundle: 4 good signatures",
                            path("module", "1", "-sources.jar.asc") + " is no good signature",
                            jar + ".asc is no good signature",
                            "check-bundle: 24 files, 2 POMs, 2 problems"),
                    check(environment, "--signatures"));
        } finally {
            new ProcessBuilder("gpgconf", "--homedir", keys.toString(), "--kill", "gpg-agent")
                    .start()
                    .waitFor();
        }
    }

    @Test
    void aSignatureOfNothingIsNamed() throws Exception {
        String orphan = path("gone", "1", ".jar.asc");
        bundle.put(orphan, new byte[1]);

        assertEquals(
                List.of(
                        "5",
                        "check-bundle: 0 good signatures",
                        orphan + " is the signature of no file",
                        "no POM",
                        "check-bundle: 1 files, 0 POMs, 2 problems"),
                check(Map.of(), "--signatures"));
    }

    private static void gpg(Path keys, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("gpg", "--homedir", keys.toString(), "--batch", "--quiet"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), said);
        } catch (IOException e) {
            Assumptions.abort("needs gpg");
        }
    }

    private void addModule(String name, String version, String pom) throws NoSuchAlgorithmException {
        add(path(name, version, ".pom"), pom);
        for (String end : List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json")) {
            add(path(name, version, end), "what is in " + name + end);
        }
    }

    /** A file with its signature, which is not looked into, and its checksums. */
    private void add(String path, String content) throws NoSuchAlgorithmException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        bundle.put(path, bytes);
        bundle.put(path + ".asc", new byte[1]);
        bundle.put(path + ".md5", sum(bytes, "MD5"));
        bundle.put(path + ".sha1", sum(bytes, "SHA-1"));
    }

    private static byte[] sum(byte[] bytes, String algorithm) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance(algorithm).digest(bytes);
        return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
    }

    private static String path(String name, String version, String end) {
        return "com/example/" + name + "/" + version + "/" + name + "-" + version + end;
    }

    /** The exit code, then the lines: the problems in the order of the alphabet, and their number. */
    private List<String> check() throws IOException, InterruptedException {
        return check(Map.of());
    }

    private List<String> check(Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        Path file = folder.resolve("bundle.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            addEntry(zip, "com/", new byte[0]);
            bundle.forEach((name, bytes) -> addEntry(zip, name, bytes));
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                SharedData.projectRoot().resolve(".ci/CheckBundle.java").toString(),
                file.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        List<String> answer = new ArrayList<>(List.of(Integer.toString(process.waitFor())));
        lines.stream().limit(lines.size() - 1L).sorted().forEach(answer::add);
        answer.add(lines.get(lines.size() - 1));
        return answer;
    }

    private static void addEntry(ZipOutputStream zip, String name, byte[] bytes) {
        try {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
