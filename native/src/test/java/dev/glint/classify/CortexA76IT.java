package dev.glint.classify;

/** On a Cortex-A76, the processor of a Raspberry Pi 5; that of a Jetson Orin, a Cortex-A78, is its successor. */
class CortexA76IT extends BoardContract {
    CortexA76IT() {
        super("cortex-a76");
    }
}
