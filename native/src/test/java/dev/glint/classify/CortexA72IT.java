package dev.glint.classify;

/** On a Cortex-A72, the processor of a Raspberry Pi 4. */
class CortexA72IT extends BoardContract {
    CortexA72IT() {
        super("cortex-a72");
    }
}
