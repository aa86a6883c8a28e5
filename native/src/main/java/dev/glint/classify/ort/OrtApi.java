package dev.glint.classify.ort;

import dev.glint.classify.ort.OrtFunctions.GetNumber;
import dev.glint.classify.ort.OrtFunctions.GetText;
import dev.glint.classify.ort.OrtFunctions.Release;
import dev.glint.runtime.contract.ElementType;
import org.graalvm.nativeimage.StackValue;
import org.graalvm.nativeimage.c.function.CFunctionPointer;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.nativeimage.c.type.CCharPointerPointer;
import org.graalvm.nativeimage.c.type.CIntPointer;
import org.graalvm.nativeimage.c.type.CLongPointer;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.nativeimage.c.type.CTypeConversion.CCharPointerHolder;
import org.graalvm.nativeimage.c.type.WordPointer;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;

/** The table of functions of a loaded ONNX Runtime, each as a method. What the methods create is freed with {@link #release}. */
final class OrtApi {
    private static final int ARENA_ALLOCATOR = 1;
    private static final int DEFAULT_MEMORY = 0;
    private static final int FLOATS = 1;
    private static final int BYTES = 2;

    private final WordPointer table;

    OrtApi(WordPointer table) {
        this.table = table;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // The place says which type it is.
    private <T extends CFunctionPointer> T function(int place) {
        return table.read(place);
    }

    /** A text of ours as C has it, for the length of a call. */
    private static CCharPointerHolder text(String text) {
        return CTypeConversion.toCString(text);
    }

    private void check(PointerBase status) throws OrtFailure {
        if (status.isNull()) {
            return;
        }
        GetNumber code = function(OrtFunctions.GET_ERROR_CODE);
        GetText message = function(OrtFunctions.GET_ERROR_MESSAGE);
        OrtFailure failure = new OrtFailure(code.invoke(status), CTypeConversion.toJavaString(message.invoke(status)));
        release(OrtFunctions.RELEASE_STATUS, status);
        throw failure;
    }

    /** Frees what a method created, by the function for its kind. */
    void release(int place, PointerBase object) {
        Release release = function(place);
        release.invoke(object);
    }

    PointerBase createEnvironment(int logLevel, String name) throws OrtFailure {
        WordPointer created = StackValue.get(WordPointer.class);
        OrtFunctions.CreateEnv create = function(OrtFunctions.CREATE_ENV);
        try (CCharPointerHolder text = text(name)) {
            check(create.invoke(logLevel, text.get(), created));
        }
        return created.read();
    }

    /** Something with defaults for all it is made of: options of a session or a provider. */
    PointerBase create(int place) throws OrtFailure {
        WordPointer created = StackValue.get(WordPointer.class);
        OrtFunctions.Create create = function(place);
        check(create.invoke(created));
        return created.read();
    }

    void setNumber(int place, PointerBase options, int value) throws OrtFailure {
        OrtFunctions.SetNumber set = function(place);
        check(set.invoke(options, value));
    }

    void setText(int place, PointerBase options, String value) throws OrtFailure {
        OrtFunctions.SetText set = function(place);
        try (CCharPointerHolder text = text(value)) {
            check(set.invoke(options, text.get()));
        }
    }

    /** An entry of onnxruntime_session_options_config_keys.h. */
    void addEntry(PointerBase options, String key, String value) throws OrtFailure {
        OrtFunctions.AddEntry add = function(OrtFunctions.ADD_SESSION_CONFIG_ENTRY);
        try (CCharPointerHolder keyText = text(key);
                CCharPointerHolder valueText = text(value)) {
            check(add.invoke(options, keyText.get(), valueText.get()));
        }
    }

    PointerBase createSession(PointerBase environment, String file, PointerBase options) throws OrtFailure {
        WordPointer created = StackValue.get(WordPointer.class);
        OrtFunctions.CreateSession create = function(OrtFunctions.CREATE_SESSION);
        try (CCharPointerHolder text = text(file)) {
            check(create.invoke(environment, text.get(), options, created));
        }
        return created.read();
    }

    /** A session over a model in memory, which stays the caller's. */
    PointerBase createSession(PointerBase environment, PointerBase model, long bytes, PointerBase options)
            throws OrtFailure {
        WordPointer created = StackValue.get(WordPointer.class);
        OrtFunctions.CreateSessionFromArray create = function(OrtFunctions.CREATE_SESSION_FROM_ARRAY);
        check(create.invoke(environment, model, WordFactory.unsigned(bytes), options, created));
        return created.read();
    }

    /** Where tensors over memory of the processor are said to lie. */
    PointerBase createMemoryInfo() throws OrtFailure {
        WordPointer created = StackValue.get(WordPointer.class);
        OrtFunctions.CreateMemoryInfo create = function(OrtFunctions.CREATE_CPU_MEMORY_INFO);
        check(create.invoke(ARENA_ALLOCATOR, DEFAULT_MEMORY, created));
        return created.read();
    }

    /** A tensor of floats or bytes over memory that stays the caller's, who frees it later than the tensor. */
    PointerBase createTensor(PointerBase memory, PointerBase data, long bytes, ElementType type, long... shape)
            throws OrtFailure {
        WordPointer created = StackValue.get(WordPointer.class);
        CLongPointer sizes = StackValue.get(4, CLongPointer.class);
        for (int i = 0; i < shape.length; i++) {
            sizes.write(i, shape[i]);
        }
        OrtFunctions.CreateTensor create = function(OrtFunctions.CREATE_TENSOR_WITH_DATA);
        check(create.invoke(
                memory,
                data,
                WordFactory.unsigned(bytes),
                sizes,
                WordFactory.unsigned(shape.length),
                type == ElementType.UINT8 ? BYTES : FLOATS,
                created));
        return created.read();
    }

    /** Runs a session from one tensor into another. */
    void run(
            PointerBase session, CCharPointer inputName, PointerBase input, CCharPointer outputName, PointerBase output)
            throws OrtFailure {
        CCharPointerPointer inputNames = StackValue.get(CCharPointerPointer.class);
        CCharPointerPointer outputNames = StackValue.get(CCharPointerPointer.class);
        WordPointer inputs = StackValue.get(WordPointer.class);
        WordPointer outputs = StackValue.get(WordPointer.class);
        inputNames.write(inputName);
        outputNames.write(outputName);
        inputs.write(input);
        outputs.write(output);
        OrtFunctions.Run run = function(OrtFunctions.RUN);
        check(run.invoke(
                session,
                WordFactory.nullPointer(),
                inputNames,
                inputs,
                WordFactory.unsigned(1),
                outputNames,
                WordFactory.unsigned(1),
                outputs));
    }

    /** The providers that this build has, by ONNX Runtime's names, the preferred one first. */
    String[] availableProviders() throws OrtFailure {
        WordPointer names = StackValue.get(WordPointer.class);
        CIntPointer count = StackValue.get(CIntPointer.class);
        OrtFunctions.GetNames get = function(OrtFunctions.GET_AVAILABLE_PROVIDERS);
        check(get.invoke(names, count));
        CCharPointerPointer found = names.read();
        String[] providers = new String[count.read()];
        for (int i = 0; i < providers.length; i++) {
            providers[i] = CTypeConversion.toJavaString(found.read(i));
        }
        OrtFunctions.ReleaseNames release = function(OrtFunctions.RELEASE_AVAILABLE_PROVIDERS);
        check(release.invoke(found, providers.length));
        return providers;
    }

    /** Lets a session use a provider that has options of its own; with their defaults. */
    void appendProvider(int create, int append, int release, PointerBase options) throws OrtFailure {
        PointerBase providerOptions = create(create);
        try {
            OrtFunctions.Append function = function(append);
            check(function.invoke(options, providerOptions));
        } finally {
            release(release, providerOptions);
        }
    }

    /** Lets a session use a provider by its name. */
    void appendProvider(PointerBase options, String name) throws OrtFailure {
        OrtFunctions.AppendNamed append = function(OrtFunctions.APPEND_PROVIDER);
        try (CCharPointerHolder text = text(name)) {
            check(append.invoke(
                    options, text.get(), WordFactory.nullPointer(), WordFactory.nullPointer(), WordFactory.zero()));
        }
    }
}
