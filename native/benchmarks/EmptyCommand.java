import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The least that a command with picocli can be: the rival of {@code classify --version} and {@code --help}. */
@Command(name = "empty", mixinStandardHelpOptions = true, version = "0", description = "Does nothing.")
public final class EmptyCommand implements Runnable {
    private EmptyCommand() {}

    @Override
    public void run() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new EmptyCommand()).execute(args));
    }
}
