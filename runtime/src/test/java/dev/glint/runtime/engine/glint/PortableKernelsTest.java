package dev.glint.runtime.engine.glint;

import dev.glint.runtime.testing.KernelsContract;

/** The loops in plain Java. */
class PortableKernelsTest extends KernelsContract {
    @Override
    protected Kernels kernels() {
        return new PortableKernels();
    }
}
