/**
 * Signed models: OpenSSF Model Signing with a key (OMS 1.0), an in-toto statement in a DSSE envelope in a Sigstore bundle, verified by
 * what the JDK has.
 */
@NullMarked
package dev.glint.runtime.trust;

import org.jspecify.annotations.NullMarked;
