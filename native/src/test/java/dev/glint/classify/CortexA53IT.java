package dev.glint.classify;

/** On a Cortex-A53, the processor of a Raspberry Pi 3 and of many small boards. */
class CortexA53IT extends BoardContract {
    CortexA53IT() {
        super("cortex-a53");
    }
}
