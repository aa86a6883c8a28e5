/** The preprocessing contract, its executor and the classifier: everything that decides what a picture becomes and what the model says of it. */
@NullMarked
package dev.glint.runtime;

import org.jspecify.annotations.NullMarked;
