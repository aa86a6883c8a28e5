package dev.glint.classify;

import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a server from starting. That it starts and ends is tried as a process. */
class ServeCommandTest {
    @TempDir
    private Path folder;

    private static Run serve(Path model, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "serve";
        arguments[1] = "--model";
        arguments[2] = model.toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return ClassifyTest.inThisProcess(Map.of(), new byte[0], arguments);
    }

    @Test
    void anAddressThatIsNoneIsMisuse() throws IOException {
        Path model = TinyModel.write(folder.resolve("m.onnx"));

        serve(model, "--listen", "nowhere").assertFails(2, "found --listen nowhere, expected an address");
        serve(model, "--allow-host", "a.example", "--allow-host", "b:80")
                .assertFails(2, "found --allow-host b:80, expected");
        serve(model, "--workers", "-1").assertFails(2, "found --workers -1, expected 1 to 256");
    }

    @Test
    void aBrokenModelIsNamed() throws IOException {
        Path model = Files.writeString(folder.resolve("m.onnx"), "text");

        serve(model, "--listen", "127.0.0.1:0").assertFails(4, model + ": found ");
        serve(folder.resolve("none.onnx"), "--listen", "127.0.0.1:0")
                .assertFails(4, folder.resolve("none.onnx") + ": found no such file");
    }

    @Test
    void anAddressThatIsTakenIsNamed() throws IOException {
        Path model = TinyModel.write(folder.resolve("m.onnx"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            serve(model, "--listen", address).assertFails(3, address + ": found an address that cannot be listened to");
        }
    }
}
