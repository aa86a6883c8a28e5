package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PrincipalComponentsTest {
    @Test
    void takesASymmetricMatrixApart() {
        int n = 27;
        Random random = new Random(1);
        double[][] matrix = new double[n][n];
        for (int k = 0; k < 40; k++) {
            double[] sample = random.doubles(n).toArray();
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    matrix[i][j] += sample[i] * sample[j];
                }
            }
        }
        PrincipalComponents components = PrincipalComponents.decompose(matrix);
        for (int i = 0; i < n; i++) {
            assertTrue(i == 0 || components.variances()[i] <= components.variances()[i - 1]);
            for (int j = 0; j < n; j++) {
                double product = 0;
                double image = 0;
                for (int k = 0; k < n; k++) {
                    product += components.vectors()[i][k] * components.vectors()[j][k];
                    image += matrix[j][k] * components.vectors()[i][k];
                }
                assertEquals(i == j ? 1 : 0, product, 1e-12, "orthonormal");
                assertEquals(components.variances()[i] * components.vectors()[i][j], image, 1e-10, "an eigenvector");
            }
        }
    }

    @Test
    void takesWhatHasNoVariance() {
        PrincipalComponents components = PrincipalComponents.decompose(new double[][] {{0, 0}, {0, 0}});
        assertEquals(0, components.variances()[0]);
        assertEquals(1, components.vectors()[0][0]);
    }
}
