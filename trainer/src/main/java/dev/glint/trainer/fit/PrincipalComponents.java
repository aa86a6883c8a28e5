package dev.glint.trainer.fit;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The eigenvectors of a covariance matrix, those of the largest variance first.
 *
 * @param variances eigenvalues
 * @param vectors row i is the eigenvector of {@code variances[i]}, of length 1
 */
record PrincipalComponents(double[] variances, double[][] vectors) {
    private static final int SWEEPS = 60;

    /**
     * Decomposes a matrix by cyclic Jacobi rotations (Golub and Van Loan, "Matrix Computations", 8.5).
     *
     * @param symmetric n x n; left as it is
     */
    static PrincipalComponents decompose(double[][] symmetric) {
        int n = symmetric.length;
        double[][] a = new double[n][];
        double[][] vectors = new double[n][n];
        for (int i = 0; i < n; i++) {
            a[i] = symmetric[i].clone();
            vectors[i][i] = 1;
        }
        for (int sweep = 0; sweep < SWEEPS && offDiagonal(a) > 1e-22 * trace(a) * trace(a); sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, vectors, p, q);
                }
            }
        }
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -a[i][i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] variances = new double[n];
        double[][] sorted = new double[n][];
        for (int i = 0; i < n; i++) {
            variances[i] = a[order[i]][order[i]];
            sorted[i] = vectors[order[i]];
        }
        return new PrincipalComponents(variances, sorted);
    }

    /** Makes {@code a[p][q]} 0; the rows of {@code vectors} turn with it. */
    private static void rotate(double[][] a, double[][] vectors, int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
        double c = 1 / Math.sqrt(1 + t * t);
        double s = t * c;
        for (int k = 0; k < a.length; k++) {
            double kp = a[k][p];
            double kq = a[k][q];
            a[k][p] = c * kp - s * kq;
            a[k][q] = s * kp + c * kq;
        }
        for (int k = 0; k < a.length; k++) {
            double pk = a[p][k];
            double qk = a[q][k];
            a[p][k] = c * pk - s * qk;
            a[q][k] = s * pk + c * qk;
            double vp = vectors[p][k];
            double vq = vectors[q][k];
            vectors[p][k] = c * vp - s * vq;
            vectors[q][k] = s * vp + c * vq;
        }
    }

    private static double offDiagonal(double[][] a) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                sum += a[i][j] * a[i][j];
            }
        }
        return sum;
    }

    private static double trace(double[][] a) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i][i]).sum();
    }
}
