package dev.glint.classify.serve;

import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.onnx.OnnxFile;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** ONNX Runtime, but no picture gets through while its gate is shut, and sessions are counted. */
final class GatedEngine implements Engine {
    private static final int ALL = 1_000_000;

    private final Engine engine = new OnnxRuntimeEngine();
    private final Semaphore gate = new Semaphore(ALL);
    private final Semaphore arrived = new Semaphore(0);
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile boolean failing;

    /** From now on pictures stay where they are. */
    void shut() {
        arrived.drainPermits();
        gate.drainPermits();
    }

    /** Waits until as many pictures stand before the gate or went through it since it was shut. */
    void awaitArrived(int pictures) throws InterruptedException {
        arrived.acquire(pictures);
    }

    /** Lets all through. */
    void open() {
        gate.release(ALL);
    }

    /** From now on the model has no answer to any picture. */
    void fail() {
        failing = true;
    }

    /** Sessions that are open. */
    int sessions() {
        return sessions.get();
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public Optional<String> refusal(OnnxFile onnx, Signature signature) {
        return engine.refusal(onnx, signature);
    }

    @Override
    public Session open(Path file, OnnxFile onnx, Signature signature, EngineOptions options) {
        Session session = engine.open(file, onnx, signature, options);
        sessions.incrementAndGet();
        return new Session() {
            @Override
            public Binding bind(int batch) {
                return gated(session.bind(batch), file);
            }

            @Override
            public void close() {
                session.close();
                sessions.decrementAndGet();
            }
        };
    }

    private Binding gated(Binding binding, Path file) {
        return new Binding() {
            @Override
            public FloatBuffer input() {
                return binding.input();
            }

            @Override
            public void run() {
                arrived.release();
                gate.acquireUninterruptibly();
                gate.release();
                if (failing) {
                    throw GlintException.failure(Reason.MODEL, "a failure", "logits", "mend it")
                            .about(file);
                }
                binding.run();
            }

            @Override
            public FloatBuffer output() {
                return binding.output();
            }

            @Override
            public void close() {
                binding.close();
            }
        };
    }
}
