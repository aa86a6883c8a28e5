package dev.glint.trainer.weights.torch;

import dev.glint.trainer.pickle.PickleReader;
import dev.glint.trainer.pickle.PickleValue;
import dev.glint.trainer.pickle.PickleVocabulary;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import dev.glint.trainer.weights.torch.TorchValue.Storage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A file that {@code torch.save} has written since PyTorch 1.6: a zip archive with a pickle, {@code NAME/data.pkl}, and
 * the values of each storage in a file of its own, {@code NAME/data/KEY}. It is untrusted: nothing in it is run, and what
 * is read of it stays in proportion to its size.
 */
final class TorchArchive implements AutoCloseable {
    private static final String PICKLE = "/data.pkl";
    private static final int MAX_ENTRIES = 100_000;
    private static final int MAX_PICKLE = 64 << 20;
    /** PyTorch stores without compression; so much may a file grow that was compressed afterwards. */
    private static final int MAX_GROWTH = 16;

    private final ZipFile zip;
    private final String folder;
    private final Map<String, ByteBuffer> storages = new HashMap<>();
    private long budget;

    private TorchArchive(ZipFile zip, String folder, long budget) {
        this.zip = zip;
        this.folder = folder;
        this.budget = budget;
    }

    /** Opens a file; the one who opens it closes it. */
    static TorchArchive open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException | IllegalArgumentException e) {
            throw Unreadable.damaged("a damaged zip archive (" + e.getMessage() + ")")
                    .causedBy(e);
        }
        try {
            return new TorchArchive(zip, folder(zip), Math.multiplyExact(Files.size(file), MAX_GROWTH));
        } catch (IllegalArgumentException e) {
            zip.close();
            throw Unreadable.damaged("a zip archive with names that are no UTF-8")
                    .causedBy(e);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static String folder(ZipFile zip) {
        if (zip.size() > MAX_ENTRIES) {
            throw Unreadable.tooLarge("an archive of " + zip.size() + " files", MAX_ENTRIES + " files");
        }
        Enumeration<? extends ZipEntry> entries = zip.entries();
        String folder = null;
        while (entries.hasMoreElements()) {
            String name = entries.nextElement().getName();
            if (name.endsWith("/constants.pkl")) {
                throw Unreadable.refused("a TorchScript archive");
            }
            // Only at the top, as the folder is one name.
            if (name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length()) {
                if (folder != null) {
                    throw Unreadable.damaged("an archive with two files data.pkl");
                }
                folder = name.substring(0, name.length() - PICKLE.length());
            }
        }
        if (folder == null) {
            throw Unreadable.refused("a zip archive without data.pkl, which torch.save writes");
        }
        return folder;
    }

    /** The value that was saved, with tensors as views of storages that are not read yet. */
    PickleValue value() throws IOException {
        ZipEntry order = zip.getEntry(folder + "/byteorder");
        if (order != null) {
            String name = StandardCharsets.US_ASCII.decode(content(order, 16)).toString();
            if (!name.equals("little")) {
                throw Unreadable.refused("values of the byte order '" + PickleVocabulary.shown(name) + "'");
            }
        }
        return PickleReader.read(content(entry(PICKLE), MAX_PICKLE), new StateDictVocabulary());
    }

    /** The values of a tensor, row by row. */
    StoredTensor tensor(TorchValue.View view) throws IOException {
        Storage storage = view.storage();
        ByteBuffer values = storages.get(storage.key());
        if (values == null) {
            values = content(entry("/data/" + storage.key()), Integer.MAX_VALUE - 8);
            storages.put(storage.key(), values);
        }
        int width = storage.type().bytes();
        if (storage.count() < 0 || values.limit() / width < storage.count()) {
            throw Unreadable.damaged("storage " + PickleVocabulary.shown(storage.key()) + " of " + values.limit()
                    + " bytes where " + storage.count() + " values of " + storage.type() + " belong");
        }
        // A small storage can have many views.
        take(Strides.copied(width, view), "tensors over storage " + PickleVocabulary.shown(storage.key()));
        return new StoredTensor(storage.type(), view.shape(), Strides.contiguous(values, width, view));
    }

    private ZipEntry entry(String path) {
        ZipEntry entry = zip.getEntry(folder + path);
        if (entry == null) {
            throw Unreadable.damaged("an archive without " + PickleVocabulary.shown(folder + path));
        }
        return entry;
    }

    private ByteBuffer content(ZipEntry entry, int limit) throws IOException {
        long size = entry.getSize();
        if (size < 0 || size > limit) {
            throw Unreadable.tooLarge(
                    PickleVocabulary.shown(entry.getName()) + " of " + size + " bytes", "%,d bytes".formatted(limit));
        }
        take(size, PickleVocabulary.shown(entry.getName()));
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) size);
            if (bytes.length != size || in.read() >= 0) {
                throw new EOFException("not " + size + " bytes");
            }
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        } catch (ZipException | EOFException e) {
            throw Unreadable.damaged(
                            "a damaged " + PickleVocabulary.shown(entry.getName()) + " (" + e.getMessage() + ")")
                    .causedBy(e);
        }
    }

    /** Counts what is read and copied, which stays in proportion to the file. */
    private void take(long bytes, String what) {
        if (bytes > budget) {
            throw Unreadable.tooLarge(what + " of " + bytes + " bytes", "%,d bytes".formatted(budget));
        }
        budget -= bytes;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
