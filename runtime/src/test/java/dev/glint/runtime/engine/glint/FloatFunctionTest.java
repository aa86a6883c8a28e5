package dev.glint.runtime.engine.glint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.engine.glint.FloatFunction.Chain;
import dev.glint.runtime.engine.glint.FloatFunction.Clamp;
import dev.glint.runtime.engine.glint.FloatFunction.HardSigmoid;
import dev.glint.runtime.engine.glint.FloatFunction.HardSwish;
import dev.glint.runtime.engine.glint.FloatFunction.Identity;
import dev.glint.runtime.engine.glint.FloatFunction.LeakyRelu;
import dev.glint.runtime.engine.glint.FloatFunction.Over;
import dev.glint.runtime.engine.glint.FloatFunction.Plus;
import dev.glint.runtime.engine.glint.FloatFunction.Product;
import dev.glint.runtime.engine.glint.FloatFunction.Sigmoid;
import dev.glint.runtime.engine.glint.FloatFunction.Sum;
import dev.glint.runtime.engine.glint.FloatFunction.Tanh;
import dev.glint.runtime.engine.glint.FloatFunction.Times;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FloatFunctionTest {
    private static final Identity X = new Identity();

    static Stream<Arguments> functions() {
        return Stream.of(
                values(X, -4, -1, 0, 0.5, 4),
                values(new Clamp(-1.5f, 0.25f), -1.5, -1, 0, 0.25, 0.25),
                values(new Plus(2), -2, 1, 2, 2.5, 6),
                values(new Times(-3), 12, 3, 0, -1.5, -12),
                values(new Over(4), -1, -0.25, 0, 0.125, 1),
                values(new HardSigmoid(0.25f, 0.5f), 0, 0.25, 0.5, 0.625, 1),
                values(new HardSwish(), 0, -1 / 3.0, 0, 0.5 * 3.5 / 6, 4),
                values(new Sigmoid(), 0.01798621, 0.26894142, 0.5, 0.62245933, 0.98201379),
                values(new Tanh(), -0.99932930, -0.76159416, 0, 0.46211716, 0.99932930),
                values(new LeakyRelu(0.125f), -0.5, -0.125, 0, 0.5, 4),
                values(new Chain(new Plus(1), new Times(2)), -6, 0, 2, 3, 10),
                values(new Product(new Plus(1), new Times(2)), 24, 0, 0, 1.5, 40),
                values(new Sum(new Plus(1), new Times(2)), -11, -2, 1, 2.5, 13));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void asDefined(FloatFunction function, double[] expected) {
        float[] given = {-4, -1, 0, 0.5f, 4};
        double[] values = new double[given.length];
        for (int i = 0; i < given.length; i++) {
            values[i] = function.apply(given[i]);
        }
        assertArrayEquals(expected, values, 1e-7);
    }

    /** Tables of a function that grows without end would take time without end. */
    @Test
    void functionsThatAreComputedAreCounted() {
        Chain two = new Chain(new Plus(1), new Tanh());

        assertEquals(1, new Tanh().size());
        assertEquals(2, two.size());
        assertEquals(3, new Chain(two, new Tanh()).size());
        assertEquals(3, new Product(X, two).size());
        assertEquals(3, new Sum(two, X).size());
        assertEquals(5, new Product(new Sum(X, two), new Chain(X, X)).size());
    }

    @Test
    void theValueAsItIsAddsNothing() {
        assertEquals(new Tanh(), X.then(new Tanh()));
        assertEquals(new Chain(new Tanh(), new Plus(1)), new Tanh().then(new Plus(1)));
    }

    @Test
    void aValueTimesItsHardSigmoidIsTheHardSwish() {
        FloatFunction steps = new Plus(3).then(new Clamp(0, 6)).then(new Over(6));
        FloatFunction sigmoid = new HardSigmoid(1 / 6f, 0.5f);
        for (FloatFunction hard : new FloatFunction[] {steps, sigmoid}) {
            assertEquals(new HardSwish(), X.times(hard));
            assertEquals(new HardSwish(), hard.times(X));
            assertEquals(new Product(new Tanh(), hard), new Tanh().times(hard));
            assertEquals(new Product(hard, new Tanh()), hard.times(new Tanh()));
        }
        assertEquals(new Product(X, new HardSigmoid(0.2f, 0.5f)), X.times(new HardSigmoid(0.2f, 0.5f)));
        assertEquals(new Product(X, X), X.times(X));
    }

    private static Arguments values(FloatFunction function, double... expected) {
        return Arguments.of(function, expected);
    }
}
