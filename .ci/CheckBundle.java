import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Looks whether a bundle has what Maven Central asks for: {@code java .ci/CheckBundle.java BUNDLE.zip [--signatures]}. Exit code
 * 0 if it has; else 5, with a line for each thing that is missing. With {@code --signatures} gpg verifies them all by the keys that
 * it knows.
 *
 * @see <a href="https://central.sonatype.org/publish/requirements/">Requirements</a>
 */
public final class CheckBundle {
    private static final List<String> REQUIRED =
            List.of("groupId", "artifactId", "version", "name", "description", "url", "licenses", "developers", "scm");

    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Element> poms = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        CheckBundle check = new CheckBundle();
        check.read(Path.of(args[0]));
        check.check();
        if (List.of(args).contains("--signatures")) {
            check.signatures();
        }
        check.problems.forEach(System.out::println);
        System.out.println("check-bundle: " + check.files.size() + " files, " + check.poms.size() + " POMs, "
                + check.problems.size() + " problems");
        System.exit(check.problems.isEmpty() ? 0 : 5);
    }

    private void read(Path bundle) throws Exception {
        try (ZipFile zip = new ZipFile(bundle.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory()) {
                    files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
                }
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().endsWith(".pom")) {
                Element pom = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(file.getValue()))
                        .getDocumentElement();
                poms.put(file.getKey(), pom);
            }
        }
    }

    private void check() throws IOException, GeneralSecurityException {
        if (poms.isEmpty()) {
            problems.add("no POM");
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            String name = file.getKey();
            if (!name.matches(".*\\.(md5|sha1|sha256|sha512|asc)")) {
                require(name + ".asc");
                sum(name, file.getValue(), "md5", "MD5");
                sum(name, file.getValue(), "sha1", "SHA-1");
            }
        }
        poms.forEach(this::check);
    }

    private void signatures() throws IOException, InterruptedException {
        Path signed = Files.createTempFile("check-bundle", "");
        Path signature = Files.createTempFile("check-bundle", ".asc");
        int good = 0;
        try {
            for (String name : files.keySet()) {
                if (!name.endsWith(".asc")) {
                    continue;
                }
                byte[] content = files.get(name.replaceFirst("\\.asc$", ""));
                if (content == null) {
                    problems.add(name + " is the signature of no file");
                    continue;
                }
                Files.write(signature, files.get(name));
                Files.write(signed, content);
                if (verifies(signature, signed)) {
                    good++;
                } else {
                    problems.add(name + " is no good signature");
                }
            }
        } finally {
            Files.delete(signed);
            Files.delete(signature);
        }
        System.out.println("check-bundle: " + good + " good signatures");
    }

    private static boolean verifies(Path signature, Path signed) throws IOException, InterruptedException {
        return new ProcessBuilder("gpg", "--batch", "--verify", signature.toString(), signed.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private void check(String path, Element pom) {
        for (String field : REQUIRED) {
            if (value(pom, field).isEmpty()) {
                problems.add(path + ": no <" + field + ">, nor has its parent one");
            }
        }
        String version = value(pom, "version");
        if (version.endsWith("-SNAPSHOT")) {
            problems.add(path + ": " + version + " is a snapshot");
        }
        String expected = value(pom, "groupId").replace('.', '/') + "/" + value(pom, "artifactId") + "/" + version + "/"
                + value(pom, "artifactId") + "-" + version;
        if (!path.equals(expected + ".pom")) {
            problems.add(path + ": expected at " + expected + ".pom");
        }
        if (!"pom".equals(own(pom, "packaging"))) {
            require(expected + ".jar");
            require(expected + "-sources.jar");
            require(expected + "-javadoc.jar");
            require(expected + "-cyclonedx.json");
        }
    }

    /** Of the POM or of its parent, which has to be in the bundle as well. */
    private String value(Element pom, String field) {
        String own = own(pom, field);
        if (!own.isEmpty() || field.equals("artifactId") || field.equals("name") || field.equals("description")) {
            return own;
        }
        Element parent = child(pom, "parent");
        if (parent == null) {
            return "";
        }
        String inherited = own(parent, field);
        if (!inherited.isEmpty()) {
            return inherited;
        }
        return poms.values().stream()
                .filter(other -> own(other, "artifactId").equals(own(parent, "artifactId")))
                .map(other -> own(other, field))
                .findFirst()
                .orElse("");
    }

    private static String own(Element element, String field) {
        Element child = child(element, field);
        return child == null ? "" : child.getTextContent().strip();
    }

    private static Element child(Element element, String name) {
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child && child.getTagName().equals(name)) {
                return child;
            }
        }
        return null;
    }

    private void sum(String name, byte[] bytes, String end, String algorithm) throws GeneralSecurityException {
        byte[] stated = files.get(name + "." + end);
        String found = HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        if (stated == null) {
            problems.add(name + "." + end + " is missing");
        } else if (!new String(stated, StandardCharsets.UTF_8).strip().equals(found)) {
            problems.add(name + "." + end + " is that of another file");
        }
    }

    private void require(String name) {
        if (!files.containsKey(name)) {
            problems.add(name + " is missing");
        }
    }
}
